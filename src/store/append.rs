//! Appending: one transaction for an event, its texts and its projections, read back before "recorded".

use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::{Map, Value, json};

use super::canonical::to_canonical;
use super::chain::{Digest, event_hash, text_commitment};
use super::error::StoreError;
use super::events::{Coder, Draft, Event, EventId, Stamp};
use super::facts::Facts;
use super::key::random_bytes;
use super::projections::NoteProjection;

/// The store's answer that an event is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recorded {
    /// Number of the event in the log, from 1.
    pub seq: i64,
    /// Whether this call wrote it or an earlier one had.
    pub write: Write,
}

/// Whether a call wrote an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Write {
    /// This call wrote it.
    New,
    /// The id was there already: a retry.
    Repeated,
}

/// Who writes, from where, into which file.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    pub(crate) path: std::path::PathBuf,
    pub(crate) coder: Coder,
    pub(crate) session: Option<EventId>,
    pub(crate) key_id: String,
    /// Slot in which this desk reviews, if it does.
    pub(crate) desk: Option<u8>,
}

impl Context {
    /// Returns the slot of decisions on notes that were not taken one by one.
    pub(crate) fn slot(&self) -> u8 {
        self.desk.unwrap_or(super::leases::FIRST_SLOT)
    }

    /// Sorts an error of `SQLite` and names the file.
    pub(crate) fn sqlite(&self) -> impl Fn(rusqlite::Error) -> StoreError + Copy + use<'_> {
        sorted(&self.path)
    }
}

/// Sorts an error of `SQLite` and names the file.
pub(crate) fn sorted(path: &Path) -> impl Fn(rusqlite::Error) -> StoreError + Copy + use<'_> {
    move |error| StoreError::sqlite(path, &error)
}

/// Appends events inside one transaction that has the write lock.
pub(crate) struct Writer<'a> {
    pub(crate) conn: &'a Connection,
    pub(crate) context: &'a Context,
    head: (i64, Digest),
    last_at: i64,
    /// What the tables say of one note at this moment, read already for the next event.
    pub(crate) told: Option<(String, NoteProjection)>,
}

impl<'a> Writer<'a> {
    /// Reads the head; `conn` must be inside an immediate transaction.
    pub(crate) fn new(conn: &'a Connection, context: &'a Context) -> Result<Self, StoreError> {
        let found = conn
            .prepare_cached("SELECT seq, hash, body FROM event ORDER BY seq DESC LIMIT 1")
            .and_then(|mut rows| {
                let head = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?));
                rows.query_row([], head).optional()
            })
            .map_err(context.sqlite())?;
        let (seq, hash, last_at) = match found {
            None => (0, [0; 32], i64::MIN),
            Some((seq, hash, body)) => {
                // Half of what SQLite takes to read the body, and stricter: it must be canonical.
                let at = Facts::scan(seq, "", &body).and_then(|facts| facts.at);
                (seq, hash, at.ok_or(StoreError::Unreadable { seq, field: "at" })?)
            }
        };
        Ok(Self { conn, context, head: (seq, Digest::new(hash)), last_at, told: None })
    }

    /// Returns the event that an id stands for, if it is there already.
    pub(crate) fn existing(&self, id: &EventId) -> Result<Option<Event>, StoreError> {
        self.conn
            .prepare_cached("SELECT seq, event_id, body FROM event WHERE event_id = ?1")
            .and_then(|mut rows| {
                rows.query_row([id.as_str()], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?))
                })
                .optional()
            })
            .map_err(self.context.sqlite())?
            .map(|(seq, id, body)| Event::read(seq, id, &body))
            .transpose()
    }

    /// Returns an event by its number.
    pub(crate) fn event(&self, seq: i64) -> Result<Event, StoreError> {
        read_event(self.conn, self.context.sqlite(), seq)
    }

    /// Appends an event, or finds that it is there already.
    pub(crate) fn append(&mut self, draft: Draft, at: Stamp) -> Result<Recorded, StoreError> {
        if let Some(event) = self.existing(&draft.id)? {
            return repeated(&event, &draft, &self.context.coder);
        }
        let (seq, previous) = (self.head.0 + 1, self.head.1);
        let mut commitments = Map::new();
        let mut texts = Vec::with_capacity(draft.texts.len());
        for (field, text) in draft.texts {
            let salt = random_bytes()?;
            commitments.insert(field.to_owned(), text_commitment(&salt, &text).to_string().into());
            texts.push((field, salt, text));
        }
        let body = self.body(draft.kind.as_str(), draft.fields, commitments, at);
        let text = to_canonical(&body)?;
        let hash = event_hash(seq.unsigned_abs(), draft.id.as_str(), &previous, &text);

        let context = self.context;
        let mut insert = self
            .conn
            .prepare_cached(
                "INSERT INTO event(seq, event_id, body, prev_hash, hash) VALUES (?1,?2,?3,?4,?5)",
            )
            .map_err(context.sqlite())?;
        let row = params![seq, draft.id.as_str(), text, previous.as_bytes(), hash.as_bytes()];
        let changed = insert.execute(row).map_err(context.sqlite())?;
        for (field, salt, text) in texts {
            self.conn
                .prepare_cached(
                    "INSERT INTO event_text(seq, field, salt, text) VALUES (?1,?2,?3,?4)",
                )
                .and_then(|mut insert| insert.execute(params![seq, field, salt, text]))
                .map_err(context.sqlite())?;
        }
        let event = Event { seq, id: draft.id.as_str().to_owned(), body };
        NoteProjection::advance(self.conn, context.sqlite(), &event, self.told.take())?;

        let back: (String, [u8; 32]) = self
            .conn
            .prepare_cached("SELECT body, hash FROM event WHERE seq = ?1")
            .and_then(|mut rows| rows.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?))))
            .map_err(context.sqlite())?;
        if changed != 1 || back.0 != text || back.1 != *hash.as_bytes() {
            return Err(StoreError::Damaged {
                path: context.path.clone(),
                why: format!("event {seq} does not read back as it was written"),
            });
        }
        self.head = (seq, hash);
        self.last_at = self.last_at.max(at.utc_ms);
        Ok(Recorded { seq, write: Write::New })
    }

    fn body(
        &self,
        kind: &str,
        mut fields: Map<String, Value>,
        commitments: Map<String, Value>,
        at: Stamp,
    ) -> Value {
        let coder = &self.context.coder;
        // Times never order events; a clock that went back is written down where it happened.
        let clock = if at.utc_ms < self.last_at { "back" } else { "on" };
        for (name, value) in [
            ("v", json!(1)),
            ("kind", json!(kind)),
            ("actor", json!(coder.id)),
            ("os_user", json!(coder.os_user)),
            ("host", json!(coder.host)),
            ("at", json!(at.utc_ms)),
            ("offset", json!(at.offset_minutes)),
            ("clock", json!(clock)),
        ] {
            fields.insert(name.to_owned(), value);
        }
        if let Some(session) = &self.context.session {
            fields.entry("session").or_insert_with(|| json!(session.as_str()));
        }
        if !commitments.is_empty() {
            fields.insert("text".to_owned(), Value::Object(commitments));
        }
        Value::Object(fields)
    }
}

/// Answers a retry; an id that stands for something else is refused.
fn repeated(event: &Event, draft: &Draft, coder: &Coder) -> Result<Recorded, StoreError> {
    let same = event.body.get("kind").and_then(Value::as_str) == Some(draft.kind.as_str())
        && event.body.get("actor").and_then(Value::as_str) == Some(coder.id.as_str())
        && event.body.get("note") == draft.fields.get("note");
    if !same {
        return Err(StoreError::EventIdTaken);
    }
    Ok(Recorded { seq: event.seq, write: Write::Repeated })
}

/// Reads the body of one event by its number, as it is spelled.
pub(crate) fn read_body(
    conn: &Connection,
    sorted: impl Fn(rusqlite::Error) -> StoreError,
    seq: i64,
) -> Result<String, StoreError> {
    conn.prepare_cached("SELECT body FROM event WHERE seq = ?1")
        .and_then(|mut rows| rows.query_row([seq], |row| row.get(0)).optional())
        .map_err(sorted)?
        .ok_or(StoreError::WrongEvent { seq, why: "is not in the log" })
}

/// Reads one event by its number.
pub(crate) fn read_event(
    conn: &Connection,
    sorted: impl Fn(rusqlite::Error) -> StoreError,
    seq: i64,
) -> Result<Event, StoreError> {
    let found = conn
        .prepare_cached("SELECT event_id, body FROM event WHERE seq = ?1")
        .and_then(|mut rows| {
            rows.query_row([seq], |row| Ok((row.get(0)?, row.get::<_, String>(1)?))).optional()
        })
        .map_err(sorted)?;
    match found {
        Some((id, body)) => Event::read(seq, id, &body),
        None => Err(StoreError::WrongEvent { seq, why: "is not in the log" }),
    }
}
