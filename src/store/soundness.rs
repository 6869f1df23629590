//! Soundness of the database file for `verify`: pages, rows and indexes, as `SQLite` judges them.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::checks::Findings;
use super::error::StoreError;
use super::indexes::Keys;
use super::open;
use super::projections::TABLES;
use super::told::Told;
use super::verify::Check;

/// How long the second look waits for other programs.
const PATIENCE: Duration = Duration::from_secs(5);

/// Checks pages and rows of all tables, but not what is made of the bodies of events.
///
/// Left to itself `SQLite` reads each body five times here. The pass over the events reads it too,
/// and is stricter: canonical JSON, known kinds, parts of the right type.
pub(crate) fn pages(
    conn: &Connection,
    path: &Path,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    add(spare_bodies(conn).and_then(|()| ask(conn, "PRAGMA quick_check(10)")), path, findings)
}

/// Gives a connection empty answers in place of reading bodies, for as long as it lives.
fn spare_bodies(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    conn.create_scalar_function("json_extract", 2, flags, |_| Ok(None::<i64>))?;
    conn.create_scalar_function("json_valid", 1, flags, |_| Ok(true))
}

/// Checks that every index says what the rows say.
pub(crate) fn indexes(
    conn: &Connection,
    path: &Path,
    keys: &Keys,
    told: &Told,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for table in TABLES.iter().map(|table| table.name).chain(["event_text"]) {
        add(ask(conn, &format!("PRAGMA integrity_check({table})")), path, findings)?;
    }
    if keys.agree(conn, told).unwrap_or(false) {
        return Ok(());
    }
    // The slow way names what is wrong; it reads bodies itself.
    let conn = open::to_read(path, PATIENCE)?;
    add(ask(&conn, "PRAGMA integrity_check(10)"), path, findings)?;
    if findings.count() == 0 {
        findings.whole(Check::Integrity, "the indexes of events differ from their rows");
    }
    Ok(())
}

fn ask(conn: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

fn add(
    said: rusqlite::Result<Vec<String>>,
    path: &Path,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let lines = match said {
        Ok(lines) => lines,
        Err(error) => match StoreError::sqlite(path, &error) {
            StoreError::Damaged { why, .. } => vec![why],
            other => return Err(other),
        },
    };
    for line in lines.iter().filter(|line| *line != "ok") {
        if !findings.has(Check::Integrity, line) {
            findings.whole(Check::Integrity, line.as_str());
        }
    }
    Ok(())
}
