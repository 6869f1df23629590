//! The closed word lists of an analysis: kinds of sections, statuses of an activity, themes.

use serde::{Deserialize, Serialize};

/// What a heading governs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum SectionKind {
    /// What the patient says.
    Subjective,
    /// Past history and prior level of function.
    History,
    /// Findings.
    Objective,
    /// Tests and outcome measures.
    Tests,
    /// What was done today.
    Interventions,
    /// Exercises and advice for home.
    HomeProgram,
    /// Teaching.
    Education,
    /// How the patient responded.
    Response,
    /// The therapist's judgement.
    Assessment,
    /// Goals.
    Goals,
    /// What comes next.
    Plan,
    /// Codes, minutes and units.
    Billing,
    /// Who signed.
    Signature,
    /// Any other heading, or none.
    #[default]
    Unknown,
}

impl SectionKind {
    /// Returns the name as it stands in files and machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subjective => "subjective",
            Self::History => "history",
            Self::Objective => "objective",
            Self::Tests => "tests",
            Self::Interventions => "interventions",
            Self::HomeProgram => "home-program",
            Self::Education => "education",
            Self::Response => "response",
            Self::Assessment => "assessment",
            Self::Goals => "goals",
            Self::Plan => "plan",
            Self::Billing => "billing",
            Self::Signature => "signature",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether an activity was done today, by whom, when; in the order of precedence.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Part of the name of a standard test.
    TestName,
    /// Done by somebody other than the patient.
    OtherPerson,
    /// Said not to have been done.
    NotDone,
    /// A goal.
    Goal,
    /// Planned for later.
    Planned,
    /// To be done at home.
    HomeProgram,
    /// Before this episode.
    History,
    /// What the patient or another person says.
    Reported,
    /// Done today.
    Performed,
    /// Nothing tells.
    #[default]
    Unstated,
}

impl Status {
    /// Returns the name as it stands in files and machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TestName => "test-name",
            Self::OtherPerson => "other-person",
            Self::NotDone => "not-done",
            Self::Goal => "goal",
            Self::Planned => "planned",
            Self::HomeProgram => "home-program",
            Self::History => "history",
            Self::Reported => "reported",
            Self::Performed => "performed",
            Self::Unstated => "unstated",
        }
    }
}

/// What kind of activity a mention is; the screen gives each its letter and colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Functional task, 97530.
    FunctionalTask,
    /// Exercise, 97110.
    Exercise,
    /// Balance, coordination, posture, movement sense, 97112.
    Neuromuscular,
    /// Self-care and home management, 97535.
    SelfCare,
    /// A service outside the four.
    OtherService,
}

impl Theme {
    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FunctionalTask => "functional-task",
            Self::Exercise => "exercise",
            Self::Neuromuscular => "neuromuscular",
            Self::SelfCare => "self-care",
            Self::OtherService => "other-service",
        }
    }

    /// Returns the letter that stands in the margin of a note.
    pub fn letter(self) -> char {
        match self {
            Self::FunctionalTask => 'T',
            Self::Exercise => 'E',
            Self::Neuromuscular => 'N',
            Self::SelfCare => 'S',
            Self::OtherService => 'X',
        }
    }
}
