//! The form for a change, drawn.

use ratatui::layout::Rect;

use crate::review::decide::{REASONS, shown_codes};
use crate::review::{Choice, DraftLine};

use super::super::app::{App, ChangeForm, FormFocus};
use super::super::grid;
use super::super::layout;
use super::super::target::Target;
use super::super::theme::Role;
use super::bars::field;
use super::findings::{minutes, quote, sum_words};
use super::pen::{Pen, Text, to_u16};

pub(super) fn draw(app: &App, form: &ChangeForm, area: Rect, pen: &mut Pen<'_>) {
    let Some(open) = &app.open else { return };
    let lines = app.current_lines();
    let alive = lines.iter().filter(|l| l.alive || l.shown.is_some()).count();
    // Heads, segments, table, sum, reasons, comment, button, and blanks between where they fit.
    let narrow = area.width < 70;
    let reason_rows = if narrow { REASONS.len() } else { REASONS.len() / 2 };
    let least = alive + reason_rows + 7 + form.segments.min(4);
    let full = form.segments + alive + reason_rows + 11;
    let box_area = layout::overlay(area, 86, to_u16(full + 2));
    let mut part = pen.part(box_area);
    let inner = part.frame(&format!("Change {}", open.note.key));
    part.part(inner).scrolled(least, |pen| content(app, form, &lines, reason_rows, pen));
}

/// Draws the form and returns the row of its focus.
fn content(
    app: &App,
    form: &ChangeForm,
    lines: &[DraftLine],
    reason_rows: usize,
    pen: &mut Pen<'_>,
) -> usize {
    let Some(open) = &app.open else { return 0 };
    let (wide, high) = (pen.wide(), pen.high());
    let alive = lines.iter().filter(|l| l.alive || l.shown.is_some()).count();
    let spare = high.saturating_sub(alive + reason_rows + 7);
    let mut row = segments(app, form, pen, spare.max(1));
    let mut focus = match form.focus {
        FormFocus::Units(at) | FormFocus::Modifiers(at) | FormFocus::Minutes(at) => row + 1 + at,
        _ => 1,
    };
    row = table(form, lines, pen, row);
    let sum = sum_words(open);
    pen.put(row, 0, &grid::cut(sum.trim_start(), wide), Role::Faint);
    row += 1;
    if high >= row + reason_rows + 6 {
        row += 1;
    }
    if form.focus == FormFocus::Reason {
        focus = row + form.reason_cursor % reason_rows;
    }
    row = reasons(form, pen, row, wide >= 80);
    if high >= row + 5 {
        row += 1;
    }
    comment(form, pen, row, high.saturating_sub(1));
    buttons(pen, high.saturating_sub(1), form);
    match form.focus {
        FormFocus::Comment => row,
        FormFocus::Record | FormFocus::Cancel => high,
        _ => focus,
    }
}

fn segments(app: &App, form: &ChangeForm, pen: &mut Pen<'_>, room: usize) -> usize {
    let Some(open) = &app.open else { return 0 };
    let focused = form.focus == FormFocus::Segments;
    let draft = app.current_draft();
    let narrow = pen.wide() < 60;
    let head = if narrow {
        format!("{:<8}{:>5}", "yours", "min")
    } else {
        format!("{:<13}{:<10}{:>5}", "suggested", "yours", "min")
    };
    let head = Text::of("Segment", Role::Faint).right(head, Role::Faint);
    pen.text(0, 0, &head);
    let list = &open.analysis.segments;
    let shown = room.min(list.len());
    let first = form.segment.saturating_sub(shown.saturating_sub(1));
    for (at, segment) in list.iter().skip(first).take(shown).enumerate() {
        let here = segment.index == form.segment;
        let suggested: Vec<String> = shown_codes(segment).iter().map(ToString::to_string).collect();
        let suggested = match segment.outcome.reason() {
            Some(reason) => reason.id().to_owned(),
            None => suggested.join("|"),
        };
        let yours = match draft.choice(segment.index) {
            Some(Choice::Code(code)) => format!("{code} *"),
            Some(Choice::NotBillable) => "none *".to_owned(),
            None => segment.code().map_or_else(|| "____".to_owned(), |code| code.to_string()),
        };
        let minutes = minutes(segment.minutes).replace("min", "");
        let right = if narrow {
            format!("{yours:<8}{minutes:>5}")
        } else {
            format!("{suggested:<13}{yours:<10}{minutes:>5}")
        };
        let taken = grid::width(&right) + 6;
        let quoted = quote(&open.note.text, segment.span, pen.wide().saturating_sub(taken));
        let row = Text::of(
            format!("{}{} ", if here { ">" } else { " " }, segment.index + 1),
            Role::Suggestion,
        )
        .and(quoted, if here && focused { Role::Suggestion } else { Role::Plain })
        .right(right, Role::Plain);
        pen.text(at + 1, 0, &row);
        if here && focused {
            pen.reverse(at + 1);
        }
    }
    if shown < list.len() {
        pen.put(0, 8, &format!("{} of {}", form.segment + 1, list.len()), Role::Faint);
    }
    shown + 1
}

fn before(line: &DraftLine) -> String {
    match line.shown {
        Some((minutes, units)) => amounts(minutes, units),
        None => "-".to_owned(),
    }
}

fn amounts(minutes: Option<crate::model::Minutes>, units: Option<u32>) -> String {
    let minutes = minutes.map_or_else(|| "-".to_owned(), |minutes| format!("{minutes} min"));
    units.map_or(minutes.clone(), |units| format!("{minutes} x{units}"))
}

fn table(form: &ChangeForm, lines: &[DraftLine], pen: &mut Pen<'_>, mut row: usize) -> usize {
    pen.put(
        row,
        0,
        &format!(
            "{:<8}{:>4}  {:<7}{:<11}{:<13}{:<12}",
            "Line", "min", "units", "modifiers", "before", "after"
        ),
        Role::Faint,
    );
    row += 1;
    for line in lines.iter().filter(|line| line.alive || line.shown.is_some()) {
        let at = form.lines.iter().position(|code| *code == line.code);
        let minutes = line.minutes.filter(|_| line.alive);
        let minutes = minutes.map_or_else(|| "-".to_owned(), |minutes| minutes.to_string());
        let units = match (line.alive, line.units) {
            (true, Some(units)) => format!("< {units} >"),
            (true, None) => "< - >".to_owned(),
            (false, _) => "-".to_owned(),
        };
        let after = match (line.alive, line.changed()) {
            (false, _) => "gone".to_owned(),
            (true, false) => "same".to_owned(),
            (true, true) => amounts(line.minutes, line.units),
        };
        let star = if line.changed() { "*" } else { "" };
        pen.put(row, 0, &format!("{:<8}{minutes:>4}", line.code.to_string()), Role::Plain);
        let focus = |wanted: fn(usize) -> FormFocus| at.map(wanted) == Some(form.focus);
        let role = |here: bool| if here { Role::Cursor } else { Role::Plain };
        pen.put(row, 14, &units, role(focus(FormFocus::Units)));
        let modifiers = line.modifiers.join(" ");
        let typed_here = focus(FormFocus::Modifiers) || focus(FormFocus::Minutes);
        if typed_here {
            let column = if focus(FormFocus::Minutes) { 8 } else { 21 };
            let end = if focus(FormFocus::Minutes) { 14 } else { 32 };
            let area = Rect { width: end, ..pen.area };
            let mut part = pen.part(area);
            part.put(row, column, &" ".repeat(usize::from(end) - column), Role::Plain);
            field(&mut part, row, column, form.typed.text(), form.typed.cursor(), true);
        } else {
            let words = if modifiers.is_empty() { "________" } else { &modifiers };
            pen.put(row, 21, &grid::cut(words, 10), Role::Plain);
        }
        if let Some(fault) = form.line_fault.as_ref().filter(|_| typed_here) {
            // The reason takes the place of the amounts, beside what it is about.
            pen.put(
                row,
                33,
                &grid::cut(&format!("! {fault}"), pen.wide().saturating_sub(33)),
                Role::Error,
            );
            row += 1;
            continue;
        }
        pen.put(row, 32, &format!("{:<13}{after:<12}{star}", before(line)), Role::Plain);
        if line.alive && line.units != line.rule_units {
            let given = line.rule_units.map_or_else(|| "-".to_owned(), |units| units.to_string());
            pen.put(row, 58, &format!("differs from the rule: {given}"), Role::Suggestion);
        }
        row += 1;
    }
    row
}

fn reasons(form: &ChangeForm, pen: &mut Pen<'_>, row: usize, roomy: bool) -> usize {
    let focused = form.focus == FormFocus::Reason;
    let half = REASONS.len() / 2;
    let second = if pen.wide() >= 60 { pen.wide() * 3 / 5 } else { 0 };
    for ((at, reason), digit) in REASONS.iter().enumerate().zip(1..) {
        let chosen = form.reason == Some(at);
        let sign = if chosen { ">" } else { " " };
        let words = if roomy { reason.words } else { reason.short };
        let text = format!("{sign}[{digit}] {words}");
        let role = match (focused && form.reason_cursor == at, chosen) {
            (true, _) => Role::Cursor,
            (false, true) => Role::Suggestion,
            _ => Role::Plain,
        };
        if second == 0 {
            pen.button(row + at, 0, &text, role, Target::Reason(digit));
        } else {
            let column = if at < half { 0 } else { second };
            let text = grid::cut(&text, if at < half { second - 1 } else { pen.wide() - second });
            pen.button(row + at % half, column, &text, role, Target::Reason(digit));
        }
    }
    row + if second == 0 { REASONS.len() } else { half }
}

fn comment(form: &ChangeForm, pen: &mut Pen<'_>, row: usize, bottom: usize) {
    let focused = form.focus == FormFocus::Comment;
    let role = if focused { Role::Suggestion } else { Role::Plain };
    let start = pen.put(row, 0, "Comment: ", role);
    let room = pen.wide().saturating_sub(start + 1).max(1);
    let text = form.comment.text();
    let rows = grid::wrap(text, room);
    let cursor = form.comment.cursor();
    let on = rows.iter().rposition(|r| r.start <= cursor).unwrap_or_default();
    let high = bottom.saturating_sub(row).max(1);
    let first = (on + 1).saturating_sub(high);
    for (at, line) in rows.iter().skip(first).take(high).enumerate() {
        let here = focused && first + at == on;
        let piece = &text[line.start..line.end];
        let within = cursor.saturating_sub(line.start).min(piece.len());
        field(pen, row + at, start + line.indent, piece, if here { within } else { 0 }, here);
        if !here {
            let end = start + line.indent + grid::width(piece);
            pen.put(row + at, end, " ", Role::Plain);
        }
    }
}

fn buttons(pen: &mut Pen<'_>, row: usize, form: &ChangeForm) {
    let role = |focus| if form.focus == focus { Role::Cursor } else { Role::Suggestion };
    let start = pen.wide().saturating_sub(34) / 2;
    let gap = if pen.wide() < 40 { 2 } else { 6 };
    let mut column = start;
    for (label, focus) in
        [("[ Record change ]", FormFocus::Record), ("[ Cancel ]", FormFocus::Cancel)]
    {
        column = pen.button(row, column, label, role(focus), Target::Form(focus)) + gap;
    }
}
