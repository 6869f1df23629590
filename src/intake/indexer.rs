//! Lists notes in pieces: a worker runs the indexer, the owner of the catalog adds what it yields.

use std::collections::{BTreeSet, VecDeque};
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv::ByteRecord;

use super::Options;
use super::batch::{Batch, Piece, Waiting};
use super::claims::Claims;
use super::container::{self, Container, Form};
use super::folder::{Found, Walk};
use super::keys::{self, Keys, numbered, renamed};
use super::place::{self, Bytes, Kind};
use super::problem::{Fault, IntakeError, Problem};
use super::rows::{Next, Rows};
use super::scan::{Content, Scanner};
use super::table::Header;
use super::{lines, table};

/// Notes in a piece: some milliseconds of work.
const BATCH: usize = 4_096;
/// Problems that are listed each; the rest is counted, so that a wrong file cannot fill the memory.
const MAX_LISTED: usize = 1_000;

/// Lists the notes of paths; an iterator of pieces.
///
/// An error ends it: nothing of what came before should be used then.
pub struct Indexer {
    options: Options,
    inputs: VecDeque<PathBuf>,
    stdin: Option<Box<dyn Read + Send>>,
    started: bool,
    work: Work,
    /// Room for a row, used again for each.
    row: ByteRecord,
    claims: Option<Arc<Claims>>,
    keys: Keys,
    waiting: Waiting,
    /// The file of lines or rows that the last piece ended in.
    begun: Option<Arc<Container>>,
    /// Paths that are listed already.
    known: BTreeSet<PathBuf>,
    notes: usize,
    told: usize,
    batch: Batch,
}

enum Work {
    /// Nothing is open: take the next input.
    Idle,
    Folder(Walk),
    Lines(Arc<Container>, Scanner<place::Tail>),
    Table(Arc<Container>, Rows),
    Done,
}

impl Indexer {
    /// Prepares to list; nothing is read before the first piece is asked for.
    pub fn new(inputs: &[PathBuf], options: &Options) -> Self {
        Self::with_stdin(inputs, options, Box::new(std::io::stdin()))
    }

    /// Prepares to list, with another source of bytes behind `-`.
    pub fn with_stdin(inputs: &[PathBuf], options: &Options, stdin: Box<dyn Read + Send>) -> Self {
        Self {
            options: options.clone(),
            inputs: inputs.iter().cloned().collect(),
            stdin: Some(stdin),
            started: false,
            work: Work::Idle,
            row: ByteRecord::new(),
            claims: None,
            keys: Keys::default(),
            waiting: Waiting::default(),
            begun: None,
            known: BTreeSet::new(),
            notes: 0,
            told: 0,
            batch: Batch::default(),
        }
    }

    /// Prepares to list what came into folders since; notes of known paths are passed over.
    pub(super) fn newcomers(
        folders: &[PathBuf],
        options: &Options,
        known: BTreeSet<PathBuf>,
        keys: impl Iterator<Item = String>,
    ) -> Self {
        let mut indexer = Self::with_stdin(folders, options, Box::new(std::io::empty()));
        indexer.started = true;
        indexer.known = known;
        for key in keys {
            indexer.keys.take(&key);
            indexer.notes += 1;
        }
        indexer
    }

    fn start(&mut self) -> Result<(), IntakeError> {
        self.started = true;
        if self.inputs.is_empty() {
            return Err(IntakeError::NoInput);
        }
        for path in self.inputs.iter().filter(|path| path.as_os_str() != "-") {
            let gone = std::fs::metadata(path).err().map(|error| error.kind());
            if gone == Some(std::io::ErrorKind::NotFound) {
                return Err(IntakeError::Missing { path: place::shown(path) });
            }
        }
        if let Some(path) = &self.options.claims {
            let claims = Arc::new(Claims::read(path)?);
            self.claims = Some(Arc::clone(&claims));
            self.batch.claims = Some(claims);
        }
        Ok(())
    }

    /// Works until a piece is full or nothing is left.
    fn work(&mut self) {
        let mut work = std::mem::replace(&mut self.work, Work::Done);
        while self.batch.notes < BATCH {
            let flow = match &mut work {
                Work::Idle => {
                    work = self.begin_next();
                    continue;
                }
                Work::Folder(walk) => self.walk(walk),
                Work::Lines(container, scanner) => self.line(container, scanner),
                Work::Table(container, rows) => self.row(container, rows),
                Work::Done => break,
            };
            if flow.is_break() {
                work = Work::Idle;
            }
        }
        self.work = work;
    }

    fn begin_next(&mut self) -> Work {
        self.inputs.pop_front().map_or(Work::Done, |path| self.begin(path))
    }

    fn begin(&mut self, path: PathBuf) -> Work {
        if path.as_os_str() == "-" {
            return self.begin_stdin();
        }
        let limit = self.options.max_note_bytes;
        let fault = match std::fs::metadata(&path).map(|metadata| Kind::of(&metadata)) {
            Ok(Kind::Folder) => return Work::Folder(Walk::new(path, limit)),
            Ok(Kind::Special(name)) => place::special(name),
            Ok(Kind::Regular(length)) => match extension(&path).as_str() {
                "jsonl" | "ndjson" | "json" => return self.begin_file(&path, b'\n'),
                "csv" => return self.begin_file(&path, b','),
                "tsv" => return self.begin_file(&path, b'\t'),
                _ if length > limit => place::too_long(length, limit),
                _ => {
                    self.add_file(path);
                    return Work::Idle;
                }
            },
            Err(error) => place::refused(&error),
        };
        self.tell(place::problem(&path, fault));
        Work::Idle
    }

    fn begin_stdin(&mut self) -> Work {
        let mut bytes = Vec::new();
        let name = "standard input".to_owned();
        if let Some(Err(error)) = self.stdin.take().map(|mut from| from.read_to_end(&mut bytes)) {
            self.tell(place::refused(&error).at(name.as_str()));
        }
        match container::held(bytes) {
            Ok(bytes) => self.begin_container(name, bytes, b'\n'),
            Err(fault) => {
                self.tell(fault.at(name));
                Work::Idle
            }
        }
    }

    /// Opens a file of many notes; a newline as delimiter stands for lines of JSON.
    fn begin_file(&mut self, path: &Path, delimiter: u8) -> Work {
        match container::open(path) {
            Ok(bytes) => self.begin_container(place::shown(path), bytes, delimiter),
            Err(fault) => {
                self.tell(place::problem(path, fault));
                Work::Idle
            }
        }
    }

    fn begin_container(&mut self, name: String, bytes: Bytes, delimiter: u8) -> Work {
        let limit = self.options.max_note_bytes;
        if delimiter == b'\n' {
            let scanner = Scanner::new(bytes.from(0), limit);
            let container = Arc::new(Container::new(name, bytes, Form::Lines));
            self.batch.pieces.push(Piece::Container(Arc::clone(&container)));
            return Work::Lines(container, scanner);
        }
        let mut rows = Rows::new(bytes.clone(), delimiter, limit);
        let mut row = ByteRecord::new();
        let header = match rows.next(&mut row) {
            Ok(Next::Row(_)) => Header::of(&row, delimiter),
            Ok(Next::TooLong(_, length)) => Err(place::too_long(length, limit)),
            Ok(Next::End) => Err(Fault::new(
                "the file is empty",
                "write the names of the columns into the first row, `key` and `text` among them",
            )),
            Err(error) => Err(table::unreadable(&error)),
        };
        match header {
            Ok(header) => {
                let container = Arc::new(Container::new(name, bytes, Form::Table(header)));
                self.batch.pieces.push(Piece::Container(Arc::clone(&container)));
                Work::Table(container, rows)
            }
            Err(fault) => {
                self.tell(fault.at(name));
                Work::Idle
            }
        }
    }

    fn walk(&mut self, walk: &mut Walk) -> ControlFlow<()> {
        match walk.next() {
            Some(Found::Note(path)) if self.known.contains(&path) => {}
            Some(Found::Note(path)) => self.add_file(path),
            Some(Found::Folder(path)) => self.batch.folders.push(path),
            Some(Found::Bad(problem)) => self.tell(problem),
            None => {
                if let Some(problem) = walk.nothing() {
                    self.tell(problem);
                }
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn line(
        &mut self,
        container: &Container,
        scanner: &mut Scanner<place::Tail>,
    ) -> ControlFlow<()> {
        let line = match scanner.next() {
            Ok(Some(line)) => line,
            Ok(None) => return ControlFlow::Break(()),
            Err(error) => {
                self.tell(place::refused(&error).at(container.name.as_str()));
                return ControlFlow::Break(());
            }
        };
        let number = line.number;
        let key = match line.content {
            Content::Bytes(bytes) if bytes.trim_ascii().is_empty() => {
                return ControlFlow::Continue(());
            }
            Content::Bytes(bytes) => lines::key(bytes),
            Content::TooLong(length) => Err(place::too_long(length, self.options.max_note_bytes)),
        };
        match key {
            Ok(key) => {
                self.batch.pieces.push(Piece::Row { offset: line.offset, line: number });
                self.take(&key);
            }
            Err(fault) => self.tell(fault.at(format!("{}:{number}", container.name))),
        }
        ControlFlow::Continue(())
    }

    fn row(&mut self, container: &Container, rows: &mut Rows) -> ControlFlow<()> {
        let Form::Table(header) = &container.form else { return ControlFlow::Break(()) };
        let mut row = std::mem::take(&mut self.row);
        let (place, key) = match rows.next(&mut row) {
            Ok(Next::Row(place)) => (place, header.key(&row)),
            Ok(Next::TooLong(place, length)) => {
                let mut fault = place::too_long(length, self.options.max_note_bytes);
                fault.remedy.push_str("; look for a double quote that is never closed");
                (place, Err(fault))
            }
            Ok(Next::End) => return ControlFlow::Break(()),
            Err(error) => {
                self.tell(table::unreadable(&error).at(container.name.as_str()));
                return ControlFlow::Break(());
            }
        };
        self.row = row;
        match key {
            Ok(None) => {}
            Ok(Some(key)) => {
                let line = u32::try_from(place.line).unwrap_or(u32::MAX);
                self.batch.pieces.push(Piece::Row { offset: place.offset, line });
                self.take(&key);
            }
            Err(fault) => self.tell(fault.at(format!("{}:{}", container.name, rows.line(place)))),
        }
        ControlFlow::Continue(())
    }

    fn add_file(&mut self, path: PathBuf) {
        let key = file_key(&path);
        self.take(&key);
        self.batch.pieces.push(Piece::File(path));
    }

    fn take(&mut self, key: &str) {
        self.waiting.push(key);
        self.batch.short.push(keys::short(key));
        self.batch.notes += 1;
    }

    /// Gives notes of the piece their own keys and tells when one was there before.
    fn settle(&mut self) {
        for (place, key, number) in self.waiting.settle(&mut self.keys) {
            self.batch.renamed.push((self.notes + place, number));
            let told = self.told < MAX_LISTED;
            let source = told.then(|| self.batch.source(place, self.begun.as_ref()));
            let fault = renamed(&key, &numbered(&key, number));
            self.tell(fault.at(source.unwrap_or_default()));
        }
        self.notes += self.batch.notes;
        let begun = self.batch.pieces.iter().rev().find_map(|piece| match piece {
            Piece::Container(container) => Some(Arc::clone(container)),
            Piece::File(_) | Piece::Row { .. } => None,
        });
        self.begun = begun.or(self.begun.take());
    }

    fn tell(&mut self, problem: Problem) {
        self.told += 1;
        if self.told <= MAX_LISTED {
            self.batch.problems.push(problem);
        }
    }

    fn finish(&mut self) {
        if let Some(claims) = self.claims.take() {
            let keys = std::mem::take(&mut self.keys);
            for problem in claims.unmatched(|key| keys.contains(key)) {
                self.tell(problem);
            }
        }
        if self.told > MAX_LISTED {
            let fault = Fault::new(
                format!("{} more problems were found and are not listed", self.told - MAX_LISTED),
                "mend those listed first, or look whether the right file was named",
            );
            self.batch.problems.push(fault.at("all sources"));
        }
    }
}

impl Iterator for Indexer {
    type Item = Result<Batch, IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        if !self.started
            && let Err(error) = self.start()
        {
            self.work = Work::Done;
            return Some(Err(error));
        }
        let ended = matches!(self.work, Work::Done);
        self.work();
        self.settle();
        if matches!(self.work, Work::Done) && !ended {
            self.finish();
        }
        let batch = std::mem::take(&mut self.batch);
        (!batch.is_blank()).then_some(Ok(batch))
    }
}

/// Returns the key of a note in its own file: its name without extension.
pub(super) fn file_key(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn extension(path: &Path) -> String {
    path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default()
}
