//! `rubric init`: the first settings, asked for at a terminal or given by flags.

use std::io::{BufRead, IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use super::config::{self, Config};
use super::person;
use crate::knowledge::load_payers;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric init
  rubric init --coder anna --payer medicare --theme auto

Nothing has to be set: `rubric review` works without. At a terminal, what no flag gives is asked
for, and Enter takes what is shown; without a terminal nothing is asked.")]
pub(super) struct Arguments {
    /// Your name as coder, written into each decision
    #[arg(long, value_name = "NAME")]
    coder: Option<String>,
    /// Payer of notes that name none
    #[arg(long, value_name = "NAME")]
    payer: Option<String>,
    /// Colours
    #[arg(long, value_name = "NAME", value_parser = config::themes())]
    theme: Option<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let settled = Config::load(None);
    let payers = load_payers(folder)?;
    let payers: Vec<String> = payers.iter().map(|profile| profile.name.clone()).collect();
    let mut lines = std::io::stdin().lock();
    let ask = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let mut asking = Asking { input: ask.then_some(&mut lines as &mut dyn BufRead), out };
    let os_user = person::coder(None)?.id;
    let name = settled.text("coder").unwrap_or(&os_user);
    let coder = asking.answer("Your name as coder", arguments.coder.as_deref(), name, &|name| {
        person::coder(Some(name)).map(|coder| coder.id)
    })?;
    let known = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        let found = payers.iter().find(|payer| **payer == name).cloned();
        found.with_context(|| format!("there is no such payer\nname one of {}", payers.join(", ")))
    };
    let words = format!("Payer of notes that name none ({})", payers.join(", "));
    let payer = settled.text("payer").unwrap_or("medicare").to_owned();
    let payer = asking.answer(&words, arguments.payer.as_deref(), &payer, &known)?;
    let themes = config::theme_names();
    let known = |name: &str| {
        let found = themes.iter().find(|theme| **theme == name.trim()).map(ToString::to_string);
        found.with_context(|| format!("there is no such theme\nname one of {}", themes.join(", ")))
    };
    let words = format!("Colours ({})", themes.join(", "));
    let theme = settled.text("theme").unwrap_or("auto").to_owned();
    let theme = asking.answer(&words, arguments.theme.as_deref(), &theme, &known)?;
    let kept = config::keep(&[("coder", &coder), ("payer", &payer), ("theme", &theme)])?;
    writeln!(
        out,
        "written: {}\ncoder {coder}, payer {payer}, theme {theme}\n\
         try: rubric review notes-samples; `rubric config` shows all settings",
        kept.display()
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Asks at a terminal; without one takes what is there.
struct Asking<'a> {
    input: Option<&'a mut dyn BufRead>,
    out: &'a mut dyn Write,
}

impl Asking<'_> {
    /// Returns the flag's value, the answer, or what stood there; asks again after a wrong answer.
    fn answer(
        &mut self,
        question: &str,
        flag: Option<&str>,
        there: &str,
        sound: &dyn Fn(&str) -> anyhow::Result<String>,
    ) -> anyhow::Result<String> {
        let Some(input) = self.input.as_deref_mut().filter(|_| flag.is_none()) else {
            return sound(flag.unwrap_or(there));
        };
        loop {
            write!(self.out, "{question} [{there}]: ")?;
            self.out.flush()?;
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 {
                anyhow::bail!("left without an answer; nothing was written");
            }
            let line = line.trim();
            match sound(if line.is_empty() { there } else { line }) {
                Ok(answer) => return Ok(answer),
                Err(error) => writeln!(self.out, "{error}")?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(typed: Option<&str>, flag: Option<&str>) -> anyhow::Result<(String, String)> {
        let mut input = typed.unwrap_or_default().as_bytes();
        let mut out = Vec::new();
        let mut asking = Asking {
            input: typed.is_some().then_some(&mut input as &mut dyn BufRead),
            out: &mut out,
        };
        let sound = |name: &str| match name {
            "bad" => Err(anyhow::anyhow!("no")),
            name => Ok(name.to_owned()),
        };
        let answer = asking.answer("Name", flag, "there", &sound)?;
        Ok((answer, String::from_utf8_lossy(&out).into_owned()))
    }

    #[test]
    fn a_flag_is_not_asked_for_enter_takes_what_is_there_and_a_wrong_answer_asks_again() {
        assert_eq!(answer(Some("typed\n"), Some("flag")).unwrap(), ("flag".into(), String::new()));
        assert_eq!(answer(Some("\n"), None).unwrap().0, "there");
        let (name, asked) = answer(Some("bad\nanna\n"), None).unwrap();
        assert_eq!((name.as_str(), asked.matches("Name [there]: ").count()), ("anna", 2));
        assert_eq!(answer(None, None).unwrap(), ("there".into(), String::new()));
        assert!(answer(Some(""), None).is_err() && answer(None, Some("bad")).is_err());
    }
}
