//! The billing side of a note: its minutes, units, lines and billed claim.

pub mod claim;
pub mod discipline;
pub mod ledger;
pub mod minutes;
pub mod modifiers;
pub mod pairs;
pub mod support;
pub mod units;

use std::collections::BTreeMap;

use crate::engine::rules;
use crate::engine::section::Section;
use crate::knowledge::lexicon::Category;
use crate::knowledge::payers::PayerProfile;
use crate::model::{
    BilledLine, Code, Discipline, Line, Mention, Minutes, NoteMeta, Segment, Setting, Span,
    TimeSummary, UnitTotal, Warning,
};

use claim::{Claim, ClaimSource};
use discipline::Who;
use ledger::Ledger;
use minutes::TimeMention;
use support::Support;

/// All that billing looks at.
#[derive(Debug, Clone, Copy)]
pub struct BillingInput<'a> {
    /// Text of the note.
    pub text: &'a str,
    /// Its sections.
    pub sections: &'a [Section],
    /// Delivered interventions with outcome and codes, in the order of the text.
    pub segments: &'a [Segment],
    /// All activity terms.
    pub mentions: &'a [Mention],
    /// Words besides activities, by category: purpose, skill, response and their like.
    pub words: &'a [(Category, Span)],
    /// What the source says of the note.
    pub meta: &'a NoteMeta,
    /// Who treated, if known; else the text is asked.
    pub discipline: Option<Discipline>,
    /// Where.
    pub setting: Setting,
    /// Rules of the payer.
    pub profile: &'a PayerProfile,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billing {
    /// Minutes of each segment, with the words that state them.
    pub segment_minutes: Vec<Option<(Minutes, Span)>>,
    /// Who treated: as the source says, else as the text does.
    pub discipline: Option<Discipline>,
    /// Supported and billed lines, by code.
    pub lines: Vec<Line>,
    /// Time of the note.
    pub time: TimeSummary,
    /// Warnings of the registered rules, by position and id.
    pub warnings: Vec<Warning>,
    /// Billed lines: of the source, else of the text.
    pub billed: Vec<BilledLine>,
}

/// What the rules look at: the input and all that was worked out from it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The input.
    pub input: &'a BillingInput<'a>,
    /// Who treated.
    pub discipline: Option<Discipline>,
    /// Who signed.
    pub who: &'a Who,
    /// All statements of time, by position.
    pub times: &'a [TimeMention],
    /// Whose minutes are whose.
    pub ledger: &'a Ledger,
    /// What was billed.
    pub claim: &'a Claim,
    /// Units under the payer's rule.
    pub support: &'a Support,
    /// Time of the note.
    pub time: &'a TimeSummary,
    /// Whether the text is a whole treatment note, so that what is missing was left out.
    pub whole_note: bool,
}

impl Facts<'_> {
    /// Returns the section in whose body a place is, or the last one that begins before it.
    pub(crate) fn section_at(&self, place: u32) -> Option<&Section> {
        let sections = self.input.sections;
        let next = sections.partition_point(|section| section.body.start <= place);
        sections.get(next.checked_sub(1)?)
    }
}

/// Works out minutes, units, lines and warnings of a note.
pub fn bill(input: &BillingInput<'_>) -> Billing {
    let reading = minutes::read_all(input.text);
    let claim = claim::read(input.text, input.sections, &reading.units, input.meta);
    let who = discipline::read(input.text, input.sections);
    let discipline = input.discipline.or(who.discipline);
    let ledger = ledger::enter(input, &reading.times, &claim);
    let billed = claim.units();
    let profile = input.profile;
    let support = support::support(profile.unit_rule, &ledger, profile, &billed);
    let other = support::support(profile.unit_rule.other(), &ledger, profile, &billed);
    let timed = ledger.timed;
    let time = TimeSummary {
        timed_minutes: timed
            .map(|(minutes, _)| minutes)
            .or_else(|| ledger.whole_parts(|code| profile.is_pooled(code))),
        timed_span: timed.map(|(_, span)| span),
        total_minutes: ledger.total.map(|(minutes, _)| minutes),
        total_span: ledger.total.map(|(_, span)| span),
        units: UnitTotal { rule: support.rule, total: support.total },
        units_other_rule: UnitTotal { rule: other.rule, total: other.total },
        alternatives: support
            .alternatives
            .iter()
            .map(|way| way.iter().map(|(&code, &units)| (code, units)).collect())
            .collect(),
    };
    let facts = Facts {
        input,
        discipline,
        who: &who,
        times: &reading.times,
        ledger: &ledger,
        claim: &claim,
        support: &support,
        time: &time,
        whole_note: is_whole_note(input, &claim, &who, &ledger),
    };
    let warnings = rules::check(&facts);
    let lines = lines(&facts, &billed);
    let segment_minutes = ledger.segment_minutes;
    Billing { segment_minutes, discipline, lines, time, warnings, billed: claim.lines }
}

/// Tells whether a text is a whole treatment note.
///
/// A bullet or a sentence by itself is a fragment: it can lack nothing. A note has three lines with
/// words or more, and one of: an interventions, billing or signature section, billed lines, stated
/// totals, a signature. Running text of sixty words about something delivered is a note as well.
fn is_whole_note(input: &BillingInput<'_>, claim: &Claim, who: &Who, ledger: &Ledger) -> bool {
    use crate::model::SectionKind::{Billing, Interventions, Signature};
    let lines = input.text.lines().filter(|line| !line.trim().is_empty()).take(3).count();
    let framed = input
        .sections
        .iter()
        .any(|section| matches!(section.kind, Interventions | Billing | Signature))
        || claim.source > ClaimSource::Nowhere && claim.source < ClaimSource::Source
        || ledger.timed.is_some()
        || ledger.total.is_some()
        || ledger.visit.is_some()
        || who.signature.is_some();
    lines == 3 && framed || !input.segments.is_empty() && is_long(input.text)
}

/// Tells whether a text has as many words as a short note.
fn is_long(text: &str) -> bool {
    const WORDS: usize = 60;
    let blank = |byte: &u8| matches!(byte, b' ' | 0x09..=0x0D);
    if text.is_ascii() {
        let words = text.as_bytes().split(blank).filter(|word| !word.is_empty());
        return words.take(WORDS).count() == WORDS;
    }
    text.split_whitespace().take(WORDS).count() == WORDS
}

/// Lists codes with what the note supports and what was billed.
fn lines(facts: &Facts<'_>, billed: &BTreeMap<Code, u32>) -> Vec<Line> {
    let profile = facts.input.profile;
    let mut codes: Vec<Code> = facts.ledger.entries.keys().chain(billed.keys()).copied().collect();
    codes.sort();
    codes.dedup();
    codes
        .into_iter()
        .map(|code| {
            let entry = facts.ledger.entries.get(&code);
            let units = if profile.is_untimed(code) {
                entry.map(|_| 1)
            } else {
                facts.support.chosen.get(&code).copied()
            };
            Line {
                code,
                minutes: entry.and_then(|entry| entry.minutes),
                units,
                billed_units: billed.get(&code).copied(),
                modifiers: modifiers(facts, code),
            }
        })
        .collect()
}

/// Returns the modifiers billed with a code, else those the discipline calls for.
fn modifiers(facts: &Facts<'_>, code: Code) -> Vec<String> {
    let billed = facts.claim.modifiers(code);
    if !billed.is_empty() {
        return billed.into_iter().map(str::to_owned).collect();
    }
    let therapy = facts.input.profile.code(code).is_some_and(|known| known.therapy);
    let Some(discipline) = facts.discipline.filter(|_| therapy) else { return Vec::new() };
    let assistant = discipline.assistant_modifier();
    std::iter::once(discipline.modifier()).chain(assistant).map(str::to_owned).collect()
}
