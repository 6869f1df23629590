//! Help and palette, drawn: the cursor stands in the line that finds.

use ratatui::layout::Rect;

use super::super::app::{App, Finder, Item};
use super::super::grid;
use super::super::layout;
use super::super::target::Target;
use super::super::theme::Role;
use super::bars::field;
use super::pen::{Pen, Text};

pub(super) fn help(app: &App, finder: &Finder, area: Rect, pen: &mut Pen<'_>) {
    let items = app.help_items(finder.find.text());
    let possible = items.iter().filter(|item| item.not_now.is_none()).count();
    let count = format!("{} found, {possible} possible now", items.len());
    let box_area = layout::overlay(area, 90, area.height);
    let wide = usize::from(box_area.width).saturating_sub(4);
    let rows = grouped(&items, finder.cursor, wide);
    List { title: "Help", label: "Find: ", count, items: &items, rows }.draw(finder, box_area, pen);
}

pub(super) fn palette(app: &App, finder: &Finder, area: Rect, pen: &mut Pen<'_>) {
    let items = app.palette_items(finder.find.text());
    let count = format!("{} found", items.len());
    let rows = items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let sign = if at == finder.cursor { ">" } else { " " };
            let role = if item.not_now.is_some() { Role::Faint } else { Role::Plain };
            let text = Text::of(sign, Role::Suggestion).and(item.help.clone(), role);
            (Some(at), text.right(item.key.clone(), Role::Key))
        })
        .collect();
    let box_area = layout::overlay(area, 84, area.height.min(22));
    List { title: "Commands", label: ": ", count, items: &items, rows }.draw(finder, box_area, pen);
}

/// Returns the rows of help under their headings, with the reason where one is not possible now.
fn grouped(items: &[Item], cursor: usize, wide: usize) -> Vec<(Option<usize>, Text)> {
    let mut rows: Vec<(Option<usize>, Text)> = Vec::new();
    let mut group = "";
    for (at, item) in items.iter().enumerate() {
        let elsewhere = item.not_now == Some("belongs to another screen");
        let heading = if elsewhere { "Other screens" } else { item.group };
        if heading != group {
            group = heading;
            rows.push((None, Text::of(heading, Role::Suggestion)));
        }
        let role = if item.not_now.is_some() { Role::Faint } else { Role::Plain };
        let sign = if at == cursor { ">" } else { " " };
        let key_role = if item.not_now.is_some() { Role::Faint } else { Role::Key };
        let text =
            Text::of(format!("{sign}{:<9} ", item.key), key_role).and(item.help.clone(), role);
        let text = match item.not_now {
            Some(reason) if !elsewhere => {
                // The row's own words come first; the whole reason stands below the list.
                let long = format!("not now: {reason}");
                let fits = 12 + grid::width(&item.help) + grid::width(&long) <= wide;
                text.right(if fits { long } else { "not now".to_owned() }, Role::Faint)
            }
            _ => text,
        };
        rows.push((Some(at), text));
    }
    rows
}

/// A list with a line that finds and words about the row under the cursor.
struct List<'a> {
    title: &'static str,
    label: &'static str,
    count: String,
    items: &'a [Item],
    rows: Vec<(Option<usize>, Text)>,
}

impl List<'_> {
    fn draw(mut self, finder: &Finder, box_area: Rect, pen: &mut Pen<'_>) {
        let mut part = pen.part(box_area);
        let inner = part.frame(self.title);
        let mut pen = part.part(inner);
        let (wide, high) = (pen.wide(), pen.high());
        pen.put_right(0, &self.count, Role::Faint);
        let start = pen.put(0, 0, self.label, Role::Suggestion);
        let taken = u16::try_from(self.count.len() + 2).unwrap_or_default();
        let room = Rect { width: pen.area.width.saturating_sub(taken), ..pen.area };
        field(&mut pen.part(room), 0, start, finder.find.text(), finder.find.cursor(), true);
        pen.rule(1);
        let more = self.items.get(finder.cursor).map_or_else(Vec::new, |item| {
            let words = if item.more.is_empty() { item.help.as_str() } else { item.more };
            let reason =
                item.not_now.map_or_else(String::new, |reason| format!("Not now: {reason}. "));
            Text::wrapped(&format!("{reason}{words}"), wide, 0, Role::Plain)
        });
        let foot = more.len().min(4).min(high.saturating_sub(6));
        let body = high.saturating_sub(3 + foot);
        if self.rows.is_empty() {
            self.rows.push((None, Text::plain(" nothing is found by that")));
        }
        let rows = &self.rows;
        let on = rows.iter().position(|(at, _)| *at == Some(finder.cursor)).unwrap_or_default();
        let top = (on + 2).saturating_sub(body).min(rows.len().saturating_sub(body));
        for (at, (item, text)) in rows.iter().skip(top).take(body).enumerate() {
            pen.text(at + 2, 0, text);
            if let Some(item) = item {
                pen.stands_for(at + 2, 0..wide, Target::Row(*item));
            }
        }
        if foot > 0 {
            pen.rule(high - foot - 1);
        }
        if rows.len() > top + body {
            let below = format!(" … {} more rows ", rows.len() - top - body);
            pen.put_right(high.saturating_sub(foot + 1), &below, Role::Faint);
        }
        for (at, text) in more.iter().take(foot).enumerate() {
            pen.text(high - foot + at, 0, text);
        }
    }
}
