//! `rubric completions`: what a shell needs to complete the command line, made from its grammar.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use clap_complete::Shell;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric completions bash > ~/.local/share/bash-completion/completions/rubric
  rubric completions zsh > ~/.zfunc/_rubric
  rubric completions fish > ~/.config/fish/completions/rubric.fish
  rubric completions powershell >> $PROFILE")]
pub(super) struct Arguments {
    /// Shell to write for
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    // The generator knows no failure: it writes into memory, and what a pipe says is heard here.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::command(), "rubric", &mut script);
    out.write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
