//! Reading a settings file: each value with its place, all faults at once, the sound ones kept.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::tui::keys::Keys;

use super::table::{Kind, SETTINGS, Scope, Setting, nearest, setting};

/// Something wrong in a file of settings, with its place and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Fault {
    /// The file, or the environment.
    pub(super) place: String,
    /// Line and column, from 1; columns count characters.
    pub(super) at: Option<(usize, usize)>,
    /// What is wrong.
    pub(super) what: String,
    /// What to do.
    pub(super) remedy: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.place)?;
        if let Some((line, column)) = self.at {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}\n  {}", self.what, self.remedy)
    }
}

/// A value of a file, with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) value: String,
    pub(super) line: usize,
    /// Bytes of the value in the text.
    pub(super) bytes: Range<usize>,
}

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// Of the person at the computer.
    Person,
    /// Beside a queue, for all who review it.
    Queue,
}

/// What a file says: sound values by name, and faults.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) values: BTreeMap<&'static str, Found>,
    pub(super) faults: Vec<Fault>,
}

/// Returns line and column of a byte, both from 1.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// Reads a file's text; a value that is wrong hides no other.
pub(super) fn read(file: &Path, text: &str, owner: Owner) -> Read {
    let mut reader = Reader { file, text, owner, read: Read::default() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        reader.fault(at, error.message().trim().to_owned(), "write it as: name = value".to_owned());
    }
    // What is read past a break in the form may not be what was meant.
    if reader.read.faults.is_empty() {
        reader.table("", table.get_ref());
    }
    reader.read.faults.sort_by_key(|fault| fault.at);
    reader.read
}

struct Reader<'a> {
    file: &'a Path,
    text: &'a str,
    owner: Owner,
    read: Read,
}

impl Reader<'_> {
    fn fault(&mut self, at: usize, what: String, remedy: String) {
        let at = Some(position(self.text, at));
        self.read.faults.push(Fault { place: self.file.display().to_string(), at, what, remedy });
    }

    fn table(&mut self, above: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = if above.is_empty() {
                key.get_ref().to_string()
            } else {
                format!("{above}.{}", key.get_ref())
            };
            match (setting(&name), value.get_ref()) {
                (Some(setting), _) => self.value(setting, key.span().start, value),
                (None, DeValue::Table(below)) if is_table(&name) => self.table(&name, below),
                (None, _) => {
                    let remedy = match (name.as_str(), nearest(&name)) {
                        ("keys", _) => "keys stand in keys.toml beside this file".to_owned(),
                        (_, Some(near)) => format!("did you mean `{near}`?"),
                        (_, None) => "`rubric config` lists all settings".to_owned(),
                    };
                    self.fault(key.span().start, format!("there is no setting `{name}`"), remedy);
                }
            }
        }
    }

    fn value(&mut self, setting: &'static Setting, key: usize, value: &Spanned<DeValue<'_>>) {
        let name = setting.name;
        if self.owner == Owner::Queue && setting.scope == Scope::Person {
            let what = format!("`{name}` is a person's own setting");
            let remedy = "set it in your own file; `rubric config path` names it".to_owned();
            return self.fault(key, what, remedy);
        }
        let written = match value.get_ref() {
            DeValue::String(words) if setting.is_quoted() => Some(words.to_string()),
            // Signs are `auto`, or yes and no without quotes.
            DeValue::Boolean(yes)
                if setting.takes("true") && !matches!(setting.kind, Kind::Words | Kind::Path) =>
            {
                Some(yes.to_string())
            }
            DeValue::Integer(number) if matches!(setting.kind, Kind::Number { .. }) => {
                Some(number.to_string())
            }
            _ => None,
        };
        let at = value.span().start;
        match written.filter(|written| setting.takes(written)) {
            Some(value_in_words) => {
                let (line, _) = position(self.text, at);
                let found = Found { value: value_in_words, line, bytes: value.span() };
                self.read.values.insert(name, found);
            }
            None => self.fault(
                at,
                format!("`{name}` cannot be {}", shown(self.text, value.span())),
                format!("write {}", setting.allowed()),
            ),
        }
    }
}

fn is_table(name: &str) -> bool {
    let start = format!("{name}.");
    super::table::SETTINGS.iter().any(|setting| setting.name.starts_with(&start))
}

/// Returns a value as it was written, cut where it is long.
fn shown(text: &str, bytes: Range<usize>) -> String {
    let written = text.get(bytes).unwrap_or_default();
    let line = written.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < written.len() {
        short.push('…');
    }
    short
}

/// Reads a file of keys: names of actions with a key, or a list of them.
pub(super) fn keys(path: &Path, text: &str) -> Result<Keys, Vec<Fault>> {
    let place = path.display().to_string();
    let fault = |at: usize, what: String, remedy: &str| Fault {
        place: place.clone(),
        at: Some(position(text, at)),
        what,
        remedy: remedy.to_owned(),
    };
    let form = "write it as: accept = \"a\", or accept = [\"a\", \"Y\"]";
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![fault(at, error.message().trim().to_owned(), form)]
    })?;
    let mut faults = Vec::new();
    let mut wanted = BTreeMap::new();
    for (name, value) in table.get_ref() {
        let words = |value: &Spanned<DeValue<'_>>| match value.get_ref() {
            DeValue::String(key) => Some(key.to_string()),
            _ => None,
        };
        let keys: Option<Vec<String>> = match value.get_ref() {
            DeValue::String(key) if key.is_empty() => Some(Vec::new()),
            DeValue::Array(keys) => keys.iter().map(words).collect(),
            _ => words(value).map(|key| vec![key]),
        };
        if let Some(keys) = keys {
            wanted.insert(name.get_ref().to_string(), keys);
        } else {
            let what = format!("`{}` needs a key in quotes, or a list", name.get_ref());
            faults.push(fault(value.span().start, what, form));
        }
    }
    let keys = Keys::read(&wanted).map_err(|found| {
        found.into_iter().map(|one| {
            let names = one.actions();
            let span = table
                .get_ref()
                .iter()
                .find(|(name, _)| names.contains(&name.get_ref().as_ref()))
                .map(|(name, _)| name.span().start);
            let said = one.to_string();
            let (what, remedy) =
                said.split_once("; ").unwrap_or((&said, "see `rubric config keys`"));
            fault(span.unwrap_or_default(), what.to_owned(), remedy)
        })
    });
    match keys {
        Ok(keys) if faults.is_empty() => Ok(keys),
        Ok(_) => Err(faults),
        Err(found) => {
            faults.extend(found);
            faults.sort_by_key(|fault| fault.at);
            Err(faults)
        }
    }
}

/// Returns a value as a file writes it.
pub(super) fn written(setting: &Setting, value: &str) -> String {
    let bare = !setting.is_quoted() || matches!(value, "true" | "false");
    if bare { value.to_owned() } else { toml::Value::String(value.to_owned()).to_string() }
}

/// Returns the text with one setting changed or added; all else stays as it was written.
pub(super) fn with(text: &str, setting: &Setting, value: &str) -> String {
    let value = written(setting, value);
    if let Some(found) = read(Path::new(""), text, Owner::Person).values.get(setting.name) {
        let (before, after) = (&text[..found.bytes.start], &text[found.bytes.end..]);
        return [before, &value, after].concat();
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (table, key) = setting.name.split_once('.').unwrap_or(("", setting.name));
    let line = format!("{key} = {value}");
    let header = |line: &String| line.trim_start().starts_with('[');
    let named = |line: &String| {
        line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next()).map(str::trim)
            == Some(table)
    };
    let start = match lines.iter().position(named) {
        Some(at) => at + 1,
        None if table.is_empty() => 0,
        None => {
            lines.push(format!("[{table}]"));
            lines.len()
        }
    };
    let end = lines.iter().skip(start).position(header).map_or(lines.len(), |at| start + at);
    let off = format!("#{key} =");
    if let Some(at) = lines[start..end].iter().position(|line| line.starts_with(&off)) {
        lines[start + at] = line;
    } else {
        let blank = lines[start..end].iter().rev().take_while(|line| line.is_empty()).count();
        lines.insert(end - blank, line);
    }
    lines.join("\n") + "\n"
}

/// Returns the first file: every setting with its words, switched off and showing its default.
pub(super) fn template() -> String {
    let mut text = String::from(
        "# Settings of rubric. A line that begins with # is off and shows the default.\n\
         # `rubric config check` looks this file over, `rubric config` shows what is in force.\n",
    );
    let mut table = "";
    for setting in SETTINGS {
        let (above, key) = setting.name.split_once('.').unwrap_or(("", setting.name));
        if above != table {
            let _ = write!(text, "\n[{above}]");
            table = above;
        }
        let default = written(setting, setting.default);
        let _ = write!(text, "\n# {}\n#{key} = {default}\n", setting.help);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str, owner: Owner) -> Vec<String> {
        read(Path::new("c.toml"), text, owner).faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tables_and_dotted_names_say_the_same() {
        for text in ["[lock]\nminutes = 5\n", "lock.minutes = 5\n", "lock = { minutes = 5 }\n"] {
            let read = read(Path::new("c.toml"), text, Owner::Person);
            assert_eq!(read.values["lock.minutes"].value, "5", "{text}");
            assert!(read.faults.is_empty());
        }
    }

    #[test]
    fn every_fault_has_its_place_and_a_remedy_and_hides_no_sound_value() {
        let text =
            "coder = \"anna\"\nthem = \"dark\"\n  mouse = \"yes\"\n[lock]\nminutes = 99999\n";
        let read = read(Path::new("c.toml"), text, Owner::Person);
        assert_eq!(read.values["coder"].value, "anna");
        let told: Vec<String> = read.faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "c.toml:2:1: there is no setting `them`\n  did you mean `theme`?",
                "c.toml:3:11: `mouse` cannot be \"yes\"\n  write true or false",
                "c.toml:5:11: `lock.minutes` cannot be 99999\n  write a whole number from 0 to 1440",
            ]
        );
        assert!(faults("theme = \n", Owner::Person)[0].starts_with("c.toml:1:"));
    }

    #[test]
    fn a_file_beside_a_queue_names_no_person() {
        assert!(faults("coder = \"ben\"\n", Owner::Queue)[0].contains("person's own"));
        assert_eq!(faults("payer = \"commercial\"\nbulk = false\n", Owner::Queue), [""; 0]);
    }

    #[test]
    fn signs_are_chosen_by_themselves_or_by_yes_and_no() {
        for (text, value) in [("ascii = true", "true"), ("ascii = \"auto\"", "auto")] {
            assert_eq!(read(Path::new("c"), text, Owner::Person).values["ascii"].value, value);
        }
        assert_eq!(faults("plain = \"true\"", Owner::Person).len(), 1);
    }

    #[test]
    fn keys_are_read_and_a_clash_has_its_line() {
        let path = Path::new("keys.toml");
        assert!(keys(path, "accept = \"J\"\nzoom = \"\"\nundo = [\"u\", \"U\"]\n").is_ok());
        let told: Vec<String> =
            keys(path, "zoom = \"Z\"\naccept = \"c\"\nnosuch = 3\ndefer = \"5\"\n")
                .unwrap_err()
                .iter()
                .map(ToString::to_string)
                .collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(
            told[0].starts_with("keys.toml:2:1: `c` would stand for `accept` and for `change`")
        );
        assert!(told[1].starts_with("keys.toml:3:10: `nosuch` needs a key"));
        assert!(told[2].starts_with("keys.toml:4:1: `defer` decides and may not sit on `5`"));
    }

    #[test]
    fn one_value_is_changed_and_comments_stay() {
        let text = "# mine\ncoder = \"a\" # me\n\n[lock]\n# never\nminutes = 5\n";
        let coder = setting("coder").unwrap();
        let new = with(text, coder, "b \"c\"");
        assert_eq!(new, text.replace("\"a\"", "'b \"c\"'"));
        let asks = setting("quit.ask").unwrap();
        let new = with(&new, asks, "false");
        let new = with(&new, setting("theme").unwrap(), "dark");
        let read = read(Path::new("c"), &new, Owner::Person);
        assert!(read.faults.is_empty(), "{new}\n{:?}", read.faults);
        assert_eq!(read.values["coder"].value, "b \"c\"");
        assert_eq!(read.values["quit.ask"].value, "false");
        assert_eq!(read.values["theme"].value, "dark");
        assert_eq!(read.values["lock.minutes"].value, "5");
        assert!(new.contains("# never"));
    }

    #[test]
    fn the_first_file_is_sound_sets_nothing_and_takes_every_setting_in_its_place() {
        let mut text = template();
        let first = read(Path::new("c"), &text, Owner::Person);
        assert!(first.faults.is_empty() && first.values.is_empty(), "{:?}", first.faults);
        let lines = text.lines().count();
        for setting in SETTINGS {
            let value = if setting.default.is_empty() { "x" } else { setting.default };
            text = with(&text, setting, value);
        }
        let all = read(Path::new("c"), &text, Owner::Person);
        assert!(all.faults.is_empty(), "{:?}\n{text}", all.faults);
        assert_eq!((all.values.len(), text.lines().count()), (SETTINGS.len(), lines));
    }
}
