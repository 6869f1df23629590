//! A pattern of a keyword file: checked when the files are read, compiled when it is first needed.

use std::fmt;
use std::sync::OnceLock;

use regex::{Match, Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// A regular expression bound to whole words, case ignored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pattern {
    source: String,
    size_limit: usize,
    /// Compiled at first use: one note needs few of them, and each takes longer than the note.
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Checks and keeps a pattern.
    pub(crate) fn new(source: &str, size_limit: usize) -> Result<Self, regex::Error> {
        let source = format!(r"(?-u:\b)(?:{source})(?-u:\b)");
        let regex = build(&source, size_limit)?;
        Ok(Self { source, size_limit, compiled: OnceLock::from(Some(regex)) })
    }

    /// Returns the expression.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Finds all matches, from left to right.
    pub fn find_iter<'p>(&'p self, text: &'p str) -> impl Iterator<Item = Match<'p>> {
        let compiled = self.compiled.get_or_init(|| build(&self.source, self.size_limit).ok());
        compiled.iter().flat_map(move |regex| regex.find_iter(text))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

fn build(source: &str, size_limit: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).case_insensitive(true).size_limit(size_limit).build()
}
