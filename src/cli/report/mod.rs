//! `rubric report`: the figures of the board as a page to keep and print, recorded as an export.

mod page;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::config::Config;
use super::gauge::Gauge;
use super::person::{self, LogArguments};
use crate::intake::Options;
use crate::review::figures::Range;
use crate::review::office::{Listing, Wait, figures_of};
use crate::store::{AuditLog, EventId};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric report --html november.html --range month
  rubric report --html november.html notes-samples --to \"monthly meeting\"

The figures are those of the board: decisions, agreement with suggestions, queries, time. Warnings,
ages and therapists need the notes. The page holds no words of any note; that it was made stands in
the audit log, as an export.")]
pub(super) struct Arguments {
    /// Notes whose warnings, ages and therapists are counted as well
    paths: Vec<PathBuf>,
    /// File to write; replaced whole
    #[arg(long, value_name = "FILE")]
    html: PathBuf,
    /// How far back
    #[arg(long, value_enum, default_value_t)]
    range: Reach,
    /// Who gets it; kept in the audit log
    #[arg(long, value_name = "WORDS", default_value = "")]
    to: String,
    #[command(flatten)]
    log: LogArguments,
}

/// How far back the figures reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Reach {
    /// Today
    Today,
    /// The last seven days
    Week,
    /// The last thirty days
    Month,
    /// Everything
    #[default]
    All,
}

impl From<Reach> for Range {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Today => Self::Today,
            Reach::Week => Self::Week,
            Reach::Month => Self::Month,
            Reach::All => Self::All,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let place = arguments.log.place()?;
    if !place.log.try_exists().unwrap_or(true) {
        anyhow::bail!(
            "{}: there is no audit log to count\n\
             the first `rubric review` begins one; name another: --log FILE",
            place.log.display()
        );
    }
    let engine = Arc::new(super::engine(folder)?);
    let listing = match arguments.paths.as_slice() {
        [] => None,
        [first, ..] => {
            let listing = Listing::begin(&arguments.paths, &Options::default(), Wait::ForAll)?;
            Some((listing, Config::payer(None, Some(first))))
        }
    };
    // Where the page cannot be written, nothing is recorded.
    let target = arguments.html.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(target.unwrap_or(Path::new(".")))
        .with_context(|| format!("{}: cannot be written", arguments.html.display()))?;
    let coder = arguments.log.coder()?;
    let now = person::now();
    let mut log = AuditLog::open(&place, coder.clone(), now)?;
    let versions =
        format!("rubric {}, keyword files {}", env!("CARGO_PKG_VERSION"), engine.lexicon().version);
    let range = Range::from(arguments.range);
    let mut gauge = Gauge::new("Reading notes");
    let tell = &mut |done, total| gauge.at(done, total);
    let figures = figures_of(&log, engine, listing, range, now, tell)?;
    drop(gauge);
    let made = jiff::Zoned::now().strftime("%Y-%m-%d %H:%M").to_string();
    let title = match arguments.paths.as_slice() {
        [] => "Coding review".to_owned(),
        [one] => name(one),
        [one, rest @ ..] => format!("{} and {} more", name(one), rest.len()),
    };
    let head = page::Head {
        title: &title,
        range: range.words(),
        made: &made,
        coder: &coder.id,
        versions: &versions,
    };
    file.write_all(page::page(&head, &figures).as_bytes())?;
    let recorded = log.record_figures_export(&EventId::now(), "html", &arguments.to, now)?;
    file.persist(&arguments.html)
        .with_context(|| format!("{}: cannot be written", arguments.html.display()))?;
    person::tell(&log.close(now)?)?;
    writeln!(out, "{}: written; recorded as event {}", arguments.html.display(), recorded.seq)?;
    Ok(ExitCode::SUCCESS)
}

fn name(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    path.file_name().map_or_else(|| "notes".to_owned(), |name| name.to_string_lossy().into_owned())
}
