//! Rows of events for `verify`: what can be judged of one row by itself, on all cores.

use rayon::prelude::*;
use rusqlite::{Row, Rows};
use serde_json::{Map, Value};

use super::chain::{Digest, event_hash};
use super::events::EventId;
use super::facts::Facts;
use super::tree::leaf_hash;

/// Rows judged at a time: enough for every core, little enough to stay near them.
const BATCH: usize = 512;

/// Reads the rows of a batch, in their order; `sig` tells whether a signature is there.
pub(crate) const SELECT: &str =
    "SELECT seq, event_id, body, prev_hash, hash, sig IS NOT NULL FROM event ORDER BY seq";

/// Rows as they stand in the table: their texts one after the other, without a list of their own.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    text: String,
    rows: Vec<Raw>,
}

#[derive(Debug)]
struct Raw {
    seq: i64,
    /// Where the id begins, where the body begins, where it ends.
    texts: [usize; 3],
    /// `None` if a column has another type or length.
    hashes: Option<[Digest; 2]>,
    signed: bool,
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
        self.text.clear();
        self.rows.clear();
        while self.rows.len() < BATCH
            && let Some(row) = rows.next()?
        {
            let mut raw = Raw {
                seq: row.get(0)?,
                texts: [self.text.len(); 3],
                hashes: None,
                signed: row.get(5)?,
            };
            // What cannot be read is said by the caller, with its number.
            let _ = self.columns(row, &mut raw);
            self.rows.push(raw);
        }
        Ok(!self.rows.is_empty())
    }

    fn columns(&mut self, row: &Row<'_>, raw: &mut Raw) -> rusqlite::Result<()> {
        self.text.push_str(row.get_ref(1)?.as_str()?);
        raw.texts[1] = self.text.len();
        self.text.push_str(row.get_ref(2)?.as_str()?);
        raw.texts[2] = self.text.len();
        raw.hashes = Some([Digest::new(row.get(3)?), Digest::new(row.get(4)?)]);
        Ok(())
    }

    /// Judges each row by itself.
    pub(crate) fn judged(&self) -> Vec<Judged<'_>> {
        // With one thread to work on it, the text would only wander from one core to another.
        if rayon::current_num_threads() == 1 {
            return self.rows.iter().map(|raw| self.judge(raw)).collect();
        }
        self.rows.par_iter().map(|raw| self.judge(raw)).collect()
    }

    fn judge<'a>(&'a self, raw: &Raw) -> Judged<'a> {
        let [start, middle, end] = raw.texts;
        let columns = raw.hashes.map(|[prev, hash]| {
            let (id, body) = (&self.text[start..middle], &self.text[middle..end]);
            Columns {
                facts: Facts::scan(raw.seq, id, body),
                id,
                uuid: EventId::number(id),
                body,
                hash_fits: event_hash(raw.seq.unsigned_abs(), id, &prev, body) == hash,
                signed: raw.signed,
                prev,
                hash,
                leaf: leaf_hash(hash.as_bytes()),
            }
        });
        Judged { seq: raw.seq, columns }
    }
}

/// Reads what can be read of a body that is not as it was written, to name event and actor.
pub(crate) fn ruins(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_else(|_| Value::Object(Map::new()))
}
