//! Labelled wording: vague against specific, or the name of the warning that should fire.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::confusion::Confusion;
use super::table::Table;
use crate::cli::columns::{Columns, quoted, share};
use crate::engine::Engine;

#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    total: usize,
    right: usize,
    confusion: Confusion,
    /// How often each warning fired.
    fired: BTreeMap<String, usize>,
    misses: Vec<Miss>,
}

#[derive(Debug, Serialize)]
struct Miss {
    place: String,
    text: String,
    label: String,
    answer: String,
    /// Rule and quote of each warning that fired.
    evidence: Vec<(String, String)>,
}

pub(super) fn score(engine: &Engine, table: &Table, text: usize, label: usize) -> Report {
    let mut report = Report::default();
    for row in &table.rows {
        let (words, label) = (row.cells[text].as_str(), row.cells[label].trim());
        let language = engine.read(words);
        let vague = matches!(label, "vague" | "specific" | "none" | "");
        let warnings: Vec<_> = engine
            .wording(&language, words)
            .into_iter()
            .filter(|one| if vague { one.name.starts_with("vague") } else { one.name == label })
            .collect();
        let answer = match (warnings.first(), vague) {
            (Some(_), true) => "vague",
            (Some(_), false) => label,
            (None, true) => "specific",
            (None, false) => "none",
        };
        let label = if vague && label != "vague" { "specific" } else { label };
        report.total += 1;
        report.right += usize::from(answer == label);
        report.confusion.add(label, answer);
        for one in &warnings {
            *report.fired.entry(one.name.clone()).or_default() += 1;
        }
        if answer != label {
            let quote = |span: Option<crate::model::Span>| span.map_or("", |span| span.of(words));
            report.misses.push(Miss {
                place: format!("line {}", row.line),
                text: words.to_owned(),
                label: label.to_owned(),
                answer: answer.to_owned(),
                evidence: warnings
                    .iter()
                    .map(|one| (one.rule.clone(), quote(one.span).to_owned()))
                    .collect(),
            });
        }
    }
    report
}

impl Report {
    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "Wording of {} labelled texts", self.total)?;
        writeln!(out, "  right  {}", share(self.right, self.total))?;
        writeln!(out, "\nBy label")?;
        self.confusion.write_shares(out)?;
        if !self.fired.is_empty() {
            writeln!(out, "\nWarnings that fired")?;
        }
        let mut rows = Columns::plain().numbers([1]);
        for (name, times) in &self.fired {
            rows.row([name.clone(), times.to_string()]);
        }
        rows.write(out, "  ")?;
        if !self.misses.is_empty() {
            writeln!(out, "\nMisses ({})", self.misses.len())?;
        }
        for one in &self.misses {
            writeln!(out, "  {}  {}", one.place, quoted(&one.text))?;
            writeln!(out, "      label {}; the program says: {}", one.label, one.answer)?;
            for (rule, quote) in &one.evidence {
                writeln!(out, "        {rule}: {}", quoted(quote))?;
            }
        }
        Ok(())
    }
}
