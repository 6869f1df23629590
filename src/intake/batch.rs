//! What the indexer hands to the catalog: notes, files of many notes, problems.

use std::path::PathBuf;
use std::sync::Arc;

use super::claims::Claims;
use super::container::Container;
use super::problem::Problem;

/// A piece of the list, in order.
#[derive(Debug, Default)]
pub struct Batch {
    pub(super) pieces: Vec<Piece>,
    pub(super) claims: Option<Arc<Claims>>,
    /// Notes whose key was taken, with the number that makes it unique.
    pub(super) renamed: Vec<(usize, u32)>,
    pub(super) folders: Vec<PathBuf>,
    pub(super) problems: Vec<Problem>,
    pub(super) notes: usize,
}

impl Batch {
    /// Returns how many notes the piece adds.
    pub fn len(&self) -> usize {
        self.notes
    }

    /// Tells whether the piece adds no note; it may still list problems.
    pub fn is_empty(&self) -> bool {
        self.notes == 0
    }

    /// Returns what was wrong on the way.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Tells whether there is nothing to add at all.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.is_empty()
            && self.problems.is_empty()
            && self.folders.is_empty()
            && self.claims.is_none()
    }
}

/// What is added to the catalog.
#[derive(Debug)]
pub(super) enum Piece {
    File(PathBuf),
    /// A file of many notes begins; its rows follow.
    Container(Arc<Container>),
    Row {
        offset: u64,
        line: u32,
    },
}
