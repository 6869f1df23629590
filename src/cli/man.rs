//! `rubric man`: the manual, made from the grammar of the command line and the table of keys.

use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Command};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric man | man -l -
  rubric man --into ~/.local/share/man/man1")]
pub(super) struct Arguments {
    /// Write a page for each command into a folder in place of the first page to standard output
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let mut command = super::command();
    command.build();
    match &arguments.into {
        None => out.write_all(&page(&command)?)?,
        Some(folder) => {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            let count = pages(&command, folder)?;
            writeln!(out, "{count} pages written into {}", folder.display())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the page of a command and of all below it; returns how many.
fn pages(command: &Command, folder: &Path) -> anyhow::Result<usize> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let file = folder.join(format!("{name}.1"));
    std::fs::write(&file, page(command)?).with_context(|| file.display().to_string())?;
    let below =
        command.get_subcommands().filter(|one| one.get_name() != "help" && !one.is_hide_set());
    below.map(|one| pages(one, folder)).try_fold(1, |count, more| Ok(count + more?))
}

fn page(command: &Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    if command.get_name() == "rubric" {
        page.extend(keys().into_bytes());
    }
    Ok(page)
}

/// Returns the keys of the screen as a section of the manual.
fn keys() -> String {
    let safe = |text: &str| text.replace('\\', "\\e").replace('-', "\\-");
    let mut section = String::from(".SH KEYS\n");
    let mut told = Vec::new();
    for row in crate::tui::keymap::KEYMAP {
        if !told.contains(&(row.keys, row.help)) {
            told.push((row.keys, row.help));
            let _ = write!(section, ".TP\n\\fB{}\\fR\n{}\n", safe(row.keys), safe(row.help));
        }
    }
    section
}
