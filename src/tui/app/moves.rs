//! Moving about: notes, segments, warnings, panes, scrolling, and the layers that only show.

use super::super::action::Action;
use super::super::layout::Pane;
use super::super::message::Effect;
use super::{App, FormFocus, Layer, QueryFocus, Screen};

impl App {
    /// Does an action that changes nothing but what is looked at.
    pub(super) fn look(&mut self, action: Action) -> Vec<Effect> {
        if let Some(effects) = self.look_in_layer(action) {
            return effects;
        }
        match action {
            Action::NextNote => return self.step_note(1),
            Action::PreviousNote => return self.step_note(-1),
            Action::NextOpen => return self.next_open(),
            Action::NextSegment => self.step_segment(1),
            Action::PreviousSegment => self.step_segment(-1),
            Action::NextWarning => self.next_warning(),
            Action::NextMention | Action::PreviousMention => self.step_mention(action),
            Action::Explain => self.explain(),
            Action::Queue if self.screen == Screen::Queue => return self.leave_queue(),
            Action::Queue => self.screen = Screen::Queue,
            Action::Board => {
                self.go_to_screen(Screen::Board);
                return vec![Effect::Figures(self.range)];
            }
            Action::Zoom => self.focus.zoom = !self.focus.zoom,
            Action::TimeAndUnits => self.push(Layer::Time { other_first: false, top: 0 }),
            Action::History => self.push(Layer::History { cursor: 0, details: false }),
            Action::AboutNote => self.push(Layer::About { top: 0 }),
            Action::Palette => self.push(Layer::Palette(super::Finder::default())),
            Action::Help => self.push(Layer::Help(super::Finder::default())),
            Action::NextPane | Action::PreviousPane if self.screen == Screen::Board => {
                self.step_panel(action);
            }
            Action::NextPane | Action::PreviousPane if self.screen != Screen::Review => {
                self.refuse("There is one pane here. Esc goes back to the note.");
            }
            Action::NextPane => self.set_pane(self.focus.pane.turn(1)),
            Action::PreviousPane => self.set_pane(self.focus.pane.turn(2)),
            _ => return self.scroll(action),
        }
        Vec::new()
    }

    pub(super) fn push(&mut self, layer: Layer) {
        self.layers.push(layer);
        self.guard.changed(self.now);
    }

    pub(super) fn set_pane(&mut self, pane: Pane) {
        self.focus.pane = pane;
        match pane {
            Pane::Queue => self.focus.side_is_queue = true,
            Pane::Findings => self.focus.side_is_queue = false,
            Pane::Note => {}
        }
    }

    /// Closes the top layer, the screen or the zoom; typed text stays as a draft.
    pub(super) fn close(&mut self) -> Vec<Effect> {
        // What was typed on a line of the form is taken over first, or stays with its reason.
        let told = self.change_form().is_some_and(|form| form.line_fault.is_some());
        if matches!(self.layers.last(), Some(Layer::Change(_))) && !told && !self.leave_field() {
            return Vec::new();
        }
        match self.layers.pop() {
            Some(Layer::Change(form)) => {
                if told {
                    self.say("That line stays as it was.");
                }
                self.keep_form(&form);
            }
            Some(Layer::Prompt(prompt)) if prompt.kind == super::PromptKind::Filter => {
                self.filter_typed(prompt.before);
                self.say(format!("Filter: {}", self.filter_words()));
                // The note in view is the one under the cursor again.
                if self.screen == Screen::Review && self.arranging.is_none() {
                    return self.open_selected();
                }
            }
            Some(Layer::Prompt(prompt)) if prompt.kind == super::PromptKind::Find => {
                self.forget_found();
            }
            Some(Layer::Prompt(prompt)) => self.keep_line(prompt.kind, prompt.field.text()),
            Some(Layer::Query(form)) => self.keep_query(*form),
            Some(Layer::Select) => {
                self.unselect();
                self.say("Nothing is copied.");
            }
            Some(Layer::Changed) => {
                if let Some(open) = &mut self.open {
                    open.outdated = true;
                }
                self.refuse(
                    "This is the old text; nothing can be recorded on it. r reads the new one",
                );
            }
            Some(_) => {}
            None if self.unselect() => {}
            None if self.opening.is_some() => return self.stop_opening(),
            None if self.exporting => return vec![Effect::Stop],
            None if self.arranging.is_some() => return vec![Effect::Stop],
            None if self.screen == Screen::Board => {
                self.screen = self.back_to;
                return if self.counts() { vec![Effect::Stop] } else { Vec::new() };
            }
            None if self.screen == Screen::Queue => return self.leave_queue(),
            None if self.screen != Screen::Review => self.screen = self.back_to,
            None if self.focus.zoom => self.focus.zoom = false,
            None => self.said = super::Said::default(),
        }
        Vec::new()
    }

    /// Goes from the whole queue to the review of the note under the cursor.
    fn leave_queue(&mut self) -> Vec<Effect> {
        self.screen = Screen::Review;
        self.open_selected()
    }

    pub(super) fn step_segment(&mut self, by: isize) {
        let Some(open) = &mut self.open else { return };
        let count = open.analysis.segments.len();
        if count > 0 {
            let at = (open.segment + count).saturating_add_signed(by) % count;
            self.go_to_segment(at);
        }
    }

    pub(super) fn go_to_segment(&mut self, segment: usize) {
        let height = self.note_height();
        let Some(open) = &mut self.open else { return };
        let Some(found) = open.analysis.segments.get(segment) else { return };
        let bytes = found.span.range();
        open.segment = segment;
        open.evidence = 0;
        open.findings_top = 0;
        open.visited.insert(segment);
        if open.visited.len() == open.analysis.segments.len() && open.visited.len() > 1 {
            open.seen = true;
        }
        open.reveal(bytes, height);
    }

    fn next_warning(&mut self) {
        let Some(open) = &self.open else { return };
        let at = open.warning.map_or(0, |at| (at + 1) % open.order.len().max(1));
        self.go_to_warning(at);
    }

    pub(super) fn go_to_warning(&mut self, at: usize) {
        let height = self.note_height();
        let Some(open) = &mut self.open else { return };
        open.warning = Some(at);
        let Some(warning) = open.current_warning() else { return };
        let words = format!(
            "{} {}: {}. {}",
            warning.severity.sign(),
            warning.rule,
            warning.message.trim_end_matches('.'),
            warning.remedy
        );
        let span = warning.span;
        if let Some(span) = span {
            open.reveal(span.range(), height);
        }
        self.say(words);
    }

    /// Goes to a screen that Esc leaves again: back to the queue, if it was opened there.
    fn go_to_screen(&mut self, screen: Screen) {
        if matches!(self.screen, Screen::Review | Screen::Queue) {
            self.back_to = self.screen;
        }
        self.screen = screen;
    }

    pub(super) fn explain(&mut self) {
        if self.screen == Screen::Findings {
            self.screen = self.back_to;
        } else {
            self.go_to_screen(Screen::Findings);
        }
        if let Some(open) = &mut self.open {
            open.seen = true;
            open.evidence = 0;
        }
    }

    /// Returns the rows of text in view; a full page where the note is not shown.
    pub(super) fn note_height(&self) -> usize {
        let panes = self.panes();
        panes.and_then(|panes| panes.note).map_or(20, |area| usize::from(area.height))
    }

    fn page(&self) -> usize {
        usize::from(self.area.height.saturating_sub(5)).max(1)
    }

    fn scroll(&mut self, action: Action) -> Vec<Effect> {
        match (self.screen, self.focus.pane) {
            (Screen::Queue, _) | (Screen::Review, Pane::Queue) => self.scroll_queue(action),
            (Screen::Review, Pane::Note) => {
                self.scroll_note(action);
                Vec::new()
            }
            (Screen::Review, Pane::Findings) => {
                let page = self.page();
                if let Some(open) = &mut self.open {
                    // The page of findings is short; the view stops at its last row.
                    open.findings_top = moved(open.findings_top, 400, page, action);
                }
                Vec::new()
            }
            (Screen::Findings, _) => {
                let (page, count) = (self.page(), self.evidence_rows());
                if let Some(open) = &mut self.open {
                    open.evidence = moved(open.evidence, count, page, action);
                }
                Vec::new()
            }
            (Screen::Board, _) => self.scroll_board(action),
        }
    }

    fn scroll_note(&mut self, action: Action) {
        let height = self.note_height();
        if let Some(open) = &mut self.open {
            let last = open.row_count().saturating_sub(height);
            open.top = moved(open.top, last + 1, height, action);
        }
    }

    fn scroll_queue(&mut self, action: Action) -> Vec<Effect> {
        let moved = match action {
            Action::Up => self.queue.step(-1),
            Action::Down => self.queue.step(1),
            Action::PageUp => self.queue.page(-1),
            Action::PageDown => self.queue.page(1),
            Action::Home => self.queue.go(0),
            Action::End => self.queue.go(usize::MAX),
            _ => false,
        };
        if moved && self.screen == Screen::Review { self.open_selected() } else { Vec::new() }
    }

    pub(super) fn step_note(&mut self, by: isize) -> Vec<Effect> {
        if self.queue.step(by) {
            self.open_selected()
        } else {
            self.refuse(if by > 0 { "This is the last note." } else { "This is the first note." });
            Vec::new()
        }
    }

    pub(super) fn next_open(&mut self) -> Vec<Effect> {
        // After a lost lease a form's words are a draft already; a query is kept for its note.
        let query = self.layers.iter().find_map(|layer| match layer {
            Layer::Query(form) => Some((**form).clone()),
            _ => None,
        });
        if let Some(form) = query {
            self.keep_query(form);
        }
        self.layers.retain(|layer| {
            !matches!(layer, Layer::LeaseLost(_) | Layer::Change(_) | Layer::Query(_))
        });
        if let Some((place, round)) =
            self.decided.next_open(self.queue.order(), self.queue.cursor())
        {
            if self.queue.go(place) {
                self.say(if round {
                    "Next open note, from the top again."
                } else {
                    "Next open note."
                });
            } else {
                self.say("This is the only open note.");
            }
            self.open_selected()
        } else {
            self.refuse("No open note is left in this view.");
            Vec::new()
        }
    }

    /// Enter: a row opens its note, a segment its points, a warning its words, a button is pressed.
    pub(super) fn enter(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.enter_layer() {
            return effects;
        }
        match (self.screen, self.focus.pane) {
            (Screen::Queue, _) => {
                self.screen = Screen::Review;
                self.set_pane(Pane::Note);
                self.open_selected()
            }
            (Screen::Review, Pane::Queue) => {
                self.set_pane(Pane::Note);
                self.open_selected()
            }
            (Screen::Review, _) if self.is_hidden() => Vec::new(),
            (Screen::Review, Pane::Findings) => {
                if self.open.as_ref().is_some_and(|open| open.warning.is_some()) {
                    self.push(Layer::Warning);
                } else if self.open.is_some() {
                    self.explain();
                }
                Vec::new()
            }
            (Screen::Review, Pane::Note) => {
                if self.open.is_some() {
                    self.explain();
                }
                Vec::new()
            }
            (Screen::Findings, _) => Vec::new(),
            (Screen::Board, _) => self.open_figure(),
        }
    }

    /// Moves inside the top layer; `None` when no layer is open.
    fn look_in_layer(&mut self, action: Action) -> Option<Vec<Effect>> {
        if let Some(effects) = self.in_settings(action) {
            return Some(effects);
        }
        let page = self.page();
        let items = self.item_count();
        match self.layers.last_mut()? {
            // The way out of a note that somebody else has: it is left as from the screen itself.
            Layer::LeaseLost(_) if action == Action::NextOpen => return None,
            Layer::Change(form) => form.moved(action),
            Layer::Query(form) => form.moved(action),
            Layer::Defer(cursor) => *cursor = moved(*cursor, 4, 4, action),
            Layer::Menu(menu) => menu.cursor = moved(menu.cursor, items, page, action),
            Layer::Help(finder) | Layer::Palette(finder) => {
                finder.cursor = moved(finder.cursor, items, page / 2, action);
            }
            Layer::Time { top, .. }
            | Layer::About { top }
            | Layer::Rule { top, .. }
            | Layer::Messages { top } => {
                *top = moved(*top, items.max(1), page, action);
            }
            Layer::Queries(list) => list.cursor = moved(list.cursor, items, page, action),
            Layer::Bulk(form) => form.top = moved(form.top, items.max(1), page, action),
            Layer::History { cursor, .. } | Layer::Settings(cursor) => {
                *cursor = moved(*cursor, items, page, action);
            }
            Layer::Prompt(prompt) if prompt.kind == super::PromptKind::Find => match action {
                Action::Down | Action::NextPane => self.step_found(1),
                Action::Up | Action::PreviousPane => self.step_found(-1),
                _ => {}
            },
            Layer::Prompt(_) if action == Action::NextPane => {
                self.complete_prompt();
            }
            Layer::Select => self.move_selection(action),
            _ => {}
        }
        if action == Action::Help {
            self.push(Layer::Help(super::Finder::default()));
        }
        Some(Vec::new())
    }

    /// Tells whether Enter would press a button that records.
    pub(super) fn on_button(&self) -> bool {
        match self.layers.last() {
            Some(Layer::Change(form)) => form.focus == FormFocus::Record,
            Some(Layer::Query(form)) => {
                matches!(form.focus, QueryFocus::Record | QueryFocus::RecordAndCopy)
            }
            Some(Layer::Defer(_) | Layer::Bulk(_)) => true,
            _ => false,
        }
    }
}

/// Returns a cursor after a move among `count` rows.
pub(super) fn moved(at: usize, count: usize, page: usize, action: Action) -> usize {
    let last = count.saturating_sub(1);
    match action {
        Action::Up | Action::Left => at.saturating_sub(1),
        Action::Down | Action::Right => (at + 1).min(last),
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => (at + page).min(last),
        Action::Home => 0,
        Action::End => last,
        Action::NextPane => (at + 1) % count.max(1),
        Action::PreviousPane => (at + last) % count.max(1),
        _ => at,
    }
    .min(last)
}
