//! Remembered heads: what each coder saw last, kept outside of the log, so that a cut end shows.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension as _};
use serde::{Deserialize, Serialize};

use super::append::sorted;
use super::chain::{Digest, hex};
use super::error::StoreError;
use super::place::{self, LogPlace};
use super::tree::{Frontier, leaf_hash};

/// The state of a log at one moment, as somebody outside of it remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Id of the log, from its first event.
    pub log: String,
    /// Number of events.
    pub size: u64,
    /// Root of the tree over them, hex.
    pub root: String,
    /// Hash of the last of them, hex.
    pub last_hash: String,
    /// When it was seen, in UTC milliseconds.
    pub at: i64,
    /// Who saw it.
    pub coder: String,
}

/// A head with what it takes to go on from it without reading the log from its first event.
#[derive(Debug, Serialize, Deserialize)]
struct Remembered {
    #[serde(flatten)]
    head: Head,
    peaks: Vec<String>,
}

/// How a log fails to go on from a remembered head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadProblem {
    /// The head that is not part of the log.
    pub head: Head,
    /// Number of events the log holds now.
    pub size: u64,
}

impl fmt::Display for HeadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Head { size: seen, coder, at, .. } = &self.head;
        let day = jiff::Timestamp::from_millisecond(*at)
            .map_or_else(|_| "an unknown day".to_owned(), |at| at.strftime("%Y-%m-%d").to_string());
        if self.size < *seen {
            write!(f, "log went back from {seen} to {}", self.size)?;
        } else {
            write!(f, "the first {seen} events are not those that were recorded")?;
        }
        write!(f, "; last head seen by {coder} on {day}")
    }
}

/// Returns the folder in which heads of a log are remembered.
fn folder(state_dir: &Path, log: &str) -> PathBuf {
    state_dir.join("heads").join(log)
}

/// Returns the file of one coder's head; the name is hashed, for it may hold anything.
fn file(state_dir: &Path, log: &str, coder: &str) -> PathBuf {
    let name = leaf_hash(coder.as_bytes());
    folder(state_dir, log).join(format!("{}.json", hex(&name.as_bytes()[..8])))
}

/// Reads all heads that are remembered for a log; a file that cannot be read as one is an error.
pub fn remembered(state_dir: &Path, log: &str) -> Result<Vec<Head>, StoreError> {
    let folder = folder(state_dir, log);
    let failed = |path: &Path, why: String| StoreError::Io { path: path.to_path_buf(), why };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(&folder, error.to_string())),
    };
    let mut heads = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(&folder, error.to_string()))?.path();
        if path.extension().is_none_or(|ext| ext != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| failed(&path, error.to_string()))?;
        let head = serde_json::from_str(&text).ok().filter(|head: &Head| head.log == log);
        heads.push(head.ok_or_else(|| failed(&path, "is not a remembered head".to_owned()))?);
    }
    heads.sort_by(|a, b| (a.size, &a.coder).cmp(&(b.size, &b.coder)));
    Ok(heads)
}

/// Remembers a head by replacing the coder's file whole.
pub(crate) fn remember(
    state_dir: &Path,
    head: Head,
    frontier: &Frontier,
) -> Result<(), StoreError> {
    let file = file(state_dir, &head.log, &head.coder);
    let peaks = frontier.peaks().iter().map(ToString::to_string).collect();
    replace(&file, &Remembered { head, peaks })
}

/// Returns the tree as a coder left it, if what is remembered of it fits together.
///
/// The caller has checked that the log goes on from the coder's head.
pub(crate) fn tree_left_by(state_dir: &Path, log: &str, coder: &str) -> Option<Frontier> {
    let text = fs::read_to_string(file(state_dir, log, coder)).ok()?;
    let left: Remembered = serde_json::from_str(&text).ok()?;
    let peaks = left.peaks.iter().map(|peak| Digest::from_hex(peak)).collect::<Option<_>>()?;
    let frontier = Frontier::resume(left.head.size, peaks)?;
    (frontier.root().to_string() == left.head.root).then_some(frontier)
}

/// Which log stood at a path when it was last seen.
#[derive(Debug, Serialize, Deserialize)]
struct Place {
    path: PathBuf,
    log: String,
}

fn place_file(state_dir: &Path, log_file: &Path) -> (PathBuf, PathBuf) {
    let path = std::path::absolute(log_file).unwrap_or_else(|_| log_file.to_path_buf());
    let name = leaf_hash(path.as_os_str().as_encoded_bytes());
    let file = format!("{}.json", hex(&name.as_bytes()[..8]));
    (path, state_dir.join("heads").join("places").join(file))
}

/// Returns the id of the log that was last seen at a path.
pub(crate) fn log_seen_at(state_dir: &Path, log_file: &Path) -> Option<String> {
    let (path, file) = place_file(state_dir, log_file);
    let seen: Place = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    (seen.path == path).then_some(seen.log)
}

/// Remembers which log stands at a path, so that another one put in its place shows.
pub(crate) fn remember_place(
    state_dir: &Path,
    log_file: &Path,
    log: &str,
) -> Result<(), StoreError> {
    if log_seen_at(state_dir, log_file).as_deref() == Some(log) {
        return Ok(());
    }
    let (path, file) = place_file(state_dir, log_file);
    replace(&file, &Place { path, log: log.to_owned() })
}

/// Reads all heads that bear on the log of a place: those kept here, and receipts.
pub(crate) fn known(place: &LogPlace, log: &str) -> Result<Vec<Head>, StoreError> {
    let mut heads = kept(place, log)?;
    heads.extend(receipts(place, log)?);
    Ok(heads)
}

/// Reads the heads in the folder for receipts, if there is one.
pub(crate) fn receipts(place: &LogPlace, log: &str) -> Result<Vec<Head>, StoreError> {
    place.receipts.as_ref().map_or(Ok(Vec::new()), |receipts| remembered(receipts, log))
}

/// Reads the heads that are kept on this computer: of the log, and of one seen there before.
pub(crate) fn kept(place: &LogPlace, log: &str) -> Result<Vec<Head>, StoreError> {
    let mut heads = remembered(&place.state_dir, log)?;
    if let Some(other) = log_seen_at(&place.state_dir, &place.log).filter(|seen| seen != log) {
        heads.extend(remembered(&place.state_dir, &other)?);
    }
    Ok(heads)
}

/// Writes a value as a file of its own, whole or not at all.
fn replace(file: &Path, value: &impl Serialize) -> Result<(), StoreError> {
    let folder = place::folder_of(file);
    place::make_folder(&folder)?;
    let failed = |error: io::Error| StoreError::Io { path: folder.clone(), why: error.to_string() };
    let text = serde_json::to_string_pretty(value).map_err(|error| failed(error.into()))?;
    let mut new = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
    new.write_all(text.as_bytes()).map_err(failed)?;
    new.as_file().sync_all().map_err(failed)?;
    new.persist(file).map_err(|lost| failed(lost.error))?;
    place::sync_folder(&folder).map_err(failed)
}

/// Takes in the events that were appended since a tree was left; returns the hash of the last one.
pub(crate) fn catch_up(
    conn: &Connection,
    path: &Path,
    frontier: &mut Frontier,
) -> Result<Digest, StoreError> {
    let mut last = Digest::ZERO;
    let mut statement = conn
        .prepare_cached("SELECT hash FROM event WHERE seq >= ?1 ORDER BY seq")
        .map_err(sorted(path))?;
    // The last event of the tree is read once more, for its hash.
    let known = frontier.size();
    let mut rows = statement.query([known.cast_signed()]).map_err(sorted(path))?;
    let mut seq = known.max(1);
    while let Some(row) = rows.next().map_err(sorted(path))? {
        last = Digest::new(row.get(0).map_err(sorted(path))?);
        if seq > known {
            frontier.push(leaf_hash(last.as_bytes()));
        }
        seq += 1;
    }
    Ok(last)
}

/// Finds the first remembered head that the log does not go on from, by the hashes it stores.
pub(crate) fn first_problem(
    conn: &Connection,
    path: &Path,
    heads: &[Head],
) -> Result<Option<HeadProblem>, StoreError> {
    let size: i64 = conn
        .query_row("SELECT coalesce(max(seq), 0) FROM event", [], |row| row.get(0))
        .map_err(sorted(path))?;
    for head in heads {
        let stored: Option<[u8; 32]> = conn
            .query_row("SELECT hash FROM event WHERE seq = ?1", [head.size.cast_signed()], |row| {
                row.get(0)
            })
            .optional()
            .map_err(sorted(path))?;
        // The hash of one event covers all events before it.
        let same = match stored {
            Some(hash) => Digest::new(hash).to_string() == head.last_hash,
            None => head.size == 0,
        };
        if !same {
            return Ok(Some(HeadProblem { head: head.clone(), size: size.unsigned_abs() }));
        }
    }
    Ok(None)
}
