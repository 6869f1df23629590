//! What a person did in this session, so that one act is one undo.

use std::collections::BTreeSet;

use super::desk::NoteId;
use super::draft::Draft;
use crate::model::DecisionKind;

/// One act that `u` can take back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undo {
    /// A step of the draft of a note.
    Step {
        /// The note.
        id: NoteId,
    },
    /// A decision that was recorded.
    Decision {
        /// The note.
        id: NoteId,
        /// Its key, for the message.
        key: String,
        /// Fingerprint it was decided on.
        fingerprint: String,
        /// Number of the event.
        seq: u64,
        /// What was done.
        kind: DecisionKind,
        /// What was recorded, in words.
        words: String,
        /// Draft that would decide the same again.
        draft: Draft,
    },
    /// Decisions recorded together.
    Bulk {
        /// Note, key, fingerprint and event of each.
        notes: Vec<(NoteId, String, String, u64)>,
        /// What was done.
        kind: DecisionKind,
        /// What was recorded, in words.
        words: String,
    },
    /// A filter, view or order before the last one.
    Arrangement {
        /// View.
        view: usize,
        /// Filter line.
        filter: String,
        /// Order.
        sort: super::Sort,
        /// Backwards.
        reverse: bool,
    },
    /// The marks before.
    Marks(BTreeSet<NoteId>),
    /// The views a person had made before.
    Views(Vec<super::View>),
    /// Flags set or taken off, together.
    Flag {
        /// The notes.
        ids: Vec<NoteId>,
        /// Whether they were set.
        set: bool,
    },
    /// A warning that was hidden.
    Suppress {
        /// The note.
        id: NoteId,
        /// Id of the rule.
        rule: String,
    },
}

/// Acts of this session, newest last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UndoStack {
    acts: Vec<Undo>,
}

impl UndoStack {
    /// Adds an act.
    pub fn push(&mut self, act: Undo) {
        self.acts.push(act);
    }

    /// Takes the newest act.
    pub fn pop(&mut self) -> Option<Undo> {
        self.acts.pop()
    }

    /// Returns the newest act.
    pub fn last(&self) -> Option<&Undo> {
        self.acts.last()
    }

    /// Tells whether nothing can be taken back.
    pub fn is_empty(&self) -> bool {
        self.acts.is_empty()
    }

    /// Forgets the draft steps of a note, because the note was decided.
    pub fn settle(&mut self, note: NoteId) {
        self.acts.retain(|act| !matches!(act, Undo::Step { id } if *id == note));
    }
}
