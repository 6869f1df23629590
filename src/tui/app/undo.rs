//! Taking back: one act of a person is one undo, and the message says which.

use crate::review::{Act, Entry, NoteId, NoteRef, State, Undo};

use super::super::message::Effect;
use super::bulk::plural;
use super::{App, Layer, Purpose, Shown};

impl App {
    /// Takes the newest act back, or asks first where it touched many notes.
    pub(super) fn take_back(&mut self) -> Vec<Effect> {
        let here = self.open.as_ref().map(|open| open.id);
        let step = matches!(self.undo.last(), Some(Undo::Step { id }) if Some(*id) == here);
        if !self.layers.is_empty() && !step {
            self.refuse("Nothing was changed in this form.");
            return Vec::new();
        }
        match self.undo.last() {
            Some(Undo::Bulk { .. }) => {
                self.push(Layer::UndoBulk);
                Vec::new()
            }
            Some(Undo::Decision { .. } | Undo::Flag { .. } | Undo::Suppress { .. }) => {
                self.withdraw_last()
            }
            _ => self.take_back_here(),
        }
    }

    /// Takes back what was never in the log.
    fn take_back_here(&mut self) -> Vec<Effect> {
        match self.undo.pop() {
            Some(Undo::Step { id }) => {
                let words = self.drafts.get_mut(&id).and_then(crate::review::Draft::back);
                if self.drafts.get(&id).is_some_and(crate::review::Draft::is_empty) {
                    self.drafts.remove(&id);
                }
                self.renew_form();
                let words = words.map_or_else(String::new, |words| format!(": {words}"));
                if self.open.as_ref().is_some_and(|open| open.id == id) {
                    self.say(format!("Undone{words}."));
                    return Vec::new();
                }
                self.say(format!("Undone{words}. Back at that note."));
                self.go_to_note(id)
            }
            Some(Undo::Arrangement { view, filter, sort, reverse }) => {
                self.shown = Shown { view, filter, sort, reverse };
                self.say(format!("Undone. Filter: {}", self.filter_words()));
                vec![self.arrange()]
            }
            Some(Undo::Views(views)) => {
                self.put_own_views(views);
                self.say("Undone: your views are as before.");
                vec![Effect::KeepViews(self.own_views())]
            }
            Some(Undo::Marks(marks)) => {
                self.marks = marks;
                self.say(format!("Undone: {} marked.", self.marks.len()));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Asks the log for the entries that take the newest act back.
    pub(super) fn withdraw_last(&mut self) -> Vec<Effect> {
        let Some(undo) = self.undo.last().cloned() else { return Vec::new() };
        let (entries, words) = match &undo {
            Undo::Decision { id, key, fingerprint, seq, words, .. } => {
                let note = reference(*id, key, fingerprint);
                (vec![Entry { note, act: Act::Withdraw { seq: *seq } }], words.clone())
            }
            Undo::Bulk { notes, words, .. } => (
                notes
                    .iter()
                    .map(|(id, key, fingerprint, seq)| Entry {
                        note: reference(*id, key, fingerprint),
                        act: Act::Withdraw { seq: *seq },
                    })
                    .collect(),
                words.clone(),
            ),
            Undo::Flag { ids, set } => {
                let act = if *set { Act::Unflag } else { Act::Flag { question: String::new() } };
                let words = if *set { "flag" } else { "flag taken off" };
                let entries = ids.iter().map(|id| self.entry_about(*id, act.clone()));
                (entries.collect(), words.to_owned())
            }
            Undo::Suppress { id, rule } => {
                let act = Act::Unsuppress { rule: rule.clone() };
                (vec![self.entry_about(*id, act)], format!("hidden warning {rule}"))
            }
            _ => return Vec::new(),
        };
        self.record(Purpose::Withdraw(undo), words, entries)
    }

    /// Returns an entry about a note, which need not be open nor in view.
    pub(super) fn entry_about(&self, id: NoteId, act: Act) -> Entry {
        let open = self.open.as_ref().filter(|open| open.id == id).map(super::OpenNote::reference);
        let note = open.unwrap_or_else(|| {
            let key = self.rows.get(&id).map(|row| row.key.clone()).unwrap_or_default();
            NoteRef { id, key, fingerprint: String::new() }
        });
        Entry { note, act }
    }

    /// The log took the withdrawal: the note comes back with what had been decided as a draft.
    pub(super) fn withdrawn(&mut self, undo: Undo) -> Vec<Effect> {
        self.undo.pop();
        self.layers.clear();
        match undo {
            Undo::Decision { id, key, words, draft, kind, .. } => {
                self.settle(id, State::Open);
                self.session.take_back(kind, 1);
                if !draft.is_empty() {
                    self.drafts.insert(id, draft);
                }
                self.say(format!("Undone: {words}. Back at {key}."));
                if let Some(place) = self.queue.order().place(id) {
                    self.queue.go(place);
                }
                // Read again even if it is open: what stood before the decision is the desk's to say.
                self.opening = Some(id);
                vec![Effect::Open(id)]
            }
            Undo::Bulk { notes, kind, words } => {
                for (id, ..) in &notes {
                    self.settle(*id, State::Open);
                    self.marks.insert(*id);
                }
                let count = notes.len();
                self.session.take_back(kind, u32::try_from(count).unwrap_or(u32::MAX));
                self.say(format!("Undone: {words}. {count} note{} open again.", plural(count)));
                Vec::new()
            }
            Undo::Flag { ids, set } => {
                for id in ids {
                    self.set_flag(id, !set);
                }
                self.say(if set { "Undone: flag." } else { "Undone: flagged again." });
                Vec::new()
            }
            Undo::Suppress { id, rule } => {
                if let Some(rules) = self.suppressed.get_mut(&id) {
                    rules.remove(&rule);
                }
                self.say(format!("Undone: {rule} is shown again."));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}

fn reference(id: NoteId, key: &str, fingerprint: &str) -> NoteRef {
    NoteRef { id, key: key.to_owned(), fingerprint: fingerprint.to_owned() }
}
