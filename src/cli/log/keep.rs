//! `rubric log export`, `redact`, `backup` and `restore-check`: what leaves, what goes, what stays.

use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use crate::store::redact::NOT_REACHED;
use crate::store::{
    AuditLog, ExportOrder, SideFile, Verdict, VerifyReport, is_writable, restore_check,
};

use super::super::person::{self, LogArguments};
use super::{Format, existing, new_id, reading, with_log};
use crate::tui::grid::visible;

pub(super) fn export(
    desk: &LogArguments,
    order: &ExportOrder,
    output: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    if !is_writable(&existing(desk)?.log) {
        return reading(desk, |log| {
            let mut errors = std::io::stderr();
            writeln!(
                errors,
                "{}: cannot be written, so this export is not recorded in it",
                log.path().display()
            )?;
            to_file_or(output, out, |out| Ok(log.export_copy(order, out, person::now())?))?;
            Ok(ExitCode::SUCCESS)
        });
    }
    with_log(desk, |log| {
        let export = |out: &mut dyn Write| Ok(log.export(&new_id(), order, out, person::now())?);
        let recorded = to_file_or(output, out, export)?;
        if let Some(output) = output {
            let (shown, seq) = (output.display(), recorded.seq);
            writeln!(std::io::stderr(), "{shown}: written; recorded as event {seq}")?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Writes into a file, or to standard output if there is none.
fn to_file_or<T>(
    output: Option<&Path>,
    out: &mut dyn Write,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let Some(output) = output else { return write(out) };
    // Beside the target and renamed: half an export is never found under its name.
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty());
    let file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))
        .with_context(|| format!("{}: cannot be written", output.display()))?;
    let mut target = std::io::BufWriter::new(file);
    let done = write(&mut target)?;
    let file = target.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.persist(output).with_context(|| format!("{}: cannot be written", output.display()))?;
    Ok(done)
}

#[derive(Debug, Args)]
pub(super) struct RedactArguments {
    /// Number of the event that holds the text
    event: i64,
    /// Which of its texts: comment, why, reason; the only one unless given
    #[arg(long, value_name = "NAME")]
    field: Option<String>,
    /// Why it is removed; recorded, so without what is removed
    #[arg(long, value_name = "WORDS")]
    reason: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// How the result is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Serialize)]
struct Redaction<'a> {
    schema: &'static str,
    event: i64,
    target: i64,
    field: &'a str,
    side_file_emptied: bool,
    not_reached: &'static str,
}

pub(super) fn redact(
    desk: &LogArguments,
    wanted: &RedactArguments,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    if wanted.reason.trim().is_empty() {
        anyhow::bail!(
            "a redaction needs a reason\nsay why, without what is removed: --reason WORDS"
        );
    }
    with_log(desk, |log| {
        let (field, text) = text_of(log, wanted.event, wanted.field.as_deref())?;
        if !wanted.yes && !confirmed(wanted.event, &field, &text)? {
            anyhow::bail!("nothing was removed");
        }
        let done = log.redact(&new_id(), wanted.event, &field, &wanted.reason, person::now())?;
        let emptied = done.side_file == SideFile::Emptied;
        match wanted.format {
            Format::Text => {
                writeln!(
                    out,
                    "removed: {field} of event {}; recorded as event {}",
                    wanted.event, done.recorded.seq
                )?;
                if !emptied {
                    writeln!(
                        out,
                        "another program reads the log now: the text stays in its side file until \
                         the log is closed everywhere"
                    )?;
                }
                writeln!(out, "{NOT_REACHED}")?;
            }
            Format::Json => super::write_json(
                out,
                &Redaction {
                    schema: "rubric.log-redaction/1",
                    event: done.recorded.seq,
                    target: wanted.event,
                    field: &field,
                    side_file_emptied: emptied,
                    not_reached: NOT_REACHED,
                },
            )?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Names of free texts that events can carry.
const FIELDS: [&str; 3] = ["comment", "why", "reason"];

fn text_of(log: &AuditLog, seq: i64, field: Option<&str>) -> anyhow::Result<(String, String)> {
    let mut found = Vec::new();
    for name in field.map_or_else(|| FIELDS.to_vec(), |field| vec![field]) {
        if let Some(text) = log.text(seq, name)? {
            found.push((name.to_owned(), text));
        }
    }
    match found.len() {
        0 => anyhow::bail!(
            "event {seq} holds no such text\nlook at it: rubric log show --event {seq}"
        ),
        1 => found.pop().context("one text"),
        _ => {
            let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
            anyhow::bail!(
                "event {seq} holds several texts: {}\nname one: --field NAME",
                names.join(", ")
            )
        }
    }
}

/// Shows what will go and asks.
fn confirmed(seq: i64, field: &str, text: &str) -> anyhow::Result<bool> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        anyhow::bail!("removing a text is asked for at a terminal\nto do it without: --yes");
    }
    let mut errors = std::io::stderr();
    writeln!(errors, "{field} of event {seq}:")?;
    for line in text.lines() {
        writeln!(errors, "  {}", visible(line))?;
    }
    write!(errors, "This text goes for good; {NOT_REACHED}. Remove it? [y/N] ")?;
    errors.flush()?;
    let mut answer = String::new();
    input.lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

#[derive(Serialize)]
struct BackupMade<'a> {
    schema: &'static str,
    file: &'a Path,
    events: u64,
    event: i64,
}

pub(super) fn backup(
    desk: &LogArguments,
    file: &Path,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    with_log(desk, |log| {
        let recorded = log.backup(&new_id(), file, person::now())?;
        let event = recorded.seq;
        let events = restore_check(file, &desk.place()?)?.report.counts.events;
        match format {
            Format::Text => writeln!(
                out,
                "{}: {events} events, copied and verified; recorded as event {event}\n\
                 keep it apart from {}, which is not in it",
                file.display(),
                crate::store::InstallationKey::path_for(log.path()).display()
            )?,
            Format::Json => {
                let schema = "rubric.log-backup/1";
                super::write_json(out, &BackupMade { schema, file, events, event })?;
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}

pub(super) fn rebuild(desk: &LogArguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    with_log(desk, |log| {
        log.rebuild()?;
        writeln!(out, "told again from the events: what stands for each note")?;
        Ok(ExitCode::SUCCESS)
    })
}

#[derive(Serialize)]
struct Checked<'a> {
    schema: &'static str,
    sound: bool,
    would_lose: u64,
    report: &'a VerifyReport,
}

pub(super) fn check(
    desk: &LogArguments,
    file: &Path,
    format: Format,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let checked = restore_check(file, &desk.place()?)?;
    match format {
        Format::Text => {
            let report = &checked.report;
            if checked.sound {
                // The verdict of a copy that ends early would read as if it had been changed.
                writeln!(out, "log        {}", report.log)?;
                writeln!(out, "head       {}:{}", report.counts.events, report.root)?;
            } else {
                writeln!(out, "{report}")?;
            }
            let words = match (checked.sound, checked.would_lose, &checked.longest) {
                (false, ..) => "NOT SOUND: do not put this backup back".to_owned(),
                (true, _, None) => {
                    "sound in itself; what it would lose is not known: no head is remembered here"
                        .to_owned()
                }
                (true, 0, Some(_)) => "sound; putting it back would lose nothing known".to_owned(),
                (true, lost, Some(head)) => format!(
                    "sound; putting it back would lose {lost} of {} events, last seen by {}",
                    head.size,
                    visible(&head.coder)
                ),
            };
            writeln!(out, "restore    {words}")?;
        }
        Format::Json => super::write_json(
            out,
            &Checked {
                schema: "rubric.log-restore-check/1",
                sound: checked.sound,
                would_lose: checked.would_lose,
                report: &checked.report,
            },
        )?,
    }
    Ok(ExitCode::from(match (checked.sound, &checked.longest) {
        (false, _) => Verdict::Tampered.exit_code(),
        (true, None) => Verdict::Unwitnessed.exit_code(),
        (true, Some(_)) => 0,
    }))
}
