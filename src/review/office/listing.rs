//! Listing the notes of a queue: a small one whole, the first of a large one before the screen comes up.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::intake::{Catalog, Indexer, IntakeError, Options};
use crate::review::desk::NoteId;
use crate::review::row::State;

use super::stock::{Stock, ids};
use super::{News, Tell};

/// How long the start waits for more notes before the screen comes up with those that are there.
const PATIENCE: Duration = Duration::from_millis(50);

/// When the screen may come up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// When some notes are listed; the rest follows beside the screen.
    ForSome,
    /// When all are listed.
    ForAll,
}

/// The notes of a queue, as far as they are listed.
pub struct Listing {
    pub(super) inputs: Vec<PathBuf>,
    pub(super) catalog: Catalog,
    pub(super) rest: Option<Indexer>,
}

impl Listing {
    /// Lists notes until some are there, or all; no note at all is an error.
    pub fn begin(inputs: &[PathBuf], options: &Options, wait: Wait) -> Result<Self, IntakeError> {
        let mut indexer = Indexer::new(inputs, options);
        let mut catalog = Catalog::new(inputs, options);
        let start = Instant::now();
        let rest = loop {
            match indexer.next() {
                Some(batch) => catalog.add(batch?),
                None if catalog.is_empty() => {
                    return Err(IntakeError::NoNotes { problems: catalog.problems().to_vec() });
                }
                None => break None,
            }
            if wait == Wait::ForSome && !catalog.is_empty() && start.elapsed() > PATIENCE {
                break Some(indexer);
            }
        };
        Ok(Self { inputs: inputs.to_vec(), catalog, rest })
    }
}

/// Lists the rest of a large queue.
pub(super) fn list_rest(
    stock: &Stock,
    indexer: Indexer,
    known: &BTreeMap<String, State>,
    tell: &Tell,
) {
    for batch in indexer.map_while(Result::ok) {
        let from = stock.len();
        let to = stock.add(batch);
        if !known.is_empty() {
            let met: Vec<(NoteId, String)> = ids(from..to)
                .zip(stock.keys(from..to))
                .filter(|(_, key)| known.contains_key(key))
                .collect();
            let decided = met.iter().filter(|(_, key)| known.get(key) != Some(&State::Open));
            tell(News::Decided(decided.map(|(id, _)| *id).collect()));
            stock.add_met(met);
        }
        tell(News::Grew { total: u32::try_from(to).unwrap_or(u32::MAX) });
    }
}
