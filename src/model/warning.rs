//! A finding of a rule: what is wrong, where, how to mend it, which denial it invites.

use serde::{Deserialize, Serialize};

use super::Span;

/// How much a warning matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Needs a look before billing.
    Warning,
    /// The claim and the note contradict each other.
    Error,
}

impl Severity {
    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// Returns the sign that stands beside the warning on the screen.
    pub fn sign(self) -> char {
        match self {
            Self::Info => 'i',
            Self::Warning => '?',
            Self::Error => '!',
        }
    }
}

/// One finding about a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Id of the rule, as `VG-0001` or `U1`.
    pub rule: String,
    /// Stable public name, as `vague-response`.
    pub name: String,
    /// How much it matters.
    pub severity: Severity,
    /// Words of the note it is about; `None` when it is about something missing.
    pub span: Option<Span>,
    /// What was found, in plain words.
    pub message: String,
    /// What would mend it.
    pub remedy: String,
    /// Denial reasons (CARC and RARC numbers) it invites.
    pub denials: Vec<String>,
}
