//! Projections: what stands for each note, told by its events alone and rebuilt from them at any time.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, params};
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
        note.save(&before, conn, key).map_err(sorted)
    }

    /// Reads the rows of one note.
    pub(crate) fn load(conn: &Connection, key: &str) -> rusqlite::Result<Self> {
        let mut note = Self::default();
        for (table, take) in TABLES {
            let mut rows = conn.prepare_cached(&format!("{table} WHERE note_key = ?1"))?;
            let mut rows = rows.query([key])?;
            while let Some(row) = rows.next()? {
                take(&mut note, row)?;
            }
        }
        Ok(note)
    }

    /// Puts the rows of one note in place of those from `before`; what did not change is not touched.
    pub(crate) fn save(&self, before: &Self, conn: &Connection, key: &str) -> rusqlite::Result<()> {
        if self.decisions != before.decisions {
            conn.prepare_cached("DELETE FROM note_state WHERE note_key = ?1")?.execute([key])?;
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
        }
        if self.leases != before.leases {
            conn.prepare_cached("DELETE FROM lease WHERE note_key = ?1")?.execute([key])?;
            for (slot, row) in &self.leases {
                conn.prepare_cached("INSERT INTO lease VALUES (?1,?2,?3,?4,?5)")?
                    .execute(params![key, slot, row.owner, row.fence, row.expires_at])?;
            }
        }
        if self.flag != before.flag {
            conn.prepare_cached("DELETE FROM flag_state WHERE note_key = ?1")?.execute([key])?;
            if let Some(row) = &self.flag {
                conn.prepare_cached("INSERT INTO flag_state VALUES (?1,?2,?3,?4)")?
                    .execute(params![key, row.seq, row.actor, row.at])?;
            }
        }
        if self.suppressed != before.suppressed {
            conn.prepare_cached("DELETE FROM suppression WHERE note_key = ?1")?.execute([key])?;
            for ((rule, start, end), (seq, actor)) in &self.suppressed {
                conn.prepare_cached("INSERT INTO suppression VALUES (?1,?2,?3,?4,?5,?6)")?
                    .execute(params![key, rule, start, end, seq, actor])?;
            }
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

/// Takes one row of a table into what is said of its note.
type Take = fn(&mut NoteProjection, &Row<'_>) -> rusqlite::Result<()>;

/// How each table is read; the first column is the key of the note.
const TABLES: [(&str, Take); 4] = [
    (
        "SELECT note_key, slot, seq, kind, actor, at, digest, session FROM note_state",
        |note, row| {
            let decision = DecisionRow {
                seq: row.get(2)?,
                kind: row.get(3)?,
                actor: row.get(4)?,
                at: row.get(5)?,
                digest: row.get(6)?,
                session: row.get(7)?,
            };
            note.decisions.insert(row.get(1)?, decision);
            Ok(())
        },
    ),
    ("SELECT note_key, slot, owner, fence, expires_at FROM lease", |note, row| {
        let lease = LeaseRow { owner: row.get(2)?, fence: row.get(3)?, expires_at: row.get(4)? };
        note.leases.insert(row.get(1)?, lease);
        Ok(())
    }),
    ("SELECT note_key, seq, actor, at FROM flag_state", |note, row| {
        note.flag = Some(MarkRow { seq: row.get(1)?, actor: row.get(2)?, at: row.get(3)? });
        Ok(())
    }),
    ("SELECT note_key, rule, byte_start, byte_end, seq, actor FROM suppression", |note, row| {
        let place = (row.get(1)?, row.get(2)?, row.get(3)?);
        note.suppressed.insert(place, (row.get(4)?, row.get(5)?));
        Ok(())
    }),
];

/// What the projections say of all notes, as events tell it one after the other.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Projections(BTreeMap<String, NoteProjection>);

impl Projections {
    /// Takes one event in.
    pub(crate) fn apply(
        &mut self,
        event: &Event,
        earlier: impl Fn(i64) -> Result<Event, StoreError>,
    ) -> Result<(), StoreError> {
        let Some(key) = event.body.pointer("/note/key").and_then(Value::as_str) else {
            return Ok(());
        };
        if !self.0.contains_key(key) {
            self.0.insert(key.to_owned(), NoteProjection::default());
        }
        self.0.get_mut(key).map_or(Ok(()), |note| note.apply(event, earlier))
    }

    /// Counts the notes of which two tellings differ.
    pub(crate) fn differing(&self, other: &Self) -> usize {
        let nothing = NoteProjection::default();
        let differs = |(key, note): (&String, &NoteProjection), other: &Self| {
            *note != *other.0.get(key).unwrap_or(&nothing)
        };
        let here = self.0.iter().filter(|entry| differs(*entry, other)).count();
        let only_there = other.0.iter().filter(|(key, _)| !self.0.contains_key(*key));
        here + only_there.filter(|(_, note)| **note != nothing).count()
    }
}

/// Tells what the projections must say, from the events alone.
pub(crate) fn from_events(
    conn: &Connection,
    sorted: impl Fn(rusqlite::Error) -> StoreError + Copy,
) -> Result<Projections, StoreError> {
    let mut notes = Projections::default();
    let mut statement =
        conn.prepare("SELECT seq, event_id, body FROM event ORDER BY seq").map_err(sorted)?;
    let mut rows = statement.query([]).map_err(sorted)?;
    while let Some(row) = rows.next().map_err(sorted)? {
        let read = || -> rusqlite::Result<(i64, String, String)> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        };
        let (seq, id, body) = read().map_err(sorted)?;
        notes.apply(&Event::read(seq, id, &body)?, |seq| read_event(conn, sorted, seq))?;
    }
    Ok(notes)
}

/// Tells what the projections do say.
pub(crate) fn from_tables(conn: &Connection) -> rusqlite::Result<Projections> {
    let mut notes: BTreeMap<String, NoteProjection> = BTreeMap::new();
    for (table, take) in TABLES {
        let mut rows = conn.prepare(table)?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            take(notes.entry(row.get(0)?).or_default(), row)?;
        }
    }
    Ok(Projections(notes))
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
    let nothing = NoteProjection::default();
    notes.0.iter().try_for_each(|(key, note)| note.save(&nothing, conn, key)).map_err(sorted)
}
