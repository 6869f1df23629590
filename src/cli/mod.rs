//! The command line: one file a subcommand.

mod analyse;
mod clones;
mod columns;
mod completions;
mod config;
mod doctor;
mod eval;
mod gauge;
mod init;
mod json;
mod keywords;
mod log;
mod man;
mod pairs;
mod payers;
mod person;
mod report;
mod review;
mod rules;
mod text;
mod units;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::engine::Engine;
use crate::knowledge::{load, load_payers, ready};

/// Reviews outpatient therapy notes for timed codes: evidence, suggestions, warnings, decisions.
#[derive(Debug, Parser)]
#[command(name = "rubric", version, max_term_width = 100)]
#[command(after_help = "Examples:
  rubric review notes-samples
  rubric analyse notes-samples --fail-on error
  rubric units 97530=25 97110=12")]
struct Arguments {
    /// Keyword folder in place of the built-in one
    #[arg(long, global = true, value_name = "DIR")]
    keywords: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Review notes on the screen
    Review(review::Arguments),
    /// Show, verify, export, redact and back up the audit log
    Log(log::Arguments),
    /// Analyse notes: suggestions with evidence, minutes, units, warnings
    Analyse(analyse::Arguments),
    /// Show notes that are worded as an earlier one, side by side
    Clones(clones::Arguments),
    /// List and explain warnings
    Rules(rules::Arguments),
    /// Work out units from minutes, under both rules
    Units(units::Arguments),
    /// Ask what a payer says of codes billed on one date
    Pairs(pairs::Arguments),
    /// List payer profiles, or make one from downloaded tables
    Payers(payers::Arguments),
    /// Look at terminal, folders, keyword files and audit log
    Doctor(doctor::Arguments),
    /// Check, show and explain keyword files
    Keywords(keywords::Arguments),
    /// Score labelled text or answer keys
    Eval(eval::Arguments),
    /// Write the figures of the work as a page to keep and print
    Report(report::Arguments),
    /// Set name, payer and colours for the first time
    Init(init::Arguments),
    /// Show, check and change settings, keys and colours
    Config(config::Arguments),
    /// Write completions for a shell
    Completions(completions::Arguments),
    /// Write the manual page
    #[command(hide = true)]
    Man(man::Arguments),
}

/// Exit status when something could not run.
const COULD_NOT_RUN: u8 = 2;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    person::leave_no_core();
    let mut out = std::io::stdout().lock();
    match dispatch(&arguments, &mut out) {
        Ok(code) => code,
        Err(error) if broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "rubric: {error:#}");
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}

/// Returns the grammar of the command line; help, the README and their tests are read from it.
pub fn command() -> clap::Command {
    Arguments::command()
}

fn dispatch(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let folder = arguments.keywords.as_deref();
    let Some(command) = &arguments.command else { return review::alone(folder, out) };
    match command {
        Command::Review(command) => review::run(command, folder, out),
        Command::Log(command) => log::run(command, out),
        Command::Analyse(command) => analyse::run(command, folder, out),
        Command::Clones(command) => clones::run(command, folder, out),
        Command::Rules(command) => rules::run(command, folder, out),
        Command::Units(command) => units::run(command, folder, out),
        Command::Pairs(command) => pairs::run(command, folder, out),
        Command::Payers(command) => payers::run(command, folder, out),
        Command::Doctor(command) => doctor::run(command, folder, out),
        Command::Keywords(command) => keywords::run(command, folder, out),
        Command::Eval(command) => eval::run(command, folder, out),
        Command::Report(command) => report::run(command, folder, out),
        Command::Init(command) => init::run(command, folder, out),
        Command::Config(command) => config::run(command, out),
        Command::Completions(command) => completions::run(command, out),
        Command::Man(command) => man::run(command, out),
    }
}

/// Makes the engine that reads notes, from the built-in files or a folder.
fn engine(folder: Option<&std::path::Path>) -> anyhow::Result<Engine> {
    Ok(Engine::new(ready(folder)?, load_payers(folder)?))
}

/// Makes an engine that also knows how its phrases are written, and their examples; slow to start.
fn whole_engine(folder: Option<&std::path::Path>) -> anyhow::Result<Engine> {
    Ok(Engine::new(load(folder)?, load_payers(folder)?))
}

fn broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
