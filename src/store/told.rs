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

    /// Returns how many notes there are.
    pub(crate) fn notes(&self) -> usize {
        self.keys.len()
    }

    /// Tells whether the tables and their indexes say this and nothing else, row by row in their
    /// order; `notes` are all notes in the order of their keys.
    pub(crate) fn stands_in_tables(
        &self,
        conn: &Connection,
        notes: &[NoteNumber],
    ) -> rusqlite::Result<bool> {
        for table in TABLES {
            let mut rows = conn.prepare(&format!("{} ORDER BY {}", table.select, table.order))?;
            let mut rows = rows.query([])?;
            for note in notes {
                let told = &self.notes[*note as usize];
                for at in 0..(table.count)(told) {
                    let Some(row) = rows.next()? else { return Ok(false) };
                    let same = row.get_ref(0)?.as_str()? == &*self.keys[*note as usize]
                        && (table.is)(told, at, row)?;
                    if !same {
                        return Ok(false);
                    }
                }
            }
            if rows.next()?.is_some() {
                return Ok(false);
            }
        }
        self.sessions_stand(conn)
    }

    /// Tells whether the index of what was decided in which session says this: as many decisions
    /// in growing order, each of which stands for its note.
    fn sessions_stand(&self, conn: &Connection) -> rusqlite::Result<bool> {
        let mut rows = conn.prepare(
            "SELECT session, seq, note_key, slot FROM note_state INDEXED BY note_state_session
             ORDER BY 1, 2, 3, 4",
        )?;
        let mut rows = rows.query([])?;
        let (mut last, mut count) = (None, 0);
        while let Some(row) = rows.next()? {
            let (seq, slot): (i64, u8) = (row.get(1)?, row.get(3)?);
            let key = row.get_ref(2)?.as_str()?;
            let note = self.numbers.get_key_value(key);
            let Some((key, decision)) = note.and_then(|(key, note)| {
                Some((key, self.notes[*note as usize].decisions.get(slot)?))
            }) else {
                return Ok(false);
            };
            let now = Some((&*decision.session, seq, &**key, slot));
            if decision.seq != seq || *decision.session != *row.get_ref(0)?.as_str()? || last >= now
            {
                return Ok(false);
            }
            last = now;
            count += 1;
        }
        let decided: usize = self.notes.iter().map(|note| note.decisions.len()).sum();
        Ok(count == decided)
    }

    /// Counts the notes of which the tables say something else; reads each table once.
    pub(crate) fn differing(&self, conn: &Connection) -> rusqlite::Result<usize> {
        let mut wrong = vec![false; self.notes.len()];
        let mut strangers = BTreeSet::new();
        for table in TABLES {
            let mut found = vec![0_usize; self.notes.len()];
            let mut rows = conn.prepare(&format!("{} ORDER BY {}", table.select, table.order))?;
            let mut rows = rows.query([])?;
            while let Some(row) = rows.next()? {
                let key = row.get_ref(0)?.as_str()?;
                match self.numbers.get(key) {
                    Some(number) => {
                        let at = *number as usize;
                        wrong[at] |= !(table.is)(&self.notes[at], found[at], row)?;
                        found[at] += 1;
                    }
                    None => {
                        strangers.insert(key.to_owned());
                    }
                }
            }
            for (at, note) in self.notes.iter().enumerate() {
                wrong[at] |= found[at] != (table.count)(note);
            }
        }
        Ok(wrong.iter().filter(|wrong| **wrong).count() + strangers.len())
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
