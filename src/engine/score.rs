//! Points: what each match in a segment adds to each code, so that columns add up by eye.

use super::context::Judged;
use super::matching::Match;
use super::segment::Piece;
use super::text::Shadow;
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Category, CodeKind, Counts, Member, Scope, Tier};
use crate::model::{Code, SectionKind, Status};

/// The points of one segment.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    /// Points with what they come from, by code.
    points: Vec<Credit>,
    /// Categories with a match that counts, and its status.
    pub counted: Vec<(Category, Status)>,
    /// Combinations that hold.
    pub combos: Vec<usize>,
}

impl Scores {
    /// Returns the codes in order, each with its points.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (Code, &[Credit])> {
        self.points.chunk_by(|a, b| a.code == b.code).map(|points| (points[0].code, points))
    }
}

/// Points of one rule for one code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Credit {
    pub code: Code,
    pub source: Source,
    pub points: i32,
}

/// Where points come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source {
    /// Position among the matches of the note.
    Match(usize),
    /// Position among the combinations.
    Combo(usize),
}

/// What a note is made of, for scoring.
pub(crate) struct Scoring<'s> {
    pub lexicon: &'s Lexicon,
    pub shadow: &'s Shadow,
    pub matches: &'s [Match],
    pub judged: &'s [Judged],
    pub marks: &'s super::marks::Marks,
}

impl Scoring<'_> {
    /// Returns the positions of the matches inside a segment.
    pub(crate) fn inside(&self, piece: &Piece) -> std::ops::Range<usize> {
        let first = self.matches.partition_point(|one| one.start < piece.start);
        let count = self.matches[first..].partition_point(|one| one.start < piece.end);
        first..first + count
    }

    /// Scores a segment.
    pub(crate) fn score(&self, piece: &Piece, section: SectionKind) -> Scores {
        let mut scores = Scores::default();
        let range = self.inside(piece);
        let session = self.session_words(piece);
        let activity = range.clone().chain(session.iter().copied()).any(|at| {
            self.judged[at].status == Status::Performed
                && self.lexicon.rules[self.matches[at].rule].category.theme().is_some()
        });
        let counting = range.chain(session).filter(|at| self.counts(*at, section, activity));
        let mut by_rule: Vec<usize> = counting.collect();
        by_rule.sort_by_key(|at| self.matches[*at].rule);
        for matches in by_rule.chunk_by(|a, b| self.matches[*a].rule == self.matches[*b].rule) {
            let rule = &self.lexicon.rules[self.matches[matches[0]].rule];
            let counted = (rule.category, self.judged[matches[0]].status);
            if !scores.counted.contains(&counted) {
                scores.counted.push(counted);
            }
            let count = i32::try_from(self.distinct(matches)).unwrap_or(i32::MAX);
            let boost = rule.boost.iter().find(|(kind, _)| *kind == section).map_or(0, |(_, b)| *b);
            for (code, weight) in &rule.supports {
                let points = if *weight > 0 {
                    (count.saturating_mul(*weight) + boost).min(rule.cap(*code) + boost)
                } else {
                    *weight
                };
                if points != 0 {
                    let source = Source::Match(matches[0]);
                    scores.points.push(Credit { code: *code, source, points });
                }
            }
        }
        self.combine(piece, &mut scores);
        scores.points.sort_by_key(|one| one.code);
        scores
    }

    /// Counts the different words of matches.
    fn distinct(&self, matches: &[usize]) -> usize {
        if matches.len() < 2 {
            return matches.len();
        }
        let mut different: Vec<&str> = Vec::new();
        for at in matches {
            let one = &self.matches[*at];
            let words = self.shadow.words(one.start, one.end);
            // The phrases of a rule are few, however often a note repeats them.
            if !different.iter().any(|other| other.eq_ignore_ascii_case(words)) {
                different.push(words);
            }
        }
        different.len()
    }

    /// Returns the matches in the heading over a segment that tell how the session was held.
    fn session_words(&self, piece: &Piece) -> Vec<usize> {
        let (from, to) = piece.heading;
        let first = self.matches.partition_point(|one| one.start < from);
        let inside = self.matches[first..].iter().take_while(|one| one.start < to);
        let session = |code: &Code| {
            self.lexicon.codes.get(code).is_some_and(|code| code.kind == CodeKind::Session)
        };
        inside
            .enumerate()
            .filter(|(_, one)| self.lexicon.rules[one.rule].service.as_ref().is_some_and(session))
            .map(|(at, _)| first + at)
            .filter(|at| !self.inside(piece).contains(at))
            .collect()
    }

    fn counts(&self, at: usize, section: SectionKind, activity: bool) -> bool {
        let rule = &self.lexicon.rules[self.matches[at].rule];
        if rule.never.contains(&section) || rule.shield.is_some() {
            return false;
        }
        match rule.counts {
            Counts::WhenPerformed => self.judged[at].status == Status::Performed,
            Counts::WithPerformed => activity && rule.category.theme().is_none(),
        }
    }

    fn combine(&self, piece: &Piece, scores: &mut Scores) {
        for (index, combo) in self.lexicon.combos.iter().enumerate() {
            if combo.tier != Tier::Core || combo.scope != Scope::Segment && combo.all.len() < 2 {
                continue;
            }
            let holds = |member: &Member| match member {
                Member::Match(category, status) => scores.counted.iter().any(|(one, judged)| {
                    one == category && status.is_none_or(|status| status == *judged)
                }),
                Member::Set(set) => {
                    self.marks.members(*set, piece.start, piece.end).next().is_some()
                }
            };
            if combo.all.iter().all(holds) && !combo.none.iter().any(holds) {
                scores.combos.push(index);
            }
        }
        for index in &scores.combos {
            for (code, points) in &self.lexicon.combos[*index].supports {
                let source = Source::Combo(*index);
                scores.points.push(Credit { code: *code, source, points: *points });
            }
        }
    }
}
