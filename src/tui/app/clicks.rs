//! The mouse: rows, segments, warnings, hints, buttons and rows of lists, by what is written there.

use super::super::action::Action;
use super::super::key::Key;
use super::super::layout::Pane;
use super::super::message::{Effect, Mouse};
use super::{App, FormFocus, Layer, QueryFocus};

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
            return self.click_layer(x, y);
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
            Pane::Findings => self.click_finding(x, y),
        }
    }

    /// A click on a segment goes to it, on a warning to its words in the note.
    fn click_finding(&mut self, x: u16, y: u16) -> Vec<Effect> {
        let Some((panes, open)) = self.panes().zip(self.open.as_ref()) else { return Vec::new() };
        let Some(area) = panes.get(Pane::Findings).filter(|_| !self.is_hidden()) else {
            return Vec::new();
        };
        let row = usize::from(y.saturating_sub(area.y)) + open.findings_top;
        if let Some(at) = row.checked_sub(1).filter(|at| *at < open.analysis.segments.len()) {
            self.go_to_segment(at);
            return Vec::new();
        }
        // Which warning a row tells of is read from the picture: rows come and go with the window.
        let mut told = Vec::new();
        for line in area.y..=y {
            let row = super::super::view::painted(self, line);
            let words: String = row[usize::from(area.x)..usize::from(area.right())].concat();
            let mut parts = words.trim_start_matches('>').split_whitespace();
            let sign = parts.next().filter(|sign| matches!(*sign, "!" | "?" | "i"));
            if let Some(rule) = sign.and(parts.next()) {
                told.push(rule.to_owned());
            } else if words.trim_start().starts_with("Lines") {
                told.clear();
            }
        }
        let rules: Vec<&str> = open
            .order
            .iter()
            .filter_map(|at| open.analysis.warnings.get(*at))
            .map(|warning| warning.rule.as_str())
            .collect();
        let found = (!told.is_empty())
            .then(|| rules.windows(told.len()).position(|window| window == told))
            .flatten();
        if let (Some(first), true) = (found, x < area.right()) {
            self.go_to_warning(first + told.len() - 1);
        }
        Vec::new()
    }

    /// A click on a button presses it, on a row of a list chooses it; guards as for the key.
    fn click_layer(&mut self, x: u16, y: u16) -> Vec<Effect> {
        let row = super::super::view::painted(self, y);
        if let Some(label) = bracketed(&row, usize::from(x)) {
            return self.click_button(label.trim());
        }
        let words = between_bars(&row, usize::from(x));
        let words = words.trim().trim_start_matches('>').trim_start();
        let Some(at) = self.row_told(words) else { return Vec::new() };
        match self.layers.last_mut() {
            Some(Layer::Menu(menu)) => menu.cursor = at,
            Some(Layer::Settings(cursor)) => {
                *cursor = at;
                return Vec::new();
            }
            Some(Layer::Queries(list)) => {
                list.cursor = at;
                return Vec::new();
            }
            Some(Layer::History { cursor, .. }) => *cursor = at,
            Some(Layer::Help(finder) | Layer::Palette(finder)) => finder.cursor = at,
            _ => return Vec::new(),
        }
        let verdict = self.guard.click(Key::Enter, self.now);
        self.key_with(Key::Enter, verdict)
    }

    /// Returns the row of the top list that these words stand for.
    fn row_told(&self, words: &str) -> Option<usize> {
        let number = || words.split_whitespace().next()?.parse::<u64>().ok();
        match self.layers.last()? {
            Layer::Menu(menu) => {
                let at = usize::try_from(number()?).ok()?.checked_sub(1)?;
                let items = self.menu_items(menu.kind);
                let item = items.get(at)?.split_whitespace().next()?;
                words.split_whitespace().any(|word| word == item).then_some(at)
            }
            Layer::Settings(_) => {
                let name = words.split_whitespace().next()?;
                self.settings.rows.iter().position(|row| row.name == name)
            }
            Layer::Queries(list) => {
                let shown = words.split_whitespace().nth(1)?;
                let (begin, end) = shown.split_once(['…', '~']).unwrap_or((shown, ""));
                list.waiting().iter().position(|query| {
                    query.key.starts_with(begin)
                        && query.key.ends_with(end)
                        && words.contains(&query.when)
                })
            }
            Layer::History { .. } => {
                let (seq, open) = (number()?, self.open.as_ref()?);
                open.history.iter().position(|entry| entry.seq == seq)
            }
            Layer::Palette(finder) => {
                let items = self.palette_items(finder.find.text());
                items.iter().position(|item| !words.is_empty() && words.starts_with(&item.help))
            }
            Layer::Help(finder) => {
                let items = self.help_items(finder.find.text());
                items.iter().position(|item| {
                    let rest = words.strip_prefix(&item.key).map(str::trim_start);
                    rest.is_some_and(|rest| rest.starts_with(&item.help))
                })
            }
            _ => None,
        }
    }

    /// Presses a button by its label, or takes the reason whose digit stands in it.
    fn click_button(&mut self, label: &str) -> Vec<Effect> {
        let digit = label.parse::<u8>().ok().filter(|digit| (1..=8).contains(digit));
        match self.layers.last() {
            Some(Layer::Change(_)) => {
                let focus = match (label, digit) {
                    ("Record change", _) => FormFocus::Record,
                    ("Cancel", _) => FormFocus::Cancel,
                    (_, Some(_)) => FormFocus::Reason,
                    _ => return Vec::new(),
                };
                // What was typed on a line is taken over first, or stays with its reason.
                if !self.leave_field() {
                    return Vec::new();
                }
                if let Some(form) = self.form() {
                    form.focus = focus;
                }
            }
            Some(Layer::Query(_)) => {
                let focus = match label {
                    "Record query" => QueryFocus::Record,
                    "Record and copy" => QueryFocus::RecordAndCopy,
                    "Cancel" => QueryFocus::Cancel,
                    _ => return Vec::new(),
                };
                if let Some(Layer::Query(form)) = self.layers.last_mut() {
                    form.focus = focus;
                }
            }
            Some(Layer::Defer(_)) if digit.is_some() => {}
            _ => return Vec::new(),
        }
        let key = match digit {
            Some(digit) => Key::Char(char::from(b'0' + digit)),
            None => Key::Enter,
        };
        let verdict = self.guard.click(key, self.now);
        self.key_with(key, verdict)
    }
}

/// Returns what stands in brackets around a column: the label of a button.
fn bracketed(row: &[String], x: usize) -> Option<String> {
    let from = (0..=x.min(row.len().checked_sub(1)?)).rev().find(|at| row[*at] == "[")?;
    let to = (from..row.len()).find(|at| row[*at] == "]")?;
    (x <= to).then(|| row[from + 1..to].concat())
}

/// Returns what stands between the bars of a frame around a column.
fn between_bars(row: &[String], x: usize) -> String {
    let bar = |at: &usize| matches!(row[*at].as_str(), "│" | "|");
    let x = x.min(row.len().saturating_sub(1));
    let from = (0..x).rev().find(bar).map_or(0, |at| at + 1);
    let to = (x..row.len()).find(bar).unwrap_or(row.len());
    row[from..to.max(from)].concat()
}
