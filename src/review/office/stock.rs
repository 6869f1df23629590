//! Notes, engine and what is known of each note: what main thread and workers share.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use rayon::prelude::*;

use crate::engine::Engine;
use crate::engine::rules::RULES;
use crate::intake::{Batch, Catalog, FolderTimes, KeyDigests, Loaded, Problem};
use crate::model::{Analysis, Versions};
use crate::review::desk::NoteId;
use crate::review::figures::{Count, Therapist};
use crate::review::row::Row;
use crate::store::{InstallationKey, Stamp};

use super::standing::Standing;
use super::triage::{Cache, Seen};
use super::words;

/// Notes that are read on the spot: a moment's work.
const FEW: usize = 1_000;

/// What is shared.
pub(super) struct Stock {
    engine: Arc<Engine>,
    payer: Option<String>,
    catalog: RwLock<Catalog>,
    key: InstallationKey,
    cache: Mutex<Cache>,
    /// Notes that a worker listed and that the log knows.
    met: Mutex<Vec<(NoteId, String)>>,
    /// The day the office was opened, for the age of notes.
    today: Stamp,
}

impl Stock {
    pub(super) fn new(
        engine: Arc<Engine>,
        payer: Option<String>,
        catalog: Catalog,
        key: InstallationKey,
        today: Stamp,
    ) -> Self {
        Self {
            engine,
            payer,
            catalog: RwLock::new(catalog),
            key,
            cache: Mutex::default(),
            met: Mutex::default(),
            today,
        }
    }

    // A worker that stopped on a fault leaves values that are whole: each is set in one step.
    fn catalog(&self) -> RwLockReadGuard<'_, Catalog> {
        self.catalog.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn len(&self) -> usize {
        self.catalog().len()
    }

    pub(super) fn key(&self, id: NoteId) -> String {
        self.catalog().key(id.0 as usize)
    }

    /// Returns the note with a key; capitals do not matter unless two keys differ by nothing else.
    pub(super) fn find(&self, key: &str) -> Option<NoteId> {
        let at = self.catalog().find_key(key)?;
        u32::try_from(at).ok().map(NoteId)
    }

    /// Returns those notes of a range whose keys are wanted, with their keys; others are not read.
    pub(super) fn met(&self, range: Range<usize>, wanted: &KeyDigests) -> Vec<(NoteId, String)> {
        let catalog = self.catalog();
        let maybe = catalog.maybe(range, wanted).into_iter();
        maybe.filter_map(|at| Some((NoteId(u32::try_from(at).ok()?), catalog.key(at)))).collect()
    }

    pub(super) fn problems(&self) -> Vec<Problem> {
        self.catalog().problems().to_vec()
    }

    /// Adds listed notes; returns the number of notes now.
    pub(super) fn add(&self, batch: Batch) -> usize {
        let mut catalog = self.catalog.write().unwrap_or_else(PoisonError::into_inner);
        catalog.add(batch);
        catalog.len()
    }

    pub(super) fn folder_times(&self) -> FolderTimes {
        self.catalog().folder_times()
    }

    pub(super) fn newcomers(&self) -> Vec<Batch> {
        self.catalog().newcomers()
    }

    pub(super) fn add_met(&self, met: impl IntoIterator<Item = (NoteId, String)>) {
        self.met.lock().unwrap_or_else(PoisonError::into_inner).extend(met);
    }

    pub(super) fn take_met(&self) -> Vec<(NoteId, String)> {
        std::mem::take(&mut *self.met.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads a note from its source.
    pub(super) fn load(&self, id: NoteId) -> Result<Loaded, Problem> {
        let mut loaded = self.catalog().read(id.0 as usize)?;
        if loaded.note.meta.payer.is_none() {
            loaded.note.meta.payer.clone_from(&self.payer);
        }
        Ok(loaded)
    }

    /// Reads and analyses a note, and remembers what its row shows.
    pub(super) fn read(&self, id: NoteId) -> Result<(Loaded, Analysis), Problem> {
        let read = self.load(id).map(|loaded| {
            let analysis = self.engine.analyse(&loaded.note);
            (loaded, analysis)
        });
        let seen = self.seen(&read);
        self.cache().put(id, &seen);
        read
    }

    fn seen(&self, read: &Result<(Loaded, Analysis), Problem>) -> Seen {
        match read {
            Ok((loaded, analysis)) => {
                let mut row = Row::of(&loaded.note, analysis);
                row.date = row.date.map(|date| words::iso_date(&date).unwrap_or(date));
                row.age_days = row.date.as_deref().and_then(|date| words::age(date, self.today));
                Seen { row, mark: mark(&self.key.digest(&loaded.note.text)) }
            }
            Err(problem) => {
                let row = Row { problem: Some(problem.message.clone()), ..Row::default() };
                Seen { row, mark: 0 }
            }
        }
    }

    /// Returns those notes about which nothing is known yet.
    pub(super) fn unknown(&self, ids: &[NoteId]) -> Vec<NoteId> {
        let cache = self.cache();
        ids.iter().copied().filter(|id| !cache.has(*id)).collect()
    }

    /// Reads and analyses notes on all cores.
    pub(super) fn triage(&self, ids: &[NoteId]) {
        let seen: Vec<(NoteId, Seen)> = ids
            .par_iter()
            .map(|id| {
                let read = self.load(*id).map(|loaded| {
                    let analysis = self.engine.analyse(&loaded.note);
                    (loaded, analysis)
                });
                (*id, self.seen(&read))
            })
            .collect();
        let mut cache = self.cache();
        for (id, seen) in &seen {
            cache.put(*id, seen);
        }
    }

    /// Returns rows without what the log says; facts are left open where they are unknown.
    pub(super) fn rows(&self, ids: &[NoteId]) -> Vec<(NoteId, Row)> {
        let mut rows: Vec<(NoteId, Row)> = {
            let cache = self.cache();
            ids.iter().map(|id| (*id, cache.row(*id).unwrap_or_default())).collect()
        };
        let catalog = self.catalog();
        for (id, row) in &mut rows {
            row.key = catalog.key(id.0 as usize);
        }
        rows
    }

    /// Returns the notes about which nothing is known, unless they are too many to be waited for.
    pub(super) fn few_unknown(&self) -> Vec<NoteId> {
        if self.len().saturating_sub(self.cache().len()) > FEW {
            return Vec::new();
        }
        self.unknown(&ids(0..self.len()).collect::<Vec<_>>())
    }

    /// Returns how many notes were read, and how many there are.
    pub(super) fn known(&self) -> (u64, u64) {
        (self.cache().len() as u64, self.len() as u64)
    }

    /// Counts the notes known by each rule that found something.
    pub(super) fn by_rule(&self) -> BTreeMap<String, u64> {
        self.cache().by_rule()
    }

    /// Counts the segments known by what came of them, and those without a code by the reason.
    pub(super) fn outcomes(&self) -> (Vec<Count>, Vec<Count>) {
        let (counts, reasons) = self.cache().outcomes();
        let names = ["suggest", "consider", "abstain", "other"];
        let outcomes = names.into_iter().zip(counts).map(|(name, count)| Count {
            name: name.to_owned(),
            count,
            filter: format!("outcome:{name}"),
        });
        let mut reasons: Vec<Count> = reasons
            .into_iter()
            .map(|(id, count)| Count { name: id.to_owned(), count, filter: format!("reason:{id}") })
            .collect();
        reasons.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        (outcomes.collect(), reasons)
    }

    /// Counts the notes known by therapist.
    pub(super) fn by_therapist(&self) -> Vec<Therapist> {
        self.cache().by_therapist()
    }

    /// Reads all notes about which nothing is known, some at a time; tells how many of how many.
    pub(super) fn triage_all(&self, tell: &mut dyn FnMut(usize, usize)) {
        for from in (0..self.len()).step_by(FEW) {
            let upto = (from + FEW).min(self.len());
            let some: Vec<NoteId> = ids(from..upto).collect();
            self.triage(&self.unknown(&some));
            tell(upto, self.len());
        }
    }

    /// Returns a rule's id with the words a coder would call it by.
    pub(super) fn rule(&self, id: &str) -> String {
        let of_program = RULES.iter().find(|rule| rule.id == id).map(|rule| rule.title);
        let of_files = || {
            let mut rules = self.engine.lexicon().rules.iter();
            rules.find(|rule| rule.id == id).map(|rule| rule.name.as_str())
        };
        of_program.or_else(of_files).map_or_else(|| id.to_owned(), |words| format!("{id} {words}"))
    }

    /// Returns the ages of the notes known.
    pub(super) fn ages(&self) -> Vec<(NoteId, u32)> {
        self.cache().ages().collect()
    }

    /// Returns the versions of an analysis of a note that names no payer.
    pub(super) fn versions(&self) -> Versions {
        let payers = self.engine.payers();
        let profile = self.payer.as_deref().and_then(|name| payers.get(name));
        Versions {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            keywords: self.engine.lexicon().version.clone(),
            payer: profile.unwrap_or_else(|| payers.default_profile()).version(),
        }
    }

    /// Returns the digest of a note's text as it is now.
    pub(super) fn digest(&self, id: NoteId) -> Option<String> {
        self.load(id).ok().map(|loaded| self.key.digest(&loaded.note.text))
    }

    /// Puts what the log says over a row.
    pub(super) fn dressed(
        &self,
        id: NoteId,
        mut row: Row,
        standing: Option<&Standing>,
        now: Stamp,
    ) -> Row {
        let Some(standing) = standing else { return row };
        standing.dress(&mut row, now);
        if let Some(decided) = &standing.decided {
            let now = self.cache().mark(id);
            row.stale = now.is_some_and(|now| now != 0 && now != mark(&decided.digest));
        }
        row
    }
}

/// Returns the notes at some places.
pub(super) fn ids(range: Range<usize>) -> impl Iterator<Item = NoteId> {
    range.filter_map(|at| u32::try_from(at).ok().map(NoteId))
}

/// Returns the beginning of a digest: enough to tell that a text changed.
fn mark(digest: &str) -> u64 {
    digest.get(..16).and_then(|head| u64::from_str_radix(head, 16).ok()).unwrap_or(1).max(1)
}
