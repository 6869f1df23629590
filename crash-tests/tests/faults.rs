//! A disk that fails once at every operation: a refused act is told so, and a retry records it once.

use rubric::store::{AuditLog, Stamp, StoreError, Verdict, verify};
use rubric_crash_tests::vfs::{Fault, Recording, install};

use super::support::{append, fast_folder, key, log_folder, open, place};

const ACTS: u32 = 6;

/// Tries an act until it is recorded, as a person at the screen would; returns how often it failed.
fn insist(log: &mut AuditLog, number: u32) -> u32 {
    for failures in 0..5 {
        match append(log, number) {
            Ok(_) => return failures,
            Err(
                StoreError::Full { .. }
                | StoreError::Io { .. }
                | StoreError::Sqlite { .. }
                | StoreError::Locked { .. }
                | StoreError::NotWritable { .. },
            ) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("act {number} cannot be recorded");
}

/// Lets the operation with this number fail; returns whether it came to that, and the failures told.
fn run(fault: Fault, at: usize) -> (bool, u32) {
    let folder = fast_folder();
    open(folder.path()).unwrap().close(Stamp::utc(0)).unwrap();
    let mut log = open(folder.path()).unwrap();
    let recording = Recording::start_with(&log_folder(folder.path()), Some((fault, at)));
    // The connection was made before: it is made anew under the recording.
    drop(log);
    let mut told = 0;
    log = loop {
        match open(folder.path()) {
            Ok(log) => break log,
            Err(_) => told += 1,
        }
    };
    for number in 1..=ACTS {
        told += insist(&mut log, number);
    }
    let happened = !recording.fault_is_left();
    let _ = recording.finish();
    let states = log.note_states().unwrap();
    assert_eq!(states.len(), usize::try_from(ACTS).unwrap(), "{fault:?} at {at}");
    for number in 1..=ACTS {
        assert_eq!(log.history(&key(number)).unwrap().len(), 1, "{fault:?} at {at}");
    }
    drop(log);
    let report = verify(&place(folder.path()), None).unwrap();
    assert_eq!(report.verdict, Verdict::Consistent, "{fault:?} at {at}\n{report}");
    assert_eq!(report.counts.decisions, u64::from(ACTS));
    (happened, told)
}

#[test]
fn a03_a_fault_at_any_operation_is_told_and_a_retry_records_once() {
    install();
    for fault in [Fault::WriteFull, Fault::WriteError, Fault::SyncError] {
        let (mut points, mut told) = (0, 0);
        for at in 0.. {
            let (happened, failures) = run(fault, at);
            if !happened {
                break;
            }
            points += 1;
            told += failures;
        }
        eprintln!("{fault:?}: {points} points, {told} failures told");
        assert!(points >= ACTS && told > 0, "{fault:?}: {points} points, {told} told");
    }
}
