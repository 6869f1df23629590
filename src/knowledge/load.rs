//! Where keyword files come from: built into the program, or a folder of the user's.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::builtin::BUILTIN;
use super::parse::{Fault, SourceFile};
use super::payers::{PayerError, Payers};
use super::{Lexicon, compile};

/// Why keyword files cannot be used.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The folder cannot be read.
    #[error(
        "cannot read the keyword folder {path}: {error}\n  give a folder with a manifest.toml, as `rubric keywords show --write DIR` writes it"
    )]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A payer file has a fault.
    #[error(transparent)]
    Payers(#[from] PayerError),
    /// The files have faults.
    #[error("{}", pictures(.0))]
    Faults(Vec<Fault>),
}

fn pictures(faults: &[Fault]) -> String {
    let pictures = faults.iter().map(|fault| format!("{fault}\n{}\n", fault.picture));
    let count = faults.len();
    let plural = if count == 1 { "" } else { "s" };
    format!("{}{count} fault{plural} in the keyword files", pictures.collect::<String>())
}

/// Returns the files built into the program.
pub fn builtin_files() -> Vec<SourceFile> {
    BUILTIN
        .iter()
        .map(|(name, text)| SourceFile { name: (*name).to_owned(), text: (*text).to_owned() })
        .collect()
}

/// Compiles the built-in files, or those of a folder.
pub fn load(folder: Option<&Path>) -> Result<Lexicon, LoadError> {
    let files = match folder {
        Some(folder) => read_folder(folder)?,
        None => builtin_files(),
    };
    compile(&files).map_err(LoadError::Faults)
}

/// Reads the built-in payer profiles, or those of a folder that has any.
pub fn load_payers(folder: Option<&Path>) -> Result<Payers, LoadError> {
    let Some(place) = folder.map(|folder| folder.join("payers")).filter(|place| place.is_dir())
    else {
        return Ok(Payers::built_in()?);
    };
    let named = |(name, text)| (format!("payers/{name}"), text);
    let files: Vec<(String, String)> = toml_files(&place)?.into_iter().map(named).collect();
    Ok(Payers::read(&files)?)
}

/// Reads the keyword files of a folder, in the order of their names; payer tables are left out.
pub fn read_folder(folder: &Path) -> Result<Vec<SourceFile>, LoadError> {
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
fn toml_files(folder: &Path) -> Result<Vec<(String, String)>, LoadError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| LoadError::Folder { path, error }
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
