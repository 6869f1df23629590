//! Opening a log: place, version, settings, migrations and guards, in the order the promises need.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use serde_json::json;

use super::append::{Context, Writer, sorted};
use super::chain::hex;
use super::disk;
use super::error::StoreError;
use super::events::{Coder, Draft, EventId, Kind, Stamp};
use super::heads::{self, HeadProblem};
use super::key::{InstallationKey, random_bytes};
use super::place::{self, LogPlace};
use super::schema;

/// Lowest `SQLite` that is safe when two connections write or checkpoint at once.
const SQLITE_FLOOR: (i32, &str) = (3_051_003, "3.51.3");

/// Settings in the order they must be made: `synchronous` stands before `journal_mode`, or a
/// power cut can bring back the journal of the switch into WAL and roll the whole log away.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("synchronous", "EXTRA", "3"),
    ("journal_mode", "WAL", "wal"),
    ("foreign_keys", "ON", "1"),
    ("recursive_triggers", "ON", "1"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("secure_delete", "ON", "1"),
    ("mmap_size", "0", "0"),
];

/// Statements that are kept ready: more than the program has.
const STATEMENTS: usize = 64;

/// Why a log is open for reading only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Events can be appended.
    Writable,
    /// Somebody saw more, or something else, than the log holds now.
    Behind(HeadProblem),
    /// Tables or triggers are not those of a log.
    SchemaChanged,
    /// It was opened to be read, by [`super::AuditLog::read`].
    Reading,
}

impl Standing {
    /// Says why nothing can be recorded; `None` if it can.
    pub fn problem(&self) -> Option<String> {
        match self {
            Self::Writable => None,
            Self::Behind(problem) => Some(problem.to_string()),
            Self::SchemaChanged => {
                Some("its tables or guards were changed by another program".to_owned())
            }
            Self::Reading => Some("it was opened to be read".to_owned()),
        }
    }
}

/// Checks the place, makes the log if there is none, and connects to it with all guards on.
pub(super) fn open(
    place: &LogPlace,
    coder: &Coder,
    at: Stamp,
) -> Result<(Connection, InstallationKey, Standing), StoreError> {
    check_sqlite(rusqlite::version_number(), rusqlite::version())?;
    place::prepare(place)?;
    if !place.log.try_exists().map_err(|error| unreadable(&place.log, &error))? {
        if heads::log_seen_at(&place.state_dir, &place.log).is_some() {
            return Err(StoreError::LogGone { path: place.log.clone() });
        }
        create(&place.log, coder, at)?;
    }
    check_header(&place.log)?;
    let mut conn = connect(place)?;
    migrate(&mut conn, &place.log, coder, at)?;
    place::close_files(&place.log)?;
    let as_made = schema::is_as_made(&conn).map_err(sorted(&place.log))?;
    let standing = if as_made { Standing::Writable } else { Standing::SchemaChanged };
    guard(&mut conn).map_err(sorted(&place.log))?;
    let key = InstallationKey::load_or_create(&place.log)?;
    Ok((conn, key, standing))
}

/// Settings of a connection that only reads.
///
/// The cache stays small: to fill fresh memory with pages costs twice what reading them again does.
const READING: &str = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON";

/// Connects to a log, or to a copy of one, and writes nothing, wherever it lies.
pub(super) fn to_read(log: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(log, flags).map_err(sorted(log))?;
    conn.busy_timeout(patience).map_err(sorted(log))?;
    let conn = match conn.execute_batch(READING).and_then(|()| schema::version(&conn)) {
        Ok(_) => conn,
        // Beside a log in WAL mode SQLite wants to make its side files, even to read it.
        Err(error) if wants_to_write(&error) && !place::has_side_file(log) => {
            let flags = flags | OpenFlags::SQLITE_OPEN_URI;
            let conn = Connection::open_with_flags(as_it_is(log), flags).map_err(sorted(log))?;
            conn.execute_batch(READING).map_err(sorted(log))?;
            conn
        }
        Err(error) => return Err(sorted(log)(error)),
    };
    check_schema_number(log, schema::version(&conn).map_err(sorted(log))?)?;
    Ok(conn)
}

fn wants_to_write(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, ReadOnly};
    error.sqlite_error_code().is_some_and(|code| matches!(code, CannotOpen | ReadOnly))
}

/// Names a file that nobody changes while it is read.
fn as_it_is(log: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in log.as_os_str().as_encoded_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(*byte));
            }
            byte => {
                uri.push('%');
                uri.push_str(&hex(&[*byte]));
            }
        }
    }
    uri + "?immutable=1"
}

/// Connects to a log to read it, with the key beside it if there is one.
pub(super) fn read(
    place: &LogPlace,
) -> Result<(Connection, InstallationKey, Standing), StoreError> {
    let log = &place.log;
    check_sqlite(rusqlite::version_number(), rusqlite::version())?;
    check_header(log)?;
    let conn = to_read(log, place.patience)?;
    let as_made = schema::is_as_made(&conn).map_err(sorted(log))?;
    let standing = if as_made { Standing::Reading } else { Standing::SchemaChanged };
    Ok((conn, InstallationKey::beside(log)?, standing))
}

/// Opens the file again after a failure that may have spoiled the connection.
pub(super) fn reconnect(place: &LogPlace) -> Result<Connection, StoreError> {
    let log = &place.log;
    check_header(log)?;
    let mut conn = connect(place)?;
    guard(&mut conn).map_err(sorted(log))?;
    Ok(conn)
}

fn unreadable(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Io { path: path.to_path_buf(), why: error.to_string() }
}

/// Refuses a `SQLite` below the floor.
fn check_sqlite(number: i32, name: &str) -> Result<(), StoreError> {
    if number < SQLITE_FLOOR.0 {
        return Err(StoreError::OldSqlite { found: name.to_owned(), needed: SQLITE_FLOOR.1 });
    }
    Ok(())
}

/// Looks at the first bytes, so that a foreign file is refused before `SQLite` touches it.
pub(super) fn check_header(log: &Path) -> Result<(), StoreError> {
    let foreign = |why| StoreError::NotALog { path: log.to_path_buf(), why };
    let mut header = Vec::new();
    let mut file = File::open(log).map_err(|error| unreadable(log, &error))?;
    if file.metadata().map_err(|error| unreadable(log, &error))?.is_dir() {
        return Err(foreign("a folder"));
    }
    file.by_ref().take(100).read_to_end(&mut header).map_err(|error| unreadable(log, &error))?;
    if header.is_empty() {
        return Err(foreign("an empty file"));
    }
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Err(foreign("not a SQLite database"));
    }
    let number = |from: usize| {
        header[from..from + 4].iter().fold(0_i64, |number, byte| number << 8 | i64::from(*byte))
    };
    if number(68) != i64::from(schema::APPLICATION_ID) {
        return Err(foreign("the database of another program"));
    }
    check_schema_number(log, number(60))
}

pub(super) fn check_schema_number(log: &Path, found: i64) -> Result<(), StoreError> {
    if found > schema::NEWEST {
        let path = log.to_path_buf();
        return Err(StoreError::Newer { path, found, known: schema::NEWEST });
    }
    Ok(())
}

fn connect(place: &LogPlace) -> Result<Connection, StoreError> {
    let log = &place.log;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(log, flags).map_err(sorted(log))?;
    conn.busy_timeout(place.patience).map_err(sorted(log))?;
    // The header may be older than what the side file holds.
    check_schema_number(log, schema::version(&conn).map_err(sorted(log))?)?;
    configure(&conn, log)?;
    // One decision runs some twenty statements; left at 16, each would be prepared anew each time.
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}

/// Makes the settings and reads each of them back.
fn configure(conn: &Connection, log: &Path) -> Result<(), StoreError> {
    for (name, value, _) in SETTINGS {
        conn.execute_batch(&format!("PRAGMA {name} = {value}")).map_err(sorted(log))?;
    }
    for &(name, _, expected) in SETTINGS {
        let found: rusqlite::types::Value =
            conn.pragma_query_value(None, name, |row| row.get(0)).map_err(sorted(log))?;
        let found = match found {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            _ => String::new(),
        };
        if found != expected {
            return Err(StoreError::Setting { path: log.to_path_buf(), setting: name });
        }
    }
    // A plan that holds for every value: else each statement is compiled anew with the next value.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(sorted(log))?;
    let defensive =
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(sorted(log))?;
    if !defensive {
        return Err(StoreError::Setting { path: log.to_path_buf(), setting: "defensive" });
    }
    Ok(())
}

/// Brings an older log to the newest schema and records each step.
fn migrate(conn: &mut Connection, log: &Path, coder: &Coder, at: Stamp) -> Result<(), StoreError> {
    let context = first_context(log, coder);
    schema::migrate(conn, log, |tx, from, to| {
        if from == 0 {
            return Ok(());
        }
        let draft = Draft::new(&EventId::now(), Kind::Migrate)
            .with("from", from)
            .with("to", to)
            .with("program", env!("CARGO_PKG_VERSION"))
            .with("schema", schema::fingerprint(tx).map_err(sorted(log))?.to_string());
        Writer::new(tx, &context)?.append(draft, at).map(|_| ())
    })
    .map(|_| ())
}

fn first_context(log: &Path, coder: &Coder) -> Context {
    Context {
        path: log.to_path_buf(),
        coder: coder.clone(),
        session: None,
        key_id: String::new(),
        desk: None,
    }
}

/// Makes a log under a temporary name and puts it into place whole, so that no half log is ever seen.
fn create(log: &Path, coder: &Coder, at: Stamp) -> Result<(), StoreError> {
    let folder = place::folder_of(log);
    let failed = |error: io::Error| StoreError::Io { path: folder.clone(), why: error.to_string() };
    let file = tempfile::Builder::new()
        .prefix(".rubric-log-")
        .suffix(".new")
        .tempfile_in(&folder)
        .map_err(failed)?;
    fill(file.path(), coder, at)?;
    place::sync_file(file.path()).map_err(failed)?;
    match file.persist_noclobber(log) {
        Ok(_) => {}
        // Another process made the log meanwhile: that one is the log.
        Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(lost) => return Err(failed(lost.error)),
    }
    place::sync_folder(&folder).map_err(failed)
}

/// Writes schema and first event into an empty file and closes it.
fn fill(path: &Path, coder: &Coder, at: Stamp) -> Result<(), StoreError> {
    let mut conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .map_err(sorted(path))?;
    configure(&conn, path)?;
    conn.pragma_update(None, "application_id", schema::APPLICATION_ID).map_err(sorted(path))?;
    schema::migrate(&mut conn, path, |_, _, _| Ok(()))?;
    let context = first_context(path, coder);
    let tx = Transaction::new(&mut conn, TransactionBehavior::Immediate).map_err(sorted(path))?;
    let draft = Draft::new(&EventId::now(), Kind::Open)
        .with("log", hex(&random_bytes()?[..16]))
        .with("program", env!("CARGO_PKG_VERSION"))
        .with("disk", disk::encryption(path).as_str())
        .with("schema", schema::fingerprint(&tx).map_err(sorted(path))?.to_string());
    Writer::new(&tx, &context)?.append(draft, at)?;
    tx.commit().map_err(sorted(path))?;
    // Folds the side file into the database, so that one file is all there is to rename.
    conn.close().map_err(|(_, error)| StoreError::sqlite(path, &error))
}

/// Reads the id that the first event gives to the log.
pub(super) fn log_id(conn: &Connection, path: &Path) -> Result<String, StoreError> {
    let first = super::append::read_event(conn, sorted(path), 1)?;
    first.text("/log", "log").map(ToOwned::to_owned)
}

/// Lists the keys that the log knows.
pub(super) fn known_keys(conn: &Connection, path: &Path) -> Result<Vec<String>, StoreError> {
    conn.prepare("SELECT json_extract(body,'$.key_id') FROM event WHERE kind = 'key.add'")
        .and_then(|mut rows| rows.query_map([], |row| row.get(0))?.collect())
        .map_err(sorted(path))
}

/// Makes the draft of the event by which a key joins.
pub(super) fn key_event(key: &InstallationKey) -> Draft {
    Draft::new(&EventId::now(), Kind::KeyAdd).with("key_id", json!(key.id()))
}

/// Takes from our own connection what only a mistake of ours could use.
fn guard(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.authorizer(Some(|context: AuthContext<'_>| judge(&context)))
}

fn judge(context: &AuthContext<'_>) -> Authorization {
    let allowed = match context.action {
        AuthAction::Update { table_name, .. } | AuthAction::Delete { table_name } => {
            table_name != "event" && !table_name.starts_with("sqlite_")
        }
        AuthAction::Insert { table_name } => !table_name.starts_with("sqlite_"),
        AuthAction::Pragma { pragma_name, pragma_value } => {
            pragma_value.is_none() || pragma_name.eq_ignore_ascii_case("wal_checkpoint")
        }
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::Function { .. }
        | AuthAction::Recursive => true,
        _ => false,
    };
    if allowed { Authorization::Allow } else { Authorization::Deny }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a01_settings_start_with_synchronous_extra() {
        assert_eq!(SETTINGS[0], ("synchronous", "EXTRA", "3"));
        assert_eq!(SETTINGS[1], ("journal_mode", "WAL", "wal"));
    }

    #[test]
    fn a04_our_own_connection_can_do_no_harm() {
        let folder = tempfile::tempdir().unwrap();
        let place = LogPlace::new(folder.path().join("log/a.sqlite"), folder.path().join("state"));
        let coder = Coder { id: "anna".into(), os_user: "anna".into(), host: "desk".into() };
        let (conn, ..) = open(&place, &coder, Stamp::utc(0)).unwrap();
        for sql in [
            "UPDATE event SET body = '{}'",
            "DELETE FROM event",
            "DROP TRIGGER event_no_update",
            "DROP TABLE event",
            "DROP INDEX event_note",
            "ALTER TABLE event RENAME TO gone",
            "ALTER TABLE event DROP COLUMN sig",
            "PRAGMA writable_schema = ON",
            "PRAGMA user_version = 99",
            "PRAGMA recursive_triggers = OFF",
            "PRAGMA synchronous = OFF",
            "PRAGMA journal_mode = DELETE",
            "CREATE TEMP TRIGGER swallow BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END",
            "CREATE TABLE other(x)",
            "ATTACH ':memory:' AS other",
            "VACUUM INTO '/nowhere'",
            "DELETE FROM sqlite_schema",
            "REINDEX",
        ] {
            let error = conn.execute_batch(sql).expect_err(sql).to_string();
            assert!(error.contains("authoriz") || error.contains("may not be"), "{sql}: {error}");
        }
        let row = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        assert_eq!(conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], row).unwrap(), 0);
    }

    #[test]
    fn a19_old_sqlite_is_refused_with_both_versions() {
        let error = check_sqlite(3_051_002, "3.51.2").unwrap_err().to_string();
        assert!(error.contains("3.51.2") && error.contains("3.51.3"), "{error}");
        check_sqlite(3_051_003, "3.51.3").unwrap();
    }
}
