//! `rubric doctor`: what this computer gives the program, and whether the audit log is whole; no health data.

use std::io::{IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::store::disk::{Encryption, encryption};
use crate::store::verify::Check as LogCheck;
use crate::store::{
    FileSystem, InstallationKey, LogPlace, Verdict, VerifyReport, verify, versions,
};
use crate::tui::theme::Theme;

use super::person::{self, LogArguments};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric doctor
  rubric doctor --format json

Exit status:
  0  all is as it should be
  1  something needs mending; what to do stands beside it")]
pub(super) struct Arguments {
    #[command(flatten)]
    log: LogArguments,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How the result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be, or a plain fact.
    Ok,
    /// Works, but not as well as it could.
    Notice,
    /// Needs mending.
    Fault,
}

#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    state: State,
    says: String,
    remedy: Option<String>,
}

impl Check {
    fn ok(name: &'static str, says: impl Into<String>) -> Self {
        Self { name, state: State::Ok, says: says.into(), remedy: None }
    }

    fn notice(name: &'static str, says: impl Into<String>, remedy: &str) -> Self {
        Self { name, state: State::Notice, says: says.into(), remedy: Some(remedy.to_owned()) }
    }

    fn fault(name: &'static str, says: impl Into<String>, remedy: &str) -> Self {
        Self { name, state: State::Fault, says: says.into(), remedy: Some(remedy.to_owned()) }
    }

    /// Takes a message whose second line says what to do.
    fn from_error(name: &'static str, error: &dyn std::error::Error) -> Self {
        let said = error.to_string();
        let (says, remedy) = said.split_once('\n').unwrap_or((&said, "see `rubric --help`"));
        Self::fault(name, says, remedy)
    }
}

#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    sound: bool,
    checks: &'a [Check],
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let mut checks = vec![Check::ok("program", format!("rubric {}", env!("CARGO_PKG_VERSION")))];
    checks.extend(terminal());
    checks.push(knowledge(folder));
    match arguments.log.coder() {
        Ok(coder) => checks.push(Check::ok("coder", coder.id)),
        Err(error) => checks.push(Check::from_error("coder", error.as_ref())),
    }
    match arguments.log.place() {
        Ok(place) => log(&place, &mut checks),
        Err(error) => checks.push(Check::from_error("log", &error)),
    }
    let sound = checks.iter().all(|check| check.state != State::Fault);
    match arguments.format {
        Format::Json => {
            let report = Report { schema: "rubric.doctor/1", sound, checks: &checks };
            writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        }
        Format::Text => {
            for check in &checks {
                let sign = match check.state {
                    State::Ok => ' ',
                    State::Notice => '?',
                    State::Fault => '!',
                };
                writeln!(out, "{sign} {:<12} {}", check.name, check.says)?;
                for line in check.remedy.iter().flat_map(|remedy| remedy.lines()) {
                    writeln!(out, "{:15}{line}", "")?;
                }
            }
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn terminal() -> Vec<Check> {
    let mut checks = Vec::new();
    let shown = std::io::stdout().is_terminal();
    let size = crossterm::terminal::size().ok().filter(|_| shown);
    checks.push(match size {
        Some((wide, high)) if wide < 40 || high < 12 => Check::notice(
            "terminal",
            format!("{wide} columns, {high} rows"),
            "the screen needs 40 by 12, and reads best from 80 by 24",
        ),
        Some((wide, high)) => Check::ok("terminal", format!("{wide} columns, {high} rows")),
        None => Check::ok("terminal", "none on standard output"),
    });
    let term = variable("TERM").unwrap_or_else(|| "not set".to_owned());
    checks.push(if term == "dumb" {
        Check::notice("kind", term, "reviews run in lines here, as with --plain")
    } else {
        Check::ok("kind", term)
    });
    let no_color = variable("NO_COLOR");
    let theme = Theme::for_environment(None, no_color.as_deref(), variable("COLORFGBG").as_deref());
    let why = if no_color.is_some() { ", because NO_COLOR is set" } else { "" };
    checks.push(Check::ok("colours", format!("theme {}{why}", theme.name())));
    checks.push(if super::review::speaks_utf8() {
        Check::ok("signs", "UTF-8")
    } else {
        Check::notice("signs", "ASCII only", "set LANG to a UTF-8 locale for lines and symbols")
    });
    #[cfg(windows)]
    checks.push(Check::notice(
        "console",
        "selecting text may freeze the window",
        "use Windows Terminal, or switch Quick Edit off",
    ));
    checks
}

fn knowledge(folder: Option<&Path>) -> Check {
    match super::engine(folder) {
        Ok(engine) => {
            let lexicon = engine.lexicon();
            let payers: Vec<String> = engine
                .payers()
                .iter()
                .map(crate::knowledge::payers::PayerProfile::version)
                .collect();
            Check::ok(
                "keywords",
                format!(
                    "{}; {} rules, {} phrases; payers {}",
                    lexicon.version,
                    lexicon.rules.len(),
                    lexicon.index.phrases(),
                    payers.join(", ")
                ),
            )
        }
        Err(error) => Check::from_error("keywords", error.as_ref()),
    }
}

/// Looks at the log without touching it; a log that is not there yet is not begun.
fn log(place: &LogPlace, checks: &mut Vec<Check>) {
    checks.push(Check::ok("state", place.state_dir.display().to_string()));
    checks.push(Check::ok("log", place.log.display().to_string()));
    let folder = place.log.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if let Some(existing) = folder.ancestors().find(|folder| folder.is_dir()) {
        checks.push(match (place.probe)(existing) {
            Ok(FileSystem::Local) => Check::ok("disk", "of this computer"),
            Ok(FileSystem::Network(kind)) => {
                Check::fault("disk", kind, "keep the log on a disk of this computer: --log FILE")
            }
            Ok(FileSystem::Copied(client)) => Check::fault(
                "disk",
                format!("{client} copies this folder to other computers"),
                "keep the log in a folder that is not copied: --log FILE",
            ),
            Err(error) => Check::from_error("disk", &error),
        });
    }
    if let Some(receipts) = &place.receipts {
        checks.push(if receipts.is_dir() {
            Check::ok("receipts", receipts.display().to_string())
        } else {
            Check::notice(
                "receipts",
                format!("{} is out of reach", receipts.display()),
                "work goes on without; once it is there, the next review leaves a receipt again",
            )
        });
    }
    checks.push(match encryption(folder) {
        Encryption::Encrypted => Check::ok("encryption", "the disk is encrypted"),
        Encryption::Plain => Check::notice(
            "encryption",
            "the system names no encryption of the disk",
            "encrypt the disk: log, key and notes are readable to whoever takes it",
        ),
        Encryption::Unknown => Check::ok("encryption", "not told here"),
    });
    if !place.log.exists() {
        checks.push(Check::ok("events", "no log yet; the first `rubric review` begins one"));
        return;
    }
    modes(place, checks);
    match verify(place, None) {
        Err(error) => checks.push(Check::from_error("chain", &error)),
        Ok(report) => verified(&report, checks),
    }
}

fn verified(report: &VerifyReport, checks: &mut Vec<Check>) {
    const LOOK: &str = "run `rubric log verify` and ask whoever keeps the backups";
    const REBUILD: &str = "the events are whole; tell the tables again: rubric log rebuild";
    let failed =
        |which: &[LogCheck]| report.findings.iter().find(|finding| which.contains(&finding.check));
    let counts = &report.counts;
    checks.push(Check::ok("versions", versions()));
    checks.push(Check::ok(
        "events",
        format!("{}, of them {} decisions", counts.events, counts.decisions),
    ));
    checks.push(Check::ok("head", format!("{}:{}", counts.events, report.root)));
    for (name, which, fine) in [
        ("file", &[LogCheck::Integrity, LogCheck::Schema][..], "sound, tables and guards as made"),
        (
            "chain",
            &[
                LogCheck::Numbers,
                LogCheck::Body,
                LogCheck::Hash,
                LogCheck::Chain,
                LogCheck::Ids,
                LogCheck::Texts,
                LogCheck::Signatures,
                LogCheck::Amendments,
                LogCheck::Leases,
            ],
            "every event as it was recorded",
        ),
        ("rebuild", &[LogCheck::Projections], "what stands for each note equals a rebuild"),
    ] {
        checks.push(match failed(which) {
            None => Check::ok(name, fine),
            Some(finding) => {
                let only = report.findings.iter().all(|other| other.check == finding.check);
                let remedy = if name == "rebuild" && only { REBUILD } else { LOOK };
                Check::fault(name, finding.problem.clone(), remedy)
            }
        });
    }
    checks.push(match (failed(&[LogCheck::Heads]), report.verdict) {
        (Some(finding), _) => Check::fault("heads", finding.problem.clone(), LOOK),
        (None, Verdict::Unwitnessed) => Check::notice(
            "heads",
            "none is known from outside: a cut log would look the same",
            "keep a head on paper: the last line of `rubric log export`",
        ),
        (None, _) => Check::ok("heads", format!("{} remembered, all hold", report.witnesses.len())),
    });
    let newest = report.witnesses.iter().map(|witness| witness.at).max().unwrap_or_default();
    checks.push(if newest > person::now().utc_ms {
        Check::notice(
            "clock",
            "stands before the last time the log was seen",
            "set the clock; events keep their order by number",
        )
    } else {
        Check::ok("clock", "not before the last time the log was seen")
    });
}

/// Looks whether others may read log and key.
#[cfg(unix)]
fn modes(place: &LogPlace, checks: &mut Vec<Check>) {
    use std::os::unix::fs::PermissionsExt as _;

    let key = InstallationKey::path_for(&place.log);
    for (name, file) in [("log file", place.log.as_path()), ("key file", key.as_path())] {
        let Ok(facts) = std::fs::metadata(file) else {
            checks.push(Check::notice(
                name,
                "not there",
                "without its key, digests of notes cannot be compared; put it back from its backup",
            ));
            continue;
        };
        let mode = facts.permissions().mode() & 0o777;
        checks.push(if mode.trailing_zeros() >= 6 {
            Check::ok(name, format!("mode {mode:04o}"))
        } else {
            Check::fault(
                name,
                format!("mode {mode:04o}: others may read it"),
                "the next review closes it; or set its mode to 0600",
            )
        });
    }
}

#[cfg(not(unix))]
fn modes(place: &LogPlace, checks: &mut Vec<Check>) {
    if !InstallationKey::path_for(&place.log).exists() {
        checks.push(Check::notice("key file", "not there", "put it back from its backup"));
    }
}
