//! Labelled interventions: each text as a bullet under "Interventions:", its code against the label.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::answer::{Answer, Label, Miss};
use super::confusion::Confusion;
use super::table::Table;
use crate::cli::columns::{Columns, share};
use crate::engine::Engine;
use crate::model::Segment;

/// Answers against labels, for tables and answer keys alike.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    /// Labelled interventions.
    total: usize,
    /// Those where the answer is the label.
    right: usize,
    /// Those where two codes are shown and the label is one of them.
    right_of_two: usize,
    /// Those where the label has most points, whatever the outcome.
    leading: usize,
    /// Outcome to how often, and how often right or holding the label.
    outcomes: BTreeMap<&'static str, Outcomes>,
    /// Reasons of abstentions.
    abstentions: BTreeMap<&'static str, Reason>,
    by_code: BTreeMap<String, ByCode>,
    /// Labels against answers; `one of two` where two codes are shown.
    confusion: Confusion,
    /// Cohen's kappa of labels and leading codes.
    kappa_leading: Option<f64>,
    misses: Vec<Miss>,
    #[serde(skip)]
    leaders: Confusion,
}

#[derive(Debug, Default, Serialize)]
struct Outcomes {
    times: usize,
    right: usize,
}

#[derive(Debug, Default, Serialize)]
struct Reason {
    words: &'static str,
    times: usize,
}

#[derive(Debug, Default, Serialize)]
struct ByCode {
    labelled: usize,
    right: usize,
    right_of_two: usize,
    leading: usize,
    no_answer: usize,
}

pub(super) fn score(engine: &Engine, table: &Table, text: usize, code: usize) -> Report {
    let mut report = Report::default();
    for row in &table.rows {
        let note = format!("Interventions:\n- {}\n", row.cells[text]);
        let language = engine.read(&note);
        let label = Label::read(&row.cells[code]);
        let segment = language.segments.first();
        let place = format!("line {}", row.line);
        report.add(place, &row.cells[text], &label, segment.map(|one| (one, note.as_str())));
    }
    report.finish();
    report
}

impl Report {
    /// Adds one intervention with its label, and the segment it was read as with its note.
    pub(super) fn add(
        &mut self,
        place: String,
        text: &str,
        label: &Label,
        seen: Option<(&Segment, &str)>,
    ) -> bool {
        let answer = Answer::of(seen.map(|(segment, _)| segment));
        let right = answer.is(label);
        let of_two = answer.holds(label);
        let leader = answer.best.clone().unwrap_or_else(|| "none".to_owned());
        let leading = leader == label.short();
        self.total += 1;
        self.right += usize::from(right);
        self.right_of_two += usize::from(of_two);
        self.leading += usize::from(leading);
        let outcome = self.outcomes.entry(answer.outcome).or_default();
        outcome.times += 1;
        outcome.right += usize::from(right || of_two);
        if let Some((id, words)) = answer.reason {
            let reason = self.abstentions.entry(id).or_default();
            *reason = Reason { words, times: reason.times + 1 };
        }
        let by_code = self.by_code.entry(label.short()).or_default();
        by_code.labelled += 1;
        by_code.right += usize::from(right);
        by_code.right_of_two += usize::from(of_two);
        by_code.leading += usize::from(leading);
        by_code.no_answer += usize::from(answer.codes.is_empty());
        let short = match (right, of_two, answer.codes.len()) {
            (false, true, _) => "one of two".to_owned(),
            (false, false, 2..) => "two others".to_owned(),
            _ => answer.short(),
        };
        self.confusion.add(&label.short(), &short);
        self.leaders.add(&label.short(), &leader);
        if !right && !of_two {
            self.misses.push(Miss::new(place, text, label, &answer, seen));
        }
        right || of_two
    }

    /// Works out what needs all rows.
    pub(super) fn finish(&mut self) {
        self.kappa_leading = self.leaders.kappa();
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let total = self.total;
        writeln!(out, "Codes of {total} labelled interventions")?;
        let mut rows = Columns::plain();
        rows.row(["answer is the label".to_owned(), share(self.right, total)]);
        let either = self.right + self.right_of_two;
        rows.row(["label is shown, alone or as one of two".to_owned(), share(either, total)]);
        rows.row(["label has most points, answered or not".to_owned(), share(self.leading, total)]);
        if let Some(kappa) = self.kappa_leading {
            rows.row(["kappa of label and most points".to_owned(), format!("{kappa:.2}")]);
        }
        rows.write(out, "  ")?;
        writeln!(out, "\nBy code of the label")?;
        let heads = ["code", "labelled", "right", "one of two", "most points", "no answer"];
        let mut rows = Columns::new(heads).numbers(1..=5);
        for (code, one) in &self.by_code {
            let figures = [one.labelled, one.right, one.right_of_two, one.leading, one.no_answer];
            rows.row(std::iter::once(code.clone()).chain(figures.map(|figure| figure.to_string())));
        }
        rows.write(out, "  ")?;
        writeln!(out, "\nOutcomes")?;
        let mut rows = Columns::plain();
        for (outcome, one) in &self.outcomes {
            let what = match *outcome {
                "suggest" => "suggest one code",
                "consider" => "consider two codes",
                "abstain" => "abstain",
                _ => "another service",
            };
            let right = format!("label met in {}", share(one.right, one.times));
            rows.row([what.to_owned(), share(one.times, total), right]);
        }
        rows.write(out, "  ")?;
        if !self.abstentions.is_empty() {
            writeln!(out, "\nAbstentions by reason")?;
            let mut rows = Columns::plain().numbers([2]);
            for (id, reason) in &self.abstentions {
                rows.row([(*id).to_owned(), reason.words.to_owned(), reason.times.to_string()]);
            }
            rows.write(out, "  ")?;
        }
        writeln!(out, "\nLabels down, answers across")?;
        self.confusion.write("label", out)?;
        if !self.misses.is_empty() {
            writeln!(out, "\nMisses ({})", self.misses.len())?;
        }
        self.misses.iter().try_for_each(|miss| miss.write(out))
    }
}
