//! Leases: who has a note in which slot, by fences that only grow, so that nobody overwrites unknowingly.

use rusqlite::{OptionalExtension as _, params};

use super::append::Writer;
use super::error::StoreError;

/// Refuses a second slot of a note to a person who has, had or answered another one.
pub(crate) fn check_second_person(
    writer: &Writer<'_>,
    key: &str,
    slot: u8,
) -> Result<(), StoreError> {
    let other: Option<u8> = writer
        .conn
        .prepare_cached(
            "SELECT slot FROM lease WHERE note_key = ?1 AND owner = ?2 AND slot <> ?3
             UNION ALL
             SELECT json_extract(body,'$.slot') FROM event
              WHERE note_key = ?1 AND kind = 'decide' AND actor = ?2
                AND json_extract(body,'$.slot') <> ?3
             LIMIT 1",
        )
        .and_then(|mut rows| {
            rows.query_row(params![key, writer.context.coder.id, slot], |row| row.get(0)).optional()
        })
        .map_err(writer.context.sqlite())?;
    other.map_or(Ok(()), |slot| Err(StoreError::SamePerson { slot }))
}
