//! `rubric analyse`: notes in, analyses out, in the order of the input, on all cores.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use crate::engine::Engine;
use crate::intake::{Catalog, Loaded, Options, Problem, stream};
use crate::model::{Note, Severity, Warning};

use super::config::Config;
use super::json::Report;
use super::text;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric analyse notes-samples
  rubric analyse visits.jsonl --format jsonl > analyses.jsonl
  rubric analyse notes --claims claims.csv --fail-on error")]
pub(super) struct Arguments {
    /// Folders, note files (.txt, .md), JSON lines or CSV; `-` reads JSON lines from standard input,
    /// one by one, so that these are not compared with each other (cloned-note)
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Billed lines by key of the note: key,code,units,modifiers,payer
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// Payer profile for notes that name none; that of the settings unless given
    #[arg(long, value_name = "NAME")]
    payer: Option<String>,
    /// For people, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// End with status 1 if a warning of this severity or above is found
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Info,
    Warning,
    Error,
}

impl FailOn {
    fn severity(self) -> Severity {
        match self {
            Self::Info => Severity::Info,
            Self::Warning => Severity::Warning,
            Self::Error => Severity::Error,
        }
    }
}

/// Notes analysed at once; enough to keep the cores busy, few enough to stay small.
const CHUNK: usize = 256;

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let options = Options { claims: arguments.claims.clone(), ..Options::default() };
    let notes = arguments.paths.first().map(PathBuf::as_path);
    let payer = Config::payer(arguments.payer.as_deref(), notes);
    let mut writer =
        Writer { arguments, payer, out, cloned: BTreeMap::new(), found: None, unread: 0 };
    if arguments.paths == [PathBuf::from("-")] {
        let engine = super::engine(folder)?;
        let mut notes = stream(std::io::stdin(), "standard input", &options)?;
        loop {
            let chunk: Vec<_> = notes.by_ref().take(CHUNK).collect();
            if chunk.is_empty() {
                break;
            }
            writer.chunk(&engine, 0, chunk)?;
        }
    } else {
        let catalog = Catalog::open(&arguments.paths, &options)?;
        let engine = super::engine(folder)?;
        let claims = arguments.claims.as_ref().map(|file| file.display().to_string());
        for problem in catalog.problems() {
            // A claim without its note is told; no note was left unread for it.
            match &claims {
                Some(file) if problem.source.starts_with(file) => Writer::notice(problem),
                _ => writer.problem(problem),
            }
        }
        // Notes that cannot be read are told of below.
        let (found, _) = super::clones::find(&engine, &catalog);
        writer.cloned =
            found.worded.into_iter().map(|(index, worded)| (index, worded.warning())).collect();
        for first in (0..catalog.len()).step_by(CHUNK) {
            let last = catalog.len().min(first + CHUNK);
            let chunk: Vec<_> =
                (first..last).into_par_iter().map(|index| catalog.read(index)).collect();
            writer.chunk(&engine, first, chunk)?;
        }
    }
    Ok(writer.status())
}

struct Writer<'w> {
    arguments: &'w Arguments,
    /// Payer of notes that name none, by flag or settings.
    payer: Option<String>,
    out: &'w mut dyn Write,
    /// Warnings that need more than one note, by position of the note.
    cloned: BTreeMap<usize, Warning>,
    /// Highest severity found.
    found: Option<Severity>,
    /// Inputs that could not be read.
    unread: usize,
}

impl Writer<'_> {
    fn chunk(
        &mut self,
        engine: &Engine,
        first: usize,
        chunk: Vec<Result<Loaded, Problem>>,
    ) -> anyhow::Result<()> {
        let (arguments, payer, cloned) = (self.arguments, self.payer.as_deref(), &self.cloned);
        let told: Vec<_> = chunk
            .into_par_iter()
            .enumerate()
            .map(|(at, one)| {
                let warning = cloned.get(&(first + at));
                one.map(|loaded| {
                    let analysed = analysed(engine, arguments, payer, loaded.note, warning);
                    (analysed, loaded.problems)
                })
            })
            .collect();
        for one in told {
            match one {
                Ok((analysed, problems)) => {
                    for problem in &problems {
                        Self::notice(problem);
                    }
                    let (words, severity) = analysed?;
                    self.found = self.found.max(severity);
                    self.out.write_all(words.as_bytes())?;
                }
                Err(problem) => self.problem(&problem),
            }
        }
        Ok(())
    }

    fn problem(&mut self, problem: &Problem) {
        self.unread += 1;
        Self::notice(problem);
    }

    fn notice(problem: &Problem) {
        let _ = writeln!(std::io::stderr(), "rubric: {problem}");
    }

    fn status(&self) -> ExitCode {
        let wanted = self.arguments.fail_on.map(FailOn::severity);
        if self.unread > 0 {
            let _ = writeln!(
                std::io::stderr(),
                "rubric: {} not read; the others were done",
                self.unread
            );
            ExitCode::from(super::COULD_NOT_RUN)
        } else if wanted.is_some_and(|wanted| self.found >= Some(wanted)) {
            ExitCode::from(1)
        } else {
            ExitCode::SUCCESS
        }
    }
}

fn analysed(
    engine: &Engine,
    arguments: &Arguments,
    payer: Option<&str>,
    mut note: Note,
    cloned: Option<&Warning>,
) -> serde_json::Result<(String, Option<Severity>)> {
    if note.meta.payer.is_none() {
        note.meta.payer = payer.map(str::to_owned);
    }
    let mut analysis = engine.analyse(&note);
    if let Some(warning) = cloned {
        let after = |one: &Warning| (one.span, &one.rule) < (warning.span, &warning.rule);
        let at = analysis.warnings.partition_point(after);
        analysis.warnings.insert(at, warning.clone());
    }
    let severity = analysis.warnings.iter().map(|one| one.severity).max();
    let words = match arguments.format {
        Format::Jsonl => serde_json::to_string(&Report::new(&note, &analysis))? + "\n",
        Format::Text => text::report(engine, &note, &analysis),
    };
    Ok((words, severity))
}
