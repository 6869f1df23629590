//! Why a note cannot be accepted yet, first cause first.

use super::decide::code_of;
use super::draft::Draft;
use crate::model::{Analysis, Outcome, Segment, Severity, Warning};

/// The first cause that stands against accepting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    /// A segment has no code yet.
    OpenSegment(usize),
    /// An error concerns the lines that would be recorded.
    Error(usize),
    /// No segment has a code, and nothing was billed: there is nothing to record.
    Nothing,
}

/// Names of errors that speak only of what was billed: recording the supported lines corrects them.
const ABOUT_BILLED: [&str; 11] = [
    "units-over-billed",
    "units-under-billed",
    "mue-exceeded",
    "unsupported-code",
    "missed-code",
    "untimed-units",
    "missing-discipline-modifier",
    "assistant-modifier",
    "label-mismatch",
    "pair-conflict",
    "kx-threshold",
];

/// Tells whether a warning stands against recording the supported lines.
pub fn concerns_lines(warning: &Warning) -> bool {
    warning.severity == Severity::Error && !ABOUT_BILLED.contains(&warning.name.as_str())
}

/// Returns the first cause against accepting the draft, if there is one.
pub fn blocked(
    analysis: &Analysis,
    draft: &Draft,
    suppressed: impl Fn(&Warning) -> bool,
) -> Option<Blocked> {
    let chosen = |segment: &Segment| {
        draft.choice(segment.index).is_some() || code_of(segment, draft).is_some()
    };
    let open = analysis.segments.iter().position(|segment| {
        !chosen(segment) && (segment.minutes.is_some() || segment.outcome == Outcome::Consider)
    });
    let error = || analysis.warnings.iter().position(|w| concerns_lines(w) && !suppressed(w));
    let nothing = !analysis.segments.iter().any(chosen)
        && analysis.lines.iter().all(|l| l.minutes.is_none() && l.units.is_none());
    open.map(Blocked::OpenSegment)
        .or_else(|| error().map(Blocked::Error))
        .or_else(|| nothing.then_some(Blocked::Nothing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::rules::RULES;

    #[test]
    fn every_name_is_that_of_a_rule_and_stands_once() {
        for (at, name) in ABOUT_BILLED.iter().enumerate() {
            assert!(RULES.iter().any(|rule| rule.name == *name), "no rule is called {name}");
            assert!(!ABOUT_BILLED[..at].contains(name), "{name} stands twice");
        }
    }
}
