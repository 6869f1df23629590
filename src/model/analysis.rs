//! What the engine says of one note: segments with suggestions, mentions, lines, time, warnings.

use std::sync::Arc;

use serde::Serialize;

use super::{
    Code, Discipline, Line, Minutes, SectionKind, Setting, Span, Status, Theme, TimeSummary,
    Warning,
};

/// Everything the engine found in one note; a pure function of text, keyword files and payer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// Discipline, from the source or read from the text.
    pub discipline: Option<Discipline>,
    /// Payer profile used.
    pub payer: String,
    /// Setting used.
    pub setting: Setting,
    /// Versions of all that went in.
    pub versions: Versions,
    /// Delivered interventions, in the order of the text.
    pub segments: Vec<Segment>,
    /// All activity terms with their status.
    pub mentions: Vec<Mention>,
    /// Supported and billed lines, by code.
    pub lines: Vec<Line>,
    /// Time of the note.
    pub time: TimeSummary,
    /// Warnings, by position and id.
    pub warnings: Vec<Warning>,
}

/// Versions that an analysis depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Versions {
    /// Program version.
    pub program: String,
    /// Keyword files: name, version and digest.
    pub keywords: String,
    /// Payer profile and its date.
    pub payer: String,
}

/// One intervention as a coder would bill it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Position in [`Analysis::segments`].
    pub index: usize,
    /// Its words.
    pub span: Span,
    /// Line of its first word, from 1.
    pub line: u32,
    /// Section it stands in.
    pub section: SectionKind,
    /// Status of its leading activity.
    pub status: Status,
    /// Minutes stated for this intervention itself.
    pub minutes: Option<Minutes>,
    /// Words that state the minutes.
    pub minutes_span: Option<Span>,
    /// Code that a label over or in the segment claims.
    pub claim: Option<Code>,
    /// What comes of it.
    pub outcome: Outcome,
    /// Codes with a score, best first.
    pub codes: Vec<CodeFinding>,
    /// The question that would settle it.
    pub ask: Option<String>,
}

impl Segment {
    /// Returns the code that leads, if the outcome is `suggest` or `other`.
    pub fn code(&self) -> Option<Code> {
        match self.outcome {
            Outcome::Suggest | Outcome::Other => self.codes.first().map(|finding| finding.code),
            Outcome::Consider | Outcome::Abstain(_) => None,
        }
    }
}

/// What the scores of a segment come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// One of the four codes leads clearly.
    Suggest,
    /// Two codes are too close; both are shown.
    Consider,
    /// No code, for a named reason.
    Abstain(Abstention),
    /// A service outside the four leads.
    Other,
}

impl Outcome {
    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suggest => "suggest",
            Self::Consider => "consider",
            Self::Abstain(_) => "abstain",
            Self::Other => "other",
        }
    }

    /// Returns the reason of an abstention.
    pub fn reason(self) -> Option<Abstention> {
        match self {
            Self::Abstain(reason) => Some(reason),
            Self::Suggest | Self::Consider | Self::Other => None,
        }
    }
}

/// Why no code is suggested; the most telling one is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Abstention {
    /// Activities are named, none was performed.
    NoPerformedActivity,
    /// Something was performed, but too little is said of it.
    OnlyVague,
    /// Cues contradict each other.
    Conflict,
    /// Only planned, goal, home program or history.
    NotToday,
    /// Only another person did it.
    OtherPersonOnly,
    /// A label and no content.
    LabelWithoutContent,
    /// The segment cannot be read.
    Unreadable,
}

impl Abstention {
    /// Returns the id, `A1` to `A8`.
    pub fn id(self) -> &'static str {
        match self {
            Self::NoPerformedActivity => "A1",
            Self::OnlyVague => "A2",
            Self::Conflict => "A3",
            Self::NotToday => "A4",
            Self::OtherPersonOnly => "A5",
            Self::LabelWithoutContent => "A6",
            Self::Unreadable => "A8",
        }
    }

    /// Returns the reason in plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoPerformedActivity => {
                "activities are named, but nothing says that they were done"
            }
            Self::OnlyVague => "too little is said of what was done",
            Self::Conflict => "the note contradicts itself on whether it was done",
            Self::NotToday => "only planned, a goal, home program or history",
            Self::OtherPersonOnly => "only another person did it",
            Self::LabelWithoutContent => "a label without content",
            Self::Unreadable => "the segment cannot be read",
        }
    }
}

/// One code for one segment, with the points that add up to its score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFinding {
    /// The code.
    pub code: Code,
    /// Points.
    pub score: i32,
    /// Score less the best score of any other code.
    pub lead: i32,
    /// Points needed.
    pub floor: i32,
    /// Whether this code is suggested, considered, named as another service, or not supported.
    pub supported: bool,
    /// Where the points come from; they add up to `score`.
    pub evidence: Vec<Evidence>,
    /// What is missing, for a code that is not suggested.
    pub why_not: Vec<String>,
}

/// A match with its status and its points for one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Id of the rule; one piece of memory for all that name it.
    pub term: Arc<str>,
    /// What a coder would call it.
    pub name: Arc<str>,
    /// Points for the code.
    pub points: i32,
    /// Status of the mention.
    pub status: Status,
    /// Words that matched.
    pub span: Span,
    /// What gave the status.
    pub cue: Option<Cue>,
}

/// What gave an activity its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Words of the cue: of the text, or of the heading.
    pub span: Span,
    /// Where it stands.
    pub source: CueSource,
}

/// Where a cue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CueSource {
    /// In the same clause.
    Local,
    /// The heading of the section.
    Section,
}

impl CueSource {
    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Section => "section",
        }
    }
}

/// An activity term found in the note, counted or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Id of the rule; one piece of memory for all that name it.
    pub term: Arc<str>,
    /// What kind of activity it is.
    pub theme: Theme,
    /// Whether it was done.
    pub status: Status,
    /// Words that matched.
    pub span: Span,
    /// What gave the status.
    pub cue: Option<Cue>,
    /// The segment it counts for.
    pub segment: Option<usize>,
}
