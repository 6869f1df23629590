//! Numbered migrations, and the fingerprint that shows a schema changed by hand.

use std::path::Path;
use std::sync::OnceLock;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sha2::{Digest as _, Sha256};

use super::chain::{Digest, length_prefix};
use super::error::StoreError;

/// `RUBR`: tells the file from every other `SQLite` database.
pub(crate) const APPLICATION_ID: i32 = 0x5255_4252;

/// Every schema since the first, in order; entries are added, never changed or taken out.
const MIGRATIONS: [&str; 2] = [include_str!("schema/0001.sql"), include_str!("schema/0002.sql")];

/// Newest schema this program knows.
pub(crate) const NEWEST: i64 = 2;

/// Reads the schema number of a database.
pub(crate) fn version(conn: &Connection) -> rusqlite::Result<i64> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings a database to the newest schema, one transaction a step; returns the number before.
///
/// `note` is called inside the transaction of each step and records it.
pub(crate) fn migrate(
    conn: &mut Connection,
    path: &Path,
    mut note: impl FnMut(&Transaction<'_>, i64, i64) -> Result<(), StoreError>,
) -> Result<i64, StoreError> {
    let start = version(conn).map_err(|error| StoreError::sqlite(path, &error))?;
    if start == NEWEST {
        // Nobody who writes meanwhile is waited for.
        return Ok(start);
    }
    loop {
        let failed = |to: i64| {
            move |error: rusqlite::Error| match StoreError::sqlite(path, &error) {
                StoreError::Sqlite { path, why } => StoreError::Migration { path, to, why },
                sorted => sorted,
            }
        };
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Exclusive)
            .map_err(failed(start + 1))?;
        // Asked again under the lock: another process may have been faster.
        let now = version(&tx).map_err(failed(start + 1))?;
        let Some(sql) = usize::try_from(now).ok().and_then(|now| MIGRATIONS.get(now)) else {
            return Ok(start);
        };
        let to = now + 1;
        tx.execute_batch(sql).map_err(failed(to))?;
        tx.pragma_update(None, "user_version", to).map_err(failed(to))?;
        note(&tx, now, to)?;
        tx.commit().map_err(failed(to))?;
    }
}

/// Returns the digest of all objects of a database's schema, in the order of their names.
pub(crate) fn fingerprint(conn: &Connection) -> rusqlite::Result<Digest> {
    let mut hasher = Sha256::new();
    let mut rows = conn.prepare(
        "SELECT type, name, tbl_name, coalesce(sql,'') FROM sqlite_schema ORDER BY type, name",
    )?;
    let mut rows = rows.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..4 {
            let text: String = row.get(column)?;
            hasher.update(length_prefix(text.as_bytes()));
            hasher.update(text.as_bytes());
        }
    }
    Ok(Digest::new(hasher.finalize().into()))
}

/// Tells whether tables and guards are those of the schema that a log says it has.
pub(crate) fn is_as_made(conn: &Connection) -> rusqlite::Result<bool> {
    let known = expected_fingerprints()?;
    let made = usize::try_from(version(conn)? - 1).ok().and_then(|at| known.get(at));
    Ok(made == Some(&fingerprint(conn)?))
}

/// Returns the fingerprint of each schema.
fn expected_fingerprints() -> rusqlite::Result<&'static [Digest]> {
    // They depend on nothing but the program itself, so they are found out once.
    static KNOWN: OnceLock<Vec<Digest>> = OnceLock::new();
    if let Some(known) = KNOWN.get() {
        return Ok(known);
    }
    let conn = Connection::open_in_memory()?;
    let found: rusqlite::Result<_> = MIGRATIONS
        .iter()
        .map(|sql| {
            conn.execute_batch(sql)?;
            fingerprint(&conn)
        })
        .collect();
    let found = found?;
    Ok(KNOWN.get_or_init(|| found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_changes_nothing_and_a_failure_rolls_back() {
        let path = Path::new("test");
        let mut conn = Connection::open_in_memory().unwrap();
        let failure = migrate(&mut conn, path, |_, _, _| Err(StoreError::NoHome));
        assert!(failure.is_err());
        assert_eq!(version(&conn).unwrap(), 0);
        let mut steps = Vec::new();
        for _ in 0..2 {
            migrate(&mut conn, path, |_, from, to| {
                steps.push((from, to));
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(steps, [(0, 1), (1, 2)]);
        assert_eq!(usize::try_from(NEWEST), Ok(MIGRATIONS.len()));
        assert!(is_as_made(&conn).unwrap());
        conn.execute_batch("DROP TRIGGER event_no_update").unwrap();
        assert!(!is_as_made(&conn).unwrap());
    }
}
