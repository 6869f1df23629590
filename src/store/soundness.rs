//! Soundness of the database file for `verify`: pages, rows and indexes, as `SQLite` judges them.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;

use super::checks::Findings;
use super::error::StoreError;
use super::indexes::Keys;
use super::projections::TABLES;
use super::told::Told;
use super::verify::Check;

/// Functions that the table of events makes its columns with.
const OF_BODIES: [(&str, i32); 2] = [("json_extract", 2), ("json_valid", 1)];

/// Checks pages and rows of all tables, but not what is made of the bodies of events.
///
/// Left to itself `SQLite` reads each body five times here. The pass over the events reads it too,
/// and is stricter: canonical JSON, known kinds, parts of the right type.
pub(crate) fn pages(
    conn: &Connection,
    path: &Path,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let checked = spare_bodies(conn).and_then(|()| ask(conn, "PRAGMA quick_check(10)"));
    for (name, arguments) in OF_BODIES {
        conn.remove_function(name, arguments).map_err(|error| StoreError::sqlite(path, &error))?;
    }
    add(checked, path, findings)
}

fn spare_bodies(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let [extract, valid] = OF_BODIES;
    conn.create_scalar_function(extract.0, extract.1, flags, |_| Ok(None::<i64>))?;
    conn.create_scalar_function(valid.0, valid.1, flags, |_| Ok(true))
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
    // The slow way names what is wrong.
    let before = findings.count();
    add(ask(conn, "PRAGMA integrity_check(10)"), path, findings)?;
    if findings.count() == 0 && before == 0 {
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
