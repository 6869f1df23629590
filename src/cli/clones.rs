//! `rubric clones`: notes that are worded as an earlier one, with the shared words of both.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use crate::chart_audit::clones::{Found, Print, Worded, compare};
use crate::engine::Engine;
use crate::intake::{Catalog, Options, Problem};
use crate::model::{Note, Span};

use crate::tui::grid::visible;

#[derive(Debug, Args)]
#[command(
    after_help = "Notes are compared with earlier notes of the same patient; where the patient is \
not known, of the same therapist; else of all notes read. What is shared is shown; what it means is \
for a person to say.

Example:
  rubric clones visits.jsonl"
)]
pub(super) struct Arguments {
    /// Folders, note files (.txt, .md), JSON lines or CSV; `-` reads JSON lines from standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// For people, or one JSON object a line
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Jsonl,
}

/// Notes read at once; their texts are dropped before the next are read.
const CHUNK: usize = 256;
/// Shared stretches shown to people; machine output holds all.
const SHOWN: usize = 5;
/// Cells of one column.
const COLUMN: usize = 46;

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let catalog = Catalog::open(&arguments.paths, &Options::default())?;
    let engine = super::engine(folder)?;
    let (found, problems) = find(&engine, &catalog);
    let mut unread = catalog.problems().len() + problems.len();
    for problem in catalog.problems().iter().chain(&problems) {
        let _ = writeln!(std::io::stderr(), "rubric: {problem}");
    }
    for index in 0..catalog.len() {
        let Some(worded) = found.worded.get(&index) else { continue };
        match (catalog.load(index), catalog.load(worded.earlier)) {
            (Ok(note), Ok(earlier)) => match arguments.format {
                Format::Text => side_by_side(out, &note, &earlier, worded)?,
                Format::Jsonl => {
                    let report = Report::new(&note, &earlier, worded);
                    writeln!(out, "{}", serde_json::to_string(&report)?)?;
                }
            },
            (Err(problem), _) | (_, Err(problem)) => {
                unread += 1;
                let _ = writeln!(std::io::stderr(), "rubric: {problem}");
            }
        }
    }
    if arguments.format == Format::Text {
        let (count, all) = (found.worded.len(), catalog.len());
        writeln!(out, "{count} of {all} notes are worded as an earlier one")?;
    }
    Ok(if unread > 0 { ExitCode::from(super::COULD_NOT_RUN) } else { ExitCode::SUCCESS })
}

/// Compares all notes of a catalog; those that cannot be read are left out, and told.
pub(super) fn find(engine: &Engine, catalog: &Catalog) -> (Found, Vec<Problem>) {
    if catalog.len() < 2 {
        return (Found::default(), Vec::new());
    }
    let (mut prints, mut problems) = (BTreeMap::new(), Vec::new());
    for first in (0..catalog.len()).step_by(CHUNK) {
        let last = catalog.len().min(first + CHUNK);
        let chunk: Vec<Result<Print, Problem>> = (first..last)
            .into_par_iter()
            .map(|index| catalog.load(index).map(|note| Print::of(engine, &note)))
            .collect();
        for (index, print) in (first..).zip(chunk) {
            match print {
                Ok(print) => drop(prints.insert(index, print)),
                Err(problem) => problems.push(problem),
            }
        }
    }
    (compare(&prints), problems)
}

fn side_by_side(
    out: &mut dyn Write,
    note: &Note,
    earlier: &Note,
    worded: &Worded,
) -> std::io::Result<()> {
    let head = |note: &Note| match &note.meta.date {
        Some(date) => visible(&format!("{} of {date}", note.key)).into_owned(),
        None => visible(&note.key).into_owned(),
    };
    writeln!(out, "{}: {}", head(note), visible(&worded.message()))?;
    row(out, &head(note), &head(earlier))?;
    for shared in worded.shared.iter().take(SHOWN) {
        row(out, &"-".repeat(COLUMN), &"-".repeat(COLUMN))?;
        let lines =
            |note: &Note, span: Span| wrapped(&visible(&span.of(&note.text).replace('\t', " ")));
        let (left, right) = (lines(note, shared.this), lines(earlier, shared.earlier));
        for at in 0..left.len().max(right.len()) {
            let line = |side: &[String]| side.get(at).cloned().unwrap_or_default();
            row(out, &line(&left), &line(&right))?;
        }
    }
    if let Some(more) = worded.shared.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        writeln!(out, "  {more} shorter stretches more")?;
    }
    writeln!(out)
}

fn row(out: &mut dyn Write, left: &str, right: &str) -> std::io::Result<()> {
    let blanks = COLUMN.saturating_sub(cells(left));
    writeln!(out, "  {left}{}  | {right}", " ".repeat(blanks))
}

fn cells(words: &str) -> usize {
    words.chars().filter_map(UnicodeWidthChar::width).sum()
}

/// Breaks words into lines of a column; a word longer than a line is cut.
fn wrapped(words: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let mut rest = word;
        while !rest.is_empty() {
            let used = lines.last().map_or(0, |line| cells(line));
            let gap = usize::from(used > 0);
            let free = COLUMN.saturating_sub(used + gap);
            if used > 0 && cells(rest) > free {
                lines.push(String::new());
                continue;
            }
            let mut width = 0;
            let cut = rest.char_indices().find(|(_, c)| {
                width += c.width().unwrap_or(0);
                width > COLUMN
            });
            let (now, later) = rest.split_at(cut.map_or(rest.len(), |(at, _)| at));
            if let Some(line) = lines.last_mut() {
                line.push_str(&" ".repeat(gap));
                line.push_str(now);
            }
            rest = later;
        }
    }
    lines
}

/// One finding in machine form.
#[derive(Debug, Serialize)]
struct Report<'a> {
    schema: &'static str,
    note: Head<'a>,
    earlier: Head<'a>,
    scope: &'static str,
    words: usize,
    same_words: usize,
    same_numbers: usize,
    numbers_too: bool,
    spans: Vec<Pair<'a>>,
}

#[derive(Debug, Serialize)]
struct Head<'a> {
    key: &'a str,
    source: &'a str,
    fingerprint: &'a str,
    date: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Pair<'a> {
    this: Place<'a>,
    earlier: Place<'a>,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    byte_start: u32,
    byte_end: u32,
    char_start: usize,
    char_end: usize,
    quote: &'a str,
}

impl<'a> Report<'a> {
    fn new(note: &'a Note, earlier: &'a Note, worded: &Worded) -> Self {
        let spans = worded.shared.iter().map(|shared| Pair {
            this: Place::new(note, shared.this),
            earlier: Place::new(earlier, shared.earlier),
        });
        Self {
            schema: "rubric.clones/1",
            note: Head::new(note),
            earlier: Head::new(earlier),
            scope: worded.scope.as_str(),
            words: worded.words,
            same_words: worded.same_words,
            same_numbers: worded.same_numbers,
            numbers_too: worded.numbers_too,
            spans: spans.collect(),
        }
    }
}

impl<'a> Head<'a> {
    fn new(note: &'a Note) -> Self {
        Self {
            key: &note.key,
            source: &note.source,
            fingerprint: &note.fingerprint,
            date: note.meta.date.as_deref(),
        }
    }
}

impl<'a> Place<'a> {
    fn new(note: &'a Note, span: Span) -> Self {
        let chars = |at: u32| note.text.get(..at as usize).unwrap_or_default().chars().count();
        Self {
            byte_start: span.start,
            byte_end: span.end,
            char_start: chars(span.start),
            char_end: chars(span.end),
            quote: span.of(&note.text),
        }
    }
}
