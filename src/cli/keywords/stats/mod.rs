//! `rubric keywords stats`: how much there is, what never fires, which words no rule knows.

mod coverage;
mod verbs;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::columns::{Columns, count, share};
use crate::engine::{Engine, Language};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::CATEGORIES;
use crate::model::Note;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Notes to count the matches of every rule in
    #[arg(long, value_name = "PATH")]
    notes: Option<PathBuf>,
    /// Lists of words to look up: TSV or CSV with a column `term`, `name` or `text`, and maybe `icf`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    words: Vec<PathBuf>,
    /// How many words of each kind are listed
    #[arg(long, value_name = "N", default_value_t = 20)]
    list: usize,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let engine = crate::cli::whole_engine(folder)?;
    sizes(engine.lexicon(), out)?;
    if let Some(path) = &arguments.notes {
        let notes = super::notes(path)?;
        let read: Vec<Language> = notes.iter().map(|note| engine.read(&note.text)).collect();
        fired(&engine, &read, out)?;
        let notes: Vec<(&Note, &Language)> = notes.iter().zip(&read).collect();
        verbs::unknown(engine.lexicon(), &notes, arguments.list, out)?;
    }
    for path in &arguments.words {
        coverage::look_up(&engine, path, arguments.list, out)?;
    }
    Ok(())
}

fn sizes(lexicon: &Lexicon, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}\n", lexicon.version)?;
    let mut table = Columns::new(["category", "rules", "phrases", "examples"]).numbers([1, 2, 3]);
    let mut row = |name: &str, rules: usize, phrases: usize, examples: usize| {
        table.row([name.to_owned(), rules.to_string(), phrases.to_string(), examples.to_string()]);
    };
    for (category, name, _) in CATEGORIES {
        let rules: Vec<_> =
            lexicon.rules.iter().filter(|rule| rule.category == *category).collect();
        let phrases = rules.iter().map(|rule| rule.forms.len()).sum();
        let examples = rules.iter().map(|rule| rule.tests.len()).sum();
        if !rules.is_empty() {
            row(name, rules.len(), phrases, examples);
        }
    }
    row("combo", lexicon.combos.len(), 0, lexicon.combos.iter().map(|one| one.tests.len()).sum());
    let cues = lexicon.cues.iter().map(|one| one.tests.len()).sum();
    row("cues of status", lexicon.cues.len(), 0, cues);
    let headings = lexicon.headings.iter().map(|one| one.tests.len()).sum();
    row("headings", lexicon.headings.len(), lexicon.heading_words.len(), headings);
    let readings = lexicon.abbreviations.iter().map(|one| one.tests.len()).sum();
    row("abbreviations", lexicon.abbreviations.len(), lexicon.abbreviations.len(), readings);
    table.write(out, "")
}

/// Tells how often rules fired, and lists those that never did.
fn fired(engine: &Engine, read: &[Language], out: &mut dyn Write) -> std::io::Result<()> {
    let lexicon = engine.lexicon();
    let mut times = vec![0_usize; lexicon.rules.len()];
    for found in read.iter().flat_map(|language| &language.found) {
        times[found.rule] += 1;
    }
    let mut silent: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (rule, _) in lexicon.rules.iter().zip(&times).filter(|(_, times)| **times == 0) {
        silent.entry(rule.category.as_str()).or_default().push(&rule.id);
    }
    let active = times.iter().filter(|times| **times > 0).count();
    writeln!(
        out,
        "\nIn {}: {} rules fired, {} times in all.",
        count(read.len(), "note"),
        share(active, times.len()),
        times.iter().sum::<usize>()
    )?;
    let mut order: Vec<usize> = (0..times.len()).filter(|at| times[*at] > 0).collect();
    order.sort_by_key(|at| (usize::MAX - times[*at], *at));
    writeln!(out, "\nMost often:")?;
    let mut table = Columns::plain().numbers([0]);
    for at in order.into_iter().take(10) {
        let rule = &lexicon.rules[at];
        table.row([times[at].to_string(), rule.id.clone(), rule.name.clone()]);
    }
    table.write(out, "  ")?;
    if !silent.is_empty() {
        writeln!(out, "\nNever:")?;
    }
    for (category, ids) in silent {
        writeln!(out, "  {category} ({}): {}", ids.len(), ids.join(" "))?;
    }
    Ok(())
}
