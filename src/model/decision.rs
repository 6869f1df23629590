//! What a coder decided about a note.

use serde::{Deserialize, Serialize};

use super::Code;

/// What the coder did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionKind {
    /// Took the lines as shown.
    Accept,
    /// Decided other lines, with a reason.
    Change,
    /// Asked the therapist.
    Query,
    /// Put it off.
    Defer,
}

impl DecisionKind {
    /// Returns the name as it stands in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Change => "change",
            Self::Query => "query",
            Self::Defer => "defer",
        }
    }

    /// Returns the letter that stands in the queue.
    pub fn letter(self) -> char {
        match self {
            Self::Accept => 'a',
            Self::Change => 'c',
            Self::Query => 'q',
            Self::Defer => 'd',
        }
    }
}

/// How the coder came to the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Took what the program showed.
    Suggestion,
    /// Chose own codes.
    OwnCode,
    /// As one of many notes at once.
    Bulk,
    /// Before the suggestion was shown.
    Blind,
}

/// A line as decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedLine {
    /// The code.
    pub code: Code,
    /// Minutes in tenths, if known.
    pub minutes_tenths: Option<u32>,
    /// Units.
    pub units: Option<u32>,
    /// Modifiers.
    pub modifiers: Vec<String>,
}

/// A code decided for one segment; `code` is `None` for "not billable".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedSegment {
    /// First byte of the segment.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Codes the program showed, best first; empty when it abstained.
    pub suggested: Vec<Code>,
    /// Code decided.
    pub code: Option<Code>,
}

/// A decision, complete: what is recorded in one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was done.
    pub kind: DecisionKind,
    /// How.
    pub via: Via,
    /// Segments with their codes.
    pub segments: Vec<DecidedSegment>,
    /// Lines that come of it.
    pub lines: Vec<DecidedLine>,
    /// Lines that were billed.
    pub billed: Vec<DecidedLine>,
    /// Reason, from the list of reasons.
    pub reason: Option<String>,
    /// Free text: a comment, or the wording of a query.
    pub comment: Option<String>,
    /// Whether the points were looked at.
    pub evidence_seen: bool,
    /// Milliseconds on the note.
    pub elapsed_ms: u64,
}
