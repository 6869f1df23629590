//! One overlapping pass of the automaton over the shadow text; whole words only.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, BuildError, MatchKind};

use super::text::offset;
use crate::knowledge::Lexicon;
use crate::knowledge::phrases::{Phrase, may_end, may_start};

/// A phrase found, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    pub start: u32,
    pub end: u32,
    pub phrase: u32,
}

/// Which automaton to build: one note wants a quick start, a batch a quick scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Quick to build.
    OneNote,
    /// Quick to run, worth its building after some hundred notes.
    Batch,
}

/// The compiled anchors of all phrases.
#[derive(Debug)]
pub(crate) struct Scanner {
    automaton: AhoCorasick,
    /// What each text of the automaton may be the anchor of.
    anchors: Vec<Vec<Anchor>>,
}

/// What stands where a text of the automaton was found.
#[derive(Debug, Clone, Copy)]
enum Anchor {
    /// The phrase at this position, complete.
    Whole(u32),
    /// The anchor of the phrase at this position.
    Part(u32),
    /// The misspelling at this position.
    Typo(u32),
}

/// A misspelling found, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Misspelt {
    pub start: u32,
    pub end: u32,
    pub typo: u32,
}

impl Scanner {
    pub(crate) fn new(lexicon: &Lexicon, pace: Pace) -> Result<Self, BuildError> {
        let mut texts: BTreeMap<&str, Vec<Anchor>> = BTreeMap::new();
        for (index, phrase) in lexicon.phrases.iter().enumerate() {
            let index = offset(index);
            let anchor = match phrase.slots.len() {
                1 => Anchor::Whole(index),
                _ => Anchor::Part(index),
            };
            for text in phrase.slots[phrase.anchor].texts.iter() {
                texts.entry(text).or_default().push(anchor);
            }
        }
        for (index, (wrong, _)) in lexicon.typos.iter().enumerate() {
            texts.entry(wrong).or_default().push(Anchor::Typo(offset(index)));
        }
        // Only the standard kind can report overlapping matches; leftmost-longest with a bounds
        // filter loses true matches behind longer ones that fail the filter.
        let automaton = AhoCorasickBuilder::new()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .kind(Some(match pace {
                Pace::OneNote => AhoCorasickKind::ContiguousNFA,
                Pace::Batch => AhoCorasickKind::DFA,
            }))
            .build(texts.keys())?;
        Ok(Self { automaton, anchors: texts.into_values().collect() })
    }

    /// Returns how many texts the automaton looks for.
    pub(crate) fn texts(&self) -> usize {
        self.anchors.len()
    }

    /// Finds all whole-word phrases, overlaps kept, in order; and misspellings.
    pub(crate) fn scan(
        &self,
        phrases: &[Phrase],
        bytes: &[u8],
        hits: &mut Vec<Hit>,
        misspelt: &mut Vec<Misspelt>,
    ) {
        hits.clear();
        for found in self.automaton.find_overlapping_iter(bytes) {
            let (start, end) = (found.start(), found.end());
            if !may_start(bytes, start) || !may_end(bytes, end) {
                continue;
            }
            for anchor in &self.anchors[found.pattern().as_usize()] {
                let (range, phrase) = match *anchor {
                    Anchor::Whole(phrase) => (Some((start, end)), phrase),
                    Anchor::Part(phrase) => {
                        (phrases[phrase as usize].around(bytes, start, end), phrase)
                    }
                    Anchor::Typo(typo) => {
                        misspelt.push(Misspelt { start: offset(start), end: offset(end), typo });
                        continue;
                    }
                };
                if let Some((start, end)) = range {
                    hits.push(Hit { start: offset(start), end: offset(end), phrase });
                }
            }
        }
        hits.sort_unstable();
        hits.dedup();
    }
}
