//! One pass over the shadow text for all phrases, overlaps kept; whole words only.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};

use super::text::offset;
use crate::knowledge::index::{Beside, Index, Neighbour, Spot};
use crate::knowledge::phrases::{may_end, may_start};
use crate::knowledge::tokens::Token;

/// A phrase found, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub start: u32,
    pub end: u32,
    pub phrase: u32,
}

/// A misspelling found, in shadow offsets; in the order of their ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Misspelt {
    pub end: u32,
    pub start: u32,
    pub typo: u32,
}

/// What a scan finds, with the room it works in.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub hits: Vec<Hit>,
    pub misspelt: Vec<Misspelt>,
    tokens: Vec<Token>,
    begins: Vec<u32>,
    near: Near,
}

/// What stands around anchors.
#[derive(Debug, Default)]
struct Near {
    /// Phrases of several slots, found.
    hits: Vec<Hit>,
    /// Texts right before an anchor. Texts further off are put on top while a slot behind the first
    /// is tried, and taken off again.
    before: Vec<Standing>,
    /// Texts right behind it.
    behind: Vec<Standing>,
}

/// A text beside an anchor, with the position of its far end.
#[derive(Debug, Clone, Copy)]
struct Standing {
    text: u32,
    end: usize,
}

impl Scan {
    /// Finds all phrases, in order, and misspellings.
    pub(crate) fn run(&mut self, index: &Index, bytes: &[u8]) {
        let Self { hits, misspelt, tokens, begins, near } = self;
        hits.clear();
        misspelt.clear();
        tokens.clear();
        begins.clear();
        near.hits.clear();
        // A word and its blank are five bytes or so; growing step by step would cost more.
        tokens.reserve(bytes.len() / 4);
        begins.reserve(bytes.len() / 8);
        hits.reserve(bytes.len() / 8);
        index.cut(bytes, tokens, |at| begins.push(offset(at)));
        let ground = Ground { index, bytes, tokens };
        for at in begins.iter().map(|at| *at as usize) {
            index.texts_from(tokens, at, |text, to| {
                ground.text(text, at, to, near, hits, misspelt);
            });
        }
        near.hits.sort_unstable();
        near.hits.dedup();
        // Two rows that are in order each: this only merges them.
        hits.append(&mut near.hits);
        hits.sort();
        misspelt.sort_unstable();
    }

    /// Returns where the words and signs begin of the text that was scanned last.
    pub(crate) fn words(&self) -> impl Iterator<Item = usize> {
        self.tokens.iter().map(|token| token.start as usize)
    }
}

/// A note cut into words, with the index that knows them.
struct Ground<'g> {
    index: &'g Index,
    bytes: &'g [u8],
    tokens: &'g [Token],
}

impl Ground<'_> {
    /// Takes a text that stands at the tokens `from..to`.
    fn text(
        &self,
        text: u32,
        from: usize,
        to: usize,
        near: &mut Near,
        hits: &mut Vec<Hit>,
        misspelt: &mut Vec<Misspelt>,
    ) {
        let spots = self.index.spots(text);
        if spots.is_empty() {
            return;
        }
        let start = self.tokens[from].start;
        let end = self.tokens[to - 1].end;
        let before = Neighbour::new(from.checked_sub(1).map(|before| &self.tokens[before]));
        let behind = Neighbour::new(self.tokens.get(to));
        let mut looked = false;
        for spot in spots {
            match spot {
                Spot::Whole(phrase) => hits.push(Hit { start, end, phrase: *phrase }),
                Spot::Typo(typo) => misspelt.push(Misspelt { end, start, typo: *typo }),
                Spot::Part(part) if part.may_stand(before, behind) => {
                    if !looked {
                        looked = true;
                        self.look_around(from, to, near);
                    }
                    let behind = self.index.behind(part.phrase);
                    let Some(to) = self.farthest(to, behind, &mut near.behind, 0) else { continue };
                    let before = self.index.before(part.phrase);
                    let Some(from) = self.earliest(from, before, &mut near.before, 0) else {
                        continue;
                    };
                    let (start, end) = (self.tokens[from].start, self.tokens[to - 1].end);
                    near.hits.push(Hit { start, end, phrase: part.phrase });
                }
                Spot::Part(_) => {}
            }
        }
    }

    fn look_around(&self, from: usize, to: usize, near: &mut Near) {
        near.before.clear();
        near.behind.clear();
        self.texts_behind(to, &mut near.behind);
        self.texts_before(from, &mut near.before);
    }

    /// Returns the end of the longest row of slots from a position on; the texts that begin there
    /// are those of `near` from `first` on.
    fn farthest(
        &self,
        at: usize,
        slots: &[Beside],
        near: &mut Vec<Standing>,
        first: usize,
    ) -> Option<usize> {
        let Some((slot, rest)) = slots.split_first() else { return Some(at) };
        let mut best = None;
        let top = near.len();
        for one in first..top {
            let Standing { text, end } = near[one];
            if !self.index.holds(*slot, text) {
                continue;
            }
            best = best.max(if rest.is_empty() {
                Some(end)
            } else {
                self.texts_behind(end, near);
                let found = self.farthest(end, rest, near, top);
                near.truncate(top);
                found
            });
        }
        if slot.optional {
            best = best.max(self.farthest(at, rest, near, first));
        }
        best
    }

    /// Returns the beginning of the longest row of slots before a position, the nearest slot first;
    /// the texts that end there are those of `near` from `first` on.
    fn earliest(
        &self,
        at: usize,
        slots: &[Beside],
        near: &mut Vec<Standing>,
        first: usize,
    ) -> Option<usize> {
        let Some((slot, rest)) = slots.split_first() else { return Some(at) };
        let mut best: Option<usize> = None;
        let mut keep = |found: Option<usize>| {
            best = match (best, found) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        };
        let top = near.len();
        for one in first..top {
            let Standing { text, end } = near[one];
            if !self.index.holds(*slot, text) {
                continue;
            }
            keep(if rest.is_empty() {
                Some(end)
            } else {
                self.texts_before(end, near);
                let found = self.earliest(end, rest, near, top);
                near.truncate(top);
                found
            });
        }
        if slot.optional {
            keep(self.earliest(at, rest, near, first));
        }
        best
    }

    /// Finds the texts of a slot behind the token before `at`. Beside a sign no blank is needed,
    /// everywhere else one stands between words.
    fn texts_behind(&self, at: usize, into: &mut Vec<Standing>) {
        let (Some(next), Some(before)) = (self.tokens.get(at), at.checked_sub(1)) else { return };
        let before = self.tokens[before];
        let joined = match next.start - before.end {
            0 => {
                let comma = next.number == u32::from(b',')
                    && self.bytes.get(next.end as usize) != Some(&b' ');
                is_sign(*next) || is_sign(before) || comma
            }
            blanks => blanks == 1,
        };
        if joined {
            self.index.texts_from(self.tokens, at, |text, end| into.push(Standing { text, end }));
        }
    }

    /// Finds the texts of a slot before the token at `at`.
    fn texts_before(&self, at: usize, into: &mut Vec<Standing>) {
        let Some(before) = at.checked_sub(1).map(|before| self.tokens[before]) else { return };
        let next = self.tokens[at];
        let joined = match next.start - before.end {
            0 => is_sign(before) || is_sign(next),
            blanks => blanks == 1,
        };
        if joined {
            self.index.texts_to(self.tokens, at, |text, end| into.push(Standing { text, end }));
        }
    }
}

fn is_sign(token: Token) -> bool {
    u8::try_from(token.number).is_ok_and(crate::knowledge::fold::is_sign)
}

/// The same texts in an automaton: slower to build and to run, and a second opinion.
#[derive(Debug)]
pub(crate) struct Automaton {
    automaton: AhoCorasick,
    /// The text in the index that each pattern spells.
    texts: Vec<u32>,
}

impl Automaton {
    pub(crate) fn new(index: &Index) -> Result<Self, BuildError> {
        let spelled = index.spelled();
        // Only the standard kind can report overlapping matches; leftmost-longest with a bounds
        // filter loses true matches behind longer ones that fail the filter.
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(spelled.iter().map(|(_, text)| text))?;
        Ok(Self { automaton, texts: spelled.into_iter().map(|(at, _)| at).collect() })
    }

    /// Finds all texts as whole words: start, end and text, in order.
    pub(crate) fn texts(&self, bytes: &[u8]) -> Vec<(u32, u32, u32)> {
        let found = self.automaton.find_overlapping_iter(bytes);
        let whole = found.filter(|one| may_start(bytes, one.start()) && may_end(bytes, one.end()));
        let mut texts: Vec<_> = whole
            .map(|one| {
                let text = self.texts[one.pattern().as_usize()];
                (offset(one.start()), offset(one.end()), text)
            })
            .collect();
        texts.sort_unstable();
        texts
    }
}

/// Finds all texts by the index: start, end and text, in order.
pub(crate) fn texts(index: &Index, bytes: &[u8]) -> Vec<(u32, u32, u32)> {
    let (mut tokens, mut begins, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    index.cut(bytes, &mut tokens, |at| begins.push(at));
    for at in begins {
        index.texts_from(&tokens, at, |text, to| {
            if !index.spots(text).is_empty() {
                texts.push((tokens[at].start, tokens[to - 1].end, text));
            }
        });
    }
    texts.sort_unstable();
    texts
}
