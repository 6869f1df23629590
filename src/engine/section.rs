//! Sections of a note: what a heading governs.
//!
//! Headings stand at the start of an item or behind a sentence; the words of known headings come
//! from the keyword files. An unknown heading closes the section before it.

use super::heading::ends;
use super::text::{Item, Level, Marker, Shadow};
use crate::knowledge::Lexicon;
use crate::knowledge::fold::fold_phrase;
use crate::model::{Code, SectionKind, Span, Status};

/// A stretch of the note under one heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What it holds.
    pub kind: SectionKind,
    /// Words of the heading; empty at the start of a note without one.
    pub heading: Span,
    /// Text it governs, heading left out.
    pub body: Span,
    /// Code that the heading claims, as "97110 Ther Ex:" does.
    pub claim: Option<Code>,
    /// Status it gives to what stands in it.
    pub status: Option<Status>,
    /// Shadow range of the body.
    pub(crate) shadow: (u32, u32),
}

impl Section {
    /// Makes a section of which only the note's own offsets are known.
    pub fn new(kind: SectionKind, heading: Span, body: Span, claim: Option<Code>) -> Self {
        Self { kind, heading, body, claim, status: None, shadow: (0, 0) }
    }
}

/// How far a heading reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Up to the next heading.
    Next,
    /// Up to the next heading or empty line.
    Paragraph,
    /// Up to the end of its item.
    Item,
}

/// A heading as found, in shadow offsets.
#[derive(Debug, Clone, Copy)]
struct Found {
    start: u32,
    /// Where its body begins.
    body: u32,
    kind: Option<SectionKind>,
    status: Option<Status>,
    claim: Option<Code>,
    reach: Reach,
}

/// Cuts a note into sections; `activity` tells whether an activity is named in a shadow range.
pub(crate) fn sections(
    lexicon: &Lexicon,
    shadow: &Shadow,
    text: &str,
    activity: impl Fn(u32, u32) -> bool,
) -> Vec<Section> {
    let mut cutter = Cutter { shadow, text, sections: Vec::new(), base: Base::default() };
    cutter.open(0, 0, Base::default(), None);
    for (index, item) in shadow.items.iter().enumerate() {
        if item.after_gap && cutter.base.reach == Reach::Paragraph {
            cutter.open(item.start, item.start, Base::default(), None);
        }
        let next = shadow.items.get(index + 1);
        let previous = index.checked_sub(1).map(|before| &shadow.items[before]);
        let mut heads = Vec::new();
        if let Some(head) =
            at_start(lexicon, shadow, item, (previous, next), cutter.base.kind, &activity)
        {
            heads.push(head);
        }
        inside(lexicon, shadow, item, &mut heads);
        let enclosing = cutter.base;
        let mut item_only = false;
        for head in heads {
            let base = match head.kind {
                Some(kind) => {
                    Base { kind, status: head.status, reach: head.reach, claim: head.claim }
                }
                None => Base { claim: head.claim.or(cutter.base.claim), ..cutter.base },
            };
            cutter.open(head.start, head.body, base, head.claim);
            item_only = head.reach == Reach::Item;
        }
        if item_only {
            let end =
                next.map_or(u32::try_from(shadow.bytes.len()).unwrap_or(u32::MAX), |n| n.start);
            cutter.open(end, end, enclosing, enclosing.claim);
        }
    }
    cutter.finish()
}

/// What governs when no inline heading does.
#[derive(Debug, Clone, Copy)]
struct Base {
    kind: SectionKind,
    status: Option<Status>,
    reach: Reach,
    claim: Option<Code>,
}

impl Default for Base {
    fn default() -> Self {
        Self { kind: SectionKind::Unknown, status: None, reach: Reach::Next, claim: None }
    }
}

struct Cutter<'c> {
    shadow: &'c Shadow,
    text: &'c str,
    sections: Vec<Section>,
    base: Base,
}

impl Cutter<'_> {
    fn open(&mut self, start: u32, body: u32, base: Base, claim: Option<Code>) {
        self.close(start);
        self.base = base;
        self.sections.push(Section {
            kind: base.kind,
            heading: self.shadow.original(start, body, self.text),
            body: Span::default(),
            claim: claim.or(base.claim),
            status: base.status,
            shadow: (body, body),
        });
    }

    fn close(&mut self, at: u32) {
        if let Some(last) = self.sections.last_mut() {
            last.shadow.1 = at.max(last.shadow.0);
            last.body = self.shadow.original(last.shadow.0, last.shadow.1, self.text);
        }
    }

    fn finish(mut self) -> Vec<Section> {
        self.close(u32::try_from(self.shadow.bytes.len()).unwrap_or(u32::MAX));
        self.sections.retain(|one| {
            one.shadow.0 < one.shadow.1 && !one.body.is_empty() || !one.heading.is_empty()
        });
        self.sections
    }
}

/// Reads a heading at the start of an item.
fn at_start(
    lexicon: &Lexicon,
    shadow: &Shadow,
    item: &Item,
    (previous, next): (Option<&Item>, Option<&Item>),
    current: SectionKind,
    activity: &impl Fn(u32, u32) -> bool,
) -> Option<Found> {
    let words = shadow.words(item.start, item.end);
    let head = read_head(lexicon, words)?;
    let body = item.start + head.len;
    let rest = words[head.len as usize..].trim();
    let empty = rest.is_empty();
    let followed = next.is_some_and(|next| {
        next.marker == Marker::Bullet || next.indent > item.indent || !next.after_gap
    });
    let Some(known) = head.known else {
        // An unknown heading closes the section, unless it names an activity: then it is a line of it.
        let opens = empty && item.marker == Marker::None && !activity(item.start, item.end);
        return opens.then_some(Found {
            start: item.start,
            body,
            kind: Some(SectionKind::Unknown),
            status: None,
            claim: None,
            reach: Reach::Next,
        });
    };
    let heading = &lexicon.headings[known];
    let claim = head.claim.or(heading.claims);
    let grid = |other: &Item| is_grid_row(lexicon, shadow.words(other.start, other.end));
    if is_grid_row(lexicon, words)
        && item.marker == Marker::None
        && (words.starts_with('|') || next.is_some_and(grid) || previous.is_some_and(grid))
    {
        return Some(Found {
            start: item.start,
            body: item.start,
            kind: Some(SectionKind::Billing),
            status: None,
            claim: None,
            reach: Reach::Item,
        });
    }
    if item.marker == Marker::Bullet && !head.colon && heading.kind.is_some() && head.label {
        // A bullet that only names a service, as "- Gait training": content, unless it names
        // nothing but one of the four codes.
        if !claim.is_some_and(Code::is_target) {
            return None;
        }
    }
    let bare_code = claim.is_some() && !head.colon;
    if bare_code
        && empty
        && (current == SectionKind::Billing || !followed || head.numbers)
        && !head.label
    {
        // A row of a grid: codes and numbers, no content.
        return None;
    }
    if bare_code && !empty && current == SectionKind::Billing && !activity(body, item.end) {
        return None;
    }
    let bullet = item.marker == Marker::Bullet;
    let transient = matches!(
        heading.kind,
        Some(
            SectionKind::Goals
                | SectionKind::HomeProgram
                | SectionKind::History
                | SectionKind::Plan
        )
    );
    let next_is_list = next.is_some_and(|next| next.marker == Marker::Bullet && !bullet);
    let reach = if empty && !bullet {
        Reach::Next
    } else if (bullet || claim.is_some()) && !(next_is_list && claim.is_none()) {
        Reach::Item
    } else if transient && !next_is_list {
        Reach::Paragraph
    } else {
        Reach::Next
    };
    Some(Found {
        start: item.start,
        body,
        kind: heading.kind,
        status: heading.status,
        claim,
        reach,
    })
}

/// A row of a grid: a code, perhaps its label, and numbers; no colon, no content.
fn is_grid_row(lexicon: &Lexicon, line: &str) -> bool {
    let cells = line.trim_start_matches(['|', ' ']);
    let first = cells.split([' ', '|', '\t']).next().unwrap_or_default();
    if Code::parse(first).is_none() {
        return false;
    }
    read_head(lexicon, line).is_some_and(|head| {
        !head.colon && head.numbers && line[head.len as usize..].trim_matches(['|', ' ']).is_empty()
    })
}

/// Bytes of the longest head that is read behind a sentence.
const LONGEST_HEAD: u32 = 1024;

/// Finds headings behind a sentence inside an item: "... ok. HEP: bridges".
fn inside(lexicon: &Lexicon, shadow: &Shadow, item: &Item, heads: &mut Vec<Found>) {
    // Without a code, and a colon at its end, no part of the item is a heading in free words.
    let coded = coded_head(lexicon, shadow.words(item.start, item.end)).is_some();
    let first = shadow.breaks.partition_point(|one| one.at <= item.start);
    for one in shadow.breaks[first..].iter().take_while(|one| one.at < item.end) {
        if one.level < Level::Sentence && shadow.bytes.get(one.at as usize - 1) != Some(&b';') {
            continue;
        }
        let skip = u32::from(shadow.bytes.get(one.at as usize) == Some(&b' '));
        let start = one.at + skip;
        if start >= item.end {
            continue;
        }
        let line = &shadow.bytes[start as usize..item.end as usize];
        let lead = line.iter().take_while(|byte| is_lead(**byte)).count();
        if !coded && !lexicon.heading_starts.may_begin(&line[lead..]) {
            continue;
        }
        let end = if coded { item.end } else { shadow.cut(start, item.end, LONGEST_HEAD) };
        let Some(head) = read_head(lexicon, shadow.words(start, end)) else { continue };
        let Some(known) = head.known.filter(|_| head.colon) else { continue };
        if end < item.end && head.len >= end - start {
            continue;
        }
        let heading = &lexicon.headings[known];
        if heading.kind.is_none() {
            continue;
        }
        heads.push(Found {
            start,
            body: start + head.len,
            kind: heading.kind,
            status: heading.status,
            claim: head.claim.or(heading.claims),
            reach: if heading.claims.is_some() { Reach::Item } else { Reach::Paragraph },
        });
    }
}

/// The head of a line: known words, codes, minutes and units up to a colon or the end.
#[derive(Debug, Default)]
struct Head {
    len: u32,
    known: Option<usize>,
    claim: Option<Code>,
    colon: bool,
    /// Holds minutes or units.
    numbers: bool,
    /// Holds a label in words, not only a code.
    label: bool,
}

/// Signs that may stand before the words of a head and between them.
fn is_lead(byte: u8) -> bool {
    matches!(byte, b' ' | b',' | b'(' | b')' | b'[' | b']' | b'*' | b'|' | b'&' | b'=' | b'_')
}

/// Reads the head of a line; `None` when the line has none.
fn read_head(lexicon: &Lexicon, line: &str) -> Option<Head> {
    let mut head = Head::default();
    let mut at = 0;
    let bytes = line.as_bytes();
    loop {
        at += bytes[at..].iter().take_while(|byte| is_lead(**byte)).count();
        let ends = ends(lexicon, head.known.filter(|_| head.claim.is_none()), bytes, at);
        if head.known.is_some() && !ends && matches!(bytes.get(at), Some(b'-' | b'/' | b'.')) {
            at += 1;
            continue;
        }
        if head.known.is_some()
            && let Some(end) = aside(line, at)
        {
            at = end;
            continue;
        }
        match bytes.get(at) {
            None => break,
            Some(b':' | b'-') if head.known.is_some() => {
                head.colon = true;
                at += 1;
                // Minutes and units behind the colon still belong to the head of a claim.
                let after = skip_numbers(line, at);
                if head.claim.is_some() && after > at {
                    head.numbers = true;
                    at = after;
                }
                break;
            }
            Some(_) => {}
        }
        if let Some((heading, end)) = longest_heading(lexicon, line, at) {
            let one = &lexicon.headings[heading];
            if head.known.is_none() || (head.claim.is_none() && one.claims.is_some()) {
                head.known = Some(heading);
            }
            head.claim = head.claim.or(one.claims);
            head.label |= !line[at..end].starts_with(|c: char| c.is_ascii_digit());
            at = end;
        } else if head.known.is_some() && skip_numbers(line, at) > at {
            at = skip_numbers(line, at);
            head.numbers = true;
        } else {
            break;
        }
    }
    if head.known.is_none() {
        return coded_head(lexicon, line).or_else(|| unknown_head(line));
    }
    let rest = line[at.min(line.len())..].trim_start();
    let claims = head.claim.is_some();
    let word = line.split([' ', ':']).next().unwrap_or_default();
    let letter = word.len() == 1;
    let fits =
        head.colon || rest.is_empty() || (claims && (head.numbers || !head.label) && !letter);
    head.len = u32::try_from(at.min(line.len())).unwrap_or(u32::MAX);
    (fits && !(letter && !head.colon && !rest.is_empty())).then_some(head)
}

/// An aside in brackets right before the colon or the end: "TREATMENT (times distinct):".
///
/// `at` stands behind the opening bracket.
fn aside(line: &str, at: usize) -> Option<usize> {
    let opened = at.checked_sub(1).is_some_and(|before| line.as_bytes()[before] == b'(');
    let close = line.get(at..)?.find(')').filter(|_| opened)?;
    let inner = &line[at..at + close];
    let after = line[at + close + 1..].trim_start();
    let words = !inner.contains("min") && !inner.bytes().any(|byte| byte.is_ascii_digit());
    (words && (after.is_empty() || after.starts_with(':'))).then_some(at + close + 1)
}

fn longest_heading(lexicon: &Lexicon, line: &str, at: usize) -> Option<(usize, usize)> {
    if !lexicon.heading_starts.may_begin(&line.as_bytes()[at..]) {
        return None;
    }
    let mut ends: Vec<usize> = Vec::with_capacity(7);
    let mut in_word = false;
    for (i, c) in line[at..].char_indices().take(64) {
        let word = c.is_alphanumeric();
        if in_word && !word {
            ends.push(at + i);
            if ends.len() == 7 || matches!(c, ':' | '.' | ';' | ',') {
                break;
            }
        }
        in_word = word;
    }
    if in_word && ends.last().is_none_or(|end| *end < line.len()) && line.len() - at <= 64 {
        ends.push(line.len());
    }
    ends.into_iter().rev().find_map(|end| {
        let words = fold_phrase(&line[at..end]);
        lexicon.heading_words.get(&words).map(|heading| (*heading, end))
    })
}

/// Skips minutes, units and modifiers: "15 min", "x 2", "2 units", "9:00-9:15", "GP".
///
/// A bare number is skipped only at the end of the head; before content it would be a distance.
fn skip_numbers(line: &str, from: usize) -> usize {
    const UNITS: &[&str] =
        &["min", "mins", "minute", "minutes", "unit", "units", "u", "hr", "hour", "hours"];
    const FILLERS: &[&str] = &[
        "x", "gp", "go", "gn", "kx", "cq", "co", "59", "am", "pm", "to", "timed", "total",
        "approx", "about", "for", "fifteen", "ten", "twenty", "thirty", "five", "eight", "twelve",
    ];
    let mut at = from;
    let mut end = from;
    let mut number_open = false;
    for token in line[from..].split_inclusive([' ', ',', '(', ')', '|', ':', '-']) {
        let word = token
            .trim_matches([' ', ',', '(', ')', '|', '.', ':', '-', '=', '~'])
            .to_ascii_lowercase();
        let digits = word.trim_start_matches('x');
        let bare = digits.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '\'');
        let numeric = !bare.is_empty()
            && bare.len() < 5
            && bare.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && matches!(&digits[bare.len()..], "" | "min" | "mins" | "m" | "u" | "am" | "pm" | "'");
        let unit = UNITS.contains(&word.as_str());
        if !(word.is_empty() || numeric || unit || FILLERS.contains(&word.as_str())) {
            break;
        }
        at += token.len();
        let closed =
            unit || word.starts_with('x') && numeric || numeric && digits.len() > bare.len();
        number_open = (numeric || number_open) && !closed;
        let line_ends = at == line.len();
        let colon = token.ends_with(':') && !line[at..].starts_with(|c: char| c.is_ascii_digit());
        if closed || line_ends || colon || (token.ends_with(')') && !number_open) {
            end = if colon { at - 1 } else { at };
        }
        if colon {
            break;
        }
    }
    let skipped = line[from..end].bytes().any(|b| b.is_ascii_digit())
        || UNITS.iter().any(|unit| line[from..end].to_ascii_lowercase().contains(unit));
    if skipped { end } else { from }
}

/// A heading in free words that names its code and ends in a colon: "Pool, chest depth (97113):".
fn coded_head(lexicon: &Lexicon, line: &str) -> Option<Head> {
    let trimmed = line.trim_end();
    let words = trimmed.strip_suffix(':')?;
    let mut tokens = words.split(|c: char| !c.is_ascii_alphanumeric());
    let (code, known) =
        tokens.find_map(|token| Some((Code::parse(token)?, *lexicon.heading_words.get(token)?)))?;
    Some(Head {
        len: u32::try_from(line.len()).unwrap_or(u32::MAX),
        known: Some(known),
        claim: Some(code),
        colon: true,
        numbers: true,
        label: true,
    })
}

/// An unknown heading: at most six words and a colon at the end, or all capitals alone.
fn unknown_head(line: &str) -> Option<Head> {
    let trimmed = line.trim_end();
    if trimmed.split(' ').take(7).count() > 6 {
        return None;
    }
    let letters = trimmed.chars().filter(|c| c.is_alphabetic()).count();
    let colon = trimmed.ends_with(':');
    let capitals = letters >= 4
        && !trimmed.chars().any(|c| c.is_lowercase() || c.is_ascii_digit())
        && !trimmed.contains([',', '.']);
    (letters >= 2 && (colon || capitals)).then(|| Head {
        len: u32::try_from(line.len()).unwrap_or(u32::MAX),
        colon,
        ..Head::default()
    })
}
