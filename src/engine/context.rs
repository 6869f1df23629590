//! Status of an activity: was it done, by whom, when; with the cue that says so.
//!
//! Local cues beat the section, the section beats the default. Among local cues the order of
//! [`Status`] decides. A negation that belongs to its own object is absorbed first.

mod absorb;
mod cue;
mod parts;
mod quotes;
mod reach;

use std::cell::OnceCell;

use super::marks::{Marks, SetMark};
use super::matching::{Match, excluded};
use super::section::Section;
use super::text::{Level, Shadow, offset};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Reader, Stands, Strength};
use crate::model::{CueSource, SectionKind, Status};
use absorb::absorb;
pub(crate) use cue::Cue;
use cue::{is_swallowed, opens};
use quotes::quoted;

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

/// Where a match stands: what every cue is held against.
struct Place<'c> {
    sentence: (u32, u32),
    /// Looked up for the first cue that comes so far.
    clause: OnceCell<(u32, u32)>,
    section: Option<&'c Section>,
}

/// All cues of a note, ready to be asked.
pub(crate) struct Context<'c> {
    lexicon: &'c Lexicon,
    shadow: &'c Shadow,
    sections: &'c [Section],
    matches: &'c [Match],
    cues: &'c [Cue],
    /// Bytes of the longest cue, and the most words that any of them reaches.
    longest: u32,
    words: u32,
    subjects: &'c [SetMark],
    /// Words that tell what was done in the place of something else: "so", "->".
    turns: &'c [SetMark],
    /// Words of this session: "today", "this visit", "now".
    today: &'c [SetMark],
    /// Words of this place: "here", "in the clinic".
    here: &'c [SetMark],
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
        matches: &'c [Match],
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
                    cues.push(Cue {
                        reader: Some(one.reader),
                        ..Cue::of(rule, one.start, one.end)
                    });
                }
            }
        }
        cues.sort_by_key(|cue| (cue.start, cue.end, cue.status));
        let set = |name| lexicon.set_names.get(name).map_or(&[][..], |set| marks.of_set(*set));
        let longest = cues.iter().map(|cue| cue.end - cue.start).max().unwrap_or(0);
        let words = cues.iter().map(|cue| cue.words).max().unwrap_or(0);
        let minutes = marks.readings.iter().filter(|one| one.reader == Reader::Minutes);
        let minutes = minutes.map(|one| (one.start, one.end)).collect();
        Self {
            lexicon,
            shadow,
            sections,
            matches,
            cues,
            longest,
            words,
            subjects: set("subject"),
            turns: set("turn-word"),
            today: set("today-word"),
            here: set("here-word"),
            minutes,
        }
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
            if given.is_some() && cue.strength == Strength::Weak {
                continue;
            }
            // What the patient says under Goals is a goal.
            if cue.status == Status::Reported && given == Some(Status::Goal) {
                continue;
            }
            // Whether it reaches the match is the dearer question.
            let last_word = cue.strength == Strength::Final;
            let rank = (!last_word, cue.status, cue.strength as u8, distance(cue, one));
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
            return Some((from, from + offset(clock)));
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
}

fn distance(cue: &Cue, one: &Match) -> u32 {
    if cue.end <= one.start { one.start - cue.end } else { cue.start.saturating_sub(one.end) }
}
