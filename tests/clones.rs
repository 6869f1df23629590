//! Notes worded as an earlier one: same numbers, other numbers, templates, short notes, order, cost.

use std::collections::BTreeMap;
use std::process::Output;
use std::sync::LazyLock;

use rubric::chart_audit::clones::{Found, Print, Scope, compare};
use rubric::engine::Engine;
use rubric::model::{Note, NoteMeta, Severity};

static ENGINE: LazyLock<Engine> = LazyLock::new(crate::support::engine);

/// A synthetic visit.
const FIRST: &str = "S: Reports less knee pain on stairs at home.
Interventions:
- Sit to stand from an 18 inch chair x10 with verbal cues for knee alignment, for toilet transfers, 15 min
- Lifted a 10 lb box from floor to counter x8 with cues for hip hinge, to stock shelves at work, 12 min
- Bridges 3x10 with a pause at the top to raise strength for bed mobility, 8 min
Response: Needed two rest breaks, pain 3/10 after lifting, no loss of balance seen.
Plan: Step ups next visit.
Signed: T. Sample, PT
";

/// The next visit of the same patient: the numbers and the plan differ, the other words do not.
const SECOND: &str = "S: Pt slept well.
Interventions:
- Sit to stand from an 18.5 inch chair x12 with verbal cues for knee alignment, for toilet transfers, 14 min
- Lifted a 15 lb box from floor to counter x9 with cues for hip hinge, to stock shelves at work, 13 min
- Bridges 2x15 with a pause at the top to raise strength for bed mobility, 9 min
Response: Needed two rest breaks, pain 2/10 after lifting, no loss of balance seen.
Plan: Discharge.
Signed: T. Sample, PT
";

fn note(key: &str, patient: Option<&str>, date: Option<&str>, text: &str) -> Note {
    let own = |word: Option<&str>| word.map(ToOwned::to_owned);
    let meta = NoteMeta { patient: own(patient), date: own(date), ..NoteMeta::default() };
    let (key, source) = (key.to_owned(), format!("{key}.txt"));
    Note { key, source, text: text.to_owned(), fingerprint: String::new(), meta }
}

fn visit(key: &str, date: &str, text: &str) -> Note {
    note(key, Some("p-1"), Some(date), text)
}

fn prints(notes: &[Note]) -> BTreeMap<usize, Print> {
    notes.iter().map(|note| Print::of(&ENGINE, note)).enumerate().collect()
}

fn found(notes: &[Note]) -> Found {
    compare(&prints(notes))
}

/// Words that are like no other note's; `seed` makes them differ.
fn own_words(seed: usize) -> String {
    let words: Vec<String> = (0..60).map(|at| format!("w{}", letters(seed * 60 + at))).collect();
    format!("Interventions:\n- Squats with {}\n", words.join(" "))
}

fn letters(mut number: usize) -> String {
    let mut word = String::new();
    for _ in 0..5 {
        word.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    word
}

#[test]
fn the_same_words_with_the_same_numbers_are_a_warning() {
    let notes = [visit("v1", "2026-11-02", FIRST), visit("v2", "2026-11-04", FIRST)];
    let found = found(&notes);
    assert_eq!(found.worded.keys().collect::<Vec<_>>(), [&1]);
    let worded = &found.worded[&1];
    assert_eq!((worded.share(), worded.share_with_numbers()), (100, 100));
    assert_eq!((worded.earlier, worded.scope), (0, Scope::Interventions));
    let warning = worded.warning();
    assert_eq!((warning.rule.as_str(), warning.name.as_str()), ("C1", "cloned-note"));
    assert_eq!(warning.severity, Severity::Warning);
    assert!(warning.message.starts_with("worded as v1 of 2026-11-02: 100 % "), "{warning:?}");
    for word in ["fraud", "copied", "false"] {
        assert!(!warning.message.contains(word), "{warning:?}");
    }
    let quote = warning.span.unwrap().of(FIRST);
    assert!(quote.starts_with("Sit to stand") && quote.ends_with("8 min"), "{quote}");
}

#[test]
fn the_same_words_with_other_numbers_are_information() {
    let notes = [visit("v1", "11/02/2026", FIRST), visit("v2", "11/04/2026", SECOND)];
    let worded = &found(&notes).worded[&1];
    assert_eq!(worded.share(), 100);
    assert!(worded.share_with_numbers() < 60, "{worded:?}");
    assert_eq!(worded.warning().severity, Severity::Info);
    let lengths: Vec<usize> = worded.shared.iter().map(|shared| shared.this.len()).collect();
    assert!(lengths[0] >= *lengths.last().unwrap(), "{lengths:?}");
    for shared in &worded.shared {
        let (this, earlier) = (shared.this.of(SECOND), shared.earlier.of(FIRST));
        assert_eq!(this.split_whitespace().count(), earlier.split_whitespace().count());
        for out in ["Plan", "Response:", "Signed", "Slept"] {
            assert!(!this.contains(out), "{this}");
        }
    }
}

#[test]
fn the_earlier_date_comes_first_whatever_the_order_of_the_input() {
    let notes = [visit("late", "2026-11-09", FIRST), visit("early", "11/02/2026", FIRST)];
    let found = found(&notes);
    assert_eq!(found.worded.keys().collect::<Vec<_>>(), [&0]);
    assert_eq!(found.worded[&0].earlier_key, "early");
    let undated = [note("a", None, None, FIRST), note("b", None, None, FIRST)];
    assert!(self::found(&undated).worded[&1].message().starts_with("worded as a: "));
}

#[test]
fn the_note_with_the_same_numbers_is_named_before_a_later_one_with_others() {
    let notes = [
        visit("v1", "2026-11-02", FIRST),
        visit("v2", "2026-11-04", SECOND),
        visit("v3", "2026-11-06", FIRST),
    ];
    let found = found(&notes);
    assert_eq!(found.worded[&2].earlier_key, "v1");
    assert!(found.worded[&2].numbers_too && !found.worded[&1].numbers_too);
}

#[test]
fn other_patients_other_therapists_and_short_notes_are_left_alone() {
    let mine = note("a", Some("p-1"), None, FIRST);
    assert!(found(&[mine.clone(), note("b", Some("p-2"), None, FIRST)]).worded.is_empty());
    let other = FIRST.replace("T. Sample", "A. Dummy");
    assert!(
        found(&[note("a", None, None, FIRST), note("b", None, None, &other)]).worded.is_empty()
    );
    let unsigned = FIRST.replace("Signed: T. Sample, PT\n", "");
    let queue = [note("a", None, None, &unsigned), note("b", None, None, &unsigned)];
    assert_eq!(found(&queue).worded.len(), 1);
    let short = "Interventions:\n- Sit to stand from low chair x10 with verbal cues, 15 min\n";
    assert!(found(&[note("a", None, None, short), note("b", None, None, short)]).worded.is_empty());
}

#[test]
fn headings_goals_home_program_plan_history_and_billing_do_not_count() {
    let frame = "History: fell twice in the garden last spring while carrying the laundry basket down \
                 to the line, since then uses a cane outdoors and avoids the stairs when alone.
Goals: carry a laundry basket of 15 lb up 12 steps without a rail within 4 weeks, to do the laundry \
                 alone again, and get up from the floor without help within 6 weeks.
HEP: bridges 3x10, squats 2x10 daily, walking for 20 minutes on level ground every other day with the \
                 cane, ice afterwards for 10 minutes when the knee is swollen.
Plan: continue twice a week for 4 weeks with stair training and lifting from the floor as tolerated.
Billing: 97530 x2, 97110 x1, timed minutes 38, total minutes 45.
Signed: T. Sample, PT
";
    let notes: Vec<Note> = (0..2)
        .map(|at| visit(&format!("v{at}"), "2026-11-02", &format!("{}{frame}", own_words(at))))
        .collect();
    assert!(found(&notes).worded.is_empty());
}

#[test]
fn a_new_assessment_does_not_hide_copied_interventions() {
    let second = FIRST.replace("Response: ", &format!("Assessment: {} ", own_words(3)));
    let notes = [visit("v1", "2026-11-02", FIRST), visit("v2", "2026-11-04", &second)];
    assert_eq!(found(&notes).worded[&1].scope, Scope::Interventions);
}

#[test]
fn templates_of_a_therapist_do_not_count_but_a_series_of_one_patient_does() {
    let patients: Vec<Note> = (0..6)
        .map(|at| note(&format!("n{at}"), Some(&format!("p{}", at / 2)), None, FIRST))
        .collect();
    assert!(found(&patients).worded.is_empty(), "most notes of several patients are a template");
    assert_eq!(found(&patients[..4]).worded.len(), 2, "four notes make no template");
    let unknown: Vec<Note> = (0..5).map(|at| note(&format!("n{at}"), None, None, FIRST)).collect();
    assert!(found(&unknown).worded.is_empty());
    let series: Vec<Note> =
        (0..6).map(|at| visit(&format!("v{at}"), &format!("2026-11-0{}", at + 1), FIRST)).collect();
    assert_eq!(found(&series).worded.len(), 5);
}

#[test]
fn look_ups_grow_with_the_notes_not_with_their_pairs() {
    let count = |notes: usize| {
        let notes: Vec<Note> =
            (0..notes).map(|at| visit(&format!("v{at}"), "2026-11-02", &own_words(at))).collect();
        let cloned: Vec<Note> =
            notes.iter().map(|one| visit(&one.key, "2026-11-02", FIRST)).collect();
        let lookups = |notes: &[Note]| compare(&prints(notes)).lookups;
        (lookups(&notes), lookups(&cloned))
    };
    let (one, two) = (count(20), count(40));
    assert_eq!(two.0, 2 * one.0);
    // The first of cloned notes has nothing to be compared with.
    assert!(two.1 <= 2 * one.1 + one.1 / 8, "{one:?} {two:?}");
}

#[test]
fn any_text_is_compared_without_harm() {
    let odd = "Interventions:\n- \u{2192}\u{2192} \u{00AD}3\u{00D7}10 \u{1F600} d\u{00E9}j\u{00E0} vu \
               sit\u{2011}to\u{2011}stand \u{201C}ok\u{201D} 5\u{2013}10 reps, then again the same \
               squats as before for toilet transfers at home\n";
    let long = odd.repeat(4);
    let found = found(&[visit("a", "2026-11-02", &long), visit("b", "2026-11-03", &long)]);
    for worded in found.worded.values() {
        for shared in &worded.shared {
            assert!(!shared.this.of(&long).is_empty() && !shared.earlier.of(&long).is_empty());
        }
    }
}

fn rubric(arguments: &[&str], lines: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("visits.jsonl");
    std::fs::write(&file, lines).unwrap();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("rubric"));
    let (head, rest) = arguments.split_first().unwrap();
    command.arg(head);
    if !["rules"].contains(head) {
        command.arg(&file);
    }
    command.args(rest).output().unwrap()
}

fn lines(notes: &[(&str, &str, &str, &str)]) -> String {
    let line = |(key, patient, date, text): &(&str, &str, &str, &str)| {
        serde_json::json!({"key": key, "patient": patient, "date": date, "text": text}).to_string()
    };
    notes.iter().map(|note| line(note) + "\n").collect()
}

#[test]
fn analyse_tells_of_clones_farther_apart_than_one_batch() {
    let mut visits = vec![("late", "p-1", "2026-11-09", FIRST)];
    visits.extend(std::iter::repeat_n(("other", "p-2", "2026-11-02", "Bridges 3x10."), 300));
    visits.push(("early", "p-1", "2026-11-02", FIRST));
    let told = rubric(&["analyse", "--format", "jsonl"], &lines(&visits));
    let out = String::from_utf8(told.stdout).unwrap();
    let all: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(all.len(), 302);
    let cloned = |at: usize| {
        let warnings = all[at]["warnings"].as_array().unwrap();
        warnings.iter().find(|one| one["name"] == "cloned-note").cloned()
    };
    let warning = cloned(0).unwrap();
    assert_eq!((&warning["rule"], &warning["severity"]), (&"C1".into(), &"warning".into()));
    assert!(warning["message"].as_str().unwrap().starts_with("worded as early of 2026-11-02"));
    assert!((1..302).all(|at| cloned(at).is_none()));
}

#[test]
fn clones_shows_both_notes_side_by_side() {
    let visits = [("v1", "p-1", "2026-11-02", FIRST), ("v2", "p-1", "2026-11-04", SECOND)];
    let out = String::from_utf8(rubric(&["clones"], &lines(&visits)).stdout).unwrap();
    assert!(out.starts_with("v2 of 2026-11-04: worded as v1 of 2026-11-02: "), "{out}");
    let both = out.lines().any(|line| {
        line.split_once('|')
            .is_some_and(|(left, right)| left.contains("15 lb box") && right.contains("10 lb box"))
    });
    assert!(both, "{out}");
    assert!(out.ends_with("1 of 2 notes are worded as an earlier one\n"), "{out}");

    let told = rubric(&["clones", "--format", "jsonl"], &lines(&visits));
    let one: serde_json::Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!((&one["schema"], &one["numbers_too"]), (&"rubric.clones/1".into(), &false.into()));
    let span = &one["spans"][0];
    let at = |side: &str, end: &str| usize::try_from(span[side][end].as_u64().unwrap()).unwrap();
    let quoted = &FIRST[at("earlier", "byte_start")..at("earlier", "byte_end")];
    assert_eq!(span["earlier"]["quote"], quoted);
}

#[test]
fn rules_explains_the_warning() {
    for id in ["C1", "cloned-note"] {
        let out = String::from_utf8(rubric(&["rules", id], "").stdout).unwrap();
        assert!(out.starts_with("C1 cloned-note (warning): worded as an earlier note"), "{out}");
        assert!(out.contains("denials   50, M25"), "{out}");
    }
    let list = String::from_utf8(rubric(&["rules"], "").stdout).unwrap();
    assert!(list.contains("C1       cloned-note"), "{list}");
}
