//! `rubric log check-proof`: whether one event stands in a log that nobody here has to have.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use super::Format;
use crate::store::verify::Expected;
use crate::store::{Claim, Proof, Verdict};
use crate::tui::grid::visible;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The proof, as `rubric log prove` wrote it
    file: PathBuf,
    /// A head of the log that you trust, at the size of the proof
    #[arg(long, value_name = "SIZE:HASH", value_parser = super::expected)]
    expect: Option<Expected>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Checked<'a> {
    schema: &'static str,
    verdict: Verdict,
    event: u64,
    body: &'a str,
    origin: Option<&'a str>,
    head: Option<String>,
}

pub(super) fn run(wanted: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let file = wanted.file.display();
    let text = std::fs::read_to_string(&wanted.file).with_context(|| format!("{file}"))?;
    let Some(proof) = Proof::read(&text) else {
        anyhow::bail!("{file}: not a proof, or not whole\nmake one: rubric log prove EVENT > FILE");
    };
    let claim = proof.claim();
    let verdict = judge(claim.as_ref(), wanted.expect.as_ref());
    let head = claim.as_ref().map(|claim| format!("{}:{}", claim.size, claim.root));
    match wanted.format {
        Format::Text => {
            writeln!(
                out,
                "event      {}\nbody       {}",
                proof.event.seq,
                visible(&proof.event.body)
            )?;
            if let (Some(claim), Some(head)) = (&claim, &head) {
                writeln!(out, "log        {}\nhead       {head}", visible(&claim.origin))?;
            }
            writeln!(out, "{}", words(verdict))?;
        }
        Format::Json => super::write_json(
            out,
            &Checked {
                schema: "rubric.log-proof-check/1",
                verdict,
                event: proof.event.seq,
                body: &proof.event.body,
                origin: claim.as_ref().map(|claim| claim.origin.as_str()),
                head,
            },
        )?,
    }
    Ok(ExitCode::from(verdict.exit_code()))
}

fn judge(claim: Option<&Claim>, expected: Option<&Expected>) -> Verdict {
    match (claim, expected) {
        (None, _) => Verdict::Tampered,
        (Some(_), None) => Verdict::Unwitnessed,
        (Some(claim), Some(expected)) => {
            let same = claim.size == expected.size && claim.root.to_string() == expected.hash;
            if same { Verdict::Consistent } else { Verdict::Tampered }
        }
    }
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Consistent => "proved: the event stands in the log of this head, as shown",
        Verdict::Tampered => "NOT PROVED: the event is not in the log of that head, as shown",
        Verdict::Unwitnessed => {
            "the event stands in a log of this head; that it is the head of the log is not proved\n\
             compare with one that you trust: --expect SIZE:HASH"
        }
    }
}
