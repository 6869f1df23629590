//! `rubric eval`: scores labelled text and answer keys, with every miss and its evidence.

mod answer;
mod codes;
mod confusion;
mod keys;
mod statuses;
pub(super) mod table;
mod wording;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;
use serde::Serialize;

use crate::engine::Engine;
use table::Table;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric eval notes-samples
  rubric eval labelled.tsv --format json")]
pub(super) struct Arguments {
    /// Tables with a header (`text` and `code`; `text`, `phrase` and `status`; `text` and `label`),
    /// or folders of notes with answer keys
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How the result is written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// What came of one file or folder.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Report {
    Codes(codes::Report),
    Statuses(statuses::Report),
    Wording(wording::Report),
    Keys(keys::Report),
}

#[derive(Serialize)]
struct Whole<'w> {
    schema: &'static str,
    keywords: &'w str,
    reports: Vec<Named<'w>>,
}

#[derive(Serialize)]
struct Named<'n> {
    path: String,
    #[serde(flatten)]
    report: &'n Report,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let engine = super::engine(folder)?;
    let reports = arguments.paths.iter().map(|path| score(&engine, path));
    let reports: Vec<Report> = reports.collect::<anyhow::Result<_>>()?;
    let named = arguments.paths.iter().zip(&reports);
    match arguments.format {
        Format::Text => {
            for (nth, (path, report)) in named.enumerate() {
                writeln!(out, "{}{}", if nth > 0 { "\n" } else { "" }, path.display())?;
                text(report, out)?;
            }
        }
        Format::Json => {
            let named =
                named.map(|(path, report)| Named { path: path.display().to_string(), report });
            let whole = Whole {
                schema: "rubric.eval/1",
                keywords: &engine.lexicon().version,
                reports: named.collect(),
            };
            writeln!(out, "{}", serde_json::to_string_pretty(&whole)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn score(engine: &Engine, path: &Path) -> anyhow::Result<Report> {
    if path.is_dir() {
        return Ok(Report::Keys(keys::score(engine, path)?));
    }
    let table = Table::read(path)?;
    let text = table.any_column(&["text"])?;
    let columns = ["code", "phrase", "status", "label"].map(|name| table.column(name));
    Ok(match columns {
        [Some(code), ..] => Report::Codes(codes::score(engine, &table, text, code)),
        [_, Some(phrase), Some(status), _] => {
            Report::Statuses(statuses::score(engine, &table, [text, phrase, status]))
        }
        [.., Some(label)] => Report::Wording(wording::score(engine, &table, text, label)),
        _ => bail!(
            "{}: beside `text` there is no column to score by\n  \
             help: add `code`; or `phrase` and `status`; or `label`",
            path.display()
        ),
    })
}

fn text(report: &Report, out: &mut dyn Write) -> std::io::Result<()> {
    match report {
        Report::Codes(report) => report.write(out),
        Report::Statuses(report) => report.write(out),
        Report::Wording(report) => report.write(out),
        Report::Keys(report) => report.write(out),
    }
}
