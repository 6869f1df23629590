//! Keys and their notation, the same in the keymap, in settings and in tests.

use std::fmt;

/// A key without the modifiers that terminals cannot be trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// A character; SHIFT is already in it.
    Char(char),
    /// Ctrl and a lower-case letter.
    Ctrl(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and Tab.
    BackTab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Home.
    Home,
    /// End.
    End,
    /// F1.
    F1,
}

const NAMED: [(Key, &str); 16] = [
    (Key::Char(' '), "Space"),
    (Key::Enter, "Enter"),
    (Key::Esc, "Esc"),
    (Key::Tab, "Tab"),
    (Key::BackTab, "Shift-Tab"),
    (Key::Backspace, "Backspace"),
    (Key::Delete, "Delete"),
    (Key::Up, "Up"),
    (Key::Down, "Down"),
    (Key::Left, "Left"),
    (Key::Right, "Right"),
    (Key::PageUp, "PgUp"),
    (Key::PageDown, "PgDn"),
    (Key::Home, "Home"),
    (Key::End, "End"),
    (Key::F1, "F1"),
];

impl Key {
    /// Reads a key as it is written in the keymap: `a`, `?`, `Space`, `Ctrl-C`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((key, _)) = NAMED.iter().find(|(_, name)| *name == text) {
            return Some(*key);
        }
        if let Some(rest) = text.strip_prefix("Ctrl-") {
            let mut letters = rest.chars();
            let letter = letters.next().filter(char::is_ascii_alphabetic)?;
            return letters.next().is_none().then_some(Self::Ctrl(letter.to_ascii_lowercase()));
        }
        let mut letters = text.chars();
        let letter = letters.next().filter(|c| !c.is_control() && !c.is_whitespace())?;
        letters.next().is_none().then_some(Self::Char(letter))
    }

    /// Tells whether the key prints a character, so that pastes may hide behind it.
    pub fn prints(self) -> bool {
        matches!(self, Self::Char(_))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, name)) = NAMED.iter().find(|(key, _)| key == self) {
            return f.pad(name);
        }
        match self {
            Self::Char(c) => f.pad(c.encode_utf8(&mut [0; 4])),
            Self::Ctrl(c) => f.pad(&format!("Ctrl-{}", c.to_ascii_uppercase())),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation_is_read_back_as_it_is_written() {
        for text in ["a", "A", "?", "-", ":", "Space", "Enter", "Shift-Tab", "Ctrl-C", "PgUp", "F1"]
        {
            assert_eq!(Key::parse(text).map(|key| key.to_string()).as_deref(), Some(text));
        }
        for bad in ["", "ab", "Ctrl-", "Ctrl-1", "\u{1b}", " "] {
            assert_eq!(Key::parse(bad), None, "{bad:?}");
        }
    }
}
