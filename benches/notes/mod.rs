//! Notes to measure with: dense ones made from a seed, sparse ones read where they lie.

use std::path::Path;
use std::process::Command;

use rubric::knowledge::Lexicon;

/// Phrases of the vocabulary in 10,000 bytes of a dense note.
const DENSITY: usize = 116;

/// Makes dense therapy notes: a stress test, no evidence of accuracy.
pub(crate) fn dense(lexicon: &Lexicon, count: usize) -> Vec<String> {
    let phrases = phrases(lexicon);
    let mut dice = Dice(0x0123_4567_89AB_CDEF);
    (0..count).map(|_| note(&phrases, &mut dice)).collect()
}

/// Reads the notes of the file that `RUBRIC_SPARSE` names, if it names one.
pub(crate) fn sparse() -> Option<Vec<String>> {
    let path = std::env::var("RUBRIC_SPARSE").ok()?;
    let lines = if Path::new(&path).extension().is_some_and(|end| end == "gz") {
        let unpacked = Command::new("gzip").args(["-dc", &path]).output().unwrap();
        String::from_utf8(unpacked.stdout).unwrap()
    } else {
        std::fs::read_to_string(&path).unwrap()
    };
    let text = |line: &str| {
        let note: serde_json::Value = serde_json::from_str(line).unwrap();
        note["text"].as_str().unwrap_or_default().to_owned()
    };
    Some(lines.lines().map(text).collect())
}

/// Writes every phrase that names an activity out once.
fn phrases(lexicon: &Lexicon) -> Vec<String> {
    let activities = lexicon.rules.iter().filter(|rule| rule.category.theme().is_some());
    let forms = activities.flat_map(|rule| &rule.forms);
    let written = forms.map(|at| {
        let slots = lexicon.phrases[*at].slots.iter().filter(|slot| !slot.optional);
        slots.map(|slot| slot.texts[0].as_str()).collect::<Vec<_>>().join(" ")
    });
    written.collect()
}

fn note(phrases: &[String], dice: &mut Dice) -> String {
    let mut note = String::new();
    let mut put = 0;
    for heading in ["SUBJECTIVE", "OBJECTIVE", "ASSESSMENT", "PLAN"] {
        note.push_str(heading);
        note.push_str(":\n");
        for _ in 0..=dice.below(5) {
            // Sentences without a phrase come in until the density is met.
            let full = put * 10_000 > DENSITY * note.len();
            let sentence = if full {
                plain(dice).to_owned()
            } else {
                let mut phrase = || phrases[dice.below(phrases.len())].as_str();
                let (one, other) = (phrase(), phrase());
                put += 2;
                framed(one, other, dice)
            };
            if heading == "OBJECTIVE" {
                note.push_str("- ");
            }
            note.push_str(&sentence);
            note.push(if heading == "OBJECTIVE" { '\n' } else { ' ' });
        }
        note.push_str("\n\n");
    }
    note
}

/// One of nine frames around two phrases: dose, level, distance, measurement or purpose.
fn framed(one: &str, other: &str, dice: &mut Dice) -> String {
    let level = ["SBA", "CGA", "min A", "mod A", "supervision"][dice.below(5)];
    let number = 5 + dice.below(20);
    match dice.below(9) {
        0 => format!(
            "Pt performed {one} x{number} and {other} with {level} and verbal cues for the order of \
             steps, two rests of a minute in between."
        ),
        1 => format!(
            "{one}, 3x{number}, then {other}, 2x{number}, {number} min, fatigue 4/10 at the end."
        ),
        2 => format!(
            "Ambulated {number}0 ft with {level} after {one} and again after {other}, gait slower on \
             the way back."
        ),
        3 => format!(
            "Worked on {one} and {other} for safe return to work in the warehouse by next month."
        ),
        4 => format!(
            "Knee flexion 1{number} degrees after {one}, 1{number} after {other}, five more than last week."
        ),
        5 => format!(
            "Required {level} for {one} and for {other} due to poor endurance late in the visit."
        ),
        6 => format!(
            "Continue {one} and {other} next visit, two visits a week for {number} weeks as before."
        ),
        7 => format!(
            "Trained in {one} and {other} for {number} minutes, pain 3/10 before and 2/10 after."
        ),
        _ => format!(
            "Goal: {one} and {other} with {level} in {number} weeks to manage alone at home."
        ),
    }
}

/// One of three frames without a phrase.
fn plain(dice: &mut Dice) -> &'static str {
    [
        "The weather was discussed and the family sends its regards to everyone at the front desk.",
        "Spoke with the office about the schedule for the coming month, which is to stay as it was.",
        "Arrived on time, no new complaints since the last session, and nothing else to be told today.",
    ][dice.below(3)]
}

/// A seeded row of numbers (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ mixed >> 31) % limit as u64).unwrap_or(0)
    }
}
