//! What is in force, and where each value comes from: environment, file beside the queue, own file, default.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;

use super::file::{self, Fault, Owner};
use super::table::{AUTO, Kind, OWN, SETTINGS, Setting, setting};
use crate::tui::app::{SettingRow, Takes};
use crate::tui::keys::Keys;
use crate::tui::looks::Looks;
use crate::tui::theme::Theme;

/// Names another file of settings.
const FILE_VARIABLE: &str = "RUBRIC_CONFIG";
/// Name of the file beside a queue.
const BESIDE: &str = "rubric.toml";

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::cli) enum Origin {
    /// Nobody set it.
    #[default]
    Default,
    /// A file, with the line.
    File(PathBuf, usize),
    /// An environment variable.
    Environment(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(file, line) => write!(f, "{}:{line}", file.display()),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

/// The settings in force.
#[derive(Debug, Default)]
pub(in crate::cli) struct Config {
    values: BTreeMap<&'static str, (String, Origin)>,
    /// What is wrong; the settings concerned have their defaults.
    pub(in crate::cli) faults: Vec<Fault>,
    /// Keys in force.
    pub(in crate::cli) keys: Keys,
    own_theme: Option<Looks>,
}

/// A file that was read, or is not there.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) owner: Owner,
    pub(super) text: std::io::Result<String>,
}

/// Returns the person's file of settings; there may be none yet.
pub(in crate::cli) fn own_file() -> anyhow::Result<PathBuf> {
    if let Some(path) = std::env::var_os(FILE_VARIABLE).filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(path));
    }
    let base = etcetera::choose_base_strategy().map_err(|_| {
        anyhow::anyhow!("no home folder is known\nset HOME, or name a file in {FILE_VARIABLE}")
    })?;
    Ok(base.config_dir().join("rubric").join("config.toml"))
}

/// Returns the file that may lie beside a queue.
fn beside(queue: &Path) -> PathBuf {
    let folder = if queue.is_dir() { queue } else { queue.parent().unwrap_or(queue) };
    folder.join(BESIDE)
}

impl Config {
    /// Reads the settings that hold for a queue, or without one.
    pub(in crate::cli) fn load(queue: Option<&Path>) -> Self {
        let own = own_file().ok().map(|path| (path, Owner::Person));
        let beside = queue.map(|queue| (beside(queue), Owner::Queue));
        let read = |(path, owner): (PathBuf, Owner)| {
            let text = std::fs::read_to_string(&path);
            Source { path, owner, text }
        };
        // Later ones win.
        let sources: Vec<Source> = own.into_iter().chain(beside).map(read).collect();
        Self::resolve(&sources, &|name| std::env::var(name).ok())
    }

    /// Lays the sources over each other.
    pub(super) fn resolve(sources: &[Source], variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut config = Self::default();
        for source in sources {
            match &source.text {
                Ok(text) => config.lay(source, text),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => config.faults.push(Fault {
                    place: source.path.display().to_string(),
                    at: None,
                    what: format!("cannot be read ({})", error.kind()),
                    remedy: "it has to be a text file in UTF-8 that you may read".to_owned(),
                }),
            }
            if source.owner == Owner::Person {
                let folder = source.path.parent().unwrap_or_else(|| Path::new("."));
                config.read_keys(&folder.join("keys.toml"));
                config.read_theme(&folder.join("theme.toml"));
            }
        }
        for setting in SETTINGS {
            let name = setting.variable();
            let Some(value) = variable(&name).filter(|value| !value.is_empty()) else { continue };
            if setting.takes(&value) {
                config.values.insert(setting.name, (value, Origin::Environment(name)));
            } else {
                config.faults.push(Fault {
                    place: format!("environment variable {name}"),
                    at: None,
                    what: "it cannot have this value".to_owned(),
                    remedy: format!("set it to {}", setting.allowed()),
                });
            }
        }
        if config.text("theme") == Some(OWN) && config.own_theme.is_none() {
            let (_, origin) = config.values.remove("theme").unwrap_or_default();
            config.faults.push(Fault {
                place: origin.to_string(),
                at: None,
                what: "the theme `own` needs a sound theme.toml beside your settings".to_owned(),
                remedy: "write one, as: base = \"dark\", then [roles], task = \"LightBlue\""
                    .to_owned(),
            });
        }
        config
    }

    fn lay(&mut self, source: &Source, text: &str) {
        let read = file::read(&source.path, text, source.owner);
        self.faults.extend(read.faults);
        for (name, found) in read.values {
            let value = match setting(name).map(|setting| setting.kind) {
                Some(Kind::Path) => {
                    let folder = source.path.parent().unwrap_or_else(|| Path::new("."));
                    folder.join(found.value).display().to_string()
                }
                _ => found.value,
            };
            self.values.insert(name, (value, Origin::File(source.path.clone(), found.line)));
        }
    }

    fn read_keys(&mut self, path: &Path) {
        let Ok(text) = std::fs::read_to_string(path) else { return };
        match file::keys(path, &text) {
            Ok(keys) => self.keys = keys,
            Err(faults) => self.faults.extend(faults),
        }
    }

    fn read_theme(&mut self, path: &Path) {
        let Ok(text) = std::fs::read_to_string(path) else { return };
        match Looks::read(&text) {
            Ok(looks) => self.own_theme = Some(looks),
            Err(faults) => self.faults.extend(faults.into_iter().map(|fault| Fault {
                place: path.display().to_string(),
                at: Some((fault.line, 1)),
                what: fault.message,
                remedy: "roles and colours are listed in `rubric config --help`".to_owned(),
            })),
        }
    }

    /// Returns a value, or its default; `None` where the computer decides.
    pub(in crate::cli) fn text(&self, name: &str) -> Option<&str> {
        let default = || setting(name).map(|setting| setting.default);
        let value = self.values.get(name).map(|(value, _)| value.as_str()).or_else(default);
        value.filter(|value| !value.is_empty())
    }

    /// Returns a value that somebody set.
    pub(in crate::cli) fn set(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(value, _)| value.as_str())
    }

    /// Returns the payer of notes that name none: the one named now, or the one that is set for
    /// these notes; `None` leaves it to the payer files.
    pub(in crate::cli) fn payer(named: Option<&str>, notes: Option<&Path>) -> Option<String> {
        let set = || {
            let notes = notes.filter(|path| path.as_os_str() != "-");
            Self::load(notes).set("payer").map(str::to_owned)
        };
        named.map(str::to_owned).or_else(set)
    }

    /// Returns where a value comes from.
    pub(in crate::cli) fn origin(&self, name: &str) -> Origin {
        self.values.get(name).map_or(Origin::Default, |(_, origin)| origin.clone())
    }

    /// Returns a value of yes or no; `None` where the computer decides.
    pub(in crate::cli) fn yes(&self, name: &str) -> Option<bool> {
        self.text(name).and_then(|value| value.parse().ok())
    }

    /// Returns the themes that may be chosen here, with their looks.
    pub(in crate::cli) fn themes(&self) -> Vec<(String, Looks)> {
        let may = |name: &&str| *name != OWN || self.own_theme.is_some();
        let names = super::theme_names().into_iter().filter(may);
        names.map(|name| (name.to_owned(), self.looks(Some(name)))).collect()
    }

    /// Returns all settings as the screen shows them; paths are left to the command line.
    pub(in crate::cli) fn rows(&self) -> Vec<SettingRow> {
        let takes = |setting: &Setting| {
            let words = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect();
            Some(match setting.kind {
                Kind::Path => return None,
                Kind::Words => Takes::Words,
                Kind::YesNo => Takes::OneOf(words(vec!["true", "false"])),
                Kind::OneOf(all) => {
                    // A theme of one's own is no choice before there is a file with it.
                    let there = |word: &&str| *word != OWN || self.own_theme.is_some();
                    Takes::OneOf(words(all().into_iter().filter(there).collect()))
                }
                Kind::Number { least, most } => Takes::Number { least, most },
            })
        };
        SETTINGS
            .iter()
            .filter_map(|setting| {
                Some(SettingRow {
                    name: setting.name,
                    value: self.text(setting.name).unwrap_or_default().to_owned(),
                    help: setting.help,
                    takes: takes(setting)?,
                    origin: self.origin(setting.name).to_string(),
                })
            })
            .collect()
    }

    /// Returns the looks of a theme by its name; `NO_COLOR` wins over all.
    pub(in crate::cli) fn looks(&self, chosen: Option<&str>) -> Looks {
        let name = chosen.or(self.text("theme")).unwrap_or(AUTO);
        let variable = |name: &str| std::env::var(name).ok();
        let (no_color, back) = (variable("NO_COLOR"), variable("COLORFGBG"));
        let theme =
            Theme::for_environment(Theme::parse(name), no_color.as_deref(), back.as_deref());
        match &self.own_theme {
            Some(own) if name == OWN && theme != Theme::Mono => own.clone(),
            _ => Looks::from(theme),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, owner: Owner, text: &str) -> Source {
        Source { path: PathBuf::from(name), owner, text: Ok(text.to_owned()) }
    }

    #[test]
    fn the_environment_wins_over_the_queue_and_the_queue_over_the_person() {
        let own = "payer = \"medicare\"\ntheme = \"dark\"\nlock.minutes = 3\nbulk = true\n";
        let sources = [
            source("own/config.toml", Owner::Person, own),
            source("notes/rubric.toml", Owner::Queue, "payer = \"commercial\"\n\nbulk = false\n"),
        ];
        let variable = |name: &str| (name == "RUBRIC_THEME").then(|| "light".to_owned());
        let config = Config::resolve(&sources, &variable);
        assert_eq!(config.faults, []);
        assert_eq!(config.text("payer"), Some("commercial"));
        assert_eq!(config.origin("bulk").to_string(), "notes/rubric.toml:3");
        assert_eq!(config.yes("bulk"), Some(false));
        assert_eq!(config.text("theme"), Some("light"));
        assert_eq!(config.origin("theme").to_string(), "RUBRIC_THEME");
        assert_eq!(config.text("lock.minutes"), Some("3"));
        assert_eq!(
            (config.yes("advance"), config.origin("advance")),
            (Some(true), Origin::Default)
        );
        assert_eq!((config.text("coder"), config.yes("ascii")), (None, None));
    }

    #[test]
    fn a_fault_leaves_the_default_and_paths_start_at_their_file() {
        let own = source("own/config.toml", Owner::Person, "log = \"l.sqlite\"\nmouse = 3\n");
        let variable = |name: &str| (name == "RUBRIC_BLIND").then(|| "half".to_owned());
        let config = Config::resolve(&[own], &variable);
        assert_eq!(config.text("log"), Some("own/l.sqlite"));
        assert_eq!((config.yes("mouse"), config.text("blind")), (Some(false), Some("off")));
        let told: Vec<String> = config.faults.iter().map(ToString::to_string).collect();
        assert!(told[0].starts_with("own/config.toml:2:9: `mouse` cannot be 3\n  write"));
        assert!(told[1].starts_with("environment variable RUBRIC_BLIND: "), "{told:?}");
    }
}
