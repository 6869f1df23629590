//! One line of billed codes: its label, and the units and modifiers beside each code.

use crate::model::{Code, Span};

/// What makes a line of text a list of billed codes; the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Label {
    /// "Billed:", "Charges:".
    Billed,
    /// "CPT:", a billing section.
    Listed,
    /// Any other line; only units named as such count.
    Stated,
}

/// A code with what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) code: Code,
    pub(super) units: Option<u32>,
    pub(super) modifiers: Vec<String>,
    pub(super) span: Span,
    pub(super) label: Label,
}

const BILLED: &[&str] =
    &["billed", "charges", "charge", "claim", "codes billed", "cpt billed", "units billed"];
const LISTED: &[&str] = &[
    "cpt codes",
    "cpt code",
    "cpt",
    "billing codes",
    "billing",
    "procedure codes",
    "codes",
    "coding",
];

/// Reads the label that a line begins with.
pub(super) fn label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    // All labels begin with one of these letters.
    if !line.starts_with(['b', 'c', 'l', 'p', 'u', 'B', 'C', 'L', 'P', 'U']) {
        return None;
    }
    let begins = |words: &&&str| {
        line.get(..words.len()).is_some_and(|head| head.eq_ignore_ascii_case(words))
            && line[words.len()..].trim_start().starts_with([':', '-', '=', '–'])
    };
    let billed_in_words = || {
        line.get(.."billed".len()).is_some_and(|head| head.eq_ignore_ascii_case("billed"))
            && line["billed".len()..].starts_with(' ')
    };
    if BILLED.iter().any(|words| begins(&words)) || billed_in_words() {
        Some(Label::Billed)
    } else if LISTED.iter().any(|words| begins(&words)) {
        Some(Label::Listed)
    } else {
        None
    }
}

/// Returns where a word such as "Charges" in the midst of a line ends.
pub(super) fn inline_label(line: &str) -> Option<usize> {
    let words = words(line);
    words.windows(2).find_map(|pair| {
        let [(at, word), (next, code)] = *pair else { return None };
        let known = ["billed", "charges", "charge", "billing"];
        let labels = at > 0 && known.iter().any(|label| label.eq_ignore_ascii_case(word));
        (labels && Code::parse(code).is_some()).then_some(next)
    })
}

/// Tells whether a line holds nothing but codes, units and modifiers.
pub(super) fn is_list(line: &str) -> bool {
    words(line).into_iter().all(|(_, word)| {
        Code::parse(word).is_some()
            || times(word).is_some()
            || count(word).is_some()
            || is_unit(word)
            || modifier(word, true).is_some()
            || matches!(word, "x" | "X" | "×" | "and")
    })
}

/// Returns the codes of a text with their place in it.
pub(super) fn codes(line: &str) -> Vec<(usize, Code)> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    // Every code has three digits in its midst: one of three bytes in a row meets one of them.
    while let Some(byte) = bytes.get(at) {
        if !byte.is_ascii_digit() {
            at += 3;
            continue;
        }
        let before = bytes[..at].iter().rev().take_while(|b| b.is_ascii_alphanumeric());
        let start = at - before.count();
        at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if at - start == 5
            && let Some(code) = line.get(start..at).and_then(Code::parse)
        {
            found.push((start, code));
        }
    }
    found
}

/// Reads the codes of a line with what stands beside each.
pub(super) fn read_line(
    line: &str,
    offset: usize,
    codes: &[(usize, Code)],
    label: Label,
    items: &mut Vec<Item>,
) {
    // "2 units 97530 and 1 unit 97110": once units lead, they lead all along the line.
    let leads = codes.first().is_some_and(|&(at, _)| units_before(&line[..at]).is_some());
    let mut used = 0;
    for (index, &(at, code)) in codes.iter().enumerate() {
        let next = codes.get(index + 1).map_or(line.len(), |&(next, _)| next);
        let tail = &line[at + 5..next];
        let tail = &tail[..tail.find([';', '\n']).unwrap_or(tail.len())];
        let tail = &tail[..tail.find(". ").unwrap_or(tail.len())];
        let read = read_tail(tail, label);
        let ahead = units_before(&line[used..at]).filter(|_| leads);
        let end = at + 5 + if leads { 0 } else { read.end };
        used = end;
        items.push(Item {
            code,
            units: ahead.or(read.units),
            modifiers: read.modifiers,
            span: Span::new(offset + at, offset + end),
            label,
        });
    }
}

struct Tail {
    units: Option<u32>,
    modifiers: Vec<String>,
    /// One past the last byte that was used.
    end: usize,
}

/// Reads units and modifiers after a code.
fn read_tail(tail: &str, label: Label) -> Tail {
    let mut got = Tail { units: None, modifiers: Vec::new(), end: 0 };
    let words = words(tail);
    let mut bare: Vec<(u32, usize)> = Vec::new();
    let mut index = 0;
    while let Some(&(start, word)) = words.get(index) {
        let end = start + word.len();
        let next = words.get(index + 1).map(|&(_, next)| next);
        let glued = tail[..start].ends_with('-');
        if let Some(modifier) = modifier(word, glued) {
            if !got.modifiers.iter().any(|known| known == modifier) {
                got.modifiers.push(modifier.to_owned());
            }
            got.end = end;
        } else if let Some(units) = times(word) {
            // Elsewhere "x12" counts repetitions, unless a plan modifier says that it is billing.
            let billing = label != Label::Stated || next.is_some_and(|next| PLANS.contains(&next));
            if billing {
                got.units = got.units.or(Some(units));
                got.end = end;
            }
        } else if matches!(word, "x" | "X" | "×") {
            if let Some((count, next)) = next.and_then(count).zip(words.get(index + 1)) {
                let after = words.get(index + 2).map(|&(_, word)| word);
                let billing = label != Label::Stated
                    || after.is_some_and(|after| is_unit(after) || PLANS.contains(&after));
                if billing && !after.is_some_and(is_minutes) {
                    got.units = got.units.or(Some(count));
                    got.end = next.0 + next.1.len();
                }
                index += 1;
            }
        } else if let Some(count) = count(word) {
            if next.is_some_and(is_unit) {
                got.units = Some(count);
                got.end = words.get(index + 1).map_or(end, |&(at, unit)| at + unit.len());
            } else if !next.is_some_and(is_minutes) && !clocked(tail, start, end) {
                bare.push((count, end));
            }
        } else if let Some(count) = word.find(|c: char| c.is_ascii_alphabetic()).and_then(|at| {
            let (digits, unit) = word.split_at(at);
            count(digits).filter(|_| is_unit(unit))
        }) {
            got.units = Some(count);
            got.end = end;
        }
        index += 1;
    }
    // A bare number counts only in a list of codes; eight and more would be minutes.
    if got.units.is_none() && label != Label::Stated {
        let small: Vec<&(u32, usize)> =
            bare.iter().filter(|(count, _)| (1..8).contains(count)).collect();
        if let [(count, end)] = small[..] {
            got.units = Some(*count);
            got.end = got.end.max(*end);
        }
    }
    got
}

/// "2 units of 97530", "2 x 97530".
fn units_before(head: &str) -> Option<u32> {
    let words = words(head);
    let mut last = words.iter().rev().map(|&(_, word)| word).filter(|&word| word != "of");
    let word = last.next()?;
    if is_unit(word) || matches!(word, "x" | "X" | "×") { count(last.next()?) } else { None }
}

fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, sign) in text.char_indices() {
        let part = sign.is_ascii_alphanumeric() || sign == '×';
        match (part, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push((from, &text[from..]));
    }
    found
}

fn count(word: &str) -> Option<u32> {
    (word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())?
}

fn times(word: &str) -> Option<u32> {
    count(word.strip_prefix(['x', 'X', '×'])?).filter(|&units| units > 0)
}

fn is_unit(word: &str) -> bool {
    matches!(word, "unit" | "units" | "u" | "U" | "Units" | "Unit" | "UNITS" | "un")
}

fn is_minutes(word: &str) -> bool {
    word.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("min"))
}

fn clocked(tail: &str, start: usize, end: usize) -> bool {
    tail[..start].ends_with(':') && tail[..start - 1].ends_with(|c: char| c.is_ascii_digit())
        || tail[end..].starts_with([':', '\'', '/'])
}

/// Modifiers of a plan of care.
const PLANS: [&str; 3] = ["GP", "GO", "GN"];

/// Reads a modifier; numbers that may be counts must hang on the code or on another modifier.
fn modifier(word: &str, glued: bool) -> Option<&str> {
    const LETTERS: &[&str] = &[
        "GP", "GO", "GN", "KX", "CQ", "CO", "XE", "XP", "XS", "XU", "GA", "GX", "GY", "GZ", "LT",
        "RT",
    ];
    const NUMBERS: &[&str] = &["22", "25", "27", "76", "77", "91", "93", "95"];
    (LETTERS.contains(&word) || word == "59" || glued && NUMBERS.contains(&word)).then_some(word)
}
