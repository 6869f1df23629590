//! Queries that wait for an answer, as the log knows them.

use super::desk::NoteId;

/// Reason in the log of a decision that an answer led to.
pub const ANSWERED: &str = "query-answered";

/// Reason in the log of the deferral that ends a query nobody answered.
pub const UNANSWERED: &str = "query-closed";

/// One query that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenQuery {
    /// Place of its note in this queue; `None` for a note of another queue.
    pub id: Option<NoteId>,
    /// Key of the note.
    pub key: String,
    /// Number of the event that asked.
    pub seq: u64,
    /// Who asked.
    pub who: String,
    /// When, as shown to a person.
    pub when: String,
    /// Whole days since.
    pub days: u64,
    /// What it is about, as its template says.
    pub matter: String,
    /// Question and answers offered; never words of the note.
    pub words: Vec<String>,
    /// Whether the note was edited since, which may be the answer.
    pub edited: bool,
}

impl OpenQuery {
    /// Returns the query as it goes to a therapist: by the key of the note, without its words.
    pub fn to_text(&self) -> String {
        format!("About note {}\n{}\n", self.key, self.words.join("\n"))
    }
}

/// The queries that wait, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenQueries {
    /// Those that are listed.
    pub waiting: Vec<OpenQuery>,
    /// How many more there are.
    pub more: usize,
}
