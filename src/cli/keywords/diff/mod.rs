//! `rubric keywords diff`: two sets of keyword files over the same notes, and every change.

mod compare;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;

use super::Format;
use crate::cli::columns::{Columns, count, quoted};
use crate::engine::Engine;
use compare::{Change, What};

/// Stands for the files built into the program.
const BUILT_IN: &str = "built-in";

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Keyword folder as it was; `built-in` for the files of the program
    old: PathBuf,
    /// Keyword folder as it is to be; `built-in` for the files of the program
    new: PathBuf,
    /// Folder or file of notes
    #[arg(long, value_name = "PATH")]
    notes: PathBuf,
    /// How changes are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Default, Serialize)]
struct Summary {
    notes: usize,
    notes_changed: usize,
    outcomes: usize,
    scores: usize,
    statuses: usize,
    warnings: usize,
    by_rule: BTreeMap<String, usize>,
}

#[derive(Serialize)]
struct Report<'r> {
    schema: &'static str,
    old: &'r str,
    new: &'r str,
    changes: &'r [Change],
    summary: &'r Summary,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<()> {
    let old = engine(&arguments.old)?;
    let new = engine(&arguments.new)?;
    let notes = super::notes(&arguments.notes)?;
    let by_note: Vec<Vec<Change>> = notes
        .par_iter()
        .map(|note| compare::changes(note, &old.analyse(note), &new.analyse(note)))
        .collect();
    let notes_changed = by_note.iter().filter(|list| !list.is_empty()).count();
    let changes: Vec<Change> = by_note.into_iter().flatten().collect();
    let number = |what: What| changes.iter().filter(|one| one.what == what).count();
    let mut summary = Summary {
        notes: notes.len(),
        notes_changed,
        outcomes: number(What::Outcome),
        scores: number(What::Score),
        statuses: number(What::Status),
        warnings: number(What::Warning),
        by_rule: BTreeMap::new(),
    };
    for rule in changes.iter().flat_map(|one| &one.rules) {
        *summary.by_rule.entry(rule.clone()).or_default() += 1;
    }
    let versions = [&old, &new].map(|engine| engine.lexicon().version.as_str());
    match arguments.format {
        Format::Text => text(&changes, &summary, versions, out)?,
        Format::Json => {
            let schema = "rubric.keywords-diff/1";
            let [old, new] = versions;
            let report = Report { schema, old, new, changes: &changes, summary: &summary };
            writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        }
    }
    Ok(())
}

fn engine(folder: &Path) -> anyhow::Result<Engine> {
    crate::cli::whole_engine((folder != Path::new(BUILT_IN)).then_some(folder))
}

fn text(
    changes: &[Change],
    summary: &Summary,
    [old, new]: [&str; 2],
    out: &mut dyn Write,
) -> std::io::Result<()> {
    writeln!(out, "old: {old}\nnew: {new}\n")?;
    let mut note = "";
    for one in changes {
        if one.note != note {
            note = &one.note;
            writeln!(out, "{note}")?;
        }
        let quote = if one.quote.is_empty() { String::new() } else { quoted(&one.quote) };
        let (what, line) = (one.what.as_str(), one.line);
        writeln!(out, "  line {line}  {what}: {} -> {}  {quote}", one.old, one.new)?;
        if !one.rules.is_empty() {
            writeln!(out, "      by {}", one.rules.join(", "))?;
        }
    }
    writeln!(
        out,
        "{}{} of {} changed: {}, {}, {}, {}",
        if changes.is_empty() { "" } else { "\n" },
        summary.notes_changed,
        count(summary.notes, "note"),
        count(summary.outcomes, "outcome"),
        count(summary.scores, "score"),
        count_statuses(summary.statuses),
        count(summary.warnings, "warning"),
    )?;
    let mut rules: Vec<(&String, &usize)> = summary.by_rule.iter().collect();
    rules.sort_by_key(|(id, number)| (usize::MAX - **number, *id));
    let mut table = Columns::plain().numbers([1]);
    for (id, number) in rules {
        table.row([id.clone(), number.to_string()]);
    }
    if !summary.by_rule.is_empty() {
        writeln!(out, "Changes by rule:")?;
    }
    table.write(out, "  ")
}

fn count_statuses(number: usize) -> String {
    format!("{number} status{}", if number == 1 { "" } else { "es" })
}
