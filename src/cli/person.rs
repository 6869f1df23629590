//! Who sits here, what the clock says, where the log lies: facts of this computer, asked once.

use std::path::{Path, PathBuf};

use super::config;
use crate::store::{Coder, LogPlace, Stamp, StoreError, default_log_path, default_state_dir};

/// Where the audit log lies and who writes into it.
#[derive(Debug, clap::Args)]
pub(super) struct LogArguments {
    /// Audit log in place of the usual one
    #[arg(long, global = true, value_name = "FILE", env = "RUBRIC_LOG", hide_env_values = true)]
    pub(super) log: Option<PathBuf>,
    /// Your name as coder, in each event; your user name unless given
    #[arg(long, global = true, value_name = "NAME", env = "RUBRIC_CODER", hide_env_values = true)]
    pub(super) coder: Option<String>,
}

impl LogArguments {
    /// Returns the place of the log.
    pub(super) fn place(&self) -> Result<LogPlace, StoreError> {
        let settled = || config::Config::load(None).text("log").map(PathBuf::from);
        place(self.log.clone().or_else(settled).as_deref())
    }

    /// Returns who writes.
    pub(super) fn coder(&self) -> anyhow::Result<Coder> {
        let settled = || config::Config::load(None).text("coder").map(str::to_owned);
        coder(self.coder.clone().or_else(settled).as_deref())
    }
}

/// Returns the place of a log, or of the usual one.
pub(super) fn place(log: Option<&Path>) -> Result<LogPlace, StoreError> {
    let log = log.map_or_else(default_log_path, |log| Ok(log.to_path_buf()))?;
    Ok(LogPlace::new(log, default_state_dir()?))
}

/// Returns who sits here, under a name of their own or that of the system's user.
pub(super) fn coder(name: Option<&str>) -> anyhow::Result<Coder> {
    let os_user = os_user();
    let id = name.map_or(os_user.as_str(), str::trim).to_owned();
    if id.is_empty() || id.chars().any(char::is_control) {
        anyhow::bail!("a coder needs a name of plain characters\nname yourself: --coder NAME");
    }
    Ok(Coder { id, os_user, host: host() })
}

/// Returns what the clock says now, here.
pub(super) fn now() -> Stamp {
    let now = jiff::Zoned::now();
    Stamp { utc_ms: now.timestamp().as_millisecond(), offset_minutes: now.offset().seconds() / 60 }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn os_user() -> String {
    ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(variable).unwrap_or_else(listed_user)
}

/// Returns the name that the list of users gives to the number of this one.
#[cfg(unix)]
fn listed_user() -> String {
    let number = rustix::process::geteuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut lines = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let name = lines.find(|fields| fields.get(2) == Some(&number.as_str()));
    name.and_then(|fields| fields.first().map(|name| (*name).to_owned()))
        .unwrap_or_else(|| format!("user-{number}"))
}

#[cfg(not(unix))]
fn listed_user() -> String {
    "user".to_owned()
}

#[cfg(unix)]
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    variable("COMPUTERNAME").unwrap_or_else(|| "unknown".to_owned())
}
