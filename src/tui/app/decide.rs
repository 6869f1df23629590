//! Deciding: drafts by digit, accept, defer, and what follows the log's answer.

use crate::model::{Code, Decision, DecisionKind, Via};
use crate::review::decide::{Circumstances, DEFER_REASONS, decision, draft_of, lines_in_words};
use crate::review::desk::NoteRef;
use crate::review::{
    Act, Blocked, Choice, Draft, Entry, NoteId, Problem, ProblemKind, Receipt, State, Undo,
    blocked, is_accept,
};

use super::super::message::Effect;
use super::{App, Blind, FormFocus, Layer, Pending, Purpose};

impl App {
    pub(super) fn choose_four(&mut self, at: usize) -> Vec<Effect> {
        let code = Code::FOUR[at.min(3)];
        self.choose(Choice::Code(code));
        Vec::new()
    }

    pub(super) fn choose_none(&mut self) -> Vec<Effect> {
        self.choose(Choice::NotBillable);
        Vec::new()
    }

    /// Sets the code of the current segment in the draft; one step to take back.
    pub(super) fn choose(&mut self, choice: Choice) {
        let Some(open) = &self.open else { return };
        let (id, segment) = (open.id, open.segment);
        let said = match choice {
            Choice::Code(code) => code.to_string(),
            Choice::NotBillable => "not billable".to_owned(),
        };
        let words = format!("segment {} = {said}", segment + 1);
        let shown = open.current().and_then(crate::model::Segment::code);
        let keep_shown = self.settings.blind == Blind::Off || open.revealed;
        let draft = self.drafts.entry(id).or_default();
        let changed = draft.step(words.clone(), |values| {
            if keep_shown && choice.code().is_some() && choice.code() == shown {
                values.choices.remove(&segment);
            } else {
                values.choices.insert(segment, choice);
            }
            // Units that were set by hand belonged to the old minutes.
            values.units.clear();
        });
        if changed {
            self.undo.push(Undo::Step { id });
            self.say(format!("Set: {words}. Not recorded yet.   u undoes it"));
        } else {
            self.say(format!("{} already.", capital(&words)));
        }
    }

    /// Returns the draft of the open note, empty if there is none.
    pub(in crate::tui) fn current_draft(&self) -> Draft {
        let open = self.open.as_ref();
        open.and_then(|open| self.drafts.get(&open.id)).cloned().unwrap_or_default()
    }

    /// Tells whether a warning of the open note is hidden.
    pub(in crate::tui) fn is_suppressed(&self, rule: &str) -> bool {
        let open = self.open.as_ref();
        open.and_then(|open| self.suppressed.get(&open.id)).is_some_and(|set| set.contains(rule))
    }

    pub(super) fn accept(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let draft = self.current_draft();
        if self.is_settled() && self.settings.blind == Blind::Off {
            let last = self.undo.last();
            let ours = matches!(last, Some(Undo::Decision { id, .. }) if *id == open.id);
            let back = if ours { ", u takes it back" } else { "" };
            self.refuse(format!(
                "Already {}. c changes it with a reason{back}.",
                open.state.word()
            ));
            return Vec::new();
        }
        if self.is_hidden() {
            return self.accept_blind(&draft);
        }
        let cause = blocked(&open.analysis, &draft, |warning| self.is_suppressed(&warning.rule));
        match cause {
            Some(cause) => self.say_blocked(cause),
            None if is_accept(&open.analysis, &draft, &self.settings.units_of) => {
                return self.decide(DecisionKind::Accept, &draft, None);
            }
            None => {
                let effects = self.open_change();
                if let Some(Layer::Change(form)) = self.layers.last_mut() {
                    form.focus = FormFocus::Reason;
                }
                self.refuse("These lines differ from those shown: a change needs a reason.");
                return effects;
            }
        }
        Vec::new()
    }

    /// Blind mode: every segment needs an own answer; nothing else is asked.
    fn accept_blind(&mut self, draft: &Draft) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let missing = open.analysis.segments.iter().position(|s| draft.choice(s.index).is_none());
        if let Some(segment) = missing {
            self.go_to_segment(segment);
            self.refuse(format!(
                "Segment {}: choose a code. Nothing is recorded until every segment has one.",
                segment + 1
            ));
            return Vec::new();
        }
        let same = is_accept(&open.analysis, draft, &self.settings.units_of);
        let kind = if same { DecisionKind::Accept } else { DecisionKind::Change };
        self.decide(kind, draft, None)
    }

    fn say_blocked(&mut self, cause: Blocked) {
        let words = match (cause, &self.open) {
            (Blocked::OpenSegment(at), Some(open)) => {
                let codes = open.analysis.segments.get(at).map(crate::review::decide::shown_codes);
                let keys: Vec<String> = codes
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|code| {
                        let digit = Code::FOUR.iter().position(|four| four == code)? + 1;
                        Some(format!("{digit} {code}"))
                    })
                    .collect();
                let choices =
                    if keys.is_empty() { "1-5 code, 0 none".to_owned() } else { keys.join(" or ") };
                format!("Segment {} is open: {choices}, or q", at + 1)
            }
            (Blocked::Error(at), Some(open)) => {
                let warning = open.analysis.warnings.get(at);
                let words = warning.map(|w| format!("{}: {}", w.rule, w.message));
                format!(
                    "{}. c decides with a reason, q asks, - hides it.",
                    words.unwrap_or_default().trim_end_matches('.')
                )
            }
            (_, Some(open)) if !open.analysis.segments.is_empty() => {
                "Nothing to record: no segment has a code. 1-5 gives one, 0 none; c, q or d decides."
                    .to_owned()
            }
            _ => "Nothing to record: no intervention was found. c, q or d decides.".to_owned(),
        };
        match cause {
            Blocked::OpenSegment(at) => self.go_to_segment(at),
            Blocked::Error(at) => {
                let place =
                    self.open.as_ref().and_then(|open| open.order.iter().position(|w| *w == at));
                if let Some(place) = place {
                    self.go_to_warning(place);
                }
            }
            Blocked::Nothing => {}
        }
        self.refuse(words);
    }

    pub(super) fn defer(&mut self) -> Vec<Effect> {
        // Why a note cannot be read is not for the program to guess: the person says what is missing.
        if self.unread().is_some() {
            self.push(Layer::Defer(0));
            return Vec::new();
        }
        if self.settings.defer_asks {
            self.push(Layer::Defer(1));
            return Vec::new();
        }
        self.defer_for(1)
    }

    /// Puts a note off that could not be read: by its key, with an empty text as what was seen of it.
    fn defer_unread(&mut self, id: NoteId, reason: Option<String>) -> Vec<Effect> {
        let key = self.rows.get(&id).map(|row| row.key.clone()).unwrap_or_default();
        let words = format!("defer {key}");
        let made = Decision {
            kind: DecisionKind::Defer,
            via: Via::OwnCode,
            segments: Vec::new(),
            lines: Vec::new(),
            billed: Vec::new(),
            reason,
            comment: None,
            evidence_seen: false,
            elapsed_ms: 0,
        };
        let note = NoteRef { id, key, fingerprint: String::new() };
        let entry = Entry { note, act: Act::Decide(Box::new(made)) };
        let purpose =
            Purpose::Decide { draft: Draft::default(), kind: DecisionKind::Defer, copy: None };
        self.record(purpose, words, vec![entry])
    }

    pub(super) fn defer_for(&mut self, reason: usize) -> Vec<Effect> {
        let draft = self.current_draft();
        let reason = DEFER_REASONS.get(reason).map(|reason| reason.id.to_owned());
        if let Some(id) = self.unread() {
            return self.defer_unread(id, reason);
        }
        self.decide_with(DecisionKind::Defer, &draft, None, |decision| decision.reason = reason)
    }

    pub(super) fn decide(
        &mut self,
        kind: DecisionKind,
        draft: &Draft,
        copy: Option<String>,
    ) -> Vec<Effect> {
        self.decide_with(kind, draft, copy, |_| {})
    }

    /// Builds a decision about the open note and asks the log to take it.
    pub(super) fn decide_with(
        &mut self,
        kind: DecisionKind,
        draft: &Draft,
        copy: Option<String>,
        finish: impl FnOnce(&mut crate::model::Decision),
    ) -> Vec<Effect> {
        self.decide_as(kind, draft, copy, Act::Decide, finish)
    }

    fn decide_as(
        &mut self,
        kind: DecisionKind,
        draft: &Draft,
        copy: Option<String>,
        new: fn(Box<crate::model::Decision>) -> Act,
        finish: impl FnOnce(&mut crate::model::Decision),
    ) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let blind = self.is_hidden();
        let via = match kind {
            _ if blind => Via::Blind,
            DecisionKind::Change => Via::OwnCode,
            _ => Via::Suggestion,
        };
        let how = Circumstances {
            via,
            evidence_seen: open.seen && !blind,
            elapsed_ms: self.now.saturating_sub(open.opened_at),
        };
        let mut made =
            decision(kind, &open.note, &open.analysis, draft, &self.settings.units_of, &how);
        finish(&mut made);
        if open.state == State::Decided(DecisionKind::Query) && kind == DecisionKind::Accept {
            made.reason.get_or_insert_with(|| crate::review::asked::ANSWERED.to_owned());
        }
        let words = match kind {
            DecisionKind::Accept | DecisionKind::Change => {
                format!("{} {} ({})", kind.as_str(), open.note.key, lines_in_words(&made.lines))
            }
            DecisionKind::Query | DecisionKind::Defer => {
                format!("{} {}", kind.as_str(), open.note.key)
            }
        };
        let again = draft_of(&made, &open.analysis, &self.settings.units_of);
        let earlier = open.history.iter().find(|entry| {
            matches!(entry.what.as_str(), "accept" | "change" | "query" | "defer" | "amend")
        });
        let act = match (open.state, earlier) {
            (State::Decided(_), Some(entry)) => {
                Act::Amend { seq: entry.seq, decision: Box::new(made) }
            }
            _ => new(Box::new(made)),
        };
        let entry = Entry { note: open.reference(), act };
        self.record(Purpose::Decide { draft: again, kind, copy }, words, vec![entry])
    }

    /// Asks the log to take entries; the screen says so only after its answer.
    pub(super) fn record(
        &mut self,
        purpose: Purpose,
        words: String,
        entries: Vec<Entry>,
    ) -> Vec<Effect> {
        if entries.is_empty() || self.pending.is_some() {
            return Vec::new();
        }
        self.ticket += 1;
        let ticket = self.ticket;
        self.pending =
            Some(Pending { ticket, entries: entries.clone(), purpose, words, problem: None });
        vec![Effect::Record { ticket, entries }]
    }

    pub(super) fn on_recorded(
        &mut self,
        ticket: u64,
        receipts: &[Receipt],
        at: u64,
    ) -> Vec<Effect> {
        self.now = self.now.max(at);
        let Some(pending) = self.pending.take_if(|pending| pending.ticket == ticket) else {
            return Vec::new();
        };
        self.layers.retain(|layer| !matches!(layer, Layer::Blocked));
        for receipt in receipts {
            if let Some(open) = self.open.as_mut().filter(|open| open.id == receipt.id) {
                open.history.insert(0, receipt.entry.clone());
            }
        }
        let words = pending.words;
        match pending.purpose {
            Purpose::Decide { draft, kind, copy } => {
                let Some(entry) = pending.entries.into_iter().next() else { return Vec::new() };
                let seq = receipts.first().map_or(0, |receipt| receipt.seq);
                let mut effects: Vec<Effect> = copy.into_iter().map(Effect::Copy).collect();
                effects.extend(self.decided_one(&entry, seq, kind, draft, &words));
                effects
            }
            Purpose::Bulk(kind) => self.bulk_recorded(kind, &pending.entries, receipts, words),
            Purpose::Withdraw(undo) => self.withdrawn(undo),
            Purpose::Flag(set) => {
                self.flags_recorded(&pending.entries, set, &words);
                Vec::new()
            }
            Purpose::Suppress { rule, hide } => {
                if let Some(entry) = pending.entries.first() {
                    self.suppress_recorded(entry.note.id, rule, hide, &words);
                }
                Vec::new()
            }
        }
    }

    fn decided_one(
        &mut self,
        entry: &Entry,
        seq: u64,
        kind: DecisionKind,
        draft: Draft,
        words: &str,
    ) -> Vec<Effect> {
        let id = entry.note.id;
        self.layers
            .retain(|layer| !matches!(layer, Layer::Change(_) | Layer::Query(_) | Layer::Defer(_)));
        self.settle(id, State::Decided(kind));
        self.drafts.remove(&id);
        self.kept.queries.remove(&id);
        self.undo.settle(id);
        self.session.kinds[kind as usize] += 1;
        self.undo.push(Undo::Decision {
            id,
            key: entry.note.key.clone(),
            fingerprint: entry.note.fingerprint.clone(),
            seq,
            kind,
            words: words.to_owned(),
            draft,
        });
        if self.has_layer(|layer| matches!(layer, Layer::Queries(_))) {
            self.say(format!("Recorded: {words}.   Esc, u undoes it"));
            return vec![Effect::Queries];
        }
        let open = self.open.as_ref().map(|open| open.id).or_else(|| self.unread());
        let still_here = open == Some(id) && self.queue.selected() == Some(id);
        if still_here && self.open.is_some() && self.is_hidden() {
            if let Some(open) = &mut self.open {
                open.revealed = true;
            }
            self.push(Layer::Compared);
            self.say(format!("Recorded: {words}. Now the suggestion.   u undoes it"));
            return Vec::new();
        }
        if !still_here || !self.settings.advance {
            self.say(format!("Recorded: {words}.   u undoes it"));
            return Vec::new();
        }
        self.advance(words)
    }

    /// Goes to the next open note and says both things in one line.
    pub(super) fn advance(&mut self, words: &str) -> Vec<Effect> {
        let Some((place, round)) = self.decided.next_open(self.queue.order(), self.queue.cursor())
        else {
            self.say(format!("Recorded: {words}. No open note is left.   u undoes it"));
            self.push(Layer::Summary);
            return Vec::new();
        };
        self.queue.go(place);
        let key = self.queue.selected().and_then(|id| self.rows.get(&id)).map(|r| r.key.clone());
        let next = match (key, round) {
            (Some(key), false) => format!(" Next note: {key}."),
            (Some(key), true) => format!(" Next note, from the top again: {key}."),
            (None, _) => String::new(),
        };
        self.say(format!("Recorded: {words}.{next}   u undoes it"));
        self.open_selected()
    }

    /// Notes what was decided, in the row, the open note and the set of decided notes.
    pub(super) fn settle(&mut self, id: NoteId, state: State) {
        self.decided.set(id, state != State::Open);
        if let Some(row) = self.rows.get_mut(&id) {
            row.state = state;
            row.who = (state != State::Open).then(|| self.settings.coder.clone());
        }
        if let Some(open) = self.open.as_mut().filter(|open| open.id == id) {
            open.state = state;
        }
    }

    pub(super) fn on_record_failed(&mut self, ticket: u64, problem: Problem) -> Vec<Effect> {
        let Some(pending) = self.pending.as_mut().filter(|p| p.ticket == ticket) else {
            return Vec::new();
        };
        match problem.kind {
            ProblemKind::LeaseLost => {
                self.pending = None;
                // The second opinion is made of the draft: reason and comment go into it.
                if let Some(form) = self.change_form().cloned() {
                    self.keep_form(&form);
                }
                self.refuse(format!("Not recorded. {}", problem.why));
                self.push(Layer::LeaseLost(problem));
            }
            ProblemKind::NoteChanged => {
                self.pending = None;
                self.refuse("Not recorded: the note was edited at its source.");
                self.push(Layer::Changed);
            }
            ProblemKind::Refused => {
                self.pending = None;
                self.fail(format!("Not recorded. {} {}", problem.why, problem.remedy));
            }
            ProblemKind::Store | ProblemKind::Unreadable => {
                pending.problem = Some(problem);
                self.fail("Not recorded. The audit log could not be written.");
                if !self.has_layer(|layer| matches!(layer, Layer::Blocked)) {
                    self.push(Layer::Blocked);
                }
            }
        }
        Vec::new()
    }

    /// Asks the log again with the same ticket, so that nothing is recorded twice.
    pub(super) fn retry(&mut self) -> Vec<Effect> {
        let Some(pending) = &mut self.pending else { return Vec::new() };
        pending.problem = None;
        vec![Effect::Record { ticket: pending.ticket, entries: pending.entries.clone() }]
    }

    pub(super) fn second_opinion(&mut self) -> Vec<Effect> {
        let draft = self.current_draft();
        let Some(open) = &self.open else { return Vec::new() };
        self.layers.retain(|layer| !matches!(layer, Layer::LeaseLost(_)));
        let same = is_accept(&open.analysis, &draft, &self.settings.units_of);
        let kind = if same { DecisionKind::Accept } else { DecisionKind::Change };
        self.decide_as(kind, &draft, None, Act::SecondOpinion, |decision| {
            if decision.reason.is_none() {
                decision.reason = Some("second-opinion".to_owned());
            }
        })
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
