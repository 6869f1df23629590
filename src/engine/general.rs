//! Sentences that name nothing: every word is one that any note may hold.

use super::marks::Marks;
use super::section::Section;
use super::text::{Level, Marker, Shadow};
use crate::knowledge::lexicon::{Lexicon, Reader};
use crate::model::{SectionKind, Status};

/// A note, asked for its sentences of general words.
pub(crate) struct General<'g> {
    pub lexicon: &'g Lexicon,
    pub shadow: &'g Shadow,
    pub marks: &'g Marks,
    pub sections: &'g [Section],
}

impl General<'_> {
    /// Tells whether the sentence around an offset names nothing, and what follows it neither.
    ///
    /// `specific` tells whether a range names a performed activity.
    pub(crate) fn only(
        &self,
        at: u32,
        never: &[SectionKind],
        specific: impl Fn(u32, u32) -> bool,
    ) -> bool {
        let (from, to) = self.shadow.around(at, Level::Sentence);
        self.governed(at, to, never)
            && !self.fragment(from)
            && self.words_only(from, to)
            && !self.told_later(to, self.shadow.around(at, Level::Item).1, specific)
    }

    /// Tells whether the offset stands where wording is judged: in a heading only when its sentence,
    /// up to `to`, is all that it governs.
    fn governed(&self, at: u32, to: u32, never: &[SectionKind]) -> bool {
        let next = self.sections.partition_point(|section| section.shadow.0 <= at);
        let body = next.checked_sub(1).map(|index| &self.sections[index]);
        if let Some(section) = body.filter(|section| at < section.shadow.1) {
            return !never.contains(&section.kind);
        }
        let heading = if next < self.sections.len() { next } else { next.saturating_sub(1) };
        self.sections.get(heading).is_some_and(|section| {
            let (from, end) = (section.shadow.0.max(to), section.shadow.1);
            let empty = from >= end || self.shadow.words(from, end).trim().is_empty();
            // A heading inside the section goes on with what this one begins.
            let goes_on = self
                .sections
                .get(heading + 1)
                .is_some_and(|below| below.kind == section.kind && below.claim == section.claim);
            empty
                && !goes_on
                && section.status == Some(Status::Performed)
                && !never.contains(&section.kind)
        })
    }

    /// Tells whether what begins here goes on with the words before it, as behind "sim.".
    fn fragment(&self, from: u32) -> bool {
        let items = &self.shadow.items;
        let inside = items.binary_search_by_key(&from, |item| item.start).is_err();
        let bytes = self.shadow.bytes().get(from as usize..).unwrap_or_default();
        let first = bytes.iter().find(|byte| **byte != b' ');
        inside && from > 0 && first.is_some_and(u8::is_ascii_lowercase)
    }

    /// Tells whether all words of a range are general, with no number but minutes, units and counts.
    fn words_only(&self, from: u32, to: u32) -> bool {
        let text = self.shadow.words(from, to);
        let words = general_words(self.lexicon, text).is_some_and(|words| words > 1);
        words && !text.trim_end().ends_with(':') && !self.measured(from, to)
    }

    fn measured(&self, from: u32, to: u32) -> bool {
        let specific = [Reader::Load, Reader::Distance, Reader::Seconds, Reader::Assist];
        let any = specific.iter().any(|one| self.marks.readings(*one, from, to).next().is_some());
        let counted = |start: u32, end: u32| {
            [Reader::Minutes, Reader::Reps]
                .iter()
                .any(|one| self.marks.readings(*one, start, end).next().is_some())
        };
        let mut measures = self.marks.readings(Reader::Measure, from, to);
        any || measures.any(|one| !counted(one.start, one.end))
    }

    /// Tells whether the next sentence of the line, or the list under it, says what was done.
    fn told_later(&self, at: u32, end: u32, specific: impl Fn(u32, u32) -> bool) -> bool {
        if at < end {
            let (from, to) = self.shadow.around(at, Level::Sentence);
            return self.measured(from, to) || specific(from, to);
        }
        let items = &self.shadow.items;
        let next = items.partition_point(|item| item.end < end);
        let item = items.get(next).filter(|item| item.start < end);
        item.zip(items.get(next + 1)).is_some_and(|(item, below)| {
            item.marker == Marker::None && below.marker == Marker::Bullet
                || below.indent > item.indent
        })
    }
}

/// Tells whether a range holds no word that could name an activity.
pub(crate) fn names_nothing(lexicon: &Lexicon, shadow: &Shadow, from: u32, to: u32) -> bool {
    general_words(lexicon, shadow.words(from, to)).is_some()
}

/// Counts the words of a text; `None` when one of them is not general.
fn general_words(lexicon: &Lexicon, text: &str) -> Option<usize> {
    let mut words = 0;
    for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'') {
        let word = word.trim_matches('\'');
        let Some(first) = word.bytes().next() else { continue };
        let counts = || {
            let number = word.trim_matches(['x', 'X']);
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        };
        if matches!(first, b'0'..=b'9' | b'x' | b'X') && counts() {
            continue;
        }
        if !lexicon.general.holds(word) {
            return None;
        }
        words += 1;
    }
    Some(words)
}
