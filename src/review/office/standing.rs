//! What the log says of each note of the queue: its decision, its flag, who has it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::model::DecisionKind;
use crate::review::desk::NoteId;
use crate::review::row::{Row, State};
use crate::store::{AuditLog, HistoryEntry, Kind, Stamp, StoreError};

use super::words;

/// The decision that stands for a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decided {
    pub(super) kind: DecisionKind,
    pub(super) seq: i64,
    pub(super) by: String,
    /// Digest of the text that was decided on.
    pub(super) digest: String,
}

/// What the log says of one note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Standing {
    pub(super) decided: Option<Decided>,
    pub(super) flagged: bool,
    /// Somebody else who has it, and until when.
    pub(super) taken: Option<(String, Stamp)>,
}

impl Standing {
    /// Tells what stands in a slot after all events of a note, oldest first.
    pub(super) fn of(history: &[HistoryEntry], slot: u8) -> Self {
        let mut decisions: Vec<Decided> = Vec::new();
        let mut flagged = false;
        let here = |entry: &&HistoryEntry| {
            entry.slot == slot || matches!(entry.kind, Kind::Flag | Kind::Unflag)
        };
        for entry in history.iter().filter(here) {
            match (entry.kind, &entry.after) {
                (Kind::Decide, Some(decision)) => decisions = vec![decided(entry, decision.kind)],
                (Kind::Amend, Some(decision)) => decisions.push(decided(entry, decision.kind)),
                (Kind::Withdraw, _)
                    if entry.amends == decisions.last().map(|standing| standing.seq) =>
                {
                    decisions.pop();
                }
                (Kind::Flag, _) => flagged = true,
                (Kind::Unflag, _) => flagged = false,
                _ => {}
            }
        }
        Self { decided: decisions.pop(), flagged, taken: None }
    }

    pub(super) fn state(&self) -> State {
        self.decided.as_ref().map_or(State::Open, |decided| State::Decided(decided.kind))
    }

    /// Puts it over a row; a hold that ran out is none.
    pub(super) fn dress(&self, row: &mut Row, now: Stamp) {
        row.state = self.state();
        row.who = self.decided.as_ref().map(|decided| decided.by.clone());
        row.flagged = self.flagged;
        let taken = self.taken.as_ref().filter(|(_, until)| until.utc_ms > now.utc_ms);
        row.taken = taken.map(|(who, until)| (who.clone(), words::clock_time(*until)));
    }
}

fn decided(entry: &HistoryEntry, kind: DecisionKind) -> Decided {
    Decided { kind, seq: entry.seq, by: entry.by.clone(), digest: entry.digest.clone() }
}

/// What the log says of all notes it knows, by their place in the queue where that is known.
pub(super) struct Standings {
    coder: String,
    met: Arc<BTreeMap<NoteId, Standing>>,
    ids: BTreeMap<String, NoteId>,
    /// Notes of the log that were not met in the queue yet, and may be in another one.
    unmet: BTreeMap<String, Standing>,
    /// Last event that was taken in.
    seq: i64,
}

impl Standings {
    /// Reads the whole log's standing.
    pub(super) fn read(log: &AuditLog, coder: &str, now: Stamp) -> Result<Self, StoreError> {
        let seq = log.head(now)?.size.cast_signed();
        let mut unmet: BTreeMap<String, Standing> = BTreeMap::new();
        for (key, state) in log.note_states()? {
            let decided =
                Decided { kind: state.kind, seq: state.seq, by: state.by, digest: state.digest };
            unmet.entry(key).or_default().decided = Some(decided);
        }
        for key in log.flags()?.into_keys() {
            unmet.entry(key).or_default().flagged = true;
        }
        for (key, lease) in log.held_by_others(now)? {
            let until = Stamp { utc_ms: lease.expires_at, ..now };
            unmet.entry(key).or_default().taken = Some((lease.owner, until));
        }
        let (met, ids) = (Arc::default(), BTreeMap::new());
        Ok(Self { coder: coder.to_owned(), met, ids, unmet, seq })
    }

    /// Returns what stands, by place.
    pub(super) fn all(&self) -> Arc<BTreeMap<NoteId, Standing>> {
        Arc::clone(&self.met)
    }

    pub(super) fn get(&self, id: NoteId) -> Option<&Standing> {
        self.met.get(&id)
    }

    /// Returns the place of a key, if it was met.
    pub(super) fn id(&self, key: &str) -> Option<NoteId> {
        self.ids.get(key).copied()
    }

    /// Returns keys that the log knows and that were not met; decided ones are marked so.
    pub(super) fn unmet(&self) -> BTreeMap<String, State> {
        self.unmet.iter().map(|(key, standing)| (key.clone(), standing.state())).collect()
    }

    /// Returns the events that ask a therapist and stand, with the place of their notes if known.
    pub(super) fn queried(&self) -> Vec<(i64, Option<NoteId>)> {
        let asks = |standing: &Standing| {
            let decided = standing.decided.as_ref();
            decided.filter(|decided| decided.kind == DecisionKind::Query).map(|asked| asked.seq)
        };
        let met = self.met.iter().filter_map(|(id, standing)| Some((asks(standing)?, Some(*id))));
        let unmet = self.unmet.values().filter_map(|standing| Some((asks(standing)?, None)));
        met.chain(unmet).collect()
    }

    /// Meets notes of the queue.
    pub(super) fn meet(&mut self, notes: Vec<(NoteId, String)>) {
        for (id, key) in notes {
            self.met(id, &key);
        }
    }

    /// Learns the place of a key, if the log knows it.
    pub(super) fn met(&mut self, id: NoteId, key: &str) {
        if let Some(standing) = self.unmet.remove(key) {
            self.ids.insert(key.to_owned(), id);
            Arc::make_mut(&mut self.met).insert(id, standing);
        }
    }

    /// Sets what stands for a note that was just looked at.
    pub(super) fn set(&mut self, id: NoteId, key: &str, standing: Standing) {
        self.unmet.remove(key);
        if self.met.get(&id) != Some(&standing) {
            self.ids.insert(key.to_owned(), id);
            Arc::make_mut(&mut self.met).insert(id, standing);
        }
    }

    /// Takes in the events that were appended since; returns new keys whose place is not known.
    pub(super) fn catch_up(
        &mut self,
        log: &AuditLog,
        now: Stamp,
    ) -> Result<Vec<String>, StoreError> {
        let mut keys = BTreeSet::new();
        let mut leases = false;
        let mut last = self.seq;
        log.each_entry(self.seq + 1, |entry| {
            last = entry.seq;
            match entry.kind {
                Kind::LeaseTake
                | Kind::LeaseRenew
                | Kind::LeaseRelease
                | Kind::LeaseExpire
                | Kind::LeaseSteal => leases |= entry.by != self.coder,
                _ if !entry.note_key.is_empty() => {
                    keys.insert(entry.note_key);
                }
                _ => {}
            }
            ControlFlow::Continue(())
        })?;
        let mut unknown = Vec::new();
        for key in keys {
            let history = log.acts(&key)?;
            let standing = Standing::of(&history, log.slot());
            if let Some(id) = self.id(&key) {
                let taken = self.get(id).and_then(|before| before.taken.clone());
                self.set(id, &key, Standing { taken, ..standing });
            } else {
                self.unmet.insert(key.clone(), standing);
                unknown.push(key);
            }
        }
        if leases {
            unknown.extend(self.learn_leases(log, now)?);
        }
        self.seq = last;
        Ok(unknown)
    }

    /// Asks anew who has which note.
    fn learn_leases(&mut self, log: &AuditLog, now: Stamp) -> Result<Vec<String>, StoreError> {
        let mut unknown = Vec::new();
        let mut held = BTreeMap::new();
        for (key, lease) in log.held_by_others(now)? {
            let taken = (lease.owner, Stamp { utc_ms: lease.expires_at, ..now });
            if let Some(id) = self.id(&key) {
                held.insert(id, taken);
            } else {
                self.unmet.entry(key.clone()).or_default().taken = Some(taken);
                unknown.push(key);
            }
        }
        for (id, standing) in Arc::make_mut(&mut self.met) {
            standing.taken = held.remove(id);
        }
        Ok(unknown)
    }
}
