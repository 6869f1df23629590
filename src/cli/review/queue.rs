//! What is reviewed: paths that were named, or the queue of the last time.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::store::{FIRST_SLOT, LogPlace};

use super::super::config::{Config, Origin};
use super::Arguments;

/// The queue that was reviewed last, for the next start without paths.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Last {
    paths: Vec<PathBuf>,
    claims: Option<PathBuf>,
    pub(super) log: PathBuf,
    payer: Option<String>,
    coder: String,
    /// Whoever goes on with a second review must not see the first.
    #[serde(default = "first_slot")]
    slot: u8,
}

fn first_slot() -> u8 {
    FIRST_SLOT
}

impl Last {
    fn file(state_dir: &Path) -> PathBuf {
        state_dir.join("places").join("last.json")
    }

    pub(super) fn read(state_dir: &Path) -> Option<Self> {
        serde_json::from_str(&std::fs::read_to_string(Self::file(state_dir)).ok()?).ok()
    }

    /// Keeps it beside the places in queues; the folder is made by the first of them.
    fn write(&self, state_dir: &Path) -> anyhow::Result<()> {
        let file = Self::file(state_dir);
        let folder = file.parent().context("no folder")?;
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        new.persist(&file)?;
        Ok(())
    }
}

/// What is reviewed: as named, or as it was the last time.
pub(super) struct Queue {
    pub(super) paths: Vec<PathBuf>,
    pub(super) claims: Option<PathBuf>,
    /// Payer of notes that name none, by flag, settings or the last time.
    pub(super) payer: Option<String>,
    /// Name of the coder, if one was given now, in the settings or then.
    pub(super) coder: Option<String>,
    pub(super) place: LogPlace,
    /// Review slot, by flag or the last time.
    pub(super) slot: u8,
    pub(super) config: Config,
    /// Payer that was named for this queue, and not in the settings.
    named_payer: Option<String>,
}

impl Queue {
    pub(super) fn of(arguments: &Arguments) -> anyhow::Result<Self> {
        let mut place = arguments.log.place()?;
        if let Some(first) = arguments.paths.first() {
            let config = Config::load(Some(first.as_path()).filter(|path| path.as_os_str() != "-"));
            return Ok(Self {
                paths: arguments.paths.clone(),
                claims: arguments.claims.clone(),
                payer: arguments.payer.clone().or_else(|| set(&config, "payer")),
                coder: arguments.log.coder.clone().or_else(|| set(&config, "coder")),
                place,
                slot: arguments.slot.unwrap_or(FIRST_SLOT),
                config,
                named_payer: arguments.payer.clone(),
            });
        }
        let last = Last::read(&place.state_dir).context(
            "no notes were named, and none were reviewed before\n\
             name a folder or files: rubric review notes-samples",
        )?;
        let config = Config::load(last.paths.first().map(PathBuf::as_path));
        let from_environment = |name: &str| {
            matches!(config.origin(name), Origin::Environment(_))
                .then(|| set(&config, name))
                .flatten()
        };
        if arguments.log.log.is_none() {
            place.log = last.log;
        }
        let named_payer =
            arguments.payer.clone().or_else(|| from_environment("payer")).or(last.payer);
        Ok(Self {
            paths: last.paths,
            claims: arguments.claims.clone().or(last.claims),
            payer: named_payer.clone().or_else(|| set(&config, "payer")),
            coder: arguments
                .log
                .coder
                .clone()
                .or_else(|| set(&config, "coder"))
                .or(Some(last.coder)),
            place,
            slot: arguments.slot.unwrap_or(last.slot),
            config,
            named_payer,
        })
    }

    /// Returns the name of the queue: its folder or file, and how many more there are.
    pub(super) fn name(&self) -> String {
        let names: BTreeSet<&PathBuf> = self.paths.iter().collect();
        let first = self.paths.first().map_or_else(String::new, |path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            )
        });
        let name = match names.len() {
            0 | 1 => first,
            more => format!("{first} and {} more", more - 1),
        };
        if self.slot == FIRST_SLOT { name } else { format!("{name}, slot {}", self.slot) }
    }

    /// Keeps what was reviewed, unless it came through a pipe; failing at it is no fault of the review.
    pub(super) fn remember(&self, coder: String) {
        if self.paths.iter().any(|path| path.as_os_str() == "-") {
            return;
        }
        let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let last = Last {
            paths: self.paths.iter().map(absolute).collect(),
            claims: self.claims.as_ref().map(absolute),
            log: absolute(&self.place.log),
            payer: self.named_payer.clone(),
            coder,
            slot: self.slot,
        };
        let _ = last.write(&self.place.state_dir);
    }
}

fn set(config: &Config, name: &str) -> Option<String> {
    config.set(name).map(str::to_owned)
}
