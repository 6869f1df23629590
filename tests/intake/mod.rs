//! Notes from disk: every kind of source, good and bad.

mod bad_sources;
mod claims;
mod folders;
mod lines;
mod tables;

use std::fs;
use std::path::{Path, PathBuf};

use rubric::intake::{Catalog, IntakeError, Options};
use tempfile::TempDir;

/// A folder that goes away with the test.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            folder.write(name, bytes);
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.0.path().to_owned() } else { self.0.path().join(name) }
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Lists the named files, or the folder itself for an empty name.
    fn open(&self, names: &[&str]) -> Result<Catalog, IntakeError> {
        self.open_with(names, &Options::default())
    }

    fn open_with(&self, names: &[&str], options: &Options) -> Result<Catalog, IntakeError> {
        let paths: Vec<PathBuf> = names.iter().map(|name| self.path(name)).collect();
        Catalog::open(&paths, options)
    }

    /// Returns words without the changing name of the folder, with `/` between names.
    fn local(&self, words: &str) -> String {
        words.replace(&*self.0.path().to_string_lossy(), "DIR").replace('\\', "/")
    }

    fn problems(&self, catalog: &Catalog) -> Vec<String> {
        catalog.problems().iter().map(|problem| self.local(&problem.to_string())).collect()
    }
}

fn keys(catalog: &Catalog) -> Vec<String> {
    (0..catalog.len()).map(|index| catalog.key(index)).collect()
}

fn texts(catalog: &Catalog) -> Vec<String> {
    (0..catalog.len()).map(|index| catalog.load(index).unwrap().text).collect()
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("notes-samples")
}

/// Tells whether files without permission can be read all the same, as root can.
#[cfg(unix)]
fn permissions_hold_nothing() -> bool {
    rustix::process::geteuid().is_root()
}
