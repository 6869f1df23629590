//! A pattern of a keyword file: checked when the files are read, compiled when it is first needed.

use std::fmt;
use std::sync::OnceLock;

use regex::{Match, Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

/// Where a word begins or ends.
const BOUND: &str = r"(?-u:\b)";

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
    anywhere: OnceLock<Option<Regex>>,
    /// The same for one place.
    #[serde(skip)]
    right_here: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Checks and keeps a pattern.
    pub(crate) fn new(source: &str, size_limit: usize) -> Result<Self, regex::Error> {
        let source = format!("{BOUND}(?:{source}){BOUND}");
        let build = |unicode| build(&source, unicode, size_limit);
        let (regex, unicode) = match build(false) {
            Ok(regex) => (regex, false),
            Err(_) => (build(true)?, true),
        };
        let anywhere = OnceLock::from(Some(regex));
        Ok(Self { source, unicode, size_limit, anywhere, right_here: OnceLock::new() })
    }

    /// Returns the expression.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Tells whether its classes hold characters beyond ASCII.
    pub(crate) fn is_unicode(&self) -> bool {
        self.unicode
    }

    /// Finds all matches, from left to right.
    pub fn find_iter<'p>(&'p self, text: &'p str) -> impl Iterator<Item = Match<'p>> {
        let compile = || build(&self.source, self.unicode, self.size_limit).ok();
        let compiled = self.anywhere.get_or_init(compile);
        compiled.iter().flat_map(move |regex| regex.find_iter(text))
    }

    /// Returns the end of the match that begins right at a place where a word begins or ends.
    pub(crate) fn end_at(&self, text: &str, at: usize) -> Option<usize> {
        let compile = || {
            // A bound stands at the place, whatever is before it: it need not be asked for again.
            let rest = self.source.strip_prefix(BOUND).unwrap_or(&self.source);
            let source = format!(r"\A{rest}");
            build(&source, self.unicode, self.size_limit).ok()
        };
        let compiled = self.right_here.get_or_init(compile).as_ref()?;
        compiled.find(text.get(at..)?).map(|one| at + one.end())
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
