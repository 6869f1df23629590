//! Doors for the review in lines: the same acts without forms for the eye.

use crate::review::query::TEMPLATES;
use crate::review::{Choice, Draft};

use super::super::action::Action;
use super::super::message::Effect;
use super::{App, FormFocus, Layer, QueryFocus};

impl App {
    pub(in crate::tui) fn plain_act(&mut self, action: Action) -> Vec<Effect> {
        self.act(action)
    }

    pub(in crate::tui) fn plain_keep(&self) -> Effect {
        self.keep()
    }

    pub(in crate::tui) fn plain_retry(&mut self) -> Vec<Effect> {
        self.retry()
    }

    pub(in crate::tui) fn plain_go(&mut self, key: &str) -> Vec<Effect> {
        self.go_to(key)
    }

    pub(in crate::tui) fn plain_flag(&mut self, question: String) -> Vec<Effect> {
        self.flag_with(question)
    }

    /// Filters the queue; one act to take back.
    pub(in crate::tui) fn plain_filter(&mut self, terms: &str) -> Vec<Effect> {
        let before = self.shown.clone();
        let effects = self.filter_to(terms);
        self.filter_typed(before);
        effects
    }

    pub(in crate::tui) fn plain_choose(&mut self, segment: usize, choice: Choice) {
        self.go_to_segment(segment);
        self.choose(choice);
    }

    /// Records the draft as a change; the checks are those of the form.
    pub(in crate::tui) fn plain_change(&mut self, reason: usize, comment: &str) -> Vec<Effect> {
        let mut draft: Draft = self.current_draft();
        draft.set_words(Some(reason), comment);
        if let Some(id) = self.open.as_ref().map(|open| open.id) {
            self.drafts.insert(id, draft);
        }
        let mut effects = self.open_change();
        if let Some(Layer::Change(form)) = self.layers.last_mut() {
            form.focus = FormFocus::Record;
        }
        effects.extend(self.enter_form());
        effects
    }

    /// Returns the questions of all templates about the current segment.
    pub(in crate::tui) fn plain_questions(&mut self) -> Vec<String> {
        let _ = self.open_query();
        // Nothing is open to the person: what opening it says is not theirs to hear.
        self.said = super::Said::default();
        let analysis = self.open.as_ref().map(|open| open.analysis.clone());
        let Some((Layer::Query(mut form), analysis)) = self.layers.pop().zip(analysis) else {
            return Vec::new();
        };
        let question = |at| {
            form.draft.choose(&analysis, at);
            form.draft.question().to_owned()
        };
        (0..TEMPLATES.len()).map(question).collect()
    }

    /// Records a query by the number of its template.
    pub(in crate::tui) fn plain_query(&mut self, template: usize) -> Vec<Effect> {
        let mut effects = self.open_query();
        let analysis = self.open.as_ref().map(|open| open.analysis.clone());
        if let (Some(Layer::Query(form)), Some(analysis)) = (self.layers.last_mut(), analysis) {
            form.draft.choose(&analysis, template.saturating_sub(1));
            form.question.set(form.draft.question());
            form.focus = QueryFocus::Record;
        }
        effects.extend(self.enter_query());
        effects
    }
}
