//! Soundness of the database file for `verify`: trees of pages and, where something is wrong, rows and indexes.

use std::path::Path;
use std::time::Duration;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, Error};

use super::checks::Findings;
use super::error::StoreError;
use super::open;
use super::verify::Check;

/// How long the second look waits for other programs.
const PATIENCE: Duration = Duration::from_secs(5);

/// What ends `quick_check` at the first body.
const ENOUGH: &str = "rows are read by verify itself";

/// Checks all trees of pages, the list of free pages, and how many entries each index has.
///
/// `quick_check` does this in its first step. Then it goes on to read every row, and the body of an
/// event four times; the passes of `verify` read all rows too, and are stricter. So the first body
/// ends it: it is asked for by a function that answers with an error.
pub(crate) fn pages(
    conn: &Connection,
    path: &Path,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    let said = conn
        .create_scalar_function("json_extract", 2, flags, |_| {
            Err::<i64, _>(Error::UserFunctionError(ENOUGH.into()))
        })
        .and_then(|()| {
            let said = ask(conn, "PRAGMA quick_check(10)");
            conn.remove_function("json_extract", 2)?;
            said
        });
    add(said, path, findings)
}

/// Names what is wrong with rows and indexes.
pub(crate) fn rows(path: &Path, findings: &mut Findings) -> Result<(), StoreError> {
    let conn = open::to_read(path, PATIENCE)?;
    add(ask(&conn, "PRAGMA integrity_check(10)"), path, findings)
}

/// Asks until there is no more to be said, or it was enough.
fn ask(conn: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut said = Vec::new();
    loop {
        match rows.next() {
            Ok(Some(row)) => said.push(row.get(0)?),
            Ok(None) => return Ok(said),
            Err(Error::SqliteFailure(_, Some(why))) if why == ENOUGH => return Ok(said),
            Err(error) => return Err(error),
        }
    }
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
