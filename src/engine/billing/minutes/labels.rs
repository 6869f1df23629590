//! Labels that therapists write before or after minutes: code names, totals, words that fill the gap.

use crate::model::Code;

/// Words of a label and the code they claim; `Upper` labels are read only in capitals.
struct Label {
    words: &'static [&'static str],
    case: Case,
    code: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Any,
    Upper,
}

const fn any(words: &'static [&'static str], code: &'static str) -> Label {
    Label { words, case: Case::Any, code }
}

const fn upper(words: &'static [&'static str], code: &'static str) -> Label {
    Label { words, case: Case::Upper, code }
}

/// Longer labels stand before shorter ones that they end or begin with.
const LABELS: &[Label] = &[
    any(&["therapeutic", "exercises"], "97110"),
    any(&["therapeutic", "exercise"], "97110"),
    any(&["therapeutic", "ex"], "97110"),
    any(&["ther", "exercise"], "97110"),
    any(&["ther", "ex"], "97110"),
    any(&["therex"], "97110"),
    upper(&["TE"], "97110"),
    any(&["therapeutic", "activities"], "97530"),
    any(&["therapeutic", "activity"], "97530"),
    any(&["therapeutic", "act"], "97530"),
    any(&["ther", "activities"], "97530"),
    any(&["ther", "activity"], "97530"),
    any(&["ther", "acts"], "97530"),
    any(&["ther", "act"], "97530"),
    any(&["theract"], "97530"),
    any(&["functional", "activities"], "97530"),
    any(&["functional", "activity"], "97530"),
    upper(&["TA"], "97530"),
    any(&["neuromuscular", "re", "education"], "97112"),
    any(&["neuromuscular", "reeducation"], "97112"),
    any(&["neuromuscular", "re", "ed"], "97112"),
    any(&["neuro", "re", "education"], "97112"),
    any(&["neuro", "reeducation"], "97112"),
    any(&["neuro", "re", "ed"], "97112"),
    any(&["neuro", "reed"], "97112"),
    any(&["nmre"], "97112"),
    upper(&["NMR"], "97112"),
    any(&["self", "care", "home", "management", "training"], "97535"),
    any(&["self", "care", "home", "management"], "97535"),
    any(&["self", "care", "home", "mgmt"], "97535"),
    any(&["self", "care", "training"], "97535"),
    any(&["self", "care"], "97535"),
    any(&["adl", "training"], "97535"),
    any(&["adl", "retraining"], "97535"),
    any(&["adls"], "97535"),
    any(&["schm"], "97535"),
    any(&["manual", "therapy"], "97140"),
    any(&["manual", "tx"], "97140"),
    any(&["manual", "techniques"], "97140"),
    upper(&["MT"], "97140"),
    any(&["gait", "training"], "97116"),
    any(&["gait", "trng"], "97116"),
    upper(&["GT"], "97116"),
    any(&["aquatic", "therapy"], "97113"),
    any(&["group", "therapy"], "97150"),
    any(&["group", "treatment"], "97150"),
    any(&["group", "session"], "97150"),
    any(&["therapeutic", "massage"], "97124"),
    any(&["wheelchair", "management"], "97542"),
    any(&["wheelchair", "training"], "97542"),
    any(&["ultrasound"], "97035"),
    any(&["iontophoresis"], "97033"),
];

/// The longest label in words.
const LONGEST: usize = 5;

/// Returns the code that a label ending right at `end` claims, and where the label begins.
pub fn ending_at(text: &str, end: usize, floor: usize) -> Option<(Code, usize)> {
    let mut words: [(usize, &str); LONGEST] = [(0, ""); LONGEST];
    let mut count = 0;
    let mut at = end;
    while count < LONGEST {
        let start = word_start(text, at, floor);
        if start == at {
            break;
        }
        words[count] = (start, &text[start..at]);
        count += 1;
        at = start;
        while at > floor && matches!(text.as_bytes()[at - 1], b' ' | b'-' | b'/' | b'.' | b'&') {
            at -= 1;
        }
    }
    let found = LABELS.iter().find(|label| {
        label.words.len() <= count
            && label.words.iter().rev().zip(&words).all(|(want, (_, word))| label.says(want, word))
    })?;
    Some((Code::parse(found.code)?, words[found.words.len() - 1].0))
}

/// Returns the code that a label beginning right at `start` claims, and where the label ends.
pub fn starting_at(text: &str, start: usize) -> Option<(Code, usize)> {
    let mut words: [(usize, &str); LONGEST] = [(0, ""); LONGEST];
    let mut count = 0;
    let mut at = start;
    while count < LONGEST {
        let end = word_end(text, at);
        if end == at {
            break;
        }
        words[count] = (end, &text[at..end]);
        count += 1;
        at = end;
        while matches!(text.as_bytes().get(at), Some(b' ' | b'-' | b'/' | b'.' | b'&')) {
            at += 1;
        }
    }
    let found = LABELS.iter().find(|label| {
        label.words.len() <= count
            && label.words.iter().zip(&words).all(|(want, (_, word))| label.says(want, word))
    })?;
    Some((Code::parse(found.code)?, words[found.words.len() - 1].0))
}

impl Label {
    fn says(&self, want: &str, word: &str) -> bool {
        match self.case {
            Case::Any => want.eq_ignore_ascii_case(word),
            Case::Upper => want == word,
        }
    }
}

/// Returns where the run of letters and digits that ends at `end` begins.
pub(super) fn word_start(text: &str, end: usize, floor: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = end;
    while at > floor && bytes[at - 1].is_ascii_alphanumeric() {
        at -= 1;
    }
    at
}

/// Returns where the run of letters and digits that begins at `start` ends.
pub(super) fn word_end(text: &str, start: usize) -> usize {
    let rest = &text.as_bytes()[start..];
    start + rest.iter().take_while(|byte| ALPHANUMERIC[usize::from(**byte)]).count()
}

/// Every byte of a note is asked: a look-up takes half the time of comparing.
pub(super) const ALPHANUMERIC: [bool; 256] = {
    let mut bytes = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        bytes[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    bytes
};

/// What stands before a number of minutes on its line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one flag a word seen; any mix may occur")]
pub(super) struct Before {
    /// The code or label that claims the minutes.
    pub(super) code: Option<Code>,
    /// A word such as "timed" or "TCT".
    pub(super) timed: bool,
    /// A word such as "untimed".
    pub(super) untimed: bool,
    /// The word "total".
    pub(super) total: bool,
    /// "treatment", "session" and the like.
    pub(super) treatment: bool,
    /// "time", "minutes", "duration".
    pub(super) time: bool,
    /// "about", "~" and the like.
    pub(super) approximate: bool,
    /// "in", "start", "begin".
    pub(super) opens: bool,
    /// "out", "stop", "end".
    pub(super) closes: bool,
    /// "a total of": may be the total of anything.
    pub(super) loose_total: bool,
    /// A slash between the words of the label.
    pub(super) slash: bool,
    /// The word "units": a number after it is no time.
    pub(super) units: bool,
    /// The word right before the number is "timed" or "total".
    pub(super) near_total: bool,
    /// The word "evaluation".
    pub(super) evaluation: bool,
}

impl Before {
    fn any_total(&self) -> bool {
        self.timed || self.untimed || self.total || self.treatment || self.time
    }

    /// Tells whether the label by itself says that a bare number is minutes.
    pub(super) fn names_minutes(&self) -> bool {
        self.time && (self.timed || self.untimed || self.total || self.treatment)
            || self.total && self.treatment
    }
}

/// How far back a label may begin.
const FARTHEST: usize = 160;

/// Reads back from a number to the label that claims it; never beyond the line or `floor`.
pub(super) fn before(text: &str, number: usize, floor: usize) -> Before {
    let bytes = text.as_bytes();
    let mut got = Before::default();
    let mut at = number;
    // Labels are short; without a bound, a line of many numbers would be read over and over.
    let floor = floor.max(number.saturating_sub(FARTHEST));
    let floor = (floor..number).find(|&at| text.is_char_boundary(at)).unwrap_or(number);
    let mut near = true;
    while at > floor {
        let byte = bytes[at - 1];
        match byte {
            b' ' | b'\t' | b':' | b'(' | b'[' | b']' | b'=' | b'-' | b'@' | b'*' | b'#' | b'_'
            | b'\'' => at -= 1,
            b'/' => {
                got.slash = true;
                at -= 1;
            }
            b'|' | b',' if !got.any_total() => at -= 1,
            b'~' => {
                got.approximate = true;
                at -= 1;
            }
            b')' => match skip_parenthesis(text, at, floor, &mut got) {
                Some(_) if got.code.is_some() => return got,
                Some(start) => at = start,
                None => return got,
            },
            b'.' if abbreviation_ends(text, at - 1, floor) => at -= 1,
            _ if byte.is_ascii_alphanumeric() => {
                let start = word_start(text, at, floor);
                if let Some(code) = Code::parse(&text[start..at]) {
                    got.code = Some(code);
                    return got;
                }
                if let Some((code, _)) = ending_at(text, at, floor) {
                    got.code = Some(code);
                    return got;
                }
                if !take_word(&text[start..at], near, &mut got) {
                    return got;
                }
                near = false;
                at = start;
            }
            0x80.. => {
                let Some(sign) = text[floor..at].chars().next_back() else { return got };
                match sign {
                    '–' | '—' | '×' | '·' | '\u{a0}' => {}
                    '≈' => got.approximate = true,
                    _ => return got,
                }
                at -= sign.len_utf8();
            }
            _ => return got,
        }
    }
    got
}

/// Takes one word of a label; `false` ends the label. `near` is the word next to the number.
fn take_word(word: &str, near: bool, got: &mut Before) -> bool {
    let mut buffer = [0_u8; 16];
    let Some(lower) = lowered(word, &mut buffer) else { return false };
    match lower {
        "timed" => {
            got.timed = true;
            got.near_total |= near;
        }
        "billable" | "based" | "direct" => got.timed = true,
        "tct" => (got.timed, got.time) = (true, true),
        "untimed" | "nontimed" => got.untimed = true,
        "total" | "totals" | "tot" | "ttl" | "overall" => {
            got.total = true;
            got.near_total |= near;
        }
        "evaluation" | "eval" | "reevaluation" | "reeval" if !got.any_total() || got.time => {
            got.evaluation = true;
        }
        "pt" | "ot" | "initial" | "re" if got.evaluation => {}
        "unit" | "units" => got.units = true,
        "ttt" => (got.total, got.time) = (true, true),
        "treatment" | "tx" | "trt" | "session" | "visit" | "therapy" | "contact" | "skilled"
        | "service" | "services" => got.treatment = true,
        "time" | "times" | "minutes" | "mins" | "min" | "duration" | "length" => got.time = true,
        "code" | "codes" | "cpt" | "charge" | "charges" if got.any_total() || near => {}
        "one" if got.any_total() => got.timed = true,
        "a" if got.total && !got.time && !got.treatment => {
            got.loose_total = true;
            return false;
        }
        "about" | "approx" | "approximately" | "around" | "roughly" | "circa" | "ca" | "nearly"
        | "almost" => got.approximate = true,
        "in" | "start" | "started" | "begin" | "began" if near || got.time => got.opens = true,
        "out" | "stop" | "stopped" | "end" | "ended" | "finish" if near || got.time => {
            got.closes = true;
        }
        "one" | "on" | "x" | "for" | "of" | "at" | "is" | "was" | "were" | "spent" | "u" | "gp"
        | "go" | "gn" | "kx" | "cq" | "co" | "xe" | "xp" | "xs" | "xu" => {}
        // "untimed 10 total 55": the number before a total belongs to another label.
        _ => {
            return !got.any_total()
                && lower.trim_start_matches('x').len() <= 2
                && lower.trim_start_matches('x').bytes().all(|b| b.is_ascii_digit());
        }
    }
    true
}

/// Steps over `(…)` that ends before `end`; a code or "timed" inside still counts.
fn skip_parenthesis(text: &str, end: usize, floor: usize, got: &mut Before) -> Option<usize> {
    const WIDEST: usize = 60;
    let from = end.saturating_sub(WIDEST).max(floor);
    let from = (from..end).find(|&at| text.is_char_boundary(at))?;
    let open = from + text[from..end - 1].rfind(['(', '\n'])?;
    if text.as_bytes()[open] == b'\n' {
        return None;
    }
    for word in text[open + 1..end - 1].split(|c: char| !c.is_ascii_alphanumeric()) {
        match word {
            "timed" | "Timed" | "TIMED" => got.timed = true,
            "untimed" | "Untimed" => got.untimed = true,
            "min" | "mins" | "minutes" | "Minutes" => got.time = true,
            _ => got.code = got.code.or_else(|| Code::parse(word)),
        }
    }
    Some(open)
}

fn abbreviation_ends(text: &str, dot: usize, floor: usize) -> bool {
    let word = &text[word_start(text, dot, floor)..dot];
    ["min", "mins", "tx", "approx", "ther", "ex", "act", "tot"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(word))
}

/// Lower-cases a short ASCII word into a buffer; `None` when it is too long to be any of ours.
pub(super) fn lowered<'b>(word: &str, buffer: &'b mut [u8; 16]) -> Option<&'b str> {
    let slot = buffer.get_mut(..word.len())?;
    slot.copy_from_slice(word.as_bytes());
    slot.make_ascii_lowercase();
    std::str::from_utf8(slot).ok()
}
