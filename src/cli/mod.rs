//! The command line: one file a subcommand.

mod analyse;
mod doctor;
mod eval;
mod json;
mod keywords;
mod log;
mod pairs;
mod payers;
mod person;
mod review;
mod rules;
mod text;
mod units;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::engine::{Engine, Pace};
use crate::knowledge::{load, load_payers};

/// Reviews outpatient therapy notes for timed codes: evidence, suggestions, warnings, decisions.
#[derive(Debug, Parser)]
#[command(name = "rubric", version, max_term_width = 100)]
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
}

/// Exit status when something could not run.
const COULD_NOT_RUN: u8 = 2;

/// Runs the program with the arguments of the process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
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

fn dispatch(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let folder = arguments.keywords.as_deref();
    let Some(command) = &arguments.command else { return review::alone(folder, out) };
    match command {
        Command::Review(command) => review::run(command, folder, out),
        Command::Log(command) => log::run(command, out),
        Command::Analyse(command) => analyse::run(command, folder, out),
        Command::Rules(command) => rules::run(command, folder, out),
        Command::Units(command) => units::run(command, folder, out),
        Command::Pairs(command) => pairs::run(command, folder, out),
        Command::Payers(command) => payers::run(command, folder, out),
        Command::Doctor(command) => doctor::run(command, folder, out),
        Command::Keywords(command) => keywords::run(command, folder, out),
        Command::Eval(command) => eval::run(command, folder, out),
    }
}

/// Compiles the engine from the built-in files or a folder.
fn engine(folder: Option<&std::path::Path>, pace: Pace) -> anyhow::Result<Engine> {
    Ok(Engine::new(load(folder)?, load_payers(folder)?, pace)?)
}

fn broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
