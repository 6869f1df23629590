//! Where a person was in a queue: kept for the next start, without a word of any note or comment.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::desk::NoteId;
use super::draft::Choice;
use super::views::{Sort, View};

/// All that the next start needs; missing fields take their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resume {
    /// Note at the cursor.
    pub note: Option<NoteId>,
    /// Place of the view.
    pub view: usize,
    /// Filter line.
    pub filter: String,
    /// Order.
    pub sort: Option<Sort>,
    /// Whether the order runs backwards.
    pub reverse: bool,
    /// Pane with the focus.
    pub pane: String,
    /// First row of the note in view.
    pub scroll: usize,
    /// Marked notes.
    pub marks: BTreeSet<NoteId>,
    /// Codes of drafts by note and segment; units, modifiers and words are not kept.
    pub drafts: BTreeMap<u32, BTreeMap<usize, Choice>>,
    /// Views the person made, as earlier versions kept them here.
    pub views: Vec<View>,
}
