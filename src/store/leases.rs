//! Leases: who has a note in which slot, by fences that only grow, so that nobody overwrites unknowingly.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};

use crate::model::{Decision, Versions};

use super::AuditLog;
use super::append::{Recorded, Writer};
use super::error::StoreError;
use super::events::{Draft, EventId, Kind, Stamp};
use super::key::NoteRef;
use super::projections::{LeaseRow, NoteProjection};
use super::record::{Hold, about, decide};

/// How long a hold lasts without a renewal: 15 minutes.
pub const LEASE_MS: i64 = 15 * 60 * 1000;

/// The slot of the first review of a note; a blind second review has slot 2.
pub const FIRST_SLOT: u8 = 1;

/// The highest slot of a note.
const LAST_SLOT: u8 = 9;

/// A hold on a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Who has it.
    pub owner: String,
    /// Review slot.
    pub slot: u8,
    /// Number that grows with each taking and stands in each decision.
    pub fence: i64,
    /// When it ends unless it is renewed, in UTC milliseconds.
    pub expires_at: i64,
}

impl Lease {
    fn of(slot: u8, row: &LeaseRow) -> Self {
        Self { owner: row.owner.to_string(), slot, fence: row.fence, expires_at: row.expires_at }
    }
}

impl AuditLog {
    /// Takes a note for review. A note that one holds already is held on.
    ///
    /// Refused while another coder holds it, and for a second slot of the same person.
    pub fn take(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        slot: u8,
        at: Stamp,
    ) -> Result<Lease, StoreError> {
        let lease = self.write(|writer| {
            let current = current(writer, &note.key, slot)?;
            let me = &writer.context.coder.id;
            match current {
                Some(row) if row.expires_at > at.utc_ms && *row.owner == **me => {
                    Ok(Lease::of(slot, &row))
                }
                Some(row) if row.expires_at > at.utc_ms => Err(StoreError::LeaseHeld {
                    owner: row.owner.to_string(),
                    until: row.expires_at,
                }),
                current => {
                    if let Some(row) = &current
                        && writer.existing(event_id)?.is_none()
                    {
                        give_way(writer, note, slot, row, at)?;
                    }
                    let draft = about(writer, event_id, Kind::LeaseTake, note);
                    enter(writer, draft, &note.key, slot, current, at)
                }
            }
        })?;
        self.remember_hold(&note.key, &lease);
        Ok(lease)
    }

    /// Makes a hold longer, once less than half of it is left; before, nothing is written.
    ///
    /// A hold that ran out and that nobody took is still good.
    pub fn renew(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        at: Stamp,
    ) -> Result<Option<Lease>, StoreError> {
        let Some(hold) = self.hold(&note.key) else { return Ok(None) };
        self.write(|writer| {
            let row = held(writer, &note.key, hold)?;
            if row.expires_at - at.utc_ms > LEASE_MS / 2 {
                return Ok(Some(Lease::of(hold.slot, &row)));
            }
            let until = at.utc_ms + LEASE_MS;
            let draft = about(writer, event_id, Kind::LeaseRenew, note)
                .with("slot", hold.slot)
                .with("fence", hold.fence)
                .with("until", until);
            writer.append(draft, at)?;
            Ok(Some(Lease::of(hold.slot, &LeaseRow { expires_at: until, ..row })))
        })
    }

    /// Gives a note back. One that was lost meanwhile is gone already, which is no error.
    pub fn release(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        at: Stamp,
    ) -> Result<(), StoreError> {
        let Some(hold) = self.hold(&note.key) else { return Ok(()) };
        self.write(|writer| {
            match held(writer, &note.key, hold) {
                Ok(row) if row.expires_at == 0 => return Ok(()),
                Ok(_) => {}
                Err(StoreError::LeaseLost { .. }) => return Ok(()),
                Err(error) => return Err(error),
            }
            let draft = about(writer, event_id, Kind::LeaseRelease, note)
                .with("slot", hold.slot)
                .with("fence", hold.fence);
            writer.append(draft, at).map(|_| ())
        })?;
        self.holds.remove(&note.key);
        Ok(())
    }

    /// Takes a note from whoever holds it, with a reason that is recorded.
    pub fn steal(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        slot: u8,
        reason: &str,
        at: Stamp,
    ) -> Result<Lease, StoreError> {
        let lease = self.write(|writer| {
            let row = current(writer, &note.key, slot)?;
            let draft = about(writer, event_id, Kind::LeaseSteal, note);
            enter(writer, draft.with_text("reason", Some(reason)), &note.key, slot, row, at)
        })?;
        self.remember_hold(&note.key, &lease);
        Ok(lease)
    }

    /// Takes a note by its key from another coder who holds it now; returns who that was.
    ///
    /// The note is as the log saw it last: its source is not read.
    pub fn take_over(
        &mut self,
        event_id: &EventId,
        key: &str,
        slot: u8,
        reason: &str,
        at: Stamp,
    ) -> Result<(Lease, String), StoreError> {
        self.write(|writer| {
            let row = current(writer, key, slot)?;
            let others = |row: &LeaseRow| {
                row.expires_at > at.utc_ms && *row.owner != *writer.context.coder.id
            };
            let row = row.filter(others).ok_or(StoreError::NotHeld)?;
            let owner = row.owner.to_string();
            let taking: i64 = writer
                .conn
                .query_row("SELECT max(seq) FROM event WHERE note_key = ?1", [key], |row| {
                    row.get(0)
                })
                .map_err(writer.context.sqlite())?;
            let note = writer.event(taking)?.body["note"].take();
            let draft = Draft::new(event_id, Kind::LeaseSteal)
                .with("note", note)
                .with_text("reason", Some(reason));
            Ok((enter(writer, draft, key, slot, Some(row), at)?, owner))
        })
    }

    /// Records a decision in the first free slot beside the first: what was typed while the
    /// hold on the note was lost is not lost with it.
    pub fn record_second_opinion(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        decision: &Decision,
        versions: &Versions,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let recorded = self.write(|writer| {
            if writer.existing(event_id)?.is_some() {
                return decide(writer, event_id, note, decision, versions, at, None, None);
            }
            let state =
                NoteProjection::load(writer.conn, &note.key).map_err(writer.context.sqlite())?;
            let free = |slot: &u8| {
                state.decisions.get(*slot).is_none()
                    && state.leases.get(*slot).is_none_or(|row| row.expires_at <= at.utc_ms)
            };
            let slot = (FIRST_SLOT + 1..=LAST_SLOT).find(free).ok_or(StoreError::NoFreeSlot)?;
            let fence = state.leases.get(slot).map_or(0, |row| row.fence) + 1;
            let hold = Hold { slot, fence };
            decide(writer, event_id, note, decision, versions, at, Some(hold), None)
        })?;
        self.holds.remove(&note.key);
        Ok(recorded)
    }

    /// Returns the notes that other coders hold in this desk's slot at a moment, by key.
    pub fn held_by_others(&self, at: Stamp) -> Result<BTreeMap<String, Lease>, StoreError> {
        self.conn
            .prepare_cached(
                "SELECT note_key, slot, owner, fence, expires_at FROM lease
                 WHERE owner <> ?1 AND expires_at > ?2 AND slot = ?3 ORDER BY note_key",
            )
            .and_then(|mut rows| {
                rows.query_map(
                    params![self.context.coder.id, at.utc_ms, self.context.slot()],
                    |row| {
                        let lease = Lease {
                            slot: row.get(1)?,
                            owner: row.get(2)?,
                            fence: row.get(3)?,
                            expires_at: row.get(4)?,
                        };
                        Ok((row.get(0)?, lease))
                    },
                )?
                .collect()
            })
            .map_err(self.context.sqlite())
    }

    /// Returns the decisions that stand for a note, by slot, with who made them.
    ///
    /// Refused while this coder still owes an answer of their own: blind stays blind.
    pub fn answers(&self, key: &str) -> Result<BTreeMap<u8, (String, Decision)>, StoreError> {
        if self.owed_slot(key)?.is_some() {
            return Err(StoreError::Blind);
        }
        let state = NoteProjection::load(&self.conn, key).map_err(self.context.sqlite())?;
        state
            .decisions
            .iter()
            .map(|(slot, row)| {
                let event = super::append::read_event(&self.conn, self.context.sqlite(), row.seq)?;
                Ok((slot, (row.actor.to_string(), self.decision_of(&event)?)))
            })
            .collect()
    }

    fn remember_hold(&mut self, key: &str, lease: &Lease) {
        self.holds.insert(key.to_owned(), Hold { slot: lease.slot, fence: lease.fence });
    }
}

/// Refuses a slot that no note has.
pub(crate) fn check_slot(slot: u8) -> Result<(), StoreError> {
    if (FIRST_SLOT..=LAST_SLOT).contains(&slot) { Ok(()) } else { Err(StoreError::NoFreeSlot) }
}

fn current(writer: &Writer<'_>, key: &str, slot: u8) -> Result<Option<LeaseRow>, StoreError> {
    check_slot(slot)?;
    let state = NoteProjection::load(writer.conn, key).map_err(writer.context.sqlite())?;
    Ok(state.leases.get(slot).cloned())
}

/// Returns the row of a hold if it is still this coder's.
fn held(writer: &Writer<'_>, key: &str, hold: Hold) -> Result<LeaseRow, StoreError> {
    let row = current(writer, key, hold.slot)?.ok_or(StoreError::NoFreeSlot)?;
    if row.fence != hold.fence {
        return Err(StoreError::LeaseLost { owner: row.owner.to_string() });
    }
    Ok(row)
}

/// Records that another coder's hold ran out, once it gives way to somebody; tells whether it did.
///
/// A hold that ran out and that nobody took is still good, so before that there is nothing to say.
pub(crate) fn give_way(
    writer: &mut Writer<'_>,
    note: &NoteRef,
    slot: u8,
    row: &LeaseRow,
    at: Stamp,
) -> Result<bool, StoreError> {
    let ran_out = (1..=at.utc_ms).contains(&row.expires_at);
    if !ran_out || *row.owner == *writer.context.coder.id {
        return Ok(false);
    }
    let draft = about(writer, &EventId::now(), Kind::LeaseExpire, note)
        .with("slot", slot)
        .with("fence", row.fence)
        .with("owner", &*row.owner);
    writer.append(draft, at).map(|_| true)
}

/// Records that a note was taken or stolen, under the next fence.
fn enter(
    writer: &mut Writer<'_>,
    draft: Draft,
    key: &str,
    slot: u8,
    before: Option<LeaseRow>,
    at: Stamp,
) -> Result<Lease, StoreError> {
    check_second_person(writer, key, slot)?;
    let fence = before.map_or(0, |row| row.fence) + 1;
    let until = at.utc_ms + LEASE_MS;
    let draft = draft.with("slot", slot).with("fence", fence).with("until", until);
    let recorded = writer.append(draft, at)?;
    // A retry answers with what the first try recorded.
    let event = writer.event(recorded.seq)?;
    Ok(Lease {
        owner: writer.context.coder.id.clone(),
        slot,
        fence: event.int("/fence", "fence")?,
        expires_at: event.int("/until", "until")?,
    })
}

/// Refuses a second slot of a note to a person who has, had or answered another one.
pub(crate) fn check_second_person(
    writer: &Writer<'_>,
    key: &str,
    slot: u8,
) -> Result<(), StoreError> {
    // The plus keeps SQLite from walking through all decisions by the index of kinds.
    let other: Option<u8> = writer
        .conn
        .prepare_cached(
            "SELECT slot FROM lease WHERE note_key = ?1 AND owner = ?2 AND slot <> ?3
             UNION ALL
             SELECT json_extract(body,'$.slot') FROM event
              WHERE note_key = ?1 AND +kind = 'decide' AND actor = ?2
                AND json_extract(body,'$.slot') <> ?3
             LIMIT 1",
        )
        .and_then(|mut rows| {
            rows.query_row(params![key, writer.context.coder.id, slot], |row| row.get(0)).optional()
        })
        .map_err(writer.context.sqlite())?;
    other.map_or(Ok(()), |slot| Err(StoreError::SamePerson { slot }))
}
