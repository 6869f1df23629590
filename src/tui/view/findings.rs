//! Findings: segments, why the leading code, warnings, lines; parts shrink from the bottom up.

use crate::model::{
    CueSource, Evidence, Minutes, Outcome, Segment, Severity, Span, Status, UnitRule,
};
use crate::review::{DraftLine, decide::code_of};

use super::super::app::{App, OpenNote, plural};
use super::super::grid;
use super::super::target::Target;
use super::super::theme::Role;
use super::pen::{Pen, Text};

/// How much is said; each step leaves a part in fewer rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Full,
    LinesShort,
    WarningsShort,
    PointsShort,
    ReasonsShort,
    WarningsCounted,
}

const LEVELS: [Level; 6] = [
    Level::Full,
    Level::LinesShort,
    Level::WarningsShort,
    Level::PointsShort,
    Level::ReasonsShort,
    Level::WarningsCounted,
];

/// A part of the pane, laid out anew only at the levels that change it.
struct Part<'a> {
    lay: Box<dyn Fn(Level) -> Vec<Text> + 'a>,
    /// Levels from which on the part takes fewer rows, in their order.
    steps: &'static [Level],
    laid: Option<(Level, Vec<Text>)>,
}

impl<'a> Part<'a> {
    fn new(steps: &'static [Level], lay: impl Fn(Level) -> Vec<Text> + 'a) -> Self {
        Self { lay: Box::new(lay), steps, laid: None }
    }

    /// Returns the rows of the part at a level; levels are asked for in their order.
    fn rows(&mut self, level: Level) -> &[Text] {
        let step = self.steps.iter().rfind(|step| **step <= level).copied().unwrap_or(Level::Full);
        if self.laid.as_ref().is_none_or(|(laid, _)| *laid != step) {
            self.laid = Some((step, (self.lay)(step)));
        }
        self.laid.as_ref().map_or(&[], |(_, rows)| rows)
    }
}

pub(super) fn draw(app: &App, pen: &mut Pen<'_>) {
    let Some(open) = &app.open else { return };
    let (wide, high) = (pen.wide(), pen.high());
    let mut parts = parts(app, open, wide);
    let fitting = LEVELS.into_iter().find(|level| height(&mut parts, *level) <= high);
    let level = fitting.unwrap_or(Level::WarningsCounted);
    let mut rows = joined(&mut parts, level);
    if level == Level::WarningsCounted {
        // Warnings are only counted; as many as there is room for come back.
        let spare = high.saturating_sub(rows.len());
        parts[2] = Part::new(&[Level::WarningsCounted], move |level| {
            warnings(app, open, wide, level, spare)
        });
        let more = joined(&mut parts, level);
        if rows.len() < more.len() && more.len() <= high {
            rows = more;
        }
    }
    pen.rows(&rows, open.findings_top);
}

/// Returns the parts from top to bottom: segments, why, warnings, lines.
fn parts<'a>(app: &'a App, open: &'a OpenNote, wide: usize) -> [Part<'a>; 4] {
    [
        Part::new(&[], move |_| segments(app, open, wide)),
        Part::new(&[Level::PointsShort, Level::ReasonsShort], move |level| {
            let Some(segment) = open.current() else { return Vec::new() };
            let choice = app.current_draft().choice(segment.index);
            why(open, segment, choice, wide, level)
        }),
        Part::new(&[Level::WarningsShort, Level::WarningsCounted], move |level| {
            warnings(app, open, wide, level, 0)
        }),
        Part::new(&[Level::LinesShort], move |level| lines(app, open, wide, level)),
    ]
}

/// Returns whether a blank row stands above a part.
fn gap(part: usize, level: Level, rows: &[Text]) -> bool {
    match part {
        0 => false,
        1 => level < Level::WarningsCounted && !rows.is_empty(),
        2 => level < Level::WarningsCounted,
        _ => level < Level::LinesShort,
    }
}

fn height(parts: &mut [Part<'_>], level: Level) -> usize {
    let own = |(at, part): (usize, &mut Part<'_>)| {
        let rows = part.rows(level);
        rows.len() + usize::from(gap(at, level, rows))
    };
    parts.iter_mut().enumerate().map(own).sum()
}

fn joined(parts: &mut [Part<'_>], level: Level) -> Vec<Text> {
    let mut all = Vec::new();
    for (at, part) in parts.iter_mut().enumerate() {
        let rows = part.rows(level);
        all.extend(gap(at, level, rows).then(Text::blank));
        all.extend_from_slice(rows);
    }
    all
}

/// Returns minutes as a cell: `12min`, or a dash.
pub(super) fn minutes(value: Option<Minutes>) -> String {
    value.map_or_else(|| "-".to_owned(), |minutes| format!("{minutes}min"))
}

fn segments(app: &App, open: &OpenNote, wide: usize) -> Vec<Text> {
    let draft = app.current_draft();
    let list = &open.analysis.segments;
    let waiting = list
        .iter()
        .filter(|s| draft.choice(s.index).is_none() && code_of(s, &draft).is_none())
        .count();
    let right = if waiting > 0 { format!("{waiting} open") } else { "none open".to_owned() };
    let mut rows = vec![
        Text::of(format!(" Segments {}", list.len()), Role::Suggestion).right(right, Role::Plain),
    ];
    if list.is_empty() {
        let words = " No interventions found. i says how the note was read.";
        rows.extend(Text::wrapped(words, wide, 1, Role::Plain));
    }
    for segment in list {
        let here = segment.index == open.segment;
        let sign = if here { ">" } else { " " };
        let (words, role) = outcome(segment, draft.choice(segment.index));
        rows.push(
            Text::of(format!("{sign}{} ", segment.index + 1), Role::Suggestion)
                .and(words, role)
                .right(minutes(segment.minutes), Role::Plain)
                .on_click(Target::Segment(segment.index)),
        );
    }
    rows
}

/// Returns the outcome of a segment in words, or what was chosen for it.
fn outcome(segment: &Segment, choice: Option<crate::review::Choice>) -> (String, Role) {
    let best = segment.codes.first();
    if let Some(choice) = choice {
        let code = choice.code().map_or_else(|| "none".to_owned(), |code| code.to_string());
        let shown = match segment.outcome {
            Outcome::Suggest | Outcome::Other => {
                segment.code().map(|code| format!("was {code}")).unwrap_or_default()
            }
            Outcome::Consider => "was open".to_owned(),
            Outcome::Abstain(reason) => format!("was {}", reason.id()),
        };
        return (format!("{code} yours * {shown}"), Role::Suggestion);
    }
    match segment.outcome {
        Outcome::Suggest | Outcome::Other => best.map_or_else(
            || ("-".to_owned(), Role::Plain),
            |finding| {
                let word = if segment.outcome == Outcome::Suggest { "suggest" } else { "other  " };
                let words =
                    format!("{} {word} {:>3}  lead {}", finding.code, finding.score, finding.lead);
                (words, Role::Plain)
            },
        ),
        Outcome::Consider => {
            let codes: Vec<String> = segment
                .codes
                .iter()
                .filter(|finding| finding.supported)
                .map(|finding| finding.code.to_string())
                .collect();
            let lead = best.map_or(0, |finding| finding.lead);
            (format!("OPEN {}   lead {lead}", codes.join("|")), Role::Suggestion)
        }
        Outcome::Abstain(reason) => {
            (format!("ABSTAIN {} {}", reason.id(), reason.words()), Role::Suggestion)
        }
    }
}

/// Returns a quote of the note in one row.
pub(super) fn quote(text: &str, span: Span, wide: usize) -> String {
    let flat = span.of(text).replace(['\n', '\r', '\t'], " ");
    format!("\"{}\"", grid::cut(flat.trim(), wide.saturating_sub(2)))
}

/// Returns what the status of a piece of evidence rests on.
pub(super) fn because(text: &str, evidence: &Evidence, wide: usize) -> String {
    match &evidence.cue {
        Some(cue) if cue.source == CueSource::Section => {
            let words = cue.span.of(text).trim().trim_end_matches(':').to_owned();
            format!("heading {}", grid::cut(&words, wide.saturating_sub(8)))
        }
        Some(cue) => quote(text, cue.span, wide),
        None => String::new(),
    }
}

fn why(
    open: &OpenNote,
    segment: &Segment,
    choice: Option<crate::review::Choice>,
    wide: usize,
    level: Level,
) -> Vec<Text> {
    let text = &open.note.text;
    let number = segment.index + 1;
    let chosen = choice.and_then(crate::review::Choice::code);
    let chosen = segment.codes.iter().find(|finding| Some(finding.code) == chosen);
    let Some(best) = chosen.or(segment.codes.first()) else {
        let mut rows = vec![Text::of(format!(" Segment {number}"), Role::Suggestion)];
        if let Outcome::Abstain(reason) = segment.outcome {
            rows.extend(Text::wrapped(&format!(" {}", reason.words()), wide, 1, Role::Plain));
        }
        rows.extend(asks(segment, wide, level));
        return rows;
    };
    let mut rows = vec![
        Text::of(format!(" Segment {number} why {}", best.code), Role::Suggestion)
            .right(best.score.to_string(), Role::Suggestion),
    ];
    let short = level >= Level::PointsShort;
    for evidence in best.evidence.iter().filter(|evidence| evidence.points != 0) {
        let head = format!(" {:+} {}", evidence.points, evidence.name);
        let quoted = quote(text, evidence.span, wide.saturating_sub(4));
        let one = format!("{head} {quoted}");
        let status = evidence.status;
        let cue = because(text, evidence, wide.saturating_sub(12));
        if short || (grid::width(&one) <= wide && cue.is_empty()) {
            rows.push(Text::plain(one));
            continue;
        }
        rows.push(Text::plain(head));
        let told = if status == Status::Unstated { "" } else { status.as_str() };
        let second = format!("    {quoted} {told}");
        if grid::width(&second) <= wide {
            rows.push(Text::plain(second.trim_end()));
        } else {
            rows.push(Text::plain(format!("    {quoted}")));
            rows.push(Text::plain(format!("    {told}")));
        }
        if !cue.is_empty() {
            rows.push(Text::of(format!("    because {cue}"), Role::Faint));
        }
    }
    rows.extend(asks(segment, wide, level));
    let others = segment.codes.iter().filter(|finding| finding.code != best.code);
    for other in others.filter(|finding| !finding.why_not.is_empty()) {
        let words = format!(" not {} ({}): {}", other.code, other.score, other.why_not.join("; "));
        if level >= Level::ReasonsShort {
            // In one row the beginning must not take the place of what is missing.
            let words = words.replace("needed and not found: ", "lacks ");
            rows.push(Text::of(grid::cut(&words, wide), Role::Faint));
        } else {
            rows.extend(Text::wrapped(&words, wide, 4, Role::Faint));
        }
    }
    rows
}

fn asks(segment: &Segment, wide: usize, level: Level) -> Vec<Text> {
    let Some(ask) = &segment.ask else { return Vec::new() };
    let words = format!(" Ask: {ask}");
    if level >= Level::ReasonsShort {
        vec![Text::plain(grid::cut(&words, wide))]
    } else {
        Text::wrapped(&words, wide, 4, Role::Plain)
    }
}

fn warnings(app: &App, open: &OpenNote, wide: usize, level: Level, spare: usize) -> Vec<Text> {
    let count = |severity| open.count(severity);
    let (errors, vague, info) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let mut counts = Vec::new();
    for (number, sign) in [(errors, '!'), (vague, '?'), (info, 'i')] {
        if number > 0 {
            counts.push(format!("{number} {sign}"));
        }
    }
    let right = if counts.is_empty() { "none".to_owned() } else { counts.join("  ") };
    let mut rows = vec![Text::of(" Warnings", Role::Suggestion).right(right, Role::Plain)];
    if level >= Level::WarningsCounted {
        if open.warning.is_none() && spare == 0 {
            return rows;
        }
        if open.warning.is_some() && spare == 0 {
            rows.clear();
        }
    }
    let first = open.warning.unwrap_or_default().saturating_sub(spare.saturating_sub(1));
    for (at, place) in open.order.iter().enumerate() {
        let Some(warning) = open.analysis.warnings.get(*place) else { continue };
        let here = open.warning == Some(at);
        let room = at >= first && at < first + spare;
        if level >= Level::WarningsCounted && !here && !room {
            continue;
        }
        let hidden = if app.is_suppressed(&warning.rule) { "(hidden) " } else { "" };
        let words = format!(
            "{}{} {} {hidden}{}",
            if here { ">" } else { " " },
            warning.severity.sign(),
            warning.rule,
            warning.message
        );
        let role = match warning.severity {
            _ if !hidden.is_empty() => Role::Faint,
            Severity::Error => Role::Suggestion,
            _ => Role::Plain,
        };
        let line = warning.span.map(|span| {
            let upto = open.note.text.get(..span.start as usize).unwrap_or_default();
            format!("l.{}", upto.matches('\n').count() + 1)
        });
        let mut own = if level >= Level::WarningsShort {
            vec![Text::of(words, role)]
        } else {
            Text::wrapped(&words, wide, 3, role)
        };
        if let (Some(line), Some(last)) = (line, own.last_mut()) {
            let used: usize = last.left.iter().map(|(words, _)| grid::width(words)).sum();
            if level >= Level::WarningsShort || used + line.len() < wide {
                last.right = Some((line, Role::Faint));
            } else {
                own.push(Text::blank().right(line, Role::Faint));
            }
        }
        rows.extend(own.into_iter().map(|row| row.on_click(Target::Warning(at))));
    }
    rows
}

fn lines(app: &App, open: &OpenNote, wide: usize, level: Level) -> Vec<Text> {
    let lines: Vec<DraftLine> = app.current_lines();
    let rule = open.analysis.time.units.rule;
    let mut rows = Vec::new();
    let number = |value: Option<u32>| value.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let open_minutes = open_minutes(app, open);
    let billed_any = lines.iter().any(|line| line.billed.is_some());
    let differs = |line: &DraftLine| billed_any && line.billed != line.units.filter(|_| line.alive);
    if level < Level::LinesShort {
        rows.push(Text::of(
            format!(" {:<11} {:>5} {:>5} {:>7}", "Lines", "min", rule_name(rule), "billed"),
            Role::Suggestion,
        ));
        for line in &lines {
            let star = if line.changed() { "*" } else { "" };
            let name = format!("{} {}{star}", line.code, line.modifiers.join(" "));
            let sign = if differs(line) { "  !" } else { "" };
            let minutes = line.minutes.map_or_else(|| "-".to_owned(), |m| m.to_string());
            rows.push(Text::plain(format!(
                " {:<11} {minutes:>5} {:>5} {:>7}{sign}",
                grid::cut(&name, 11),
                number(line.units.filter(|_| line.alive)),
                number(line.billed)
            )));
        }
        if let Some((_, minutes)) = &open_minutes {
            rows.push(Text::plain(format!(
                " {:<11} {:>5} {:>5} {:>7}",
                "open",
                minutes.to_string(),
                ".",
                "."
            )));
        }
    } else {
        let mut cells: Vec<String> = lines
            .iter()
            .map(|line| {
                let minutes = line.minutes.map_or_else(|| "-".to_owned(), |m| m.to_string());
                let units = number(line.units.filter(|_| line.alive));
                let sign = if differs(line) { " !" } else { "" };
                format!("{} {minutes} x{units}{sign}", line.code)
            })
            .collect();
        cells.extend(open_minutes.as_ref().map(|(_, minutes)| format!("open {minutes} min")));
        rows.push(Text::of(" Lines", Role::Suggestion).right("min, units", Role::Faint));
        rows.extend(packed(&cells, wide));
    }
    if level < Level::LinesShort {
        rows.extend(Text::wrapped(&sum_words(open), wide, 1, Role::Plain));
    } else {
        rows.push(Text::plain(short_sum(open)));
    }
    rows
}

/// Returns the sum in one short row.
fn short_sum(open: &OpenNote) -> String {
    let time = &open.analysis.time;
    let (Some(minutes), Some(units)) = (time.timed_minutes, time.units.total) else {
        return " No timed minutes are stated.".to_owned();
    };
    let rest = match time.units_other_rule.total {
        other if other == Some(units) => ", both rules".to_owned(),
        Some(other) => format!(", {} {other}", rule_name(time.units_other_rule.rule)),
        None => String::new(),
    };
    format!(" {minutes} timed min = {units} unit{}{rest}", plural(units as usize))
}

/// Puts short cells side by side, as many as fit in a row.
fn packed(cells: &[String], wide: usize) -> Vec<Text> {
    let mut rows: Vec<String> = Vec::new();
    for cell in cells {
        match rows.last_mut() {
            Some(row) if grid::width(row) + 3 + grid::width(cell) <= wide => {
                row.push_str(" | ");
                row.push_str(cell);
            }
            _ => rows.push(format!(" {cell}")),
        }
    }
    rows.into_iter().map(Text::plain).collect()
}

/// Returns how many segments have no code yet, and their minutes.
pub(super) fn open_minutes(app: &App, open: &OpenNote) -> Option<(usize, Minutes)> {
    let draft = app.current_draft();
    let waiting: Vec<&Segment> = open
        .analysis
        .segments
        .iter()
        .filter(|s| draft.choice(s.index).is_none() && s.code().is_none())
        .collect();
    let minutes: Minutes = waiting.iter().filter_map(|segment| segment.minutes).sum();
    (!waiting.is_empty()).then_some((waiting.len(), minutes))
}

/// Returns the short name of a unit rule for a column.
pub(super) fn rule_name(rule: UnitRule) -> &'static str {
    match rule {
        UnitRule::Cms => "CMS",
        UnitRule::PerCode => "each",
    }
}

/// Returns the sum in words, with the other rule where it differs.
pub(super) fn sum_words(open: &OpenNote) -> String {
    let time = &open.analysis.time;
    let Some(minutes) = time.timed_minutes else {
        return " No timed minutes are stated.".to_owned();
    };
    let units = |total: Option<u32>| match total {
        Some(units) => format!("{units} unit{}", plural(units as usize)),
        None => "no units known".to_owned(),
    };
    let (own, other) = (time.units, time.units_other_rule);
    let rest = if own.total == other.total {
        format!("; same {}", rule_words(other.rule))
    } else {
        format!("; {} {}", units(other.total), rule_words(other.rule))
    };
    format!(" {minutes} timed min = {} {}{rest}", units(own.total), rule_words(own.rule))
}

pub(super) fn rule_words(rule: UnitRule) -> &'static str {
    match rule {
        UnitRule::Cms => "pooled (CMS)",
        UnitRule::PerCode => "per code",
    }
}
