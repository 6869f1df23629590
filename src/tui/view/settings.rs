//! The settings: names and values, what the one under the cursor does, where it comes from.

use ratatui::layout::Rect;

use super::super::app::{App, Takes};
use super::super::layout;
use super::super::target::Target;
use super::super::theme::Role;
use super::pen::{Pen, Text, to_u16};

pub(super) fn draw(app: &App, cursor: usize, area: Rect, pen: &mut Pen<'_>) {
    let all = &app.settings.rows;
    let Some(now) = all.get(cursor) else { return };
    let box_area = layout::overlay(area, 86, to_u16(all.len() + 7));
    let mut part = pen.part(box_area);
    let inner = part.frame("Settings");
    let mut part = part.part(inner);
    let wide = part.wide();
    let takes = match &now.takes {
        Takes::OneOf(words) => format!("one of {}", words.join(", ")),
        Takes::Number { least, most } => format!("a whole number from {least} to {most}"),
        Takes::Words => "words".to_owned(),
    };
    let mut below = Text::wrapped(&format!("{}: {}", now.name, now.help), wide, 2, Role::Plain);
    below.extend(Text::wrapped(&takes, wide, 2, Role::Faint));
    below.extend(Text::wrapped(&format!("from {}", now.origin), wide, 2, Role::Faint));
    below.truncate(part.high().saturating_sub(3));
    let high = part.high().saturating_sub(below.len() + 1);
    let top = (cursor + 1).saturating_sub(high);
    for (at, row) in all.iter().enumerate().skip(top).take(high) {
        let value = match (&row.takes, row.value.is_empty()) {
            (_, true) => "(by this computer)".to_owned(),
            (Takes::Words, false) => row.value.clone(),
            (_, false) => format!("< {} >", row.value),
        };
        let sign = if at == cursor { ">" } else { " " };
        let text = Text::of(format!("{sign}{:<16} ", row.name), Role::Plain)
            .and(value, Role::Suggestion)
            .on_click(Target::Row(at));
        part.text(at - top, 0, &text);
        if at == cursor {
            part.reverse(at - top);
        }
    }
    part.rule(high);
    for (at, text) in below.iter().enumerate() {
        part.text(high + 1 + at, 0, text);
    }
}
