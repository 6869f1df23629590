//! `rubric pairs`: what a payer says of codes billed on one date.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use crate::engine::billing::pairs::query;
use crate::knowledge::load_payers;
use crate::model::{Code, Setting};

#[derive(Debug, Args)]
#[command(after_help = "Example:
  rubric pairs 97530 97140 --payer medicare --setting facility")]
pub(super) struct Arguments {
    /// Two codes or more
    #[arg(required = true, num_args = 2.., value_name = "CODE")]
    codes: Vec<String>,
    /// Payer profile
    #[arg(long, value_name = "NAME", default_value = "medicare")]
    payer: String,
    /// practitioner or facility
    #[arg(long, value_name = "SETTING", default_value = "practitioner")]
    setting: String,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let payers = load_payers(folder)?;
    let profile = payers.get(&arguments.payer).with_context(|| {
        let known: Vec<&str> = payers.iter().map(|profile| profile.name.as_str()).collect();
        format!("no payer is called `{}`; there are {}", arguments.payer, known.join(", "))
    })?;
    let setting = Setting::parse(&arguments.setting).with_context(|| {
        format!("`{}` is no setting; write practitioner or facility", arguments.setting)
    })?;
    let codes = arguments
        .codes
        .iter()
        .map(|text| {
            Code::parse(text).with_context(|| format!("`{text}` is no code; write five digits"))
        })
        .collect::<anyhow::Result<Vec<Code>>>()?;
    for answer in query(&codes, setting, profile) {
        writeln!(out, "{}", answer.words)?;
    }
    writeln!(out, "({}, {})", profile.version(), setting.as_str())?;
    Ok(ExitCode::SUCCESS)
}
