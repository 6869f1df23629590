//! A cue of status as it stands in a note, and whether it is in force there.

use crate::engine::marks::{Mark, Marks};
use crate::engine::section::Section;
use crate::engine::text::{Shadow, offset};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{CueRule, Reader, Side, Stands, Stop, Strength, Themes};
use crate::model::Status;

/// A cue in force: its reach is cut, its negation not absorbed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cue {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) status: Status,
    pub(super) strength: Strength,
    pub(super) side: Side,
    pub(super) words: u32,
    pub(super) stop: Stops,
    /// The activities that it speaks of.
    pub(super) themes: Themes,
    /// What it is as a number; words are none.
    pub(super) reader: Option<Reader>,
}

/// What ends the reach of a cue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stops {
    pub(super) clause: bool,
    pub(super) cue: bool,
    pub(super) subject: bool,
}

impl Stops {
    fn of(stop: &[Stop]) -> Self {
        let has = |one: Stop| stop.contains(&one);
        Self { clause: has(Stop::Clause), cue: has(Stop::Cue), subject: has(Stop::Subject) }
    }
}

impl Cue {
    /// Tells whether it is a number, not words.
    pub(super) fn counted(&self) -> bool {
        self.reader.is_some()
    }

    pub(super) fn of(rule: &CueRule, start: u32, end: u32) -> Self {
        Self {
            start,
            end,
            status: rule.status,
            strength: rule.strength,
            side: rule.side,
            words: rule.words,
            stop: Stops::of(&rule.stop),
            themes: rule.themes,
            reader: None,
        }
    }
}

/// Tells whether a cue lies in a longer one that speaks in its place, unless both say the same.
pub(super) fn is_swallowed(lexicon: &Lexicon, marks: &Marks, one: &Mark) -> bool {
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
pub(super) fn opens(shadow: &Shadow, sections: &[Section], at: u32) -> bool {
    let blanks = |byte: &&u8| matches!(**byte, b' ' | b'"' | b'(' | b'\'' | b'*');
    let skipped = shadow.bytes()[..at as usize].iter().rev().take_while(blanks).count();
    let start = at - offset(skipped);
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
