//! Rows of a CSV file in their order, with offset and line; a row over the limit is passed over.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::ByteRecord;

use super::place::{Bytes, Tail};

const CHUNK: usize = 256 * 1024;

/// Reads rows one after another.
#[derive(Debug)]
pub(super) struct Rows {
    bytes: Bytes,
    reader: csv::Reader<Rationed>,
    ration: Arc<AtomicU64>,
    /// Where `reader` began.
    base: Place,
    limit: u64,
    delimiter: u8,
}

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) offset: u64,
    /// Line, from 1, as the reader counts it: see [`line_of`].
    pub(super) line: u64,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    Row(Place),
    /// A row of so many bytes.
    TooLong(Place, u64),
    End,
}

impl Rows {
    pub(super) fn new(bytes: Bytes, delimiter: u8, limit: u64) -> Self {
        let base = Place { offset: 0, line: 1 };
        let ration = Arc::new(AtomicU64::new(0));
        let reader = reader(&bytes, base, delimiter, &ration);
        Self { bytes, reader, ration, base, limit, delimiter }
    }

    /// Reads the next row into `row`.
    pub(super) fn next(&mut self, row: &mut ByteRecord) -> csv::Result<Next> {
        self.ration.store(self.limit + CHUNK as u64, Ordering::Relaxed);
        let read = self.reader.read_byte_record(row);
        let position = row.position().map_or((0, 1), |at| (at.byte(), at.line()));
        let place =
            Place { offset: self.base.offset + position.0, line: self.base.line + position.1 - 1 };
        match read {
            Ok(false) => Ok(Next::End),
            Ok(true) if row.as_slice().len() as u64 > self.limit => {
                Ok(Next::TooLong(place, row.as_slice().len() as u64))
            }
            Ok(true) => Ok(Next::Row(place)),
            Err(_) if self.ration.load(Ordering::Relaxed) == 0 => {
                let after = end_of_row(&self.bytes, place, self.delimiter)?;
                self.base = after;
                self.reader = reader(&self.bytes, after, self.delimiter, &self.ration);
                Ok(Next::TooLong(place, after.offset - place.offset))
            }
            Err(error) => Err(error),
        }
    }

    /// Returns the line of a place for a message.
    pub(super) fn line(&self, place: Place) -> u64 {
        place.line + blank_lines(&self.bytes, place.offset)
    }
}

fn reader(
    bytes: &Bytes,
    from: Place,
    delimiter: u8,
    ration: &Arc<AtomicU64>,
) -> csv::Reader<Rationed> {
    let tail = Rationed { tail: bytes.from(from.offset), left: Arc::clone(ration) };
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .buffer_capacity(CHUNK)
        .from_reader(tail)
}

/// A reader that stops when one row has taken more than its share, so that an open quote in a file of
/// any size cannot fill the memory.
#[derive(Debug)]
struct Rationed {
    tail: Tail,
    left: Arc<AtomicU64>,
}

impl Read for Rationed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other("the row is too long"));
        }
        let read = self.tail.read(buffer)?;
        self.left.store(left.saturating_sub(read as u64), Ordering::Relaxed);
        Ok(read)
    }
}

/// Returns the line of a row that was read from the start of the bytes.
///
/// The reader's own position stands behind the last row, which may be inside of its line end or on
/// blank lines that it passes over.
pub(super) fn line_of(row: &ByteRecord, bytes: &Bytes) -> u64 {
    row.position().map_or(1, |at| at.line() + blank_lines(bytes, at.byte()))
}

/// Counts newlines before the first byte that is none, from an offset.
pub(super) fn blank_lines(bytes: &Bytes, mut offset: u64) -> u64 {
    let (mut lines, mut buffer) = (0, [0; 64]);
    loop {
        // A failure here only leaves the line of a message less exact.
        let read = bytes.read_at(&mut buffer, offset).unwrap_or(0);
        for byte in &buffer[..read] {
            match byte {
                b'\n' => lines += 1,
                b'\r' => {}
                _ => return lines,
            }
        }
        if read == 0 {
            return lines;
        }
        offset += read as u64;
    }
}

/// Finds the end of a row without holding it, by the rules of the reader.
fn end_of_row(bytes: &Bytes, from: Place, delimiter: u8) -> io::Result<Place> {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        FieldStart,
        Bare,
        Quoted,
        QuoteInQuoted,
    }
    let (mut at, mut place, mut in_row) = (At::FieldStart, from, false);
    let mut buffer = vec![0; CHUNK];
    loop {
        let read = bytes.read_at(&mut buffer, place.offset)?;
        if read == 0 {
            return Ok(place);
        }
        for byte in &buffer[..read] {
            place.offset += 1;
            place.line += u64::from(*byte == b'\n');
            at = match (at, *byte) {
                (At::Quoted, b'"') => At::QuoteInQuoted,
                (At::Quoted, _) | (At::FieldStart | At::QuoteInQuoted, b'"') => At::Quoted,
                (_, b'\n' | b'\r') if in_row => return Ok(place),
                (_, b'\n' | b'\r') => At::FieldStart,
                (_, byte) if byte == delimiter => At::FieldStart,
                _ => At::Bare,
            };
            in_row |= !matches!(byte, b'\n' | b'\r');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, limit: u64) -> Vec<(u64, Result<Vec<String>, u64>)> {
        let bytes = Bytes::Memory(Arc::from(text.as_bytes()));
        let mut rows = Rows::new(bytes, b',', limit);
        let (mut row, mut found) = (ByteRecord::new(), Vec::new());
        loop {
            match rows.next(&mut row).unwrap() {
                Next::End => return found,
                Next::TooLong(place, length) => found.push((rows.line(place), Err(length))),
                Next::Row(place) => {
                    let start = usize::try_from(place.offset).unwrap();
                    let first = text[start..].trim_start_matches(['\r', '\n', '\u{feff}']);
                    let cells: Vec<_> =
                        row.iter().map(|c| String::from_utf8(c.to_vec()).unwrap()).collect();
                    assert!(first.trim_start_matches('"').starts_with(cells[0].as_str()));
                    found.push((rows.line(place), Ok(cells)));
                }
            }
        }
    }

    fn cells(words: &[&str]) -> Vec<String> {
        words.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lines_are_those_of_an_editor_with_every_line_end() {
        for end in ["\n", "\r\n"] {
            let text = "\u{feff}k,t\na,1\n\n\nb,\"x\n\"\"y\"\"\"\nc,3".replace('\n', end);
            let found = rows(&text, 100);
            let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 2, 5, 7]);
            assert_eq!(found[2].1, Ok(cells(&["b", &format!("x{end}\"y\"")])));
        }
    }

    #[test]
    fn rows_over_the_limit_are_measured_and_the_rest_is_read() {
        for end in ["\n", "\r\n"] {
            for length in [200, 3 * CHUNK] {
                let long = format!("{}\"\",{end}", "x".repeat(40)).repeat(length / 40);
                let text = format!("k,t{end}a,\"{long}\"{end}b,2\" wide{end}");
                let found = rows(&text, 100);
                assert_eq!(found.len(), 3, "{end:?} {length}");
                assert_eq!(found[1].0, 2);
                assert!(*found[1].1.as_ref().unwrap_err() >= length as u64);
                let last = 3 + text.matches('\n').count() as u64 - 3;
                assert_eq!(found[2], (last, Ok(cells(&["b", "2\" wide"]))));
            }
        }
    }

    #[test]
    fn an_open_quote_ends_with_the_file() {
        let text = format!("k,t\na,\"{}", "x\n".repeat(CHUNK));
        let found = rows(&text, 100);
        assert_eq!(found.len(), 2);
        assert!(found[1].1.is_err());
    }
}
