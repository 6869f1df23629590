//! Help and palette, drawn: the cursor stands in the line that finds.

use ratatui::layout::Rect;

use super::super::app::{App, Finder, Item};
use super::super::grid;
use super::super::layout;
use super::super::theme::Role;
use super::bars::field;
use super::pen::{Pen, Text};

pub(super) fn help(app: &App, finder: &Finder, area: Rect, pen: &mut Pen<'_>) {
    let items = app.help_items(finder.find.text());
    let possible = items.iter().filter(|item| item.not_now.is_none()).count();
    let count = format!("{} keys, {possible} possible now", items.len());
    let box_area = layout::overlay(area, 90, area.height);
    draw(app, finder, &items, "Help", &count, "Find: ", box_area, pen);
}

pub(super) fn palette(app: &App, finder: &Finder, area: Rect, pen: &mut Pen<'_>) {
    let items = app.palette_items(finder.find.text());
    let count = format!("{}", items.len());
    let box_area = layout::overlay(area, 84, area.height.min(22));
    draw(app, finder, &items, "Commands", &count, ": ", box_area, pen);
}

#[expect(clippy::too_many_arguments, reason = "one drawing for two lists; all parts differ")]
fn draw(
    _app: &App,
    finder: &Finder,
    items: &[Item],
    title: &str,
    count: &str,
    label: &str,
    box_area: Rect,
    pen: &mut Pen<'_>,
) {
    let mut part = pen.part(box_area);
    let inner = part.frame(title);
    let mut pen = part.part(inner);
    let (wide, high) = (pen.wide(), pen.high());
    pen.put_right(0, count, Role::Faint);
    let start = pen.put(0, 0, label, Role::Suggestion);
    let room = Rect {
        width: pen.area.width.saturating_sub(u16::try_from(count.len() + 2).unwrap_or_default()),
        ..pen.area
    };
    field(&mut pen.part(room), 0, start, finder.find.text(), finder.find.cursor(), true);
    pen.rule(1);
    let more = items.get(finder.cursor).map_or_else(Vec::new, |item| {
        let words = if item.more.is_empty() { item.help.as_str() } else { item.more };
        Text::wrapped(words, wide, 0, Role::Plain)
    });
    let foot = more.len().min(4).min(high.saturating_sub(6));
    let body = high.saturating_sub(3 + foot);
    let mut rows: Vec<(Option<usize>, Text)> = Vec::new();
    let mut group = "";
    for (at, item) in items.iter().enumerate() {
        let not_here = item.not_now == Some("belongs to another screen");
        let heading = if not_here { "Other screens" } else { item.group };
        if heading != group {
            group = heading;
            rows.push((None, Text::of(heading, Role::Suggestion)));
        }
        let now = match item.not_now {
            None => String::new(),
            Some(_) if not_here => String::new(),
            Some(reason) => format!("not now: {reason}"),
        };
        let role = if item.not_now.is_some() { Role::Faint } else { Role::Plain };
        let sign = if at == finder.cursor { ">" } else { " " };
        let key_role = if item.not_now.is_some() { Role::Faint } else { Role::Key };
        let text =
            Text::of(format!("{sign}{:<9}", item.key), key_role).and(item.help.clone(), role);
        let text = if now.is_empty() { text } else { text.right(now, Role::Faint) };
        rows.push((Some(at), text));
    }
    if items.is_empty() {
        rows.push((None, Text::plain(" nothing is found by that")));
    }
    let on = rows.iter().position(|(at, _)| *at == Some(finder.cursor)).unwrap_or_default();
    let top = (on + 2).saturating_sub(body).min(rows.len().saturating_sub(body));
    for (at, (_, text)) in rows.iter().skip(top).take(body).enumerate() {
        pen.text(at + 2, 0, text);
    }
    if rows.len() > top + body {
        let below = rows.len() - top - body;
        pen.put_right(high.saturating_sub(foot + 1), &format!("… {below} more rows"), Role::Faint);
    }
    for (at, text) in more.iter().take(foot).enumerate() {
        pen.text(high - foot + at, 0, text);
    }
    if foot > 0 {
        let line = "─".repeat(wide.saturating_sub(20));
        pen.put(high - foot - 1, 0, &grid::cut(&line, wide), Role::Faint);
    }
}
