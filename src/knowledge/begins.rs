//! How the matches of patterns begin, so that a pattern is tried only where it may match.
//!
//! A regular expression that looks through all of a note costs more than all phrases together. Of
//! each pattern it is worked out beforehand which kinds of bytes its matches can begin with.

use std::collections::BTreeSet;

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};

use super::pattern::Pattern;

/// So many bytes of a match are looked at.
const LENGTH: usize = 4;

/// Kinds of bytes, in five bits: letters of either case come first.
const DIGIT: u8 = 26;
const BLANK: u8 = 27;
const UNDERSCORE: u8 = 28;
const BEYOND_ASCII: u8 = 29;
const SIGN: u8 = 30;
const END: u8 = 31;
const BITS: u32 = 5;

const KINDS: [u8; 256] = {
    let mut kinds = [SIGN; 256];
    let mut byte = 0_u8;
    loop {
        kinds[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' => (byte | 0x20) - b'a',
            b'0'..=b'9' => DIGIT,
            b' ' | 0x09..=0x0D => BLANK,
            b'_' => UNDERSCORE,
            0x80.. => BEYOND_ASCII,
            _ => SIGN,
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    kinds
};

/// A pattern that may begin in more ways is looked for everywhere.
const MOST: usize = 1 << 14;

/// The kinds of the first bytes of all matches.
type Firsts = BTreeSet<Vec<u8>>;

/// A set of ways to begin, that may hold others by mistake: a bit by the hash of a row of kinds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Begins {
    rows: Vec<u64>,
    /// A bit for each kind of first byte: asked first, as most words fall out by it.
    firsts: u32,
}

/// Bits in such a set.
const PLACES: usize = 1 << 15;

impl Begins {
    fn none() -> Self {
        Self { rows: vec![0; PLACES / 64], firsts: 0 }
    }

    /// Works out how the matches of a pattern begin; `None` when they may begin with a sign or
    /// with nothing, and so anywhere, or in too many ways.
    fn of(pattern: &Pattern) -> Option<Self> {
        let mut parser = ParserBuilder::new();
        let parser = parser.case_insensitive(true).unicode(pattern.is_unicode());
        let firsts = firsts(&parser.build().parse(pattern.as_str()).ok()?, LENGTH)?;
        let mut begins = Self::none();
        for mut first in firsts {
            match first.first() {
                None | Some(&(BLANK | SIGN)) => return None,
                Some(kind) => begins.firsts |= 1 << kind,
            }
            begins.add(&mut first);
        }
        Some(begins)
    }

    /// Adds a way to begin; behind a match that is shorter anything may stand.
    fn add(&mut self, first: &mut Vec<u8>) {
        if first.len() == LENGTH {
            let row = first.iter().fold(0, |row, kind| row << BITS | usize::from(*kind));
            let place = Self::place(row);
            self.rows[place / 64] |= 1 << (place % 64);
            return;
        }
        for kind in 0..=END {
            first.push(kind);
            self.add(first);
            first.pop();
        }
    }

    fn holds(&self, row: usize) -> bool {
        let place = Self::place(row);
        self.rows.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }

    fn may_begin_with(&self, byte: u8) -> bool {
        self.firsts >> KINDS[usize::from(byte)] & 1 == 1
    }

    fn place(row: usize) -> usize {
        (row.wrapping_mul(0x9E37_79B9) >> 17) % PLACES
    }
}

/// Returns the kinds of the first bytes, so many of them, of all that an expression matches; `None`
/// when there are too many ways.
fn firsts(hir: &Hir, length: usize) -> Option<Firsts> {
    let nothing = || Firsts::from([Vec::new()]);
    Some(match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => nothing(),
        HirKind::Literal(literal) => {
            let bytes = literal.0.iter().take(length);
            Firsts::from([bytes.map(|byte| KINDS[usize::from(*byte)]).collect()])
        }
        HirKind::Class(class) => of_class(class, length),
        HirKind::Capture(capture) => firsts(&capture.sub, length)?,
        HirKind::Alternation(ways) => {
            let ways = ways.iter().map(|way| firsts(way, length)).collect::<Option<Vec<_>>>()?;
            ways.into_iter().flatten().collect()
        }
        HirKind::Concat(parts) => {
            parts.iter().try_fold(nothing(), |begun, part| joined(begun, part, length))?
        }
        HirKind::Repetition(repetition) => {
            // More often than there are bytes to look at makes no difference.
            let often = |times: u32| (times as usize).min(length);
            let (mut all, mut begun) = (Firsts::new(), nothing());
            for times in 0..=repetition.max.map_or(length, often) {
                if times > 0 {
                    begun = joined(begun, &repetition.sub, length)?;
                }
                if times >= often(repetition.min) {
                    all.extend(begun.iter().cloned());
                }
            }
            all
        }
    })
}

/// Puts what follows behind each beginning that is not complete yet.
fn joined(begun: Firsts, next: &Hir, length: usize) -> Option<Firsts> {
    let (whole, short): (Firsts, Firsts) = begun.into_iter().partition(|one| one.len() == length);
    let Some(shortest) = short.iter().map(Vec::len).min() else { return Some(whole) };
    let next = firsts(next, length - shortest)?;
    if short.len() * next.len() > MOST {
        return None;
    }
    let longer = short.iter().flat_map(|one| {
        next.iter().map(|next| one.iter().chain(next).copied().take(length).collect())
    });
    Some(whole.into_iter().chain(longer).collect())
}

fn of_class(class: &Class, length: usize) -> Firsts {
    let kind = |byte: u8| vec![KINDS[usize::from(byte)]];
    match class {
        Class::Bytes(class) => {
            class.ranges().iter().flat_map(|range| range.start()..=range.end()).map(kind).collect()
        }
        Class::Unicode(class) => {
            let mut firsts = Firsts::new();
            for range in class.ranges() {
                let (from, to) = (u32::from(range.start()), u32::from(range.end()));
                firsts.extend((0..0x80).filter(|c| (from..=to).contains(&u32::from(*c))).map(kind));
                // Further characters take two bytes or more.
                for (least, most, bytes) in
                    [(0x80, 0x7FF, 2), (0x800, 0xFFFF, 3), (0x1_0000, u32::MAX, 4)]
                {
                    if from <= most && to >= least {
                        firsts.insert(vec![BEYOND_ASCII; length.min(bytes)]);
                    }
                }
            }
            firsts
        }
    }
}

/// The rules that have a pattern, with the beginnings of each.
#[derive(Debug, Serialize, Deserialize)]
pub struct PatternRules {
    rules: Vec<(usize, Option<Begins>)>,
    /// How any of them may begin.
    any: Begins,
}

impl PatternRules {
    /// Takes the positions of rules and their patterns.
    pub(crate) fn new<'p>(rules: impl Iterator<Item = (usize, &'p Pattern)>) -> Self {
        let rules: Vec<_> = rules.map(|(rule, pattern)| (rule, Begins::of(pattern))).collect();
        let mut any = Begins::none();
        for begins in rules.iter().filter_map(|(_, begins)| begins.as_ref()) {
            any.rows.iter_mut().zip(&begins.rows).for_each(|(all, one)| *all |= one);
            any.firsts |= begins.firsts;
        }
        Self { rules, any }
    }

    /// Finds all matches of each pattern, from left to right; `words` are the places where words and
    /// signs of the text begin, `found` gets rule, start and end.
    pub fn find<'p>(
        &self,
        pattern: impl Fn(usize) -> Option<&'p Pattern>,
        text: &'p str,
        words: impl Iterator<Item = usize>,
        mut found: impl FnMut(usize, usize, usize),
    ) {
        for (rule, _) in self.rules.iter().filter(|(_, begins)| begins.is_none()) {
            let matches = pattern(*rule).into_iter().flat_map(|pattern| pattern.find_iter(text));
            matches.for_each(|one| found(*rule, one.start(), one.end()));
        }
        // Matches of one pattern do not overlap.
        let mut ends = vec![0; self.rules.len()];
        let try_at = |at: usize| {
            let row = row(text.as_bytes(), at);
            if !self.any.holds(row) {
                return;
            }
            for ((rule, begins), last) in self.rules.iter().zip(&mut ends) {
                let may = at >= *last && begins.as_ref().is_some_and(|begins| begins.holds(row));
                let end = pattern(*rule).filter(|_| may).and_then(|one| one.end_at(text, at));
                if let Some(end) = end {
                    found(*rule, at, end);
                    *last = end;
                }
            }
        };
        let may_begin = |at: &usize| self.any.may_begin_with(text.as_bytes()[*at]);
        if text.is_ascii() {
            words.filter(may_begin).for_each(try_at);
        } else {
            bounds(text.as_bytes()).filter(may_begin).for_each(try_at);
        }
    }
}

/// Returns the kinds of the bytes from a place on.
fn row(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let join = |row: usize, kind: u8| row << BITS | usize::from(kind);
    if let Some(first) = rest.first_chunk::<LENGTH>() {
        return first.iter().fold(0, |row, byte| join(row, KINDS[usize::from(*byte)]));
    }
    let kinds = rest.iter().map(|byte| KINDS[usize::from(*byte)]);
    kinds.chain(std::iter::repeat(END)).take(LENGTH).fold(0, join)
}

/// Returns the places where `\b` lets a match begin that begins with no sign: where a word begins,
/// and where one ends before a character beyond ASCII.
fn bounds(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let in_word = |kind: u8| kind <= DIGIT || kind == UNDERSCORE;
    let mut inside = false;
    let bounds = bytes.iter().enumerate().filter(move |(_, byte)| {
        let kind = KINDS[usize::from(**byte)];
        let before = std::mem::replace(&mut inside, in_word(kind));
        before != inside && (inside || kind == BEYOND_ASCII)
    });
    bounds.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::tokens::pieces;

    const SOURCES: [&str; 7] = [
        r"RPE\s*\d{1,2}",
        r"(?:(?:R|left)\s+)*(?:hip|knee)s?\s*[:=]?\s*-?\d{1,3}(?:\s*(?:deg|\u{b0}))?",
        r"\d{1,3}\s*(?:/|of)\s*\d{1,3}\s*trials?",
        r"sit to stands?|(?:LSI|jebsen)[^.;\n]{2,9}|\d+ .tep",
        r"PT|x",
        r"-?\d",
        r"\w{4}",
    ];

    fn patterns() -> Vec<Pattern> {
        SOURCES.iter().map(|source| Pattern::new(source, 1 << 18).unwrap()).collect()
    }

    fn by_begins(patterns: &[Pattern], text: &str) -> Vec<(usize, usize, usize)> {
        let rules = PatternRules::new(patterns.iter().enumerate());
        let mut found = Vec::new();
        let words = pieces(text).into_iter().map(|piece| piece.start);
        let pattern = |rule: usize| patterns.get(rule);
        rules.find(pattern, text, words, |rule, from, to| found.push((rule, from, to)));
        found.sort_unstable();
        found
    }

    #[test]
    fn only_what_begins_with_a_sign_or_with_anything_is_looked_for_everywhere() {
        let rules = PatternRules::new(patterns().iter().enumerate());
        let gated: Vec<bool> = rules.rules.iter().map(|(_, begins)| begins.is_some()).collect();
        assert_eq!(gated, [true, true, true, true, true, false, false]);
        let row = |text: &str| row(text.as_bytes(), 0);
        let knee = rules.rules[1].1.as_ref().unwrap();
        assert!(knee.holds(row("Knee 120")) && knee.holds(row("r  hip 5")));
        assert!(!knee.holds(row("kneads")) && !knee.holds(row("walks")));
    }

    proptest::proptest! {
        #[test]
        fn the_same_is_found_as_by_looking_everywhere(
            words in "(RPE|R|left|knee|hips|PT|x|LSI|sit to stand|of|trials|\u{17f}it to|\u{212a}nee|[0-9]{1,3}|[ :=;\n./\u{e9}_-]){0,24}"
        ) {
            let patterns = patterns();
            let mut plain: Vec<_> = patterns
                .iter()
                .enumerate()
                .flat_map(|(rule, one)| {
                    one.find_iter(&words).map(move |one| (rule, one.start(), one.end()))
                })
                .collect();
            plain.sort_unstable();
            proptest::prop_assert_eq!(by_begins(&patterns, &words), plain);
        }
    }
}
