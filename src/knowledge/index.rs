//! The index of phrases: their texts as rows of words, walked from either end without a search.
//!
//! Every place where a phrase may begin or end lies between two words or signs, so texts are
//! compared word by word: a note is cut once, and a word that no phrase knows costs one look-up.

mod trie;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::fold::is_word_byte;
use super::phrases::{Phrase, Slot};
use super::rows::Rows;
use super::tokens::{Token, Vocabulary, pieces};
use trie::{Builder, Trie};

/// The anchor of a phrase, with sieves that let through whatever may stand right beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Part {
    /// Position of the phrase.
    pub phrase: u32,
    /// Words and signs that may come right before.
    before: Sieve,
    /// Words and signs that may come right behind.
    behind: Sieve,
}

impl Part {
    /// Tells whether the phrase may go on both ways; most end here, so both are asked at once.
    #[inline]
    pub fn may_stand(&self, before: Neighbour, behind: Neighbour) -> bool {
        self.behind.lets(behind) & self.before.lets(before)
    }
}

/// A word or sign beside an anchor, or none, as sieves ask for it.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour(u32);

impl Neighbour {
    /// Makes ready for being asked.
    #[inline]
    pub fn new(token: Option<&Token>) -> Self {
        Self(token.map_or(Sieve::NOTHING, |token| Sieve::bit(token.number)))
    }
}

/// A set of words and signs that may hold others by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Sieve(u32);

impl Sieve {
    /// The bit of the end of the text; no word has it.
    const NOTHING: u32 = 1 << 31;

    /// Lets everything through, the end of the text as well.
    const OPEN: Self = Self(u32::MAX);

    #[inline]
    fn lets(self, one: Neighbour) -> bool {
        self.0 & one.0 != 0
    }

    #[inline]
    const fn bit(number: u32) -> u32 {
        let place = number.wrapping_mul(0x9E37_79B9) >> 27;
        1 << if place == 31 { 30 } else { place }
    }
}

/// A slot beside an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Position of the list of its texts.
    pub list: u32,
    /// Whether nothing may stand there as well.
    pub optional: bool,
}

/// All texts of phrases and misspellings.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Index {
    vocabulary: Vocabulary,
    forward: Trie,
    backward: Trie,
    /// All texts, and one behind them where the parts of the last one end.
    texts: Vec<Text>,
    /// Of each text in turn: the phrases of several slots that it is the anchor of.
    parts: Vec<Part>,
    /// The misspellings that the last rows of uses stand for.
    typos: Vec<u32>,
    /// Where these rows begin.
    first_typo: u32,
    /// By phrase: the slots before its anchor, the nearest first; none for phrases of one slot.
    before: Rows<Beside>,
    /// By phrase: the slots behind its anchor.
    behind: Rows<Beside>,
    /// Lists of texts, sorted.
    lists: Rows<u32>,
    /// By number of a word or sign: whether a text that is looked for begins with it.
    begins: Vec<bool>,
}

impl Index {
    /// Builds the index of phrases, with their anchors chosen, and of misspellings.
    ///
    /// Also returns the phrases whose uses are those of each further row of uses, behind the rows of
    /// the phrases themselves.
    pub fn new(phrases: &[Phrase], typos: &[(String, String)]) -> (Self, Vec<Vec<usize>>) {
        let slots = phrases.iter().flat_map(|phrase| &phrase.slots);
        let mut texts: BTreeMap<&str, Meanings> = BTreeMap::new();
        for text in slots.flat_map(|slot| slot.texts.iter()) {
            texts.entry(text).or_default();
        }
        for (at, (wrong, _)) in typos.iter().enumerate() {
            texts.entry(wrong).or_default().typo.get_or_insert(position(at));
        }
        let words: BTreeSet<&str> = texts
            .keys()
            .flat_map(|text| pieces(text).into_iter().map(|piece| &text[piece]))
            .filter(|word| word.bytes().next().is_some_and(is_word_byte))
            .collect();
        let mut index = Self { vocabulary: Vocabulary::new(words.into_iter()), ..Self::default() };
        for (at, phrase) in phrases.iter().enumerate() {
            let part = index.part(phrase, position(at));
            for text in phrase.slots[phrase.anchor].texts.iter() {
                let text = texts.entry(text).or_default();
                match part {
                    Some(part) => text.parts.extend([part]),
                    None => text.wholes.extend([at]),
                }
            }
        }
        let further = index.enter_uses(phrases.len(), &texts);
        index.begins = vec![false; index.vocabulary.len()];
        let (mut forward, mut backward) = (Builder::default(), Builder::default());
        for (at, text) in texts.keys().enumerate() {
            let mut row = index.row(text);
            if let (Some(first), true) = (row.first(), index.is_looked_for(position(at))) {
                index.begins[first.0 as usize] = true;
            }
            forward.enter(&row, position(at));
            row.reverse();
            // Turned round, each step carries the blank that lay before the step left behind.
            let blanks: Vec<bool> = row.iter().map(|step| step.1).collect();
            for (step, blank) in row.iter_mut().skip(1).zip(blanks) {
                step.1 = blank;
            }
            backward.enter(&row, position(at));
        }
        index.forward = forward.finish(index.vocabulary.len());
        index.backward = backward.finish(index.vocabulary.len());
        index.enter_slots(phrases, &texts.keys().copied().collect::<Vec<_>>());
        (index, further)
    }

    /// Enters what each text may be; a text of several phrases gets one row with the uses of all,
    /// and misspellings get the last rows.
    fn enter_uses(&mut self, phrases: usize, texts: &BTreeMap<&str, Meanings>) -> Vec<Vec<usize>> {
        let mut further: Vec<Vec<usize>> = Vec::new();
        let mut enter = |text: &Meanings| {
            further.push(text.wholes.iter().copied().collect());
            position(phrases + further.len())
        };
        for text in texts.values() {
            let whole = match (text.typo, text.wholes.first()) {
                (None, Some(one)) if text.wholes.len() == 1 => position(one + 1),
                (None, Some(_)) => enter(text),
                _ => 0,
            };
            self.texts.push(Text { whole, parts: position(self.parts.len()) });
            self.parts.extend(&text.parts);
        }
        self.texts.push(Text { whole: 0, parts: position(self.parts.len()) });
        for (at, text) in texts.values().enumerate() {
            if let Some(typo) = text.typo {
                self.texts[at].whole = enter(text);
                self.typos.push(typo);
            }
        }
        self.first_typo = position(phrases + further.len() - self.typos.len());
        further
    }

    /// Returns the anchor of a phrase of several slots.
    fn part(&self, phrase: &Phrase, at: u32) -> Option<Part> {
        if phrase.slots.len() == 1 {
            return None;
        }
        let before = phrase.slots[..phrase.anchor].iter().rev();
        let behind = phrase.slots[phrase.anchor + 1..].iter();
        Some(Part {
            phrase: at,
            before: self.sieve(before, |row| row.last().copied()),
            behind: self.sieve(behind, |row| row.first().copied()),
        })
    }

    /// Makes the sieve of slots in the order of their nearness; `near` takes the nearest word.
    fn sieve<'s>(
        &self,
        slots: impl Iterator<Item = &'s Slot>,
        near: fn(&[Step]) -> Option<Step>,
    ) -> Sieve {
        let mut bits = 0;
        for slot in slots {
            let texts = slot.texts.iter().filter_map(|text| near(&self.row(text)));
            bits = texts.fold(bits, |bits, (number, _)| bits | Sieve::bit(number));
            if !slot.optional {
                return Sieve(bits);
            }
        }
        Sieve::OPEN
    }

    fn enter_slots(&mut self, phrases: &[Phrase], texts: &[&str]) {
        let mut known: BTreeMap<&[String], u32> = BTreeMap::new();
        for phrase in phrases {
            let mut beside = Vec::new();
            for slot in &phrase.slots {
                let next = position(known.len());
                let list = *known.entry(&slot.texts).or_insert_with(|| {
                    let found = slot
                        .texts
                        .iter()
                        .filter_map(|text| texts.binary_search(&text.as_str()).ok().map(position));
                    self.lists.push(found);
                    next
                });
                beside.push(Beside { list, optional: slot.optional });
            }
            self.before.push(beside[..phrase.anchor].iter().rev().copied());
            self.behind.push(beside[phrase.anchor + 1..].iter().copied());
        }
    }

    /// Returns the words of a text.
    fn row(&self, text: &str) -> Vec<Step> {
        let mut row = Vec::new();
        let mut end = 0;
        self.vocabulary.cut(text.as_bytes(), |token| {
            row.push((token.number, token.start > end));
            end = token.end;
        });
        row
    }

    /// Returns how many texts are looked for in every note.
    pub fn looked_for(&self) -> usize {
        let texts = 0..position(self.texts.len().saturating_sub(1));
        texts.filter(|text| self.is_looked_for(*text)).count()
    }

    /// Spells the texts that are looked for, each with its position, in their order.
    pub fn spelled(&self) -> Vec<(u32, String)> {
        let mut spelled = Vec::new();
        let firsts = self.forward.first.iter().enumerate().filter(|(_, node)| **node > 0);
        let mut open: Vec<(usize, String)> = firsts
            .map(|(number, node)| (*node as usize - 1, self.vocabulary.spell(position(number))))
            .collect();
        while let Some((node, words)) = open.pop() {
            if let Some(text) = self.forward.text(node).filter(|at| self.is_looked_for(*at)) {
                spelled.push((text, words.clone()));
            }
            for (label, next) in self.forward.branches(node) {
                let blank = if label & 1 == 1 { " " } else { "" };
                let word = self.vocabulary.spell(label >> 1);
                open.push((*next as usize, format!("{words}{blank}{word}")));
            }
        }
        spelled.sort_unstable();
        spelled
    }

    /// Cuts folded text into words; `begin` gets the position of each at which a text may begin.
    #[inline]
    pub fn cut(&self, bytes: &[u8], tokens: &mut Vec<Token>, mut begin: impl FnMut(usize)) {
        self.vocabulary.cut(bytes, |token| {
            if self.begins.get(token.number as usize) == Some(&true) {
                begin(tokens.len());
            }
            tokens.push(token);
        });
    }

    /// Finds the texts that begin with a token; `found` gets each text and the position behind it.
    #[inline]
    pub fn texts_from(&self, tokens: &[Token], at: usize, mut found: impl FnMut(u32, usize)) {
        let mut at = at;
        let mut node = self.forward.first(tokens[at].number);
        while let Some(here) = node {
            if let Some(text) = self.forward.text(here) {
                found(text, at + 1);
            }
            let (Some(one), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else { return };
            node = match next.start - one.end {
                blanks @ 0..=1 => self.forward.next(here, next.number, blanks == 1),
                _ => None,
            };
            at += 1;
        }
    }

    /// Finds the texts that end with the token before `to`; `found` gets each text and the
    /// position of its first token.
    #[inline]
    pub fn texts_to(&self, tokens: &[Token], to: usize, mut found: impl FnMut(u32, usize)) {
        let Some(mut at) = to.checked_sub(1) else { return };
        let mut node = self.backward.first(tokens[at].number);
        while let Some(here) = node {
            if let Some(text) = self.backward.text(here) {
                found(text, at);
            }
            let Some(before) = at.checked_sub(1) else { return };
            node = match tokens[at].start - tokens[before].end {
                blanks @ 0..=1 => self.backward.next(here, tokens[before].number, blanks == 1),
                _ => None,
            };
            at = before;
        }
    }

    /// Tells whether a text is looked for, not only asked for beside another.
    #[inline]
    pub fn is_looked_for(&self, text: u32) -> bool {
        self.whole(text).is_some() || !self.parts(text).is_empty()
    }

    /// Returns the row of what a text by itself is used for.
    #[inline]
    pub fn whole(&self, text: u32) -> Option<u32> {
        self.texts[text as usize].whole.checked_sub(1)
    }

    /// Returns the misspelling that a row of uses stands for.
    #[inline]
    pub fn typo(&self, uses: u32) -> Option<u32> {
        let at = uses.checked_sub(self.first_typo)?;
        self.typos.get(at as usize).copied()
    }

    /// Returns the phrases of several slots that a text is the anchor of.
    #[inline]
    pub fn parts(&self, text: u32) -> &[Part] {
        let text = text as usize;
        &self.parts[self.texts[text].parts as usize..self.texts[text + 1].parts as usize]
    }

    /// Returns how many phrases there are.
    pub fn phrases(&self) -> usize {
        self.before.len()
    }

    /// Returns the slots before the anchor of a phrase, the nearest first.
    #[inline]
    pub fn before(&self, phrase: u32) -> &[Beside] {
        &self.before[phrase as usize]
    }

    /// Returns the slots behind the anchor of a phrase.
    #[inline]
    pub fn behind(&self, phrase: u32) -> &[Beside] {
        &self.behind[phrase as usize]
    }

    /// Tells whether a text may stand in a slot.
    #[inline]
    pub fn holds(&self, slot: Beside, text: u32) -> bool {
        self.lists[slot.list as usize].binary_search(&text).is_ok()
    }
}

/// What a text may be; both lie side by side, as both are asked for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Text {
    /// The row of its uses as a whole, and one more; 0 when it is never one.
    whole: u32,
    /// Where its parts begin.
    parts: u32,
}

/// What a text may be, while the index is built.
#[derive(Debug, Default)]
struct Meanings {
    /// The phrases that it is complete.
    wholes: BTreeSet<usize>,
    parts: BTreeSet<Part>,
    typo: Option<u32>,
}

/// A word of a text: its number, and whether a blank stands before it.
type Step = (u32, bool);

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
