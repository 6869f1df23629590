//! Listing the notes of a queue: a small one whole, the first of a large one before the screen comes up.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::intake::{Catalog, Indexer, IntakeError, KeyDigests, Options};
use crate::review::desk::NoteId;
use crate::review::row::State;

use super::stock::Stock;
use super::{News, Tell};

/// How long the start waits for more notes before the screen comes up with those that are there.
///
/// A folder of some hundred notes is listed whole in it; of a million lines the first piece is
/// there in less, and the screen with it.
const PATIENCE: Duration = Duration::from_millis(4);
/// Time between two words about how many notes there are.
const NEXT_WORD: Duration = Duration::from_millis(100);

/// When the screen may come up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// When some notes are listed; the rest follows beside the screen.
    ForSome,
    /// When the first piece is listed, however soon.
    ForFirst,
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
            let enough = match wait {
                Wait::ForFirst => true,
                Wait::ForSome => start.elapsed() > PATIENCE,
                Wait::ForAll => false,
            };
            if enough && !catalog.is_empty() {
                break Some(indexer);
            }
        };
        Ok(Self { inputs: inputs.to_vec(), catalog, rest })
    }
}

impl Listing {
    /// Returns how many notes are listed so far.
    pub fn len(&self) -> u64 {
        self.catalog.len() as u64
    }

    /// Tells whether no note is listed; never so once it has begun.
    pub fn is_empty(&self) -> bool {
        self.catalog.is_empty()
    }

    /// Tells whether all notes are listed.
    pub fn is_whole(&self) -> bool {
        self.rest.is_none()
    }
}

/// Lists the rest of a large queue.
pub(super) fn list_rest(
    stock: &Stock,
    indexer: Indexer,
    known: &BTreeMap<String, State>,
    tell: &Tell,
) {
    let wanted: KeyDigests = known.keys().map(String::as_str).collect();
    let mut told = Instant::now();
    for batch in indexer.map_while(Result::ok) {
        let from = stock.len();
        let to = stock.add(batch);
        if !known.is_empty() {
            let mut met = stock.met(from..to, &wanted);
            met.retain(|(_, key)| known.contains_key(key));
            let decided = met.iter().filter(|(_, key)| known.get(key) != Some(&State::Open));
            let decided: Vec<NoteId> = decided.map(|(id, _)| *id).collect();
            if !decided.is_empty() {
                tell(News::Decided(decided));
            }
            stock.add_met(met);
        }
        if told.elapsed() >= NEXT_WORD {
            told = Instant::now();
            tell(News::Listed { total: count(stock), whole: false });
        }
    }
    tell(News::Listed { total: count(stock), whole: true });
}

fn count(stock: &Stock) -> u32 {
    u32::try_from(stock.len()).unwrap_or(u32::MAX)
}
