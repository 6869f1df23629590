//! Who sits here, what the clock says, where the log lies: facts of this computer, asked once.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::config;
use crate::store::{
    Closed, Coder, LogPlace, Stamp, StoreError, default_log_path, default_state_dir,
};

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
        let config = config::Config::load(None);
        let settled = |name| config.text(name).map(PathBuf::from);
        let place = place(self.log.clone().or_else(|| settled("log")).as_deref())?;
        Ok(LogPlace { receipts: settled("receipts"), ..place })
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

/// Says it if the newest hash could not be left with the receipts; nothing recorded depends on it.
pub(super) fn tell(closed: &Closed) -> std::io::Result<()> {
    let Err(error) = &closed.receipt else { return Ok(()) };
    writeln!(std::io::stderr(), "rubric: no receipt was left; all is recorded\n{error}")
}

/// Returns what the clock says now, here.
pub(super) fn now() -> Stamp {
    let now = jiff::Zoned::now();
    Stamp { utc_ms: now.timestamp().as_millisecond(), offset_minutes: now.offset().seconds() / 60 }
}

/// Keeps the system from writing the memory of a broken program, and notes in it, to the disk.
#[cfg(unix)]
pub(super) fn leave_no_core() {
    use rustix::process::{Resource, Rlimit, setrlimit};

    // Lowering a limit is always allowed; without it the program works all the same.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

#[cfg(not(unix))]
pub(super) fn leave_no_core() {}

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
