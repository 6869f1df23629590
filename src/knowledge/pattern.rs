//! A pattern of a keyword file: checked when the files are read, compiled when it is first needed.

use std::fmt;
use std::sync::OnceLock;

use regex::{Match, Regex, RegexBuilder, RegexSet, RegexSetBuilder};
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

/// Several patterns in one automaton, which tells in one pass over a text which of them occur.
///
/// Where they occur only each pattern by itself can tell: together they would hide what overlaps.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PatternSet {
    sources: Vec<String>,
    size_limit: usize,
    #[serde(skip)]
    compiled: OnceLock<Option<RegexSet>>,
}

impl PatternSet {
    /// Puts patterns together, in their order.
    pub(crate) fn new<'p>(patterns: impl Iterator<Item = &'p Pattern>) -> Self {
        let mut set = Self::default();
        for pattern in patterns {
            let flag = if pattern.unicode { "u" } else { "-u" };
            set.sources.push(format!("(?{flag}:{})", pattern.source));
            set.size_limit += pattern.size_limit;
        }
        set
    }

    /// Returns the positions of the patterns that occur in a text.
    pub fn occurring(&self, text: &str) -> Vec<usize> {
        let compiled = self.compiled.get_or_init(|| {
            let mut builder = RegexSetBuilder::new(&self.sources);
            builder.case_insensitive(true).size_limit(self.size_limit).build().ok()
        });
        match compiled {
            Some(set) => set.matches(text).into_iter().collect(),
            None => (0..self.sources.len()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_occur_are_told_apart_in_one_pass() {
        let pattern = |source: &str| Pattern::new(source, 1 << 16).unwrap();
        let patterns = [pattern(r"RPE\s*\d{1,2}"), pattern(r"\d+ of \d+ .rials"), pattern("PNF")];
        assert_eq!(patterns.each_ref().map(|one| one.unicode), [false, true, false]);
        let set = PatternSet::new(patterns.iter());
        for (text, want) in [
            ("rpe 13, 3 of 4 trials", vec![0, 1]),
            ("3 of 4 \u{e9}rials", vec![1]),
            ("pnf, RPE13", vec![0, 2]),
            ("xpnf", vec![]),
        ] {
            assert_eq!(set.occurring(text), want, "{text}");
        }
    }
}
