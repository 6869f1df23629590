//! `rubric log prove` and `checkpoint`: what an outsider needs to check one event or the log's growth.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::super::person::{self, LogArguments};
use super::{Format, new_id, reading, with_log};

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["event", "since"])))]
pub(super) struct Arguments {
    /// Number of the event to prove
    event: Option<i64>,
    /// Prove that the log grew from its first so many events
    #[arg(long, value_name = "SIZE")]
    since: Option<usize>,
    /// To how many events it grew; all unless given
    #[arg(long, value_name = "SIZE", requires = "since")]
    until: Option<usize>,
    /// How the proof is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct ProvedEvent<'a> {
    schema: &'static str,
    seq: u64,
    event_id: &'a str,
    prev_hash: String,
    hash: String,
    body: &'a str,
    proof: &'a str,
}

#[derive(Serialize)]
struct Growth<'a> {
    schema: &'static str,
    origin: &'a str,
    since: usize,
    until: usize,
    hashes: Vec<String>,
}

pub(super) fn run(
    desk: &LogArguments,
    wanted: &Arguments,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    reading(desk, |log| {
        if let Some(since) = wanted.since {
            let size = usize::try_from(log.head(person::now())?.size)?;
            let until = wanted.until.unwrap_or(size);
            let Some(hashes) = log.prove_growth(since, until)? else {
                anyhow::bail!(
                    "the log holds {size} events, so it did not grow from {since} to {until}\n\
                     name sizes from 1 to {size}, the smaller one first"
                );
            };
            let hashes: Vec<String> = hashes.iter().map(ToString::to_string).collect();
            match wanted.format {
                Format::Text => {
                    writeln!(out, "{}\n{since} {until}", log.origin())?;
                    hashes.iter().try_for_each(|hash| writeln!(out, "{hash}"))?;
                }
                Format::Json => {
                    let origin = log.origin();
                    let schema = "rubric.log-growth/1";
                    super::write_json(
                        out,
                        &Growth { schema, origin: &origin, since, until, hashes },
                    )?;
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
        let proof = log.prove(wanted.event.unwrap_or_default())?;
        let event = &proof.event;
        match wanted.format {
            Format::Text => write!(out, "{proof}")?,
            Format::Json => super::write_json(
                out,
                &ProvedEvent {
                    schema: "rubric.log-proof/1",
                    seq: event.seq,
                    event_id: &event.event_id,
                    prev_hash: event.prev_hash.to_string(),
                    hash: event.hash().to_string(),
                    body: &event.body,
                    proof: &proof.text,
                },
            )?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

#[derive(Serialize)]
struct Made<'a> {
    schema: &'static str,
    event: i64,
    checkpoint: &'a str,
}

pub(super) fn checkpoint(
    desk: &LogArguments,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    with_log(desk, |log| {
        let (recorded, text) = log.checkpoint(&new_id(), person::now())?;
        match format {
            Format::Text => write!(out, "{text}")?,
            Format::Json => super::write_json(
                out,
                &Made { schema: "rubric.log-checkpoint/1", event: recorded.seq, checkpoint: &text },
            )?,
        }
        Ok(ExitCode::SUCCESS)
    })
}
