//! The narrow seam to the world: what a review asks for and what it is told.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::asked::OpenQueries;
use super::figures::{Figures, Range};
use super::queue::Order;
use super::row::{Row, State};
use super::views::{Sort, View};
use crate::model::{Analysis, Decision, Note};

/// A note of the queue by its place in the catalog; stays the same under filter and sort.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct NoteId(pub u32);

/// Who may decide about an opened note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lease {
    /// This person holds it.
    Held,
    /// Somebody else holds it until the time named.
    Taken {
        /// Who holds it.
        who: String,
        /// Until when, as shown to a person.
        until: String,
    },
    /// Nothing can be recorded here, for the reason named.
    ReadOnly(String),
}

/// One earlier event about a note, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Number of the event.
    pub seq: u64,
    /// When, as shown to a person.
    pub when: String,
    /// Who.
    pub who: String,
    /// What: `accept`, `withdraw`, `flag`, ….
    pub what: String,
    /// Lines or words in short.
    pub short: String,
    /// Further lines, shown when the entry is opened.
    pub detail: Vec<String>,
}

/// A note as it was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// Which one.
    pub id: NoteId,
    /// The note.
    pub note: Arc<Note>,
    /// What the engine says of it.
    pub analysis: Arc<Analysis>,
    /// What was decided so far.
    pub state: State,
    /// Earlier events, newest first.
    pub history: Vec<HistoryEntry>,
    /// Whether this person may decide, as far as the log was known; [`Desk::hold`] makes it sure.
    pub lease: Lease,
    /// Rules whose findings are hidden for this note.
    pub suppressed: std::collections::BTreeSet<String>,
}

/// The note an entry is about; never its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRef {
    /// Its place in the catalog.
    pub id: NoteId,
    /// Its key; empty for a note that is not in view.
    pub key: String,
    /// Digest of the text that was on the screen; empty for a note that was not.
    pub fingerprint: String,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// A decision.
    Decide(Box<Decision>),
    /// A second decision of an earlier one, which stays in the log.
    Amend {
        /// Event amended.
        seq: u64,
        /// The new decision.
        decision: Box<Decision>,
    },
    /// A decision beside that of the coder who has the note now.
    SecondOpinion(Box<Decision>),
    /// Takes an event back.
    Withdraw {
        /// Event taken back.
        seq: u64,
    },
    /// A question to the lead or trainer.
    Flag {
        /// The question; may be empty.
        question: String,
    },
    /// Takes the flag off.
    Unflag,
    /// Hides one warning of this note.
    Suppress {
        /// Id of the rule.
        rule: String,
        /// Reason given.
        reason: String,
    },
    /// Shows the hidden warning again.
    Unsuppress {
        /// Id of the rule.
        rule: String,
    },
}

impl Act {
    /// Tells whether it is a decision about a note.
    pub fn decides(&self) -> bool {
        matches!(self, Self::Decide(_) | Self::Amend { .. } | Self::SecondOpinion(_))
    }
}

/// One thing to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// About which note.
    pub note: NoteRef,
    /// What.
    pub act: Act,
}

/// The log's answer for one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Which note.
    pub id: NoteId,
    /// Number of the event.
    pub seq: u64,
    /// Id of the event.
    pub event_id: String,
    /// The event as history, for the open note.
    pub entry: HistoryEntry,
}

/// What kind of thing went wrong; decides which screen is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The log could not be written.
    Store,
    /// Somebody else has the note now.
    LeaseLost,
    /// The note was edited at its source after it was opened.
    NoteChanged,
    /// The note is gone or cannot be read.
    Unreadable,
    /// The request itself cannot be met, as a filter that is wrong.
    Refused,
}

/// A fault in words for a person; never with words of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// Why.
    pub why: String,
    /// Where: a path or a name.
    pub place: String,
    /// What to do.
    pub remedy: String,
}

/// Which notes to show, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrangement {
    /// Terms of view and filter line together, in the language of [`super::filter`].
    pub filter: String,
    /// Order of the rows.
    pub sort: Sort,
    /// Whether the order runs backwards.
    pub reverse: bool,
    /// Coder at the screen, for `mine`.
    pub coder: String,
    /// Marked notes, for `marked`.
    pub marked: std::collections::BTreeSet<NoteId>,
}

/// When something asked for is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It can be had at once.
    Now,
    /// Work goes on beside the screen, and a message tells when it is there.
    Later,
}

/// What a review needs of notes, engine and log; made of them by the program, of memory by tests.
pub trait Desk {
    /// Begins to read a note, and tells whether [`Desk::open`] would have to wait for it.
    fn fetch(&mut self, _id: NoteId) -> When {
        When::Now
    }
    /// Begins to read notes that the person may go to next.
    fn foresee(&mut self, _ids: &[NoteId]) {}
    /// Reads and analyses a note, lists its events, tells who has it.
    fn open(&mut self, id: NoteId) -> Result<Opened, Problem>;
    /// Takes the lease of a note that was opened, and gives the one held before it back.
    ///
    /// Asked when the note is on the screen and no key waits: writing to the log must not stand
    /// between a key and its picture, and notes that were only passed by are not taken at all.
    /// `None` if that was done since the note was opened.
    fn hold(&mut self, _id: NoteId) -> Option<Lease> {
        None
    }
    /// Gives the lease of a note back, because the screen was locked.
    fn release(&mut self, id: NoteId);
    /// Returns facts for the rows in view; ids without a note are left out.
    fn rows(&mut self, ids: &[NoteId]) -> Vec<(NoteId, Row)>;
    /// Returns the notes that are decided already; asked once, at the start.
    fn decided(&mut self) -> Vec<NoteId>;
    /// Returns the notes that pass a filter, in order.
    ///
    /// `None` means that notes have to be read first: the answer comes later, under the same
    /// generation, unless a newer request or [`Desk::stop`] comes before it.
    fn arrange(&mut self, generation: u64, wanted: &Arrangement) -> Option<Result<Order, Problem>>;
    /// Stops reading for the last request of [`Desk::arrange`], [`Desk::fetch`], [`Desk::count`] or
    /// [`Desk::export`].
    fn stop(&mut self);
    /// Returns the id of a note key.
    fn find(&mut self, key: &str) -> Option<NoteId>;
    /// Returns where the person was, once all notes of a large queue are listed; `None` if the start
    /// had it all.
    fn rest_of_resume(&mut self) -> Option<super::Resume> {
        None
    }
    /// Records entries in one transaction, all or none.
    ///
    /// A repeated `ticket` is a retry: what the first call did record is answered, not doubled.
    fn record(&mut self, ticket: u64, entries: &[Entry]) -> Result<Vec<Receipt>, Problem>;
    /// Lists the queries that wait for an answer, oldest first.
    fn open_queries(&mut self) -> Result<OpenQueries, Problem> {
        Ok(OpenQueries::default())
    }
    /// Begins to count the figures of the board, and tells whether [`Desk::figures`] may be asked.
    fn count(&mut self, _range: Range) -> When {
        When::Now
    }
    /// Counts the figures of the board from the log.
    fn figures(&mut self, range: Range) -> Result<Figures, Problem>;
    /// Begins to write a table of the notes in an order; a message tells when it is there.
    fn export(&mut self, _path: &str, _order: &Order) -> Result<(), Problem> {
        Err(Problem {
            kind: ProblemKind::Refused,
            why: "Tables cannot be written from here.".to_owned(),
            place: String::new(),
            remedy: "`rubric analyse --format jsonl` writes analyses.".to_owned(),
        })
    }
    /// Keeps a setting in the person's file and names the file.
    fn settle(&mut self, _name: &str, _value: &str) -> Result<String, Problem> {
        Err(Problem {
            kind: ProblemKind::Refused,
            why: "Settings cannot be kept from here.".to_owned(),
            place: String::new(),
            remedy: "Change them by `rubric config set`.".to_owned(),
        })
    }
    /// Keeps the views a person made and names the file.
    fn keep_views(&mut self, _views: &[View]) -> Result<String, Problem> {
        Err(Problem {
            kind: ProblemKind::Refused,
            why: "Views cannot be kept from here.".to_owned(),
            place: String::new(),
            remedy: "They hold until you quit.".to_owned(),
        })
    }
    /// Keeps where the person was, for the next start.
    fn keep(&mut self, resume: &super::Resume);
}
