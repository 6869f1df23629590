//! A pattern of a keyword file: checked when the files are read, compiled when it is first needed.

use std::fmt;
use std::sync::OnceLock;

use regex::{Match, Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// A regular expression bound to whole words, case ignored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pattern {
    source: String,
    /// Whether it needs Unicode, as `.` does. The text is folded already, and ASCII takes a fraction
    /// of the time to compile.
    unicode: bool,
    size_limit: usize,
    /// Compiled at first use: one note needs few of them, and each takes longer than the note.
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Checks and keeps a pattern.
    pub(crate) fn new(source: &str, size_limit: usize) -> Result<Self, regex::Error> {
        let source = format!(r"(?-u:\b)(?:{source})(?-u:\b)");
        let build = |unicode| build(&source, unicode, size_limit);
        let (regex, unicode) = match build(false) {
            Ok(regex) => (regex, false),
            Err(_) => (build(true)?, true),
        };
        Ok(Self { source, unicode, size_limit, compiled: OnceLock::from(Some(regex)) })
    }

    /// Returns the expression.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Finds all matches, from left to right.
    pub fn find_iter<'p>(&'p self, text: &'p str) -> impl Iterator<Item = Match<'p>> {
        let compiled =
            self.compiled.get_or_init(|| build(&self.source, self.unicode, self.size_limit).ok());
        compiled.iter().flat_map(move |regex| regex.find_iter(text))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

fn build(source: &str, unicode: bool, size_limit: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(source).case_insensitive(true).size_limit(size_limit).unicode(unicode).build()
}

/// Several patterns as one, which tells in one pass over a text that none of them occurs.
///
/// Which of them occur, and where, only each by itself can tell: together they would hide what
/// overlaps, and a set of expressions takes six times as long as this.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AnyPattern {
    source: String,
    size_limit: usize,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl AnyPattern {
    /// Puts patterns together.
    pub(crate) fn new<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Self {
        let mut size_limit = 0;
        let sources = patterns.map(|pattern| {
            size_limit += pattern.size_limit;
            let flag = if pattern.unicode { "u" } else { "-u" };
            format!("(?{flag}:{})", pattern.source)
        });
        let source = sources.collect::<Vec<_>>().join("|");
        Self { source, size_limit, compiled: OnceLock::new() }
    }

    /// Tells whether any of the patterns may occur in a text.
    pub fn may_occur(&self, text: &str) -> bool {
        let compiled =
            self.compiled.get_or_init(|| build(&self.source, true, self.size_limit).ok());
        !self.source.is_empty() && compiled.as_ref().is_none_or(|regex| regex.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_any_pattern_is_known_in_one_pass() {
        let pattern = |source: &str| Pattern::new(source, 1 << 16).unwrap();
        let patterns = [pattern(r"RPE\s*\d{1,2}"), pattern(r"\d+ of \d+ .rials"), pattern("PNF")];
        assert_eq!(patterns.each_ref().map(|one| one.unicode), [false, true, false]);
        let any = AnyPattern::new(patterns.iter());
        for (text, want) in
            [("was rpe 13", true), ("3 of 4 \u{e9}rials", true), ("pnf", true), ("xpnf", false)]
        {
            assert_eq!(any.may_occur(text), want, "{text}");
        }
        assert!(!AnyPattern::default().may_occur("pnf"));
    }
}
