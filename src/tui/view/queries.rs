//! The list of open queries, drawn: one row each, and the words of the one under the cursor.

use ratatui::layout::Rect;

use crate::review::OpenQuery;

use super::super::app::QueryList;
use super::super::grid;
use super::super::layout;
use super::super::target::Target;
use super::super::theme::Role;
use super::pen::{Pen, Text, to_u16};

/// Rows of the list that are shown at least, with its heading.
const LEAST: usize = 4;

pub(super) fn draw(list: &QueryList, area: Rect, pen: &mut Pen<'_>) {
    let wide = usize::from(area.width.min(86)).saturating_sub(8);
    let words = list.waiting().get(list.cursor).map_or_else(Vec::new, |query| {
        query.words.iter().flat_map(|line| Text::wrapped(line, wide, 4, Role::Plain)).collect()
    });
    let full = list.waiting().len() + words.len() + 5;
    let mut part = pen.part(layout::overlay(area, 86, to_u16(full)));
    let inner = part.frame(&title(list));
    let mut pen = part.part(inner);
    let high = pen.high();
    if list.waiting().is_empty() {
        let words = match list.found {
            Some(_) => "No query waits for an answer.",
            None => "Asking the log.",
        };
        pen.put(0, 0, words, Role::Plain);
        return;
    }
    let keys = list.waiting().iter().map(|query| grid::width(&query.key));
    let key = keys.max().unwrap_or_default().clamp(8, pen.wide().saturating_sub(58).max(8));
    let rows: Vec<Text> = list.waiting().iter().map(|query| row(query, key)).collect();
    let head = format!("{:>5}  {:<key$} {:<16} {:<10} about", "days", "note", "asked", "by");
    pen.put(0, 0, &grid::cut(&head, pen.wide()), Role::Faint);
    let foot = words.len().min(high.saturating_sub(LEAST + 1));
    let body = high.saturating_sub(foot + 2).clamp(1, rows.len());
    let top = (list.cursor + 1).saturating_sub(body);
    for (at, text) in rows.iter().skip(top).take(body).enumerate() {
        pen.text(at + 1, 0, text);
        pen.stands_for(at + 1, 0..pen.wide(), Target::Row(top + at));
    }
    pen.reverse(list.cursor - top + 1);
    let rule = high.saturating_sub(foot + 1);
    pen.rule(rule);
    let below = rows.len().saturating_sub(top + body);
    if below > 0 {
        pen.put_right(rule, &format!(" … {below} more rows "), Role::Faint);
    }
    for (at, text) in words.iter().take(foot).enumerate() {
        pen.text(rule + 1 + at, 0, text);
    }
}

fn title(list: &QueryList) -> String {
    let Some(found) = &list.found else { return "Open queries".to_owned() };
    match found.more {
        0 => format!("Open queries: {}, oldest first", found.waiting.len()),
        more => format!(
            "Open queries: the {} oldest of {}",
            found.waiting.len(),
            found.waiting.len() + more
        ),
    }
}

fn row(query: &OpenQuery, key: usize) -> Text {
    let role = if query.id.is_some() { Role::Plain } else { Role::Faint };
    let text = Text::of(
        format!(
            "{:>5}  {} {:<16} {:<10} {}",
            query.days,
            grid::padded(&grid::cut_middle(&query.key, key), key),
            query.when,
            grid::cut(&query.who, 10),
            query.matter
        ),
        role,
    );
    match (query.id, query.edited) {
        (None, _) => text.right("another queue", Role::Faint),
        (_, true) => text.right("note edited since", Role::Suggestion),
        _ => text,
    }
}
