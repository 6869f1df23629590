//! The form of a query to the therapist.

use crate::model::DecisionKind;
use crate::review::query::{QueryDraft, TEMPLATES};

use super::super::action::Action;
use super::super::field::{Field, Lines};
use super::super::guard::Refused;
use super::super::key::Key;
use super::super::message::Effect;
use super::{App, Layer};

/// The field of the query that has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryFocus {
    /// The template.
    Template,
    /// The question.
    Question,
    /// An answer.
    Answer(usize),
    /// The button that records.
    Record,
    /// The button that records and copies.
    RecordAndCopy,
    /// The button that does neither.
    Cancel,
}

/// The query while it is written.
#[derive(Debug, Clone)]
pub struct QueryForm {
    /// Template, segment, answers.
    pub draft: QueryDraft,
    /// The question.
    pub question: Field,
    /// Focus.
    pub focus: QueryFocus,
}

impl QueryForm {
    /// Returns the text field with the focus.
    pub fn field(&mut self) -> Option<&mut Field> {
        (self.focus == QueryFocus::Question).then_some(&mut self.question)
    }

    fn stops(&self) -> Vec<QueryFocus> {
        let mut stops = vec![QueryFocus::Template, QueryFocus::Question];
        stops.extend((0..self.draft.answers.len()).map(QueryFocus::Answer));
        stops.extend([QueryFocus::Record, QueryFocus::RecordAndCopy, QueryFocus::Cancel]);
        stops
    }

    pub(super) fn moved(&mut self, action: Action) {
        let back = match action {
            Action::Down | Action::Right | Action::NextPane => false,
            Action::Up | Action::Left | Action::PreviousPane => true,
            _ => return,
        };
        let stops = self.stops();
        let at = stops.iter().position(|stop| *stop == self.focus).unwrap_or_default();
        self.focus = stops[if back { at + stops.len() - 1 } else { at + 1 } % stops.len()];
    }
}

impl App {
    pub(super) fn open_query(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        if let Some(kept) = self.kept.queries.remove(&open.id) {
            self.push(Layer::Query(Box::new(kept)));
            self.say("The query as you left it. Nothing is recorded yet.");
            return Vec::new();
        }
        let segment = (!open.analysis.segments.is_empty()).then_some(open.segment);
        let draft = if self.is_hidden() {
            QueryDraft::blind(&open.note, &open.analysis, segment)
        } else {
            QueryDraft::new(&open.note, &open.analysis, segment)
        };
        let question = Field::new(Lines::One, draft.question());
        self.push(Layer::Query(Box::new(QueryForm {
            draft,
            question,
            focus: QueryFocus::Template,
        })));
        self.say("The note stays open until the query is answered or closed.");
        Vec::new()
    }

    /// Keeps a query whose question was written by hand, for the next time it is opened.
    pub(super) fn keep_query(&mut self, form: QueryForm) {
        let Some(id) = self.open.as_ref().map(|open| open.id) else { return };
        if form.question.text() != form.draft.question() {
            self.kept.queries.insert(id, form);
            self.say("Query kept; q opens it again. Nothing is recorded.");
        }
    }

    fn query(&mut self) -> Option<&mut QueryForm> {
        match self.layers.last_mut() {
            Some(Layer::Query(form)) => Some(form),
            _ => None,
        }
    }

    /// Keys of the query that are no actions: digits choose a template, Space switches an answer.
    pub(super) fn key_in_query(&mut self, key: Key, verdict: Result<(), Refused>) -> bool {
        let analysis = self.open.as_ref().map(|open| open.analysis.clone());
        let Some(form) = self.query() else { return false };
        match (key, form.focus) {
            (Key::Char(digit @ '0'..='9'), focus) if focus != QueryFocus::Question => {
                // 0 is the tenth.
                let at = (digit as usize - '0' as usize + 9) % 10;
                if let (Some(analysis), true) = (analysis, at < TEMPLATES.len()) {
                    form.draft.choose(&analysis, at);
                    form.question.set(form.draft.question());
                }
                true
            }
            (Key::Char(' '), QueryFocus::Answer(at)) => {
                if let Some(answer) = form.draft.answers.get_mut(at) {
                    answer.on = !answer.on;
                }
                true
            }
            (Key::Enter, QueryFocus::Record | QueryFocus::RecordAndCopy) => {
                if let Err(refused) = verdict {
                    self.say_refused(key, refused);
                    return true;
                }
                false
            }
            (Key::Enter, QueryFocus::Cancel) => false,
            (Key::Tab | Key::Enter, _) => {
                form.moved(Action::NextPane);
                self.fresh_on_button();
                true
            }
            (Key::BackTab, _) => {
                form.moved(Action::PreviousPane);
                self.fresh_on_button();
                true
            }
            _ => false,
        }
    }

    fn fresh_on_button(&mut self) {
        if self.on_button() {
            self.guard.changed(self.now);
        }
    }

    /// Presses Enter in the query.
    pub(super) fn enter_query(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let (note, key) = (open.note.clone(), open.note.key.clone());
        let Some(form) = self.query() else { return Vec::new() };
        let copies = match form.focus {
            QueryFocus::Record => false,
            QueryFocus::RecordAndCopy => true,
            QueryFocus::Cancel => return self.close(),
            _ => return Vec::new(),
        };
        let question = form.question.text().to_owned();
        let broken = form.draft.check(&note, &question);
        if let Some(rule) = broken.iter().find(|rule| rule.blocks) {
            let words = format!("Not recorded: the wording {} ({}).", rule.message, rule.rule);
            form.focus = QueryFocus::Question;
            self.refuse(words);
            return Vec::new();
        }
        let recorded = form.draft.recorded(&question);
        let id = format!("query-{}", TEMPLATES[form.draft.template].id);
        // The copy goes to the therapist, not to the log: it cites the note by key and line only.
        let copy = copies.then(|| format!("About note {key}\n{recorded}\n"));
        let draft = self.current_draft();
        self.decide_with(DecisionKind::Query, &draft, copy, |decision| {
            decision.reason = Some(id);
            // What was typed before, as the answer to an earlier query, is recorded with it.
            let typed = decision.comment.take().map_or_else(String::new, |typed| typed + "\n");
            decision.comment = Some(typed + &recorded);
        })
    }
}
