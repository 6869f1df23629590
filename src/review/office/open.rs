//! Opening a note: read, analysed, its events listed; its lease is taken once it is on the screen.

use std::sync::Arc;

use crate::model::Versions;
use crate::review::desk::{Lease, NoteId, Opened, Problem};
use crate::review::row::State;
use crate::store::{EventId, LEASE_MS, NoteRef, Stamp, StoreError, WarningRef};

use super::standing::Standing;
use super::{Office, words};

/// A note as it was on the screen, for what is recorded about it later.
pub(super) struct Shown {
    /// Digest of its text, as entries name it.
    pub(super) fingerprint: String,
    /// The note as the log knows it.
    pub(super) note: NoteRef,
    /// Versions of the analysis that was shown.
    pub(super) versions: Versions,
    /// First place of each rule that found something.
    pub(super) warnings: Vec<WarningRef>,
}

/// A note whose lease is held.
pub(super) struct Held {
    pub(super) id: NoteId,
    note: NoteRef,
    /// When it was taken or made longer, in UTC milliseconds.
    since: i64,
}

impl Office {
    pub(super) fn open_note(&mut self, id: NoteId) -> Result<Opened, Problem> {
        let read = self.reader.as_mut().and_then(|reader| reader.take(id));
        let read = read.unwrap_or_else(|| self.stock.read(id));
        let (loaded, analysis) = read.map_err(|problem| words::unreadable(&problem))?;
        let note = loaded.note;
        let known = self.log.key().note(&note.key, &note.text);
        let now = (self.clock)();
        let store = |error: StoreError| words::problem(&error, self.log.path());
        let events = self.log.acts(&note.key).map_err(store)?;
        let suppressed = self.log.suppressed(&note.key).map_err(store)?;
        let taken = self.standings.get(id).and_then(|standing| standing.taken.clone());
        let standing = Standing { taken, ..Standing::of(&events, self.log.slot()) };
        let state = standing.state();
        self.standings.set(id, &note.key, standing);
        let warnings = analysis
            .warnings
            .iter()
            .map(|warning| {
                let span = warning.span.unwrap_or_default();
                WarningRef { rule: warning.rule.clone(), start: span.start, end: span.end }
            })
            .collect();
        self.shown.insert(
            id,
            Shown {
                fingerprint: note.fingerprint.clone(),
                note: known.clone(),
                versions: analysis.versions.clone(),
                warnings,
            },
        );
        self.due.insert(id);
        let lease = self.foreseen(id, now);
        let history = events.iter().rev().filter_map(|event| words::entry(event, now)).collect();
        Ok(Opened {
            id,
            note: Arc::new(note),
            analysis: Arc::new(analysis),
            state,
            history,
            lease,
            suppressed: suppressed.into_iter().map(|warning| warning.rule).collect(),
        })
    }

    /// Tells who will have a note, from what the log said last.
    fn foreseen(&self, id: NoteId, now: Stamp) -> Lease {
        if let Some(why) = self.read_only() {
            return Lease::ReadOnly(why);
        }
        let taken = self.standings.get(id).and_then(|standing| standing.taken.clone());
        match taken.filter(|(_, until)| until.utc_ms > now.utc_ms) {
            Some((who, until)) => Lease::Taken { who, until: words::clock_time(until) },
            None => Lease::Held,
        }
    }

    /// Takes a note once after each opening, unless it is decided already: looking at one's work
    /// leaves no trace.
    pub(super) fn take(&mut self, id: NoteId) -> Option<Lease> {
        if !self.due.remove(&id) {
            return None;
        }
        self.due.clear();
        if self.held.as_ref().is_some_and(|held| held.id != id) {
            self.give_back();
        }
        let now = (self.clock)();
        let decided = self.standings.get(id).is_some_and(|known| known.state() != State::Open);
        if decided || self.read_only().is_some() {
            return Some(self.foreseen(id, now));
        }
        let note = self.shown.get(&id)?.note.clone();
        Some(match self.log.take(&EventId::now(), &note, self.log.slot(), now) {
            Ok(_) => {
                self.held = Some(Held { id, note, since: now.utc_ms });
                Lease::Held
            }
            Err(StoreError::LeaseHeld { owner, until }) => {
                let until = Stamp { utc_ms: until, ..now };
                Lease::Taken { who: owner, until: words::clock_time(until) }
            }
            Err(error) => Lease::ReadOnly(words::problem(&error, self.log.path()).why),
        })
    }

    /// Gives the held note back; a failure only means that others wait for its end.
    pub(super) fn give_back(&mut self) {
        if let Some(held) = self.held.take() {
            let _ = self.log.release(&EventId::now(), &held.note, (self.clock)());
        }
    }

    /// Makes the hold longer, once it is more than half over.
    pub(super) fn hold_on(&mut self) {
        let now = (self.clock)();
        let half = |held: &&mut Held| now.utc_ms - held.since > LEASE_MS / 2;
        if let Some(held) = self.held.as_mut().filter(half) {
            held.since = now.utc_ms;
            // Somebody else may have taken it meanwhile: recording says so, not this.
            let _ = self.log.renew(&EventId::now(), &held.note, now);
        }
    }
}
