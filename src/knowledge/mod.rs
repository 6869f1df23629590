//! Knowledge as data: keyword files and payer tables, parsed, checked and compiled once.

mod begins;
mod builtin;
pub mod check;
mod compile;
mod examples;
pub mod fold;
mod folder;
mod forms;
mod general;
pub mod headings;
pub mod index;
mod kinds;
mod lemmas;
pub mod lexicon;
mod load;
mod parse;
mod pattern;
pub mod payers;
pub mod phrases;
pub mod rows;
pub mod tokens;
mod words;

pub use compile::compile;
pub use folder::{FolderError, read_folder};
pub use lexicon::Lexicon;
pub use load::{LoadError, builtin_files, load, load_payers, ready};
pub use parse::{Fault, SourceFile};
pub use payers::Payers;
