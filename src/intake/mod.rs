//! Notes from disk: folders, single files, JSON lines, CSV and standard input become values of the model.
//!
//! [`Catalog`] knows where every note lies and reads one when it is asked for; [`Indexer`] fills it
//! in pieces, so that a worker can list a million notes while the screen already shows the first.
//! [`stream`](stream()) reads JSON lines one by one without keeping anything.
//!
//! A bad note, row or line is listed as a [`Problem`] and stops nothing. An [`IntakeError`] says that
//! there is nothing to start from: a path that does not exist, a claims file that cannot be trusted,
//! or not one note.

mod batch;
mod catalog;
mod claims;
mod container;
mod decode;
mod facts;
mod folder;
mod front;
mod indexer;
mod keys;
mod lines;
mod place;
mod problem;
mod rows;
mod scan;
mod stream;
mod table;

use std::path::PathBuf;

pub use batch::Batch;
pub use catalog::{Catalog, KeyDigests, Loaded};
pub use folder::{FolderTimes, is_note_name};
pub use indexer::Indexer;
pub use problem::{IntakeError, Problem};
pub use stream::{Stream, stream};

/// How notes are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// CSV file with billed lines and facts by key of the note.
    pub claims: Option<PathBuf>,
    /// Longest note, in bytes as stored: file, line or row. Longer ones are listed, not read.
    pub max_note_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { claims: None, max_note_bytes: 4_000_000 }
    }
}
