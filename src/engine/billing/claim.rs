//! The billed claim: from the source of the note, else from what its text says was billed.

use std::collections::BTreeMap;

use crate::engine::section::Section;
use crate::model::{BilledLine, Code, NoteMeta, SectionKind, Span};

use super::minutes::GridUnits;

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
            .map(|line| words.iter().find(|item| item.code == line.code).map(|item| item.span))
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

/// What makes a line of text a list of billed codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    /// "Billed:", "Charges:".
    Billed,
    /// "CPT:", a billing section.
    Listed,
    /// Any other line; only units named as such count.
    Stated,
}

/// A code with what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    code: Code,
    units: Option<u32>,
    modifiers: Vec<String>,
    span: Span,
    label: Label,
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
    let mut start = 0;
    let mut carried: Option<Label> = None;
    for line in text.split_inclusive('\n') {
        let codes = codes(line);
        let label = label(line);
        let inline = inline_label(line);
        let kind = label.or(if codes.is_empty() { None } else { carried }).or_else(|| {
            let within = |section: &&Section| section.body.holds(to_u32(start));
            let section = sections.iter().find(within)?;
            (section.kind == SectionKind::Billing).then_some(Label::Listed)
        });
        // "Timed 30 min. Charges 97110 x1 GP": only what follows the word was billed.
        let (before, after) = match inline.filter(|_| label.is_none()) {
            Some(from) => codes.split_at(codes.partition_point(|&(at, _)| at < from)),
            None => (codes.as_slice(), [].as_slice()),
        };
        let bare = is_list(line);
        let own = kind.or(bare.then_some(Label::Listed)).unwrap_or(Label::Stated);
        if !before.is_empty() {
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

const BILLED: &[&str] =
    &["billed", "charges", "charge", "claim", "codes billed", "cpt billed", "units billed"];
const LISTED: &[&str] = &[
    "cpt codes",
    "cpt code",
    "cpt",
    "billing codes",
    "billing",
    "procedure codes",
    "codes",
    "coding",
];

fn label(line: &str) -> Option<Label> {
    let line = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let begins = |words: &&&str| {
        line.get(..words.len()).is_some_and(|head| head.eq_ignore_ascii_case(words))
            && line[words.len()..].trim_start().starts_with([':', '-', '=', '–'])
    };
    let billed_in_words = || {
        line.get(.."billed".len()).is_some_and(|head| head.eq_ignore_ascii_case("billed"))
            && line["billed".len()..].starts_with(' ')
    };
    if BILLED.iter().any(|words| begins(&words)) || billed_in_words() {
        Some(Label::Billed)
    } else if LISTED.iter().any(|words| begins(&words)) {
        Some(Label::Listed)
    } else {
        None
    }
}

/// Returns where a word such as "Charges" in the midst of a line ends.
fn inline_label(line: &str) -> Option<usize> {
    let words = words(line);
    words.windows(2).find_map(|pair| {
        let [(at, word), (next, code)] = *pair else { return None };
        let known = ["billed", "charges", "charge", "billing"];
        let labels = at > 0 && known.iter().any(|label| label.eq_ignore_ascii_case(word));
        (labels && Code::parse(code).is_some()).then_some(next)
    })
}

/// Tells whether a line holds nothing but codes, units and modifiers.
fn is_list(line: &str) -> bool {
    words(line).into_iter().all(|(_, word)| {
        Code::parse(word).is_some()
            || times(word).is_some()
            || count(word).is_some()
            || is_unit(word)
            || modifier(word, true).is_some()
            || matches!(word, "x" | "X" | "×" | "and")
    })
}

/// Returns the codes of a line with their place in it.
fn codes(line: &str) -> Vec<(usize, Code)> {
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        if length == 5
            && let Some(code) = line.get(at..at + 5).and_then(Code::parse)
        {
            found.push((at, code));
        }
        at += length.max(1);
    }
    found
}

fn read_line(
    line: &str,
    offset: usize,
    codes: &[(usize, Code)],
    label: Label,
    items: &mut Vec<Item>,
) {
    // "2 units 97530 and 1 unit 97110": once units lead, they lead all along the line.
    let leads = codes.first().is_some_and(|&(at, _)| units_before(&line[..at]).is_some());
    let mut used = 0;
    for (index, &(at, code)) in codes.iter().enumerate() {
        let next = codes.get(index + 1).map_or(line.len(), |&(next, _)| next);
        let tail = &line[at + 5..next];
        let tail = &tail[..tail.find([';', '\n']).unwrap_or(tail.len())];
        let tail = &tail[..tail.find(". ").unwrap_or(tail.len())];
        let read = read_tail(tail, label);
        let ahead = units_before(&line[used..at]).filter(|_| leads);
        let end = at + 5 + if leads { 0 } else { read.end };
        used = end;
        items.push(Item {
            code,
            units: ahead.or(read.units),
            modifiers: read.modifiers,
            span: Span::new(offset + at, offset + end),
            label,
        });
    }
}

struct Tail {
    units: Option<u32>,
    modifiers: Vec<String>,
    /// One past the last byte that was used.
    end: usize,
}

/// Reads units and modifiers after a code.
fn read_tail(tail: &str, label: Label) -> Tail {
    let mut got = Tail { units: None, modifiers: Vec::new(), end: 0 };
    let words = words(tail);
    let mut bare: Vec<(u32, usize)> = Vec::new();
    let mut index = 0;
    while let Some(&(start, word)) = words.get(index) {
        let end = start + word.len();
        let next = words.get(index + 1).map(|&(_, next)| next);
        let glued = tail[..start].ends_with('-');
        if let Some(modifier) = modifier(word, glued) {
            if !got.modifiers.iter().any(|known| known == modifier) {
                got.modifiers.push(modifier.to_owned());
            }
            got.end = end;
        } else if let Some(units) = times(word) {
            // Elsewhere "x12" counts repetitions, unless a plan modifier says that it is billing.
            let billing = label != Label::Stated || next.is_some_and(|next| PLANS.contains(&next));
            if billing {
                got.units = got.units.or(Some(units));
                got.end = end;
            }
        } else if matches!(word, "x" | "X" | "×") {
            if let Some((count, next)) = next.and_then(count).zip(words.get(index + 1)) {
                let after = words.get(index + 2).map(|&(_, word)| word);
                let billing = label != Label::Stated
                    || after.is_some_and(|after| is_unit(after) || PLANS.contains(&after));
                if billing && !after.is_some_and(is_minutes) {
                    got.units = got.units.or(Some(count));
                    got.end = next.0 + next.1.len();
                }
                index += 1;
            }
        } else if let Some(count) = count(word) {
            if next.is_some_and(is_unit) {
                got.units = Some(count);
                got.end = words.get(index + 1).map_or(end, |&(at, unit)| at + unit.len());
            } else if !next.is_some_and(is_minutes) && !clocked(tail, start, end) {
                bare.push((count, end));
            }
        } else if let Some(count) = word.find(|c: char| c.is_ascii_alphabetic()).and_then(|at| {
            let (digits, unit) = word.split_at(at);
            count(digits).filter(|_| is_unit(unit))
        }) {
            got.units = Some(count);
            got.end = end;
        }
        index += 1;
    }
    // A bare number counts only in a list of codes; eight and more would be minutes.
    if got.units.is_none() && label != Label::Stated {
        let small: Vec<&(u32, usize)> =
            bare.iter().filter(|(count, _)| (1..8).contains(count)).collect();
        if let [(count, end)] = small[..] {
            got.units = Some(*count);
            got.end = got.end.max(*end);
        }
    }
    got
}

/// "2 units of 97530", "2 x 97530".
fn units_before(head: &str) -> Option<u32> {
    let words = words(head);
    let mut last = words.iter().rev().map(|&(_, word)| word).filter(|&word| word != "of");
    let word = last.next()?;
    if is_unit(word) || matches!(word, "x" | "X" | "×") { count(last.next()?) } else { None }
}

fn words(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, sign) in text.char_indices() {
        let part = sign.is_ascii_alphanumeric() || sign == '×';
        match (part, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        found.push((from, &text[from..]));
    }
    found
}

fn count(word: &str) -> Option<u32> {
    (word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit())).then(|| word.parse().ok())?
}

fn times(word: &str) -> Option<u32> {
    count(word.strip_prefix(['x', 'X', '×'])?).filter(|&units| units > 0)
}

fn is_unit(word: &str) -> bool {
    matches!(word, "unit" | "units" | "u" | "U" | "Units" | "Unit" | "UNITS" | "un")
}

fn is_minutes(word: &str) -> bool {
    word.get(..3).is_some_and(|head| head.eq_ignore_ascii_case("min"))
}

fn clocked(tail: &str, start: usize, end: usize) -> bool {
    tail[..start].ends_with(':') && tail[..start - 1].ends_with(|c: char| c.is_ascii_digit())
        || tail[end..].starts_with([':', '\'', '/'])
}

/// Modifiers of a plan of care.
const PLANS: [&str; 3] = ["GP", "GO", "GN"];

/// Reads a modifier; numbers that may be counts must hang on the code or on another modifier.
fn modifier(word: &str, glued: bool) -> Option<&str> {
    const LETTERS: &[&str] = &[
        "GP", "GO", "GN", "KX", "CQ", "CO", "XE", "XP", "XS", "XU", "GA", "GX", "GY", "GZ", "LT",
        "RT",
    ];
    const NUMBERS: &[&str] = &["22", "25", "27", "76", "77", "91", "93", "95"];
    (LETTERS.contains(&word) || word == "59" || glued && NUMBERS.contains(&word)).then_some(word)
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
