//! What the indexer hands to the catalog: notes, files of many notes, problems.

use std::path::PathBuf;
use std::sync::Arc;

use super::claims::Claims;
use super::container::Container;
use super::keys::{self, Keys};
use super::place;
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
    /// Short digests of the keys as the source writes them, one a note.
    pub(super) short: Vec<u32>,
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

    /// Returns where a note of the piece comes from; `begun` is the file that was open before it.
    pub(super) fn source(&self, note: usize, begun: Option<&Arc<Container>>) -> String {
        let (mut container, mut at) = (begun, 0);
        for piece in &self.pieces {
            match piece {
                Piece::Container(next) => container = Some(next),
                Piece::File(path) if at == note => return place::shown(path),
                Piece::Row { offset, line } if at == note => {
                    return container.map(|c| c.source(*offset, *line)).unwrap_or_default();
                }
                Piece::File(_) | Piece::Row { .. } => at += 1,
            }
        }
        String::new()
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

/// Keys of a batch that are not looked up yet: one text, where each ends, and their digests.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    text: String,
    ends: Vec<usize>,
    digests: Vec<u64>,
}

impl Waiting {
    pub(super) fn push(&mut self, key: &str) {
        self.text.push_str(key);
        self.ends.push(self.text.len());
        self.digests.push(keys::digest(key));
    }

    /// Takes all of them in, in order; returns place, key and new number of those that were there
    /// before.
    pub(super) fn settle(&mut self, keys: &mut Keys) -> Vec<(usize, String, u32)> {
        keys.fetch(&self.digests);
        let (mut start, mut renamed) = (0, Vec::new());
        for (place, (end, digest)) in self.ends.iter().zip(&self.digests).enumerate() {
            let key = &self.text[start..*end];
            if let Some(number) = keys.take_digested(key, *digest) {
                renamed.push((place, key.to_owned(), number));
            }
            start = *end;
        }
        self.text.clear();
        self.ends.clear();
        self.digests.clear();
        renamed
    }
}
