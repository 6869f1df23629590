//! What came of answer keys: codes, statuses, minutes and units, warnings.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use crate::cli::columns::{Columns, count, quoted, share};
use crate::cli::eval::{codes, statuses};
use crate::model::Warning;

/// Everything, over all notes.
#[derive(Debug, Default, Serialize)]
pub(in crate::cli::eval) struct Report {
    pub(super) notes: usize,
    pub(super) codes: codes::Report,
    /// Interventions right, by quality of the note and by discipline.
    slices: BTreeMap<String, Tally>,
    /// Minutes and units, by what they are of.
    figures: BTreeMap<&'static str, Figure>,
    /// Codes with minutes or units that the key does not have.
    pub(super) extra_lines: Vec<String>,
    warnings: BTreeMap<String, Fired>,
    pub(super) statuses: statuses::Report,
}

#[derive(Debug, Default, Serialize)]
struct Tally {
    total: usize,
    right: usize,
}

#[derive(Debug, Default, Serialize)]
struct Figure {
    total: usize,
    right: usize,
    misses: Vec<FigureMiss>,
}

#[derive(Debug, Serialize)]
struct FigureMiss {
    place: String,
    wanted: String,
    got: Option<String>,
}

/// How one warning fared.
#[derive(Debug, Default, Serialize)]
struct Fired {
    /// Listed in keys, and fired.
    right: usize,
    /// Listed in keys, and silent.
    missed: Vec<String>,
    /// Fired where a key says that it must not.
    wrong: Vec<Wrong>,
    /// Fired where the key leaves it open.
    open: usize,
}

#[derive(Debug, Serialize)]
struct Wrong {
    place: String,
    rule: String,
    quote: String,
}

impl Report {
    pub(super) fn slice(&mut self, name: String, right: bool) {
        let tally = self.slices.entry(name).or_default();
        tally.total += 1;
        tally.right += usize::from(right);
    }

    pub(super) fn figure(
        &mut self,
        what: &'static str,
        place: &str,
        wanted: String,
        got: Option<String>,
    ) {
        let figure = self.figures.entry(what).or_default();
        figure.total += 1;
        if got.as_ref() == Some(&wanted) {
            figure.right += 1;
        } else {
            figure.misses.push(FigureMiss { place: place.to_owned(), wanted, got });
        }
    }

    pub(super) fn warning_wanted(
        &mut self,
        name: &str,
        place: &str,
        here: bool,
        elsewhere: Option<&Warning>,
    ) {
        let fired = self.warnings.entry(name.to_owned()).or_default();
        if here {
            fired.right += 1;
        } else {
            let where_else =
                if elsewhere.is_some() { ", but it fired elsewhere in the note" } else { "" };
            fired.missed.push(format!("{place}{where_else}"));
        }
    }

    pub(super) fn warning_unlisted(
        &mut self,
        warning: &Warning,
        place: String,
        quote: &str,
        absent: bool,
    ) {
        let fired = self.warnings.entry(warning.name.clone()).or_default();
        if absent {
            let (rule, quote) = (warning.rule.clone(), quote.to_owned());
            fired.wrong.push(Wrong { place, rule, quote });
        } else {
            fired.open += 1;
        }
    }

    pub(super) fn finish(&mut self) {
        self.codes.finish();
    }

    pub(in crate::cli::eval) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "Answer keys of {}\n", count(self.notes, "note"))?;
        self.codes.write(out)?;
        writeln!(out, "\nInterventions right, by kind of note")?;
        let mut rows = Columns::plain();
        for (name, tally) in &self.slices {
            rows.row([name.clone(), share(tally.right, tally.total)]);
        }
        rows.write(out, "  ")?;
        writeln!(out)?;
        self.statuses.write(out)?;
        self.write_figures(out)?;
        self.write_warnings(out)
    }

    fn write_figures(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "\nMinutes and units right")?;
        let mut rows = Columns::plain();
        for (what, figure) in &self.figures {
            rows.row([(*what).to_owned(), share(figure.right, figure.total)]);
        }
        rows.write(out, "  ")?;
        for (what, figure) in &self.figures {
            for miss in &figure.misses {
                let got = miss.got.as_deref().unwrap_or("nothing");
                writeln!(
                    out,
                    "    {}  {what}: key {}, the program says {got}",
                    miss.place, miss.wanted
                )?;
            }
        }
        for line in &self.extra_lines {
            writeln!(out, "    {line}  has minutes or units, and stands in no line of the key")?;
        }
        Ok(())
    }

    fn write_warnings(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(
            out,
            "\nWarnings: found = listed and fired; right = not where the key forbids it"
        )?;
        let mut rows =
            Columns::new(["name", "found (recall)", "right (precision)", "left open"]).numbers([3]);
        let mut all = (0, 0, 0, 0);
        for (name, one) in &self.warnings {
            let (right, missed, wrong) = (one.right, one.missed.len(), one.wrong.len());
            all = (all.0 + right, all.1 + missed, all.2 + wrong, all.3 + one.open);
            let (found, precise) = (share(right, right + missed), share(right, right + wrong));
            rows.row([name.clone(), found, precise, one.open.to_string()]);
        }
        let (right, missed, wrong, open) = all;
        let (found, precise) = (share(right, right + missed), share(right, right + wrong));
        rows.row(["all".to_owned(), found, precise, open.to_string()]);
        rows.write(out, "  ")?;
        for (name, one) in &self.warnings {
            for place in &one.missed {
                writeln!(out, "    {name} is silent: {place}")?;
            }
            for wrong in &one.wrong {
                let quote =
                    if wrong.quote.is_empty() { String::new() } else { quoted(&wrong.quote) };
                writeln!(
                    out,
                    "    {name} fires and must not: {} ({}) {quote}",
                    wrong.place, wrong.rule
                )?;
            }
        }
        Ok(())
    }
}
