//! What the projections must say of all notes, told by events one after the other, and whether they do.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use rusqlite::Connection;

use super::append::read_body;
use super::error::StoreError;
use super::events::Event;
use super::facts::Facts;
use super::projections::{NoteProjection, TABLES, Words};

/// Number of a note in the order in which notes first appear.
pub(crate) type NoteNumber = u32;

/// All notes that events speak of, and what stands for each.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Never iterated: only asked.
    numbers: HashMap<Rc<str>, NoteNumber>,
    keys: Vec<Rc<str>>,
    notes: Vec<NoteProjection>,
    /// The note of the last event: the next one mostly speaks of the same.
    last: NoteNumber,
    pub(crate) words: Words,
}

impl Told {
    /// Returns the number of a note, a new one if it was never spoken of.
    pub(crate) fn number(&mut self, key: &str) -> NoteNumber {
        if self.keys.get(self.last as usize).is_some_and(|last| **last == *key) {
            return self.last;
        }
        self.last = if let Some(number) = self.numbers.get(key) {
            *number
        } else {
            let key: Rc<str> = key.into();
            let number = NoteNumber::try_from(self.keys.len()).unwrap_or(NoteNumber::MAX);
            self.numbers.insert(Rc::clone(&key), number);
            self.keys.push(key);
            self.notes.push(NoteProjection::default());
            number
        };
        self.last
    }

    /// Returns the key of a note.
    pub(crate) fn key(&self, number: NoteNumber) -> Option<&str> {
        self.keys.get(number as usize).map(|key| &**key)
    }

    /// Takes one event in that speaks of a note.
    pub(crate) fn apply(
        &mut self,
        number: NoteNumber,
        facts: &Facts<'_>,
        earlier: impl Fn(i64) -> Result<String, StoreError>,
    ) -> Result<(), StoreError> {
        let note = self.notes.get_mut(number as usize);
        note.map_or(Ok(()), |note| note.apply(facts, &mut self.words, earlier))
    }

    /// Counts the notes of which the tables say something else; reads each table once.
    pub(crate) fn differing(&self, conn: &Connection) -> rusqlite::Result<usize> {
        let mut found = vec![0_usize; self.notes.len()];
        let mut wrong = vec![false; self.notes.len()];
        let mut strangers = BTreeSet::new();
        for table in TABLES {
            let mut rows = conn.prepare(&format!("{} ORDER BY {}", table.select, table.order))?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let key = row.get_ref(0)?.as_str()?;
                match self.numbers.get(key) {
                    Some(number) => {
                        let at = *number as usize;
                        found[at] += 1;
                        wrong[at] |= !(table.has)(&self.notes[at], row)?;
                    }
                    None => {
                        strangers.insert(key.to_owned());
                    }
                }
            }
        }
        let differs =
            |(at, note): &(usize, &NoteProjection)| wrong[*at] || found[*at] != note.rows();
        Ok(self.notes.iter().enumerate().filter(differs).count() + strangers.len())
    }

    /// Puts what was told in place of what the tables say.
    pub(crate) fn save(&self, conn: &Connection) -> rusqlite::Result<()> {
        for table in TABLES {
            conn.execute(&format!("DELETE FROM {}", table.name), [])?;
        }
        let nothing = NoteProjection::default();
        let mut notes: Vec<_> = self.keys.iter().zip(&self.notes).collect();
        notes.sort_by_key(|(key, _)| *key);
        notes.into_iter().try_for_each(|(key, note)| note.save(&nothing, conn, key))
    }
}

/// Tells what the projections must say, from the events alone.
pub(crate) fn from_events(
    conn: &Connection,
    sorted: impl Fn(rusqlite::Error) -> StoreError + Copy,
) -> Result<Told, StoreError> {
    let mut told = Told::default();
    let mut statement =
        conn.prepare("SELECT seq, event_id, body FROM event ORDER BY seq").map_err(sorted)?;
    let mut rows = statement.query([]).map_err(sorted)?;
    while let Some(row) = rows.next().map_err(sorted)? {
        let read = || -> rusqlite::Result<(i64, String, String)> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        };
        let (seq, id, body) = read().map_err(sorted)?;
        let event = Event::read(seq, id, &body)?;
        let facts = event.facts();
        if let Some(key) = facts.note_key.as_deref() {
            let number = told.number(key);
            told.apply(number, &facts, |seq| read_body(conn, sorted, seq))?;
        }
    }
    Ok(told)
}
