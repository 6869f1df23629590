//! Dialogs: time and units, history, about, bulk, menus, quit, and what went wrong.

use ratatui::layout::Rect;
use std::fmt::Write as _;

use crate::model::DecisionKind;
use crate::review::decide::DEFER_REASONS;
use crate::review::row::risk_parts;

use super::super::app::{App, BulkForm, Layer};
use super::super::layout;
use super::super::target::Target;
use super::super::theme::Role;
use super::bars::field;
use super::findings::quote;
use super::pen::{Pen, Text, to_u16};
use super::time::{number, time};

/// Draws a dialog of rows.
pub(super) fn draw(app: &App, layer: &Layer, area: Rect, pen: &mut Pen<'_>) {
    let wide = usize::from(area.width.min(76)).saturating_sub(8);
    let (title, rows, top, cursor) = match layer {
        Layer::Time { other_first, top } => {
            (note_title(app, "Time and units"), time(app, *other_first, wide), *top, None)
        }
        Layer::History { cursor, details } => {
            let (rows, on) = history(app, *cursor, *details, wide);
            (note_title(app, "History"), rows, on.saturating_sub(8), Some(on))
        }
        Layer::About { top } => (note_title(app, "About"), about(app, wide), *top, None),
        Layer::Warning => (note_title(app, "Warning"), warning(app, wide), 0, None),
        Layer::Rule { id, top } => (format!("Rule {id}"), rule(app, id, wide), *top, None),
        Layer::Messages { top } => {
            let rows = app.told.iter().flat_map(|said| Text::wrapped(said, wide, 2, Role::Plain));
            ("Messages of this session".to_owned(), rows.collect(), *top, None)
        }
        Layer::Plain(text) => {
            let rows = text.lines().flat_map(|line| Text::wrapped(line, wide, 0, Role::Plain));
            ("Select by hand".to_owned(), rows.collect(), 0, None)
        }
        Layer::Menu(menu) => {
            let rows = app.menu_items(menu.kind).into_iter().enumerate();
            let rows = rows.map(|(at, words)| {
                Text::plain(format!("{:>2}  {words}", at + 1)).on_click(Target::Row(at))
            });
            (menu.kind.title().to_owned(), rows.collect(), 0, Some(menu.cursor))
        }
        Layer::Defer(cursor) => {
            let rows = DEFER_REASONS.iter().zip(1..).map(|(reason, digit)| {
                Text::plain(format!("[{digit}] {}", reason.words)).on_click(Target::Reason(digit))
            });
            (note_title(app, "Defer"), rows.collect(), 0, Some(*cursor))
        }
        Layer::Bulk(form) => {
            bulk(form, area, pen);
            return;
        }
        Layer::Quit => ("Quit rubric?".to_owned(), quit(app, wide), 0, None),
        Layer::UndoBulk => ("Undo all of them?".to_owned(), undo_bulk(app, wide), 0, None),
        Layer::Blocked => ("Not recorded".to_owned(), blocked(app, wide), 0, None),
        Layer::LeaseLost(problem) => {
            let mut rows = Text::wrapped(&problem.why, wide, 0, Role::Plain);
            rows.extend(Text::wrapped("Nothing you chose or typed is lost.", wide, 0, Role::Plain));
            rows.extend(yours(app, wide));
            rows.push(Text::blank());
            let keys = "s record mine as a second opinion   y copy   o next open note, keep mine";
            rows.extend(Text::wrapped(keys, wide, 0, Role::Suggestion));
            ("Somebody else has this note now".to_owned(), rows, 0, None)
        }
        Layer::Changed => ("The note changed".to_owned(), changed(app, wide), 0, None),
        Layer::Summary => ("No open note is left in this view".to_owned(), summary(app), 0, None),
        _ => return,
    };
    let box_area = layout::overlay(area, 76, to_u16(rows.len() + 2));
    let mut part = pen.part(box_area);
    let inner = part.frame(&title);
    let mut part = part.part(inner);
    // The row under the cursor stays in view, above the row that counts what is not.
    let needed = cursor.map_or(0, |on| (on + 2).saturating_sub(part.high()));
    let top = top.max(needed);
    part.rows(&rows, top);
    if let Some(on) = cursor {
        let top = top.min(rows.len().saturating_sub(part.high()));
        if on >= top {
            part.reverse(on - top);
        }
    }
}

/// Returns the text of a dialog that may be copied: none has words of the note.
pub(in crate::tui) fn dialog_text(app: &App, layer: &Layer) -> String {
    const WIDE: usize = 100;
    let rows = match layer {
        Layer::About { .. } => about(app, WIDE),
        Layer::Rule { id, .. } => rule(app, id, WIDE),
        Layer::Summary => summary(app),
        Layer::Messages { .. } => return app.told.join("\n"),
        _ => return String::new(),
    };
    let line =
        |row: &Text| -> String { row.left.iter().map(|(words, _)| words.as_str()).collect() };
    rows.iter().map(line).collect::<Vec<String>>().join("\n")
}

fn note_title(app: &App, name: &str) -> String {
    app.open.as_ref().map_or_else(|| name.to_owned(), |open| format!("{name}  {}", open.note.key))
}

fn history(app: &App, cursor: usize, details: bool, wide: usize) -> (Vec<Text>, usize) {
    let Some(open) = &app.open else { return (Vec::new(), 0) };
    if open.history.is_empty() {
        return (vec![Text::plain("Nothing was recorded about this note.")], 0);
    }
    let (mut rows, mut on) = (Vec::new(), 0);
    for (at, entry) in open.history.iter().enumerate() {
        if at == cursor {
            on = rows.len();
        }
        let words = format!(
            "{:>5}  {:<12} {:<8} {:<9} {}",
            entry.seq, entry.when, entry.who, entry.what, entry.short
        );
        rows.push(Text::plain(words).on_click(Target::Row(at)));
        if details && at == cursor {
            for line in &entry.detail {
                rows.extend(Text::wrapped(&format!("       {line}"), wide, 7, Role::Plain));
            }
        }
    }
    (rows, on)
}

fn about(app: &App, wide: usize) -> Vec<Text> {
    let Some(open) = &app.open else { return Vec::new() };
    let (note, analysis) = (&open.note, &open.analysis);
    let meta = &note.meta;
    let or_dash = |value: Option<&str>| value.unwrap_or("-").to_owned();
    let mut rows = Vec::new();
    let mut say = |name: &str, words: String| {
        rows.extend(Text::wrapped(&format!("{name:<13}{words}"), wide, 13, Role::Plain));
    };
    say("Key", note.key.clone());
    say("Source", note.source.clone());
    say("Fingerprint", note.fingerprint.clone());
    say("Discipline", or_dash(analysis.discipline.map(crate::model::Discipline::as_str)));
    say("Payer", analysis.payer.clone());
    say("Setting", analysis.setting.as_str().to_owned());
    say("Date", or_dash(meta.date.as_deref()));
    say("Therapist", or_dash(meta.therapist.as_deref()));
    if let Some(encoding) = &meta.encoding {
        say("Encoding", encoding.clone());
    }
    say("State", open.state.word().to_owned());
    if !app.is_hidden() {
        let parts = risk_parts(analysis);
        let sum: u32 = parts.iter().map(|part| part.1).sum();
        let parts: Vec<String> =
            parts.iter().map(|(words, points)| format!("{points} {words}")).collect();
        say("Risk", format!("{} = {}", sum.min(100), parts.join(", ")));
    }
    say("Program", analysis.versions.program.clone());
    say("Keywords", analysis.versions.keywords.clone());
    say("Payer file", analysis.versions.payer.clone());
    rows
}

fn warning(app: &App, wide: usize) -> Vec<Text> {
    let Some(open) = &app.open else { return Vec::new() };
    let Some(warning) = open.current_warning() else { return Vec::new() };
    let mut rows = vec![Text::of(
        format!("{} {}  {}", warning.severity.sign(), warning.rule, warning.name),
        Role::Suggestion,
    )];
    if let Some(span) = warning.span {
        rows.push(Text::plain(quote(&open.note.text, span, wide)));
    }
    rows.push(Text::blank());
    rows.extend(Text::wrapped(&warning.message, wide, 0, Role::Plain));
    rows.extend(Text::wrapped(&warning.remedy, wide, 0, Role::Plain));
    if !warning.denials.is_empty() {
        rows.push(Text::plain(format!("Denials it invites: {}", warning.denials.join(", "))));
    }
    rows.push(Text::blank());
    rows.push(Text::of("- hides it for this note, with a reason", Role::Faint));
    rows
}

/// Says what a rule looks at, why, and what mends it.
fn rule(app: &App, id: &str, wide: usize) -> Vec<Text> {
    let Some(facts) = app.settings.book.warning(id) else { return Vec::new() };
    let mut rows = vec![Text::of(facts.title.clone(), Role::Suggestion), Text::blank()];
    for (name, words) in facts.parts {
        rows.extend(Text::wrapped(&format!("{name:<9}{words}"), wide, 9, Role::Plain));
    }
    rows
}

fn bulk(form: &BulkForm, area: Rect, pen: &mut Pen<'_>) {
    let mut rows =
        vec![Text::of("Will be recorded", Role::Faint).right("opened by you", Role::Faint)];
    for one in form.ready.values() {
        let opened = if one.opened { "yes" } else { "NO " };
        let warnings = match one.warnings {
            0 => "no warnings".to_owned(),
            n => format!("{n} warning{}", super::super::app::plural(n)),
        };
        rows.push(
            Text::plain(format!(" {:<8} {}", one.entry.note.key, one.lines))
                .right(format!("{opened}  {warnings:<11}"), Role::Plain),
        );
    }
    if form.ready.is_empty() {
        rows.push(Text::plain(if form.waiting.is_empty() { " none" } else { " reading…" }));
    }
    if !form.left.is_empty() {
        rows.push(Text::of("Left out", Role::Faint));
    }
    for left in &form.left {
        let text = Text::plain(format!(" {:<8} {}", left.key, left.why));
        rows.push(if left.hidden { text.right("i takes it in", Role::Faint) } else { text });
    }
    let box_area = layout::overlay(area, 76, to_u16(rows.len() + 6));
    let mut part = pen.part(box_area);
    let title =
        format!("{} marked notes: {} of {}", form.kind.word(), form.ready.len(), form.marked);
    let inner = part.frame(&title);
    let mut part = part.part(inner);
    let high = part.high();
    let list = Rect { height: to_u16(high.saturating_sub(4)), ..part.area };
    part.part(list).rows(&rows, form.top);
    part.rule(high.saturating_sub(4));
    let words = "One undo takes all of them back. The log says: in bulk, and whether you had opened each note.";
    for (at, text) in Text::wrapped(words, part.wide(), 0, Role::Faint).iter().take(2).enumerate() {
        part.text(high.saturating_sub(3) + at, 0, text);
    }
    let bottom = high.saturating_sub(1);
    let column = part.put(bottom, 0, "Type the number of notes to record: ", Role::Suggestion);
    field(&mut part, bottom, column, form.count.text(), form.count.cursor(), true);
}

fn quit(app: &App, wide: usize) -> Vec<Text> {
    let mut rows =
        vec![Text::plain(format!("Recorded in this session: {}.", app.session.recorded()))];
    if let Some(words) = app.unrecorded() {
        rows.extend(Text::wrapped(&format!("Not recorded: {words}."), wide, 0, Role::Suggestion));
        let words = "Codes are kept for next time; a typed comment is not (it is written nowhere but in the log).";
        rows.extend(Text::wrapped(words, wide, 0, Role::Plain));
    }
    rows.push(Text::blank());
    rows.push(Text::of("y quit   n stay", Role::Suggestion));
    let words = "Ctrl-C does not copy here: Esc, then y, does.";
    rows.extend(Text::wrapped(words, wide, 0, Role::Faint));
    rows
}

fn undo_bulk(app: &App, wide: usize) -> Vec<Text> {
    let words = match app.undo.last() {
        Some(crate::review::Undo::Bulk { words, .. }) => words.clone(),
        _ => String::new(),
    };
    let mut rows = Text::wrapped(&format!("Takes back: {words}."), wide, 0, Role::Plain);
    let more = "Each withdrawal is a new entry in the log; nothing is erased.";
    rows.extend(Text::wrapped(more, wide, 0, Role::Plain));
    rows.push(Text::blank());
    rows.push(Text::of("y undo all of them   n keep them", Role::Suggestion));
    rows
}

fn blocked(app: &App, wide: usize) -> Vec<Text> {
    let Some(pending) = &app.pending else { return Vec::new() };
    let mut rows = vec![
        Text::of("Not recorded. The audit log could not be written.", Role::Error),
        Text::blank(),
    ];
    let mut say = |name: &str, words: &str| {
        rows.extend(Text::wrapped(&format!("{name:<9}{words}"), wide, 9, Role::Plain));
    };
    say("What", &pending.words);
    match &pending.problem {
        Some(problem) => {
            say("Why", &problem.why);
            say("Where", &problem.place);
            say("Do", &format!("{} Then press r. Your work is kept here.", problem.remedy));
        }
        None => say("Now", "trying again"),
    }
    rows.push(Text::blank());
    let words = "Nothing recorded earlier is affected. Review is stopped until this is settled.";
    rows.extend(Text::wrapped(words, wide, 0, Role::Plain));
    rows.push(Text::blank());
    let keys = "r try again    y copy what you decided    Ctrl-C quit without recording it";
    rows.extend(Text::wrapped(keys, wide, 0, Role::Suggestion));
    rows
}

fn yours(app: &App, wide: usize) -> Vec<Text> {
    let lines: Vec<String> = app
        .current_lines()
        .iter()
        .filter(|line| line.alive)
        .map(|line| format!("{} x{}", line.code, number(line.units)))
        .collect();
    let form = app.layers.iter().find_map(|layer| match layer {
        Layer::Change(form) => Some(form),
        _ => None,
    });
    let mut words = format!("Yours   {}", lines.join(", "));
    if let Some(form) = form {
        if let Some(reason) = form.reason {
            let _ = write!(words, "   reason {}", reason + 1);
        }
        if !form.comment.text().is_empty() {
            words.push_str("   comment kept");
        }
    }
    Text::wrapped(&words, wide, 8, Role::Plain)
}

fn changed(app: &App, wide: usize) -> Vec<Text> {
    let words =
        "It was edited at its source after you opened it. Nothing can be recorded on the old text.";
    let mut rows = Text::wrapped(words, wide, 0, Role::Plain);
    rows.extend(yours(app, wide));
    rows.push(Text::blank());
    let keys = "r read the new text; what you chose stays where its words are still there";
    rows.extend(Text::wrapped(keys, wide, 2, Role::Suggestion));
    rows.push(Text::of("Esc look at the old text (read only)", Role::Suggestion));
    rows
}

fn summary(app: &App) -> Vec<Text> {
    let kinds =
        [DecisionKind::Accept, DecisionKind::Change, DecisionKind::Query, DecisionKind::Defer];
    let mut rows =
        vec![Text::plain(format!("Decided in this session  {}", app.session.recorded()))];
    for (kind, count) in kinds.into_iter().zip(app.session.kinds) {
        rows.push(Text::plain(format!("  {:<8} {count:>6}", kind.as_str())));
    }
    rows.push(Text::plain(format!("Undone  {:>9}", app.session.undone)));
    rows.push(Text::blank());
    rows.push(Text::of("b board   v views   Esc stay   Ctrl-C quit", Role::Suggestion));
    rows
}
