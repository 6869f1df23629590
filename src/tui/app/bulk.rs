//! Acts on all marked notes: a preview of each, a typed count, one undo.

use std::collections::BTreeMap;

use crate::model::{DecisionKind, Via};
use crate::review::decide::{Circumstances, decision, lines_in_words};
use crate::review::{
    Act, Draft, Entry, Lease, NoteId, NoteRef, Opened, Receipt, State, Undo, blocked,
};

use super::super::field::Field;
use super::super::message::Effect;
use super::{App, Layer, Purpose};

/// What is done to all marked notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkKind {
    /// Accepted.
    Accept,
    /// Put off.
    Defer,
}

impl BulkKind {
    /// Returns the word in the title.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "Accept",
            Self::Defer => "Defer",
        }
    }

    fn decision(self) -> DecisionKind {
        match self {
            Self::Accept => DecisionKind::Accept,
            Self::Defer => DecisionKind::Defer,
        }
    }
}

/// A note that will be recorded.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What will be recorded.
    pub entry: Entry,
    /// Its lines in words.
    pub lines: String,
    /// Whether the person had opened it.
    pub opened: bool,
    /// Number of its warnings.
    pub warnings: usize,
}

/// A marked note that will not be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The note.
    pub id: NoteId,
    /// Its key, if it is known.
    pub key: String,
    /// Why.
    pub why: String,
    /// Whether `i` takes it in.
    pub hidden: bool,
}

/// The preview.
#[derive(Debug, Clone)]
pub struct BulkForm {
    /// What is done.
    pub kind: BulkKind,
    /// Notes that were marked.
    pub marked: usize,
    /// Notes still to be read.
    pub waiting: std::collections::BTreeSet<NoteId>,
    /// Notes that will be recorded, in the order of the queue's ids.
    pub ready: BTreeMap<NoteId, Candidate>,
    /// Notes left out.
    pub left: Vec<LeftOut>,
    /// The number typed.
    pub count: Field,
    /// Rows scrolled.
    pub top: usize,
}

impl App {
    /// Opens the preview and asks for each marked note to be read.
    pub(super) fn open_bulk(&mut self, kind: BulkKind) -> Vec<Effect> {
        let mut form = BulkForm {
            kind,
            marked: self.marks.len(),
            waiting: std::collections::BTreeSet::new(),
            ready: BTreeMap::new(),
            left: Vec::new(),
            count: Field::default(),
            top: 0,
        };
        for id in &self.marks {
            if self.hidden_marked.contains(id) {
                let key =
                    self.rows.get(id).map_or_else(|| format!("#{}", id.0 + 1), |r| r.key.clone());
                form.left.push(LeftOut {
                    id: *id,
                    key,
                    why: "hidden by the filter".to_owned(),
                    hidden: true,
                });
            } else {
                form.waiting.insert(*id);
            }
        }
        let effects = form.waiting.iter().map(|id| Effect::Open(*id)).collect();
        self.push(Layer::Bulk(Box::new(form)));
        self.say("Type the number of notes to record, then Enter.");
        effects
    }

    pub(super) fn take_hidden(&mut self) -> Vec<Effect> {
        let Some(Layer::Bulk(form)) = self.layers.last_mut() else { return Vec::new() };
        let (hidden, left) = std::mem::take(&mut form.left).into_iter().partition(|l| l.hidden);
        form.left = left;
        let hidden: Vec<LeftOut> = hidden;
        form.waiting.extend(hidden.iter().map(|left| left.id));
        hidden.iter().map(|left| Effect::Open(left.id)).collect()
    }

    /// Takes a note that was read for the preview; tells whether it was for the preview.
    pub(super) fn bulk_opened(&mut self, opened: &Opened) -> bool {
        let was_opened = self.opened.contains(&opened.id);
        let draft = self.drafts.get(&opened.id).is_some_and(|draft| !draft.is_empty());
        let units_of = &self.settings.units_of;
        let Some(form) = self.layers.iter_mut().find_map(|layer| match layer {
            Layer::Bulk(form) => Some(form),
            _ => None,
        }) else {
            return false;
        };
        if !form.waiting.remove(&opened.id) {
            return false;
        }
        let analysis = &opened.analysis;
        let errors = analysis
            .warnings
            .iter()
            .filter(|warning| warning.severity == crate::model::Severity::Error)
            .count();
        let open = analysis.segments.iter().position(|segment| segment.code().is_none());
        let why = match (&opened.lease, form.kind) {
            (Lease::Taken { who, .. }, _) => Some(format!("{who} has it")),
            (Lease::ReadOnly(why), _) => Some(why.clone()),
            _ if opened.state != State::Open => Some(format!("already {}", opened.state.word())),
            (Lease::Held, BulkKind::Defer) => None,
            _ if draft => Some("has a draft; decide it by itself".to_owned()),
            _ if open.is_some() => open.map(|at| format!("segment {} is open", at + 1)),
            _ if errors > 0 => Some(format!("{errors} error{}", plural(errors))),
            _ if blocked(analysis, &Draft::default(), |_| false).is_some() => {
                Some("nothing to record".to_owned())
            }
            (Lease::Held, BulkKind::Accept) => None,
        };
        let key = opened.note.key.clone();
        if let Some(why) = why {
            form.left.push(LeftOut { id: opened.id, key, why, hidden: false });
            return true;
        }
        let how = Circumstances { via: Via::Bulk, evidence_seen: was_opened, elapsed_ms: 0 };
        let mut made = decision(
            form.kind.decision(),
            &opened.note,
            analysis,
            &Draft::default(),
            units_of,
            &how,
        );
        if form.kind == BulkKind::Defer {
            made.reason = Some("second-look".to_owned());
        }
        let lines = match form.kind {
            BulkKind::Accept => lines_in_words(&made.lines),
            BulkKind::Defer => "needs a second look".to_owned(),
        };
        let note = NoteRef { id: opened.id, key, fingerprint: opened.note.fingerprint.clone() };
        let entry = Entry { note, act: Act::Decide(Box::new(made)) };
        let warnings = analysis.warnings.len();
        form.ready.insert(opened.id, Candidate { entry, lines, opened: was_opened, warnings });
        true
    }

    pub(super) fn bulk_failed(&mut self, id: NoteId, why: &str) -> bool {
        let key = self.rows.get(&id).map_or_else(|| format!("#{}", id.0 + 1), |r| r.key.clone());
        let Some(Layer::Bulk(form)) = self.layers.last_mut() else { return false };
        if !form.waiting.remove(&id) {
            return false;
        }
        form.left.push(LeftOut { id, key, why: why.to_owned(), hidden: false });
        true
    }

    /// Presses Enter: records only if the number typed is the number of notes.
    pub(super) fn enter_bulk(&mut self) -> Vec<Effect> {
        let Some(Layer::Bulk(form)) = self.layers.last_mut() else { return Vec::new() };
        let ready = form.ready.len();
        let typed = form.count.text().to_owned();
        let refusal = if !form.waiting.is_empty() {
            Some("Still reading the marked notes.".to_owned())
        } else if ready == 0 {
            Some("None of the marked notes can be recorded. Esc goes back.".to_owned())
        } else if typed.is_empty() {
            Some(format!("Type the number of notes to record: {ready}."))
        } else if typed.parse() != Ok(ready) {
            form.count.set("");
            Some(format!("{typed} is not the number of notes; nothing recorded."))
        } else {
            None
        };
        if let Some(refusal) = refusal {
            self.refuse(refusal);
            return Vec::new();
        }
        let kind = form.kind;
        let entries: Vec<Entry> = form.ready.values().map(|one| one.entry.clone()).collect();
        let words = format!("{} {ready} note{} in bulk", kind.decision().as_str(), plural(ready));
        self.record(Purpose::Bulk(kind), words, entries)
    }

    pub(super) fn bulk_recorded(
        &mut self,
        kind: BulkKind,
        entries: &[Entry],
        receipts: &[Receipt],
        words: String,
    ) -> Vec<Effect> {
        self.layers.retain(|layer| !matches!(layer, Layer::Bulk(_)));
        let mut notes = Vec::new();
        for (entry, receipt) in entries.iter().zip(receipts) {
            let note = &entry.note;
            self.settle(note.id, State::Decided(kind.decision()));
            self.undo.settle(note.id);
            self.marks.remove(&note.id);
            self.session.kinds[kind.decision() as usize] += 1;
            notes.push((note.id, note.key.clone(), note.fingerprint.clone(), receipt.seq));
        }
        self.say(format!("Recorded: {words}.   u undoes all of them"));
        self.undo.push(Undo::Bulk { notes, kind: kind.decision(), words });
        let here = self.queue.selected().is_some_and(|id| self.decided.has(id));
        if here
            && self.settings.advance
            && self.screen == super::Screen::Review
            && let Some((place, _)) =
                self.decided.next_open(self.queue.order(), self.queue.cursor())
        {
            self.queue.go(place);
            return self.open_selected();
        }
        Vec::new()
    }
}

pub(in crate::tui) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
