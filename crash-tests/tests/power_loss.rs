//! A power cut after every operation: no acknowledged event is ever lost, and weaker settings do lose.

use std::collections::BTreeMap;
use std::path::Path;

use rubric::store::{Stamp, Verdict, verify};
use rubric_crash_tests::disk::{Chance, Disk, Survivors, files_of, lay_out};
use rubric_crash_tests::vfs::{Op, Recording, install};
use rusqlite::Connection;

use super::support::{append, fast_folder, id, key, log_folder, open, place};

/// What came of the disks of one trace.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) states: u32,
    pub(crate) broken: u32,
    pub(crate) lost: u32,
    first: Option<String>,
}

/// Lays out five disks after each operation and asks what is left of the acknowledged acts.
pub(crate) fn enumerate(
    start: BTreeMap<String, Vec<u8>>,
    trace: &[Op],
    mut judge: impl FnMut(&BTreeMap<String, Vec<u8>>, u32) -> Result<u32, String>,
) -> Tally {
    const SEED: u64 = 20_260_103;
    let mut tally = Tally::default();
    let mut disk = Disk::with(start);
    let mut acknowledged = 0;
    let mut chance = Chance::new(SEED);
    for (i, op) in trace.iter().enumerate() {
        disk.apply(op);
        if let Op::Ack(number) = op {
            acknowledged = *number;
        }
        for survivors in Survivors::EACH {
            let files = disk.after_power_cut(survivors, &mut chance);
            tally.states += 1;
            let problem = match judge(&files, acknowledged) {
                Ok(left) if left >= acknowledged => continue,
                Ok(left) => {
                    tally.lost += 1;
                    format!("{left} of {acknowledged} left")
                }
                Err(problem) => {
                    tally.broken += 1;
                    problem
                }
            };
            let place = format!("seed {SEED}, operation {i}, {survivors:?}: {problem}");
            tally.first.get_or_insert(place);
        }
    }
    tally
}

fn syncs(trace: &[Op]) -> usize {
    trace.iter().filter(|op| matches!(op, Op::Sync { .. })).count()
}

/// The program's own log: opened, appended to, redacted (which cuts the side file), closed, opened again.
fn log_trace(folder: &Path) -> Vec<Op> {
    let recording = Recording::start(&log_folder(folder));
    let mut log = open(folder).unwrap();
    for number in 1..=40 {
        let seq = append(&mut log, number).unwrap().seq;
        recording.ack(number);
        if number % 8 == 0 {
            let at = Stamp::utc(i64::from(number));
            log.redact(&id(1_000 + number), seq, "comment", "names", at).unwrap();
        }
        if number == 20 {
            log.close(Stamp::utc(20)).unwrap();
            log = open(folder).unwrap();
        }
    }
    log.close(Stamp::utc(50)).unwrap();
    recording.finish()
}

#[test]
fn a01_a_power_cut_at_any_moment_loses_nothing_acknowledged() {
    install();
    let folder = fast_folder();
    open(folder.path()).unwrap().close(Stamp::utc(0)).unwrap();
    let start = files_of(&log_folder(folder.path()));
    let trace = log_trace(folder.path());
    assert!(trace.len() > 300 && syncs(&trace) > 50, "{} {}", trace.len(), syncs(&trace));

    let bench = fast_folder();
    let tally = enumerate(start, &trace, |files, acknowledged| {
        lay_out(&log_folder(bench.path()), files);
        let _ = std::fs::remove_dir_all(bench.path().join("state"));
        let said = |error: rubric::store::StoreError| format!("{error:?}");
        let log = open(bench.path()).map_err(said)?;
        let states = log.note_states().map_err(said)?;
        drop(log);
        let report = verify(&place(bench.path()), None).map_err(said)?;
        if report.verdict != Verdict::Consistent {
            return Err(report.to_string());
        }
        let left = (1..=acknowledged).filter(|number| states.contains_key(&key(*number))).count();
        Ok(u32::try_from(left).unwrap())
    });
    eprintln!("{} operations, {} syncs, {tally:?}", trace.len(), syncs(&trace));
    assert_eq!((tally.broken, tally.lost), (0, 0), "{tally:?}");
}

/// A table of our own with settings of our own, from an empty folder on.
fn plain_tally(settings: &[&str]) -> Tally {
    install();
    let folder = fast_folder();
    let file = folder.path().join("plain.sqlite");
    let recording = Recording::start(folder.path());
    let conn = Connection::open(&file).unwrap();
    for setting in settings {
        conn.execute_batch(setting).unwrap();
    }
    conn.execute_batch("PRAGMA wal_autocheckpoint = 8; CREATE TABLE t(n INTEGER PRIMARY KEY, x)")
        .unwrap();
    for number in 1..=40 {
        conn.execute("INSERT INTO t VALUES (?1, randomblob(900))", [number]).unwrap();
        recording.ack(number);
    }
    drop(conn);
    let trace = recording.finish();
    let bench = fast_folder();
    let tally = enumerate(BTreeMap::new(), &trace, |files, acknowledged| {
        if acknowledged == 0 {
            return Ok(0);
        }
        let folder = bench.path().join("disk");
        lay_out(&folder, files);
        let said = |error: rusqlite::Error| error.to_string();
        let conn = Connection::open(folder.join("plain.sqlite")).map_err(said)?;
        conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).map_err(said)
    });
    eprintln!("{settings:?}: {} operations, {} syncs, {tally:?}", trace.len(), syncs(&trace));
    tally
}

#[test]
fn a01_the_settings_of_the_log_lose_nothing_from_the_first_byte_on() {
    let tally = plain_tally(&["PRAGMA synchronous = EXTRA", "PRAGMA journal_mode = WAL"]);
    assert_eq!((tally.broken, tally.lost), (0, 0), "{tally:?}");
}

/// A suite that never failed proves nothing: these settings must go on failing.
#[test]
fn a01_weaker_settings_are_seen_to_fail() {
    let normal = plain_tally(&["PRAGMA synchronous = NORMAL", "PRAGMA journal_mode = WAL"]);
    assert!(normal.lost > 0, "{normal:?}");
    let swapped = plain_tally(&["PRAGMA journal_mode = WAL", "PRAGMA synchronous = EXTRA"]);
    assert!(swapped.broken > 0, "{swapped:?}");
    let off = plain_tally(&["PRAGMA synchronous = OFF", "PRAGMA journal_mode = WAL"]);
    assert!(off.broken > 0, "{off:?}");
}
