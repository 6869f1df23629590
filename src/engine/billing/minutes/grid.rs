//! Rows of a minutes grid: columns by their headings, codes or labels in one of them.

use crate::engine::table::{Column, Head};
use crate::engine::text::has_blanks;
use crate::model::{Code, Minutes, Span};

use super::labels::{starting_at, word_end};
use super::{TimeKind, TimeMention, clock, number};

/// The grid that the lines read last belong to.
#[derive(Debug, Default)]
pub(super) struct Grid {
    head: Option<Head>,
    /// Where the next row of it must begin.
    next_line: usize,
    /// Last line that was looked at for a heading.
    looked: Option<usize>,
}

/// One row: its code, time and units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Time of the row, if a column holds it.
    pub(super) time: Option<TimeMention>,
    /// Units of the row, if a column holds them.
    pub(super) units: Option<(Code, u32, Span)>,
    /// One past the last byte of the line.
    pub(super) end: usize,
}

/// A line longer than this on either side of a number is prose.
const WIDEST: usize = 400;

impl Grid {
    /// Reads the line around `at` as a row, if a heading of a grid governs it.
    pub(super) fn row(&mut self, text: &str, at: usize) -> Option<Row> {
        let bytes = text.as_bytes();
        let from = at.saturating_sub(WIDEST);
        let start = match memchr::memrchr(b'\n', &bytes[from..at]) {
            Some(newline) => from + newline + 1,
            None if from == 0 => 0,
            None => return None,
        };
        let to = bytes.len().min(at + WIDEST);
        let end = match memchr::memchr(b'\n', &bytes[at..to]) {
            Some(length) => at + length,
            None if to == bytes.len() => to,
            None => return None,
        };
        if self.head.is_none() || self.next_line != start {
            if self.looked == Some(start) {
                return None;
            }
            let bare = self.looked.filter(|_| self.head.is_none());
            self.looked = Some(start);
            self.head = head_above(text, start, bare);
        }
        let head = self.head.as_ref()?;
        self.next_line = end + 1;
        Some(read_row(text, head, start, end))
    }
}

/// Lines of a grid that may stand between a row and its heading.
const TALLEST: usize = 40;

/// Looks for a heading above; lines of dashes and other rows may stand between. Above the line at
/// `bare` there is none.
fn head_above(text: &str, start: usize, bare: Option<usize>) -> Option<Head> {
    let mut end = start;
    for _ in 0..TALLEST {
        let line_end = end.checked_sub(1)?;
        let from = text[..line_end].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[from..line_end].trim_end_matches('\r');
        if line.trim().is_empty() {
            return None;
        }
        if let Some(head) = Head::read(line) {
            return Some(head);
        }
        let ruled = line.chars().all(|c| matches!(c, '-' | '|' | '+' | '=' | ':' | ' ' | '\t'));
        if bare == Some(from) || !ruled && !may_be_row(line) {
            return None;
        }
        end = from;
    }
    None
}

/// Tells whether a line may be a row between another row and its heading.
fn may_be_row(line: &str) -> bool {
    let first = line.trim_start_matches(['|', ' ', '\t']).as_bytes().first();
    let parted = has_blanks::<2>(line.trim()) || line.contains(['|', '\t', '·']);
    // A cell that goes on below is indented.
    parted || line.starts_with(' ') || first.is_some_and(u8::is_ascii_digit)
}

fn read_row(text: &str, head: &Head, start: usize, end: usize) -> Row {
    let line = text[start..end].trim_end_matches('\r');
    let mut row = Row { time: None, units: None, end };
    let cells = head.row(line, start);
    let spans: Vec<Span> = cells.iter().map(|one| one.1).collect();
    let cell = |wanted: Column| cells.iter().find(|one| one.0 == wanted).map(|one| one.1);
    let code = spans.iter().find_map(|span| code_in(span.of(text)));
    let minutes = cell(Column::Minutes).and_then(|span| minutes_in(text, span));
    let clock = cell(Column::Start).zip(cell(Column::End)).and_then(|(first, last)| {
        let first_time = clock::time(text, first.start as usize)?;
        let last_time = clock::time(text, last.start as usize)?;
        Some((clock::between(first_time, last_time)?, first.join(last)))
    });
    let kind = if code.is_some() {
        Some(TimeKind::Grid)
    } else {
        let named = cell(Column::Work).into_iter().chain(spans.iter().copied());
        row_kind(named.map(|span| span.of(text)))
    };
    // The label of a total may run over several columns.
    let minutes = minutes.or_else(|| {
        let total = matches!(kind, Some(TimeKind::TimedTotal | TimeKind::TreatmentTotal));
        spans.iter().skip(1).filter(|_| total).find_map(|&span| minutes_in(text, span))
    });
    row.time = match (kind, minutes, clock) {
        (Some(kind), Some((minutes, span)), clock) => Some(TimeMention {
            clock: clock.map(|(times, _)| times),
            ..TimeMention::new(span, minutes, kind, code)
        }),
        (Some(kind), None, Some((times, span))) => Some(TimeMention {
            clock: Some(times),
            ..TimeMention::new(span, Minutes::whole(times.1 - times.0), kind, code)
        }),
        _ => None,
    };
    row.units = code.zip(cell(Column::Units)).and_then(|(code, span)| {
        let digits =
            span.of(text).split(|c: char| !c.is_ascii_digit()).find(|run| !run.is_empty())?;
        Some((code, digits.parse().ok()?, span))
    });
    row
}

/// What a row without a code is: a total, or an activity by its own name.
fn row_kind<'c>(cells: impl Iterator<Item = &'c str>) -> Option<TimeKind> {
    let name = cells.into_iter().find(|cell| cell.contains(|c: char| c.is_alphabetic()))?;
    let lower = name.to_ascii_lowercase();
    if lower.contains("untimed") {
        None
    } else if lower.contains("timed") {
        Some(TimeKind::TimedTotal)
    } else if lower.contains("total") {
        Some(TimeKind::TreatmentTotal)
    } else {
        Some(TimeKind::Activity)
    }
}

fn code_in(cell: &str) -> Option<Code> {
    cell.split(|c: char| !c.is_ascii_alphanumeric()).find_map(Code::parse).or_else(|| {
        let start = cell.find(|c: char| c.is_ascii_alphabetic())?;
        starting_at(cell, start).map(|(code, _)| code)
    })
}

/// Reads a cell that holds nothing but minutes.
fn minutes_in(text: &str, cell: Span) -> Option<(Minutes, Span)> {
    let (tenths, end) = number::decimal(text, cell.start as usize)?;
    let rest = text.get(end..cell.end as usize)?.trim_start();
    let word = &rest[..word_end(rest, 0)];
    let only = rest.is_empty()
        || rest == "'"
        || word.to_ascii_lowercase().starts_with("min")
        || word == "m";
    (only && tenths > 0).then(|| (Minutes::tenths(tenths), cell))
}
