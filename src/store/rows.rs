//! Rows of events for `verify`: what can be judged of one row by itself, on all cores.

use std::fmt;

use rayon::prelude::*;
use rusqlite::Rows;
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value, json};

use super::canonical::is_canonical;
use super::chain::{Digest, event_hash};
use super::events::{Event, EventId};
use super::tree::leaf_hash;

/// Rows judged at a time: enough for every core, little enough for memory.
const BATCH: usize = 4096;

/// A row as it stands in the table; `None` if its columns have other types.
struct Raw {
    seq: i64,
    columns: Option<(String, String, Digest, Digest)>,
}

/// A row with what can be said of it without any other.
pub(crate) struct Judged {
    /// The event without its bulk; read it again by its number for all of it.
    pub(crate) event: Event,
    pub(crate) canonical: bool,
    /// Whether the stored hash is that of number, id, previous hash and body.
    pub(crate) hash_fits: bool,
    pub(crate) id_fits: bool,
    pub(crate) prev: Digest,
    pub(crate) hash: Digest,
    pub(crate) leaf: Digest,
}

/// Reads the next rows; each is a number with what was read there. Empty at the end.
pub(crate) fn next_batch(rows: &mut Rows<'_>) -> rusqlite::Result<Vec<(i64, Option<Judged>)>> {
    let mut batch = Vec::new();
    while batch.len() < BATCH
        && let Some(row) = rows.next()?
    {
        let columns = || -> rusqlite::Result<_> {
            let (prev, hash) = (Digest::new(row.get(3)?), Digest::new(row.get(4)?));
            Ok((row.get(1)?, row.get(2)?, prev, hash))
        };
        batch.push(Raw { seq: row.get(0)?, columns: columns().ok() });
    }
    Ok(batch.into_par_iter().map(|raw| (raw.seq, judge(raw))).collect())
}

fn judge(raw: Raw) -> Option<Judged> {
    let seq = raw.seq;
    let (id, body, prev, hash) = raw.columns?;
    // What can be read of the body still names the event and its actor in findings.
    let value = serde_json::from_str(&body)
        .map(|Slim(value)| value)
        .or_else(|_| serde_json::from_str(&body))
        .unwrap_or(Value::Null);
    Some(Judged {
        canonical: is_canonical(&body),
        hash_fits: event_hash(seq.unsigned_abs(), &id, &prev, &body) == hash,
        id_fits: EventId::parse(&id).is_ok(),
        prev,
        hash,
        leaf: leaf_hash(hash.as_bytes()),
        event: Event { seq, id, body: value },
    })
}

/// The body of an event without its bulk: of decisions only the kind is kept.
///
/// Most of the time of verifying a log goes into making values that nobody looks at.
struct Slim(Value);

/// A decision of which only the kind matters.
#[derive(Deserialize)]
struct KindOnly {
    kind: Value,
}

impl<'de> Deserialize<'de> for Slim {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Slim;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the body of an event")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Slim, A::Error> {
                let mut fields = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    let value = match key.as_str() {
                        "decision" | "after" => {
                            json!({"kind": map.next_value::<KindOnly>()?.kind})
                        }
                        "before" | "versions" | "bulk" | "answers" => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                        _ => map.next_value()?,
                    };
                    fields.insert(key, value);
                }
                Ok(Slim(Value::Object(fields)))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}
