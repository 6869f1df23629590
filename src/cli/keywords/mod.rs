//! `rubric keywords`: check, show, explain and compare the keyword files.

mod check;
mod diff;
mod expand;
mod explain;
mod sarif;
mod show;
mod stats;
mod tell;
mod why_not;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::intake::{Catalog, Options};
use crate::model::Note;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric keywords show --write my-keywords
  rubric --keywords my-keywords keywords check
  rubric keywords explain FT-0101")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Look for faults, and run every example of every rule
    #[command(after_help = "Examples:
  rubric keywords check
  rubric --keywords my-keywords keywords check --format sarif > findings.sarif")]
    Check(check::Arguments),
    /// List rules, or write the built-in files into a folder
    #[command(after_help = "Examples:
  rubric keywords show --code 97535
  rubric keywords show --write my-keywords")]
    Show(show::Arguments),
    /// Say what a rule, cue, heading or abbreviation looks for, and why
    #[command(after_help = "Example:
  rubric keywords explain FT-0101")]
    Explain(explain::Arguments),
    /// Write out every form that the phrases of an entry stand for
    #[command(after_help = "Example:
  rubric keywords expand FT-0101")]
    Expand(expand::Arguments),
    /// Run two sets of keyword files over notes and list what changes
    #[command(after_help = "Example:
  rubric keywords diff built-in my-keywords --notes notes-samples")]
    Diff(diff::Arguments),
    /// Count rules, find those that never fire, and words that no rule knows
    #[command(after_help = "Example:
  rubric keywords stats --notes notes-samples")]
    Stats(stats::Arguments),
    /// Say what a note lacks for a code
    #[command(after_help = "Example:
  rubric keywords why-not 97530 notes-samples/pt-knee-oa-soap.txt")]
    WhyNot(why_not::Arguments),
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    match &arguments.command {
        Command::Check(command) => return check::run(command, folder, out),
        Command::Show(command) => show::run(command, folder, out)?,
        Command::Explain(command) => explain::run(command, folder, out)?,
        Command::Expand(command) => expand::run(command, folder, out)?,
        Command::Diff(command) => diff::run(command, out)?,
        Command::Stats(command) => stats::run(command, folder, out)?,
        Command::WhyNot(command) => why_not::run(command, folder, out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Text for people, or JSON for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// Reads all notes of a folder or file; on the first that cannot be read, says so.
pub(super) fn notes(path: &Path) -> anyhow::Result<Vec<Note>> {
    notes_with(path, None)
}

/// Reads all notes with the billed lines of a claims file.
pub(super) fn notes_with(path: &Path, claims: Option<PathBuf>) -> anyhow::Result<Vec<Note>> {
    let options = Options { claims, ..Options::default() };
    let catalog = Catalog::open(&[path.to_owned()], &options)?;
    let notes = catalog.notes().map(|loaded| Ok(loaded?.note));
    notes.collect()
}
