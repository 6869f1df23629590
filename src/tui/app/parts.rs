//! Parts of the state that are values of their own: screens, messages, what is on its way, counts.

use crate::model::DecisionKind;
use crate::review::{Draft, Entry, Problem, Sort, Undo};

use super::BulkKind;

/// Which screen lies under all layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Screen {
    /// Queue, note and findings.
    #[default]
    Review,
    /// The queue alone.
    Queue,
    /// The points of a segment.
    Findings,
    /// Figures.
    Board,
}

/// How loud a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Something was done.
    #[default]
    Done,
    /// Something was not done, and why.
    Refused,
    /// Something failed.
    Error,
}

/// The last thing that happened, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// How loud.
    pub tone: Tone,
    /// One line of whole sentences.
    pub text: String,
}

/// How the queue is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Place of the view.
    pub view: usize,
    /// Filter line.
    pub filter: String,
    /// Order.
    pub sort: Sort,
    /// Whether it runs backwards.
    pub reverse: bool,
}

/// What is on its way to the log, or could not be written.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Which request.
    pub ticket: u64,
    /// What was to be recorded.
    pub entries: Vec<Entry>,
    /// What comes after it.
    pub purpose: Purpose,
    /// In words.
    pub words: String,
    /// Why it failed; `None` while the answer is awaited.
    pub problem: Option<Problem>,
}

/// What comes after the log's answer.
#[derive(Debug, Clone)]
pub enum Purpose {
    /// A decision: the row, the undo, the next note.
    Decide {
        /// Draft that would decide the same again.
        draft: Draft,
        /// What was done.
        kind: DecisionKind,
        /// Text for the clipboard after a query.
        copy: Option<String>,
    },
    /// Decisions about many notes.
    Bulk(BulkKind),
    /// Something taken back.
    Withdraw(Undo),
    /// A flag set or taken off.
    Flag(bool),
    /// A warning hidden or shown again.
    Suppress {
        /// Id of the rule.
        rule: String,
        /// Whether it is hidden.
        hide: bool,
    },
}

/// Counts of this session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Session {
    /// Decisions by accept, change, query, defer.
    pub kinds: [u32; 4],
    /// Decisions taken back.
    pub undone: u32,
}

impl Session {
    /// Counts decisions that were taken back: they are recorded, but stand no more.
    pub fn take_back(&mut self, kind: DecisionKind, count: u32) {
        let kept = &mut self.kinds[kind as usize];
        *kept = kept.saturating_sub(count);
        self.undone += count;
    }

    /// Returns how many recorded decisions stand.
    pub fn recorded(&self) -> u32 {
        self.kinds.iter().sum()
    }
}
