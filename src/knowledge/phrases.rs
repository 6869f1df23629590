//! The mini-syntax of phrases: a phrase becomes a row of slots, each with its alternatives.
//!
//! `{a|b}` is one of its texts, `[a|b]` one of them or nothing, `{name}` one entry of a set.
//! Choices and options may be glued to a stem (`squat[s|ting]`). There is no nesting and there are
//! no wildcards: what must stand together belongs in `requires`.
//!
//! A phrase is never written out in full: authors combine words freely, and the products run into
//! the hundred thousands. The automaton looks for the texts of one slot, the anchor; the slots
//! around it are compared with the note where the anchor stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use thiserror::Error;

use super::fold::{fold_phrase, is_sign, is_word_byte};

/// Sets of words by name, each folded and sorted.
pub type Sets = BTreeMap<String, Arc<[String]>>;

/// A phrase: slots in a row, one of them its anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// As its author wrote it.
    pub written: String,
    /// Slots from left to right.
    pub slots: Vec<Slot>,
    /// Position of the slot that the automaton looks for.
    pub anchor: usize,
}

/// A place in a phrase with the texts that may stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Folded texts, sorted, none of them empty.
    pub texts: Arc<[String]>,
    /// Whether nothing may stand there as well.
    pub optional: bool,
    longest: usize,
}

/// What can be wrong with a phrase.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PhraseError {
    /// A bracket opens or closes alone.
    #[error("`{0}` has a bracket that does not close, or closes without opening")]
    Unbalanced(String),
    /// A bracket inside another.
    #[error("`{0}` nests brackets; write the forms out instead")]
    Nested(String),
    /// A set that no file defines.
    #[error("`{phrase}` names the set `{set}`, which no file defines")]
    UnknownSet {
        /// The phrase.
        phrase: String,
        /// The set.
        set: String,
    },
    /// A set inside a set.
    #[error("`{0}` is an entry of a set and may not name another set")]
    SetInSet(String),
    /// Too many texts for one slot.
    #[error("`{phrase}` expands to more than {limit} forms; split it")]
    TooMany {
        /// The phrase.
        phrase: String,
        /// The limit of the manifest.
        limit: usize,
    },
    /// Nothing is left.
    #[error("`{0}` is empty, or all of it is optional")]
    Empty(String),
}

impl Phrase {
    /// Reads a phrase.
    pub fn parse(written: &str, sets: &Sets, limit: usize) -> Result<Self, PhraseError> {
        let slots = slots(written, Some(sets), limit)?;
        if slots.iter().all(|slot| slot.optional) {
            return Err(PhraseError::Empty(written.into()));
        }
        Ok(Self { written: written.to_owned(), slots, anchor: 0 })
    }

    /// Makes a phrase of one slot.
    pub fn of_texts(written: &str, texts: Arc<[String]>) -> Self {
        Self { written: written.to_owned(), slots: vec![Slot::of(texts, false)], anchor: 0 }
    }

    /// Writes out all plain forms, up to a limit.
    pub fn forms(&self, limit: usize) -> Result<Vec<String>, PhraseError> {
        let mut forms = vec![String::new()];
        for slot in &self.slots {
            let mut longer = Vec::new();
            for form in &forms {
                if slot.optional {
                    longer.push(form.clone());
                }
                for text in slot.texts.iter() {
                    let blank = if form.is_empty() { "" } else { " " };
                    longer.push(format!("{form}{blank}{text}"));
                }
            }
            if longer.len() > limit {
                return Err(PhraseError::TooMany { phrase: self.written.clone(), limit });
            }
            forms = longer;
        }
        let distinct: BTreeSet<String> = forms.iter().map(|form| fold_phrase(form)).collect();
        Ok(distinct.into_iter().filter(|form| !form.is_empty()).collect())
    }

    /// Given that the anchor stands at `start..end` of folded text, returns the range of the
    /// longest match of the whole phrase around it.
    pub fn around(&self, bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
        let to = forward(bytes, end, &self.slots[self.anchor + 1..])?;
        let from = backward(bytes, start, &self.slots[..self.anchor])?;
        Some((from, to))
    }

    /// Tells whether the phrase matches the whole of a folded text.
    pub fn is(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let anchor = &self.slots[self.anchor];
        anchor.texts.iter().any(|one| {
            text.match_indices(one.as_str())
                .any(|(at, _)| self.around(bytes, at, at + one.len()) == Some((0, bytes.len())))
        })
    }
}

impl Slot {
    fn of(texts: Arc<[String]>, optional: bool) -> Self {
        let longest = texts.iter().map(String::len).max().unwrap_or(0);
        Self { texts, optional, longest }
    }

    fn holds(&self, words: &[u8]) -> bool {
        self.texts.binary_search_by(|text| compare(text.as_bytes(), words)).is_ok()
    }
}

/// Compares a lower-case text with words of any case.
fn compare(text: &[u8], words: &[u8]) -> std::cmp::Ordering {
    text.iter().copied().cmp(words.iter().map(u8::to_ascii_lowercase))
}

/// Tells whether words may begin here: not inside a word.
pub fn may_start(bytes: &[u8], at: usize) -> bool {
    at == 0 || at < bytes.len() && (!is_word_byte(bytes[at]) || !is_word_byte(bytes[at - 1]))
}

/// Tells whether words may end here: not inside a word.
pub fn may_end(bytes: &[u8], at: usize) -> bool {
    at == bytes.len() || at > 0 && (!is_word_byte(bytes[at - 1]) || !is_word_byte(bytes[at]))
}

fn forward(bytes: &[u8], at: usize, slots: &[Slot]) -> Option<usize> {
    let Some((slot, rest)) = slots.split_first() else { return Some(at) };
    let mut best = None;
    if let Some(start) = after_blank(bytes, at) {
        let limit = (start + slot.longest).min(bytes.len());
        for end in (start + 1..=limit).rev() {
            if may_end(bytes, end) && slot.holds(&bytes[start..end]) {
                best = best.max(forward(bytes, end, rest));
            }
        }
    }
    if slot.optional {
        best = best.max(forward(bytes, at, rest));
    }
    best
}

fn backward(bytes: &[u8], at: usize, slots: &[Slot]) -> Option<usize> {
    let Some((slot, rest)) = slots.split_last() else { return Some(at) };
    let mut best: Option<usize> = None;
    let mut keep = |found: Option<usize>| {
        best = match (best, found) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    };
    if let Some(end) = before_blank(bytes, at) {
        for start in end.saturating_sub(slot.longest)..end {
            if may_start(bytes, start) && slot.holds(&bytes[start..end]) {
                keep(backward(bytes, start, rest));
            }
        }
    }
    if slot.optional {
        keep(backward(bytes, at, rest));
    }
    best
}

/// Beside a sign no blank is needed; everywhere else exactly one stands between words.
fn after_blank(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at) {
        Some(b' ') => Some(at + 1),
        Some(byte) if is_sign(*byte) || at > 0 && is_sign(bytes[at - 1]) => Some(at),
        Some(b',') if bytes.get(at + 1) != Some(&b' ') => Some(at),
        _ => None,
    }
}

fn before_blank(bytes: &[u8], at: usize) -> Option<usize> {
    match at.checked_sub(1).map(|before| bytes[before]) {
        Some(b' ') => Some(at - 1),
        Some(byte) if is_sign(byte) || bytes.get(at).is_some_and(|next| is_sign(*next)) => Some(at),
        _ => None,
    }
}

/// Reads the texts of a set.
pub fn entries(written: &str, limit: usize) -> Result<Vec<String>, PhraseError> {
    let slots = slots(written, None, limit)?;
    Phrase { written: written.to_owned(), slots, anchor: 0 }.forms(limit)
}

fn slots(written: &str, sets: Option<&Sets>, limit: usize) -> Result<Vec<Slot>, PhraseError> {
    let too_many = || PhraseError::TooMany { phrase: written.into(), limit };
    let mut row = Row::default();
    for part in parts(written)? {
        match part {
            Part::Text(text) => {
                for (index, word) in split_words(text).into_iter().enumerate() {
                    if index > 0 {
                        row.close();
                    }
                    row.glue(&[word]);
                }
            }
            Part::Choice(texts) => row.glue(&texts),
            Part::Option(texts) => {
                let texts: Vec<&str> = std::iter::once("").chain(texts).collect();
                row.glue(&texts);
            }
            Part::Set(name) => {
                let sets = sets.ok_or_else(|| PhraseError::SetInSet(written.into()))?;
                let set = sets.get(name).ok_or_else(|| PhraseError::UnknownSet {
                    phrase: written.into(),
                    set: name.into(),
                })?;
                row.set(set);
            }
        }
        if row.open.len() > limit {
            return Err(too_many());
        }
    }
    row.close();
    if row.slots.is_empty() { Err(PhraseError::Empty(written.into())) } else { Ok(row.slots) }
}

/// Slots under construction.
#[derive(Default)]
struct Row {
    slots: Vec<Slot>,
    /// Texts of the slot that is being glued together.
    open: Vec<String>,
    /// The set that is the whole of it so far.
    shared: Option<Arc<[String]>>,
}

impl Row {
    fn glue(&mut self, texts: &[&str]) {
        if texts.iter().all(|text| text.is_empty()) {
            return;
        }
        self.unshare();
        if self.open.is_empty() {
            self.open = texts.iter().map(|text| (*text).to_owned()).collect();
        } else {
            let stems = std::mem::take(&mut self.open);
            self.open = stems
                .iter()
                .flat_map(|stem| texts.iter().map(move |text| format!("{stem}{text}")))
                .collect();
        }
    }

    fn set(&mut self, set: &Arc<[String]>) {
        if self.open.is_empty() && self.shared.is_none() {
            self.shared = Some(Arc::clone(set));
        } else {
            let texts: Vec<&str> = set.iter().map(String::as_str).collect();
            self.glue(&texts);
        }
    }

    fn unshare(&mut self) {
        if let Some(set) = self.shared.take() {
            self.open = set.to_vec();
        }
    }

    fn close(&mut self) {
        if let Some(set) = self.shared.take() {
            self.slots.push(Slot::of(set, false));
            return;
        }
        let texts: BTreeSet<String> = self.open.drain(..).map(|text| fold_phrase(&text)).collect();
        let optional = texts.contains("");
        let texts: Arc<[String]> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        if !texts.is_empty() {
            self.slots.push(Slot::of(texts, optional));
        }
    }
}

/// Splits plain text at blanks and at hyphens between words, as folding would.
fn split_words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let before = at.checked_sub(1).map_or(b'a', |before| bytes[before]);
        let after = bytes.get(at + 1).copied().unwrap_or(b'a');
        let number_range = before.is_ascii_digit() && after.is_ascii_digit();
        let arrow = is_sign(before) || is_sign(after);
        let hyphen = *byte == b'-' && !number_range && !arrow;
        if *byte == b' ' || hyphen {
            words.push(&text[from..at]);
            from = at + 1;
        }
    }
    words.push(&text[from..]);
    words
}

enum Part<'p> {
    Text(&'p str),
    Choice(Vec<&'p str>),
    Option(Vec<&'p str>),
    Set(&'p str),
}

fn parts(phrase: &str) -> Result<Vec<Part<'_>>, PhraseError> {
    let unbalanced = || PhraseError::Unbalanced(phrase.into());
    let mut parts = Vec::new();
    let mut rest = phrase;
    while let Some(open) = rest.find(['{', '[', '}', ']']) {
        let closing = match rest.as_bytes()[open] {
            b'{' => '}',
            b'[' => ']',
            _ => return Err(unbalanced()),
        };
        if open > 0 {
            parts.push(Part::Text(&rest[..open]));
        }
        let inner = &rest[open + 1..];
        let end = inner.find(closing).ok_or_else(unbalanced)?;
        let body = &inner[..end];
        if body.contains(['{', '[', '}', ']']) {
            return Err(PhraseError::Nested(phrase.into()));
        }
        parts.push(match (closing, body.contains('|')) {
            ('}', false) => Part::Set(body),
            ('}', true) => Part::Choice(body.split('|').collect()),
            _ => Part::Option(body.split('|').collect()),
        });
        rest = &inner[end + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets() -> Sets {
        Sets::from([("to".to_owned(), Arc::from(["<>".to_owned(), "to".to_owned()]))])
    }

    fn forms(phrase: &str) -> Vec<String> {
        Phrase::parse(phrase, &sets(), 16).unwrap().forms(64).unwrap()
    }

    #[test]
    fn choices_options_and_sets_become_slots() {
        assert_eq!(forms("sit {to} stand"), ["sit to stand", "sit<>stand"]);
        assert_eq!(forms("tolerat{ed|es}"), ["tolerated", "tolerates"]);
        assert_eq!(forms("[mini] squat[s]"), ["mini squat", "mini squats", "squat", "squats"]);
        assert_eq!(forms("sit-to-stand"), ["sit to stand"]);
    }

    #[test]
    fn the_longest_match_stands_around_the_anchor() {
        let mut phrase = Phrase::parse("[mini] squat[s] {with|at} wall", &sets(), 16).unwrap();
        phrase.anchor = 1;
        let text = b"two Mini squats at wall x10";
        assert_eq!(phrase.around(text, 9, 15), Some((4, 23)));
        assert_eq!(phrase.around(b"squats on wall", 0, 6), None);
        let mut phrase = Phrase::parse("sit {to} stand", &sets(), 16).unwrap();
        phrase.anchor = 2;
        assert_eq!(phrase.around(b"Sit<>Stand", 5, 10), Some((0, 10)));
        assert!(phrase.is("sit to stand"));
        assert!(!phrase.is("sit to stand up"));
    }

    #[test]
    fn faults_are_named() {
        let sets = Sets::new();
        let parse = |phrase| Phrase::parse(phrase, &sets, 7);
        assert!(matches!(parse("a {b"), Err(PhraseError::Unbalanced(_))));
        assert!(matches!(parse("a {b|[c]}"), Err(PhraseError::Nested(_))));
        assert!(matches!(parse("{nope}"), Err(PhraseError::UnknownSet { .. })));
        assert!(matches!(parse("{a|b}{a|b}{a|b}"), Err(PhraseError::TooMany { .. })));
        assert!(matches!(parse("[a] [b]"), Err(PhraseError::Empty(_))));
    }
}
