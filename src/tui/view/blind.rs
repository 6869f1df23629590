//! Blind mode: the own answer first, then both side by side.

use ratatui::layout::Rect;

use crate::review::decide::shown_codes;

use super::super::app::App;
use super::super::layout;
use super::super::theme::Role;
use super::findings::{minutes, quote};
use super::pen::{Pen, Text, to_u16};

/// The pane that stands where findings stand: only what the person chose.
pub(super) fn answer(app: &App, pen: &mut Pen<'_>) {
    let Some(open) = &app.open else { return };
    let draft = app.current_draft();
    let list = &open.analysis.segments;
    let to_go = list.iter().filter(|segment| draft.choice(segment.index).is_none()).count();
    let mut rows = vec![
        Text::of(" Blind: your answer first", Role::Suggestion),
        Text::of(format!(" Segments {}", list.len()), Role::Suggestion)
            .right(format!("{to_go} to go"), Role::Plain),
    ];
    for segment in list {
        let here = segment.index == open.segment;
        let sign = if here { ">" } else { " " };
        let choice = draft.choice(segment.index);
        let words = match choice {
            Some(choice) => {
                let code =
                    choice.code().map_or_else(|| "none ".to_owned(), |code| code.to_string());
                format!("{code}  yours")
            }
            None if here => "____   1 97110   2 97112".to_owned(),
            None => "____".to_owned(),
        };
        rows.push(
            Text::of(format!("{sign}{} ", segment.index + 1), Role::Suggestion)
                .and(words, Role::Plain)
                .right(minutes(segment.minutes), Role::Plain),
        );
        if here && choice.is_none() {
            rows.push(Text::plain("          3 97530   4 97535"));
            rows.push(Text::plain("          5 other   0 none"));
        }
    }
    rows.push(Text::blank());
    let words = " Underlined words are matches. Their kind, points and codes stay hidden until a records your answer.";
    rows.extend(Text::wrapped(words, pen.wide(), 1, Role::Faint));
    rows.push(Text::blank());
    rows.push(Text::of(" Warnings", Role::Suggestion).right("hidden", Role::Plain));
    rows.push(Text::of(" Lines", Role::Suggestion).right("hidden", Role::Plain));
    rows.push(Text::blank());
    let words = " Your first answer stays in the log; a change of mind is a second entry.";
    rows.extend(Text::wrapped(words, pen.wide(), 1, Role::Faint));
    pen.rows(&rows, open.findings_top);
}

/// Both answers, after the own one was recorded.
pub(super) fn compared(app: &App, area: Rect, pen: &mut Pen<'_>) {
    let Some(open) = &app.open else { return };
    let own = app.undo.last();
    let draft = match own {
        Some(crate::review::Undo::Decision { id, draft, .. }) if *id == open.id => draft.clone(),
        _ => app.current_draft(),
    };
    let wide = usize::from(area.width.min(88)).saturating_sub(8);
    let mut rows = vec![Text::of("Your answer is recorded. Now the suggestion.", Role::Suggestion)];
    rows.push(
        Text::of("Segment", Role::Faint)
            .right(format!("{:<10}{:<16}", "yours", "suggested"), Role::Faint),
    );
    for segment in &open.analysis.segments {
        let choice = draft.choice(segment.index);
        let code = choice.map_or(segment.code(), crate::review::Choice::code);
        let yours = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        let shown: Vec<String> = shown_codes(segment).iter().map(ToString::to_string).collect();
        let suggested = match segment.outcome.reason() {
            Some(reason) => reason.id().to_owned(),
            None if shown.len() > 1 => format!("open {}", shown.join("|")),
            None => shown.join(""),
        };
        let sign = if suggested == yours { " " } else { "~" };
        let quoted = quote(&open.note.text, segment.span, wide.saturating_sub(42));
        rows.push(Text::plain(format!("{} {quoted}", segment.index + 1)).right(
            format!("{:>6}  {yours:<8}{sign} {suggested:<16}", minutes(segment.minutes)),
            Role::Plain,
        ));
    }
    rows.push(Text::blank());
    rows.push(Text::of(
        "e points   c change your answer (a second entry)   Enter next note",
        Role::Suggestion,
    ));
    let box_area = layout::overlay(area, 84, to_u16(rows.len() + 2));
    let mut part = pen.part(box_area);
    let inner = part.frame(&format!("{} compared", open.note.key));
    part.part(inner).rows(&rows, 0);
}
