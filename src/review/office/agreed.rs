//! Suggested against decided, counted over decisions that stand: what was taken back counts nowhere.

use std::collections::BTreeMap;

use crate::model::{Code, DecidedLine, DecidedSegment, Decision, DecisionKind, Via};
use crate::review::figures::{ENOUGH, Figures, Kept};
use crate::store::{HistoryEntry, Kind};

/// Columns of the table of suggested against decided.
const COLUMNS: [&str; 6] = ["97110", "97112", "97530", "97535", "other", "none"];

/// What one decision adds to the figures.
#[derive(Debug, Clone, Default)]
struct Part {
    /// Cells of the table: row and column.
    cells: Vec<(&'static str, usize)>,
    /// Segments kept as suggested, after the suggestion was seen.
    kept: (u64, u64),
    /// Segments answered as suggested, before it was seen.
    blind: (u64, u64),
    /// How the billed units stand to the decided ones.
    units: Option<std::cmp::Ordering>,
}

/// Decisions of the range that stand, with what each adds.
#[derive(Clone, Default)]
pub(super) struct Agreed {
    parts: BTreeMap<i64, Part>,
    /// Decisions that another one took the place of, by the event that did.
    replaced: BTreeMap<i64, (i64, Part)>,
}

impl Agreed {
    /// Takes an event of the range in.
    pub(super) fn take(&mut self, event: &HistoryEntry) {
        let earlier = event.amends.and_then(|seq| Some((seq, self.parts.remove(&seq)?)));
        match (event.kind, earlier) {
            // What it had taken the place of stands again.
            (Kind::Withdraw, _) => {
                let before = event.amends.and_then(|seq| self.replaced.remove(&seq));
                self.parts.extend(before);
            }
            (_, Some((seq, part))) => {
                // The first answer of a blind review stays one, whatever came after it.
                let first = Part { blind: part.blind, ..Part::default() };
                self.parts.insert(seq, first);
                self.replaced.insert(event.seq, (seq, part));
            }
            (_, None) => {}
        }
        if let Some(decision) = &event.after {
            self.parts.insert(event.seq, Part::of(decision));
        }
    }

    /// Puts the sums into the figures.
    pub(super) fn finish(self, figures: &mut Figures) {
        let mut matrix: BTreeMap<&'static str, Vec<u64>> = BTreeMap::new();
        let (mut kept, mut blind) = ((0, 0), (0, 0));
        for part in self.parts.into_values() {
            for (row, column) in part.cells {
                matrix.entry(row).or_insert_with(|| vec![0; COLUMNS.len()])[column] += 1;
            }
            kept = (kept.0 + part.kept.0, kept.1 + part.kept.1);
            blind = (blind.0 + part.blind.0, blind.1 + part.blind.1);
            match part.units {
                Some(std::cmp::Ordering::Greater) => figures.units.0 += 1,
                Some(std::cmp::Ordering::Less) => figures.units.1 += 1,
                Some(std::cmp::Ordering::Equal) => figures.units.2 += 1,
                None => {}
            }
        }
        figures.decided = COLUMNS.map(str::to_owned).to_vec();
        figures.matrix = matrix.into_iter().map(|(name, row)| (name.to_owned(), row)).collect();
        (figures.kept, figures.blind) = (share(kept), share(blind));
    }
}

impl Part {
    fn of(decision: &Decision) -> Self {
        let mut part = Self::default();
        if !matches!(decision.kind, DecisionKind::Accept | DecisionKind::Change) {
            return part;
        }
        for segment in &decision.segments {
            part.cells.push((suggested(segment), column(segment.code)));
            let kept = match segment.code {
                Some(code) => segment.suggested.contains(&code),
                None => segment.suggested.is_empty(),
            };
            let of = if decision.via == Via::Blind { &mut part.blind } else { &mut part.kept };
            of.0 += u64::from(kept);
            of.1 += 1;
        }
        if !decision.billed.is_empty() {
            let units = |lines: &[DecidedLine]| lines.iter().filter_map(|l| l.units).sum::<u32>();
            part.units = Some(units(&decision.billed).cmp(&units(&decision.lines)));
        }
        part
    }
}

/// Returns the row of what was suggested.
fn suggested(segment: &DecidedSegment) -> &'static str {
    match segment.suggested.as_slice() {
        [code] => COLUMNS[column(Some(*code))],
        [] => "none",
        _ => "two close",
    }
}

fn column(code: Option<Code>) -> usize {
    match code {
        None => COLUMNS.len() - 1,
        Some(code) => Code::FOUR.iter().position(|four| *four == code).unwrap_or(4),
    }
}

fn share((kept, all): (u64, u64)) -> Option<Kept> {
    (all > 0).then(|| Kept { kept, all, interval: interval(kept, all) })
}

/// Returns the interval of a share (Wilson, 95 %) in tenths of a percent, where there are enough.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are far below 2^52, and both ends lie between 0 and 1000"
)]
fn interval(part: u64, all: u64) -> Option<(u32, u32)> {
    if all < ENOUGH {
        return None;
    }
    let z = 1.96_f64;
    let n = all as f64;
    let share = part as f64 / n;
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let tenths = |value: f64| (value.clamp(0.0, 1.0) * 1000.0).round() as u32;
    Some((tenths(middle - half), tenths(middle + half)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        assert_eq!(interval(307, 342), Some((861, 925)));
        assert_eq!(interval(30, 30), Some((886, 1000)));
        assert_eq!(interval(3, 4), None);
    }
}
