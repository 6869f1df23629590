//! The house in order: what is promised of the source tree is read off the source tree.

mod floors;
mod heads;
mod tables;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Folders that hold nothing written by hand.
const SKIPPED: [&str; 3] = [".git", "target", "proptest-regressions"];

/// A file of the tree.
struct File {
    /// Path from the root, with `/`.
    path: String,
    /// Its text; files that are not UTF-8 are read as far as they are.
    text: String,
}

impl File {
    fn ends(&self, with: &str) -> bool {
        Path::new(&self.path).extension().is_some_and(|end| end == with)
    }

    fn is_rust(&self) -> bool {
        self.ends("rs")
    }

    fn lines(&self) -> usize {
        self.text.lines().count()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads every file under a folder of the tree, by path; the empty name is the whole tree.
fn files(under: &str) -> Vec<File> {
    let root = root();
    let kept = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !SKIPPED.iter().any(|name| entry.file_name() == *name)
    };
    WalkDir::new(root.join(under))
        .sort_by_file_name()
        .into_iter()
        .filter_entry(kept)
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(&root).unwrap();
            let parts: Vec<_> = path.iter().map(|part| part.to_str().unwrap()).collect();
            let bytes = fs::read(entry.path()).unwrap();
            File { path: parts.join("/"), text: String::from_utf8_lossy(&bytes).into_owned() }
        })
        .collect()
}

/// Fails with one fault a line.
#[track_caller]
fn none(faults: &[String], remedy: &str) {
    assert!(faults.is_empty(), "\n{}\n{remedy}\n", faults.join("\n"));
}
