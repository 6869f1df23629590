//! Keys in force: the table of the program with what a person changed laid over it.

use std::collections::{BTreeMap, BTreeSet};

use super::action::Action;
use super::key::Key;
use super::keymap::{Binding, KEYMAP, Place};

/// The keys of a person; without changes they are those of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys {
    changed: BTreeMap<Action, Vec<Key>>,
}

/// What is wrong with a person's keys; the table of the program holds until it is mended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysFault {
    /// No action has this name.
    #[error("there is no action `{name}`; `rubric config keys` lists them")]
    Action {
        /// What was written.
        name: String,
    },
    /// No key is written like this.
    #[error("`{action}`: there is no key `{key}`; keys are written as a, ?, Space, PgUp, Ctrl-L")]
    Key {
        /// Name of the action.
        action: String,
        /// What was written.
        key: String,
    },
    /// A decision may not sit on this key.
    #[error("`{action}` decides and may not sit on `{key}`: not on Enter, Space, digits or arrows")]
    Decision {
        /// Name of the action.
        action: String,
        /// The key.
        key: String,
    },
    /// Quit and help need a key.
    #[error("`{action}` needs a key")]
    Needed {
        /// Name of the action.
        action: String,
    },
    /// One key would stand for two actions.
    #[error("`{key}` would stand for `{one}` and for `{two}` in {place}; change one of them")]
    Clash {
        /// The key.
        key: String,
        /// Name of one action.
        one: &'static str,
        /// Name of the other.
        two: &'static str,
        /// Where.
        place: &'static str,
    },
}

impl KeysFault {
    /// Returns the names of the actions it is about.
    pub fn actions(&self) -> Vec<&str> {
        match self {
            Self::Action { name } => vec![name],
            Self::Key { action, .. } | Self::Decision { action, .. } | Self::Needed { action } => {
                vec![action]
            }
            Self::Clash { one, two, .. } => vec![one, two],
        }
    }
}

impl Keys {
    /// Returns the keys that may record something: only they wait to see whether a paste follows.
    pub fn deciding(&self) -> BTreeSet<Key> {
        let rows = KEYMAP.iter().filter(|row| row.action.decides());
        rows.flat_map(|row| self.of(row)).collect()
    }

    /// Reads a person's keys: names of actions with keys; an empty list takes the keys away.
    ///
    /// All faults are named at once.
    pub fn read(wanted: &BTreeMap<String, Vec<String>>) -> Result<Self, Vec<KeysFault>> {
        let mut faults = Vec::new();
        let mut changed = BTreeMap::new();
        for (name, written) in wanted {
            let Some(action) = Action::parse(name) else {
                faults.push(KeysFault::Action { name: name.clone() });
                continue;
            };
            let mut keys = Vec::new();
            for text in written {
                match Key::parse(text) {
                    None => {
                        faults.push(KeysFault::Key { action: name.clone(), key: text.clone() });
                    }
                    Some(key) if action.decides() && !may_decide(key) => {
                        faults
                            .push(KeysFault::Decision { action: name.clone(), key: text.clone() });
                    }
                    Some(key) => keys.push(key),
                }
            }
            if written.is_empty() && matches!(action, Action::Quit | Action::Help) {
                faults.push(KeysFault::Needed { action: name.clone() });
            }
            changed.insert(action, keys);
        }
        let keys = Self { changed };
        faults.extend(keys.clashes());
        if faults.is_empty() { Ok(keys) } else { Err(faults) }
    }

    /// Returns the keys of a row.
    pub fn of(&self, row: &Binding) -> Vec<Key> {
        self.changed.get(&row.action).cloned().unwrap_or_else(|| row.keys().collect())
    }

    /// Returns the key that hints and help show first; empty if the row has none.
    pub fn first(&self, row: &Binding) -> String {
        let first = match self.changed.get(&row.action) {
            Some(keys) => keys.first().copied(),
            None => row.keys().next(),
        };
        first.as_ref().map(Key::to_string).unwrap_or_default()
    }

    /// Returns the keys of a row as help shows them, changed ones with a star.
    pub fn shown(&self, row: &Binding) -> String {
        let keys: Vec<String> = self.of(row).iter().map(Key::to_string).collect();
        let star = if self.changed.contains_key(&row.action) { " *" } else { "" };
        format!("{}{star}", keys.join(" "))
    }

    /// Returns key and words for the hints; empty if the row has no key.
    pub fn hint(&self, row: &Binding) -> String {
        let (keys, words) = row.hint;
        if !keys.is_empty() && !self.changed.contains_key(&row.action) {
            return format!("{keys} {words}");
        }
        match self.first(row) {
            key if key.is_empty() => String::new(),
            key => format!("{key} {words}"),
        }
    }

    /// Returns the row a key stands for at a place.
    pub fn lookup(&self, place: Place, key: Key) -> Option<&'static Binding> {
        KEYMAP.iter().find(|row| {
            row.places.contains(&place)
                && match self.changed.get(&row.action) {
                    Some(keys) => keys.contains(&key),
                    None => row.keys().any(|own| own == key),
                }
        })
    }

    fn clashes(&self) -> Vec<KeysFault> {
        let mut faults = Vec::new();
        for (at, row) in KEYMAP.iter().enumerate() {
            for other in &KEYMAP[at + 1..] {
                let place = row.places.iter().find(|place| other.places.contains(place));
                let keys = self.of(other);
                let key = self.of(row).into_iter().find(|key| keys.contains(key));
                if let (Some(place), Some(key)) = (place, key) {
                    faults.push(KeysFault::Clash {
                        key: key.to_string(),
                        one: row.action.name(),
                        two: other.action.name(),
                        place: place.name(),
                    });
                }
            }
        }
        faults
    }
}

fn may_decide(key: Key) -> bool {
    matches!(key, Key::Char(c) if !c.is_ascii_digit() && c != ' ')
}

/// Returns the table of keys in Markdown, as the README holds it.
pub fn table() -> String {
    let mut out = String::from("| keys | what | name |\n| --- | --- | --- |\n");
    let mut told: Vec<(Action, &str)> = Vec::new();
    for row in KEYMAP {
        if told.contains(&(row.action, row.help)) {
            continue;
        }
        told.push((row.action, row.help));
        let keys: Vec<String> = row.keys().map(|key| format!("`{key}`")).collect();
        out.push_str(
            &["| ", &keys.join(" "), " | ", row.help, " | `", row.action.name(), "` |\n"].concat(),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(wanted: &[(&str, &[&str])]) -> Result<Keys, Vec<KeysFault>> {
        let wanted = wanted
            .iter()
            .map(|(name, keys)| {
                ((*name).to_owned(), keys.iter().map(|key| (*key).to_owned()).collect())
            })
            .collect();
        Keys::read(&wanted)
    }

    #[test]
    fn a_moved_key_is_found_shown_and_marked() {
        let keys = read(&[("accept", &["J"]), ("zoom", &[])]).unwrap();
        let row = keys.lookup(Place::Review, Key::Char('J')).unwrap();
        assert_eq!(row.action, Action::Accept);
        assert_eq!(keys.lookup(Place::Review, Key::Char('a')).map(|row| row.action), None);
        assert_eq!(keys.lookup(Place::Review, Key::Char('z')).map(|row| row.action), None);
        assert_eq!((keys.hint(row), keys.shown(row)), ("J accept".into(), "J *".into()));
    }

    #[test]
    fn a_clash_names_both_actions_and_all_faults_come_at_once() {
        let faults = read(&[("accept", &["c"]), ("nosuch", &["x"])]).unwrap_err();
        assert_eq!(faults.len(), 2);
        assert!(faults.iter().any(|fault| {
            fault.to_string()
                == "`c` would stand for `accept` and for `change` in review; change one of them"
        }));
    }

    #[test]
    fn decisions_and_ways_out_are_protected() {
        for bad in [
            ("accept", &["Enter"][..]),
            ("defer", &["5"]),
            ("query", &["Space"]),
            ("quit", &[]),
            ("undo", &["Ctrl-Alt-x"]),
        ] {
            assert!(read(&[bad]).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_table_names_each_row_once() {
        let table = table();
        assert_eq!(table.matches("| `accept` |").count(), 1);
        assert!(KEYMAP.iter().all(|row| table.contains(row.help)));
    }
}
