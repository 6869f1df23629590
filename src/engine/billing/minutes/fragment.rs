//! The fragment an amount of time stands in: alone, in words, a dose, rest or set-up.

use super::labels::{lowered, word_end, word_start};
use super::number::{phrase, skip_blank_only};

/// Words of time that nobody bills: rest, set-up, waiting, passive heat and cold.
const NOT_BILLABLE: &[&str] = &[
    "rest",
    "rests",
    "resting",
    "setup",
    "waiting",
    "waited",
    "wait",
    "restroom",
    "paperwork",
    "documentation",
    "charting",
    "heat",
    "ice",
    "pack",
    "packs",
    "cp",
    "hp",
    "mhp",
    "cryotherapy",
    "unattended",
    "unsupervised",
    "unbilled",
    "nonbillable",
    "scheduling",
    "transport",
    "cleanup",
    "late",
    "early",
    "ago",
    "break",
    "breaks",
];

/// Machines and holds whose minutes are the dose of an activity.
const DOSED: &[&str] = &[
    "bike",
    "biking",
    "nustep",
    "ube",
    "treadmill",
    "elliptical",
    "ergometer",
    "stepper",
    "recumbent",
    "cycle",
    "cycling",
    "warm",
    "warmup",
    "cardio",
    "scifit",
    "airdyne",
    "hold",
    "holds",
    "held",
    "plank",
    "motomed",
];

/// What the fragment around an amount says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fragment {
    /// The amount stands by itself between signs.
    Alone,
    /// Words stand before it.
    InWords,
    /// Dose of a machine or a hold.
    Dose,
    /// How long something took or held: "within 1 minute", "in 4 min".
    Result,
    /// Rest, set-up, waiting, heat, cold.
    NotBillable,
    /// "every 10 min", "in 10 min" of a schedule.
    Schedule,
}

/// Reads the fragment (between commas or other signs) that an amount stands in.
pub(super) fn fragment(text: &str, start: usize, end: usize, floor: usize) -> Fragment {
    if follows(text, end) {
        return Fragment::NotBillable;
    }
    let mut at = start;
    let mut words = 0;
    let mut dose = false;
    let bytes = text.as_bytes();
    while at > floor && words < 7 {
        let byte = bytes[at - 1];
        if byte.is_ascii_alphanumeric() {
            let from = word_start(text, at, floor);
            let mut buffer = [0; 16];
            match lowered(&text[from..at], &mut buffer) {
                Some("x" | "for" | "of" | "about" | "approx" | "approximately") if words == 0 => {}
                Some("every" | "q") if words == 0 => return Fragment::Schedule,
                Some("within" | "after" | "in" | "under" | "than" | "beyond" | "until")
                    if words == 0 && !put_in(text, from) =>
                {
                    return Fragment::Result;
                }
                Some("up") if words > 0 && phrase(text, from, &["set", "up"]).is_some() => {}
                Some(word) => {
                    words += 1;
                    if words <= 5 && NOT_BILLABLE.contains(&word) {
                        return Fragment::NotBillable;
                    }
                    if set_up_ends(text, at, floor) && words <= 3 {
                        return Fragment::NotBillable;
                    }
                    dose |= DOSED.contains(&word);
                }
                None => words += 1,
            }
            at = from;
        } else if byte == b'-' && at >= 2 && bytes[at - 2] == b' ' && bytes.get(at) == Some(&b' ') {
            break;
        } else if matches!(byte, b' ' | b'\t' | b'-' | b'\'' | b'/' | b'~' | b'#') {
            at -= 1;
        } else {
            break;
        }
    }
    match (dose, words) {
        (true, _) => Fragment::Dose,
        (false, 0) => Fragment::Alone,
        (false, _) => Fragment::InWords,
    }
}

/// "put in six minutes of": spent, not how long it took.
fn put_in(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(' ');
    before.len() >= 3 && before.is_char_boundary(before.len() - 3) && {
        before[before.len() - 3..].eq_ignore_ascii_case("put")
            && phrase(text, at, &["in"]).is_some()
    }
}

/// "two minute intervals", "5 min bouts": how it was done, not how long it took.
pub(super) fn is_stretch(text: &str, end: usize) -> bool {
    let at = skip_blank_only(text, end);
    let mut buffer = [0; 16];
    matches!(
        lowered(&text[at..word_end(text, at)], &mut buffer),
        Some(
            "interval"
                | "intervals"
                | "bout"
                | "bouts"
                | "round"
                | "rounds"
                | "mark"
                | "increments"
                | "blocks"
                | "reps"
        )
    )
}

fn set_up_ends(text: &str, end: usize, floor: usize) -> bool {
    let start = end.saturating_sub("set-up".len());
    start >= floor
        && text.get(start..end).is_some_and(|words| {
            words.eq_ignore_ascii_case("set-up") || words.eq_ignore_ascii_case("set up")
        })
}

/// "5 min seated rest", "10 min moist heat", "5 min setup".
fn follows(text: &str, end: usize) -> bool {
    let mut at = skip_blank_only(text, end);
    for _ in 0..3 {
        let stop = word_end(text, at);
        if stop == at {
            return false;
        }
        let word = &text[at..stop];
        let mut buffer = [0; 16];
        match lowered(word, &mut buffer) {
            Some(
                "of" | "seated" | "standing" | "supine" | "for" | "moist" | "hot" | "cold"
                | "equipment" | "total",
            ) => {}
            Some("set") => return phrase(text, at, &["set", "up"]).is_some(),
            Some(lower) => return NOT_BILLABLE.contains(&lower),
            None => return false,
        }
        at = skip_blank_only(text, stop);
    }
    false
}
