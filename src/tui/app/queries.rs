//! The list of open queries: an answer is taken down, or a query closed that nobody answered.

use crate::model::DecisionKind;
use crate::review::asked::UNANSWERED;
use crate::review::{OpenQueries, OpenQuery, Problem, State};

use super::super::layout::Pane;
use super::super::message::Effect;
use super::{App, Blind, Layer, Screen};

/// What stands before the answer to a query in the comment of a decision.
pub(super) const ANSWER: &str = "Answer: ";

/// The list with its cursor.
#[derive(Debug, Clone, Default)]
pub struct QueryList {
    /// The queries, once the log has told them.
    pub found: Option<OpenQueries>,
    /// Row under the cursor.
    pub cursor: usize,
}

impl QueryList {
    /// Returns the queries that are listed.
    pub fn waiting(&self) -> &[OpenQuery] {
        self.found.as_ref().map_or(&[], |found| &found.waiting)
    }
}

impl App {
    pub(super) fn open_queries(&mut self) -> Vec<Effect> {
        self.push(Layer::Queries(QueryList::default()));
        vec![Effect::Queries]
    }

    pub(super) fn on_queries(&mut self, found: Result<OpenQueries, Problem>) -> Vec<Effect> {
        let mut found = match found {
            Ok(found) => found,
            Err(problem) => {
                self.fail(format!("{} {}", problem.why, problem.remedy));
                return Vec::new();
            }
        };
        // Whom others asked, and what, would tell a blind review where they were in doubt.
        if self.settings.blind != Blind::Off {
            found.waiting.retain(|query| query.who == self.settings.coder);
            found.more = 0;
        }
        let lists = self.layers.iter_mut().rev();
        if let Some(Layer::Queries(list)) =
            lists.into_iter().find(|layer| matches!(layer, Layer::Queries(_)))
        {
            list.cursor = list.cursor.min(found.waiting.len().saturating_sub(1));
            list.found = Some(found);
        }
        Vec::new()
    }

    /// Returns the query under the cursor of the list, also from below a typed line.
    pub(in crate::tui) fn query_under_cursor(&self) -> Option<&OpenQuery> {
        self.layers.iter().rev().find_map(|layer| match layer {
            Layer::Queries(list) => list.waiting().get(list.cursor),
            _ => None,
        })
    }

    /// Needs a query of this queue under the cursor.
    pub fn cannot_end_query(&self) -> Option<&'static str> {
        if self.settings.read_only.is_some() {
            return Some("this review is read only");
        }
        if self.pending.is_some() {
            return Some("the last decision is still being recorded");
        }
        match self.query_under_cursor() {
            None => Some("no query waits for an answer"),
            Some(query) if query.id.is_none() => Some("its note is not in this queue"),
            Some(_) => None,
        }
    }

    /// Enter: the note of the query under the cursor.
    pub(super) fn open_queried(&mut self) -> Vec<Effect> {
        let Some(query) = self.query_under_cursor().cloned() else { return self.close() };
        let Some(id) = query.id else {
            self.refuse(format!("{} is not in this queue.", query.key));
            return Vec::new();
        };
        self.layers.retain(|layer| !matches!(layer, Layer::Queries(_)));
        self.screen = Screen::Review;
        self.set_pane(Pane::Note);
        self.say(format!("{}: asked {} by {}.", query.key, query.when, query.who));
        self.go_to_note(id)
    }

    /// The answer waits in the draft of its note for the decision that ends the query.
    pub(super) fn answer_query(&mut self, answer: &str) -> Vec<Effect> {
        let Some((id, key)) =
            self.query_under_cursor().and_then(|query| Some((query.id?, query.key.clone())))
        else {
            return Vec::new();
        };
        let draft = self.drafts.entry(id).or_default();
        let values = draft.values();
        let answer = format!("{ANSWER}{answer}");
        let comment = if values.comment.is_empty() {
            answer
        } else {
            format!("{}\n{answer}", values.comment)
        };
        draft.set_words(values.reason, &comment);
        let effects = self.open_queried();
        self.say(format!("Answer kept for {key}, not recorded yet: a, c or d records it."));
        effects
    }

    /// Closes the query under the cursor: its note is opened first, so that nothing is recorded on a
    /// text that is no longer there.
    pub(super) fn close_query(&mut self, reason: String) -> Vec<Effect> {
        let Some(id) = self.query_under_cursor().and_then(|query| query.id) else {
            return Vec::new();
        };
        self.kept.closing = Some((id, reason));
        if self.open.as_ref().is_some_and(|open| open.id == id) {
            return self.close_opened_query();
        }
        self.go_to_note(id)
    }

    /// Records the end of a query whose note was opened for that.
    pub(super) fn close_opened_query(&mut self) -> Vec<Effect> {
        let here = self.open.as_ref().map(|open| open.id);
        let Some((id, reason)) = self.kept.closing.take_if(|(id, _)| Some(*id) == here) else {
            return Vec::new();
        };
        let asked = self
            .open
            .as_ref()
            .is_some_and(|open| open.state == State::Decided(DecisionKind::Query));
        let refused = if asked { self.cannot_decide() } else { Some("it was decided meanwhile") };
        if let Some(why) = refused {
            self.kept.lines.insert((super::PromptKind::CloseQuery, Some(id)), reason);
            self.refuse(format!("Not closed: {why}. The reason is kept."));
            return vec![Effect::Queries];
        }
        let draft = self.current_draft();
        self.decide_with(DecisionKind::Defer, &draft, None, |decision| {
            decision.reason = Some(UNANSWERED.to_owned());
            decision.comment = Some(reason);
        })
    }
}
