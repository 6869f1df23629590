//! Sections of a note: what a heading governs.

use crate::model::{Code, SectionKind, Span};

/// A stretch of the note under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it holds.
    pub kind: SectionKind,
    /// Words of the heading; empty at the start of a note without one.
    pub heading: Span,
    /// Text it governs, heading left out.
    pub body: Span,
    /// Code that the heading claims, as "97110 Ther Ex:" does.
    pub claim: Option<Code>,
}
