//! `rubric keywords check`: lints and examples, each finding with its place and what to do.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::sarif;
use crate::cli::columns::count;
use crate::engine::{Engine, examples};
use crate::knowledge::check::{Finding, lint_files};
use crate::knowledge::payers::PayerError;
use crate::knowledge::{LoadError, builtin_files, compile, load_payers, read_folder};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line a finding, and what to do
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
}

/// What was found, and how much was looked at.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) findings: Vec<Finding>,
    figures: Option<Figures>,
}

/// Sizes of files that compile.
#[derive(Debug, Clone, Copy, Serialize)]
struct Figures {
    rules: usize,
    phrases: usize,
    texts: usize,
    examples_held: usize,
    examples_failed: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let report = check(folder)?;
    let place = Place(folder);
    match arguments.format {
        Format::Text => text(&report, &place, out)?,
        Format::Json => json(&report, &place, out)?,
        Format::Sarif => sarif::write(&report, &place, out)?,
    }
    Ok(ExitCode::from(u8::from(!report.findings.is_empty())))
}

/// Checks the built-in files or a folder; fails only if they cannot be read at all.
fn check(folder: Option<&Path>) -> anyhow::Result<Report> {
    let files = match folder {
        Some(folder) => read_folder(folder)?,
        None => builtin_files(),
    };
    let mut report = Report { findings: lint_files(&files), figures: None };
    let payers = match load_payers(folder) {
        Ok(payers) => Some(payers),
        Err(LoadError::Payers(error)) => {
            report.findings.push(payer_fault(&error));
            None
        }
        Err(error) => return Err(error.into()),
    };
    match compile(&files) {
        Ok(lexicon) => {
            let payers = payers.map_or_else(|| load_payers(None), Ok)?;
            with_engine(&Engine::new(lexicon, payers), &mut report)?;
        }
        Err(faults) => report.findings.extend(faults.into_iter().map(|fault| Finding {
            file: fault.file,
            line: fault.line,
            column: fault.column,
            lint: "fault",
            id: None,
            message: fault.message,
        })),
    }
    report.findings.sort();
    Ok(report)
}

/// Finds what only running the rules shows.
fn with_engine(engine: &Engine, report: &mut Report) -> anyhow::Result<()> {
    let (failures, held) = examples::run(engine);
    let lexicon = engine.lexicon();
    report.figures = Some(Figures {
        rules: lexicon.rules.len() + lexicon.combos.len(),
        phrases: lexicon.phrases.len(),
        texts: lexicon.index.looked_for(),
        examples_held: held,
        examples_failed: failures.len(),
    });
    let failed = failures.into_iter().map(|one| {
        ("example-fails", one.id.clone(), one.place, format!("{}: {}", one.id, one.message))
    });
    let unreached = examples::unreached(engine).into_iter().map(|(id, place)| {
        let message = format!("{id} is matched by none of its own examples");
        ("never-reached", id.to_owned(), place.to_owned(), message)
    });
    let differing = examples::recount(engine)?.into_iter().map(|one| {
        ("matchers-differ", one.id.clone(), one.place, format!("{}: {}", one.id, one.message))
    });
    report.findings.extend(failed.chain(unreached).chain(differing).map(
        |(lint, id, place, message)| {
            let (file, line) = place.rsplit_once(':').unwrap_or((&place, "1"));
            let line = line.parse().unwrap_or(1);
            Finding { file: file.to_owned(), line, column: 1, lint, id: Some(id), message }
        },
    ));
    Ok(())
}

fn payer_fault(error: &PayerError) -> Finding {
    let (file, line, column, message) = match error {
        PayerError::Parse { file, line, column, message } => {
            (file.clone(), *line, *column, message.clone())
        }
        PayerError::UnknownBase { file, .. }
        | PayerError::Twice { file, .. }
        | PayerError::Missing { file, .. } => (file.clone(), 1, 1, error.to_string()),
        PayerError::NoDefault => ("payers".to_owned(), 1, 1, error.to_string()),
    };
    Finding { file, line, column, lint: "fault", id: None, message }
}

/// Where the files lie, for paths that an editor can open.
pub(super) struct Place<'p>(Option<&'p Path>);

impl Place<'_> {
    /// Returns the path of a keyword file.
    pub(super) fn path(&self, file: &str) -> String {
        match self.0 {
            Some(folder) => folder.join(file).display().to_string(),
            None => format!("keywords/{file}"),
        }
    }
}

fn text(report: &Report, place: &Place<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    for one in &report.findings {
        let path = place.path(&one.file);
        writeln!(out, "{path}:{}:{}: {}: {}", one.line, one.column, one.lint, one.message)?;
        writeln!(out, "  help: {}", one.remedy())?;
    }
    let found = match report.findings.len() {
        0 => "Nothing to mend".to_owned(),
        findings => count(findings, "finding"),
    };
    match report.figures {
        Some(figures) => writeln!(
            out,
            "{found}. {}, {} phrases, {} texts looked for; {} examples hold, {} fail.",
            count(figures.rules, "rule"),
            figures.phrases,
            figures.texts,
            figures.examples_held,
            figures.examples_failed
        ),
        None => writeln!(out, "{found}. No example ran: mend the faults first."),
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: &'static str,
    findings: Vec<View<'a>>,
    figures: Option<Figures>,
}

#[derive(Serialize)]
struct View<'a> {
    file: String,
    line: usize,
    column: usize,
    lint: &'static str,
    id: Option<&'a str>,
    message: &'a str,
    remedy: &'static str,
}

fn json(report: &Report, place: &Place<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let view = |one: &'_ Finding| (place.path(&one.file), one.remedy());
    let findings = report.findings.iter().map(|one| {
        let (file, remedy) = view(one);
        let Finding { line, column, lint, id, message, .. } = one;
        let id = id.as_deref();
        View { file, line: *line, column: *column, lint, id, message, remedy }
    });
    let whole = Whole {
        schema: "rubric.keywords-check/1",
        findings: findings.collect(),
        figures: report.figures,
    };
    writeln!(out, "{}", serde_json::to_string_pretty(&whole)?)?;
    Ok(())
}
