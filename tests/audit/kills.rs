//! The real program killed at work, many times: nothing acknowledged is lost, nothing doubled.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rubric::store::{Verdict, verify};

use super::support::{House, figure, size};

/// Kills of one log; then a new one is begun, so that verifying stays short.
const KILLS_OF_A_LOG: usize = 50;

/// Decisions asked for at once; fewer are acknowledged before the program is killed.
const ASKED: usize = 12;

fn key(number: usize) -> String {
    format!("N-{number:04}")
}

fn start(house: &House, notes: &Path, first: usize) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rubric"))
        .args(["review", "--plain", "--coder", "anna", "--log"])
        .arg(house.log_file())
        .arg(notes)
        .env_clear()
        .env("HOME", house.folder())
        .env("XDG_STATE_HOME", house.folder().join("xdg"))
        .env("XDG_DATA_HOME", house.folder().join("data"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut keys = child.stdin.take().unwrap();
    let defers = "defer\n".repeat(ASKED);
    write!(keys, "go {}\n{defers}", key(first)).unwrap();
    // Still open: the program is killed while it has more to do.
    child.stdin = Some(keys);
    child
}

/// Kills the program after so many acknowledgements; returns the notes that were acknowledged.
fn killed_after(mut child: Child, acknowledgements: usize) -> Vec<String> {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let note = |line: &str| {
        let (_, rest) = line.split_once("Recorded: defer ")?;
        Some(rest.split(['.', ' ']).next()?.to_owned())
    };
    let mut notes: Vec<String> =
        lines.by_ref().filter_map(|line| note(&line)).take(acknowledgements).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    // What was said before the end was said.
    notes.extend(lines.filter_map(|line| note(&line)));
    notes
}

#[test]
fn a02_the_program_killed_at_work_loses_nothing_and_doubles_nothing() {
    let kills = size(24, 1_000);
    let (mut done, mut recorded) = (0, 0);
    while done < kills {
        let house = House::new();
        let notes = house.folder().join("notes.jsonl");
        let mut text = String::new();
        for number in 0..=KILLS_OF_A_LOG * (ASKED + 1) {
            let body = "Treatment: sit to stand x10, 12 min.";
            writeln!(text, r#"{{"key":"{}","text":"{body}"}}"#, key(number)).unwrap();
        }
        std::fs::write(&notes, text).unwrap();
        let mut place = house.place();
        place.state_dir = house.folder().join("xdg/rubric");
        let mut acknowledged = BTreeSet::new();
        for kill in 0..KILLS_OF_A_LOG.min(kills - done) {
            let first =
                (0..usize::MAX).find(|number| !acknowledged.contains(&key(*number))).unwrap();
            for note in killed_after(start(&house, &notes, first), 1 + kill % (ASKED - 3)) {
                assert!(acknowledged.insert(note.clone()), "{note} was decided twice");
            }
            let report = verify(&place, None).unwrap();
            assert_eq!(report.verdict, Verdict::Consistent, "kill {kill}\n{report}");
            let decided: Vec<String> = house
                .shell()
                .prepare("SELECT note_key FROM event WHERE kind IN ('decide', 'amend')")
                .unwrap()
                .query_map([], |row| row.get(0))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            let once: BTreeSet<String> = decided.iter().cloned().collect();
            assert_eq!(once.len(), decided.len(), "kill {kill}: a note has two decisions");
            assert!(acknowledged.is_subset(&once), "kill {kill}: an acknowledged one is lost");
            // Recorded, but killed before it was said: at most one each time, and never again.
            acknowledged = once;
            done += 1;
        }
        recorded += acknowledged.len();
    }
    figure(&format!("{done} kills, {recorded} decisions recorded, none lost, none doubled"));
    assert!(recorded > done, "{recorded}");
}
