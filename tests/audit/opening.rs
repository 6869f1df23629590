//! Places, modes, versions and foreign files: what is repaired, what is refused and how it is said.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rubric::store::{AuditLog, FileSystem, LogPlace, Standing, StoreError};

use super::support::{House, at, coder};

#[test]
fn a01_a_new_log_is_whole_and_nothing_temporary_stays() {
    let house = House::new();
    let log = house.open("anna");
    assert_eq!(log.standing(), &Standing::Writable);
    log.close(at(1)).unwrap();
    let mut names: Vec<_> = fs::read_dir(house.log_file().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["rubric-log.key", "rubric-log.sqlite"]);
    let shell = house.shell();
    let mode: String = shell.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
    assert_eq!(mode, "wal");
    let kinds: String =
        shell.query_row("SELECT group_concat(kind) FROM event", [], |row| row.get(0)).unwrap();
    assert_eq!(kinds, "open,key.add");
}

/// The order of system calls that a power cut cannot break; looked at where `strace` can be used.
#[cfg(target_os = "linux")]
#[test]
fn a01_a_new_log_gets_its_name_when_it_is_whole() {
    use std::process::{Command, Stdio};

    let house = House::new();
    let notes = house.folder().join("notes.jsonl");
    fs::write(&notes, r#"{"key":"N-1","text":"Bridges 3x10, 10 min."}"#).unwrap();
    let calls = house.folder().join("calls");
    let done = Command::new("strace")
        .args([
            "-f",
            "-y",
            "-e",
            "trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat",
            "-o",
        ])
        .arg(&calls)
        .arg(env!("CARGO_BIN_EXE_rubric"))
        .args(["review", "--plain", "--coder", "anna", "--log"])
        .arg(house.log_file())
        .arg(&notes)
        .env("XDG_STATE_HOME", house.folder().join("xdg"))
        .stdin(Stdio::null())
        .output();
    if !done.is_ok_and(|done| done.status.success()) {
        return;
    }
    let calls = fs::read_to_string(calls).unwrap();
    let calls: Vec<&str> = calls.lines().collect();
    let folder = format!("{}>", house.log_file().parent().unwrap().display());
    let synced = |what: &str| -> Vec<usize> {
        let is = |call: &str| call.contains("sync(") && call.contains(what);
        (0..calls.len()).filter(|at| is(calls[*at])).collect()
    };
    let named = calls
        .iter()
        .position(|call| call.contains(".new\"") && call.contains("rubric-log.sqlite\""))
        .unwrap_or_else(|| panic!("no renaming in {calls:#?}"));
    let whole = *synced(".new>").last().unwrap();
    assert!(whole < named, "made durable before it gets its name: {calls:#?}");
    let kept = *synced(&folder).iter().find(|at| **at > named).unwrap();
    let used = *synced("rubric-log.sqlite-wal>").iter().find(|at| **at > named).unwrap();
    assert!(kept < used, "the name is kept before anything is recorded: {calls:#?}");
}

#[test]
fn a01_opening_again_adds_nothing() {
    let house = House::new();
    let first = house.open("anna").id().to_owned();
    let again = house.open("anna");
    assert_eq!(again.id(), first);
    assert_eq!(again.head(at(2)).unwrap().size, 2);
}

#[cfg(unix)]
#[test]
fn a19_modes_are_repaired() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let house = House::new();
    house.open("anna").close(at(1)).unwrap();
    let (log, key) = (house.log_file(), house.log_file().with_extension("key"));
    let folder = log.parent().unwrap().to_path_buf();
    assert_eq!((mode(&folder), mode(&log), mode(&key)), (0o700, 0o600, 0o600));
    for (path, wide) in [(&log, 0o644), (&key, 0o640), (&folder, 0o755)] {
        fs::set_permissions(path, fs::Permissions::from_mode(wide)).unwrap();
    }
    let open = house.open("anna");
    assert_eq!((mode(&folder), mode(&log), mode(&key)), (0o700, 0o600, 0o600));
    for side in ["-wal", "-shm"] {
        let mut path = log.clone().into_os_string();
        path.push(side);
        assert_eq!(mode(Path::new(&path)), 0o600);
    }
    drop(open);
}

#[cfg(unix)]
#[test]
fn a19_a_shared_folder_is_not_closed_but_refused_when_others_may_write() {
    use std::os::unix::fs::PermissionsExt as _;

    let house = House::new();
    let folder = house.folder().join("desk");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("something-else.txt"), "").unwrap();
    let place = LogPlace::new(folder.join("log.sqlite"), house.folder().join("state"));
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let error = AuditLog::open(&place, coder("anna"), at(0)).unwrap_err();
    assert!(matches!(error, StoreError::UnsafePlace { .. }), "{error}");
    assert!(error.to_string().contains("a folder of its own"), "{error}");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    AuditLog::open(&place, coder("anna"), at(0)).unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o755);
    // As /tmp: others may write, but not replace what is not theirs.
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o1777)).unwrap();
    AuditLog::open(&place, coder("anna"), at(0)).unwrap();
}

#[test]
fn a19_a_share_is_refused_and_a_local_log_offered() {
    let house = House::new();
    let mut place = house.place();
    place.probe = |_| Ok(FileSystem::from_magic(0x6969));
    let error = AuditLog::open(&place, coder("anna"), at(0)).unwrap_err().to_string();
    assert!(error.contains("an NFS share") && error.contains("--log"), "{error}");
    assert!(!house.log_file().exists());
}

#[test]
fn a19_a_folder_that_is_copied_to_other_computers_is_refused() {
    let house = House::new();
    let place = LogPlace::new(house.folder().join("OneDrive - Clinic/log.sqlite"), house.folder());
    let error = AuditLog::open(&place, coder("anna"), at(0)).unwrap_err().to_string();
    assert!(error.contains("OneDrive copies") && error.contains("--log"), "{error}");
    assert!(!place.log.exists());
}

#[test]
fn foreign_files_are_refused_untouched() {
    let house = House::new();
    let path = house.log_file();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let database = house.folder().join("other.sqlite");
    rusqlite::Connection::open(&database).unwrap().execute_batch("CREATE TABLE t(x)").unwrap();
    let other = fs::read(&database).unwrap();
    for (bytes, why) in [
        (&b""[..], "an empty file"),
        (b"key,code\n", "not a SQLite database"),
        (&[7; 4096], "not a SQLite database"),
        (&other, "the database of another program"),
    ] {
        fs::write(&path, bytes).unwrap();
        let error = house.try_open("anna").unwrap_err();
        assert!(matches!(error, StoreError::NotALog { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(why) && text.contains("rubric-log.sqlite"), "{text}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(house.try_open("anna").is_err());
}

#[test]
fn a_newer_log_is_refused_untouched() {
    let house = House::new();
    house.open("anna").close(at(1)).unwrap();
    house.shell().execute_batch("PRAGMA user_version = 7").unwrap();
    let before = fs::read(house.log_file()).unwrap();
    let error = house.try_open("anna").unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 7, .. }), "{error}");
    assert!(error.to_string().contains("schema 7"), "{error}");
    assert_eq!(fs::read(house.log_file()).unwrap(), before);
}

#[test]
fn a_locked_log_is_named_as_such() {
    let house = House::new();
    house.open("anna").close(at(1)).unwrap();
    let shell = house.shell();
    shell.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let mut place = house.place();
    place.patience = Duration::from_millis(50);
    let error = AuditLog::open(&place, coder("anna"), at(0)).unwrap_err();
    assert!(matches!(error, StoreError::Locked { .. }), "{error}");
}

#[test]
fn a_missing_guard_opens_the_log_for_reading_only() {
    let house = House::new();
    house.open("anna").close(at(1)).unwrap();
    house.shell().execute_batch("DROP TRIGGER event_no_delete").unwrap();
    let mut log = house.open("anna");
    assert_eq!(log.standing(), &Standing::SchemaChanged);
    let error = log.end_session(&super::support::id(1), at(2)).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
}

#[test]
fn a_lost_key_is_replaced_by_a_listed_one() {
    let house = House::new();
    let first = house.open("anna").key().clone();
    fs::remove_file(house.log_file().with_extension("key")).unwrap();
    let log = house.open("anna");
    assert_ne!(log.key().id(), first.id());
    let listed: i64 = house
        .shell()
        .query_row("SELECT count(*) FROM event WHERE kind = 'key.add'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(listed, 2);
}
