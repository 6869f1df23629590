//! Rows of events for `verify`: what can be judged of one row by itself, on all cores.

use std::ops::Range;

use rayon::prelude::*;
use rusqlite::types::ValueRef;
use rusqlite::{Row, Rows};
use serde_json::{Map, Value};

use super::chain::{BEFORE_ID, Digest, write_event};
use super::events::EventId;
use super::facts::Facts;
use super::tree::leaf_hash;

/// Rows judged at a time: enough for every core, little enough to stay near them.
const BATCH: usize = 512;

/// Reads the rows of a batch, in their order; `sig` tells whether a signature is there.
pub(crate) const SELECT: &str =
    "SELECT seq, event_id, body, prev_hash, hash, sig IS NOT NULL FROM event ORDER BY seq";

/// Rows as they stand in the table: of each the bytes that are hashed, one row after the other.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    bytes: Vec<u8>,
    rows: Vec<Raw>,
}

#[derive(Debug)]
struct Raw {
    seq: i64,
    /// `None` if a column has another type or length.
    hashed: Option<Hashed>,
    signed: bool,
}

/// Where the bytes that are hashed of a row begin and its texts stand, and the hashes it holds.
#[derive(Debug)]
struct Hashed {
    start: usize,
    id: Range<usize>,
    body: Range<usize>,
    prev: Digest,
    hash: Digest,
}

/// A row with what can be said of it without any other.
#[derive(Debug)]
pub(crate) struct Judged<'a> {
    pub(crate) seq: i64,
    /// `None` if the row cannot be read.
    pub(crate) columns: Option<Columns<'a>>,
}

/// The columns of a row, judged.
#[derive(Debug)]
pub(crate) struct Columns<'a> {
    /// `None` if the body is not in its canonical spelling.
    pub(crate) facts: Option<Facts<'a>>,
    pub(crate) id: &'a str,
    /// The id as a number; `None` if it is no UUID of version 7.
    pub(crate) uuid: Option<u128>,
    pub(crate) body: &'a str,
    /// Whether the stored hash is that of number, id, previous hash and body.
    pub(crate) hash_fits: bool,
    pub(crate) signed: bool,
    pub(crate) prev: Digest,
    pub(crate) hash: Digest,
    pub(crate) leaf: Digest,
}

impl Batch {
    /// Reads the next rows in place of those before; `false` at the end.
    pub(crate) fn fill(&mut self, rows: &mut Rows<'_>) -> rusqlite::Result<bool> {
        self.bytes.clear();
        self.rows.clear();
        while self.rows.len() < BATCH
            && let Some(row) = rows.next()?
        {
            let seq = row.get(0)?;
            // What cannot be read is said by the caller, with its number.
            let hashed = self.columns(seq, row).unwrap_or(None);
            self.rows.push(Raw { seq, hashed, signed: row.get(5)? });
        }
        Ok(!self.rows.is_empty())
    }

    fn columns(&mut self, seq: i64, row: &Row<'_>) -> rusqlite::Result<Option<Hashed>> {
        let (ValueRef::Text(id), ValueRef::Text(body)) = (row.get_ref(1)?, row.get_ref(2)?) else {
            return Ok(None);
        };
        let (prev, hash) = (Digest::new(row.get(3)?), Digest::new(row.get(4)?));
        let start = self.bytes.len();
        write_event(&mut self.bytes, seq.unsigned_abs(), id, prev.as_bytes(), body);
        let (id_at, end) = (start + BEFORE_ID, self.bytes.len());
        Ok(Some(Hashed {
            start,
            id: id_at..id_at + id.len(),
            body: end - body.len()..end,
            prev,
            hash,
        }))
    }

    /// Judges each row by itself and hands them on in their order.
    pub(crate) fn judge(&self, mut each: impl FnMut(Judged<'_>)) {
        // With one thread to work on it, the bytes would only wander from one core to another.
        if rayon::current_num_threads() == 1 {
            self.rows.iter().for_each(|raw| each(self.judged(raw)));
        } else {
            let judged: Vec<_> = self.rows.par_iter().map(|raw| self.judged(raw)).collect();
            judged.into_iter().for_each(each);
        }
    }

    fn judged<'a>(&'a self, raw: &Raw) -> Judged<'a> {
        Judged { seq: raw.seq, columns: self.columns_of(raw) }
    }

    fn columns_of<'a>(&'a self, raw: &Raw) -> Option<Columns<'a>> {
        let hashed = raw.hashed.as_ref()?;
        let id = str::from_utf8(&self.bytes[hashed.id.clone()]).ok()?;
        let body = str::from_utf8(&self.bytes[hashed.body.clone()]).ok()?;
        Some(Columns {
            facts: Facts::scan(raw.seq, id, body),
            id,
            uuid: EventId::number(id),
            body,
            hash_fits: Digest::of(&self.bytes[hashed.start..hashed.body.end]) == hashed.hash,
            signed: raw.signed,
            prev: hashed.prev,
            hash: hashed.hash,
            leaf: leaf_hash(hashed.hash.as_bytes()),
        })
    }
}

/// Reads what can be read of a body that is not as it was written, to name event and actor.
pub(crate) fn ruins(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| Value::Object(Map::new()))
}
