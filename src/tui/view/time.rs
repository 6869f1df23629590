//! Time and units: minutes by line, both unit rules, what is stated against the sum of the parts.

use crate::model::{Line, Minutes, Span, UnitRule};

use super::super::app::{App, OpenNote};
use super::super::theme::Role;
use super::findings::{rule_name, rule_words};
use super::pen::Text;

/// Returns a number, or a dash.
pub(super) fn number(value: Option<u32>) -> String {
    value.map_or_else(|| "-".to_owned(), |n| n.to_string())
}

/// Returns the rows of the dialog.
pub(super) fn time(app: &App, other_first: bool, wide: usize) -> Vec<Text> {
    let Some(open) = &app.open else { return Vec::new() };
    let time = &open.analysis.time;
    let own = time.units.rule;
    let first = if other_first { own.other() } else { own };
    let units_of = &app.settings.units_of;
    let lines = app.current_lines();
    let timed: Vec<_> = lines.iter().filter(|l| l.alive).map(|l| (l.code, l.minutes)).collect();
    let by = |rule: UnitRule| {
        if rule == own {
            lines.iter().filter(|l| l.alive).map(|l| l.units).collect()
        } else {
            units_of.units(rule, &timed)
        }
    };
    let (one, two) = (by(first), by(first.other()));
    let mut rows = vec![Text::of(
        format!(
            "{:<10} {:>5}  {:<22} {:>7} {:>8} {:>7}",
            "Line",
            "min",
            "from",
            rule_name(first),
            rule_name(first.other()),
            "billed"
        ),
        Role::Faint,
    )];
    let mut alive = 0;
    for line in &lines {
        let (mut a, mut b) = (None, None);
        if line.alive {
            (a, b) = (one.get(alive).copied().flatten(), two.get(alive).copied().flatten());
            alive += 1;
        }
        let analysis: Option<&Line> = open.analysis.lines.iter().find(|l| l.code == line.code);
        let differs =
            analysis.is_some_and(|l| l.billed_units.is_some()) && line.billed != line.units;
        let from: Vec<String> = open
            .analysis
            .segments
            .iter()
            .filter(|segment| segment.minutes.is_some())
            .filter(|s| {
                let draft = app.current_draft();
                crate::review::decide::code_of(s, &draft) == Some(line.code)
            })
            .map(|segment| (segment.index + 1).to_string())
            .collect();
        let from =
            if from.is_empty() { String::new() } else { format!("segment {}", from.join(" ")) };
        let minutes = line.minutes.map_or_else(|| "-".to_owned(), |m| m.to_string());
        rows.push(Text::plain(format!(
            "{:<10} {minutes:>5}  {from:<22} {:>7} {:>8} {:>7} {}",
            format!("{} {}", line.code, line.modifiers.join(" ")),
            number(a),
            number(b),
            number(line.billed),
            if differs { "!" } else { "" }
        )));
    }
    if let Some((count, minutes)) = super::findings::open_minutes(app, open) {
        rows.push(Text::plain(format!(
            "{:<10} {:>5}  {:<22}",
            "open",
            minutes.to_string(),
            format!("{count} segment{}", super::super::app::plural(count))
        )));
    }
    rows.push(Text::blank());
    rows.extend(stated(app, open, wide));
    rows.extend(arithmetic(open, wide));
    rows
}

/// Says what the note states, and how that stands to the sum of its parts.
fn stated(app: &App, open: &OpenNote, wide: usize) -> Vec<Text> {
    let (time, parts) = (&open.analysis.time, timed_parts(app, open));
    let words = |minutes: Minutes, span: Option<Span>| match span {
        Some(span) => {
            let line = open.note.text[..span.start as usize].matches('\n').count() + 1;
            format!("{minutes} min stated, line {line}")
        }
        None => format!("{minutes} min, the sum of the parts; no total is stated"),
    };
    let timed = match (time.timed_minutes, parts) {
        (None, _) => "not stated".to_owned(),
        (Some(minutes), Some(parts)) if time.timed_span.is_some() => {
            let stands = if parts == minutes {
                "equal to the sum of the parts".to_owned()
            } else {
                format!("NOT equal: the parts add up to {parts}")
            };
            format!("{}: {stands}", words(minutes, time.timed_span))
        }
        (Some(minutes), _) => words(minutes, time.timed_span),
    };
    let total = match (time.total_minutes, time.timed_minutes) {
        (None, _) => "not stated".to_owned(),
        (Some(total), Some(timed)) => {
            let stands = if timed <= total { "is not more than" } else { "IS MORE than" };
            format!("{}: {timed} timed {stands} {total}", words(total, time.total_span))
        }
        (Some(total), None) => words(total, time.total_span),
    };
    let mut rows = Text::wrapped(&format!("timed  {timed}"), wide, 7, Role::Plain);
    rows.extend(Text::wrapped(&format!("total  {total}"), wide, 7, Role::Plain));
    rows
}

/// Sums the minutes of lines under timed codes and of what is still open; `None` if one is unknown.
fn timed_parts(app: &App, open: &OpenNote) -> Option<Minutes> {
    let lines = app.current_lines();
    let timed = lines.iter().filter(|l| l.alive && app.settings.units_of.pools(l.code));
    let mut parts = timed.map(|line| line.minutes).collect::<Option<Vec<Minutes>>>()?;
    parts.extend(super::findings::open_minutes(app, open).map(|(_, minutes)| minutes));
    (!parts.is_empty()).then(|| parts.into_iter().sum())
}

/// Says the sums in words, so that they can be checked by eye.
fn arithmetic(open: &OpenNote, wide: usize) -> Vec<Text> {
    let time = &open.analysis.time;
    let mut rows = vec![Text::blank()];
    if let (Some(minutes), Some(units)) = (time.timed_minutes, time.units.total)
        && time.units.rule == UnitRule::Cms
    {
        let whole = minutes.floor();
        let rest = if whole % 15 >= 8 {
            format!("the rest of {} is 8 or more and counts as one", whole % 15)
        } else {
            format!("the rest of {} is less than 8 and counts for nothing", whole % 15)
        };
        let words = format!("{whole} / 15 = {} whole; {rest}: {units} in all.", whole / 15);
        rows.extend(Text::wrapped(&words, wide, 0, Role::Plain));
    }
    let other = time.units_other_rule;
    let units = match other.total {
        Some(1) => "1 unit".to_owned(),
        Some(units) => format!("{units} units"),
        None => "no units known".to_owned(),
    };
    rows.push(Text::plain(format!("{}: {units}.", rule_words(other.rule))));
    for way in &time.alternatives {
        let words: Vec<String> = way.iter().map(|(code, n)| format!("{code} x{n}")).collect();
        rows.push(Text::plain(format!("equally right: {}", words.join(", "))));
    }
    rows
}
