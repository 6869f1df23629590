//! A power cut while a log is made: there is none yet, or all of it, and from "open" on it stays.

use std::collections::BTreeMap;

use rubric::store::{Stamp, StoreError, Verdict, verify};
use rubric_crash_tests::disk::lay_out;
use rubric_crash_tests::vfs::{Op, Recording, install};

use super::power_loss::{Tally, enumerate};
use super::support::{append, fast_folder, key, log_folder, open, place};

const LOG: &str = "rubric-log.sqlite";

/// Makes a log and appends to it; the first acknowledgement is that it is there.
fn trace(folder: &std::path::Path) -> Vec<Op> {
    let recording = Recording::start(&log_folder(folder));
    let mut log = open(folder).unwrap();
    for number in 2..=6 {
        append(&mut log, number).unwrap();
        recording.ack(number);
    }
    log.close(Stamp::utc(9)).unwrap();
    recording.finish()
}

/// Puts in what the program does without `SQLite`: the new file gets its name, the folder is synced.
///
/// That it does so, in this order, is for `a01_a_new_log_gets_its_name_when_it_is_whole` of the
/// program's own tests, which look at its system calls.
fn with_renaming(mut trace: Vec<Op>, after: &[Op]) -> Vec<Op> {
    let new = |name: &str| std::path::Path::new(name).extension().is_some_and(|end| end == "new");
    let is_new = |op: &&Op| matches!(op, Op::Open { name, existed: true } if new(name));
    let Some(Op::Open { name: from, .. }) = trace.iter().find(is_new).cloned() else {
        panic!("no log is made under another name");
    };
    let first = |op: &Op| matches!(op, Op::Open { name, .. } if name == LOG);
    let at = trace.iter().position(first).unwrap();
    let renaming = Op::Rename { from, to: LOG.to_owned() };
    // From here on there is a log, before SQLite makes the folder durable with its first journal.
    trace.splice(at..at, [&[renaming], after, &[Op::Ack(1)]].concat());
    trace
}

fn judged(trace: &[Op]) -> Tally {
    let bench = fast_folder();
    enumerate(BTreeMap::new(), trace, |files, acknowledged| {
        lay_out(&log_folder(bench.path()), files);
        let _ = std::fs::remove_dir_all(bench.path().join("state"));
        let said = |error: StoreError| format!("{error:?}");
        if !files.contains_key(LOG) {
            // Before it was made there may be none, and the next start makes one.
            open(bench.path()).map_err(said)?;
            return Ok(0);
        }
        let log = open(bench.path()).map_err(said)?;
        let states = log.note_states().map_err(said)?;
        drop(log);
        let report = verify(&place(bench.path()), None).map_err(said)?;
        if report.verdict != Verdict::Consistent {
            return Err(report.to_string());
        }
        let kept = (2..=acknowledged).filter(|number| states.contains_key(&key(*number))).count();
        Ok(u32::try_from(kept).unwrap() + 1)
    })
}

#[test]
fn a01_a_power_cut_while_a_log_is_made_leaves_none_or_all_of_it() {
    install();
    let folder = fast_folder();
    let trace = trace(folder.path());
    let whole = judged(&with_renaming(trace.clone(), &[Op::SyncFolder]));
    eprintln!("making a log: {whole:?}");
    assert_eq!((whole.broken, whole.lost), (0, 0), "{whole:?}");
    assert!(whole.states > 100, "{whole:?}");
    // Without making the folder durable the new name can be lost, and the log with it.
    let careless = judged(&with_renaming(trace, &[]));
    eprintln!("the same without syncing the folder: {careless:?}");
    assert!(careless.lost > 0, "{careless:?}");
}
