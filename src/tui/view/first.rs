//! The page of the first start, drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::first::{First, FirstRow};
use super::super::looks::Looks;
use super::super::theme::Role;
use super::bars::field;
use super::pen::{Pen, Text};

/// Widest page.
const WIDEST: u16 = 80;
/// Column at which values begin.
const VALUES: usize = 26;

/// Draws the page into a buffer; nothing outside the area is touched.
pub fn draw_first(first: &First, area: Rect, buffer: &mut Buffer) {
    let plain = Looks::default();
    let looks = first.themes.get(first.theme).map_or(&plain, |(_, looks)| looks);
    let mut pen = Pen::new(buffer, area, looks, first.ascii);
    pen.clear();
    let wide = area.width.min(WIDEST);
    let left = area.x + (area.width - wide) / 2;
    let mut pen = pen.part(Rect { x: left, width: wide, ..area });
    let high = pen.high();
    if high < 3 {
        return;
    }
    pen.put(0, 1, "rubric  First start", Role::Suggestion);
    pen.put_right(0, env!("CARGO_PKG_VERSION"), Role::Plain);
    pen.rule(1);
    pen.put(1, 1, "[Set-up] ", Role::Suggestion);
    let body = Rect { y: area.y + 2, height: area.height - 3, ..pen.area };
    let rows = rows(first, pen.wide());
    // Both buttons stand on one row.
    let on = if first.row == FirstRow::Quit { FirstRow::Start } else { first.row };
    let focus = rows.iter().position(|(_, row)| *row == Some(on)).unwrap_or_default();
    let room = high - 3;
    // What has the focus stays in view, and the buttons under it where there is room.
    let top = (focus + 3).saturating_sub(room).min(rows.len().saturating_sub(room));
    let mut body = pen.part(body);
    for (at, (text, row)) in rows.iter().skip(top).take(room).enumerate() {
        body.text(at, 1, text);
        match row {
            Some(FirstRow::Name) => {
                let on = first.row == FirstRow::Name;
                field(&mut body, at, VALUES, first.name.text(), first.name.cursor(), on);
            }
            Some(FirstRow::Start) => buttons(first, &mut body, at),
            _ => {}
        }
        if *row == Some(first.row) && first.row != FirstRow::Start {
            body.put(at, 1, ">", Role::Key);
        }
    }
    if first.said.is_empty() {
        pen.put(high - 1, 1, "Enter starts  Tab field  Left/Right choose  Esc leaves", Role::Plain);
    } else {
        pen.put(high - 1, 1, first.said, Role::Suggestion);
    }
}

fn buttons(first: &First, pen: &mut Pen<'_>, at: usize) {
    let role = |row| if first.row == row { Role::Cursor } else { Role::Plain };
    let end = pen.put(at, 3, "[ Start ]", role(FirstRow::Start));
    pen.put(at, end + 3, "[ Quit ]", role(FirstRow::Quit));
}

/// Returns the rows of the page; those with a field name it.
fn rows(first: &First, wide: usize) -> Vec<(Text, Option<FirstRow>)> {
    let mut rows: Vec<(Text, Option<FirstRow>)> = Vec::new();
    let room = wide.saturating_sub(2);
    let words = |rows: &mut Vec<_>, text: &str, role| {
        rows.extend(Text::wrapped(text, room, 0, role).into_iter().map(|text| (text, None)));
    };
    let value = |name: &str, value: &str| {
        Text::of(format!("  {name:<width$}", width = VALUES - 3), Role::Plain)
            .and(value, Role::Suggestion)
    };
    words(
        &mut rows,
        "Welcome. rubric shows what each part of a therapy note supports and why. You decide; \
         every decision is kept in an audit log on this computer.",
        Role::Plain,
    );
    rows.push((Text::blank(), None));
    rows.push((value("Your name as coder", ""), Some(FirstRow::Name)));
    let payer = first.payers.get(first.payer).map_or("", String::as_str);
    rows.push((value("Payer of notes", &format!("< {payer} >")), Some(FirstRow::Payer)));
    let theme = first.themes.get(first.theme).map_or("", |(name, _)| name);
    rows.push((value("Colours", &format!("< {theme} >")), Some(FirstRow::Theme)));
    let samples = Text::of(" ".repeat(VALUES - 1), Role::Plain)
        .and("task", Role::Task)
        .and(" ", Role::Plain)
        .and("exercise", Role::Exercise)
        .and(" ", Role::Plain)
        .and("goal", Role::NotCounted)
        .and(" ", Role::Plain)
        .and("vague", Role::Warning)
        .and(" ", Role::Plain)
        .and("error", Role::Error);
    rows.push((samples, None));
    rows.push((value("Audit log", &first.log), None));
    rows.push((value("Notes", &first.notes), None));
    rows.push((Text::blank(), None));
    rows.push((Text::blank(), Some(FirstRow::Start)));
    rows.push((Text::blank(), None));
    words(&mut rows, "Six keys are enough", Role::Suggestion);
    words(&mut rows, "  a accept   c change   q query   d defer   u undo   ? help", Role::Plain);
    words(&mut rows, "Letters beside the text", Role::Suggestion);
    words(
        &mut rows,
        "  T task  E exercise  N neuromuscular  S self-care  X other service  ? vague  \
         ! billing  - not counted (home, goal, plan, history, test)",
        Role::Plain,
    );
    rows.push((Text::blank(), None));
    words(
        &mut rows,
        "Notes stay where they are; the log holds no words of a note. All of this can be changed \
         later: rubric config, or : settings.",
        Role::Faint,
    );
    rows
}
