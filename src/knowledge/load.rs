//! Where keyword files come from: built into the program, or a folder of the user's.

use std::path::Path;

use thiserror::Error;

use super::builtin::BUILTIN;
use super::folder::{FolderError, read_folder, toml_files};
use super::parse::{Fault, SourceFile};
use super::payers::{PayerError, Payers};
use super::{Lexicon, compile};

/// Why keyword files cannot be used.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The program was built wrong.
    #[error("the keywords built into this program cannot be read: {0}; build it anew")]
    BuiltIn(#[from] postcard::Error),
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

/// The built-in files as the build compiled them: without their phrases as written and their
/// examples, which take a hundred times as long to read.
const BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));

/// Returns what notes are read with: the built-in files made ready, or those of a folder.
pub fn ready(folder: Option<&Path>) -> Result<Lexicon, LoadError> {
    match folder {
        Some(_) => load(folder),
        None => Ok(postcard::from_bytes(BUILT_IN)?),
    }
}

/// Compiles the built-in files, or those of a folder, with their phrases and examples.
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
