//! Builds the decision that is recorded from a note, its analysis and the draft.

use super::draft::{Choice, Draft, Values};
use super::lines::{DraftLine, UnitsOf, draft_lines};
use crate::model::{
    Analysis, Code, DecidedLine, DecidedSegment, Decision, DecisionKind, Minutes, Note, Outcome,
    Segment, Via,
};

/// A reason for a change; the digit is its place in [`REASONS`] and one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Name in the log.
    pub id: &'static str,
    /// Words in a wide form.
    pub words: &'static str,
    /// Words in a narrow form.
    pub short: &'static str,
}

/// Reasons for a change, in the order of their digits.
pub const REASONS: [Reason; 8] = [
    reason("other-code", "another code fits this segment better", "another code fits better"),
    reason("not-supported", "the note does not support the suggestion", "note does not support it"),
    reason("not-delivered", "not delivered: goal, plan, home, history", "not delivered"),
    reason("minutes-or-units", "minutes or units", "minutes or units"),
    reason("modifier-or-pair", "modifier or code pair", "modifier or code pair"),
    reason("segments", "a segment was missed or split", "segment missed or split"),
    reason("payer-rule", "payer rule", "payer rule"),
    reason("other", "other: comment needed", "other: comment needed"),
];

/// Reasons for putting a note off, in the order of their digits.
pub const DEFER_REASONS: [Reason; 4] = [
    reason("waiting-for-records", "waiting for records", "waiting for records"),
    reason("second-look", "needs a second look", "needs a second look"),
    reason("outside-scope", "outside my scope", "outside my scope"),
    reason("other", "other", "other"),
];

const fn reason(id: &'static str, words: &'static str, short: &'static str) -> Reason {
    Reason { id, words, short }
}

/// Returns the codes that the program showed for a segment: one, or the two that are too close.
pub fn shown_codes(segment: &Segment) -> Vec<Code> {
    match segment.outcome {
        Outcome::Suggest | Outcome::Other => segment.code().into_iter().collect(),
        Outcome::Consider => {
            segment.codes.iter().filter(|finding| finding.supported).map(|f| f.code).collect()
        }
        Outcome::Abstain(_) => Vec::new(),
    }
}

/// Returns the code of a segment under the draft; `None` while it is open or not billable.
pub fn code_of(segment: &Segment, draft: &Draft) -> Option<Code> {
    draft.choice(segment.index).map_or_else(|| segment.code(), Choice::code)
}

/// Tells whether the draft is what the program showed: then `a` accepts, else it is a change.
pub fn is_accept(analysis: &Analysis, draft: &Draft, units_of: &UnitsOf) -> bool {
    let values = draft.values();
    let shown = analysis.segments.iter().all(|segment| match draft.choice(segment.index) {
        None => true,
        Some(Choice::Code(code)) => shown_codes(segment).contains(&code),
        Some(Choice::NotBillable) => false,
    });
    shown
        && values.minutes.is_empty()
        && draft_lines(analysis, draft, units_of)
            .iter()
            .filter(|l| l.alive)
            .all(|line| line.units == line.rule_units && !values.modifiers.contains_key(&line.code))
}

/// What goes into a decision beside note, analysis and draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// How the coder came to it.
    pub via: Via,
    /// Whether the points were looked at.
    pub evidence_seen: bool,
    /// Milliseconds on the note.
    pub elapsed_ms: u64,
}

/// Builds the decision of a draft.
pub fn decision(
    kind: DecisionKind,
    note: &Note,
    analysis: &Analysis,
    draft: &Draft,
    units_of: &UnitsOf,
    how: &Circumstances,
) -> Decision {
    let values = draft.values();
    let lines = match kind {
        DecisionKind::Accept | DecisionKind::Change => draft_lines(analysis, draft, units_of)
            .into_iter()
            .filter(|line| line.alive)
            .map(|line| DecidedLine {
                code: line.code,
                minutes_tenths: line.minutes.map(Minutes::in_tenths),
                units: line.units,
                modifiers: line.modifiers,
            })
            .collect(),
        DecisionKind::Query | DecisionKind::Defer => Vec::new(),
    };
    Decision {
        kind,
        via: how.via,
        segments: analysis
            .segments
            .iter()
            .map(|segment| DecidedSegment {
                start: segment.span.start,
                end: segment.span.end,
                suggested: shown_codes(segment),
                code: code_of(segment, draft),
            })
            .collect(),
        lines,
        billed: note
            .meta
            .billed
            .iter()
            .map(|line| DecidedLine {
                code: line.code,
                minutes_tenths: None,
                units: Some(line.units),
                modifiers: line.modifiers.clone(),
            })
            .collect(),
        reason: values.reason.and_then(|at| REASONS.get(at)).map(|reason| reason.id.to_owned()),
        comment: Some(values.comment.trim().to_owned()).filter(|words| !words.is_empty()),
        evidence_seen: how.evidence_seen,
        elapsed_ms: how.elapsed_ms,
    }
}

/// Returns the draft that would decide the same again, for a decision that was taken back.
pub fn draft_of(decision: &Decision, analysis: &Analysis, units_of: &UnitsOf) -> Draft {
    let mut values = Values {
        reason: decision
            .reason
            .as_deref()
            .and_then(|id| REASONS.iter().position(|reason| reason.id == id)),
        comment: decision.comment.clone().unwrap_or_default(),
        ..Values::default()
    };
    if matches!(decision.kind, DecisionKind::Query | DecisionKind::Defer) {
        (values.reason, values.comment) = (None, String::new());
    }
    for (segment, decided) in analysis.segments.iter().zip(&decision.segments) {
        if segment.code() != decided.code {
            let choice = decided.code.map_or(Choice::NotBillable, Choice::Code);
            if decided.code.is_some() || segment.code().is_some() {
                values.choices.insert(segment.index, choice);
            }
        }
    }
    let plain = draft_lines(analysis, &Draft::restored(values.clone()), units_of);
    for line in &decision.lines {
        let Some(before) = plain.iter().find(|before| before.code == line.code) else { continue };
        let minutes = line.minutes_tenths.map(Minutes::tenths);
        if let Some(minutes) = minutes.filter(|_| minutes != before.minutes) {
            values.minutes.insert(line.code, minutes);
        }
        if let Some(units) = line.units.filter(|_| line.units != before.rule_units) {
            values.units.insert(line.code, units);
        }
        if line.modifiers != before.modifiers {
            values.modifiers.insert(line.code, line.modifiers.clone());
        }
    }
    Draft::restored(values)
}

/// Returns lines in short, as `97110 x2, 97530 x1`.
pub fn lines_in_words(lines: &[DecidedLine]) -> String {
    let words: Vec<String> = lines
        .iter()
        .map(|line| match line.units {
            Some(units) => format!("{} x{units}", line.code),
            None => line.code.to_string(),
        })
        .collect();
    if words.is_empty() { "no lines".to_owned() } else { words.join(", ") }
}

/// Tells whether a line differs from what the rule gives, so that the reason must be minutes or units.
pub fn needs_unit_reason(lines: &[DraftLine], values: &Values) -> bool {
    !values.minutes.is_empty() || lines.iter().any(|l| l.alive && l.units != l.rule_units)
}
