//! A pen that writes by role into one area and never outside of it.

use std::num::NonZeroU16;
use std::ops::Range;

use ratatui::buffer::{Buffer, Cell, CellDiffOption};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use unicode_segmentation::UnicodeSegmentation;

use super::super::grid::{self, Ambiguous};
use super::super::looks::Looks;
use super::super::target::{Hit, Target};
use super::super::theme::Role;

/// A row of text: pieces from the left, and one piece at the right edge.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Text {
    /// Pieces from the left.
    pub(super) left: Vec<(String, Role)>,
    /// Piece at the right edge.
    pub(super) right: Option<(String, Role)>,
    /// What a click on it means.
    pub(super) target: Option<Target>,
}

impl Text {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self::of(text, Role::Plain)
    }

    pub(super) fn of(text: impl Into<String>, role: Role) -> Self {
        Self { left: vec![(text.into(), role)], right: None, target: None }
    }

    pub(super) fn blank() -> Self {
        Self::default()
    }

    pub(super) fn and(mut self, text: impl Into<String>, role: Role) -> Self {
        self.left.push((text.into(), role));
        self
    }

    pub(super) fn right(mut self, text: impl Into<String>, role: Role) -> Self {
        self.right = Some((text.into(), role));
        self
    }

    pub(super) fn on_click(mut self, target: Target) -> Self {
        self.target = Some(target);
        self
    }

    /// Wraps a text into rows, those after the first indented.
    pub(super) fn wrapped(text: &str, wide: usize, indent: usize, role: Role) -> Vec<Self> {
        let body = wide.saturating_sub(indent).max(1);
        let flat = text.replace(['\n', '\r', '\t'], " ");
        let first = grid::wrap(&flat, wide.max(1));
        let Some(head) = first.first() else { return Vec::new() };
        let mut rows = vec![Self::of(flat[head.start..head.end].trim_end(), role)];
        if head.end < flat.len() {
            let rest = &flat[head.end..];
            rows.extend(grid::wrap(rest, body).iter().map(|row| {
                let piece = rest[row.start..row.end].trim_end();
                Self::of(format!("{}{piece}", " ".repeat(indent)), role)
            }));
        }
        rows
    }
}

/// Writes into one area of the screen.
pub(super) struct Pen<'a> {
    buffer: &'a mut Buffer,
    pub(super) area: Rect,
    pub(super) theme: &'a Looks,
    pub(super) ascii: bool,
    pub(super) ambiguous: Ambiguous,
    /// Where the targets of clicks are told, if anybody asked.
    hits: Option<&'a mut Vec<Hit>>,
}

impl<'a> Pen<'a> {
    pub(super) fn new(buffer: &'a mut Buffer, area: Rect, theme: &'a Looks, ascii: bool) -> Self {
        let area = area.intersection(buffer.area);
        Self { buffer, area, theme, ascii, ambiguous: Ambiguous::One, hits: None }
    }

    /// Tells the targets of clicks as well.
    pub(super) fn telling(mut self, hits: &'a mut Vec<Hit>) -> Self {
        self.hits = Some(hits);
        self
    }

    /// Says what a part of a row stands for to a click.
    pub(super) fn stands_for(&mut self, row: usize, columns: Range<usize>, target: Target) {
        if let Some(hits) = self.hits.as_deref_mut().filter(|_| row < usize::from(self.area.height))
        {
            let (x, y) = (self.area.x + to_u16(columns.start), self.area.y + to_u16(row));
            let area = Rect { x, y, width: to_u16(columns.len()), height: 1 };
            hits.push(Hit { area: area.intersection(self.area), target });
        }
    }

    /// Covers everything that was drawn so far: a click on it means nothing any more.
    pub(super) fn cover(&mut self) {
        if let Some(hits) = self.hits.as_deref_mut() {
            hits.clear();
        }
    }

    /// Writes a button; returns the column after it.
    pub(super) fn button(
        &mut self,
        row: usize,
        column: usize,
        label: &str,
        role: Role,
        target: Target,
    ) -> usize {
        let end = self.put(row, column, label, role);
        self.stands_for(row, column..end, target);
        end
    }

    /// Draws for a terminal that gives some signs two columns; lines of such signs would not meet.
    pub(super) fn counting(mut self, ambiguous: Ambiguous) -> Self {
        self.ascii |= ambiguous == Ambiguous::Two;
        self.ambiguous = ambiguous;
        self
    }

    /// Returns a pen for a part of the area.
    pub(super) fn part(&mut self, area: Rect) -> Pen<'_> {
        let area = area.intersection(self.area);
        Pen {
            buffer: self.buffer,
            area,
            theme: self.theme,
            ascii: self.ascii,
            ambiguous: self.ambiguous,
            hits: self.hits.as_deref_mut(),
        }
    }

    pub(super) fn wide(&self) -> usize {
        usize::from(self.area.width)
    }

    pub(super) fn high(&self) -> usize {
        usize::from(self.area.height)
    }

    /// Empties the area in the look of plain text.
    pub(super) fn clear(&mut self) {
        let mut blank = Cell::EMPTY;
        blank.set_style(self.theme.style(Role::Plain));
        for y in self.area.top()..self.area.bottom() {
            cells(self.buffer, self.area.x, y, self.wide()).fill(blank.clone());
        }
    }

    /// Writes a text; returns the column after it. What does not fit is cut.
    pub(super) fn put(&mut self, row: usize, column: usize, text: &str, role: Role) -> usize {
        let style = self.theme.style(role);
        self.put_styled(row, column, text, style)
    }

    pub(super) fn put_styled(
        &mut self,
        row: usize,
        column: usize,
        text: &str,
        style: Style,
    ) -> usize {
        // What stood here before must not shine through: its modifiers and colours go.
        let (fg, bg) = (style.fg.unwrap_or(Color::Reset), style.bg.unwrap_or(Color::Reset));
        let sub_modifier = Modifier::all() - style.add_modifier;
        let style = Style { fg: Some(fg), bg: Some(bg), sub_modifier, ..style };
        let room = self.wide().saturating_sub(column);
        if row >= self.high() || room == 0 {
            return column;
        }
        let seen = grid::visible(text);
        let (x, y) = (self.area.x + to_u16(column), self.area.y + to_u16(row));
        if grid::is_simple(&seen) {
            let row = cells(self.buffer, x, y, room);
            let mut end = column;
            for (cell, sign) in row.iter_mut().zip(seen.chars()) {
                cell.set_char(if sign == '…' && self.ascii { '~' } else { sign });
                // The style is whole, so nothing of the cell's own is left to be kept.
                (cell.fg, cell.bg, cell.modifier) = (fg, bg, style.add_modifier);
                end += 1;
            }
            return end;
        }
        let sign = if self.ascii { seen.replace('…', "~") } else { seen.into_owned() };
        if self.ambiguous == Ambiguous::Two {
            return column + self.put_wide(x, y, &sign, room, style);
        }
        let (end, _) = self.buffer.set_stringn(x, y, sign, room, style);
        usize::from(end - self.area.x)
    }

    /// Writes signs that take two columns on this terminal, though most count one for them.
    fn put_wide(&mut self, x: u16, y: u16, text: &str, room: usize, style: Style) -> usize {
        let mut used = 0;
        for grapheme in text.graphemes(true) {
            let wide = self.ambiguous.width(grapheme);
            if wide == 0 || used + wide > room {
                break;
            }
            for (at, cell) in cells(self.buffer, x + to_u16(used), y, wide).iter_mut().enumerate() {
                cell.reset();
                cell.set_style(style);
                if at == 0 {
                    cell.set_symbol(grapheme);
                    if let Some(forced) = NonZeroU16::new(to_u16(wide)) {
                        cell.set_diff_option(CellDiffOption::ForcedWidth(forced));
                    }
                }
            }
            used += wide;
        }
        used
    }

    /// Writes a text that ends at the right edge.
    pub(super) fn put_right(&mut self, row: usize, text: &str, role: Role) {
        let column = self.wide().saturating_sub(grid::width(text));
        self.put(row, column, text, role);
    }

    /// Writes a row of pieces; the left ones are cut where the right one begins.
    pub(super) fn text(&mut self, row: usize, column: usize, text: &Text) {
        let right = text.right.as_ref().map_or(0, |(words, _)| grid::width(words) + 1);
        let room = self.wide().saturating_sub(right);
        let mut at = column;
        for (words, role) in &text.left {
            let piece = grid::cut(words, room.saturating_sub(at));
            at = self.put(row, at, &piece, *role);
        }
        if let Some((words, role)) = &text.right {
            self.put_right(row, words, *role);
        }
        if let Some(target) = text.target {
            self.stands_for(row, 0..self.wide(), target);
        }
    }

    /// Writes rows from a place on; the last row says how many are not shown.
    pub(super) fn rows(&mut self, rows: &[Text], top: usize) {
        let high = self.high();
        let top = top.min(rows.len().saturating_sub(high));
        let below = rows.len().saturating_sub(top + high);
        for (at, row) in rows.iter().skip(top).take(high).enumerate() {
            if at + 1 == high && below > 0 {
                self.put(at, 1, &format!("… {} more rows", below + 1), Role::Faint);
            } else {
                self.text(at, 0, row);
            }
        }
    }

    /// Draws what is `high` rows high and returns the row of its focus; what does not fit scrolls
    /// so that the focus stays in view.
    pub(super) fn scrolled(&mut self, high: usize, draw: impl FnOnce(&mut Pen<'_>) -> usize) {
        if self.high() >= high {
            draw(self);
            return;
        }
        let whole = Rect { x: 0, y: 0, width: self.area.width, height: to_u16(high) };
        let mut buffer = Buffer::empty(whole);
        let mut hits = Vec::new();
        let mut pen = Pen::new(&mut buffer, whole, self.theme, self.ascii)
            .counting(self.ambiguous)
            .telling(&mut hits);
        pen.clear();
        let focus = draw(&mut pen);
        let top = (focus + 3).saturating_sub(self.high()).min(high - self.high());
        for row in 0..self.area.height {
            for column in 0..self.area.width {
                let from = (column, row + to_u16(top));
                self.buffer[(self.area.x + column, self.area.y + row)] = buffer[from].clone();
            }
        }
        for Hit { area, target } in hits {
            let columns = usize::from(area.left())..usize::from(area.right());
            if let Some(row) = usize::from(area.y).checked_sub(top) {
                self.stands_for(row, columns, target);
            }
        }
        let below = high - top - self.high();
        if below > 0 && self.high() > 2 {
            let words = format!(" … {below} more row{}", if below == 1 { "" } else { "s" });
            self.put_right(self.high() - 1, &words, Role::Faint);
        }
    }

    /// Draws a line across a row.
    pub(super) fn rule(&mut self, row: usize) {
        let sign = if self.ascii { "-" } else { "─" };
        self.put(row, 0, &sign.repeat(self.wide()), Role::Faint);
    }

    /// Draws a line down a column of the whole buffer's area.
    pub(super) fn down(&mut self, column: u16, from: u16, to: u16) {
        let (bar, tee) = if self.ascii { ("|", "+") } else { ("│", "┬") };
        let style = self.theme.style(Role::Faint);
        for y in from..to {
            if self.area.contains((column, y).into()) {
                let sign = if y == from { tee } else { bar };
                self.buffer[(column, y)].set_symbol(sign).set_style(style);
            }
        }
    }

    /// Dims everything in the area, for what lies behind a box.
    pub(super) fn dim(&mut self) {
        for y in self.area.top()..self.area.bottom() {
            for x in self.area.left()..self.area.right() {
                let cell = &mut self.buffer[(x, y)];
                let mut style = cell.style();
                style.add_modifier |= Modifier::DIM;
                style.add_modifier -= Modifier::BOLD;
                cell.modifier = style.add_modifier;
            }
        }
    }

    /// Reverses a row of the area, for the cursor.
    pub(super) fn reverse(&mut self, row: usize) {
        if row >= self.high() {
            return;
        }
        let style = self.theme.style(Role::Cursor);
        let y = self.area.y + to_u16(row);
        for x in self.area.left()..self.area.right() {
            self.buffer[(x, y)].set_style(style);
        }
    }

    /// Draws a box with a title and returns the area inside it.
    pub(super) fn frame(&mut self, title: &str) -> Rect {
        self.clear();
        let (w, h) = (self.wide(), self.high());
        if w < 4 || h < 3 {
            return Rect::default();
        }
        let [tl, tr, bl, br, line, bar] = if self.ascii {
            ["+", "+", "+", "+", "-", "|"]
        } else {
            ["┌", "┐", "└", "┘", "─", "│"]
        };
        self.put(0, 0, &format!("{tl}{}{tr}", line.repeat(w - 2)), Role::Faint);
        self.put(h - 1, 0, &format!("{bl}{}{br}", line.repeat(w - 2)), Role::Faint);
        for row in 1..h - 1 {
            self.put(row, 0, bar, Role::Faint);
            self.put(row, w - 1, bar, Role::Faint);
        }
        self.put(0, 2, &format!(" {} ", grid::cut(title, w.saturating_sub(6))), Role::Suggestion);
        Rect {
            x: self.area.x + 2,
            y: self.area.y + 1,
            width: self.area.width - 4,
            height: self.area.height - 2,
        }
    }
}

/// Returns the cells of a part of a row; what lies outside of the buffer is left out.
fn cells(buffer: &mut Buffer, x: u16, y: u16, wide: usize) -> &mut [Cell] {
    let area = buffer.area;
    if !area.contains((x, y).into()) {
        return &mut [];
    }
    let start = buffer.index_of(x, y);
    let wide = wide.min(usize::from(area.right() - x));
    &mut buffer.content[start..start + wide]
}

pub(super) fn to_u16(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}
