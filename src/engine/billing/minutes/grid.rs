//! Rows of a minutes grid: columns by their headings, codes or labels in one of them.

use crate::model::{Code, Minutes, Span};

use super::labels::{starting_at, word_end};
use super::{TimeKind, TimeMention, clock, number};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Code,
    Minutes,
    Units,
    Start,
    End,
    Other,
}

/// How the cells of a row are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Sign(char),
    WideBlank,
    Blank,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Head {
    separator: Separator,
    columns: Vec<Column>,
}

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
        let start = match bytes[from..at].iter().rposition(|&b| b == b'\n') {
            Some(newline) => from + newline + 1,
            None if from == 0 => 0,
            None => return None,
        };
        let to = bytes.len().min(at + WIDEST);
        let end = match bytes[at..to].iter().position(|&b| b == b'\n') {
            Some(length) => at + length,
            None if to == bytes.len() => to,
            None => return None,
        };
        if self.head.is_none() || self.next_line != start {
            if self.looked == Some(start) {
                return None;
            }
            self.looked = Some(start);
            self.head = head_above(text, start);
        }
        let head = self.head.as_ref()?;
        self.next_line = end + 1;
        Some(read_row(text, head, start, end))
    }
}

/// Lines of a grid that may stand between a row and its heading.
const TALLEST: usize = 40;

/// Looks for a heading above; lines of dashes and other rows may stand between.
fn head_above(text: &str, start: usize) -> Option<Head> {
    let mut end = start;
    for _ in 0..TALLEST {
        let line_end = end.checked_sub(1)?;
        let from = text[..line_end].rfind('\n').map_or(0, |newline| newline + 1);
        let line = text[from..line_end].trim_end_matches('\r');
        if line.trim().is_empty() {
            return None;
        }
        if let Some(head) = head(line) {
            return Some(head);
        }
        let ruled = line.chars().all(|c| matches!(c, '-' | '|' | '+' | '=' | ':' | ' ' | '\t'));
        let first = line.trim_start_matches(['|', ' ', '\t']).as_bytes().first();
        let row = line.contains('|') || first.is_some_and(u8::is_ascii_digit);
        if !ruled && !row {
            return None;
        }
        end = from;
    }
    None
}

fn head(line: &str) -> Option<Head> {
    if line.bytes().any(|b| b.is_ascii_digit()) {
        return None;
    }
    let separator = if line.contains('|') {
        Separator::Sign('|')
    } else if line.contains('\t') {
        Separator::Sign('\t')
    } else if line.contains('·') {
        Separator::Sign('·')
    } else if line.trim().contains("  ") {
        Separator::WideBlank
    } else if line.contains(',') {
        Separator::Sign(',')
    } else {
        Separator::Blank
    };
    let columns: Vec<Column> =
        cells(line, 0, separator).into_iter().map(|span| column(span.of(line))).collect();
    let has = |wanted: Column| columns.contains(&wanted);
    let measures = has(Column::Minutes) || has(Column::Units) || has(Column::Start);
    let known = columns.iter().filter(|&&column| column != Column::Other).count();
    let unclear = matches!(separator, Separator::Blank) && known < columns.len();
    (measures && has(Column::Code) && known >= 2 && !unclear).then_some(Head { separator, columns })
}

/// Words of the heading over the column that names what was done.
const NAMES: [&str; 11] = [
    "cpt",
    "code",
    "procedure",
    "service",
    "intervention",
    "treatment",
    "charge",
    "activity",
    "exercise",
    "modality",
    "task",
];

fn column(cell: &str) -> Column {
    let lower = cell.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if lower.split_whitespace().count() > 4 {
        Column::Other
    } else if says(&["unit"]) {
        Column::Units
    } else if says(&["min", "duration"]) || lower.trim() == "time" {
        Column::Minutes
    } else if says(&["start", "begin", "time in"]) {
        Column::Start
    } else if says(&["stop", "end", "time out"]) {
        Column::End
    } else if says(&NAMES) {
        Column::Code
    } else {
        Column::Other
    }
}

/// Splits a line into cells; a leading and a trailing separator make no cell.
fn cells(line: &str, offset: usize, separator: Separator) -> Vec<Span> {
    let mut found = Vec::new();
    let mut push = |from: usize, to: usize| {
        let cell = &line[from..to];
        let lead = cell.len() - cell.trim_start().len();
        let trimmed = cell.trim();
        found.push(Span::new(offset + from + lead, offset + from + lead + trimmed.len()));
    };
    match separator {
        Separator::Sign(sign) => {
            let mut from = 0;
            if sign == '|' && line.trim_start().starts_with('|') {
                from = line.find('|').map_or(0, |at| at + 1);
            }
            let first = from;
            for (at, found_sign) in line.match_indices(sign).filter(|&(at, _)| at >= first) {
                push(from, at);
                from = at + found_sign.len();
            }
            if from < line.len() && !(sign == '|' && line[from..].trim().is_empty()) {
                push(from, line.len());
            }
        }
        Separator::WideBlank | Separator::Blank => {
            let wide = if separator == Separator::WideBlank { 2 } else { 1 };
            let bytes = line.as_bytes();
            let mut at = line.len() - line.trim_start().len();
            while at < line.trim_end().len() {
                let mut end = at;
                while end < line.len() {
                    let blanks = bytes[end..].iter().take_while(|b| **b == b' ').count();
                    if blanks >= wide {
                        break;
                    }
                    end += blanks.max(1);
                }
                push(at, end);
                at = end + bytes[end..].iter().take_while(|b| **b == b' ').count();
            }
        }
    }
    found
}

fn read_row(text: &str, head: &Head, start: usize, end: usize) -> Row {
    let line = text[start..end].trim_end_matches('\r');
    let mut row = Row { time: None, units: None, end };
    let spans = cells(line, start, head.separator);
    let cell = |wanted: Column| {
        head.columns
            .iter()
            .zip(&spans)
            .find(|(column, _)| **column == wanted)
            .map(|(_, span)| *span)
    };
    let code = spans.iter().find_map(|span| code_in(span.of(text)));
    let minutes = cell(Column::Minutes).and_then(|span| minutes_in(text, span));
    let clock = cell(Column::Start).zip(cell(Column::End)).and_then(|(first, last)| {
        let first_time = clock::time(text, first.start as usize)?;
        let last_time = clock::time(text, last.start as usize)?;
        Some((clock::between(first_time, last_time)?, first.join(last)))
    });
    let kind = match code {
        Some(_) => Some(TimeKind::Grid),
        None => spans.first().and_then(|span| row_kind(span.of(text))),
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
fn row_kind(cell: &str) -> Option<TimeKind> {
    let lower = cell.to_ascii_lowercase();
    if lower.contains("untimed") || !cell.contains(|c: char| c.is_alphabetic()) {
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
