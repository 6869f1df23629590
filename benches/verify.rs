//! What verifying costs: reading all rows, hashing them too, then verifying them, in turn, on one core, in CPU time.
//!
//! Reading and hashing is the floor: no program that keeps the promises can do less than to step over
//! the rows with `SELECT` and take two SHA-256 of each, of the event and of its leaf.
//!
//! `cargo bench --bench verify -- [EVENTS] [FILE]`: events of the log (50000); a file keeps the log,
//! and is taken again if it is there. Events are those of a day's work: taken, decided, at times with
//! a comment, amended, flagged, given back. The line at the end is to be compared with 300,000
//! events a second.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Instant;

use rubric::model::{Code, DecidedLine, DecidedSegment, Decision, DecisionKind, Versions, Via};
use rubric::store::chain::{Digest, event_hash};
use rubric::store::tree::leaf_hash;
use rubric::store::{AuditLog, BulkItem, Coder, EventId, LogPlace, Stamp, Verdict, verify};
use rusqlite::{Connection, Row};

const ROUNDS: usize = 5;

fn main() {
    let words: Vec<String> =
        std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wanted: u64 = words.first().and_then(|word| word.parse().ok()).unwrap_or(50_000);
    let cores = std::env::var("RAYON_NUM_THREADS").ok().and_then(|word| word.parse().ok());
    rayon::ThreadPoolBuilder::new().num_threads(cores.unwrap_or(1)).build_global().unwrap();
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    let log = words.get(1).map_or_else(|| folder.path().join("log.sqlite"), PathBuf::from);
    let place = LogPlace::new(&log, log.with_extension("state"));
    if !log.exists() {
        make(&place, wanted);
    }
    let (events, bytes) = read(&log, |_| {});
    let (mut reading, mut floor, mut verifying) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let begun = now();
        let _ = read(&log, |_| {});
        let read_all = now();
        let _ = read(&log, hash);
        let hashed_all = now();
        let report = verify(&place, None).unwrap();
        let ended = now();
        assert_eq!(report.verdict, Verdict::Consistent, "{report}");
        assert_eq!(report.counts.events, events);
        // The first round warms up.
        if round > 0 {
            reading.push(read_all - begun);
            floor.push(hashed_all - read_all);
            verifying.push(ended - hashed_all);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    let (events, bytes) = (events as f64, bytes as f64);
    println!("{events} events, {:.0} bytes a body, {ROUNDS} rounds", bytes / events);
    println!("reading   {} us an event", Spread::of(&reading).times(1e6 / events));
    println!("floor     {} us an event", Spread::of(&floor).times(1e6 / events));
    println!("verifying {} us an event", Spread::of(&verifying).times(1e6 / events));
    println!("verifying / reading {}", Spread::of(&ratios(&verifying, &reading)));
    println!("verifying / floor   {}", Spread::of(&ratios(&verifying, &floor)));
    let rate = |times: &[f64]| {
        Spread::of(&times.iter().map(|time| events / time / 1e3).collect::<Vec<_>>())
    };
    println!("floor {} thousand events a second", rate(&floor));
    println!("{} thousand events a second", rate(&verifying));
}

/// Seconds of work so far, on all threads where the system tells, else by the clock.
fn now() -> f64 {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let by_clock = BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64();
    let spent = || -> Option<f64> {
        let mut nanoseconds = 0.0;
        for thread in std::fs::read_dir("/proc/self/task").ok()? {
            let facts = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            nanoseconds += facts.split(' ').next()?.parse::<f64>().ok()?;
        }
        Some(nanoseconds / 1e9)
    };
    spent().unwrap_or(by_clock)
}

/// Ratios round by round.
fn ratios(times: &[f64], others: &[f64]) -> Vec<f64> {
    times.iter().zip(others).map(|(time, other)| time / other).collect()
}

/// Takes the hashes of an event and of its leaf.
fn hash(row: &Row<'_>) {
    let seq: i64 = row.get(0).unwrap();
    let text = |column| row.get_ref(column).unwrap().as_str().unwrap();
    let digest = |column| Digest::new(row.get(column).unwrap());
    assert_eq!(event_hash(seq.unsigned_abs(), text(1), &digest(3), text(2)), digest(4));
    std::hint::black_box(leaf_hash(digest(4).as_bytes()));
}

/// Reads all that is hashed; returns the number of events and the bytes of their bodies.
fn read(log: &Path, mut each: impl FnMut(&Row<'_>)) -> (u64, usize) {
    let conn = Connection::open(log).unwrap();
    let mut rows = conn
        .prepare("SELECT seq, event_id, body, prev_hash, hash FROM event ORDER BY seq")
        .unwrap();
    let mut rows = rows.query([]).unwrap();
    let (mut events, mut bytes) = (0, 0);
    while let Some(row) = rows.next().unwrap() {
        events += 1;
        bytes += row.get_ref(2).unwrap().as_str().unwrap().len();
        assert!(row.get_ref(4).unwrap().as_blob().unwrap().len() == 32);
        each(row);
    }
    (events, bytes)
}

fn make(place: &LogPlace, wanted: u64) {
    let coder = Coder { id: "anna".into(), os_user: "anna".into(), host: "desk".into() };
    let mut log = AuditLog::open(place, coder, Stamp::utc(0)).unwrap();
    let versions = Versions {
        program: "0.1.0".into(),
        keywords: "base 1".into(),
        payer: "medicare 2026".into(),
    };
    let (mut number, mut at) = (0, 0);
    let mut stamp = || {
        at += 1;
        Stamp::utc(at)
    };
    log.start_session(&EventId::now(), &versions, stamp()).unwrap();
    while log.head(Stamp::utc(0)).unwrap().size < wanted {
        let note = log.key().note(&format!("N-{number:06}"), "text");
        // One in twenty stands for a note that is looked at longer: taken, flagged, amended, given back.
        if number % 20 == 0 {
            log.take(&EventId::now(), &note, 1, stamp()).unwrap();
            log.flag(&EventId::now(), &note, Some("is it a task?"), stamp()).unwrap();
            for comment in [None, Some("as the therapist answered")] {
                let decision = decision(comment);
                log.record(&EventId::now(), &note, &decision, &versions, stamp()).unwrap();
            }
            log.release(&EventId::now(), &note, stamp()).unwrap();
            number += 1;
            continue;
        }
        let items: Vec<BulkItem> = (number..number + 19)
            .map(|number| BulkItem {
                event_id: EventId::now(),
                note: log.key().note(&format!("N-{number:06}"), "text"),
                decision: decision(None),
                opened: true,
            })
            .collect();
        log.record_all(&items, &versions, stamp()).unwrap();
        number += 19;
    }
    log.close(stamp()).unwrap();
}

fn decision(comment: Option<&str>) -> Decision {
    let segment = |start| DecidedSegment {
        start,
        end: start + 80,
        suggested: vec![Code::TASK, Code::EXERCISE],
        code: Some(Code::TASK),
    };
    let line = |code| DecidedLine {
        code,
        minutes_tenths: Some(230),
        units: Some(2),
        modifiers: vec!["GP".into()],
    };
    Decision {
        kind: DecisionKind::Accept,
        via: Via::Suggestion,
        segments: vec![segment(10), segment(100), segment(300)],
        lines: vec![line(Code::TASK), line(Code::EXERCISE)],
        billed: vec![line(Code::TASK), line(Code::EXERCISE)],
        reason: None,
        comment: comment.map(ToOwned::to_owned),
        evidence_seen: true,
        elapsed_ms: 41_000,
    }
}

/// Median, least and most.
struct Spread([f64; 3]);

impl Spread {
    fn of(values: &[f64]) -> Self {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        Self([values[values.len() / 2], values[0], values[values.len() - 1]])
    }

    fn times(self, factor: f64) -> Self {
        Self(self.0.map(|value| value * factor))
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} ({:.2} to {:.2})", self.0[0], self.0[1], self.0[2])
    }
}
