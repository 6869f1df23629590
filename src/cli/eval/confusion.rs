//! Confusion matrix: labels against answers, with recall, precision and Cohen's kappa.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use serde::Serialize;

use crate::cli::columns::{Columns, share};

/// How often each label met each answer.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Confusion {
    /// By label, then by answer.
    cells: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Confusion {
    pub(super) fn add(&mut self, label: &str, answer: &str) {
        let row = self.cells.entry(label.to_owned()).or_default();
        *row.entry(answer.to_owned()).or_default() += 1;
    }

    pub(super) fn total(&self) -> usize {
        self.cells.values().flat_map(BTreeMap::values).sum()
    }

    pub(super) fn right(&self) -> usize {
        self.cells.iter().map(|(label, row)| row.get(label).copied().unwrap_or(0)).sum()
    }

    fn answered(&self, answer: &str) -> usize {
        self.cells.values().filter_map(|row| row.get(answer)).sum()
    }

    /// Returns Cohen's kappa in thousandths; `None` when chance alone would always agree.
    pub(super) fn kappa(&self) -> Option<f64> {
        let total = to_f64(self.total());
        let observed = to_f64(self.right()) / total;
        let expected: f64 = self
            .cells
            .iter()
            .map(|(label, row)| {
                let labelled = to_f64(row.values().sum());
                labelled / total * (to_f64(self.answered(label)) / total)
            })
            .sum();
        let kappa = (observed - expected) / (1.0 - expected);
        kappa.is_finite().then(|| (kappa * 1000.0).round() / 1000.0)
    }

    /// Writes the matrix, labels down and answers across.
    pub(super) fn write(&self, labels: &str, out: &mut dyn Write) -> std::io::Result<()> {
        let answers: BTreeSet<&String> = self.cells.values().flat_map(BTreeMap::keys).collect();
        // Answers that are labels too come first, so that agreement stands on the diagonal.
        let (same, other): (Vec<&String>, Vec<&String>) =
            answers.into_iter().partition(|answer| self.cells.contains_key(*answer));
        let answers: Vec<&String> = same.into_iter().chain(other).collect();
        let mut rows = Columns::plain().numbers(1..=answers.len() + 1);
        let head = answers.iter().map(|answer| (*answer).clone());
        rows.row(std::iter::once(labels.to_owned()).chain(head).chain(["all".to_owned()]));
        for (label, row) in &self.cells {
            let cells = answers.iter().map(|answer| match row.get(*answer) {
                Some(number) => number.to_string(),
                None => ".".to_owned(),
            });
            let all = row.values().sum::<usize>().to_string();
            rows.row(std::iter::once(label.clone()).chain(cells).chain([all]));
        }
        rows.write(out, "  ")
    }

    /// Writes what share of each label was found, and of each answer was right.
    pub(super) fn write_shares(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let mut rows = Columns::new(["", "found (recall)", "right when answered (precision)"]);
        for (label, row) in &self.cells {
            let right = row.get(label).copied().unwrap_or(0);
            let found = share(right, row.values().sum());
            rows.row([label.clone(), found, share(right, self.answered(label))]);
        }
        rows.write(out, "  ")
    }
}

fn to_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_beyond_chance() {
        let mut confusion = Confusion::default();
        let cells = [("a", "a", 20), ("a", "b", 5), ("b", "a", 10), ("b", "b", 15)];
        for (label, answer, times) in cells {
            (0..times).for_each(|_| confusion.add(label, answer));
        }
        assert_eq!((confusion.right(), confusion.total()), (35, 50));
        assert_eq!(confusion.kappa(), Some(0.4));
        assert_eq!(Confusion::default().kappa(), None);
    }
}
