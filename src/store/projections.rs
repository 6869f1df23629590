//! Projections: what stands for each note, told by its events alone and rebuilt from them at any time.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

use super::append::read_event;
use super::error::StoreError;
use super::events::{Event, Kind};

/// The decision that stands for a note and slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DecisionRow {
    pub(crate) seq: i64,
    pub(crate) kind: String,
    pub(crate) actor: String,
    pub(crate) at: i64,
    pub(crate) digest: String,
    pub(crate) session: String,
}

impl DecisionRow {
    fn of(event: &Event) -> Result<Self, StoreError> {
        let part = if event.kind()? == Kind::Amend { "/after/kind" } else { "/decision/kind" };
        Ok(Self {
            seq: event.seq,
            kind: event.text(part, "decision")?.to_owned(),
            actor: event.text("/actor", "actor")?.to_owned(),
            at: event.int("/at", "at")?,
            digest: event.text("/note/digest", "note")?.to_owned(),
            session: event.text("/session", "session").unwrap_or("").to_owned(),
        })
    }
}

/// Who holds a note in a slot, or held it last: then `expires_at` has passed or is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeaseRow {
    pub(crate) owner: String,
    pub(crate) fence: i64,
    pub(crate) expires_at: i64,
}

/// An event that set something, and who did it when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarkRow {
    pub(crate) seq: i64,
    pub(crate) actor: String,
    pub(crate) at: i64,
}

/// A warning's place: rule, first byte, byte past the last.
pub(crate) type WarningPlace = (String, i64, i64);

/// All that the projections say of one note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct NoteProjection {
    pub(crate) decisions: BTreeMap<u8, DecisionRow>,
    pub(crate) leases: BTreeMap<u8, LeaseRow>,
    pub(crate) flag: Option<MarkRow>,
    pub(crate) suppressed: BTreeMap<WarningPlace, (i64, String)>,
}

impl NoteProjection {
    /// Takes one event in. `earlier` reads an event that the new one points back to.
    pub(crate) fn apply(
        &mut self,
        event: &Event,
        earlier: impl Fn(i64) -> Result<Event, StoreError>,
    ) -> Result<(), StoreError> {
        let slot = event.slot()?;
        let actor = || event.text("/actor", "actor").map(ToOwned::to_owned);
        match event.kind()? {
            Kind::Decide => {
                let fence = event.int("/fence", "fence")?;
                if self.leases.get(&slot).is_none_or(|lease| lease.fence != fence) {
                    let lease = LeaseRow { owner: actor()?, fence, expires_at: 0 };
                    self.leases.insert(slot, lease);
                }
                self.decisions.insert(slot, DecisionRow::of(event)?);
            }
            Kind::Amend => {
                self.decisions.insert(slot, DecisionRow::of(event)?);
            }
            Kind::Withdraw => {
                let taken_back = earlier(event.int("/amends", "amends")?)?;
                if taken_back.kind()? == Kind::Amend {
                    let before = earlier(taken_back.int("/amends", "amends")?)?;
                    self.decisions.insert(slot, DecisionRow::of(&before)?);
                } else {
                    self.decisions.remove(&slot);
                }
            }
            Kind::LeaseTake | Kind::LeaseRenew | Kind::LeaseSteal => {
                let fence = event.int("/fence", "fence")?;
                let expires_at = event.int("/until", "until")?;
                self.leases.insert(slot, LeaseRow { owner: actor()?, fence, expires_at });
            }
            Kind::LeaseRelease | Kind::LeaseExpire => {
                if let Some(lease) = self.leases.get_mut(&slot) {
                    lease.expires_at = 0;
                }
            }
            Kind::Flag => {
                let at = event.int("/at", "at")?;
                self.flag = Some(MarkRow { seq: event.seq, actor: actor()?, at });
            }
            Kind::Unflag => self.flag = None,
            Kind::Suppress => {
                self.suppressed.insert(warning_place(event)?, (event.seq, actor()?));
            }
            Kind::Unsuppress => {
                self.suppressed.remove(&warning_place(event)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes a new event into the tables, inside the transaction that appends it.
    pub(crate) fn advance(
        conn: &Connection,
        sorted: impl Fn(rusqlite::Error) -> StoreError + Copy,
        event: &Event,
    ) -> Result<(), StoreError> {
        let Some(key) = event.body.pointer("/note/key").and_then(Value::as_str) else {
            return Ok(());
        };
        let mut note = Self::load(conn, key).map_err(sorted)?;
        let before = note.clone();
        note.apply(event, |seq| read_event(conn, sorted, seq))?;
        if note != before {
            note.store(conn, key).map_err(sorted)?;
        }
        Ok(())
    }

    /// Reads the rows of one note.
    pub(crate) fn load(conn: &Connection, key: &str) -> rusqlite::Result<Self> {
        let mut note = Self::default();
        let mut rows = conn.prepare_cached(
            "SELECT slot, seq, kind, actor, at, digest, session FROM note_state WHERE note_key = ?1",
        )?;
        for row in rows.query_map([key], decision_row)? {
            let (slot, decision) = row?;
            note.decisions.insert(slot, decision);
        }
        let mut rows = conn.prepare_cached(
            "SELECT slot, owner, fence, expires_at FROM lease WHERE note_key = ?1",
        )?;
        for row in rows.query_map([key], |row| {
            let lease =
                LeaseRow { owner: row.get(1)?, fence: row.get(2)?, expires_at: row.get(3)? };
            Ok((row.get(0)?, lease))
        })? {
            let (slot, lease) = row?;
            note.leases.insert(slot, lease);
        }
        note.flag = conn
            .prepare_cached("SELECT seq, actor, at FROM flag_state WHERE note_key = ?1")?
            .query_row([key], |row| {
                Ok(MarkRow { seq: row.get(0)?, actor: row.get(1)?, at: row.get(2)? })
            })
            .optional()?;
        let mut rows = conn.prepare_cached(
            "SELECT rule, byte_start, byte_end, seq, actor FROM suppression WHERE note_key = ?1",
        )?;
        for row in rows.query_map([key], |row| {
            Ok(((row.get(0)?, row.get(1)?, row.get(2)?), (row.get(3)?, row.get(4)?)))
        })? {
            let (place, mark) = row?;
            note.suppressed.insert(place, mark);
        }
        Ok(note)
    }

    /// Puts the rows of one note in place of those that are there.
    pub(crate) fn store(&self, conn: &Connection, key: &str) -> rusqlite::Result<()> {
        for sql in [
            "DELETE FROM note_state WHERE note_key = ?1",
            "DELETE FROM lease WHERE note_key = ?1",
            "DELETE FROM flag_state WHERE note_key = ?1",
            "DELETE FROM suppression WHERE note_key = ?1",
        ] {
            conn.prepare_cached(sql)?.execute([key])?;
        }
        for (slot, row) in &self.decisions {
            conn.prepare_cached("INSERT INTO note_state VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")?
                .execute(params![
                    key,
                    slot,
                    row.seq,
                    row.kind,
                    row.actor,
                    row.at,
                    row.digest,
                    row.session
                ])?;
        }
        for (slot, row) in &self.leases {
            conn.prepare_cached("INSERT INTO lease VALUES (?1,?2,?3,?4,?5)")?.execute(params![
                key,
                slot,
                row.owner,
                row.fence,
                row.expires_at
            ])?;
        }
        if let Some(row) = &self.flag {
            conn.prepare_cached("INSERT INTO flag_state VALUES (?1,?2,?3,?4)")?
                .execute(params![key, row.seq, row.actor, row.at])?;
        }
        for ((rule, start, end), (seq, actor)) in &self.suppressed {
            conn.prepare_cached("INSERT INTO suppression VALUES (?1,?2,?3,?4,?5,?6)")?
                .execute(params![key, rule, start, end, seq, actor])?;
        }
        Ok(())
    }
}

fn warning_place(event: &Event) -> Result<WarningPlace, StoreError> {
    Ok((
        event.text("/rule", "rule")?.to_owned(),
        event.int("/start", "start")?,
        event.int("/end", "end")?,
    ))
}

fn decision_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<(u8, DecisionRow)> {
    let decision = DecisionRow {
        seq: row.get(1)?,
        kind: row.get(2)?,
        actor: row.get(3)?,
        at: row.get(4)?,
        digest: row.get(5)?,
        session: row.get(6)?,
    };
    Ok((row.get(0)?, decision))
}

/// Tells what the projections must say, from the events alone.
pub(crate) fn from_events(
    conn: &Connection,
    sorted: impl Fn(rusqlite::Error) -> StoreError + Copy,
) -> Result<BTreeMap<String, NoteProjection>, StoreError> {
    let mut notes: BTreeMap<String, NoteProjection> = BTreeMap::new();
    let mut statement =
        conn.prepare("SELECT seq, event_id, body FROM event ORDER BY seq").map_err(sorted)?;
    let mut rows = statement.query([]).map_err(sorted)?;
    while let Some(row) = rows.next().map_err(sorted)? {
        let read = || -> rusqlite::Result<(i64, String, String)> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        };
        let (seq, id, body) = read().map_err(sorted)?;
        let event = Event::read(seq, id, &body)?;
        let Some(key) = event.body.pointer("/note/key").and_then(Value::as_str) else { continue };
        let note = notes.entry(key.to_owned()).or_default();
        note.apply(&event, |seq| read_event(conn, sorted, seq))?;
    }
    notes.retain(|_, note| *note != NoteProjection::default());
    Ok(notes)
}

/// Tells what the projections do say.
pub(crate) fn from_tables(conn: &Connection) -> rusqlite::Result<BTreeMap<String, NoteProjection>> {
    let mut keys = conn.prepare(
        "SELECT note_key FROM note_state UNION SELECT note_key FROM lease
         UNION SELECT note_key FROM flag_state UNION SELECT note_key FROM suppression",
    )?;
    let keys: Vec<String> = keys.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    keys.into_iter().map(|key| NoteProjection::load(conn, &key).map(|note| (key, note))).collect()
}

/// Throws the projections away and tells them again from the events.
pub(crate) fn rebuild(
    conn: &Connection,
    sorted: impl Fn(rusqlite::Error) -> StoreError + Copy,
) -> Result<(), StoreError> {
    let notes = from_events(conn, sorted)?;
    conn.execute_batch(
        "DELETE FROM note_state; DELETE FROM lease; DELETE FROM flag_state; DELETE FROM suppression;",
    )
    .map_err(sorted)?;
    notes.iter().try_for_each(|(key, note)| note.store(conn, key)).map_err(sorted)
}
