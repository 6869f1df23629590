//! `rubric units`: units of given minutes under both rules.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use crate::engine::billing::units::{Allocation, cms, per_code};
use crate::knowledge::load_payers;
use crate::model::{Code, Minutes};

#[derive(Debug, Args)]
#[command(after_help = "Example:
  rubric units 97530=25 97110=12")]
pub(super) struct Arguments {
    /// Minutes by code, as 97530=25; a code may stand twice, then its minutes add
    #[arg(required = true, value_name = "CODE=MINUTES")]
    minutes: Vec<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let payers = load_payers(folder)?;
    let profile = payers.default_profile();
    let mut timed = Vec::new();
    for one in &arguments.minutes {
        let (code, minutes) = pair(one)?;
        if profile.is_untimed(code) {
            writeln!(
                out,
                "{code}: untimed, 1 unit, never pooled ({minutes} min count in total time)"
            )?;
        } else {
            timed.push((code, minutes));
        }
    }
    show(out, "CMS pooled", &cms(&timed))?;
    show(out, "per code", &per_code(&timed))?;
    Ok(ExitCode::SUCCESS)
}

fn pair(text: &str) -> anyhow::Result<(Code, Minutes)> {
    let (code, minutes) = text
        .split_once('=')
        .with_context(|| format!("`{text}` has no minutes; write it as 97530=25"))?;
    let code = Code::parse(code)
        .with_context(|| format!("`{code}` is no code; write five digits, as 97530=25"))?;
    let whole: u32 =
        minutes.parse().ok().filter(|minutes| *minutes <= 1440).with_context(|| {
            format!("`{minutes}` is no number of minutes; write whole minutes, as 97530=25")
        })?;
    Ok((code, Minutes::whole(whole)))
}

fn show(out: &mut dyn Write, rule: &str, units: &Allocation) -> std::io::Result<()> {
    let given: Vec<String> =
        units.per_code.iter().map(|(code, units)| format!("{code} x{units}")).collect();
    writeln!(out, "{rule}: {} units: {}", units.total, given.join(", "))?;
    if units.alternatives.len() > 1 {
        for way in &units.alternatives {
            let way: Vec<String> =
                way.iter().map(|(code, units)| format!("{code} x{units}")).collect();
            writeln!(out, "  tie, you choose: {}", way.join(", "))?;
        }
    }
    Ok(())
}
