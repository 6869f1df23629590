//! A file of many notes: opening it, and reading one note at its offset.

use std::borrow::Cow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use csv::ByteRecord;
use memchr::memchr;

use super::facts::Record;
use super::place::{self, Bytes, Tail};
use super::problem::Fault;
use super::table::Header;
use super::{Options, decode, lines, rows, table};

/// Largest UTF-16 file of lines or rows; it is held in memory.
const MAX_UTF16: u64 = 1_000_000_000;

/// A file of many notes.
#[derive(Debug)]
pub(super) struct Container {
    pub(super) name: String,
    pub(super) bytes: Bytes,
    pub(super) form: Form,
    /// Readers at rest, as many as threads have read rows at once.
    ///
    /// To make one takes 40 µs, to move one 2; read in order, a reader already stands at the row.
    readers: Mutex<Vec<csv::Reader<Tail>>>,
}

impl Container {
    pub(super) fn new(name: String, bytes: Bytes, form: Form) -> Self {
        Self { name, bytes, form, readers: Mutex::default() }
    }

    /// Returns where a note comes from; rows may stand behind blank lines.
    pub(super) fn source(&self, offset: u64, line: u32) -> String {
        let blank = match self.form {
            Form::Lines => 0,
            Form::Table(_) => rows::blank_lines(&self.bytes, offset),
        };
        format!("{}:{}", self.name, u64::from(line) + blank)
    }

    fn row(&self, offset: u64, delimiter: u8) -> csv::Result<ByteRecord> {
        let resting = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = resting().pop();
        let mut reader = reader.unwrap_or_else(|| table::reader(delimiter, self.bytes.from(0)));
        let (mut place, mut row) = (csv::Position::new(), ByteRecord::new());
        place.set_byte(offset);
        reader.seek(place)?;
        reader.read_byte_record(&mut row)?;
        resting().push(reader);
        Ok(row)
    }
}

/// How a file holds its notes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Form {
    Lines,
    Table(Header),
}

/// Opens a file of lines or rows.
pub(super) fn open(path: &Path) -> Result<Bytes, Fault> {
    let (file, _) = place::open(path)?;
    let bytes = Bytes::File(Arc::new(file));
    let mut head = [0; 8];
    let read = bytes.read_at(&mut head, 0).map_err(|error| place::refused(&error))?;
    if let Some(fault) = decode::wrapping(&head[..read]) {
        return Err(fault);
    }
    if decode::begins_as_utf16(&head[..read]) {
        return held(place::read(path, MAX_UTF16)?);
    }
    Ok(bytes)
}

/// Keeps bytes in memory; UTF-16 is decoded as a whole, for its lines cannot be cut at bytes.
pub(super) fn held(bytes: Vec<u8>) -> Result<Bytes, Fault> {
    let bytes = match decode::wrapping(&bytes) {
        Some(fault) => return Err(fault),
        None if decode::begins_as_utf16(&bytes) => decode::decode(bytes)?.text.into_bytes(),
        None => bytes,
    };
    Ok(Bytes::Memory(Arc::from(bytes)))
}

/// The notes of a container: 8 bytes each, and the lines where they do not follow one another.
#[derive(Debug)]
pub(super) struct Listed {
    container: Arc<Container>,
    offsets: Vec<u64>,
    /// (place in `offsets`, line): noted only where lines do not follow one another.
    jumps: Vec<(u32, u32)>,
}

impl Listed {
    pub(super) fn new(container: Arc<Container>) -> Self {
        Self { container, offsets: Vec::new(), jumps: Vec::new() }
    }

    pub(super) fn push(&mut self, offset: u64, line: u32) {
        let at = self.offsets.len();
        if self.offsets.is_empty() || self.line(at - 1).saturating_add(1) != line {
            self.jumps.push((u32::try_from(at).unwrap_or(u32::MAX), line));
        }
        self.offsets.push(offset);
    }

    fn line(&self, at: usize) -> u32 {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        let jump = self.jumps.partition_point(|(from, _)| *from <= at).checked_sub(1);
        jump.map_or(1, |jump| self.jumps[jump].1.saturating_add(at - self.jumps[jump].0))
    }

    pub(super) fn source(&self, at: usize) -> String {
        self.container.source(self.offsets[at], self.line(at))
    }

    pub(super) fn key(&self, at: usize, options: &Options) -> String {
        let key = match &self.container.form {
            Form::Lines => self
                .bytes_of_line(at, options)
                .and_then(|line| lines::key(&line).map(Cow::into_owned)),
            Form::Table(header) => self
                .row(at, header.delimiter())
                .and_then(|row| Ok(header.key(&row)?.unwrap_or_default())),
        };
        // The file has changed since it was listed; reading the note will say so.
        key.unwrap_or_else(|_| self.source(at))
    }

    pub(super) fn record(&self, at: usize, options: &Options) -> Result<Record, Fault> {
        match &self.container.form {
            Form::Lines => lines::record(self.bytes_of_line(at, options)?),
            Form::Table(header) => header.record(&self.row(at, header.delimiter())?),
        }
    }

    fn row(&self, at: usize, delimiter: u8) -> Result<ByteRecord, Fault> {
        let row = self.container.row(self.offsets[at], delimiter);
        row.map_err(|error| table::unreadable(&error))
    }

    fn bytes_of_line(&self, at: usize, options: &Options) -> Result<Vec<u8>, Fault> {
        let limit = options.max_note_bytes;
        let start = self.offsets[at];
        // The next line tells how much to read; bad lines may lie between, so no more than a page at
        // first for the last one and for long gaps.
        let gap = self.offsets.get(at + 1).map_or(8192, |next| next - start).min(65_536);
        let mut line = Vec::new();
        let mut step = usize::try_from(gap).unwrap_or(8192);
        loop {
            let held = line.len();
            line.resize(held + step, 0);
            let read = self
                .container
                .bytes
                .read_at(&mut line[held..], start + held as u64)
                .map_err(|error| place::refused(&error))?;
            line.truncate(held + read);
            if let Some(end) = memchr(b'\n', &line[held..]) {
                line.truncate(held + end);
                return Ok(line);
            }
            if read == 0 {
                return Ok(line);
            }
            if line.len() as u64 > limit {
                return Err(place::too_long(line.len() as u64, limit));
            }
            step = (step * 2).max(8192);
        }
    }
}
