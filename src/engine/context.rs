//! Status of an activity: was it done, by whom, when; with the cue that says so.
//!
//! Local cues beat the section, the section beats the default. Among local cues the order of
//! [`Status`] decides. A negation that belongs to its own object is absorbed first.

use std::cell::OnceCell;

use super::marks::{Mark, Marks, SetMark};
use super::matching::{Match, excluded};
use super::section::Section;
use super::text::{Level, Shadow};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Absorber, CueRule, Reader, Side, Stands, Stop, Strength};
use crate::model::{CueSource, SectionKind, Status};

/// In a longer sentence only cues that may reach a match are asked, so that it costs linear time.
const LONG_SENTENCE: u32 = 2048;

/// The status of one match, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Judged {
    pub status: Status,
    pub cue: Option<Seen>,
    /// A strong cue of doing under a heading that says otherwise.
    pub conflict: bool,
}

/// A cue that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    pub start: u32,
    pub end: u32,
    pub source: CueSource,
}

/// A cue in force: its reach is cut, its negation not absorbed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cue {
    start: u32,
    end: u32,
    status: Status,
    strength: Strength,
    side: Side,
    words: u32,
    stop: Stops,
    /// A number, not words.
    counted: bool,
}

/// Where a match stands: what every cue is held against.
struct Place<'c> {
    sentence: (u32, u32),
    /// Looked up for the first cue that comes so far.
    clause: OnceCell<(u32, u32)>,
    section: Option<&'c Section>,
}

/// All cues of a note, ready to be asked.
pub(crate) struct Context<'c> {
    shadow: &'c Shadow,
    sections: &'c [Section],
    cues: &'c [Cue],
    /// Bytes of the longest cue, and the most words that any of them reaches.
    longest: u32,
    words: u32,
    subjects: &'c [SetMark],
    /// All minutes, by their place.
    minutes: Vec<(u32, u32)>,
}

impl<'c> Context<'c> {
    /// Collects the cues of a note; `cues` is room for them.
    pub(crate) fn new(
        lexicon: &'c Lexicon,
        shadow: &'c Shadow,
        marks: &'c Marks,
        sections: &'c [Section],
        cues: &'c mut Vec<Cue>,
    ) -> Self {
        let mut absorbed = Vec::new();
        cues.clear();
        for absorber in &lexicon.absorbers {
            absorb(absorber, shadow, marks, &mut absorbed, cues);
        }
        // Sorted, and each end at least that of all before it: one look-up tells.
        absorbed.sort_unstable();
        let mut furthest = 0;
        for (_, to) in &mut absorbed {
            furthest = furthest.max(*to);
            *to = furthest;
        }
        let eaten = |start: u32, end: u32| {
            let next = absorbed.partition_point(|(from, _)| *from <= start);
            next > 0 && end <= absorbed[next - 1].1
        };
        let mut reach = 0;
        for (at, mark) in marks.cues.iter().enumerate() {
            // Most cues lie in no other: none before goes so far, none behind begins here as well.
            let next = marks.cues.get(at + 1);
            let lone = reach < mark.end && next.is_none_or(|next| next.start > mark.start);
            reach = reach.max(mark.end);
            if !lone && is_swallowed(lexicon, marks, mark) {
                continue;
            }
            let rule = &lexicon.cues[mark.index];
            let (start, end) = (mark.start, mark.end);
            if eaten(start, end)
                || rule.stands == Stands::Opening && !opens(shadow, sections, start)
                || rule.requires.iter().any(|window| !marks.near(shadow, window, start, end))
                || excluded(shadow, marks, &rule.unless, start, end)
            {
                continue;
            }
            cues.push(Cue::of(rule, start, end));
        }
        quoted(shadow, cues);
        for rule in lexicon.cues.iter().filter(|rule| !rule.readers.is_empty()) {
            for one in marks.readings.iter().filter(|one| rule.readers.contains(&one.reader)) {
                if !excluded(shadow, marks, &rule.unless, one.start, one.end) {
                    cues.push(Cue { counted: true, ..Cue::of(rule, one.start, one.end) });
                }
            }
        }
        cues.sort_by_key(|cue| (cue.start, cue.end, cue.status));
        let subjects = lexicon.set_names.get("subject").map_or(&[][..], |set| marks.of_set(*set));
        let longest = cues.iter().map(|cue| cue.end - cue.start).max().unwrap_or(0);
        let words = cues.iter().map(|cue| cue.words).max().unwrap_or(0);
        let minutes = marks.readings.iter().filter(|one| one.reader == Reader::Minutes);
        let minutes = minutes.map(|one| (one.start, one.end)).collect();
        Self { shadow, sections, cues, longest, words, subjects, minutes }
    }

    /// Judges one match.
    pub(crate) fn judge(&self, one: &Match) -> Judged {
        if one.test_name {
            let cue = Some(Seen { start: one.start, end: one.end, source: CueSource::Local });
            return Judged { status: Status::TestName, cue, conflict: false };
        }
        let section = self.section_at(one.start);
        let given = section.and_then(|section| section.status);
        let sentence = self.shadow.around(one.start, Level::Sentence);
        let (mut from, mut to) = sentence;
        if to - from > LONG_SENTENCE {
            let (low, high) = self.shadow.within_words(one.start, one.end, self.words);
            from = from.max(low.saturating_sub(self.longest));
            to = to.min(high);
        }
        let first = self.cues.partition_point(|cue| cue.start < from);
        let place = Place { sentence, clause: OnceCell::new(), section };
        let mut best = None;
        for cue in self.cues[first..].iter().take_while(|cue| cue.start < to) {
            if given.is_some() && cue.strength != Strength::Strong {
                continue;
            }
            // Whether it reaches the match is the dearer question.
            let rank = (cue.status, cue.strength as u8, distance(cue, one));
            let better = best.is_none_or(|(_, least)| rank < least);
            if better && self.reaches(cue, one, &place) {
                best = Some((cue, rank));
            }
        }
        match (best, given, section) {
            (Some((cue, _)), _, _) => {
                let seen = Seen { start: cue.start, end: cue.end, source: CueSource::Local };
                let against = section.is_some_and(|section| {
                    matches!(
                        section.kind,
                        SectionKind::Plan | SectionKind::Goals | SectionKind::HomeProgram
                    )
                });
                // What was done is told there, not done: "PLOF: did own laundry".
                let told = section.filter(|section| {
                    matches!(section.kind, SectionKind::History | SectionKind::Subjective)
                });
                if let (Status::Performed, Some(told), Some(status)) = (cue.status, told, given) {
                    let (start, end) = (told.heading.start, told.heading.end);
                    let cue = Some(Seen { start, end, source: CueSource::Section });
                    return Judged { status, cue, conflict: false };
                }
                if cue.status == Status::Performed && against {
                    let status = given.unwrap_or_default();
                    return Judged { status, cue: Some(seen), conflict: true };
                }
                Judged { status: cue.status, cue: Some(seen), conflict: false }
            }
            (None, Some(status), Some(section)) => {
                let (start, end) = (section.heading.start, section.heading.end);
                let cue = Some(Seen { start, end, source: CueSource::Section });
                Judged { status, cue, conflict: false }
            }
            _ => match self.timed(one) {
                Some((start, end)) => {
                    let cue = Some(Seen { start, end, source: CueSource::Local });
                    Judged { status: Status::Performed, cue, conflict: false }
                }
                None => Judged { status: Status::Unstated, cue: None, conflict: false },
            },
        }
    }

    /// Returns the minutes at the end of the line or bullet of a match, or the clock times at its
    /// beginning: what has its time was done.
    fn timed(&self, one: &Match) -> Option<(u32, u32)> {
        let (from, to) = self.shadow.around(one.start, Level::Item);
        let at = self.shadow.items.partition_point(|item| item.start <= one.start);
        if let Some(item) = at.checked_sub(1).map(|at| &self.shadow.items[at])
            && item.clock
        {
            // "1:50-1:58 hot pack": the words up to the first blank are its time.
            let words = self.shadow.bytes()[from as usize..to as usize].iter();
            let clock = words.take_while(|byte| **byte != b' ').count();
            return Some((from, from + super::text::offset(clock)));
        }
        let next = self.minutes.partition_point(|(_, end)| *end <= to);
        let (start, end) = self.minutes[..next].last().copied().filter(|(at, _)| *at >= from)?;
        let tail = self.shadow.bytes().get(end as usize..to as usize)?;
        let closes = tail.iter().all(|byte| !byte.is_ascii_alphanumeric());
        let lead = self.shadow.bytes()[from as usize..start as usize].trim_ascii_end().last();
        let apart =
            lead.is_some_and(|byte| matches!(byte, b'.' | b'-' | b',' | b';' | b'(' | b'|'));
        (closes && apart && to - from < LONG_SENTENCE).then_some((start, end))
    }

    /// Returns the section that an offset lies in.
    pub(crate) fn section_at(&self, at: u32) -> Option<&'c Section> {
        let index = self.sections.partition_point(|section| section.shadow.0 <= at);
        index.checked_sub(1).map(|index| &self.sections[index]).filter(|one| one.holds(at))
    }

    fn reaches(&self, cue: &Cue, one: &Match, place: &Place<'c>) -> bool {
        // A cue inside the match, or around it, says what the match itself says.
        let apart = cue.end <= one.start || one.end <= cue.start;
        if !apart {
            return cue.start < one.start
                || cue.start == one.start && one.end < cue.end
                || cue.status == Status::Performed;
        }
        let after = cue.end <= one.start;
        match cue.side {
            Side::After if !after => return false,
            Side::Before if after => return false,
            _ => {}
        }
        let (from, to) = if after { (cue.end, one.start) } else { (one.end, cue.start) };
        if self.shadow.words_between(from, to) > cue.words {
            return false;
        }
        let clause = || *place.clause.get_or_init(|| self.shadow.around(one.start, Level::Clause));
        let (low, high) = if cue.stop.clause { clause() } else { place.sentence };
        if cue.start < low || cue.start >= high {
            return false;
        }
        // Another section may begin between them, as in "... ok. HEP: ...".
        if !place.section.is_some_and(|section| section.holds(cue.start))
            && self.section_at(cue.start).map(|section| section.shadow)
                != place.section.map(|section| section.shadow)
        {
            return false;
        }
        if cue.stop.cue && self.cue_between(cue, from, to) {
            return false;
        }
        if cue.stop.subject && self.subject_between(from, to) {
            return false;
        }
        !self.speaks_for_itself(cue, one, after, clause())
    }

    /// Tells whether a comma, or an "and" right before the cue, parts a mention from it whose own
    /// part says that it was done: "did 3 sets of squats today, will add lunges next visit".
    fn speaks_for_itself(
        &self,
        cue: &Cue,
        one: &Match,
        after: bool,
        (low, high): (u32, u32),
    ) -> bool {
        let part = match (cue.status, after) {
            (Status::NotDone | Status::Planned, true) => self
                .last_comma(cue.end, one.start)
                .map(|at| (at, self.first_comma(one.end, high).unwrap_or(high))),
            (
                Status::NotDone
                | Status::Goal
                | Status::Planned
                | Status::HomeProgram
                | Status::History
                | Status::Reported,
                false,
            ) => self
                .last_comma(one.end, cue.start)
                .or_else(|| self.joined(cue.start).filter(|at| *at >= one.end))
                .map(|at| (low, at)),
            _ => None,
        };
        let counts = match cue.status {
            // A planned or a home activity has its dose too.
            Status::HomeProgram => false,
            Status::Planned => !after,
            _ => true,
        };
        part.is_some_and(|(from, to)| {
            let first = self.cues.partition_point(|other| other.start < from);
            self.cues[first..].iter().take_while(|other| other.start < to).any(|other| {
                other.status == Status::Performed
                    && other.end <= to
                    && (counts || !other.counted)
                    && (!after || other.strength == Strength::Strong || other.counted)
                    && (cue.strength == Strength::Strong || other.strength == Strength::Strong)
            })
        })
    }

    fn first_comma(&self, from: u32, to: u32) -> Option<u32> {
        let bytes = self.shadow.bytes().get(from as usize..to as usize)?;
        bytes.windows(2).position(|two| two == b", ").map(|at| from + super::text::offset(at))
    }

    fn last_comma(&self, from: u32, to: u32) -> Option<u32> {
        let bytes = self.shadow.bytes().get(from as usize..to as usize)?;
        bytes.windows(2).rposition(|two| two == b", ").map(|at| from + super::text::offset(at))
    }

    /// Returns where the word begins that joins a cue to what stands before it.
    fn joined(&self, cue: u32) -> Option<u32> {
        const JOINTS: [&[u8]; 5] = [b" and ", b" & ", b" with ", b" and we ", b" and pt "];
        let before = self.shadow.bytes().get(..cue as usize)?;
        let joint = JOINTS.iter().find(|joint| before.ends_with(joint))?;
        Some(cue - super::text::offset(joint.len()))
    }

    fn cue_between(&self, cue: &Cue, from: u32, to: u32) -> bool {
        let first = self.cues.partition_point(|other| other.start < from);
        self.cues[first..].iter().take_while(|other| other.start < to).any(|other| {
            other.end <= to && other.status != cue.status && other.strength == Strength::Strong
        })
    }

    fn subject_between(&self, from: u32, to: u32) -> bool {
        let first = self.subjects.partition_point(|mark| mark.start < from);
        let mut near = self.subjects[first..].iter().take_while(|mark| mark.start < to);
        near.any(|mark| mark.end <= to)
    }
}

/// What ends the reach of a cue.
#[derive(Debug, Clone, Copy)]
struct Stops {
    clause: bool,
    cue: bool,
    subject: bool,
}

impl Stops {
    fn of(stop: &[Stop]) -> Self {
        let has = |one: Stop| stop.contains(&one);
        Self { clause: has(Stop::Clause), cue: has(Stop::Cue), subject: has(Stop::Subject) }
    }
}

impl Cue {
    fn of(rule: &CueRule, start: u32, end: u32) -> Self {
        Self {
            start,
            end,
            status: rule.status,
            strength: rule.strength,
            side: rule.side,
            words: rule.words,
            stop: Stops::of(&rule.stop),
            counted: false,
        }
    }
}

/// Finds words in quotation marks: they are somebody's own. A mark behind a digit means inches.
fn quoted(shadow: &Shadow, cues: &mut Vec<Cue>) {
    let bytes = shadow.bytes();
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'"', &bytes[at..]) {
        let open = at + step;
        at = open + 1;
        let free = open.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_alphanumeric());
        if !free || !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let line = memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
        let Some(length) = memchr::memchr(b'"', &bytes[at..at + line]) else { continue };
        let end = at + length;
        // One or two words are a name or a cue that was given.
        if bytes[at..end].split(|byte| *byte == b' ').nth(3).is_some() {
            cues.push(Cue {
                start: super::text::offset(open),
                end: super::text::offset(end + 1),
                status: Status::Reported,
                strength: Strength::Strong,
                side: Side::Before,
                words: 6,
                stop: Stops { clause: true, cue: true, subject: false },
                counted: false,
            });
        }
        at = end + 1;
    }
}

/// Tells whether a cue lies in a longer one that speaks in its place, unless both say the same.
fn is_swallowed(lexicon: &Lexicon, marks: &Marks, one: &Mark) -> bool {
    let first = marks.cues.partition_point(|other| other.start + 80 < one.start);
    marks.cues[first..].iter().take_while(|other| other.start <= one.start).any(|other| {
        one.end <= other.end
            && (other.end - other.start) > (one.end - one.start)
            && swallows(&lexicon.cues[other.index], &lexicon.cues[one.index])
    })
}

/// Tells whether a longer cue silences a shorter one inside it.
fn swallows(long: &CueRule, short: &CueRule) -> bool {
    let sure = long.stands == Stands::Anywhere && long.requires.is_empty();
    sure && (long.status != short.status || long.id == short.id)
}

/// Tells whether a line, sentence, clause or part between commas begins at an offset.
fn opens(shadow: &Shadow, sections: &[Section], at: u32) -> bool {
    let blanks = |byte: &&u8| matches!(**byte, b' ' | b'"' | b'(' | b'\'' | b'*');
    let skipped = shadow.bytes()[..at as usize].iter().rev().take_while(blanks).count();
    let start = at - super::text::offset(skipped);
    let signs = [b',', b':', b'-', b'/', b'>', b'|'];
    let sign = start.checked_sub(1).and_then(|before| shadow.bytes().get(before as usize));
    let telling: [&[u8]; 5] = [b" that ", b" says ", b" said ", b" reports ", b" reported "];
    start == 0
        || telling.iter().any(|word| shadow.bytes()[..at as usize].ends_with(word))
        || sign.is_some_and(|sign| signs.contains(sign) && skipped > 0)
        || shadow.breaks.binary_search_by_key(&start, |one| one.at).is_ok()
        || shadow.items.binary_search_by_key(&start, |item| item.start).is_ok()
        || sections.binary_search_by_key(&start, |section| section.shadow.0).is_ok()
}

fn distance(cue: &Cue, one: &Match) -> u32 {
    if cue.end <= one.start { one.start - cue.end } else { cue.start.saturating_sub(one.end) }
}

/// Finds negations with their own objects; adds the weak cue that a linked activity gets from them.
fn absorb(
    absorber: &Absorber,
    shadow: &Shadow,
    marks: &Marks,
    eaten: &mut Vec<(u32, u32)>,
    cues: &mut Vec<Cue>,
) {
    for head in marks.of_set(absorber.heads) {
        let (_, limit) = shadow.around(head.start, Level::Clause);
        let Some(mut end) = object(absorber, shadow, marks, head.end, limit) else { continue };
        // Further objects of the same negation: "no pain, dizziness or LOB noted".
        while let Some(join) = next_to(shadow, marks, absorber.joins, end, limit) {
            if let Some(further) = object(absorber, shadow, marks, join, limit) {
                end = further;
            } else {
                end = join;
                break;
            }
        }
        eaten.push((head.start, end));
        let link = next_to(shadow, marks, absorber.links, end, limit);
        cues.push(Cue {
            start: head.start,
            end,
            status: absorber.status,
            strength: absorber.strength,
            side: if link.is_some() { Side::After } else { Side::Both },
            words: 12,
            stop: Stops { clause: true, cue: false, subject: false },
            counted: false,
        });
    }
}

/// Returns the end of an object that stands right behind `at`, skip words between.
fn object(absorber: &Absorber, shadow: &Shadow, marks: &Marks, at: u32, limit: u32) -> Option<u32> {
    let mut at = at;
    for _ in 0..4 {
        if let Some(end) = next_to(shadow, marks, absorber.objects, at, limit) {
            return Some(end);
        }
        at = next_to(shadow, marks, absorber.skips, at, limit)?;
    }
    None
}

/// Returns the end of the longest member of a set that begins right behind `at`.
fn next_to(
    shadow: &Shadow,
    marks: &Marks,
    set: crate::knowledge::lexicon::SetId,
    at: u32,
    limit: u32,
) -> Option<u32> {
    let start = at + u32::from(shadow.bytes().get(at as usize) == Some(&b' '));
    marks.members_at(set, start, limit).map(|mark| mark.end).max()
}
