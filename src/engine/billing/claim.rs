//! The billed claim: from the source of the note, else from what its text says was billed.

mod line;

use std::collections::BTreeMap;

use crate::engine::section::Section;
use crate::model::{BilledLine, Code, NoteMeta, SectionKind, Span};

use super::minutes::GridUnits;

use line::{Item, Label, codes, inline_label, is_list, label, read_line};

/// Where billed lines come from; it says how much their silence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimSource {
    /// Nothing was billed, as far as is known.
    Nowhere,
    /// Codes and units listed in the text: a grid, "CPT: …". Modifiers may stand elsewhere.
    Listed,
    /// The text says "Billed:" or "Charges:".
    Billed,
    /// A claim beside the note.
    Source,
}

/// What was billed, with the words that say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Billed lines, in their order.
    pub lines: Vec<BilledLine>,
    /// Words of each line in the note; `None` when the claim stands beside it.
    pub spans: Vec<Option<Span>>,
    /// Where the lines come from.
    pub source: ClaimSource,
}

impl Claim {
    /// Tells whether nothing is known to be billed.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Returns units by code.
    pub fn units(&self) -> BTreeMap<Code, u32> {
        let mut units: BTreeMap<Code, u32> = BTreeMap::new();
        for line in &self.lines {
            let sum = units.entry(line.code).or_default();
            *sum = sum.saturating_add(line.units);
        }
        units
    }

    /// Returns the words of the first line of a code.
    pub fn span(&self, code: Code) -> Option<Span> {
        let at = self.lines.iter().position(|line| line.code == code)?;
        self.spans.get(at).copied().flatten()
    }

    /// Returns all modifiers billed with a code.
    pub fn modifiers(&self, code: Code) -> Vec<&str> {
        let of_code = self.lines.iter().filter(|line| line.code == code);
        of_code.flat_map(|line| line.modifiers.iter().map(String::as_str)).collect()
    }
}

/// Reads the claim: the source's own lines, else "Billed:" lines, else lists and grids.
pub fn read(text: &str, sections: &[Section], grid: &[GridUnits], meta: &NoteMeta) -> Claim {
    if !meta.billed.is_empty() {
        let lines = meta.billed.clone();
        let words = in_text(text, sections);
        let spans = lines
            .iter()
            .map(|line| {
                let of_code = words.iter().filter(|item| item.code == line.code);
                of_code.min_by_key(|item| item.label).map(|item| item.span)
            })
            .collect();
        return Claim { lines, spans, source: ClaimSource::Source };
    }
    let items = in_text(text, sections);
    for label in [Label::Billed, Label::Listed] {
        let lines = of_label(&items, label);
        if !lines.is_empty() {
            let source =
                if label == Label::Billed { ClaimSource::Billed } else { ClaimSource::Listed };
            return claim(lines, source);
        }
    }
    if !grid.is_empty() {
        let lines = grid.iter().map(|row| {
            let line = BilledLine { code: row.code, units: row.units, modifiers: Vec::new() };
            (line, row.span)
        });
        return claim(lines.collect(), ClaimSource::Listed);
    }
    claim(of_label(&items, Label::Stated), ClaimSource::Listed)
}

fn claim(lines: Vec<(BilledLine, Span)>, source: ClaimSource) -> Claim {
    let source = if lines.is_empty() { ClaimSource::Nowhere } else { source };
    let (lines, spans) = lines.into_iter().map(|(line, span)| (line, Some(span))).unzip();
    Claim { lines, spans, source }
}

/// Takes the items of one kind; where some say their units, a code without any was billed once.
fn of_label(items: &[Item], label: Label) -> Vec<(BilledLine, Span)> {
    let of_kind: Vec<&Item> = items.iter().filter(|item| item.label == label).collect();
    if of_kind.iter().all(|item| item.units.is_none()) {
        return Vec::new();
    }
    of_kind
        .into_iter()
        .filter(|item| label != Label::Stated || item.units.is_some())
        .map(|item| {
            let Item { code, units, modifiers, .. } = item.clone();
            (BilledLine { code, units: units.unwrap_or(1), modifiers }, item.span)
        })
        .collect()
}

fn in_text(text: &str, sections: &[Section]) -> Vec<Item> {
    let mut items = Vec::new();
    // Most notes name no code: nothing else in them is looked at.
    let all = codes(text);
    let mut left = all.as_slice();
    let mut start = 0;
    let mut carried: Option<Label> = None;
    for line in text.split_inclusive('\n') {
        if left.is_empty() {
            break;
        }
        let here = left.partition_point(|(at, _)| *at < start + line.len());
        let codes: Vec<_> = left[..here].iter().map(|(at, code)| (at - start, *code)).collect();
        left = &left[here..];
        let label = label(line);
        let kind = label.or(if codes.is_empty() { None } else { carried }).or_else(|| {
            let next = sections.partition_point(|section| section.body.start <= to_u32(start));
            let section = &sections[next.checked_sub(1)?];
            let here = section.body.holds(to_u32(start)) && section.kind == SectionKind::Billing;
            here.then_some(Label::Listed)
        });
        // "Timed 30 min. Charges 97110 x1 GP": only what follows the word was billed.
        let inline = if codes.is_empty() || label.is_some() { None } else { inline_label(line) };
        let (before, after) = match inline {
            Some(from) => codes.split_at(codes.partition_point(|&(at, _)| at < from)),
            None => (codes.as_slice(), [].as_slice()),
        };
        if !before.is_empty() {
            let bare = is_list(line).then_some(Label::Listed);
            let own = kind.or(bare).unwrap_or(Label::Stated);
            read_line(line, start, before, own, &mut items);
        }
        if !after.is_empty() {
            read_line(line, start, after, Label::Billed, &mut items);
        }
        let blank = line.trim().is_empty();
        carried = label.or(if codes.is_empty() && !blank { None } else { carried });
        start += line.len();
    }
    items
}

fn to_u32(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> (String, ClaimSource) {
        let claim = read(text, &[], &[], &NoteMeta::default());
        let lines = claim.lines.iter().map(|line| {
            let modifiers = line.modifiers.join("-");
            format!(
                "{}x{}{}{modifiers}",
                line.code,
                line.units,
                if modifiers.is_empty() { "" } else { ":" }
            )
        });
        (lines.collect::<Vec<_>>().join(" "), claim.source)
    }

    #[test]
    fn billed_lines_are_read_from_many_forms() {
        for (text, want, source) in [
            ("Billed: 97530 x2 GP, 97110 x1 GP", "97530x2:GP 97110x1:GP", ClaimSource::Billed),
            ("CPT: 97110 (2 units), 97140", "97110x2 97140x1", ClaimSource::Listed),
            (
                "Charges: 97530-GP x 2; 97110-59-GP x1",
                "97530x2:GP 97110x1:59-GP",
                ClaimSource::Billed,
            ),
            (
                "Charges:\n97530 GP 59 2 units\n97110 GP 1 unit\n\nSigned",
                "97530x2:GP-59 97110x1:GP",
                ClaimSource::Billed,
            ),
            (
                "CPT codes: 97530 (25 min, 2 units), 97110 (10 min, 1 unit)",
                "97530x2 97110x1",
                ClaimSource::Listed,
            ),
            ("Billed 2 units 97530 and 1 unit 97110", "97530x2 97110x1", ClaimSource::Billed),
            ("Ther Act (97530) 2 units, 25 min", "97530x2", ClaimSource::Listed),
            ("97530 x 15 min: lifting", "", ClaimSource::Nowhere),
            ("Billing: 97530 25 2", "97530x2", ClaimSource::Listed),
            ("CPT: 97110, 97530", "", ClaimSource::Nowhere),
            ("97110 2x10 bridges", "", ClaimSource::Nowhere),
            ("97112: stepping w/ perturbation x12, SBA", "", ClaimSource::Nowhere),
            ("97535 x2, 97110 x1", "97535x2 97110x1", ClaimSource::Listed),
            (
                "97110, 20 min: crate x10. Charges 97110 x1 GP, 97140 x1 GP",
                "97110x1:GP 97140x1:GP",
                ClaimSource::Billed,
            ),
            ("Total 45 min (untimed, 92507 x1 GN)", "92507x1:GN", ClaimSource::Listed),
        ] {
            assert_eq!(show(text), (want.to_owned(), source), "{text}");
        }
    }
}
