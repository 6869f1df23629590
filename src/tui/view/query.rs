//! The query to the therapist, drawn.

use ratatui::layout::Rect;

use crate::review::query::{FIXED, TEMPLATES};
use crate::review::wording::Broken;

use super::super::app::{App, QueryFocus, QueryForm};
use super::super::grid;
use super::super::layout;
use super::super::target::Target;
use super::super::theme::Role;
use super::bars::field;
use super::findings::quote;
use super::pen::{Pen, Text, to_u16};

pub(super) fn draw(app: &App, form: &QueryForm, area: Rect, pen: &mut Pen<'_>) {
    let Some(open) = &app.open else { return };
    let title = match form.draft.segment {
        Some(at) => format!("Query to the therapist  {} segment {}", open.note.key, at + 1),
        None => format!("Query to the therapist  {}", open.note.key),
    };
    let broken = form.draft.check(&open.note, form.question.text());
    let full = 15 + form.draft.answers.len() + broken.len() + 2;
    let box_area = layout::overlay(area, 86, to_u16(full));
    let mut part = pen.part(box_area);
    let inner = part.frame(&title);
    let least = 13 + form.draft.answers.len().max(1) + broken.len().max(1);
    part.part(inner).scrolled(least, |pen| content(app, form, &broken, full, pen));
}

/// Draws the query and returns the row of its focus.
fn content(
    app: &App,
    form: &QueryForm,
    broken: &[Broken],
    full: usize,
    pen: &mut Pen<'_>,
) -> usize {
    let Some(open) = &app.open else { return 0 };
    let about = form.draft.segment.and_then(|at| open.analysis.segments.get(at));
    let (wide, high) = (pen.wide(), pen.high());
    let who = open.note.meta.therapist.as_deref().unwrap_or("the therapist");
    let date = open.note.meta.date.as_deref().unwrap_or("no date");
    let line = about.map_or_else(String::new, |segment| format!(", line {}", segment.line));
    pen.text(
        0,
        0,
        &Text::plain(format!("To        {who}"))
            .right(format!("About  {}, {date}{line}", open.note.key), Role::Plain),
    );
    let template = &TEMPLATES[form.draft.template];
    let role = if form.focus == QueryFocus::Template { Role::Cursor } else { Role::Plain };
    pen.put(1, 0, "Template  ", Role::Plain);
    pen.put(1, 10, &format!("[{}] {}", form.draft.template + 1, template.matter), role);
    if wide >= 60 {
        pen.put_right(1, "1-9 another", Role::Faint);
    }
    let gap = usize::from(high >= full - 2);
    let mut row = 2 + gap;
    pen.put(
        row,
        0,
        &grid::cut("The note says (quoted from the note, not typed, not stored)", wide),
        Role::Faint,
    );
    pen.put(row + 1, 2, &quote(&open.note.text, form.draft.span, wide - 2), Role::Plain);
    pen.put(row + 2, 0, "Question", Role::Faint);
    let focused = form.focus == QueryFocus::Question;
    field(pen, row + 3, 2, form.question.text(), form.question.cursor(), focused);
    row += 4 + gap;
    pen.text(row, 0, &Text::of("Answers offered", Role::Faint).right("Space on/off", Role::Faint));
    row += 1;
    let first_answer = row;
    for (at, answer) in form.draft.answers.iter().enumerate() {
        let sign = if answer.on { "[x]" } else { "[ ]" };
        let role = if form.focus == QueryFocus::Answer(at) { Role::Cursor } else { Role::Plain };
        let mut text = Text::of(format!("  {sign} {}", answer.words), role);
        if !answer.sign {
            text = text.right("no sign in the note", Role::Faint);
        }
        pen.text(row, 0, &text);
        row += 1;
    }
    if form.draft.answers.is_empty() {
        pen.put(row, 2, "    ____________________ (open field)", Role::Plain);
        row += 1;
    }
    for words in FIXED {
        pen.text(row, 0, &Text::plain(format!("  [x] {words}")).right("fixed", Role::Faint));
        row += 1;
    }
    row += gap;
    if broken.is_empty() {
        let words = "Wording check  ok  cites the note \u{b7} no code \u{b7} no payment \u{b7} open answers";
        pen.put(row, 0, &grid::cut(words, wide), Role::Plain);
    }
    for rule in broken.iter().take(high.saturating_sub(row + 1)) {
        let role = if rule.blocks { Role::Error } else { Role::Suggestion };
        let sign = if rule.blocks { '!' } else { '?' };
        let words = format!("Wording check  {sign} {} {}", rule.rule, rule.message);
        pen.put(row, 0, &grid::cut(&words, wide), role);
        row += 1;
    }
    let role = |focus| if form.focus == focus { Role::Cursor } else { Role::Suggestion };
    let start = wide.saturating_sub(56) / 2;
    let bottom = high.saturating_sub(1);
    let mut column = start;
    for (label, focus) in [
        ("[ Record query ]", QueryFocus::Record),
        ("[ Record and copy ]", QueryFocus::RecordAndCopy),
        ("[ Cancel ]", QueryFocus::Cancel),
    ] {
        column = pen.button(bottom, column, label, role(focus), Target::Query(focus)) + 3;
    }
    match form.focus {
        QueryFocus::Template => 1,
        QueryFocus::Question => first_answer.saturating_sub(2),
        QueryFocus::Answer(at) => first_answer + at,
        QueryFocus::Record | QueryFocus::RecordAndCopy | QueryFocus::Cancel => high,
    }
}
