//! `rubric payers`: list the payer profiles, and make one from tables that the user downloaded.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use crate::knowledge::load_payers;
use crate::knowledge::payers::import::{Imported, limits, pairs, payer_file};
use crate::model::Setting;

#[derive(Debug, Args)]
#[command(after_help = "Example:
  rubric payers list")]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the profiles with their dates and unit rules
    #[command(after_help = "Example:
  rubric payers list")]
    List,
    /// Write a payer file from CMS pair (PTP) and unit limit (MUE) files that you downloaded
    #[command(after_help = "Example:
  rubric payers import --name medicare-2026q4 --date 2026-10-01 --pairs ccipra.txt > my-keywords/payers/medicare-2026q4.toml")]
    Import(Import),
}

#[derive(Debug, Args)]
struct Import {
    /// Name of the new profile
    #[arg(long)]
    name: String,
    /// Date of the tables, as 2026-10-01
    #[arg(long)]
    date: String,
    /// Profile that the new one extends
    #[arg(long, default_value = "medicare")]
    base: String,
    /// Pairs for practitioners
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
    /// Pairs for facilities
    #[arg(long, value_name = "FILE")]
    pairs_facility: Option<PathBuf>,
    /// Unit limits for practitioners
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,
    /// Unit limits for facilities
    #[arg(long, value_name = "FILE")]
    limits_facility: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let payers = load_payers(folder)?;
    match &arguments.command {
        Command::List => {
            for profile in payers.iter() {
                writeln!(out, "{}  units {}", profile.version(), profile.unit_rule.as_str())?;
            }
        }
        Command::Import(import) => {
            let base = payers
                .get(&import.base)
                .with_context(|| format!("no payer is called `{}`", import.base))?;
            let mut imported = Imported::default();
            for (file, setting) in [
                (&import.pairs, Setting::Practitioner),
                (&import.pairs_facility, Setting::Facility),
            ] {
                if let Some((text, place)) = read(file.as_deref())? {
                    imported.pairs.extend(pairs(&text, setting, base).context(place)?);
                }
            }
            if let Some((text, place)) = read(import.limits.as_deref())? {
                imported.practitioner = limits(&text, base).context(place)?;
            }
            if let Some((text, place)) = read(import.limits_facility.as_deref())? {
                imported.facility = limits(&text, base).context(place)?;
            }
            anyhow::ensure!(
                imported != Imported::default(),
                "nothing to import; give a file with --pairs or --limits"
            );
            write!(out, "{}", payer_file(&import.name, &import.date, base, &imported))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a file that was given; returns its text and its name for messages.
fn read(file: Option<&Path>) -> anyhow::Result<Option<(String, String)>> {
    let Some(file) = file else { return Ok(None) };
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Some((String::from_utf8_lossy(&bytes).into_owned(), file.display().to_string())))
}
