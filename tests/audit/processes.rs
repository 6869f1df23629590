//! Several processes on one log, processes killed at work, and disks that refuse: nothing lost, nothing doubled.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rubric::store::{AuditLog, BulkItem, EventId, LogPlace, Recorded, StoreError, Verdict, verify};

use super::support::{House, accept, at, coder, figure, id, note, size, versions};

const JOB: &str = "RUBRIC_TEST_JOB";

/// The work of a process of its own: `job coder folder from to`; nothing to do by itself.
#[test]
#[ignore = "run by other tests as a process of its own"]
fn child() {
    let Ok(job) = std::env::var(JOB) else { return };
    let words: Vec<&str> = job.split(' ').collect();
    // The name of the test stands on the line before.
    say("");
    let folder = Path::new(words[2]);
    let place = LogPlace::new(folder.join("log/rubric-log.sqlite"), folder.join("state"));
    let mut log = AuditLog::open(&place, coder(words[1]), at(0)).unwrap();
    let range = words[3].parse::<u32>().unwrap()..words[4].parse::<u32>().unwrap();
    match words[0] {
        "append" => {
            for number in range {
                match append(&mut log, number) {
                    Ok(recorded) => say(&format!("ack {number} {}", recorded.seq)),
                    Err(error) => {
                        let kind = format!("{error:?}");
                        say(&format!(
                            "refused {number} {}",
                            kind.split([' ', '{']).next().unwrap()
                        ));
                        return;
                    }
                }
            }
        }
        "review" => review(&mut log, range),
        other => panic!("no such job: {other}"),
    }
    say("end");
}

fn append(log: &mut AuditLog, number: u32) -> Result<Recorded, StoreError> {
    let note = note(log, &format!("N-{number}"));
    log.record(&id(number), &note, &accept(), &versions(), at(i64::from(number)))
}

/// Takes every note that nobody has, reviews it, goes on; says which ones were reviewed.
fn review(log: &mut AuditLog, range: std::ops::Range<u32>) {
    for number in range {
        let note = note(log, &format!("N-{number}"));
        let id = EventId::now();
        match patiently(|| log.take(&id, &note, 1, at(0))) {
            Ok(_) => {}
            Err(StoreError::LeaseHeld { .. }) => continue,
            Err(error) => return say(&format!("failed {number} {error}")),
        }
        let id = EventId::now();
        match patiently(|| log.record(&id, &note, &accept(), &versions(), at(1))) {
            Ok(_) => say(&format!("took {number}")),
            Err(error) => return say(&format!("failed {number} {error}")),
        }
    }
}

/// Tries again, with the same event, while others write: `SQLite` does not serve by turns.
fn patiently<T>(mut act: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    loop {
        match act() {
            Err(StoreError::Locked { .. }) => say("waited"),
            done => return done,
        }
    }
}

#[expect(clippy::print_stdout, reason = "the pipe to the parent is the point")]
fn say(line: &str) {
    println!("{line}");
}

fn start(command: &mut Command, job: &str) -> (Child, BufReader<ChildStdout>) {
    let mut child = command
        .args([
            "--exact",
            "audit::processes::child",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(JOB, job)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap());
    (child, lines)
}

fn this_program() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

fn job(name: &str, who: &str, house: &House, from: u32, to: u32) -> String {
    format!("{name} {who} {} {from} {to}", house.folder().display())
}

#[test]
fn a02_killed_at_work_nothing_is_lost_and_nothing_doubled() {
    let house = House::new();
    house.open("anna").close(at(0)).unwrap();
    let mut acknowledged: BTreeMap<u32, i64> = BTreeMap::new();
    for round in 0..12_u32 {
        let from = round * 1_000;
        let (mut child, lines) =
            start(&mut this_program(), &job("append", "anna", &house, from, from + 1_000));
        // Killed after another number of events each time.
        let many = usize::try_from(1 + round * 2).unwrap();
        let acks = lines.lines().map_while(Result::ok).filter(|line| line.starts_with("ack "));
        for line in acks.take(many) {
            let words: Vec<&str> = line.split(' ').collect();
            acknowledged.insert(words[1].parse().unwrap(), words[2].parse().unwrap());
        }
        child.kill().unwrap();
        child.wait().unwrap();

        let mut log = house.open("anna");
        for (number, seq) in &acknowledged {
            let again = append(&mut log, *number).unwrap();
            assert_eq!(again.seq, *seq, "event {number} was acknowledged under this number");
        }
        let report = verify(&house.place(), None).unwrap();
        assert_eq!(report.verdict, Verdict::Consistent, "round {round}\n{report}");
    }
    assert!(acknowledged.len() >= 12 * 12, "{}", acknowledged.len());
}

#[test]
fn a10_processes_at_once_review_each_note_once() {
    let notes = u32::try_from(size(120, 2_000)).unwrap();
    let house = House::new();
    house.open("lead").close(at(0)).unwrap();
    let names = ["anna", "ben", "cleo", "dan", "eva", "finn", "gina", "hugo"];
    let children: Vec<_> = names
        .iter()
        .map(|who| start(&mut this_program(), &job("review", who, &house, 0, notes)))
        .collect();
    let mut taken = Vec::new();
    for (mut child, lines) in children {
        let lines: Vec<String> = lines.lines().map_while(Result::ok).collect();
        let status = child.wait().unwrap();
        let failed = lines.iter().find(|line| line.starts_with("failed "));
        assert!(failed.is_none() && status.success(), "{failed:?}, {status}");
        let took = |line: &String| line.strip_prefix("took ").map(ToOwned::to_owned);
        taken.extend(lines.iter().filter_map(took));
    }
    taken.sort();
    let before = taken.len();
    taken.dedup();
    assert_eq!(taken.len(), before, "a note was reviewed twice");
    assert_eq!(before, usize::try_from(notes).unwrap());
    let report = verify(&house.place(), None).unwrap();
    assert_eq!(report.verdict, Verdict::Consistent, "{report}");
    assert_eq!(report.counts.decisions, u64::from(notes));
    assert_eq!(report.counts.amendments, 0);
}

/// A limit on the size of files makes every write past it fail, as a full disk would.
#[cfg(unix)]
#[test]
fn a03_a_disk_that_refuses_leaves_earlier_work_intact() {
    let house = House::new();
    house.open("anna").close(at(0)).unwrap();
    for (round, blocks) in [(0_u32, 300), (1, 420), (2, 500)] {
        let from = round * 1_000;
        let program = std::env::current_exe().unwrap();
        let mut limited = Command::new("sh");
        // The signal of the limit is ignored, so that the write fails instead.
        limited
            .args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")])
            .arg(program);
        let (mut child, lines) =
            start(&mut limited, &job("append", "anna", &house, from, from + 1_000));
        let all: Vec<String> = lines.lines().map_while(Result::ok).collect();
        child.wait().unwrap();
        let acks = all.iter().filter(|line| line.starts_with("ack ")).count();
        let refused = all.iter().find(|line| line.starts_with("refused ")).unwrap();
        let words: Vec<&str> = refused.split(' ').collect();
        assert!(["Full", "Io"].contains(&words[2]), "{refused}");
        assert_eq!(words[1].parse::<u32>().unwrap(), from + u32::try_from(acks).unwrap());

        let mut log = house.open("anna");
        let states = log.note_states().unwrap();
        for number in from..from + u32::try_from(acks).unwrap() {
            assert!(states.contains_key(&format!("N-{number}")), "{number}");
        }
        // The retry with the same id is recorded once room is there.
        append(&mut log, words[1].parse().unwrap()).unwrap();
        let report = verify(&house.place(), None).unwrap();
        assert_eq!(report.verdict, Verdict::Consistent, "{report}");
    }
}

/// A coder at work: counted until the work ends, well or not, for the batch goes on so long.
struct AtWork<'a>(&'a AtomicUsize);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Appends of 8 coders while a batch is taken in by pieces; returns how long each append took.
fn eight_coders(house: &House, acts: u32, pause: Duration) -> Vec<Duration> {
    const PIECE: u32 = 50;
    let working = AtomicUsize::new(8);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut log = house.open("batch");
            for piece in (100_000..).step_by(PIECE as usize) {
                if working.load(Ordering::SeqCst) == 0 {
                    return;
                }
                let items: Vec<BulkItem> = (piece..piece + PIECE)
                    .map(|number| BulkItem {
                        event_id: id(number),
                        note: note(&log, &format!("B-{number}")),
                        decision: accept(),
                        opened: false,
                    })
                    .collect();
                patiently(|| log.record_all(&items, &versions(), at(1))).unwrap();
                std::thread::sleep(pause);
            }
        });
        let coders: Vec<_> = (0..8_u32)
            .map(|coder| {
                let working = &working;
                scope.spawn(move || {
                    let _at_work = AtWork(working);
                    let mut log = house.open(&format!("coder-{coder}"));
                    let mut times = Vec::new();
                    for act in 0..acts {
                        std::thread::sleep(pause);
                        let begun = Instant::now();
                        // Whoever would wait longer than the patience of the log is refused.
                        let done = append(&mut log, coder * 1_000 + act);
                        times.push(begun.elapsed());
                        done.unwrap();
                    }
                    times
                })
            })
            .collect();
        coders.into_iter().flat_map(|coder| coder.join().unwrap()).collect()
    })
}

#[test]
fn a12_eight_coders_and_a_batch_at_once_do_not_starve() {
    let house = House::new();
    house.open("lead").close(at(0)).unwrap();
    let acts = size(8, 60);
    // At full size people pause between two notes, and nobody may feel the others.
    let pause = Duration::from_millis(size(0, 500) as u64);
    let mut times = eight_coders(&house, u32::try_from(acts).unwrap(), pause);
    times.sort();
    let (p99, worst) = (times[times.len() * 99 / 100], times[times.len() - 1]);
    figure(&format!(
        "{} appends of 8 coders beside a batch: p99 {p99:?}, worst {worst:?}",
        times.len()
    ));
    if size(0, 1) == 1 {
        assert!(p99 < Duration::from_millis(250) && worst < Duration::from_secs(1));
    }
    assert_eq!(times.len(), 8 * acts);
    let report = verify(&house.place(), None).unwrap();
    assert_eq!(report.verdict, Verdict::Consistent, "{report}");
    assert!(report.counts.decisions > 8 * acts as u64, "the batch had its turn too");
}
