//! Lines of a stream, found in one reused buffer; a line over the limit is skipped, not held.

use std::io::{self, Read};

use memchr::memchr;

/// Bytes read at a time: larger buffers fall out of the cache, smaller ones cost system calls.
const CHUNK: usize = 256 * 1024;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Finds lines in anything that can be read.
#[derive(Debug)]
pub(super) struct Scanner<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset of `buffer[start]` in the stream.
    offset: u64,
    number: u32,
    limit: usize,
    at_end: bool,
}

/// A line with its place.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Offset of its first byte in the stream.
    pub(super) offset: u64,
    /// Number, from 1.
    pub(super) number: u32,
    pub(super) content: Content<'a>,
}

/// What a line holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content<'a> {
    /// Its bytes without the newline.
    Bytes(&'a [u8]),
    /// It is longer than the limit: so many bytes.
    TooLong(u64),
}

impl<R: Read> Scanner<R> {
    pub(super) fn new(reader: R, limit: u64) -> Self {
        Self {
            reader,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            offset: 0,
            number: 0,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            at_end: false,
        }
    }

    /// Returns the next line, blank ones too.
    pub(super) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        if self.number == 0 {
            self.skip_mark()?;
        }
        self.number = self.number.saturating_add(1);
        let mut searched = 0;
        let length = loop {
            match memchr(b'\n', &self.buffer[self.start + searched..self.end]) {
                Some(at) => break searched + at,
                None if self.at_end && self.start == self.end => return Ok(None),
                None if self.at_end => break self.end - self.start,
                None => searched = self.end - self.start,
            }
            if searched > self.limit {
                return self.skip_line().map(Some);
            }
            self.fill()?;
        };
        let (from, offset) = (self.start, self.offset);
        self.advance((length + 1).min(self.end - from));
        let content = if length > self.limit {
            Content::TooLong(length as u64)
        } else {
            Content::Bytes(&self.buffer[from..from + length])
        };
        Ok(Some(Line { offset, number: self.number, content }))
    }

    fn advance(&mut self, bytes: usize) {
        self.start += bytes;
        self.offset += bytes as u64;
    }

    fn skip_mark(&mut self) -> io::Result<()> {
        while self.end < MARK.len() && !self.at_end {
            self.fill()?;
        }
        if self.buffer[..self.end].starts_with(MARK) {
            self.advance(MARK.len());
        }
        Ok(())
    }

    /// Throws the rest of the line away without keeping it.
    fn skip_line(&mut self) -> io::Result<Line<'_>> {
        let (offset, mut length) = (self.offset, 0);
        loop {
            let held = &self.buffer[self.start..self.end];
            if let Some(at) = memchr(b'\n', held) {
                length += at as u64;
                self.advance(at + 1);
                break;
            }
            length += held.len() as u64;
            self.advance(held.len());
            if self.at_end {
                break;
            }
            self.fill()?;
        }
        Ok(Line { offset, number: self.number, content: Content::TooLong(length) })
    }

    /// Moves what is left to the front and reads behind it; the buffer grows only for a long line.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(read) => {
                    self.end += read;
                    self.at_end = read == 0;
                    return Ok(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8], limit: u64) -> Vec<(u64, u32, Result<String, u64>)> {
        let mut scanner = Scanner::new(bytes, limit);
        let mut found = Vec::new();
        while let Some(line) = scanner.next().unwrap() {
            let content = match line.content {
                Content::Bytes(bytes) => Ok(String::from_utf8(bytes.to_vec()).unwrap()),
                Content::TooLong(length) => Err(length),
            };
            found.push((line.offset, line.number, content));
        }
        found
    }

    #[test]
    fn lines_have_their_offset_and_number_after_a_mark_too() {
        assert_eq!(
            lines(b"\xef\xbb\xbfa\n\nbc", 10),
            [(3, 1, Ok("a".into())), (5, 2, Ok(String::new())), (6, 3, Ok("bc".into()))]
        );
        assert_eq!(lines(b"", 10), []);
        assert_eq!(lines(b"a\n", 10), [(0, 1, Ok("a".into()))]);
    }

    #[test]
    fn a_long_line_is_measured_and_the_next_one_is_read() {
        assert_eq!(lines(b"abcdef\nxy\n", 4), [(0, 1, Err(6)), (7, 2, Ok("xy".into()))]);
        let mut long = vec![b'a'; 3 * CHUNK + 17];
        long.extend_from_slice(b"\nend");
        let length = 3 * CHUNK as u64 + 17;
        assert_eq!(lines(&long, 1000), [(0, 1, Err(length)), (length + 1, 2, Ok("end".into()))]);
        let whole = lines(&long, length);
        assert_eq!(whole[0].2.as_ref().unwrap().len() as u64, length);
    }

    #[test]
    fn lines_over_a_border_of_the_buffer_stay_whole() {
        let text = (0..200_000).map(|n| format!("line {n}")).collect::<Vec<_>>().join("\n");
        let found = lines(text.as_bytes(), 100);
        assert_eq!(found.len(), 200_000);
        for (offset, number, content) in found {
            let content = content.unwrap();
            assert_eq!(content, format!("line {}", number - 1));
            let start = usize::try_from(offset).unwrap();
            assert_eq!(&text[start..start + content.len()], content);
        }
    }
}
