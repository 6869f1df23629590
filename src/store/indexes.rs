//! Indexes of events for `verify`: each says what the rows say, in its order, nothing more or less.
//!
//! `integrity_check` looks up every row in every index and reads each body anew to do so; walking
//! along the indexes beside what is known of the rows finds the same in a tenth of the time.

use rusqlite::{Connection, Row};

use super::chain::Digest;
use super::events::{EventId, Kind};
use super::told::{NoteNumber, Told};

/// What the rows say that indexes repeat, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    rows: Vec<Key>,
    /// Set once a row cannot be told, or numbers have a gap: then the indexes cannot be walked along.
    untold: bool,
}

#[derive(Debug)]
struct Key {
    id: u128,
    hash: Digest,
    kind: Kind,
    note: Option<NoteNumber>,
}

impl Keys {
    /// Adds the next row; `None` for what is not as it must be.
    pub(crate) fn push(
        &mut self,
        id: Option<u128>,
        hash: Digest,
        kind: Option<Kind>,
        note: Option<NoteNumber>,
    ) {
        match (id, kind) {
            (Some(id), Some(kind)) => self.rows.push(Key { id, hash, kind, note }),
            _ => self.untold = true,
        }
    }

    /// Says that the rows are not all told.
    pub(crate) fn give_up(&mut self) {
        self.untold = true;
    }

    /// Returns the notes in the order of their keys, if every index of events holds each row once,
    /// under its key, in order.
    pub(crate) fn agree(
        &self,
        conn: &Connection,
        told: &Told,
    ) -> rusqlite::Result<Option<Vec<NoteNumber>>> {
        if self.untold {
            return Ok(None);
        }
        let all = self.by_id(conn, "sqlite_autoindex_event_1", None)?
            && self.by_hash(conn)?
            && self.by_id(conn, "event_key_add", Some(Kind::KeyAdd))?
            && self.by_id(conn, "event_redact", Some(Kind::Redact))?;
        if all { self.by_note(conn, told) } else { Ok(None) }
    }

    /// Walks along an index of ids, of all events or those of a kind.
    fn by_id(&self, conn: &Connection, index: &str, kind: Option<Kind>) -> rusqlite::Result<bool> {
        let only =
            kind.map_or_else(String::new, |kind| format!("WHERE kind = '{}'", kind.as_str()));
        let sql =
            format!("SELECT event_id, seq FROM event INDEXED BY {index} {only} ORDER BY 1, 2");
        let held = |key: &Key| kind.is_none_or(|kind| key.kind == kind);
        let entries = self.walk(
            conn,
            &sql,
            |row| Ok(EventId::number(row.get_ref(0)?.as_str()?)),
            |key, id| *id == Some(key.id) && held(key),
            |before, id| before < id,
        )?;
        Ok(entries == Some(self.rows.iter().filter(|key| held(key)).count()))
    }

    fn by_hash(&self, conn: &Connection) -> rusqlite::Result<bool> {
        let entries = self.walk(
            conn,
            "SELECT hash, seq FROM event INDEXED BY sqlite_autoindex_event_2 ORDER BY 1, 2",
            |row| row.get(0).map(Digest::new),
            |key, hash| *hash == key.hash,
            |before, hash| before < hash,
        )?;
        Ok(entries == Some(self.rows.len()))
    }

    /// Walks along the index of notes, and returns the notes in its order.
    fn by_note(&self, conn: &Connection, told: &Told) -> rusqlite::Result<Option<Vec<NoteNumber>>> {
        let mut rows =
            conn.prepare("SELECT note_key, seq FROM event INDEXED BY event_note ORDER BY 1, 2")?;
        let mut rows = rows.query([])?;
        let mut notes = Vec::with_capacity(told.notes());
        let mut last: (Option<NoteNumber>, i64) = (None, 0);
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let (key, seq) = (row.get_ref(0)?.as_str_or_null()?, row.get(1)?);
            let Some(known) = self.row(seq) else { return Ok(None) };
            let note = known.note;
            if note.and_then(|note| told.key(note)) != key {
                return Ok(None);
            }
            let grows = if note == last.0 {
                seq > last.1
            } else {
                notes.extend(note);
                last.0.and_then(|note| told.key(note)) < key
            };
            if !grows {
                return Ok(None);
            }
            last = (note, seq);
            count += 1;
        }
        Ok((count == self.rows.len()).then_some(notes))
    }

    fn row(&self, seq: i64) -> Option<&Key> {
        self.rows.get(usize::try_from(seq.checked_sub(1)?).ok()?)
    }

    /// Walks along an index; returns how many entries it has if each is that of its row, in order.
    fn walk<T>(
        &self,
        conn: &Connection,
        sql: &str,
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
        same: impl Fn(&Key, &T) -> bool,
        before: impl Fn(&T, &T) -> bool,
    ) -> rusqlite::Result<Option<usize>> {
        let mut rows = conn.prepare(sql)?;
        let mut rows = rows.query([])?;
        let (mut count, mut last) = (0, None);
        while let Some(row) = rows.next()? {
            let now = read(row)?;
            let known = self.row(row.get(1)?);
            if !known.is_some_and(|key| same(key, &now))
                || last.is_some_and(|last| !before(&last, &now))
            {
                return Ok(None);
            }
            last = Some(now);
            count += 1;
        }
        Ok(Some(count))
    }
}
