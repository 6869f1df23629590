//! How far a cue reaches: over so many words, up to another cue, another subject or another part.

use super::cue::Cue;
use super::{Context, Place};
use crate::engine::matching::Match;
use crate::engine::text::Level;
use crate::knowledge::lexicon::{Side, Strength};
use crate::model::Status;

impl<'c> Context<'c> {
    pub(super) fn reaches(&self, cue: &Cue, one: &Match, place: &Place<'c>) -> bool {
        if !cue.themes.holds(self.lexicon.rules[one.rule].category.theme()) {
            return false;
        }
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
            && !(cue.status == Status::NotDone && self.heads(one, cue))
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

    /// Tells whether a mention stands in a heading, and the words under it begin with a cue: "Gait:
    /// unsafe today". What is told further on may be of another activity.
    fn heads(&self, one: &Match, cue: &Cue) -> bool {
        let behind = self.sections.partition_point(|section| section.shadow.0 <= cue.start);
        let Some(at) = behind.checked_sub(1) else { return false };
        let before = at.checked_sub(1).map_or(0, |before| self.sections[before].shadow.1);
        let body = self.sections[at].shadow.0;
        let (_, end) = self.shadow.around(cue.start, Level::Item);
        before <= one.start
            && one.end <= body
            && self.shadow.words_between(body, cue.start) <= 2
            && !self.any_in((body, end), Cue::counted)
    }

    fn cue_between(&self, cue: &Cue, from: u32, to: u32) -> bool {
        let first = self.cues.partition_point(|other| other.start < from);
        self.cues[first..].iter().take_while(|other| other.start < to).any(|other| {
            other.end <= to && other.status != cue.status && other.strength != Strength::Weak
        })
    }

    fn subject_between(&self, from: u32, to: u32) -> bool {
        let first = self.subjects.partition_point(|mark| mark.start < from);
        let mut near = self.subjects[first..].iter().take_while(|mark| mark.start < to);
        near.any(|mark| mark.end <= to)
    }
}
