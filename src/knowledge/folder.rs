//! Keyword files in a folder.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::parse::SourceFile;

/// The folder cannot be read.
#[derive(Debug, Error)]
#[error(
    "cannot read the keyword folder {path}: {error}\n  give a folder with a manifest.toml, as `rubric keywords show --write DIR` writes it"
)]
pub struct FolderError {
    /// The folder or file.
    path: PathBuf,
    /// What the system says.
    error: io::Error,
}

/// Reads the keyword files of a folder, in the order of their names; payer tables are left out.
pub fn read_folder(folder: &Path) -> Result<Vec<SourceFile>, FolderError> {
    let mut files = Vec::new();
    for part in ["", "terms", "warnings"] {
        let place = folder.join(part);
        if !part.is_empty() && !place.is_dir() {
            continue;
        }
        for (file, text) in toml_files(&place)? {
            let name = if part.is_empty() { file } else { format!("{part}/{file}") };
            files.push(SourceFile { name, text });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Returns name and text of the TOML files right in a folder, by name.
pub(super) fn toml_files(folder: &Path) -> Result<Vec<(String, String)>, FolderError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| FolderError { path, error }
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        if path.extension().is_some_and(|end| end == "toml") && path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&path).map_err(at(&path))?));
        }
    }
    files.sort();
    Ok(files)
}
