//! One byte changed in a log of 200 events: in every column, in what is remembered, in the raw file.
//!
//! `RUBRIC_LONG=1` changes every byte; without it some of each kind, others each time the log grows.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rubric::model::DecisionKind;
use rubric::store::{Verdict, WarningRef, verify};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Row, params_from_iter};

use super::golden::{released, settle};
use super::pages::{Use, counts, uses};
use super::support::{House, accept, at, burglar, decision, figure, id, note, record, size};

/// Records 200 events of every kind that a day brings.
fn long_log(house: &House) {
    let mut log = house.open("anna");
    let (mut number, mut turn) = (0, 0);
    while log.head(at(0)).unwrap().size < 200 {
        turn += 1;
        let key = format!("N-{number}");
        let n = note(&log, &key);
        let mut next = || {
            number += 1;
            id(number)
        };
        log.take(&next(), &n, 1, at(1)).unwrap();
        record(&mut log, 5_000 + number, &key, &accept());
        number += 1;
        match turn % 4 {
            0 => drop(log.release(&id(number), &n, at(2))),
            1 => drop(log.flag(&id(number), &n, Some("a task?"), at(2)).unwrap()),
            2 => {
                let why = decision(DecisionKind::Query, Some("which of the two?"));
                let seq = record(&mut log, 5_000 + number, &key, &why);
                if turn % 8 == 2 {
                    log.redact(&id(number), seq, "comment", "names", at(3)).unwrap();
                } else {
                    log.withdraw(&id(number), seq, at(3)).unwrap();
                }
            }
            _ => {
                let warning = WarningRef { rule: "VG-0001".into(), start: number, end: 400 };
                log.suppress(&id(number), &n, &warning, "said elsewhere", at(2)).unwrap();
            }
        }
    }
    log.close(at(9)).unwrap();
}

/// Tells whether somebody who verifies is told; what cannot be read at all is told too.
fn found(house: &House) -> Result<(), String> {
    match verify(&house.place(), None) {
        Ok(report) if report.verdict != Verdict::Tampered => Err(report.to_string()),
        Ok(report) => {
            assert!(!report.findings.is_empty(), "{report}");
            Ok(())
        }
        Err(error) => {
            assert!(error.to_string().contains("rubric-log.sqlite"), "{error}");
            Ok(())
        }
    }
}

/// Tables with their columns and what names a row.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("event", &["seq", "event_id", "body", "prev_hash", "hash", "sig"]),
    ("event_text", &["seq", "field", "salt", "text"]),
    ("lease", &["note_key", "slot", "owner", "fence", "expires_at"]),
    ("note_state", &["note_key", "slot", "seq", "kind", "actor", "at", "digest", "session"]),
    ("flag_state", &["note_key", "seq", "actor", "at"]),
    ("suppression", &["note_key", "rule", "byte_start", "byte_end", "seq", "actor"]),
];

/// Returns a value with one thing changed: one bit of a byte, the number, or that it is there.
fn changed(value: &Value, byte: usize) -> Value {
    let flip = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[byte] ^= 1 << (byte % 7);
        bytes
    };
    match value {
        Value::Integer(number) => Value::Integer(number + 1),
        Value::Text(text) => Value::Text(String::from_utf8_lossy(&flip(text.as_bytes())).into()),
        Value::Blob(bytes) => Value::Blob(flip(bytes)),
        Value::Null | Value::Real(_) => Value::Blob(vec![7]),
    }
}

fn length(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        _ => 1,
    }
}

fn rows(log: &Path, table: &str, columns: &[&str]) -> Vec<Vec<Value>> {
    let shell = Connection::open(log).unwrap();
    let sql = format!("SELECT {0} FROM {table} ORDER BY {0}", columns.join(", "));
    let mut rows = shell.prepare(&sql).unwrap();
    let row = |row: &Row<'_>| (0..columns.len()).map(|at| row.get(at)).collect();
    rows.query_map([], row).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a05_a_changed_byte_of_any_column_of_any_row_is_found() {
    let house = House::new();
    long_log(&house);
    let file = house.log_file();
    let sound = fs::read(&file).unwrap();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for (table, columns) in COLUMNS {
        for (number, row) in rows(&file, table, columns).iter().enumerate() {
            for (at, column) in columns.iter().enumerate() {
                // In short, each row has one of its columns changed, in another byte each time.
                let bytes = match size(1, usize::MAX) {
                    1 if number % columns.len() != at => continue,
                    1 if length(&row[at]) == 0 => continue,
                    1 => {
                        let byte = number * 31 % length(&row[at]);
                        byte..byte + 1
                    }
                    _ => 0..length(&row[at]),
                };
                for byte in bytes {
                    let same: Vec<String> = columns.iter().map(|c| format!("{c} IS ?")).collect();
                    let sql =
                        format!("UPDATE {table} SET {column} = ? WHERE {}", same.join(" AND "));
                    let new = [changed(&row[at], byte)];
                    let values = params_from_iter(new.iter().chain(row));
                    // What not even the file can hold is refused before anybody is misled.
                    if !matches!(burglar(&file).execute(&sql, values), Ok(1)) {
                        continue;
                    }
                    if let Err(report) = found(&house) {
                        panic!("{table}.{column}, row {number}, byte {byte}\n{report}");
                    }
                    *told.entry(format!("{table}.{column}")).or_default() += 1;
                    fs::write(&file, &sound).unwrap();
                }
            }
        }
    }
    figure(&format!("changed and found: {told:?}"));
    let all = COLUMNS.iter().map(|(_, columns)| columns.len()).sum::<usize>();
    assert!(told.len() >= all - 4, "{told:?}");
    found(&house).expect_err("the log is as it was");
}

/// Parts of a remembered head that prove; a changed date or name is not a changed log.
const PROOF: [&str; 4] = ["log", "size", "root", "last_hash"];

#[test]
fn a06_a_changed_byte_of_a_remembered_head_is_found() {
    let house = House::new();
    long_log(&house);
    let folder = fs::read_dir(house.place().state_dir.join("heads"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| !path.ends_with("places"))
        .unwrap();
    let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    let sound = fs::read(&file).unwrap();
    let value = |bytes: &[u8]| -> Option<Vec<serde_json::Value>> {
        let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
        Some(PROOF.iter().map(|part| value[part].clone()).collect())
    };
    let (mut told, mut no_proof) = (0, 0);
    for byte in 0..sound.len() {
        for bit in 0..7 {
            let mut bytes = sound.clone();
            bytes[byte] ^= 1 << bit;
            fs::write(&file, &bytes).unwrap();
            let same = value(&bytes) == value(&sound);
            let answer = verify(&house.place(), None);
            let sound = answer.as_ref().is_ok_and(|report| report.verdict == Verdict::Consistent);
            assert!(same || !sound, "byte {byte}, bit {bit}: {}", String::from_utf8_lossy(&bytes));
            if same {
                no_proof += 1;
            } else {
                told += 1;
            }
        }
    }
    figure(&format!("head: {told} changes found, {no_proof} in date, name, peaks or blanks"));
    assert!(told > 500, "{told}");
    fs::write(&file, sound).unwrap();
    found(&house).expect_err("the head is as it was");
}

/// All that can be read of a log.
fn dump(log: &Path) -> Result<Vec<Vec<Vec<Value>>>, rusqlite::Error> {
    let shell = Connection::open_with_flags(log, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    COLUMNS
        .iter()
        .map(|(table, columns)| {
            let sql = format!("SELECT {0} FROM {table} ORDER BY {0}", columns.join(", "));
            let row = |row: &Row<'_>| (0..columns.len()).map(|at| row.get(at)).collect();
            shell.prepare(&sql)?.query_map([], row)?.collect()
        })
        .collect()
}

#[test]
fn a05_a_changed_byte_of_the_file_is_found_or_carries_no_meaning() {
    let house = House::new();
    long_log(&house);
    let told = change_bytes(&house, size(397, 1), size(797, 61));
    assert!(told[&Use::Contents][0] > 300, "{told:?}");
}

/// The log of an older schema, as it is before this program opens it to write.
#[test]
fn a13_a_changed_byte_of_a_released_log_is_found_or_carries_no_meaning() {
    for golden in released() {
        let told = change_bytes(&settle(&golden), size(397, 7), size(1597, 61));
        assert!(told[&Use::Contents][0] > 50, "{told:?}");
    }
}

/// Changes bytes of the file, one at a time: so many bytes from one that has a meaning to the next,
/// and so many from one that has none. Returns how many were found, and how many had to be none.
fn change_bytes(house: &House, meaning: usize, rest: usize) -> BTreeMap<Use, [usize; 2]> {
    let log = house.log_file();
    let sound = fs::read(&log).unwrap();
    let roots: Vec<usize> = Connection::open(&log)
        .unwrap()
        .prepare("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")
        .unwrap()
        .query_map([], |row| row.get::<_, u32>(0).map(|root| root as usize))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let uses = uses(&sound, &roots);
    let contents = dump(&log).unwrap();
    let file = fs::File::options().write(true).open(&log).unwrap();
    let mut told: BTreeMap<Use, [usize; 2]> = BTreeMap::new();
    // The first bytes are each of another kind: all of them are changed.
    let wanted = |at: &usize| {
        *at < 200 || at.is_multiple_of(if uses[*at] == Use::Contents { meaning } else { rest })
    };
    for at in (0..sound.len()).filter(wanted) {
        file.write_all_at(&[sound[at] ^ 1 << (at % 8)], at as u64).unwrap();
        let missed = found(house).err();
        told.entry(uses[at]).or_default()[usize::from(missed.is_some())] += 1;
        if let Some(report) = missed {
            assert_ne!(uses[at], Use::Contents, "byte {at} of {}\n{report}", sound.len());
            assert!(dump(&log).unwrap() == contents, "byte {at} carries a meaning");
        }
        file.write_all_at(&sound[at..=at], at as u64).unwrap();
    }
    for (what, number) in counts(&uses) {
        let [found, harmless] = told.get(&what).copied().unwrap_or_default();
        figure(&format!(
            "{what:?}: {number} bytes; changed {}, of them found {found}, without meaning {harmless}",
            found + harmless
        ));
    }
    found(house).expect_err("the file is as it was");
    told
}
