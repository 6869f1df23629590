//! Doors for the review in lines: the same acts without forms for the eye.

use crate::model::Code;
use crate::review::query::TEMPLATES;
use crate::review::{Choice, Draft, OpenQuery};

use super::super::action::Action;
use super::super::message::Effect;
use super::queries::ANSWER;
use super::{App, FormFocus, Layer, QueryFocus};

/// How a query ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum QueryEnd {
    /// The therapist answered.
    Answered,
    /// Nobody did.
    Closed,
}

/// What is set on a line by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum OnLine {
    /// Its units.
    Units,
    /// Its modifiers.
    Modifiers,
    /// Its minutes.
    Minutes,
}

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

    /// Flags all marked notes with one question.
    pub(in crate::tui) fn plain_flag_marked(&mut self, question: &str) -> Vec<Effect> {
        self.flag_marked(question)
    }

    /// Takes the flag of the open note off; `None` if it has none.
    pub(in crate::tui) fn plain_unflag(&mut self) -> Option<Vec<Effect>> {
        let id = self.open.as_ref()?.id;
        self.rows.get(&id).filter(|row| row.flagged)?;
        Some(self.flag())
    }

    /// Hides the warning of a rule; `None` if the note has none of it.
    pub(in crate::tui) fn plain_hide(&mut self, rule: &str, reason: &str) -> Option<Vec<Effect>> {
        let open = self.open.as_mut()?;
        let found = open.order.iter().position(|at| {
            let warning = open.analysis.warnings.get(*at);
            warning.is_some_and(|warning| warning.rule.eq_ignore_ascii_case(rule))
        })?;
        open.warning = Some(found);
        Some(self.suppress(reason.to_owned()))
    }

    /// Asks for the queries that wait; they are in [`App::plain_waiting`] once that is done.
    pub(in crate::tui) fn plain_queries(&mut self) -> Vec<Effect> {
        self.open_queries()
    }

    /// Returns the queries that wait, and how many are not listed.
    pub(in crate::tui) fn plain_waiting(&self) -> (Vec<OpenQuery>, usize) {
        let found = self.layers.iter().find_map(|layer| match layer {
            Layer::Queries(list) => list.found.clone(),
            _ => None,
        });
        found.map_or_else(|| (Vec::new(), 0), |found| (found.waiting, found.more))
    }

    /// Takes the answer to a query of the list down, or ends it without one.
    pub(in crate::tui) fn plain_end_query(
        &mut self,
        at: usize,
        end: QueryEnd,
        words: &str,
    ) -> Result<Vec<Effect>, &'static str> {
        if let Some(Layer::Queries(list)) = self.layers.last_mut() {
            list.cursor = at;
        }
        if let Some(reason) = self.cannot_end_query() {
            return Err(reason);
        }
        Ok(match end {
            QueryEnd::Answered => self.answer_query(words),
            QueryEnd::Closed => self.close_query(words.to_owned()),
        })
    }

    /// Types the count of a bulk act and presses Enter.
    pub(in crate::tui) fn plain_bulk(&mut self, count: &str) -> Vec<Effect> {
        if let Some(Layer::Bulk(form)) = self.layers.last_mut() {
            form.count.set(count);
        }
        self.enter_bulk()
    }

    /// Takes notes that the filter hides into a bulk act.
    pub(in crate::tui) fn plain_take_hidden(&mut self) -> Vec<Effect> {
        self.take_hidden()
    }

    /// Sets something on the line of a code, or tells why not.
    pub(in crate::tui) fn plain_line(
        &mut self,
        what: OnLine,
        code: Code,
        typed: &str,
    ) -> Result<(), String> {
        let line = self.live_line(code).ok_or_else(|| format!("there is no line with {code}"))?;
        let words = match what {
            OnLine::Units => {
                let units = typed.parse().map_err(|_| "units are a whole number".to_owned())?;
                self.set_units(&line, units);
                return Ok(());
            }
            OnLine::Modifiers => {
                self.set_modifiers(&line, typed)?;
                "modifiers"
            }
            OnLine::Minutes => {
                self.set_minutes(&line, typed)?;
                "minutes"
            }
        };
        let needs = if what == OnLine::Minutes { " Needs reason 4 and a comment." } else { "" };
        let typed = typed.to_uppercase();
        self.say(format!(
            "Set: {words} of {code} = {typed}.{needs} Not recorded yet.   u undoes it"
        ));
        Ok(())
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
        // The answer to a query was taken down in the comment, and stays there.
        let typed = &draft.values().comment;
        let mut kept: Vec<&str> = match comment {
            "" => typed.lines().collect(),
            _ => typed.lines().filter(|line| line.starts_with(ANSWER)).collect(),
        };
        kept.extend(Some(comment).filter(|comment| !comment.is_empty()));
        let comment = kept.join("\n");
        draft.set_words(Some(reason), &comment);
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
