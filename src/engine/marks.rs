//! The hits of one note sorted by what they are used for, and what stands near what.

use std::ops::Range;

use super::readers::{Reading, read};
use super::scan::{Hit, Scan};
use super::text::{Level, Shadow};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Reader, Role, Scope, SetId, Side, Window, Within};

/// Bytes that the widest window looks to either side.
const REACH: u32 = 2048;

/// A member of a set, found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SetMark {
    pub start: u32,
    pub end: u32,
}

/// A cue or label found: its position in the table of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub start: u32,
    pub end: u32,
    pub index: usize,
}

/// A phrase found that a rule, guard or abbreviation asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub start: u32,
    pub end: u32,
    pub role: Role,
}

/// All hits of one note; its room serves the next one.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// What may become a match, in order.
    pub candidates: Vec<Candidate>,
    /// Members of sets, set by set, each in order.
    sets: Vec<SetMark>,
    /// By set: where its members begin in `sets`, and one place more for the end of the last.
    begins: Vec<u32>,
    pub cues: Vec<Mark>,
    pub labels: Vec<Mark>,
    pub readings: Vec<Reading>,
    /// Bytes of the longest member of a set.
    longest: u32,
    /// Members of sets in the order of the text.
    members: Vec<(SetId, SetMark)>,
    /// Where words stand that end clauses.
    ends: Vec<u32>,
}

impl Marks {
    /// Scans the note once and sorts what was found; words that end clauses become breaks. What
    /// was found in another note is forgotten.
    pub(crate) fn find(&mut self, lexicon: &Lexicon, shadow: &mut Shadow, scan: &mut Scan) {
        scan.run(&lexicon.index, shadow.bytes());
        if !scan.misspelt.is_empty() {
            let words = scan
                .misspelt
                .iter()
                .map(|one| (one.start, one.end, lexicon.typos[one.typo as usize].1.as_str()));
            shadow.correct(words);
            scan.run(&lexicon.index, shadow.bytes());
        }
        read(shadow.bytes(), scan.words(), &mut self.readings);
        self.sort(lexicon, &scan.hits);
        shadow.add_clause_breaks(self.ends.iter().copied());
        if let Some(assist) = lexicon.set_names.get("assist-level") {
            let numbers = self.readings.len();
            for at in self.range_of(*assist) {
                let SetMark { start, end } = self.sets[at];
                let reading = |reader| Reading { start, end, reader };
                self.readings.extend([Reader::Assist, Reader::Measure].map(reading));
            }
            if self.readings.len() > numbers {
                self.readings.sort();
            }
        }
    }

    /// Sorts hits by what they are used for.
    fn sort(&mut self, lexicon: &Lexicon, hits: &[Hit]) {
        self.candidates.clear();
        self.cues.clear();
        self.labels.clear();
        self.ends.clear();
        for hit in hits {
            let Hit { start, end, uses } = *hit;
            for role in &lexicon.roles[uses as usize] {
                match *role {
                    Role::Cue(index) => self.cues.push(Mark { start, end, index }),
                    Role::Label(index) => self.labels.push(Mark { start, end, index }),
                    Role::Terminator => self.ends.push(start),
                    Role::Rule(_) | Role::Guarded(..) | Role::Abbreviation(_) => {
                        self.candidates.push(Candidate { start, end, role: *role });
                    }
                    Role::Set(_) => {}
                }
            }
        }
        self.sort_sets(lexicon, hits);
    }

    /// Puts the members of each set together: counted first, so that each gets its place at once.
    fn sort_sets(&mut self, lexicon: &Lexicon, hits: &[Hit]) {
        self.longest = 0;
        self.members.clear();
        for hit in hits {
            let sets = &lexicon.sets[hit.uses as usize];
            if !sets.is_empty() {
                self.longest = self.longest.max(hit.end - hit.start);
            }
            let mark = SetMark { start: hit.start, end: hit.end };
            self.members.extend(sets.iter().map(|set| (*set, mark)));
        }
        self.begins.clear();
        self.begins.resize(lexicon.set_count as usize + 2, 0);
        // Two places behind that of the set, which will be where its members begin.
        for (set, _) in &self.members {
            self.begins[set.0 as usize + 2] += 1;
        }
        let mut sum = 0;
        for begin in &mut self.begins {
            sum += *begin;
            *begin = sum;
        }
        self.sets.clear();
        self.sets.resize(self.members.len(), SetMark::default());
        // The place behind that of a set moves on with each member, until it is where the next begins.
        for (set, mark) in &self.members {
            let place = &mut self.begins[set.0 as usize + 1];
            self.sets[*place as usize] = *mark;
            *place += 1;
        }
    }

    /// Returns the members of a set, in order.
    pub(crate) fn of_set(&self, set: SetId) -> &[SetMark] {
        &self.sets[self.range_of(set)]
    }

    /// Returns where the members of a set stand.
    fn range_of(&self, set: SetId) -> Range<usize> {
        let set = set.0 as usize;
        match self.begins.get(set..set + 2) {
            Some(&[from, to]) => from as usize..to as usize,
            _ => 0..0,
        }
    }

    /// Returns the members of a set inside a range.
    pub(crate) fn members(&self, set: SetId, from: u32, to: u32) -> impl Iterator<Item = &SetMark> {
        let members = self.of_set(set);
        let first = members.partition_point(|mark| mark.start < from);
        members[first..]
            .iter()
            .take_while(move |mark| mark.start < to)
            .filter(move |mark| mark.end <= to)
    }

    /// Returns the members of a set that begin right at an offset and end by a limit.
    pub(crate) fn members_at(
        &self,
        set: SetId,
        start: u32,
        limit: u32,
    ) -> impl Iterator<Item = &SetMark> {
        let members = self.of_set(set);
        let first = members.partition_point(|mark| mark.start < start);
        members[first..]
            .iter()
            .take_while(move |mark| mark.start == start)
            .filter(move |mark| start < limit && mark.end <= limit)
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
        // Most windows ask for words that the note does not hold anywhere.
        if window.readers.is_empty() && window.sets.iter().all(|set| self.of_set(*set).is_empty()) {
            return false;
        }
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
        // No mark that begins further away reaches the match.
        let first = start.saturating_sub(self.longest);
        let members = self.of_set(set);
        let first = members.partition_point(|mark| mark.start < first);
        let mut near = members[first..].iter().take_while(|mark| mark.start < end);
        let mut item = None;
        near.any(|mark| {
            start < mark.end && {
                let (from, to) = *item.get_or_insert_with(|| shadow.around(start, Level::Item));
                from <= mark.start && mark.end <= to
            }
        })
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
