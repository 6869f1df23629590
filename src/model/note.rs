//! A therapy note and what its source says of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Code, Discipline, Setting};

/// A note as it was read: never changed after intake.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// Key that its source gives it (file name without extension, or the `key` field).
    pub key: String,
    /// Where it came from, for messages: a path, with a line for tables.
    pub source: String,
    /// Decoded text; front matter taken off.
    pub text: String,
    /// Digest of the decoded text, hex.
    pub fingerprint: String,
    /// What the source says of the note.
    pub meta: NoteMeta,
}

/// Says which note it is and how long, never what it holds: panics and traces print this.
impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Note")
            .field("fingerprint", &self.fingerprint)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// Facts about a note that stand beside its text; absent facts stay `None`, never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NoteMeta {
    /// Who treated.
    pub discipline: Option<Discipline>,
    /// Name of the payer profile.
    pub payer: Option<String>,
    /// Practitioner or facility.
    pub setting: Option<Setting>,
    /// Date of service as the source writes it.
    pub date: Option<String>,
    /// Therapist who signed or treated.
    pub therapist: Option<String>,
    /// Patient key of the source, used only to group visits.
    pub patient: Option<String>,
    /// Lines billed for this visit.
    pub billed: Vec<BilledLine>,
    /// Encoding that was recognised when it is not plain UTF-8, for display.
    pub encoding: Option<String>,
    /// Fields nobody here knows, kept for output.
    pub extra: BTreeMap<String, String>,
}

/// One line of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilledLine {
    /// Code billed.
    pub code: Code,
    /// Units billed.
    pub units: u32,
    /// Modifiers in their order.
    #[serde(default)]
    pub modifiers: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_no_text_and_no_name() {
        let note = Note {
            key: "dummy-anna".to_owned(),
            source: "dummy-anna.txt".to_owned(),
            text: "squats 3x10".to_owned(),
            fingerprint: "ab12".to_owned(),
            meta: NoteMeta::default(),
        };
        assert_eq!(format!("{note:?}"), "Note { fingerprint: \"ab12\", bytes: 11, .. }");
    }
}
