//! The one table of settings: reading, checking, showing and the first file are made from it.

use crate::review::Sort;
use crate::tui::theme::Theme;

/// What may stand behind a name.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// Words without control characters.
    Words,
    /// A path; one that is not absolute is taken from the folder of the file it stands in.
    Path,
    /// One of some words.
    OneOf(fn() -> Vec<&'static str>),
    /// `true` or `false`.
    YesNo,
    /// A whole number within bounds.
    Number {
        /// Least value.
        least: u64,
        /// Largest value.
        most: u64,
    },
}

/// Whose setting it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Of the person: a file beside a queue may not set it.
    Person,
    /// Of the work: a file beside a queue may set it for all who review it.
    Queue,
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    /// Name, with a dot between a table and its key.
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) scope: Scope,
    /// Value nobody set, as shown; empty where it depends on the computer.
    pub(super) default: &'static str,
    /// One line for people.
    pub(super) help: &'static str,
}

impl Setting {
    /// Returns the environment variable that sets it.
    pub(super) fn variable(&self) -> String {
        format!("RUBRIC_{}", self.name.replace('.', "_").to_ascii_uppercase())
    }

    /// Says what may stand there.
    pub(super) fn allowed(&self) -> String {
        match self.kind {
            Kind::Words => "words in quotes, as \"anna\"".to_owned(),
            Kind::Path => "a path in quotes".to_owned(),
            Kind::YesNo => "true or false".to_owned(),
            Kind::Number { least, most } => format!("a whole number from {least} to {most}"),
            Kind::OneOf(words) => {
                let words: Vec<String> =
                    words().into_iter().map(|word| format!("\"{word}\"")).collect();
                format!("one of {}", words.join(", "))
            }
        }
    }

    /// Tells whether a value, written without quotes, may stand there.
    pub(super) fn takes(&self, value: &str) -> bool {
        match self.kind {
            Kind::Words | Kind::Path => {
                !value.trim().is_empty() && !value.chars().any(char::is_control)
            }
            Kind::YesNo => matches!(value, "true" | "false"),
            Kind::Number { least, most } => {
                value.parse().is_ok_and(|number: u64| (least..=most).contains(&number))
            }
            Kind::OneOf(words) => words().contains(&value),
        }
    }

    /// Tells whether a file writes its value in quotes.
    pub(super) fn is_quoted(&self) -> bool {
        matches!(self.kind, Kind::Words | Kind::Path | Kind::OneOf(_))
    }
}

/// Name of the choice of a theme by the terminal.
pub(super) const AUTO: &str = "auto";
/// Name of the choice of the theme in `theme.toml`.
pub(super) const OWN: &str = "own";

pub(super) fn themes() -> Vec<&'static str> {
    [AUTO, OWN].into_iter().chain(Theme::ALL.map(Theme::name)).collect()
}

fn signs() -> Vec<&'static str> {
    vec![AUTO, "true", "false"]
}

fn sorts() -> Vec<&'static str> {
    Sort::ALL.map(Sort::words).to_vec()
}

fn hidden() -> Vec<&'static str> {
    vec!["off", "evidence", "bare"]
}

macro_rules! settings {
    ($($name:literal, $kind:expr, $scope:ident, $default:literal, $help:literal;)*) => {
        &[$(Setting {
            name: $name, kind: $kind, scope: Scope::$scope, default: $default, help: $help,
        }),*]
    };
}

/// All settings, in the order of the first file.
pub(super) const SETTINGS: &[Setting] = settings! {
    "coder", Kind::Words, Person, "", "your name, in each decision; your user name unless set";
    "log", Kind::Path, Person, "", "the audit log, on a disk of this computer";
    "receipts", Kind::Path, Person, "",
        "folder, best on another computer, for the newest hash of the log";
    "payer", Kind::Words, Queue, "medicare", "payer of notes that name none";
    "theme", Kind::OneOf(themes), Person, "auto",
        "colours: auto goes by the terminal, own is theme.toml beside this file";
    "ascii", Kind::OneOf(signs), Person, "auto", "draw with ASCII signs only; auto goes by the locale";
    "ambiguous", Kind::Number { least: 1, most: 2 }, Person, "1",
        "columns that signs like a degree sign take; 2 on some East Asian terminals, with ASCII lines";
    "mouse", Kind::YesNo, Person, "false", "mouse on at the start";
    "plain", Kind::YesNo, Person, "false", "the review in lines in place of the screen";
    "advance", Kind::YesNo, Person, "true", "go to the next open note after a decision";
    "bulk", Kind::YesNo, Queue, "true", "allow acts on all marked notes";
    "blind", Kind::OneOf(hidden), Queue, "off",
        "hide findings until your own answer is recorded: evidence, or bare for all marks too";
    "defer.ask", Kind::YesNo, Person, "false", "ask for a reason when a note is put off";
    "quit.ask", Kind::YesNo, Person, "true", "ask before leaving when nothing is pending";
    "note.width", Kind::Number { least: 40, most: 300 }, Person, "110",
        "columns of a note's text at most; a narrower pane wraps sooner";
    "queue.sort", Kind::OneOf(sorts), Queue, "risk",
        "order of the queue; unless set, queues of more than 20,000 notes stand as imported";
    "lock.minutes", Kind::Number { least: 0, most: 1440 }, Person, "15",
        "minutes without a key until the text is covered; 0 never";
    "guard.held_ms", Kind::Number { least: 300, most: 10_000 }, Person, "800",
        "a held key counts again only after so long without it";
    "guard.fresh_ms", Kind::Number { least: 50, most: 5_000 }, Person, "150",
        "keys that decide wait so long after the screen changed";
    "guard.burst_ms", Kind::Number { least: 4, most: 200 }, Person, "8",
        "keys that come together within so long are a paste";
};

/// Returns the setting of a name.
pub(super) fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// Returns the name that is closest to what was written, if one is close.
pub(super) fn nearest(written: &str) -> Option<&'static str> {
    let last = |name: &'static str| name.rsplit('.').next().unwrap_or(name);
    SETTINGS
        .iter()
        .map(|setting| setting.name)
        .map(|name| (steps(written, name).min(1 + steps(written, last(name))), name))
        .min()
        .filter(|(steps, _)| *steps <= 3 && steps * 2 < written.chars().count())
        .map(|(_, name)| name)
}

/// Counts the letters to put in, leave out or change to make one word of another.
fn steps(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.chars().enumerate() {
        let mut before = row[0];
        row[0] = at + 1;
        for (column, wanted) in other.iter().enumerate() {
            let changed = before + usize::from(letter != *wanted);
            before = row[column + 1];
            row[column + 1] = changed.min(before + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_may_stand_in_the_file_and_every_name_is_its_own() {
        for setting in SETTINGS {
            assert!(
                setting.default.is_empty() || setting.takes(setting.default),
                "{}",
                setting.name
            );
            assert!(!setting.help.is_empty());
            assert_eq!(SETTINGS.iter().filter(|other| other.name == setting.name).count(), 1);
        }
        assert_eq!(setting("lock.minutes").unwrap().variable(), "RUBRIC_LOCK_MINUTES");
    }

    #[test]
    fn a_slip_is_told_with_the_name_that_was_meant() {
        for (written, meant) in [
            ("them", Some("theme")),
            ("lock.minuts", Some("lock.minutes")),
            ("minutes", Some("lock.minutes")),
            ("held_ms", Some("guard.held_ms")),
            ("colour", None),
        ] {
            assert_eq!(nearest(written), meant, "{written}");
        }
    }
}
