//! One pass over the shadow text for all phrases, overlaps kept; whole words only.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};

use super::text::offset;
use crate::knowledge::index::{Beside, Index, Neighbour};
use crate::knowledge::phrases::{may_end, may_start};
use crate::knowledge::tokens::Token;

/// A phrase found, or several at once, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub start: u32,
    pub end: u32,
    /// Its row in the table of uses.
    pub uses: u32,
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
    /// All phrases found, in order.
    pub hits: Vec<Hit>,
    pub misspelt: Vec<Misspelt>,
    tokens: Vec<Token>,
    begins: Vec<u32>,
    found: Vec<Found>,
    /// Behind those of the note lie others of notes before.
    anchors: Vec<Anchor>,
    near: Near,
}

/// A text found, at the tokens `from..to`.
#[derive(Debug, Clone, Copy)]
struct Found {
    text: u32,
    from: u32,
    to: u32,
}

/// A text that a phrase of several slots may stand around.
#[derive(Debug, Clone, Copy, Default)]
struct Anchor {
    phrase: u32,
    from: u32,
    to: u32,
}

/// What stands around anchors.
#[derive(Debug, Default)]
struct Near {
    /// Phrases of one text, found.
    whole: Vec<Hit>,
    /// Phrases of several slots, found.
    joined: Vec<Hit>,
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
    ///
    /// Each step does one thing for all of the note: so the look-ups of many words are under way at
    /// once, where the whole way of one word after the other would wait for each.
    pub(crate) fn run(&mut self, index: &Index, bytes: &[u8]) {
        let Self { hits, misspelt, tokens, begins, found, anchors, near } = self;
        misspelt.clear();
        tokens.clear();
        begins.clear();
        found.clear();
        // A word and its blank are five bytes or so; growing step by step would cost more.
        tokens.reserve(bytes.len() / 4);
        begins.reserve(bytes.len() / 8);
        index.cut(bytes, tokens, |at| begins.push(offset(at)));
        for from in begins.iter().copied() {
            index.texts_from(tokens, from as usize, |text, to| {
                found.push(Found { text, from, to: offset(to) });
            });
        }
        let ground = Ground { index, bytes, tokens };
        ground.whole(found, &mut near.whole, misspelt);
        let count = ground.anchors(found, anchors);
        ground.joined(&anchors[..count], near);
        merge(&near.whole, &near.joined, hits);
    }

    /// Returns where the words and signs begin of the text that was scanned last.
    pub(crate) fn words(&self) -> impl Iterator<Item = usize> {
        self.tokens.iter().map(|token| token.start as usize)
    }
}

/// Puts two rows of hits that are in order each into one.
fn merge(one: &[Hit], other: &[Hit], into: &mut Vec<Hit>) {
    into.clear();
    into.reserve(one.len() + other.len());
    let mut rest = one;
    for hit in other {
        let before = rest.iter().take_while(|one| *one < hit).count();
        into.extend_from_slice(&rest[..before]);
        into.push(*hit);
        rest = &rest[before..];
    }
    into.extend_from_slice(rest);
}

/// A note cut into words, with the index that knows them.
struct Ground<'g> {
    index: &'g Index,
    bytes: &'g [u8],
    tokens: &'g [Token],
}

impl Ground<'_> {
    /// Takes the texts that are phrases by themselves, and misspellings.
    fn whole(&self, found: &[Found], hits: &mut Vec<Hit>, misspelt: &mut Vec<Misspelt>) {
        hits.clear();
        for one in found {
            let Some(uses) = self.index.whole(one.text) else { continue };
            let start = self.tokens[one.from as usize].start;
            let end = self.tokens[one.to as usize - 1].end;
            if let Some(typo) = self.index.typo(uses) {
                misspelt.push(Misspelt { end, start, typo });
            }
            hits.push(Hit { start, end, uses });
        }
        misspelt.sort_unstable();
    }

    /// Takes the texts around which a phrase of several slots may stand; returns how many there are.
    ///
    /// Whether one may stand cannot be foreseen: each is written down, and counted or written over.
    fn anchors(&self, found: &[Found], anchors: &mut Vec<Anchor>) -> usize {
        let mut count = 0;
        for Found { text, from, to } in found.iter().copied() {
            let parts = self.index.parts(text);
            if parts.is_empty() {
                continue;
            }
            if anchors.len() < count + parts.len() {
                anchors.resize((count + parts.len()).next_power_of_two(), Anchor::default());
            }
            let before = from.checked_sub(1).map(|before| &self.tokens[before as usize]);
            let before = Neighbour::new(before);
            let behind = Neighbour::new(self.tokens.get(to as usize));
            for part in parts {
                anchors[count] = Anchor { phrase: part.phrase, from, to };
                count += usize::from(part.may_stand(before, behind));
            }
        }
        count
    }

    /// Finds the phrases that do stand around anchors.
    fn joined(&self, anchors: &[Anchor], near: &mut Near) {
        near.joined.clear();
        // What stands behind one place, or before it, is looked up once for all anchors there.
        let (mut looked_behind, mut looked_before) = (None, None);
        for Anchor { phrase, from, to } in anchors.iter().copied() {
            let (from, to) = (from as usize, to as usize);
            let slots = self.index.behind(phrase);
            if !slots.is_empty() && looked_behind != Some(to) {
                looked_behind = Some(to);
                near.behind.clear();
                self.texts_behind(to, &mut near.behind);
            }
            let Some(to) = self.farthest(to, slots, &mut near.behind, 0) else { continue };
            let slots = self.index.before(phrase);
            if !slots.is_empty() && looked_before != Some(from) {
                looked_before = Some(from);
                near.before.clear();
                self.texts_before(from, &mut near.before);
            }
            let Some(from) = self.earliest(from, slots, &mut near.before, 0) else { continue };
            let (start, end) = (self.tokens[from].start, self.tokens[to - 1].end);
            near.joined.push(Hit { start, end, uses: phrase });
        }
        near.joined.sort_unstable();
        near.joined.dedup();
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
            if index.is_looked_for(text) {
                texts.push((tokens[at].start, tokens[to - 1].end, text));
            }
        });
    }
    texts.sort_unstable();
    texts
}
