//! `rubric log take`: a note taken from whoever holds it, with a reason that is recorded.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::super::person::{self, LogArguments};
use super::{Format, new_id, with_log};
use crate::store::{FIRST_SLOT, Stamp};
use crate::tui::grid::visible;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Key of the note
    note: String,
    /// Why; recorded beside your name
    #[arg(long, value_name = "WORDS")]
    reason: String,
    /// Review slot
    #[arg(long, value_name = "N", default_value_t = FIRST_SLOT,
        value_parser = clap::value_parser!(u8).range(1..=9))]
    slot: u8,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Taken<'a> {
    schema: &'static str,
    note: &'a str,
    slot: u8,
    from: &'a str,
    fence: i64,
    until: i64,
}

pub(super) fn run(
    desk: &LogArguments,
    wanted: &Arguments,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    if wanted.reason.trim().is_empty() {
        anyhow::bail!("taking a note from somebody needs a reason\nsay why: --reason WORDS");
    }
    with_log(desk, |log| {
        let now = person::now();
        let (note, slot) = (&wanted.note, wanted.slot);
        let (lease, from) = log.take_over(&new_id(), note, slot, &wanted.reason, now)?;
        match wanted.format {
            Format::Text => writeln!(
                out,
                "{}: taken from {}, yours until {}\n\
                 what {} typed is not lost: it can be recorded as a second opinion",
                visible(note),
                visible(&from),
                super::show::time(Stamp { utc_ms: lease.expires_at, ..now }),
                visible(&from)
            )?,
            Format::Json => super::write_json(
                out,
                &Taken {
                    schema: "rubric.log-take/1",
                    note,
                    slot,
                    from: &from,
                    fence: lease.fence,
                    until: lease.expires_at,
                },
            )?,
        }
        Ok(ExitCode::SUCCESS)
    })
}
