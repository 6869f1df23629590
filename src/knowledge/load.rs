//! Where keyword files come from: built into the program, or a folder of the user's.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::builtin::BUILTIN;
use super::parse::{Fault, SourceFile};
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

/// Reads the keyword files of a folder, in the order of their names; payer tables are left out.
pub fn read_folder(folder: &Path) -> Result<Vec<SourceFile>, LoadError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| LoadError::Folder { path, error }
    };
    let mut files = Vec::new();
    for part in ["", "terms", "warnings"] {
        let place = folder.join(part);
        if !part.is_empty() && !place.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&place).map_err(at(&place))? {
            let path = entry.map_err(at(&place))?.path();
            if path.extension().is_some_and(|end| end == "toml") && path.is_file() {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let name =
                    if part.is_empty() { file.into_owned() } else { format!("{part}/{file}") };
                let text = std::fs::read_to_string(&path).map_err(at(&path))?;
                files.push(SourceFile { name, text });
            }
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}
