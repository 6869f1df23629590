//! Parts of a sentence: what a cue in one part leaves undone, another part may tell as done.

use super::Context;
use super::cue::Cue;
use crate::engine::marks::SetMark;
use crate::engine::matching::Match;
use crate::engine::text::offset;
use crate::knowledge::lexicon::{Reader, Strength};
use crate::model::Status;

/// Words before the deed in its part: ", pt then completed".
const LEADING_WORDS: u32 = 3;

impl Context<'_> {
    /// Tells whether a mention stands in a part of the sentence whose own words say that it was
    /// done, and a comma or a turn parts it from the cue.
    pub(super) fn speaks_for_itself(
        &self,
        cue: &Cue,
        one: &Match,
        after: bool,
        (low, high): (u32, u32),
    ) -> bool {
        let elsewhere = matches!(
            cue.status,
            Status::NotDone
                | Status::Goal
                | Status::Planned
                | Status::HomeProgram
                | Status::History
                | Status::Reported
        );
        elsewhere
            && if after { self.turns_from(cue, one, high) } else { self.told_before(cue, one, low) }
    }

    /// The cue stands before the mention: "declined gait, did stairs x10".
    fn turns_from(&self, cue: &Cue, one: &Match, high: u32) -> bool {
        if cue.status == Status::NotDone
            && (inside(self.turns, cue.end, one.start).next().is_some()
                || self.followed(cue.end, one.start))
        {
            return true;
        }
        let turn = inside(self.turns, cue.end, one.start).last().map(|word| word.start);
        let Some(from) = self.last_comma(cue.end, one.start).max(turn) else { return false };
        let part = (from, self.first_comma(one.end, high).unwrap_or(high));
        match cue.status {
            Status::NotDone => {
                let sure = |other: &Cue| other.strength != Strength::Weak || other.counted();
                self.done_in(cue, part, sure) || self.done_with(part, self.today)
            }
            // A planned activity has its dose too.
            Status::Planned => {
                let sure = |other: &Cue| other.strength != Strength::Weak && !other.counted();
                self.done_in(cue, part, sure) || self.done_with(part, self.today)
            }
            // "To reach the goal of standing to cook, pt stood 4 min with CGA": done and measured.
            Status::Goal => self.measured_in(cue, part) || self.done_with(part, self.today),
            Status::History => self.done_with(part, self.today),
            Status::HomeProgram => self.done_with(part, self.here),
            Status::Reported => self.leaves_report(cue, from, part),
            _ => false,
        }
    }

    /// The cue stands behind the mention: "did squats 3x10 today, will add lunges next visit".
    fn told_before(&self, cue: &Cue, one: &Match, low: u32) -> bool {
        let to = self
            .last_comma(one.end, cue.start)
            .or_else(|| self.joined(one.end, cue.start).filter(|at| *at >= one.end));
        // "Symptoms rise after 5 min of stairs, he stated": all of it is what he stated.
        if cue.status == Status::Reported && self.closes(cue.end) {
            return false;
        }
        // An exercise for home has its dose too.
        let counts = cue.status != Status::HomeProgram;
        to.is_some_and(|to| self.done_in(cue, (low, to), |other| counts || !other.counted()))
    }

    /// Tells whether a part holds a cue of doing that is sure enough.
    fn done_in(&self, cue: &Cue, part: (u32, u32), sure: impl Fn(&Cue) -> bool) -> bool {
        let strong = |one: &Cue| one.strength != Strength::Weak;
        self.any_in(part, |other| sure(other) && (strong(cue) || strong(other)))
    }

    /// Tells whether any cue of doing inside a part is as asked for.
    pub(super) fn any_in(&self, (from, to): (u32, u32), asked: impl Fn(&Cue) -> bool) -> bool {
        let first = self.cues.partition_point(|other| other.start < from);
        let mut near = self.cues[first..].iter().take_while(|other| other.start < to);
        near.any(|other| other.status == Status::Performed && other.end <= to && asked(other))
    }

    /// Tells whether a part says with certain words, as with "today", that it is of this session,
    /// and with others that something was done.
    fn done_with(&self, part: (u32, u32), words: &[SetMark]) -> bool {
        let Some(word) = inside(words, part.0, part.1).next() else { return false };
        self.any_in(part, |other| other.end <= word.start || word.end <= other.start)
    }

    /// Tells whether a part has a sure word of doing, and a dose.
    fn measured_in(&self, cue: &Cue, part: (u32, u32)) -> bool {
        self.done_in(cue, part, |other| other.strength != Strength::Weak)
            && self.any_in(part, Cue::counted)
    }

    /// Tells whether a sentence ends at an offset.
    fn closes(&self, at: u32) -> bool {
        matches!(self.shadow.bytes().get(at as usize), None | Some(b'.' | b'\n'))
    }

    /// Tells whether what is told ends where the work begins: "reports poor sleep, completed bridges".
    ///
    /// No patient tells of "2x15" or "with CGA". Where an activity is told of, one sign is too few:
    /// "reports he walked to the shop, did laundry".
    fn leaves_report(&self, cue: &Cue, told_to: u32, part: (u32, u32)) -> bool {
        let sure = |other: &Cue| other.strength != Strength::Weak && !other.counted();
        let opens = |other: &Cue| {
            sure(other) && self.shadow.words_between(part.0, other.start) <= LEADING_WORDS
        };
        let deed = self.any_in(part, opens);
        let help = self.any_in(part, |other| other.reader == Some(Reader::Assist));
        let dose = help || self.any_in(part, |other| other.reader == Some(Reader::Reps));
        deed && dose
            || help && self.any_in(part, sure)
            || (deed || dose) && !self.names_activity(cue.end, told_to)
    }

    /// Tells whether the object of a refusal stands before an "after": "declined gait after stairs".
    fn followed(&self, from: u32, to: u32) -> bool {
        const WORDS: [&[u8]; 4] = [b" after ", b" following ", b" prior to ", b" before "];
        let Some(bytes) = self.shadow.bytes().get(from as usize..to as usize) else { return false };
        let finds = WORDS.iter().filter_map(|word| memchr::memmem::rfind(bytes, word));
        finds.max().is_some_and(|at| self.names_activity(from, from + offset(at)))
    }

    fn names_activity(&self, from: u32, to: u32) -> bool {
        let first = self.matches.partition_point(|one| one.start < from);
        let mut near = self.matches[first..].iter().take_while(|one| one.start < to);
        near.any(|one| {
            let rule = &self.lexicon.rules[one.rule];
            rule.category.theme().is_some() && !rule.supports.is_empty()
        })
    }

    fn first_comma(&self, from: u32, to: u32) -> Option<u32> {
        let bytes = self.shadow.bytes().get(from as usize..to as usize)?;
        bytes.windows(2).position(|two| two == b", ").map(|at| from + offset(at))
    }

    fn last_comma(&self, from: u32, to: u32) -> Option<u32> {
        let bytes = self.shadow.bytes().get(from as usize..to as usize)?;
        bytes.windows(2).rposition(|two| two == b", ").map(|at| from + offset(at))
    }

    /// Returns where the word begins that joins a cue to what stands before it.
    fn joined(&self, from: u32, cue: u32) -> Option<u32> {
        const JOINTS: [&[u8]; 5] = [b" and ", b" & ", b" with ", b" and we ", b" and pt "];
        const LATER: [&[u8]; 6] =
            [b"will ", b"to ", b"is to ", b"should ", b"pt will ", b"plans to "];
        let before = self.shadow.bytes().get(..cue as usize)?;
        let next = || JOINTS.iter().find(|joint| before.ends_with(joint)).map(|one| one.len());
        // "... and will do it each morning": the cue stands further on.
        let further = || {
            let stretch = before.get(from as usize..)?;
            let at = memchr::memmem::rfind(stretch, b" and ")?;
            let rest = &stretch[at + b" and ".len()..];
            LATER.iter().any(|word| rest.starts_with(word)).then_some(stretch.len() - at)
        };
        next().or_else(further).map(|length| cue - offset(length))
    }
}

/// Returns the marks inside a range.
fn inside(marks: &[SetMark], from: u32, to: u32) -> impl Iterator<Item = &SetMark> {
    let first = marks.partition_point(|mark| mark.start < from);
    marks[first..].iter().take_while(move |mark| mark.start < to).filter(move |mark| mark.end <= to)
}
