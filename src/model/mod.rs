//! Plain values shared by all floors: notes, spans, evidence, suggestions, warnings, decisions.

#![deny(clippy::disallowed_methods)]

pub mod analysis;
pub mod code;
pub mod decision;
pub mod note;
pub mod span;
pub mod time;
pub mod vocabulary;
pub mod warning;

pub use analysis::{
    Abstention, Analysis, CodeFinding, Cue, CueSource, Evidence, Mention, Outcome, Segment,
    Versions,
};
pub use code::{Code, Discipline, Setting};
pub use decision::{DecidedLine, DecidedSegment, Decision, DecisionKind, Via};
pub use note::{BilledLine, Note, NoteMeta};
pub use span::Span;
pub use time::{Line, Minutes, TimeSummary, UnitRule, UnitTotal};
pub use vocabulary::{SectionKind, Status, Theme};
pub use warning::{Severity, Warning};
