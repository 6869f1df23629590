//! The catalog: where every note lies, and the way to one of them.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::batch::{Batch, Piece};
use super::claims::Claims;
use super::container::Listed;
use super::facts::Record;
use super::folder::FolderTimes;
use super::front::{self, Parts};
use super::indexer::{Indexer, file_key};
use super::keys::{self, numbered};
use super::problem::{Fault, IntakeError, Problem};
use super::{Options, decode, place};
use crate::model::{Note, NoteMeta};

/// A note that was read, with what was wrong about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The note.
    pub note: Note,
    /// Facts that could not be read: broken front matter, an unknown discipline, damaged bytes.
    pub problems: Vec<Problem>,
}

/// Where notes lie: paths of single files, 8 bytes a JSON line, 16 a CSV row of several lines.
///
/// Any number of threads may read from it at once.
#[derive(Debug, Default)]
pub struct Catalog {
    options: Options,
    parts: Vec<Part>,
    len: usize,
    claims: Option<Arc<Claims>>,
    renamed: BTreeMap<usize, u32>,
    /// Short digests of the keys as their sources write them: 4 bytes a note.
    short: Vec<u32>,
    inputs: Vec<PathBuf>,
    folders: BTreeSet<PathBuf>,
    problems: Vec<Problem>,
}

/// Digests of keys that are looked for among notes that come in.
#[derive(Debug, Clone, Default)]
pub struct KeyDigests {
    short: HashSet<u32>,
}

impl<'a> FromIterator<&'a str> for KeyDigests {
    fn from_iter<I: IntoIterator<Item = &'a str>>(keys: I) -> Self {
        let mut short = HashSet::new();
        for key in keys {
            short.insert(keys::short(key));
            short.extend(keys::unnumbered(key).map(|(base, _)| keys::short(base)));
        }
        Self { short }
    }
}

#[derive(Debug)]
struct Part {
    /// Index of its first note.
    first: usize,
    store: Store,
}

#[derive(Debug)]
enum Store {
    Files(Vec<PathBuf>),
    Rows(Listed),
}

impl Catalog {
    /// Lists all notes of the paths; `-` is standard input as JSON lines.
    pub fn open(inputs: &[PathBuf], options: &Options) -> Result<Self, IntakeError> {
        Self::fill(inputs, options, Indexer::new(inputs, options))
    }

    /// Lists JSON lines of any reader, as of standard input; their text is held in memory.
    pub fn from_reader(
        reader: Box<dyn std::io::Read + Send>,
        options: &Options,
    ) -> Result<Self, IntakeError> {
        let inputs = [PathBuf::from("-")];
        Self::fill(&inputs, options, Indexer::with_stdin(&inputs, options, reader))
    }

    /// Makes an empty catalog for pieces of an [`Indexer`] with the same paths and options.
    pub fn new(inputs: &[PathBuf], options: &Options) -> Self {
        Self { inputs: inputs.to_vec(), options: options.clone(), ..Self::default() }
    }

    fn fill(inputs: &[PathBuf], options: &Options, indexer: Indexer) -> Result<Self, IntakeError> {
        let mut catalog = Self::new(inputs, options);
        for batch in indexer {
            catalog.add(batch?);
        }
        if catalog.is_empty() {
            return Err(IntakeError::NoNotes { problems: catalog.problems });
        }
        Ok(catalog)
    }

    /// Adds a piece; indexes of notes that are there stay as they are.
    pub fn add(&mut self, batch: Batch) {
        for piece in batch.pieces {
            match piece {
                Piece::File(path) => {
                    if let Some(Part { store: Store::Files(paths), .. }) = self.parts.last_mut() {
                        paths.push(path);
                    } else {
                        self.begin(Store::Files(vec![path]));
                    }
                    self.len += 1;
                }
                Piece::Container(container) => {
                    self.begin(Store::Rows(Listed::new(container)));
                }
                Piece::Row { offset, line } => {
                    if let Some(Part { store: Store::Rows(rows), .. }) = self.parts.last_mut() {
                        rows.push(offset, line);
                        self.len += 1;
                    }
                }
            }
        }
        self.claims = batch.claims.or(self.claims.take());
        self.renamed.extend(batch.renamed);
        self.short.extend(batch.short);
        self.folders.extend(batch.folders);
        self.problems.extend(batch.problems);
    }

    fn begin(&mut self, store: Store) {
        self.parts.push(Part { first: self.len, store });
    }

    /// Returns the number of notes.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Tells whether there is no note.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns what was wrong while listing, in the order it was met.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the unique key of a note; of a JSON line the head is read. Empty beyond the end.
    pub fn key(&self, index: usize) -> String {
        let key = match self.find(index) {
            Some((Store::Files(paths), at)) => file_key(&paths[at]),
            Some((Store::Rows(rows), at)) => rows.key(at, &self.options),
            None => return String::new(),
        };
        self.unique(index, key)
    }

    /// Returns the note with a key; capitals do not matter unless two keys differ by nothing else.
    ///
    /// Only the heads of notes whose digest fits are read: a fifth of a millisecond a million.
    pub fn find_key(&self, key: &str) -> Option<usize> {
        let same = self.first(key, None);
        same.or_else(|| keys::unnumbered(key).and_then(|(base, n)| self.first(base, Some(n))))
    }

    /// Returns the notes of a range whose key may be one of those with these digests.
    pub fn maybe(&self, range: std::ops::Range<usize>, wanted: &KeyDigests) -> Vec<usize> {
        let listed = self.short.get(range.clone()).unwrap_or_default();
        let met = range.zip(listed).filter(|(_, short)| wanted.short.contains(short));
        met.map(|(at, _)| at).collect()
    }

    /// Returns the first note that its source calls so, under a number of its own or under none.
    fn first(&self, key: &str, number: Option<u32>) -> Option<usize> {
        let wanted = keys::short(key);
        let mut close = None;
        for (at, _) in self.short.iter().enumerate().filter(|(_, short)| **short == wanted) {
            if self.renamed.get(&at).copied() != number {
                continue;
            }
            let found = self.key(at);
            let base = if number.is_some() { keys::unnumbered(&found) } else { None };
            let found = base.map_or(found.as_str(), |(base, _)| base);
            if found == key {
                return Some(at);
            }
            if close.is_none() && found.eq_ignore_ascii_case(key) {
                close = Some(at);
            }
        }
        close
    }

    /// Returns where a note comes from: a path, with a line for tables. Empty beyond the end.
    pub fn source(&self, index: usize) -> String {
        match self.find(index) {
            Some((Store::Files(paths), at)) => place::shown(&paths[at]),
            Some((Store::Rows(rows), at)) => rows.source(at),
            None => String::new(),
        }
    }

    /// Reads a note; what was wrong beside its text is left out, see [`Catalog::read`].
    pub fn load(&self, index: usize) -> Result<Note, Problem> {
        self.read(index).map(|loaded| loaded.note)
    }

    /// Reads a note with the problems of its facts.
    pub fn read(&self, index: usize) -> Result<Loaded, Problem> {
        let source = self.source(index);
        let limit = self.options.max_note_bytes;
        let mut problems = Vec::new();
        let record = match self.find(index) {
            Some((Store::Files(paths), at)) => read_file(&paths[at], limit, &source, &mut problems),
            Some((Store::Rows(rows), at)) => rows.record(at, &self.options),
            None => Err(Fault::new("there is no such note", "choose one of the list")),
        };
        let record = record.map_err(|fault| fault.at(source.as_str()))?;
        problems.extend(record.faults.into_iter().map(|fault| fault.at(source.as_str())));
        let key = self.unique(index, record.key);
        let claims = self.claims.as_deref();
        let note = note(key, source, record.text, record.meta, claims);
        Ok(Loaded { note, problems })
    }

    /// Reads all notes in order.
    pub fn notes(&self) -> impl Iterator<Item = Result<Loaded, Problem>> + '_ {
        (0..self.len).map(|index| self.read(index))
    }

    /// Looks at the time of every folder, to be compared with an earlier look.
    pub fn folder_times(&self) -> FolderTimes {
        FolderTimes::of(&self.folders)
    }

    /// Lists files that came into the folders since; [`add`](Self::add) puts them at the end.
    ///
    /// Problems that are listed already are not told again.
    pub fn newcomers(&self) -> Vec<Batch> {
        let folders: Vec<PathBuf> =
            self.inputs.iter().filter(|path| path.is_dir()).cloned().collect();
        if folders.is_empty() {
            return Vec::new();
        }
        let known = self.parts.iter().flat_map(Part::paths).cloned().collect();
        let keys = (0..self.len).map(|index| self.key(index));
        let indexer = Indexer::newcomers(&folders, &self.options, known, keys);
        let mut batches: Vec<Batch> = indexer.filter_map(Result::ok).collect();
        for batch in &mut batches {
            batch.problems.retain(|problem| !self.problems.contains(problem));
        }
        batches
    }

    fn find(&self, index: usize) -> Option<(&Store, usize)> {
        if index >= self.len {
            return None;
        }
        // Parts without notes share their first index with the next one: the last of them holds it.
        let part = &self.parts[self.parts.partition_point(|part| part.first <= index) - 1];
        Some((&part.store, index - part.first))
    }

    fn unique(&self, index: usize, key: String) -> String {
        match self.renamed.get(&index) {
            Some(number) => numbered(&key, *number),
            None => key,
        }
    }
}

impl Part {
    fn paths(&self) -> &[PathBuf] {
        match &self.store {
            Store::Files(paths) => paths,
            Store::Rows(_) => &[],
        }
    }
}

/// Makes a note of its parts.
pub(super) fn note(
    key: String,
    source: String,
    text: String,
    mut meta: NoteMeta,
    claims: Option<&Claims>,
) -> Note {
    if let Some(claims) = claims {
        claims.apply(&key, &mut meta);
    }
    let digest = Sha256::digest(text.as_bytes());
    let fingerprint = digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        for half in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
        hex
    });
    Note { key, source, text, fingerprint, meta }
}

fn read_file(
    path: &Path,
    limit: u64,
    source: &str,
    problems: &mut Vec<Problem>,
) -> Result<Record, Fault> {
    let decoded = decode::decode(place::read(path, limit)?)?;
    let mut record = Record { key: file_key(path), ..Record::default() };
    record.faults.extend(decoded.doubt);
    record.text = match front::part(&decoded.text) {
        Parts::Plain => decoded.text,
        Parts::Both { block, note } => {
            problems.extend(front::read(block, source, &mut record.meta));
            note.to_owned()
        }
        Parts::Open => {
            problems.push(front::open_block(source));
            decoded.text
        }
    };
    record.meta.encoding = decoded.encoding;
    Ok(record)
}
