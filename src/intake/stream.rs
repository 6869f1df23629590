//! JSON lines one by one: nothing but the digests of keys is kept, for inputs of any length.

use std::io::Read;

use super::Options;
use super::catalog::{Loaded, note};
use super::claims::Claims;
use super::keys::{Keys, numbered, renamed};
use super::lines;
use super::place;
use super::problem::{IntakeError, Problem, tame};
use super::scan::{Content, Scanner};

/// Notes of a reader in their order.
#[derive(Debug)]
pub struct Stream<R> {
    name: String,
    scanner: Scanner<R>,
    limit: u64,
    claims: Option<Claims>,
    keys: Keys,
    /// Problems that belong to no note, told at the end.
    last: Vec<Problem>,
    at_end: bool,
}

/// Reads JSON lines of a reader; `name` stands in messages.
pub fn stream<R: Read>(reader: R, name: &str, options: &Options) -> Result<Stream<R>, IntakeError> {
    Ok(Stream {
        name: tame(name),
        scanner: Scanner::new(reader, options.max_note_bytes),
        limit: options.max_note_bytes,
        claims: options.claims.as_deref().map(Claims::read).transpose()?,
        keys: Keys::default(),
        last: Vec::new(),
        at_end: false,
    })
}

impl<R: Read> Iterator for Stream<R> {
    type Item = Result<Loaded, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.at_end {
            let line = match self.scanner.next() {
                Ok(Some(line)) => line,
                Ok(None) => {
                    self.end();
                    break;
                }
                Err(error) => {
                    self.at_end = true;
                    return Some(Err(place::refused(&error).at(self.name.as_str())));
                }
            };
            let source = format!("{}:{}", self.name, line.number);
            let record = match line.content {
                Content::Bytes(bytes) if bytes.trim_ascii().is_empty() => continue,
                Content::Bytes(bytes) => lines::record(bytes.to_vec()),
                Content::TooLong(length) => Err(place::too_long(length, self.limit)),
            };
            return Some(match record {
                Ok(record) => Ok(self.finish(source, record)),
                Err(fault) => Err(fault.at(source)),
            });
        }
        self.last.pop().map(Err)
    }
}

impl<R> Stream<R> {
    fn finish(&mut self, source: String, record: super::facts::Record) -> Loaded {
        let mut key = record.key;
        let mut faults = record.faults;
        if let Some(number) = self.keys.take(&key) {
            let new = numbered(&key, number);
            faults.push(renamed(&key, &new));
            key = new;
        }
        let problems = faults.into_iter().map(|fault| fault.at(source.as_str())).collect();
        let note = note(key, source, record.text, record.meta, self.claims.as_ref());
        Loaded { note, problems }
    }

    fn end(&mut self) {
        self.at_end = true;
        if let Some(claims) = &self.claims {
            self.last = claims.unmatched(|key| self.keys.contains(key));
            self.last.reverse();
        }
    }
}
