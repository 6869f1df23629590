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
        for _ in 0..=dice.below(4) {
            // Plain sentences come in until the density is met.
            let full = put * 10_000 > DENSITY * note.len();
            let sentence = match dice.below(9) {
                _ if full => plain(dice).to_owned(),
                frame => {
                    put += 1;
                    framed(frame, &phrases[dice.below(phrases.len())], dice)
                }
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

fn framed(frame: usize, phrase: &str, dice: &mut Dice) -> String {
    let level = ["SBA", "CGA", "min A", "mod A", "supervision"][dice.below(5)];
    let number = 5 + dice.below(20);
    match frame {
        0 => format!("Pt performed {phrase} x{number} with {level} and verbal cues."),
        1 => format!("{phrase}, 3x{number}, {number} min."),
        2 => format!("Ambulated {number}0 ft with {level} after {phrase}."),
        3 => format!("Worked on {phrase} for safe return to work."),
        4 => format!("Knee flexion 1{number} degrees with {phrase}."),
        5 => format!("Required {level} for {phrase} due to poor endurance."),
        6 => format!("Continue {phrase} next visit."),
        7 => format!("Trained in {phrase} for {number} minutes, pain 3/10."),
        _ => format!("Goal: {phrase} with {level} in {number} weeks."),
    }
}

fn plain(dice: &mut Dice) -> &'static str {
    [
        "The weather was discussed and the family sends its regards.",
        "Spoke with the front desk about the schedule for the coming month.",
        "Arrived on time, no new complaints since the last session.",
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
