//! Words of a note as they are compared: folded, in lower case, hashed with and without their numbers.

use crate::knowledge::fold::{Folder, is_word_byte};
use crate::model::Span;

/// Words that are compared as one piece.
pub(super) const SHINGLE: usize = 8;

/// Start and factor of FNV-1a, 64 bits: fixed, so that the same notes give the same answer anywhere.
const START: u64 = 0xcbf2_9ce4_8422_2325;
const FACTOR: u64 = 0x0100_0000_01b3;

/// A word with its hashes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) span: Span,
    /// Hash of the word.
    pub(super) kept: u64,
    /// Hash of the word with every number as one sign.
    pub(super) masked: u64,
}

/// Cuts a stretch of a note into words.
pub(super) fn words(text: &str, stretch: Span) -> Vec<Word> {
    let mut bytes: Vec<u8> = Vec::with_capacity(stretch.len());
    let mut origins: Vec<usize> = Vec::with_capacity(stretch.len());
    Folder::default().fold(stretch.of(text), stretch.start as usize, |folded, origin| {
        bytes.extend(folded.bytes().map(|byte| byte.to_ascii_lowercase()));
        origins.extend((0..folded.len()).map(|at| origin + at));
    });
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let end = (at..bytes.len()).find(|&i| !joins(&bytes, i)).unwrap_or(bytes.len());
        if end == at {
            at += 1;
            continue;
        }
        let last = origins[end - 1];
        let width = text.get(last..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        let word = &bytes[at..end];
        words.push(Word {
            span: Span::new(origins[at], last + width),
            kept: hash(word.iter().copied()),
            masked: hash(masked(word)),
        });
        at = end;
    }
    words
}

/// Tells whether a folded byte belongs to a word: letters, digits, and signs inside a number.
fn joins(bytes: &[u8], at: usize) -> bool {
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    match bytes[at] {
        b'\'' => true,
        b'.' | b',' | b'-' | b'/' | b':' => digit(at.checked_sub(1)) && digit(Some(at + 1)),
        byte => is_word_byte(byte),
    }
}

/// Returns a word with each number, its inner signs included, as one sign.
fn masked(word: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let number =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'/' | b':');
    let mut inside = false;
    word.iter().filter_map(move |&byte| {
        let was = std::mem::replace(&mut inside, number(byte));
        match (was, inside) {
            (true, true) => None,
            (false, true) => Some(b'#'),
            (_, false) => Some(byte),
        }
    })
}

fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(START, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(FACTOR))
}

/// Hashes words in a row.
pub(super) fn shingle(words: &[Word], form: impl Fn(&Word) -> u64) -> u64 {
    hash(words.iter().flat_map(|word| form(word).to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let whole = Span::new(0, text.len());
        words(text, whole).iter().map(|word| word.span.of(text).to_owned()).collect()
    }

    #[test]
    fn words_keep_their_place() {
        let text = "Sit\u{2011}to\u{2011}stand 3 \u{00D7} 10, 2.5 lb; pt\u{2019}s knee 4/10 \u{2192} 2/10.";
        let want =
            ["Sit", "to", "stand", "3", "\u{00D7}", "10", "2.5", "lb", "pt\u{2019}s", "knee"];
        assert_eq!(told(text)[..10], want);
        assert_eq!(told(text)[10..], ["4/10", "2/10"]);
        assert!(told("").is_empty() && told(" - ").is_empty());
    }

    #[test]
    fn numbers_are_masked_whole() {
        let masks = |text: &str| {
            words(text, Span::new(0, text.len())).iter().map(|word| word.masked).collect::<Vec<_>>()
        };
        assert_eq!(masks("3x10 with 2.5 lb"), masks("2x8 WITH 10 lb"));
        assert_eq!(masks("5-10 reps"), masks("12 reps"));
        assert_ne!(masks("3x10 bridges"), masks("3x10 squats"));
        let kept = |text: &str| words(text, Span::new(0, text.len()))[0].kept;
        assert_ne!(kept("3x10"), kept("2x10"));
    }
}
