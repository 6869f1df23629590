//! What recording costs: fdatasync, a bare transaction and an append in turn; then verify against reading.
//!
//! A bare transaction has the settings of the log and inserts the same bytes: one row of number, id,
//! body and two hashes into a table without index, trigger or check. Beside the time by the clock
//! stands that of the processor, for a disk may take a hundred times as long as either.
//!
//! `cargo bench --bench append -- [ROUNDS] [EVENTS]`: rounds of 20 of each (150), events to verify (20000).

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use rubric::model::{Code, DecidedLine, DecidedSegment, Decision, DecisionKind, Versions, Via};
use rubric::store::{AuditLog, BulkItem, Coder, EventId, LogPlace, Stamp, Verdict, verify};
use rusqlite::{Connection, TransactionBehavior, params};

/// Acts of one kind in a row, before the next kind has its turn.
const BLOCK: usize = 20;

fn main() {
    let numbers: Vec<usize> =
        std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let rounds = numbers.first().copied().unwrap_or(150);
    let events = numbers.get(1).copied().unwrap_or(20_000);
    // On a disk, not in memory: a sync must cost what it costs.
    let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    appends(folder.path(), rounds);
    verifying(folder.path(), events);
}

fn open(folder: &Path, name: &str) -> (LogPlace, AuditLog) {
    let place = LogPlace::new(folder.join(name).join("log.sqlite"), folder.join("state"));
    let coder = Coder { id: "anna".into(), os_user: "anna".into(), host: "desk".into() };
    let log = AuditLog::open(&place, coder, Stamp::utc(0)).unwrap();
    (place, log)
}

fn decision() -> Decision {
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
        comment: None,
        evidence_seen: true,
        elapsed_ms: 41_000,
    }
}

fn versions() -> Versions {
    Versions { program: "0.1.0".into(), keywords: "base 1".into(), payer: "medicare".into() }
}

fn timed(act: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    act();
    begun.elapsed()
}

/// Nanoseconds that this thread has worked so far, where the system tells.
fn worked() -> f64 {
    let facts = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    facts.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(f64::NAN)
}

/// The settings of the log.
const SETTINGS: &str = "PRAGMA synchronous = EXTRA; PRAGMA journal_mode = WAL;
    PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;
    PRAGMA mmap_size = 0";

fn appends(folder: &Path, rounds: usize) {
    let (_, mut log) = open(folder, "append");
    let decision = decision();
    let file = File::create(folder.join("floor")).unwrap();
    let mut bare = Connection::open(folder.join("bare.sqlite")).unwrap();
    bare.execute_batch(SETTINGS).unwrap();
    bare.execute_batch("CREATE TABLE t(seq INTEGER PRIMARY KEY, event_id, body, prev_hash, hash)")
        .unwrap();
    let mut body = "x".repeat(1_000);
    let (mut floor, mut plain, mut ours) = (Vec::new(), Vec::new(), Vec::new());
    let (mut plain_work, mut our_work) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        for _ in 0..BLOCK {
            floor.push(timed(|| {
                file.write_all_at(&[7; 4096], 0).unwrap();
                file.sync_data().unwrap();
            }));
        }
        let begun = worked();
        for _ in 0..BLOCK {
            let id = EventId::now();
            plain.push(timed(|| {
                let tx = bare.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
                tx.prepare_cached(
                    "INSERT INTO t(event_id, body, prev_hash, hash) VALUES (?,?,?,?)",
                )
                .unwrap()
                .execute(params![id.as_str(), body, [1_u8; 32], [2_u8; 32]])
                .unwrap();
                tx.commit().unwrap();
            }));
        }
        plain_work.push(worked() - begun);
        let begun = worked();
        for act in 0..BLOCK {
            let note = log.key().note(&format!("N-{round}-{act}"), "text");
            let id = EventId::now();
            ours.push(timed(|| {
                log.record(&id, &note, &decision, &versions(), Stamp::utc(1)).unwrap();
            }));
        }
        our_work.push(worked() - begun);
        if round == 0 {
            body = "x".repeat(body_length(log.path()));
        }
    }
    let work = |mut blocks: Vec<f64>| {
        blocks.sort_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "for people")]
        let acts = BLOCK as f64;
        blocks[blocks.len() / 2] / acts / 1e3
    };
    let (plain_work, our_work) = (work(plain_work), work(our_work));
    let (floor, plain, ours) = (Quantiles::of(floor), Quantiles::of(plain), Quantiles::of(ours));
    println!("body of an event {} bytes, {} acts of each kind", body.len(), rounds * BLOCK);
    println!("fdatasync of 4 KiB   {floor}");
    println!("bare transaction     {plain}");
    println!("append               {ours}");
    println!("work of a bare transaction {plain_work:.1} us, of an append {our_work:.1} us");
    println!("append / bare p50      {:.2}", ours.p50 / plain.p50);
    println!("append / fdatasync p50 {:.2}", ours.p50 / floor.p50);
    println!("append / fdatasync p99 {:.2}", ours.p99 / floor.p99);
}

fn body_length(log: &Path) -> usize {
    Connection::open(log)
        .unwrap()
        .query_row("SELECT max(length(body)) FROM event", [], |row| row.get::<_, u32>(0))
        .unwrap() as usize
}

fn verifying(folder: &Path, events: usize) {
    let (place, mut log) = open(folder, "verify");
    let decision = decision();
    let begun = Instant::now();
    for start in (0..events).step_by(1_000) {
        let items: Vec<BulkItem> = (start..(start + 1_000).min(events))
            .map(|number| BulkItem {
                event_id: EventId::now(),
                note: log.key().note(&format!("N-{number}"), "text"),
                decision: decision.clone(),
                opened: false,
            })
            .collect();
        log.record_all(&items, &versions(), Stamp::utc(1)).unwrap();
    }
    println!("{events} events in transactions of 1000: {:.2} s", begun.elapsed().as_secs_f64());
    println!(
        "open and close with them: {:.3} s",
        timed(|| {
            drop(open(folder, "verify"));
        })
        .as_secs_f64()
    );
    println!(
        "states of all notes: {:.3} s",
        timed(|| {
            assert_eq!(log.note_states().unwrap().len(), events);
        })
        .as_secs_f64()
    );
    for _ in 0..5 {
        let reading = timed(|| {
            let conn = Connection::open(&place.log).unwrap();
            let mut rows = conn
                .prepare("SELECT seq, event_id, body, prev_hash, hash FROM event ORDER BY seq")
                .unwrap();
            let mut rows = rows.query(params![]).unwrap();
            let mut bytes = 0;
            while let Some(row) = rows.next().unwrap() {
                bytes += row.get_ref(2).unwrap().as_str().unwrap().len();
            }
            assert!(bytes > 0);
        });
        let verifying = timed(|| {
            assert_eq!(verify(&place, None).unwrap().verdict, Verdict::Consistent);
        });
        let (reading, verifying) = (reading.as_secs_f64(), verifying.as_secs_f64());
        println!("reading {reading:.3} s, verify {verifying:.3} s, {:.1}x", verifying / reading);
    }
}

/// Milliseconds.
struct Quantiles {
    p50: f64,
    p99: f64,
}

impl Quantiles {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3;
        Self { p50: at(50), p99: at(99) }
    }
}

impl std::fmt::Display for Quantiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "p50 {:.3} ms  p99 {:.3} ms", self.p50, self.p99)
    }
}
