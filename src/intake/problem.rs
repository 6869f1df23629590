//! What may be wrong with a source of notes, in words for the person who owns it.

use std::fmt;

/// Something wrong with one note, row, file or folder; the rest goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: a path, with line and column where there are any.
    pub source: String,
    /// What is wrong; never holds words of a note.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
    /// The lines of front matter it is about, with a caret.
    pub picture: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.message)?;
        if let Some(picture) = &self.picture {
            write!(f, "\n{picture}")?;
        }
        write!(f, "\n  help: {}", self.remedy)
    }
}

impl std::error::Error for Problem {}

/// A fault before it is known where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) remedy: String,
}

impl Fault {
    pub(super) fn new(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { message: message.into(), remedy: remedy.into() }
    }

    pub(super) fn at(self, source: impl Into<String>) -> Problem {
        Problem { source: source.into(), message: self.message, remedy: self.remedy, picture: None }
    }
}

/// Why there is nothing to start from.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// No path was given.
    #[error("no notes were named\n  help: name a folder, a file, or `-` for standard input")]
    NoInput,
    /// A path that was given does not exist.
    #[error(
        "{path}: there is no such file or folder\n  \
         help: check the name; `-` reads JSON lines from standard input"
    )]
    Missing {
        /// The path as it was given.
        path: String,
    },
    /// The claims file cannot be read or has bad rows.
    #[error("the claims file cannot be used\n{}", list(problems))]
    Claims {
        /// Each bad row.
        problems: Vec<Problem>,
    },
    /// Everything was listed and not one note was found.
    #[error("there is no note to read\n{}", list(problems))]
    NoNotes {
        /// Why each source gave none.
        problems: Vec<Problem>,
    },
}

/// Problems written out before the rest is only counted.
const WRITTEN_OUT: usize = 20;

fn list(problems: &[Problem]) -> String {
    let mut lines: Vec<String> =
        problems.iter().take(WRITTEN_OUT).map(ToString::to_string).collect();
    if problems.len() > WRITTEN_OUT {
        lines.push(format!("and {} more", problems.len() - WRITTEN_OUT));
    }
    lines.join("\n")
}

/// Returns text without control characters, so that a name cannot steer the terminal.
pub(super) fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Returns a word in backquotes, or `that value` for anything that may be words of a note.
pub(super) fn quoted(word: &str) -> String {
    let short = word.len() <= 16 && word.chars().all(|c| c.is_ascii_graphic());
    if short { format!("`{word}`") } else { "that value".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_where_what_and_what_to_do() {
        let problem = Fault::new("is empty", "fill it").at("a.txt");
        assert_eq!(problem.to_string(), "a.txt: is empty\n  help: fill it");
    }

    #[test]
    fn many_problems_are_cut_and_counted() {
        let problems = vec![Fault::new("is empty", "fill it").at("a.txt"); 25];
        let error = IntakeError::NoNotes { problems }.to_string();
        assert!(error.ends_with("and 5 more"), "{error}");
    }

    #[test]
    fn only_short_plain_words_are_repeated() {
        assert_eq!(quoted("DPM"), "`DPM`");
        assert_eq!(quoted("pt was seen for gait"), "that value");
        assert_eq!(tame("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
    }
}
