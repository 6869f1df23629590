//! Knowledge as data: keyword files and payer tables, parsed, checked and compiled once.

mod builtin;
pub mod check;
mod compile;
mod examples;
pub mod fold;
mod forms;
mod kinds;
mod lemmas;
pub mod lexicon;
mod load;
mod parse;
pub mod payers;
pub mod phrases;
mod words;

pub use compile::compile;
pub use lexicon::Lexicon;
pub use load::{LoadError, builtin_files, load, load_payers, read_folder};
pub use parse::{Fault, SourceFile};
pub use payers::Payers;
