//! The hits of one note sorted by what they are used for, and what stands near what.

use super::readers::{Reading, read};
use super::scan::{Hit, Scan};
use super::text::{Level, Shadow};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Reader, Role, Scope, SetId, Side, Window, Within};

/// Bytes that the widest window looks to either side.
const REACH: u32 = 2048;

/// A member of a set, found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SetMark {
    pub start: u32,
    pub end: u32,
    pub set: SetId,
}

/// A cue or label found: its position in the table of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub start: u32,
    pub end: u32,
    pub index: usize,
}

/// All hits of one note.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    pub hits: Vec<Hit>,
    pub sets: Vec<SetMark>,
    pub cues: Vec<Mark>,
    pub labels: Vec<Mark>,
    pub readings: Vec<Reading>,
}

impl Marks {
    /// Scans the note once and sorts what was found; words that end clauses become breaks.
    pub(crate) fn find(lexicon: &Lexicon, shadow: &mut Shadow) -> Self {
        let mut marks = Self::default();
        let mut scan = Scan::default();
        scan.run(&lexicon.index, &shadow.bytes);
        if !scan.misspelt.is_empty() {
            let words = scan
                .misspelt
                .iter()
                .map(|one| (one.start, one.end, lexicon.typos[one.typo as usize].1.as_str()));
            shadow.correct(words);
            scan.run(&lexicon.index, &shadow.bytes);
        }
        marks.hits = scan.hits;
        read(&shadow.bytes, &mut marks.readings);
        let mut ends = Vec::new();
        for hit in &marks.hits {
            let Hit { start, end, .. } = *hit;
            for role in &lexicon.roles[hit.phrase as usize] {
                match *role {
                    Role::Set(set) => marks.sets.push(SetMark { start, end, set }),
                    Role::Cue(index) => marks.cues.push(Mark { start, end, index }),
                    Role::Label(index) => marks.labels.push(Mark { start, end, index }),
                    Role::Terminator => ends.push(start),
                    Role::Rule(_) | Role::Guarded(..) | Role::Abbreviation(_) => {}
                }
            }
        }
        shadow.add_clause_breaks(ends.into_iter());
        if let Some(assist) = lexicon.set_names.get("assist-level") {
            let levels = marks.sets.iter().filter(|mark| mark.set == *assist);
            let readings: Vec<Reading> = levels
                .flat_map(|mark| {
                    [Reader::Assist, Reader::Measure].map(|reader| Reading {
                        start: mark.start,
                        end: mark.end,
                        reader,
                    })
                })
                .collect();
            if !readings.is_empty() {
                marks.readings.extend(readings);
                marks.readings.sort_unstable();
            }
        }
        marks
    }

    /// Returns the members of a set inside a range.
    pub(crate) fn members(&self, set: SetId, from: u32, to: u32) -> impl Iterator<Item = &SetMark> {
        let first = self.sets.partition_point(|mark| mark.start < from);
        self.sets[first..]
            .iter()
            .take_while(move |mark| mark.start < to)
            .filter(move |mark| mark.set == set && mark.end <= to)
    }

    /// Returns the readings of a reader inside a range.
    pub(crate) fn readings(
        &self,
        reader: Reader,
        from: u32,
        to: u32,
    ) -> impl Iterator<Item = &Reading> {
        let first = self.readings.partition_point(|one| one.start < from);
        self.readings[first..]
            .iter()
            .take_while(move |one| one.start < to)
            .filter(move |one| one.reader == reader && one.end <= to)
    }

    /// Tells whether something of the window stands near `start..end`, outside of it.
    pub(crate) fn near(&self, shadow: &Shadow, window: &Window, start: u32, end: u32) -> bool {
        let (from, to) = bounds(shadow, window.within, start, end);
        let words = match window.within {
            Within::Words(words) => words,
            Within::Scope(_) => u32::MAX,
        };
        let fits = |from: u32, to: u32| match (to <= start, from >= end) {
            (true, _) => window.side != Side::After && shadow.words_between(to, start) <= words,
            (_, true) => window.side != Side::Before && shadow.words_between(end, from) <= words,
            _ => false,
        };
        window
            .sets
            .iter()
            .any(|set| self.members(*set, from, to).any(|mark| fits(mark.start, mark.end)))
            || window
                .readers
                .iter()
                .any(|reader| self.readings(*reader, from, to).any(|one| fits(one.start, one.end)))
    }

    /// Tells whether a member of the set lies over `start..end`.
    pub(crate) fn over(&self, shadow: &Shadow, set: SetId, start: u32, end: u32) -> bool {
        let (from, to) = shadow.around(start, Level::Item);
        self.members(set, from, to).any(|mark| mark.start < end && start < mark.end)
    }
}

fn bounds(shadow: &Shadow, within: Within, start: u32, end: u32) -> (u32, u32) {
    let level = match within {
        Within::Scope(Scope::Clause) => Level::Clause,
        Within::Words(_) | Within::Scope(Scope::Sentence) => Level::Sentence,
        Within::Scope(Scope::Line | Scope::Segment) => Level::Item,
    };
    let (from, to) = shadow.around(start, level);
    // A window never looks further than a segment may be long, so that no input costs more than
    // linear time.
    (from.max(start.saturating_sub(REACH)), to.min(end + REACH).max(end))
}
