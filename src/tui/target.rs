//! What a place on the screen stands for to a click: told where it is drawn, asked for when it is clicked.

use ratatui::layout::Rect;

use super::app::{FormFocus, QueryFocus};

/// What a click means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Target {
    /// A segment of the note.
    Segment(usize),
    /// A warning, by its place among those that are shown.
    Warning(usize),
    /// A row of the list in the top layer.
    Row(usize),
    /// A reason, by the digit that takes it.
    Reason(u8),
    /// A button of the form for a change.
    Form(FormFocus),
    /// A button of the query.
    Query(QueryFocus),
}

/// A target and where it stands; what was drawn later lies above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Hit {
    pub(in crate::tui) area: Rect,
    pub(in crate::tui) target: Target,
}
