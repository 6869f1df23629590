//! Facts about one note for its row in the queue.

use crate::model::{Analysis, Code, DecisionKind, Discipline, Minutes, Note, Outcome, Severity};

/// What was decided about a note so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum State {
    /// Nothing yet.
    #[default]
    Open,
    /// Decided in one of four ways.
    Decided(DecisionKind),
}

impl State {
    /// Returns the letter that stands in the queue.
    pub fn letter(self) -> char {
        match self {
            Self::Open => '.',
            Self::Decided(kind) => kind.letter(),
        }
    }

    /// Returns the word that stands in the queue.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Decided(DecisionKind::Accept) => "accepted",
            Self::Decided(DecisionKind::Change) => "changed",
            Self::Decided(DecisionKind::Query) => "queried",
            Self::Decided(DecisionKind::Defer) => "deferred",
        }
    }
}

/// One row of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Key of the note.
    pub key: String,
    /// Date of service as the source writes it.
    pub date: Option<String>,
    /// Days since the note entered the queue.
    pub age_days: Option<u32>,
    /// Who treated.
    pub discipline: Option<Discipline>,
    /// Payer profile.
    pub payer: Option<String>,
    /// Therapist.
    pub therapist: Option<String>,
    /// What was decided.
    pub state: State,
    /// Who decided.
    pub who: Option<String>,
    /// Somebody else who has it, and until when.
    pub taken: Option<(String, String)>,
    /// Whether a question to the lead is open.
    pub flagged: bool,
    /// Whether it was edited since it was opened or decided.
    pub stale: bool,
    /// Why it cannot be read.
    pub problem: Option<String>,
    /// What the analysis says; `None` until the note was analysed.
    pub facts: Option<Facts>,
}

/// What the analysis says of a note, in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Codes suggested, in the order of the lines.
    pub suggests: Vec<Code>,
    /// Codes billed.
    pub billed_codes: Vec<Code>,
    /// Segments.
    pub segments: u32,
    /// Segments without a code.
    pub open: u32,
    /// Segments with two codes too close.
    pub considers: u32,
    /// Segments with a service outside the four.
    pub others: u32,
    /// Reasons of abstentions, as `A2`.
    pub abstained: Vec<&'static str>,
    /// Rules that found something.
    pub rules: Vec<String>,
    /// Findings that are errors.
    pub errors: u32,
    /// Findings that are warnings.
    pub warnings: u32,
    /// Timed minutes.
    pub minutes: Option<Minutes>,
    /// Units supported.
    pub supported: Option<u32>,
    /// Units billed; `None` when nothing was billed.
    pub billed: Option<u32>,
    /// Least lead of any segment.
    pub lead: Option<i32>,
    /// 0 to 100; the parts are in [`risk_parts`].
    pub risk: u32,
}

impl Facts {
    /// Returns the figures of an analysis.
    pub fn of(analysis: &Analysis) -> Self {
        let open = analysis.segments.iter().filter(|s| s.code().is_none());
        let others = analysis.segments.iter().filter(|s| s.outcome == Outcome::Other);
        let considers = analysis.segments.iter().filter(|s| s.outcome == Outcome::Consider);
        let count =
            |severity| to_u32(analysis.warnings.iter().filter(|w| w.severity == severity).count());
        let mut rules: Vec<String> = analysis.warnings.iter().map(|w| w.rule.clone()).collect();
        rules.sort();
        rules.dedup();
        let mut suggests: Vec<Code> = Vec::new();
        for code in analysis.segments.iter().filter_map(crate::model::Segment::code) {
            if !suggests.contains(&code) {
                suggests.push(code);
            }
        }
        let billed = analysis.lines.iter().filter_map(|l| l.billed_units);
        let billed_codes: Vec<Code> =
            analysis.lines.iter().filter(|l| l.billed_units.is_some()).map(|l| l.code).collect();
        Self {
            suggests,
            segments: to_u32(analysis.segments.len()),
            open: to_u32(open.count()),
            considers: to_u32(considers.count()),
            others: to_u32(others.count()),
            abstained: analysis
                .segments
                .iter()
                .filter_map(|s| s.outcome.reason())
                .map(crate::model::Abstention::id)
                .collect(),
            rules,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            minutes: analysis.time.timed_minutes,
            supported: analysis.time.units.total,
            billed: (!billed_codes.is_empty()).then(|| billed.sum()),
            billed_codes,
            lead: analysis.segments.iter().filter_map(|s| s.codes.first()).map(|c| c.lead).min(),
            risk: risk_parts(analysis).iter().map(|part| part.1).sum::<u32>().min(100),
        }
    }
}

impl Row {
    /// Returns the row of a note that was just analysed, open and nobody's.
    pub fn of(note: &Note, analysis: &Analysis) -> Self {
        Self {
            key: note.key.clone(),
            date: note.meta.date.clone(),
            discipline: analysis.discipline.or(note.meta.discipline),
            payer: Some(analysis.payer.clone()),
            therapist: note.meta.therapist.clone(),
            facts: Some(Facts::of(analysis)),
            ..Self::default()
        }
    }
}

/// Returns what makes a note worth an early look, with points; they add up to its risk, at most 100.
pub fn risk_parts(analysis: &Analysis) -> Vec<(&'static str, u32)> {
    let count = |severity| analysis.warnings.iter().filter(|w| w.severity == severity).count();
    let open = analysis.segments.iter().filter(|s| s.code().is_none()).count();
    let close =
        analysis.segments.iter().filter(|s| s.codes.first().is_some_and(|c| c.lead < 5)).count();
    let differ = analysis
        .lines
        .iter()
        .filter(|l| l.billed_units.is_some_and(|billed| Some(billed) != l.units))
        .count();
    [
        ("errors", count(Severity::Error), 25),
        ("segments without a code", open, 15),
        ("lines billed otherwise than supported", differ, 10),
        ("warnings", count(Severity::Warning), 5),
        ("segments with a small lead", close, 3),
    ]
    .into_iter()
    .filter(|(_, count, _)| *count > 0)
    .map(|(words, count, each)| (words, to_u32(count) * each))
    .collect()
}

fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
