//! `rubric log`: read, verify, export, prove, redact and back up the audit log.

mod check;
mod keep;
mod prove;
mod show;
mod take;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use crate::store::verify::Expected;
use crate::store::{AuditLog, EventId, ExportOrder, LogPlace, Naming, Verdict, verify};

use super::person::{self, LogArguments};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric log show N-0412
  rubric log verify

Exit status of `verify` and the other commands:
  0  consistent, and it goes on from a head known from outside; or done
  2  wrong usage
  3  could not run
  4  tampering or inconsistency found
  5  consistent, but no head is known from outside")]
pub(super) struct Arguments {
    #[command(flatten)]
    log: LogArguments,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what was recorded: all of it, one note, one coder, one event
    #[command(after_help = "Examples:
  rubric log show
  rubric log show N-0412
  rubric log show --by anna --format json")]
    Show(show::Arguments),
    /// Check that nothing recorded was changed; changes nothing
    #[command(after_help = "Example:
  rubric log verify

Exit status of `verify` and the other commands:
  0  consistent, and it goes on from a head known from outside; or done
  2  wrong usage
  3  could not run
  4  tampering or inconsistency found
  5  consistent, but no head is known from outside")]
    Verify {
        /// A head from paper, as a footer or receipt shows it
        #[arg(long, value_name = "SIZE:HASH", value_parser = expected)]
        expect: Option<Expected>,
        /// How the result is written
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Write all events as a table or JSON; that it was done is recorded
    #[command(after_help = "Examples:
  rubric log export --to auditor --output decisions.csv
  rubric log export --to study --numbers --format json > decisions.json")]
    Export {
        /// How events are written
        #[arg(long, value_enum, default_value_t)]
        format: ExportFormat,
        /// File to write; standard output unless given
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Who gets it; recorded
        #[arg(long, value_name = "WORDS")]
        to: String,
        /// Random numbers in place of keys of notes; no digests, no free texts
        #[arg(long)]
        numbers: bool,
    },
    /// Prove one event, or that the log grew from an earlier one, without showing the others
    #[command(after_help = "Examples:
  rubric log prove 42 > event-42.tlog-proof
  rubric log prove --since 812")]
    Prove(prove::Arguments),
    /// Check a proof of one event; needs no log
    #[command(after_help = "Example:
  rubric log check-proof event-42.tlog-proof")]
    CheckProof(check::Arguments),
    /// Print and record a checkpoint of all events so far
    #[command(after_help = "Example:
  rubric log checkpoint")]
    Checkpoint {
        /// How it is written
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Remove a free text visibly, with a reason that is recorded
    #[command(after_help = "Example:
  rubric log redact 42 --field comment --reason named-a-person")]
    Redact(keep::RedactArguments),
    /// Copy the log while it is in use, and verify the copy
    #[command(after_help = "Example:
  rubric log backup audit-copy.sqlite")]
    Backup {
        /// File to write; never replaced
        file: PathBuf,
        /// How the result is written
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Take a note from the coder who holds it, with a reason that is recorded
    #[command(after_help = "Example:
  rubric log take N-0412 --reason anna-is-ill")]
    Take(take::Arguments),
    /// Tell what stands for each note again from the events
    #[command(after_help = "Example:
  rubric log rebuild")]
    Rebuild,
    /// Say what putting a backup back would lose; changes nothing
    #[command(after_help = "Example:
  rubric log restore-check audit-copy.sqlite")]
    RestoreCheck {
        /// The backup
        file: PathBuf,
        /// How the result is written
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// How a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum ExportFormat {
    /// A table; no cell is taken for a formula
    #[default]
    Csv,
    /// One object with all events and their texts
    Json,
}

fn expected(text: &str) -> Result<Expected, String> {
    Expected::parse(text).ok_or_else(|| {
        "a head is the number of events, a colon and 64 hex digits, as 812:0b21…".to_owned()
    })
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match dispatch(arguments, out) {
        Err(error) if !super::broken_pipe(&error) => {
            writeln!(std::io::stderr(), "rubric: {error:#}")?;
            Ok(ExitCode::from(Verdict::COULD_NOT_RUN))
        }
        done => done,
    }
}

fn dispatch(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let desk = &arguments.log;
    match &arguments.command {
        Command::Show(wanted) => show::run(desk, wanted, out),
        Command::Verify { expect, format } => {
            let report = verify(&existing(desk)?, expect.as_ref())?;
            match format {
                Format::Text => writeln!(out, "{report}")?,
                Format::Json => writeln!(out, "{}", report.to_json())?,
            }
            Ok(ExitCode::from(report.verdict.exit_code()))
        }
        Command::Export { format, output, to, numbers } => {
            let order = ExportOrder {
                format: match format {
                    ExportFormat::Csv => crate::store::Format::Csv,
                    ExportFormat::Json => crate::store::Format::Json,
                },
                naming: if *numbers { Naming::Numbers } else { Naming::Keys },
                to: to.clone(),
            };
            keep::export(desk, &order, output.as_deref(), out)
        }
        Command::Prove(wanted) => prove::run(desk, wanted, out),
        Command::CheckProof(wanted) => check::run(wanted, out),
        Command::Checkpoint { format } => prove::checkpoint(desk, *format, out),
        Command::Redact(wanted) => keep::redact(desk, wanted, out),
        Command::Backup { file, format } => keep::backup(desk, file, *format, out),
        Command::Take(wanted) => take::run(desk, wanted, out),
        Command::Rebuild => keep::rebuild(desk, out),
        Command::RestoreCheck { file, format } => keep::check(desk, file, *format, out),
    }
}

/// Returns the place of a log that is there: none of these commands begins one.
fn existing(desk: &LogArguments) -> anyhow::Result<LogPlace> {
    let place = desk.place()?;
    if !place.log.try_exists().unwrap_or(true) {
        anyhow::bail!(
            "{}: there is no audit log\nthe first `rubric review` begins one; name another: --log FILE",
            place.log.display()
        );
    }
    Ok(place)
}

/// Opens a log or a copy to read it; nothing is written, in it or beside it.
fn reading<T>(
    desk: &LogArguments,
    act: impl FnOnce(&AuditLog) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    act(&AuditLog::read(&existing(desk)?, desk.coder()?)?)
}

/// Opens a log that is there, does something with it, and closes it.
fn with_log<T>(
    desk: &LogArguments,
    act: impl FnOnce(&mut AuditLog) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let mut log = AuditLog::open(&existing(desk)?, desk.coder()?, person::now())?;
    let done = act(&mut log)?;
    person::tell(&log.close(person::now())?)?;
    Ok(done)
}

/// Chooses the id of an event that is about to be recorded.
fn new_id() -> EventId {
    EventId::now()
}

/// Writes a value as one JSON object.
fn write_json(out: &mut dyn Write, value: &impl serde::Serialize) -> anyhow::Result<()> {
    Ok(writeln!(out, "{}", serde_json::to_string_pretty(value)?)?)
}
