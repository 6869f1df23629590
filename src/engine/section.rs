//! Sections of a note: what a heading governs.
//!
//! Headings stand at the start of an item or behind a sentence; the words of known headings come
//! from the keyword files. An unknown heading closes the section before it.

mod head;

use super::text::{Item, Level, Marker, Shadow};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::Heading;
use crate::model::{Code, SectionKind, Span, Status};

use super::table::Head;
use head::{coded_head, is_lead, lettered_head, read_head};

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

    /// Returns the column names that are its heading, if it is a table of what was done.
    pub(crate) fn table(&self, text: &str) -> Option<Head> {
        Head::over_work(self.heading.of(text))
    }

    /// Tells whether a shadow offset lies in its body.
    pub(crate) fn holds(&self, at: u32) -> bool {
        self.shadow.0 <= at && at < self.shadow.1
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

/// What stands in a shadow range, as far as headings ask for it.
pub(crate) struct Holds<'h> {
    /// Whether an activity is named.
    pub activity: &'h dyn Fn(u32, u32) -> bool,
    /// Whether sets and repetitions are counted.
    pub reps: &'h dyn Fn(u32, u32) -> bool,
}

/// Cuts a note into sections.
pub(crate) fn sections(
    lexicon: &Lexicon,
    shadow: &Shadow,
    text: &str,
    holds: &Holds<'_>,
) -> Vec<Section> {
    let mut cutter = Cutter { shadow, text, sections: Vec::new(), base: Base::default() };
    cutter.open(0, 0, Base::default(), None);
    for (index, item) in shadow.items.iter().enumerate() {
        if item.after_gap && cutter.base.reach == Reach::Paragraph {
            // Behind the paragraph of a code the work of the day goes on without it.
            let base = match cutter.base.claim {
                Some(_) => Base { claim: None, reach: Reach::Next, ..cutter.base },
                None => Base::default(),
            };
            cutter.open(item.start, item.start, base, None);
        }
        let next = shadow.items.get(index + 1);
        let previous = index.checked_sub(1).map(|before| &shadow.items[before]);
        let mut heads = Vec::new();
        if let Some(head) =
            at_start(lexicon, (shadow, text), item, (previous, next), cutter.base.kind, holds)
        {
            heads.push(head);
            heads.extend(second(lexicon, shadow, item, &head));
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
                next.map_or(u32::try_from(shadow.bytes().len()).unwrap_or(u32::MAX), |n| n.start);
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
        self.close(u32::try_from(self.shadow.bytes().len()).unwrap_or(u32::MAX));
        self.sections.retain(|one| {
            one.shadow.0 < one.shadow.1 && !one.body.is_empty() || !one.heading.is_empty()
        });
        self.sections
    }
}

/// Reads a heading at the start of an item.
fn at_start(
    lexicon: &Lexicon,
    (shadow, text): (&Shadow, &str),
    item: &Item,
    (previous, next): (Option<&Item>, Option<&Item>),
    current: SectionKind,
    holds: &Holds<'_>,
) -> Option<Found> {
    let activity = holds.activity;
    let words = shadow.words(item.start, item.end);
    // The heading of a flow sheet: "Activity | dose | min | notes".
    let line = shadow.original(item.start, item.end, text).of(text);
    if Head::over_work(line).is_some() {
        return Some(Found {
            start: item.start,
            body: item.end,
            kind: Some(SectionKind::Interventions),
            status: Some(Status::Performed),
            claim: None,
            reach: Reach::Paragraph,
        });
    }
    let Some(head) = read_head(lexicon, words) else {
        return lettered_head(lexicon, line)
            .filter(|_| is_lettered(shadow, text))
            .map(|known| letter(&lexicon.headings[known], item.start));
    };
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
    if let Some(found) = misnamed(heading, (item, next), (words, body), (current, rest), holds) {
        return found;
    }
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
    // "97530 - 14 min" over what was done is a heading; over anything else, a row of a grid.
    let told = next.is_some_and(|next| !next.after_gap && activity(next.start, next.end));
    if bare_code
        && empty
        && (current == SectionKind::Billing || !followed || head.numbers && !told)
        && !head.label
    {
        // A row of a grid: codes and numbers, no content.
        return None;
    }
    if bare_code && !empty && current == SectionKind::Billing && !activity(body, item.end) {
        return None;
    }
    let bullet = item.marker == Marker::Bullet;
    let next_is_list = next.is_some_and(|next| next.marker == Marker::Bullet && !bullet);
    let children = next.is_some_and(|next| next.indent > item.indent && !next.after_gap);
    // "Provider: J. Doe, OTR/L" over a flow sheet: a line of the head, not the end of the note.
    let signer = heading.kind == Some(SectionKind::Signature) && !empty;
    let reach = if heading.status == Some(Status::NotDone) {
        reach_of_left_out(empty)
    } else if signer {
        Reach::Item
    } else if empty && claim.is_some() && next.is_some_and(|next| !next.after_gap) && !bullet {
        Reach::Paragraph
    } else if empty && !bullet {
        Reach::Next
    } else if empty && children {
        Reach::Paragraph
    } else if (bullet || claim.is_some()) && !(next_is_list && claim.is_none()) {
        Reach::Item
    } else if heading.kind.is_some_and(is_transient) && !next_is_list {
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

/// A letter before a column governs its own line: what stands under it may have no letter.
fn letter(heading: &Heading, start: u32) -> Found {
    let (kind, status) = (heading.kind, heading.status);
    Found { start, body: start + 1, kind, status, claim: None, reach: Reach::Item }
}

/// Tells whether the letters of a SOAP note stand before columns of blanks: at least two of them.
fn is_lettered(shadow: &Shadow, text: &str) -> bool {
    let lines = shadow.items.iter().map(|item| item.original.of(text).as_bytes());
    let lettered = |line: &&[u8]| {
        matches!(line, [b'S' | b'O' | b'A' | b'P', b'\t', ..])
            || matches!(line, [b'S' | b'O' | b'A' | b'P', b' ', b' ', ..])
    };
    lines.filter(lettered).nth(1).is_some()
}

/// A heading whose line holds what it does not name; `Some(None)` where the line has no heading.
#[expect(clippy::option_option, reason = "a line may have another heading, or none")]
fn misnamed(
    heading: &Heading,
    (item, next): (&Item, Option<&Item>),
    (words, body): (&str, u32),
    (current, rest): (SectionKind, &str),
    holds: &Holds<'_>,
) -> Option<Option<Found>> {
    let work = || (holds.activity)(body, item.end) && (holds.reps)(body, item.end);
    let line = |kind, status| {
        let (start, reach) = (item.start, Reach::Item);
        Some(Found { start, body, kind: Some(kind), status, claim: None, reach })
    };
    match heading.kind? {
        // "ROM: wand flexion 2x10" among interventions: one of them, not a measure.
        SectionKind::Tests if current == SectionKind::Interventions && work() => Some(None),
        // "Timed: bridges 3x10, 8 min": the work itself, not its time.
        SectionKind::Billing if begins(words, "timed") && work() => {
            Some(line(SectionKind::Interventions, None))
        }
        // "Session: 45 min": its time, not the work, unless that stands under it.
        SectionKind::Interventions if begins(words, "session") && is_time(rest) => {
            let heads = next.is_some_and(|next| {
                next.marker == Marker::Bullet || (holds.activity)(next.start, next.end)
            });
            (!heads).then(|| line(SectionKind::Billing, None))
        }
        _ => None,
    }
}

/// Tells whether a line begins with a word and a colon.
fn begins(words: &str, word: &str) -> bool {
    let label = words.split(':').next().unwrap_or_default();
    label.trim_matches(['*', ' ']).eq_ignore_ascii_case(word)
}

/// A number, perhaps with its unit, and nothing else.
fn is_time(rest: &str) -> bool {
    let unit = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let unit = unit.trim().trim_end_matches('.');
    rest.starts_with(|c: char| c.is_ascii_digit())
        && ["", "min", "mins", "minutes"].iter().any(|one| one.eq_ignore_ascii_case(unit))
}

/// Reads the heading of the work right behind that of what was found: "O: Interventions".
fn second(lexicon: &Lexicon, shadow: &Shadow, item: &Item, first: &Found) -> Option<Found> {
    if first.kind != Some(SectionKind::Objective) {
        return None;
    }
    let blank = u32::from(shadow.bytes().get(first.body as usize) == Some(&b' '));
    let start = first.body + blank;
    let words = shadow.words(start, item.end);
    let head = read_head(lexicon, words)?;
    let heading = &lexicon.headings[head.known?];
    let alone = words[head.len as usize..].trim().is_empty();
    let names = (head.colon || alone) && heading.status == Some(Status::Performed);
    let claims = head.claim.or(heading.claims).is_some();
    (names && !claims && start < item.end).then_some(Found {
        start,
        body: start + head.len,
        kind: heading.kind,
        status: heading.status,
        claim: None,
        reach: Reach::Next,
    })
}

/// Sections of a few lines, that a paragraph ends.
fn is_transient(kind: SectionKind) -> bool {
    matches!(
        kind,
        SectionKind::Goals | SectionKind::HomeProgram | SectionKind::History | SectionKind::Plan
    )
}

/// What was not done is told in its line, or in the list under it: the next paragraph was done.
fn reach_of_left_out(empty: bool) -> Reach {
    if empty { Reach::Paragraph } else { Reach::Item }
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
        if one.level < Level::Sentence && shadow.bytes().get(one.at as usize - 1) != Some(&b';') {
            continue;
        }
        let skip = u32::from(shadow.bytes().get(one.at as usize) == Some(&b' '));
        let start = one.at + skip;
        if start >= item.end {
            continue;
        }
        let line = &shadow.bytes()[start as usize..item.end as usize];
        let lead = line.iter().take_while(|byte| is_lead(**byte)).count();
        if !coded && !lexicon.heading_sieve.may_begin(&line[lead..]) {
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
