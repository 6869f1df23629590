//! The mouse: rows, segments, warnings, hints, buttons and rows of lists, by what was drawn there.

use super::super::action::Action;
use super::super::key::Key;
use super::super::layout::Pane;
use super::super::message::{Effect, Mouse};
use super::super::target::Target;
use super::{App, FormFocus, Layer};

impl App {
    pub(super) fn on_mouse(&mut self, what: Mouse, x: u16, y: u16, at: u64) -> Vec<Effect> {
        self.now = self.now.max(at);
        let Some(panes) = self.panes() else { return Vec::new() };
        match what {
            Mouse::Drag if self.mouse && self.reads_note() => {
                self.drag_to(x, y);
                return Vec::new();
            }
            Mouse::Release if self.mouse && self.reads_note() => return self.drag_end(),
            Mouse::Drag | Mouse::Release => return Vec::new(),
            Mouse::Click | Mouse::WheelUp | Mouse::WheelDown => {}
        }
        if !self.mouse || x >= self.area.width || y >= self.area.height {
            return Vec::new();
        }
        if what == Mouse::Click && y == panes.hints.y {
            return self.click_hint(x);
        }
        if what == Mouse::Click && !self.layers.is_empty() && !self.reads_note() {
            return self.target_at(x, y).map_or_else(Vec::new, |target| self.click(target));
        }
        if what == Mouse::Click && self.screen == super::Screen::Queue {
            // Two rows of titles, as in the pane; Enter opens what a click chose.
            let row = usize::from(y.saturating_sub(panes.body.y));
            let place = row.checked_sub(2).map(|row| self.queue.window().start + row);
            if let Some(place) = place.filter(|place| *place < self.queue.len()) {
                self.queue.go(place);
            }
            return Vec::new();
        }
        if self.reads_note() {
            let at_pane = super::Pane::ALL
                .into_iter()
                .find(|pane| panes.get(*pane).is_some_and(|area| area.contains((x, y).into())));
            if let Some(pane) = at_pane {
                self.set_pane(pane);
                let row = usize::from(y - panes.body.y);
                if what == Mouse::Click {
                    if pane == super::Pane::Note {
                        self.drag_from(x, y);
                    }
                    return self.click_row(pane, row, (x, y));
                }
            }
        }
        match what {
            Mouse::Click | Mouse::Drag | Mouse::Release => Vec::new(),
            Mouse::WheelUp => (0..3).flat_map(|_| self.look(Action::Up)).collect(),
            Mouse::WheelDown => (0..3).flat_map(|_| self.look(Action::Down)).collect(),
        }
    }

    /// Tells whether the panes of the review take the mouse.
    fn reads_note(&self) -> bool {
        let only_words = self.layers.iter().all(|layer| matches!(layer, Layer::Select));
        only_words && self.screen == super::Screen::Review
    }

    /// A click on a hint is the key it shows, guards included.
    fn click_hint(&mut self, x: u16) -> Vec<Effect> {
        // Words about typing stand for no key.
        if super::super::view::layer_hints(self).is_some() {
            return Vec::new();
        }
        let hints = super::super::view::hints(self, self.area.width);
        let Some((row, _)) = hints.into_iter().find(|(_, columns)| columns.contains(&x)) else {
            return Vec::new();
        };
        let Some(key) = self.settings.keys.of(row).first().copied() else { return Vec::new() };
        let verdict = self.guard.click(key, self.now);
        self.perform_row(row, key, verdict)
    }

    fn click_row(&mut self, pane: Pane, row: usize, (x, y): (u16, u16)) -> Vec<Effect> {
        match pane {
            Pane::Queue => {
                let Some(place) = row.checked_sub(2).map(|row| self.queue.window().start + row)
                else {
                    return Vec::new();
                };
                if place < self.queue.len() && self.queue.go(place) {
                    self.open_selected()
                } else {
                    Vec::new()
                }
            }
            Pane::Note => {
                let Some(open) = &self.open else { return Vec::new() };
                let rows = open.rows(self.note_wide());
                let found = rows.get(open.top + row).and_then(|row| {
                    open.analysis.segments.iter().position(|segment| {
                        segment.span.start as usize <= row.end
                            && row.start < segment.span.end as usize
                    })
                });
                if let Some(segment) = found {
                    self.go_to_segment(segment);
                }
                Vec::new()
            }
            Pane::Findings => {
                self.target_at(x, y).map_or_else(Vec::new, |target| self.click(target))
            }
        }
    }

    /// Returns what stands at a place; what was drawn last lies on top.
    fn target_at(&self, x: u16, y: u16) -> Option<Target> {
        let hits = super::super::view::targets(self);
        hits.into_iter().rev().find(|hit| hit.area.contains((x, y).into())).map(|hit| hit.target)
    }

    /// Goes where a click says, or presses the key that does the same there; guards as for the key.
    fn click(&mut self, target: Target) -> Vec<Effect> {
        let key = match target {
            Target::Segment(at) => {
                self.go_to_segment(at);
                None
            }
            Target::Warning(at) => {
                self.go_to_warning(at);
                None
            }
            Target::Row(at) => self.choose_row(at),
            Target::Reason(digit) => {
                let key = Key::Char(char::from(b'0' + digit));
                self.focus_field(FormFocus::Reason).then_some(key)
            }
            Target::Form(focus) => self.focus_field(focus).then_some(Key::Enter),
            Target::Query(focus) => {
                if let Some(Layer::Query(form)) = self.layers.last_mut() {
                    form.focus = focus;
                }
                Some(Key::Enter)
            }
        };
        let Some(key) = key else { return Vec::new() };
        let verdict = self.guard.click(key, self.now);
        self.key_with(key, verdict)
    }

    /// Puts the cursor of the top list on a row; returns the key that a click presses there as well.
    fn choose_row(&mut self, at: usize) -> Option<Key> {
        let (cursor, key) = match self.layers.last_mut()? {
            Layer::Menu(menu) => (&mut menu.cursor, Some(Key::Enter)),
            Layer::History { cursor, .. } => (cursor, Some(Key::Enter)),
            Layer::Help(finder) | Layer::Palette(finder) => (&mut finder.cursor, Some(Key::Enter)),
            // These rows are looked at before anything is done with them.
            Layer::Settings(cursor) => (cursor, None),
            Layer::Queries(list) => (&mut list.cursor, None),
            _ => return None,
        };
        *cursor = at;
        key
    }

    /// Gives a field of the form the focus, unless the one before holds what its line cannot take.
    fn focus_field(&mut self, focus: FormFocus) -> bool {
        let may_leave = self.leave_field();
        if let Some(form) = self.form().filter(|_| may_leave) {
            form.focus = focus;
        }
        may_leave
    }
}
