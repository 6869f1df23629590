//! The head of a line: what stands before its colon, if that is a heading.

use crate::knowledge::Lexicon;
use crate::knowledge::fold::Folder;
use crate::knowledge::headings::Hash;
use crate::model::{Code, Status};

/// The head of a line: known words, codes, minutes and units up to a colon or the end.
#[derive(Debug, Default)]
pub(super) struct Head {
    pub(super) len: u32,
    pub(super) known: Option<usize>,
    pub(super) claim: Option<Code>,
    pub(super) colon: bool,
    /// Holds minutes or units.
    pub(super) numbers: bool,
    /// Holds a label in words, not only a code.
    pub(super) label: bool,
}

/// Signs that may stand before the words of a head and between them.
pub(super) fn is_lead(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b',' | b'(' | b')' | b'[' | b']' | b'*' | b'|' | b'&' | b'=' | b'_' | b'>'
    )
}

/// Reads the head of a line; `None` when the line has none.
pub(super) fn read_head(lexicon: &Lexicon, line: &str) -> Option<Head> {
    let mut head = Head::default();
    let mut at = 0;
    let bytes = line.as_bytes();
    loop {
        // "A) ...", "S> ...": a letter with a sign that stands for the colon.
        if head.known.is_some() && at == 1 && matches!(bytes.get(1), Some(b')' | b'>')) {
            head.colon = true;
            at += 1;
            break;
        }
        at += bytes[at..].iter().take_while(|byte| is_lead(**byte)).count();
        if head.claim.is_none()
            && head.known.is_some_and(|known| dash_ends(lexicon, known, bytes, at))
        {
            head.colon = true;
            at += 2;
            break;
        }
        if head.known.is_some() && matches!(bytes.get(at), Some(b'-' | b'/' | b'.')) {
            at += 1;
            continue;
        }
        if head.known.is_some()
            && let Some(end) = aside(line, at)
        {
            at = end;
            continue;
        }
        match bytes.get(at) {
            None => break,
            Some(b':') if head.known.is_some() => {
                head.colon = true;
                at += 1;
                // Minutes and units behind the colon still belong to the head of a claim.
                let after = skip_numbers(line, at);
                if head.claim.is_some() && after > at {
                    head.numbers = true;
                    at = after;
                }
                break;
            }
            Some(_) => {}
        }
        if let Some((heading, end)) = longest_heading(lexicon, line, at) {
            let one = &lexicon.headings[heading];
            let colon = line[end..].trim_start().starts_with(':');
            if head.claim.is_some() && !head.label && one.claims.is_none() && !colon {
                // "97140  Wrist joint mobs": content, though "wrist" may be a heading.
                break;
            }
            if head.known.is_none() || (head.claim.is_none() && one.claims.is_some()) {
                head.known = Some(heading);
            }
            head.claim = head.claim.or(one.claims);
            head.label |= !line[at..end].starts_with(|c: char| c.is_ascii_digit());
            at = end;
            continue;
        }
        let after = if head.known.is_some() { skip_numbers(line, at) } else { at };
        if after == at {
            break;
        }
        head.numbers = true;
        at = after;
    }
    if head.known.is_none() {
        return coded_head(lexicon, line).or_else(|| unknown_head(line));
    }
    let rest = line[at.min(line.len())..].trim_start();
    let claims = head.claim.is_some();
    let word = line.split([' ', ':']).next().unwrap_or_default();
    let letter = word.len() == 1;
    let fits =
        head.colon || rest.is_empty() || (claims && (head.numbers || !head.label) && !letter);
    head.len = u32::try_from(at.min(line.len())).unwrap_or(u32::MAX);
    (fits && !(letter && !head.colon && !rest.is_empty())).then_some(head)
}

/// Tells whether a dash stands in place of the colon: "Goals - return to roofing".
///
/// Only behind headings that say of what stands under them that it is no work of today; behind
/// others a dash joins a second label.
fn dash_ends(lexicon: &Lexicon, known: usize, bytes: &[u8], at: usize) -> bool {
    let dash = bytes[at..].starts_with(b"- ") && at > 0 && bytes[at - 1] == b' ';
    dash && lexicon.headings[known].status.is_some_and(|status| status != Status::Performed)
}

/// An aside in brackets right before the colon or the end: "TREATMENT (times distinct):".
///
/// `at` stands behind the opening bracket.
fn aside(line: &str, at: usize) -> Option<usize> {
    let opened = at.checked_sub(1).is_some_and(|before| line.as_bytes()[before] == b'(');
    let close = line.get(at..)?.find(')').filter(|_| opened)?;
    let inner = &line[at..at + close];
    let after = line[at + close + 1..].trim_start();
    let words = !inner.contains("min") && !inner.bytes().any(|byte| byte.is_ascii_digit());
    (words && (after.is_empty() || after.starts_with(':'))).then_some(at + close + 1)
}

/// Words that a heading has at most, as this many are tried.
const MOST_WORDS: usize = 7;

fn longest_heading(lexicon: &Lexicon, line: &str, at: usize) -> Option<(usize, usize)> {
    if !lexicon.heading_sieve.may_begin(&line.as_bytes()[at..]) {
        return None;
    }
    let mut ends = [at; MOST_WORDS + 1];
    let mut count = 0;
    let mut in_word = false;
    for (i, c) in line[at..].char_indices().take(64) {
        let word = c.is_alphanumeric();
        if in_word && !word {
            ends[count] = at + i;
            count += 1;
            if count == MOST_WORDS || matches!(c, ':' | '.' | ';' | ',') {
                break;
            }
        }
        in_word = word;
    }
    if in_word && (count == 0 || ends[count - 1] < line.len()) && line.len() - at <= 64 {
        ends[count] = line.len();
        count += 1;
    }
    let ends = &ends[..count];
    let (words, prefixes) = fold_prefixes(&line[at..], at, ends);
    ends.iter().zip(prefixes).rev().find_map(|(end, (len, hash))| {
        let words = lexicon.heading_sieve.may_be(hash).then(|| &words[..len])?;
        lexicon.heading_words.get(words).map(|heading| (*heading, *end))
    })
}

/// Folds the text that begins at `at` up to the last of the ends, in small letters; returns the
/// length of each prefix that ends there, and its hash.
///
/// A prefix that ends behind a letter folds to a prefix, so that one folding serves all.
fn fold_prefixes(
    text: &str,
    at: usize,
    ends: &[usize],
) -> (String, [(usize, Hash); MOST_WORDS + 1]) {
    let stretch = &text[..ends.last().map_or(0, |last| last - at)];
    let mut words = String::with_capacity(stretch.len());
    let mut prefixes = [(0, Hash::default()); MOST_WORDS + 1];
    let mut hash = Hash::default();
    let mut next = 0;
    Folder::default().fold(stretch, at, |folded, origin| {
        for (step, byte) in folded.bytes().enumerate() {
            while ends.get(next).is_some_and(|end| *end <= origin + step) {
                prefixes[next] = (words.len() + step, hash);
                next += 1;
            }
            hash = hash.with(byte.to_ascii_lowercase());
        }
        words.push_str(folded);
    });
    prefixes[next..].fill((words.len(), hash));
    words.make_ascii_lowercase();
    (words, prefixes)
}

/// Skips minutes, units and modifiers: "15 min", "x 2", "2 units", "9:00-9:15", "GP".
///
/// A bare number is skipped only at the end of the head; before content it would be a distance.
fn skip_numbers(line: &str, from: usize) -> usize {
    const UNITS: &[&str] =
        &["min", "mins", "minute", "minutes", "unit", "units", "u", "hr", "hour", "hours"];
    const FILLERS: &[&str] = &[
        "x", "gp", "go", "gn", "kx", "cq", "co", "59", "am", "pm", "to", "timed", "total",
        "approx", "about", "for", "fifteen", "ten", "twenty", "thirty", "five", "eight", "twelve",
    ];
    let mut at = from;
    let mut end = from;
    let mut number_open = false;
    for token in line[from..].split_inclusive([' ', ',', '(', ')', '|', ':', '-']) {
        let word = token.trim_matches([' ', ',', '(', ')', '|', '.', ':', '-', '=', '~']);
        let one_of = |known: &[&str]| known.iter().any(|one| one.eq_ignore_ascii_case(word));
        let digits = word.trim_start_matches(['x', 'X']);
        let bare = digits.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '\'');
        let numeric = !bare.is_empty()
            && bare.len() < 5
            && bare.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && ["", "min", "mins", "m", "u", "am", "pm", "'"]
                .iter()
                .any(|unit| unit.eq_ignore_ascii_case(&digits[bare.len()..]));
        let unit = one_of(UNITS);
        if !(word.is_empty() || numeric || unit || one_of(FILLERS)) {
            break;
        }
        at += token.len();
        let closed =
            unit || word.starts_with(['x', 'X']) && numeric || numeric && digits.len() > bare.len();
        number_open = (numeric || number_open) && !closed;
        let line_ends = at == line.len();
        let colon = token.ends_with(':') && !line[at..].starts_with(|c: char| c.is_ascii_digit());
        if closed || line_ends || colon || (token.ends_with(')') && !number_open) {
            end = if colon { at - 1 } else { at };
        }
        if colon {
            break;
        }
    }
    if end == from {
        return from;
    }
    if line[from..end].bytes().any(|b| b.is_ascii_digit()) {
        return end;
    }
    let words = line[from..end].to_ascii_lowercase();
    if UNITS.iter().any(|unit| words.contains(unit)) { end } else { from }
}

/// A heading in free words that names its code and ends in a colon: "Pool, chest depth (97113):".
pub(super) fn coded_head(lexicon: &Lexicon, line: &str) -> Option<Head> {
    let trimmed = line.trim_end();
    let words = trimmed.strip_suffix(':')?;
    let mut tokens = words.split(|c: char| !c.is_ascii_alphanumeric());
    let (code, known) =
        tokens.find_map(|token| Some((Code::parse(token)?, *lexicon.heading_words.get(token)?)))?;
    Some(Head {
        len: u32::try_from(line.len()).unwrap_or(u32::MAX),
        known: Some(known),
        claim: Some(code),
        colon: true,
        numbers: true,
        label: true,
    })
}

/// Reads a letter of a SOAP note with a column of blanks in place of the colon: "O   Bridges 3x10".
pub(super) fn lettered_head(lexicon: &Lexicon, line: &str) -> Option<usize> {
    let letter = line.get(..1).filter(|letter| matches!(*letter, "S" | "O" | "A" | "P"))?;
    let rest = &line[1..];
    let column = rest.starts_with("  ") || rest.starts_with('\t');
    let words = rest.trim_start();
    // More columns make a row of a table.
    let prose = words.starts_with(char::is_alphabetic) && !words.contains("   ");
    (column && prose).then(|| lexicon.heading_words.get(&letter.to_ascii_lowercase()).copied())?
}

/// Six words have five blanks between them.
const MOST_BLANKS: usize = 5;

/// An unknown heading: at most six words and a colon at the end, or all capitals alone.
fn unknown_head(line: &str) -> Option<Head> {
    let trimmed = line.trim_end();
    if trimmed.bytes().filter(|byte| *byte == b' ').nth(MOST_BLANKS).is_some() {
        return None;
    }
    let letters = trimmed.chars().filter(|c| c.is_alphabetic()).count();
    let colon = trimmed.ends_with(':');
    let capitals = letters >= 4
        && !trimmed.chars().any(|c| c.is_lowercase() || c.is_ascii_digit())
        && !trimmed.contains([',', '.']);
    (letters >= 2 && (colon || capitals)).then(|| Head {
        len: u32::try_from(line.len()).unwrap_or(u32::MAX),
        colon,
        ..Head::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::fold::fold_phrase;

    proptest::proptest! {
        #[test]
        fn every_prefix_folds_as_it_does_alone(text in "([A-Za-z\u{e9}]{1,3}[-/<> \u{2013}\u{2026}\u{ad}.\t]{0,3}){1,7}") {
            let mut ends: Vec<usize> = Vec::new();
            for (at, c) in text.char_indices() {
                let end = at + c.len_utf8();
                let follows = text[end..].chars().next().is_some_and(char::is_alphanumeric);
                if c.is_alphanumeric() && !follows && ends.len() < MOST_WORDS {
                    ends.push(end);
                }
            }
            let (words, prefixes) = fold_prefixes(&text, 0, &ends);
            for (end, (len, hash)) in ends.iter().zip(prefixes) {
                let alone = fold_phrase(&text[..*end]);
                proptest::prop_assert_eq!(&words[..len], alone.as_str());
                proptest::prop_assert_eq!(hash, alone.bytes().fold(Hash::default(), Hash::with));
            }
        }
    }
}
