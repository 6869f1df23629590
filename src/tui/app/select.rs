//! Choosing words of the note, by arrows or by dragging, to be copied or quoted.

use std::ops::Range;

use super::super::action::Action;
use super::super::grid;
use super::super::layout::Pane;
use super::super::message::Effect;
use super::super::view::note::GUTTER;
use super::{App, Layer, OpenNote, Screen};

/// Words of a note that are being chosen: places only, never the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Bytes at which it began.
    anchor: Range<usize>,
    /// Bytes under the cursor.
    head: Range<usize>,
    /// Whether the start is set; before that the cursor moves alone.
    anchored: bool,
}

impl Selection {
    /// Returns all bytes that are chosen.
    pub fn span(&self) -> Range<usize> {
        self.anchor.start.min(self.head.start)..self.anchor.end.max(self.head.end)
    }

    fn to(&mut self, head: Range<usize>) {
        if !self.anchored {
            self.anchor = head.clone();
        }
        self.head = head;
    }
}

impl App {
    /// Begins to choose words, at the current segment or at the first row in view.
    pub(super) fn select(&mut self) -> Vec<Effect> {
        self.screen = Screen::Review;
        self.set_pane(Pane::Note);
        let height = self.note_height();
        let Some(open) = &mut self.open else { return Vec::new() };
        let text = &open.note.text;
        let in_view = open.row_at(open.top).map_or(0, |row| row.start);
        let last = open.row_at(open.top + height).map_or(text.len(), |row| row.start);
        let segment = open.current().map(|segment| segment.span.start as usize);
        let start = segment.filter(|byte| (in_view..last).contains(byte)).unwrap_or(in_view);
        let word = grid::word_at(text, start);
        let word = if word.is_empty() { grid::word_after(text, start) } else { word };
        open.selection = Some(Selection { anchor: word.clone(), head: word, anchored: false });
        self.push(Layer::Select);
        self.say("Go to the first word, Space, then to the last one; Enter copies.");
        Vec::new()
    }

    /// Sets the start of the choice at the cursor.
    pub(super) fn anchor_selection(&mut self) {
        let chosen = self.open.as_mut().and_then(|open| open.selection.as_mut());
        if let Some(chosen) = chosen {
            chosen.anchor = chosen.head.clone();
            chosen.anchored = true;
            self.say("Starts here. Go to the last word; Enter copies.");
        }
    }

    /// Moves the cursor of the choice.
    pub(super) fn move_selection(&mut self, action: Action) {
        let height = self.note_height();
        let Some(open) = &mut self.open else { return };
        let Some(chosen) = &open.selection else { return };
        let (text, head) = (&open.note.text, chosen.head.clone());
        let row = open.row_of(head.start);
        let to = match action {
            Action::Left | Action::PreviousPane => grid::word_before(text, head.start),
            Action::Right | Action::NextPane => grid::word_after(text, head.end),
            Action::Home => open.bytes_at(row, 0),
            Action::End => open.bytes_at(row, usize::MAX),
            Action::Up => open.across(&head, row.checked_sub(1)),
            Action::Down => open.across(&head, Some(row + 1)),
            Action::PageUp => open.across(&head, Some(row.saturating_sub(height))),
            Action::PageDown => {
                open.across(&head, Some((row + height).min(open.row_count().saturating_sub(1))))
            }
            _ => return,
        };
        if to.is_empty() && matches!(action, Action::Left | Action::Right) {
            return;
        }
        let to = grid::word_at(text, to.start);
        if let Some(chosen) = &mut open.selection {
            chosen.to(to.clone());
        }
        open.reveal(to, height);
    }

    /// Copies what is chosen; it stays marked until Esc.
    pub(super) fn copy_selection(&mut self) -> Vec<Effect> {
        self.layers.retain(|layer| !matches!(layer, Layer::Select));
        let Some(words) = self.selected_words() else {
            self.refuse("No words are chosen.");
            return Vec::new();
        };
        let count = words.chars().count();
        let plural = super::plural(count);
        self.say(format!(
            "Copied {count} character{plural} of the note (health data), if your terminal allows it.   Esc unmarks them"
        ));
        self.kept.copied = Some(words.clone());
        vec![Effect::Copy(words)]
    }

    /// Takes the marks off chosen words; tells whether there were any.
    pub(super) fn unselect(&mut self) -> bool {
        self.open.as_mut().is_some_and(|open| open.selection.take().is_some())
    }

    /// Returns the chosen words without control characters but tabs and line ends.
    pub(super) fn selected_words(&self) -> Option<String> {
        let open = self.open.as_ref()?;
        let words = open.note.text.get(open.selection.as_ref()?.span())?;
        let words: String =
            words.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        (!words.trim().is_empty()).then_some(words)
    }

    /// The button went down over the note: dragging from here chooses words.
    pub(super) fn drag_from(&mut self, x: u16, y: u16) {
        let found = self.bytes_under(x, y);
        if let Some(open) = &mut self.open {
            open.selection = None;
            open.drag = found;
        }
    }

    /// The mouse moved with its button down; beyond the edge the text scrolls.
    pub(super) fn drag_to(&mut self, x: u16, y: u16) {
        let area = self.panes().and_then(|panes| panes.note);
        let (Some(area), Some(open)) = (area, &mut self.open) else { return };
        let Some(anchor) = open.drag.clone() else { return };
        if y < area.top() {
            open.top = open.top.saturating_sub(1);
        } else if y >= area.bottom() {
            let last = open.row_count().saturating_sub(usize::from(area.height));
            open.top = (open.top + 1).min(last);
        }
        let (x, y) = (
            x.clamp(area.left(), area.right().saturating_sub(1)),
            y.clamp(area.top(), area.bottom().saturating_sub(1)),
        );
        let head = self.bytes_under(x, y);
        if let (Some(head), Some(open)) = (head, &mut self.open)
            && (head != anchor || open.selection.is_some())
        {
            open.selection = Some(Selection { anchor, head, anchored: true });
        }
    }

    /// The button went up: what was dragged over is copied.
    pub(super) fn drag_end(&mut self) -> Vec<Effect> {
        let dragged = self.open.as_mut().and_then(|open| open.drag.take());
        let chosen = self.open.as_ref().is_some_and(|open| open.selection.is_some());
        if dragged.is_some() && chosen { self.copy_selection() } else { Vec::new() }
    }

    /// Returns the bytes of the note under a cell of the screen.
    fn bytes_under(&self, x: u16, y: u16) -> Option<Range<usize>> {
        let area = self.panes()?.note.filter(|area| area.contains((x, y).into()))?;
        let open = self.open.as_ref()?;
        let column = usize::from(x - area.x).saturating_sub(GUTTER);
        Some(open.bytes_at(open.top + usize::from(y - area.y), column))
    }
}

impl OpenNote {
    /// Returns the bytes shown at a row and column; past the end of a row none, at its end.
    fn bytes_at(&self, row: usize, column: usize) -> Range<usize> {
        let Some(row) = self.row_at(row) else {
            return self.note.text.len()..self.note.text.len();
        };
        let text = &self.note.text;
        if column == usize::MAX {
            let end = row.start + text[row.start..row.end].trim_end().len();
            return grid::word_before(text, end);
        }
        grid::bytes_at(text, row, column, self.ambiguous())
    }

    /// Returns the bytes above or below others.
    fn across(&self, head: &Range<usize>, row: Option<usize>) -> Range<usize> {
        let here = self.row_at(self.row_of(head.start));
        match (here, row.filter(|row| *row < self.row_count())) {
            (Some(here), Some(row)) => {
                let before = grid::cells_as(
                    &self.note.text,
                    here.start..head.start,
                    here.indent,
                    self.ambiguous(),
                );
                let column = here.indent + before.iter().map(|cell| cell.width).sum::<usize>();
                self.bytes_at(row, column)
            }
            _ => head.clone(),
        }
    }
}
