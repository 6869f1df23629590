//! Recording entries: ids are chosen before the write, so that a retry records nothing twice.

use std::ops::ControlFlow;

use crate::model::Versions;
use crate::review::desk::{Act, Entry, HistoryEntry, NoteId, Problem, ProblemKind, Receipt};
use crate::store::{BulkItem, EventId, NoteRef, Recorded, Stamp, StoreError, WarningRef};

use super::{Office, words};

/// Requests whose ids are remembered for a retry.
const REMEMBERED: usize = 8;

/// What was chosen for one request before its first try.
#[derive(Clone)]
pub(super) struct Ticket {
    ids: Vec<EventId>,
    notes: Vec<NoteRef>,
}

impl Office {
    pub(super) fn record_entries(
        &mut self,
        ticket: u64,
        entries: &[Entry],
    ) -> Result<Vec<Receipt>, Problem> {
        let chosen = if let Some(chosen) = self.tickets.get(&ticket) {
            chosen.clone()
        } else {
            let notes =
                entries.iter().map(|entry| self.note_of(entry)).collect::<Result<_, _>>()?;
            let ids = entries.iter().map(|_| EventId::now()).collect();
            let chosen = Ticket { ids, notes };
            while self.tickets.len() >= REMEMBERED {
                self.tickets.pop_first();
            }
            self.tickets.insert(ticket, chosen.clone());
            chosen
        };
        let now = (self.clock)();
        let recorded = self.append(entries, &chosen, now);
        let told = recorded.and_then(|recorded| {
            recorded
                .iter()
                .zip(entries)
                .zip(&chosen.ids)
                .map(|((recorded, entry), id)| {
                    Ok(Receipt {
                        id: entry.note.id,
                        seq: recorded.seq.unsigned_abs(),
                        event_id: id.to_string(),
                        entry: self.told(recorded.seq, now)?,
                    })
                })
                .collect::<Result<Vec<Receipt>, StoreError>>()
        });
        match told {
            Ok(receipts) => {
                let decides = |entry: &&Entry| entry.act.decides();
                let back = |entry: &&Entry| matches!(entry.act, Act::Withdraw { .. });
                self.recorded += entries.iter().filter(decides).count();
                // What was taken back is in the log, but is no decision any more.
                self.recorded = self.recorded.saturating_sub(entries.iter().filter(back).count());
                Ok(receipts)
            }
            Err(error) => Err(words::problem(&error, self.log.path())),
        }
    }

    /// Returns the note as the log knows it; refuses a decision about a text that is no longer there.
    fn note_of(&self, entry: &Entry) -> Result<NoteRef, Problem> {
        let id = entry.note.id;
        let decides = entry.act.decides();
        let shown = self
            .shown
            .get(&id)
            .filter(|shown| shown.fingerprint == entry.note.fingerprint)
            .map(|shown| shown.note.clone());
        if !decides && let Some(note) = shown {
            return Ok(note);
        }
        let now = match (self.stock.load(id), shown) {
            (Ok(loaded), _) => loaded.note,
            // What was decided on stays decided on, though its source is out of reach now.
            (Err(_), Some(note)) => return Ok(note),
            // Nothing of it was seen: once it can be read, it counts as edited since.
            (Err(_), None) if !decides || entry.note.fingerprint.is_empty() => {
                return Ok(self.log.key().note(&self.stock.key(id), ""));
            }
            (Err(problem), None) => return Err(words::unreadable(&problem)),
        };
        if decides && now.fingerprint != entry.note.fingerprint {
            return Err(Problem {
                kind: ProblemKind::NoteChanged,
                why: "The note was edited at its source after it was opened.".to_owned(),
                place: now.source,
                remedy: "Read the new text with r and decide on it.".to_owned(),
            });
        }
        Ok(self.log.key().note(&now.key, &now.text))
    }

    fn append(
        &mut self,
        entries: &[Entry],
        chosen: &Ticket,
        now: Stamp,
    ) -> Result<Vec<Recorded>, StoreError> {
        let (ids, notes) = (&chosen.ids, &chosen.notes);
        if let Some(items) = bulk_items(entries, chosen) {
            let versions = self.versions(entries[0].note.id);
            return self.log.record_all(&items, &versions, now);
        }
        if entries.iter().all(|entry| matches!(entry.act, Act::Withdraw { .. })) {
            let acts: Vec<(EventId, i64)> = entries
                .iter()
                .zip(ids)
                .filter_map(|(entry, id)| match entry.act {
                    Act::Withdraw { seq } => Some((id.clone(), seq.cast_signed())),
                    _ => None,
                })
                .collect();
            return self.log.withdraw_all(&acts, now);
        }
        if entries.len() > 1
            && let Some(Act::Flag { question }) = entries.first().map(|entry| &entry.act)
            && entries.iter().all(|entry| entry.act == entries[0].act)
        {
            let flags: Vec<(EventId, NoteRef)> =
                ids.iter().cloned().zip(notes.iter().cloned()).collect();
            let question = Some(question.as_str()).filter(|question| !question.is_empty());
            return self.log.flag_all(&flags, question, now);
        }
        entries
            .iter()
            .zip(ids.iter().zip(notes))
            .map(|(entry, (id, note))| self.append_one(entry, id, note, now))
            .collect()
    }

    fn append_one(
        &mut self,
        entry: &Entry,
        id: &EventId,
        note: &NoteRef,
        now: Stamp,
    ) -> Result<Recorded, StoreError> {
        let place = entry.note.id;
        let versions = self.versions(place);
        match &entry.act {
            Act::Decide(decision) => self.log.record(id, note, decision, &versions, now),
            Act::Amend { seq, decision } => {
                self.still_stands(place, *seq)?;
                self.log.record(id, note, decision, &versions, now)
            }
            Act::SecondOpinion(decision) => {
                self.log.record_second_opinion(id, note, decision, &versions, now)
            }
            Act::Withdraw { seq } => self.log.withdraw(id, seq.cast_signed(), now),
            Act::Flag { question } => {
                let question = Some(question.as_str()).filter(|question| !question.is_empty());
                self.log.flag(id, note, question, now)
            }
            Act::Unflag => self.log.unflag(id, note, now),
            Act::Suppress { rule, reason } => {
                let warning = self.warning(place, rule);
                self.log.suppress(id, note, &warning, reason, now)
            }
            Act::Unsuppress { rule } => {
                let kept = self.log.suppressed(&note.key)?;
                let warning = kept.into_iter().find(|warning| warning.rule == *rule);
                let warning = warning.unwrap_or_else(|| self.warning(place, rule));
                self.log.unsuppress(id, note, &warning, now)
            }
        }
    }

    /// Refuses to amend what another coder put in place of it meanwhile.
    fn still_stands(&self, id: NoteId, seq: u64) -> Result<(), StoreError> {
        let standing = self.standings.get(id).and_then(|standing| standing.decided.as_ref());
        match standing {
            Some(decided) if decided.seq.unsigned_abs() != seq => Err(StoreError::WrongEvent {
                seq: seq.cast_signed(),
                why: "does not stand any more: somebody decided again",
            }),
            _ => Ok(()),
        }
    }

    fn versions(&self, id: NoteId) -> Versions {
        self.shown.get(&id).map_or_else(|| self.stock.versions(), |shown| shown.versions.clone())
    }

    fn warning(&self, id: NoteId, rule: &str) -> WarningRef {
        let warnings = self.shown.get(&id).map(|shown| shown.warnings.as_slice());
        let found = warnings.and_then(|all| all.iter().find(|warning| warning.rule == rule));
        found.cloned().unwrap_or_else(|| WarningRef { rule: rule.to_owned(), start: 0, end: 0 })
    }

    /// Returns an event as history.
    fn told(&self, seq: i64, now: Stamp) -> Result<HistoryEntry, StoreError> {
        let mut told = None;
        self.log.each_entry(seq, |event| {
            told = words::entry(&event, now);
            ControlFlow::Break(())
        })?;
        told.ok_or(StoreError::WrongEvent { seq, why: "is not in the log" })
    }
}

/// Returns many decisions as one act of the log; `None` if it is something else.
fn bulk_items(entries: &[Entry], chosen: &Ticket) -> Option<Vec<BulkItem>> {
    if entries.len() < 2 {
        return None;
    }
    entries
        .iter()
        .zip(chosen.ids.iter().zip(&chosen.notes))
        .map(|(entry, (id, note))| match &entry.act {
            Act::Decide(decision) => Some(BulkItem {
                event_id: id.clone(),
                note: note.clone(),
                decision: (**decision).clone(),
                opened: decision.evidence_seen,
            }),
            _ => None,
        })
        .collect()
}
