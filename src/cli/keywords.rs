//! `rubric keywords`: check, show and explain the keyword files.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::engine::{Pace, examples};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every example of every rule, and look for faults
    Check,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Check => check(folder, out),
    }
}

fn check(folder: Option<&Path>, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let engine = super::engine(folder, Pace::OneNote)?;
    let (failures, held) = examples::run(&engine);
    for failure in &failures {
        writeln!(out, "{} {}: {}", failure.place, failure.id, failure.message)?;
    }
    let lexicon = engine.lexicon();
    writeln!(
        out,
        "{} rules, {} phrases, {} texts in the automaton; {held} examples hold, {} fail",
        lexicon.rules.len(),
        lexicon.phrases.len(),
        engine.texts(),
        failures.len()
    )?;
    Ok(if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
