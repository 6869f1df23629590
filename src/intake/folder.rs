//! Folders: every `.txt` and `.md` file below them in the order of their paths.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use walkdir::{DirEntry, WalkDir};

use super::place::{self, Kind};
use super::problem::{Fault, Problem};

/// Tells whether a file in a folder is taken for a note: `.txt` or `.md`, not hidden, no read-me.
///
/// A file that is named by itself is read whatever its name.
pub fn is_note_name(path: &Path) -> bool {
    let word = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().to_lowercase()).unwrap_or_default()
    };
    matches!(word(path.extension()).as_str(), "txt" | "md")
        && word(path.file_stem()) != "readme"
        && !is_hidden(path)
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// What a walk meets.
#[derive(Debug)]
pub(super) enum Found {
    Note(PathBuf),
    Folder(PathBuf),
    Bad(Problem),
}

/// A walk through a folder.
pub(super) struct Walk {
    root: PathBuf,
    entries: walkdir::IntoIter,
    limit: u64,
    found: usize,
    others: usize,
}

impl Walk {
    pub(super) fn new(root: PathBuf, limit: u64) -> Self {
        let entries = WalkDir::new(&root).follow_links(true).sort_by_file_name().into_iter();
        Self { root, entries, limit, found: 0, others: 0 }
    }

    /// Says that the folder held nothing that could be a note.
    pub(super) fn nothing(&self) -> Option<Problem> {
        let message = match self.others {
            _ if self.found > 0 => return None,
            0 => "the folder is empty".to_owned(),
            1 => "the folder has no .txt or .md file, only 1 other".to_owned(),
            many => format!("the folder has no .txt or .md file, only {many} others"),
        };
        let remedy = "name another folder, or name .jsonl and .csv files themselves";
        Some(place::problem(&self.root, Fault::new(message, remedy)))
    }

    fn look(&mut self, entry: DirEntry) -> Option<Found> {
        let hidden = entry.depth() > 0 && is_hidden(entry.path());
        if entry.file_type().is_dir() {
            if hidden {
                self.entries.skip_current_dir();
                return None;
            }
            return Some(Found::Folder(entry.into_path()));
        }
        if hidden {
            return None;
        }
        let fault = if entry.file_type().is_file() {
            if !is_note_name(entry.path()) {
                self.others += 1;
                return None;
            }
            match entry.metadata().map(|metadata| metadata.len()) {
                Ok(length) if length > self.limit => place::too_long(length, self.limit),
                Ok(_) => {
                    self.found += 1;
                    return Some(Found::Note(entry.into_path()));
                }
                Err(error) => place::refused(&error.into()),
            }
        } else {
            match std::fs::metadata(entry.path()).map(|metadata| Kind::of(&metadata)) {
                Ok(Kind::Special(name)) => place::special(name),
                Ok(Kind::Folder | Kind::Regular(_)) => place::special("changing"),
                Err(error) => place::refused(&error),
            }
        };
        self.found += 1;
        Some(Found::Bad(place::problem(entry.path(), fault)))
    }

    fn failed(&mut self, error: walkdir::Error) -> Option<Found> {
        let path = error.path().unwrap_or(&self.root).to_path_buf();
        if path != self.root && is_hidden(&path) {
            return None;
        }
        self.found += 1;
        let fault = if error.loop_ancestor().is_some() {
            Fault::new(
                "is a link back to a folder above it and was not followed",
                "leave it, or take the link away",
            )
        } else {
            place::refused(&error.into())
        };
        Some(Found::Bad(place::problem(&path, fault)))
    }
}

impl Iterator for Walk {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let found = match self.entries.next()? {
                Ok(entry) => self.look(entry),
                Err(error) => self.failed(error),
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

/// When folders were last changed; a new file in a folder changes its time.
///
/// Change events do not fire on network shares, so the screen asks every half minute and compares.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderTimes(BTreeMap<PathBuf, Option<SystemTime>>);

impl FolderTimes {
    /// Looks at folders now.
    pub(super) fn of(folders: &BTreeSet<PathBuf>) -> Self {
        let time = |folder: &PathBuf| std::fs::metadata(folder).and_then(|m| m.modified()).ok();
        Self(folders.iter().map(|folder| (folder.clone(), time(folder))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_known_by_their_names() {
        for (name, note) in [
            ("a.txt", true),
            ("b/A.TXT", true),
            ("c.md", true),
            ("README.md", false),
            (".a.txt", false),
            ("._a.txt", false),
            ("a.key.toml", false),
            ("claims.csv", false),
            ("txt", false),
        ] {
            assert_eq!(is_note_name(Path::new(name)), note, "{name}");
        }
    }
}
