//! The note on the screen: its text wrapped, the current segment, what was looked at.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::{Analysis, Note, Segment, Severity, Warning};
use crate::review::{HistoryEntry, Lease, NoteId, NoteRef, Opened, State};

use super::super::grid::{self, Ambiguous};
use super::seek::Found;
use super::select::Selection;

/// The note that is open.
#[derive(Debug, Clone)]
pub struct OpenNote {
    /// Which one.
    pub id: NoteId,
    /// The note.
    pub note: Arc<Note>,
    /// What the engine says.
    pub analysis: Arc<Analysis>,
    /// What was decided.
    pub state: State,
    /// Earlier events, newest first.
    pub history: Vec<HistoryEntry>,
    /// Whether this person may decide.
    pub lease: Lease,
    /// Current segment.
    pub segment: usize,
    /// Warning under the cursor, as a place in [`OpenNote::order`].
    pub warning: Option<usize>,
    /// Rows of evidence that the cursor passed on the page of points.
    pub evidence: usize,
    /// First row of the text in view.
    pub top: usize,
    /// First row of the findings in view.
    pub findings_top: usize,
    /// When it was opened.
    pub opened_at: u64,
    /// Whether the points were looked at.
    pub seen: bool,
    /// Segments the cursor was on.
    pub visited: BTreeSet<usize>,
    /// Whether the text is an old one that may only be read.
    pub outdated: bool,
    /// Blind mode: whether the answer is recorded and all may be shown.
    pub revealed: bool,
    /// Warnings by weight: errors, warnings, information.
    pub order: Vec<usize>,
    /// The activity under the cursor, as a place in the analysis.
    pub mention: Option<usize>,
    /// Places of words that are looked for.
    pub found: Found,
    /// Words that are chosen.
    pub selection: Option<Selection>,
    /// Bytes at which the button of the mouse went down.
    pub drag: Option<std::ops::Range<usize>>,
    ambiguous: Ambiguous,
    wrapped: (usize, Vec<grid::Row>),
}

impl OpenNote {
    /// Takes a note as it was opened.
    pub fn new(opened: Opened, at: u64, wide: usize, ambiguous: Ambiguous) -> Self {
        let mut order: Vec<usize> = (0..opened.analysis.warnings.len()).collect();
        order.sort_by_key(|w| (std::cmp::Reverse(opened.analysis.warnings[*w].severity), *w));
        let rows = grid::wrap_as(&opened.note.text, wide, ambiguous);
        Self {
            id: opened.id,
            note: opened.note,
            analysis: opened.analysis,
            state: opened.state,
            history: opened.history,
            lease: opened.lease,
            segment: 0,
            warning: None,
            evidence: 0,
            top: 0,
            findings_top: 0,
            opened_at: at,
            seen: false,
            visited: BTreeSet::from([0]),
            outdated: false,
            revealed: false,
            order,
            mention: None,
            found: Found::default(),
            selection: None,
            drag: None,
            ambiguous,
            wrapped: (wide, rows),
        }
    }

    /// Returns what an entry says of the note; never its text.
    pub fn reference(&self) -> NoteRef {
        NoteRef {
            id: self.id,
            key: self.note.key.clone(),
            fingerprint: self.note.fingerprint.clone(),
        }
    }

    /// Returns the current segment.
    pub fn current(&self) -> Option<&Segment> {
        self.analysis.segments.get(self.segment)
    }

    /// Returns the warning under the cursor.
    pub fn current_warning(&self) -> Option<&Warning> {
        self.analysis.warnings.get(*self.order.get(self.warning?)?)
    }

    /// Returns how many warnings of a weight there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.analysis.warnings.iter().filter(|w| w.severity == severity).count()
    }

    /// Returns how wide the text's characters are taken to be.
    pub fn ambiguous(&self) -> Ambiguous {
        self.ambiguous
    }

    /// Wraps the text at another width.
    pub fn wrap_at(&mut self, wide: usize, ambiguous: Ambiguous) {
        if self.wrapped.0 != wide || self.ambiguous != ambiguous {
            self.ambiguous = ambiguous;
            let first = self.wrapped.1.get(self.top).map(|row| row.start);
            self.wrapped = (wide, grid::wrap_as(&self.note.text, wide, ambiguous));
            self.top = first.map_or(0, |byte| self.row_of(byte));
        }
    }

    /// Returns the rows of the text at a width; wraps anew only if draw and update disagree.
    pub fn rows(&self, wide: usize) -> std::borrow::Cow<'_, [grid::Row]> {
        if self.wrapped.0 == wide {
            std::borrow::Cow::Borrowed(&self.wrapped.1)
        } else {
            std::borrow::Cow::Owned(grid::wrap_as(&self.note.text, wide, self.ambiguous))
        }
    }

    /// Returns the row that holds a byte.
    pub fn row_of(&self, byte: usize) -> usize {
        self.wrapped.1.partition_point(|row| row.start <= byte).saturating_sub(1)
    }

    /// Returns a row of the text.
    pub fn row_at(&self, row: usize) -> Option<&grid::Row> {
        self.wrapped.1.get(row)
    }

    /// Returns how many rows the text has.
    pub fn row_count(&self) -> usize {
        self.wrapped.1.len()
    }

    /// Scrolls so that a byte range is in view, two rows from the edge.
    pub fn reveal(&mut self, bytes: std::ops::Range<usize>, height: usize) {
        let first = self.row_of(bytes.start);
        let last = self.row_of(bytes.end.saturating_sub(1).max(bytes.start));
        let margin = 2.min(height.saturating_sub(1) / 2);
        if last + margin >= self.top + height {
            self.top = (last + margin + 1).saturating_sub(height);
        }
        if first < self.top + margin {
            self.top = first.saturating_sub(margin);
        }
        self.top = self.top.min(self.row_count().saturating_sub(height));
    }
}
