//! Segments: the interventions of a note as a coder would bill them.
//!
//! Under a heading of interventions every item is one; prose is cut where a new activity begins.
//! Elsewhere only sentences with a performed activity make one.

use super::context::Judged;
use super::idle::Idle;
use super::marks::Marks;
use super::matching::Match;
use super::section::Section;
use super::text::{Level, Marker, Shadow};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Category, Reader};
use crate::model::{Code, SectionKind, Status, Theme};

/// An intervention in shadow offsets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub start: u32,
    pub end: u32,
    /// Position of its section.
    pub section: usize,
    /// Code that its heading or its own label claims.
    pub claim: Option<Code>,
    /// Nothing but a label.
    pub label_only: bool,
    /// Shadow range of the heading over it.
    pub heading: (u32, u32),
}

/// What a note is made of, for the cutting of segments.
pub(crate) struct Parts<'p> {
    pub lexicon: &'p Lexicon,
    pub shadow: &'p Shadow,
    pub text: &'p str,
    pub marks: &'p Marks,
    pub sections: &'p [Section],
    /// Rows of tables that were not done.
    pub idle: &'p [Idle],
    pub matches: &'p [Match],
    pub judged: &'p [Judged],
}

/// Cuts a note into segments, in order.
pub(crate) fn pieces(parts: &Parts<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    // Where a note has interventions under a heading, its assessment and teaching speak of them.
    let headed = parts.sections.iter().any(|section| section.status == Some(Status::Performed));
    for (index, section) in parts.sections.iter().enumerate() {
        if headed && speaks_of_others(section.kind) {
            continue;
        }
        let before = pieces.len();
        let table = section.table(parts.text).is_some();
        let items = &parts.shadow.items;
        let first = items.partition_point(|item| item.end <= section.shadow.0);
        for item in &items[first..] {
            if item.start >= section.shadow.1 {
                break;
            }
            let start = item.start.max(section.shadow.0);
            let end = item.end.min(section.shadow.1);
            let done = parts.idle.iter().all(|idle| idle.row.0 != item.start);
            if start < end && done {
                // What stands behind a code in its line is one, whatever it names.
                let of_code = section.claim.is_some()
                    && parts.shadow.shadow_at(section.heading.start) == item.start;
                let bullet = table || of_code || item.marker == Marker::Bullet;
                parts.cut(index, section, start, end, bullet, &mut pieces);
            }
        }
        if pieces.len() == before
            && section.claim.is_some()
            && !section.heading.is_empty()
            && !parts.heads_what_was_left(section)
        {
            // A label that governs nothing: "Ther Act: 15 min".
            let start = parts.shadow.shadow_at(section.heading.start);
            pieces.push(Piece {
                start,
                end: section.shadow.0.max(start),
                section: index,
                claim: section.claim,
                label_only: true,
                heading: parts.heading(section),
            });
        }
    }
    pieces
}

/// Sections that speak of interventions told elsewhere, or of none.
fn speaks_of_others(kind: SectionKind) -> bool {
    matches!(
        kind,
        SectionKind::Assessment
            | SectionKind::Response
            | SectionKind::Education
            | SectionKind::Tests
            | SectionKind::Billing
            | SectionKind::Signature
    )
}

/// A stretch under consideration: what it holds.
#[derive(Debug, Clone, Copy)]
struct Chunk {
    start: u32,
    end: u32,
    themes: u8,
    minutes: bool,
    counted: bool,
    opens: Opening,
}

/// How a stretch tells that an intervention begins, besides naming one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Opening {
    No,
    /// By an order and minutes: "Next I spent eleven minutes on …".
    Order,
    /// By a label that claims a code.
    Label,
}

impl Parts<'_> {
    fn cut(
        &self,
        index: usize,
        section: &Section,
        start: u32,
        end: u32,
        bullet: bool,
        pieces: &mut Vec<Piece>,
    ) {
        let delivered = section.status == Some(Status::Performed);
        let chunks = self.chunks(start, end);
        let mut groups: Vec<Chunk> = Vec::new();
        for chunk in chunks {
            match groups.last_mut() {
                Some(last) if !begins_new(last, &chunk, bullet) => last.join(&chunk),
                _ => groups.push(chunk),
            }
        }
        let mut any = false;
        for group in groups {
            let performed = self.any_performed(group.start, group.end);
            let named = group.themes != 0 || group.opens == Opening::Order;
            if self.not_delivered(group.start, group.end)
                || group.themes == 0 && self.heads_what_was_left(section)
            {
                continue;
            }
            let wanted = if delivered {
                named
                    || group.opens == Opening::Label
                    || bullet
                    || group.counted
                    || self.vague(group.start, group.end)
            } else {
                performed
                    || group.opens == Opening::Order && section.status.is_none()
                    || group.opens == Opening::Label && group.minutes
            };
            if !wanted || !self.has_words(group.start, group.end) {
                continue;
            }
            // A sentence that names nothing belongs to the intervention before it in its line.
            if !named
                && any
                && group.opens != Opening::Label
                && let Some(last) = pieces.last_mut()
            {
                last.end = group.end;
                continue;
            }
            any = true;
            let own = self.own_claim(group.start, group.end);
            pieces.push(Piece {
                start: group.start,
                end: group.end,
                section: index,
                claim: own.or(section.claim),
                label_only: false,
                heading: self.heading(section),
            });
        }
    }

    /// Cuts at sentences and semicolons, and behind minutes where a list of interventions goes on.
    fn chunks(&self, start: u32, end: u32) -> Vec<Chunk> {
        let breaks = &self.shadow.breaks;
        let first = breaks.partition_point(|one| one.at <= start);
        let mut cuts: Vec<u32> = breaks[first..]
            .iter()
            .take_while(|one| one.at < end)
            .filter(|one| one.level >= Level::Clause)
            .map(|one| one.at)
            .collect();
        for minutes in self.marks.readings(Reader::Minutes, start, end) {
            let mut at = minutes.end as usize;
            while matches!(self.shadow.bytes().get(at), Some(b'.' | b')' | b']')) {
                at += 1;
            }
            if matches!(self.shadow.bytes().get(at), Some(b',')) {
                cuts.push(super::text::offset(at + 1));
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        let mut chunks = Vec::with_capacity(cuts.len() + 1);
        let mut from = start;
        for cut in cuts.into_iter().filter(|cut| *cut < end).chain([end]) {
            if cut > from {
                chunks.push(self.chunk(from, cut));
            }
            from = cut;
        }
        chunks
    }

    fn chunk(&self, start: u32, end: u32) -> Chunk {
        let start = start + u32::from(self.shadow.bytes().get(start as usize) == Some(&b' '));
        let mut themes = 0;
        for (one, judged) in self.matches_in(start, end) {
            let rule = &self.lexicon.rules[one.rule];
            // Words that support no code are mentioned; they make no intervention.
            let theme = rule.category.theme().filter(|_| !rule.supports.is_empty());
            if let (Some(theme), Status::Performed) = (theme, judged.status) {
                themes |= bit(theme);
            }
        }
        let minutes = self.marks.readings(Reader::Minutes, start, end).next().is_some();
        let counted = minutes
            || self.marks.readings(Reader::Reps, start, end).next().is_some()
            || self.marks.readings(Reader::Load, start, end).next().is_some();
        let opens = if self.own_claim(start, end).is_some() {
            Opening::Label
        } else if minutes && themes == 0 && self.goes_on(start, end) {
            Opening::Order
        } else {
            Opening::No
        };
        Chunk { start, end, themes, minutes, counted, opens }
    }

    /// Tells whether prose goes on to another intervention: "Next I spent eleven minutes on …".
    fn goes_on(&self, start: u32, end: u32) -> bool {
        const ORDERS: [&str; 9] =
            ["next", "then", "after", "finally", "last", "lastly", "another", "followed", "opened"];
        // "I can sit for ten minutes" is what a patient says: only who spent or worked goes on.
        const DEEDS: [&str; 6] = ["spent", "worked", "put", "did", "practiced", "used"];
        let words = self.shadow.words(start, end);
        let mut words = words.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty());
        let (first, second) = (words.next(), words.next().unwrap_or_default());
        let any = |list: &[&str], word: &str| list.iter().any(|one| one.eq_ignore_ascii_case(word));
        let opens = |word: &str| {
            any(&ORDERS, word)
                || any(&DEEDS, word)
                || any(&["i", "we"], word) && any(&DEEDS, second)
        };
        // "For nine minutes we worked with the ball": the minutes stand first.
        let for_time = |word: &str| {
            let mut minutes = self.marks.readings(Reader::Minutes, start, end);
            word.eq_ignore_ascii_case("for") && minutes.any(|one| one.start <= start + 5)
        };
        first.is_some_and(|word| opens(word) || for_time(word))
    }

    fn matches_in(&self, start: u32, end: u32) -> impl Iterator<Item = (&Match, &Judged)> {
        let first = self.matches.partition_point(|one| one.start < start);
        self.matches[first..]
            .iter()
            .zip(&self.judged[first..])
            .take_while(move |(one, _)| one.start < end)
    }

    /// Tells whether a stretch names activities, and all of them are of another day or place.
    fn not_delivered(&self, start: u32, end: u32) -> bool {
        let mut named = false;
        for (one, judged) in self.matches_in(start, end) {
            if self.lexicon.rules[one.rule].category.theme().is_none() {
                continue;
            }
            named = true;
            let elsewhere = matches!(
                judged.status,
                Status::Goal
                    | Status::Planned
                    | Status::HomeProgram
                    | Status::History
                    | Status::Reported
                    | Status::NotDone
            );
            if !elsewhere || judged.conflict {
                return false;
            }
        }
        named
    }

    /// Tells whether the heading names an activity that was not done: "Gait: unsafe today".
    fn heads_what_was_left(&self, section: &Section) -> bool {
        section.claim.is_some() && {
            let (start, end) = self.heading(section);
            self.not_delivered(start, end)
        }
    }

    fn any_performed(&self, start: u32, end: u32) -> bool {
        self.matches_in(start, end)
            .any(|(one, judged)| judged.status == Status::Performed && self.is_activity(one))
    }

    fn is_activity(&self, one: &Match) -> bool {
        let rule = &self.lexicon.rules[one.rule];
        rule.category.theme().is_some() && !rule.supports.is_empty()
    }

    fn vague(&self, start: u32, end: u32) -> bool {
        self.matches_in(start, end).any(|(one, _)| {
            let rule = &self.lexicon.rules[one.rule];
            rule.category == Category::Vague && rule.warn.as_deref() == Some("vague-activity")
        })
    }

    /// Returns the code that a label inside the stretch claims.
    fn own_claim(&self, start: u32, end: u32) -> Option<Code> {
        let first = self.marks.labels.partition_point(|mark| mark.start < start);
        self.marks.labels[first..]
            .iter()
            .take_while(|mark| mark.end <= end)
            .find_map(|mark| self.lexicon.headings[mark.index].claims)
    }

    /// Returns the shadow range of a section's heading.
    fn heading(&self, section: &Section) -> (u32, u32) {
        let end = section.shadow.0;
        (self.shadow.shadow_at(section.heading.start).min(end), end)
    }

    fn has_words(&self, start: u32, end: u32) -> bool {
        let words = self.shadow.words(start, end);
        words.bytes().filter(u8::is_ascii_alphabetic).count() >= 2
    }
}

fn bit(theme: Theme) -> u8 {
    match theme {
        Theme::FunctionalTask => 1,
        Theme::Exercise => 2,
        Theme::Neuromuscular => 4,
        Theme::SelfCare => 8,
        Theme::OtherService => 16,
    }
}

impl Chunk {
    fn join(&mut self, other: &Self) {
        self.end = other.end;
        self.themes |= other.themes;
        self.minutes |= other.minutes;
        self.counted |= other.counted;
        self.opens = self.opens.max(other.opens);
    }
}

/// A new intervention begins when another activity with its own minutes, or of another kind, begins.
fn begins_new(last: &Chunk, next: &Chunk, bullet: bool) -> bool {
    let silent = |chunk: &Chunk| chunk.themes == 0 && chunk.opens == Opening::No;
    if silent(last) || silent(next) {
        return false;
    }
    if last.minutes && next.minutes {
        return true;
    }
    !bullet && last.themes & next.themes == 0 && next.themes != 0
}
