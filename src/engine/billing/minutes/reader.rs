//! The one pass over a text: where a number or a number word stands, what it is the time of.

use crate::engine::openers::Openers;
use crate::model::{Code, Minutes, Span};

use super::around::{self, After};
use super::fragment::{self, Fragment};
use super::grid::Grid;
use super::labels::{self, ALPHANUMERIC, Before, word_end};
use super::{GridUnits, Reading, TimeKind, TimeMention, classify, clock, number};

/// Reads a text once, from left to right.
pub(super) struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    found: Reading,
    grid: Grid,
    /// Labels before this belong to an earlier mention.
    floor: usize,
    /// A time of coming in that waits for its time of going out.
    came_in: Option<(clock::Time, usize, Option<Code>)>,
}

/// Tenths of a minute: a smaller number behind "Session:" counts the sessions.
const SHORTEST: u32 = 200;

/// How numbers, amounts in words, signs for "times" and codes begin.
const OPENERS: Openers = Openers::new(&[
    (b'a', b"n"),
    (b'e', b"il"),
    (b'f', b"io"),
    (b'g', b"0123456789"),
    (b'h', b"a"),
    (b'n', b"i"),
    (b'o', b"n"),
    (b'q', b"u"),
    (b's', b"ie"),
    (b't', b"ehw"),
    (b'x', b"0123456789"),
]);

/// Returns the next place from `at` on at which a number, an amount in words or a code may begin:
/// the first byte, or that of a word behind it.
fn next_begin(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?;
    let mut inside = false;
    let mut begins = |step: usize, first: u8, second: u8| {
        let opens = !inside & OPENERS.may_begin(first, second);
        inside = ALPHANUMERIC[usize::from(first)];
        opens && tells(bytes, at + step)
    };
    let mut pairs = rest.windows(2).enumerate();
    let found = pairs.find(|(step, two)| begins(*step, two[0], two[1])).map(|(step, _)| step);
    let last = || rest.len().checked_sub(1).filter(|last| begins(*last, rest[*last], 0));
    found.or_else(last).map(|step| at + step)
}

/// Tells whether the word that begins here may be a number, an amount, a code or a sign for "times".
fn tells(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        b'0'..=b'9' | b'G' => true,
        b'x' | b'X' => bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
        _ => number::may_begin_words(bytes, at),
    }
}

/// A time out must stand this near to its time in.
const IN_TO_OUT: usize = 80;

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            found: Reading::default(),
            grid: Grid::default(),
            floor: 0,
            came_in: None,
        }
    }

    pub(super) fn run(mut self) -> Reading {
        let mut at = 0;
        while let Some(start) = next_begin(self.bytes, at) {
            let digit = self.bytes[start].is_ascii_digit();
            at = if digit { self.number_at(start) } else { self.word_at(start) };
        }
        self.found
    }

    /// Reads at the first letter of a word; returns where to go on.
    fn word_at(&mut self, at: usize) -> usize {
        let byte = self.bytes[at];
        if matches!(byte, b'x' | b'X') && self.bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            return at + 1;
        }
        if number::may_begin_words(self.bytes, at) {
            if let Some(found) = number::in_words(self.text, at) {
                return self.amount(at, found);
            }
            if let Some(next) = self.bare_words_at(at) {
                return next;
            }
        }
        let end = word_end(self.text, at);
        if end - at == 5 && byte == b'G' && Code::parse(&self.text[at..end]).is_some() {
            return self.row_at(at).unwrap_or(end);
        }
        end.max(at + 1)
    }

    /// Reads a total in words without a unit: "timed minutes forty".
    fn bare_words_at(&mut self, at: usize) -> Option<usize> {
        if !self.label_may_stand_before(at) {
            return None;
        }
        let (tenths, after) = number::bare_words(self.text, at)?;
        let before = labels::before(self.text, at, self.floor);
        let (kind, code) = classify(&before, After::Nothing, Fragment::Alone);
        let total = matches!(kind, TimeKind::TimedTotal | TimeKind::TreatmentTotal);
        (total && self.takes_bare(&before, kind, at, false)).then(|| {
            let span = Span::new(at, after);
            self.take(TimeMention::new(span, Minutes::tenths(tenths), kind, code));
            after
        })
    }

    /// Reads at the first digit of a number; returns where to go on.
    fn number_at(&mut self, at: usize) -> usize {
        let run = self.bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let end = at + run;
        if run == 5 {
            return self.row_at(at).unwrap_or(end);
        }
        if let Some(next) = self.cell_at(at) {
            return next;
        }
        if (run == 4 || self.bytes.get(end) == Some(&b':'))
            && let Some(next) = self.clock_at(at)
        {
            return next;
        }
        if run > 3 || at > 0 && matches!(self.bytes[at - 1], b'.' | b'$') {
            return end;
        }
        if let Some(found) = number::quantity(self.text, at) {
            return self.amount(at, found);
        }
        if let Some((after, label_end)) = around::adjectives(self.text, end)
            && !labels::before(self.text, at, self.floor).names_minutes()
            && let Some((tenths, _)) = number::decimal(self.text, at)
        {
            let (kind, code) = classify(&Before::default(), after, Fragment::Alone);
            let span = Span::new(at, label_end);
            self.take(TimeMention::new(span, Minutes::tenths(tenths), kind, code));
            return label_end;
        }
        self.bare_at(at, end)
    }

    /// Reads the row of a grid around a code.
    fn row_at(&mut self, at: usize) -> Option<usize> {
        let row = self.grid.row(self.text, at)?;
        let (time, units) = (row.time, row.units);
        if time.is_none() && units.is_none() {
            return None;
        }
        if let Some(time) = time {
            self.push(time);
        }
        if let Some((code, units, span)) = units {
            self.found.units.push(GridUnits { code, units, span });
        }
        self.floor = row.end;
        Some(row.end)
    }

    /// Reads the row of a grid around a cell, for rows that name a label or a clock time first.
    fn cell_at(&mut self, at: usize) -> Option<usize> {
        let before = self.text[self.floor.min(at)..at].trim_end_matches(' ');
        if before.is_empty() || before.ends_with('\n') {
            return self.row_at(at);
        }
        let cell = before.ends_with('|') || before.ends_with('\t') || before.ends_with('·');
        let wide = at - before.len() - self.floor.min(at) >= 2;
        if cell || wide { self.row_at(at) } else { None }
    }

    /// Takes an amount with a unit, if it is a statement of time; returns where to go on.
    fn amount(&mut self, start: usize, found: number::Quantity) -> usize {
        let text = self.text;
        if found.bare_min && around::is_assist(text, found.end) {
            return found.end;
        }
        let before = labels::before(text, start, self.floor);
        if before.code.is_none() && around::is_test(text, &text[start..found.end], found.end) {
            return found.end;
        }
        let after = around::after(text, found.end);
        let fragment = fragment::fragment(text, start, found.end, self.floor);
        let repeated = self.repeats(start) || fragment::is_stretch(text, found.end);
        let mut mention = TimeMention {
            minutes: found.tenths.filter(|_| !repeated).map(Minutes::tenths),
            approximate: before.approximate,
            alone: fragment == Fragment::Alone,
            ..TimeMention::new(
                Span::new(start, found.end),
                Minutes::default(),
                TimeKind::Activity,
                None,
            )
        };
        (mention.kind, mention.code) = classify(&before, after, fragment);
        if repeated && mention.kind == TimeKind::Activity {
            mention.kind = TimeKind::Dose;
        }
        if mention.kind == TimeKind::Activity && self.is_length(start, found.end) {
            mention.kind = TimeKind::TreatmentTotal;
        }
        self.take(mention);
        if mention.kind == TimeKind::TreatmentTotal && around::is_all_timed(text, found.end) {
            self.take(TimeMention { kind: TimeKind::TimedTotal, ..mention });
        }
        if let (After::Claim(_, end) | After::Timed(end) | After::Total(end), None) =
            (after, before.code)
        {
            self.floor = end;
            return end;
        }
        found.end
    }

    /// Tells whether an amount is one of several: the "5 min" of "3 x 5 min".
    fn repeats(&self, start: usize) -> bool {
        let before = self.text[self.floor.min(start)..start].trim_end_matches(' ');
        let Some(before) = before.strip_suffix(['x', 'X', '×']) else { return false };
        let before = before.trim_end_matches(' ');
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        (1..=2).contains(&digits) && {
            let rest = &before[..before.len() - digits];
            !rest.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.')
        }
    }

    /// Reads a number without a unit: a prime after a code, or the number of a total label.
    fn bare_at(&mut self, start: usize, end: usize) -> usize {
        let text = self.text;
        // "44 min timed, 50 total": the unit stands with the first.
        if around::is_total(text, end)
            && self.follows_timed(start)
            && let Some((tenths, after)) = number::decimal(text, start)
        {
            let minutes = Minutes::tenths(tenths);
            let span = Span::new(start, after);
            self.take(TimeMention::new(span, minutes, TimeKind::TreatmentTotal, None));
            return after;
        }
        let prime = ["'", "’", "′"].iter().find(|sign| text[end..].starts_with(**sign));
        if prime.is_none() && !self.label_may_stand_before(start) {
            return end;
        }
        if self.bytes.get(end).is_some_and(|&b| b.is_ascii_alphabetic() || b == b'%' || b == b'"') {
            return end;
        }
        let Some((tenths, after)) = number::decimal(text, start) else { return end };
        let before = labels::before(text, start, self.floor);
        let unit = prime.map_or(0, |sign| sign.len());
        let (kind, code) = classify(&before, After::Nothing, Fragment::Alone);
        let length = tenths >= SHORTEST && self.is_length(start, end);
        let kind = if length { TimeKind::TreatmentTotal } else { kind };
        if !(length || self.takes_bare(&before, kind, start, prime.is_some())) {
            return end;
        }
        let span = Span::new(start, after.max(end) + unit);
        let minutes = Minutes::tenths(tenths);
        let mention = TimeMention {
            approximate: before.approximate,
            ..TimeMention::new(span, minutes, kind, code)
        };
        // "Timed/total minutes: 38/45" states both.
        if before.slash
            && before.timed
            && before.total
            && self.bytes.get(after) == Some(&b'/')
            && let Some((total, total_end)) = number::decimal(text, after + 1)
        {
            self.take(TimeMention { kind: TimeKind::TimedTotal, ..mention });
            let span = Span::new(after + 1, total_end);
            self.take(TimeMention::new(
                span,
                Minutes::tenths(total),
                TimeKind::TreatmentTotal,
                None,
            ));
            return total_end;
        }
        self.take(mention);
        span.end as usize
    }

    /// Tells whether a line says how long the session was, and nothing else: "Session: 45".
    fn is_length(&self, start: usize, end: usize) -> bool {
        const LABELS: [&[u8]; 4] = [b"session", b"treatment", b"tx", b"therapy session"];
        // No label is longer, with the signs around it.
        let near = &self.bytes[start.saturating_sub(24)..start];
        let line = match memchr::memrchr(b'\n', near) {
            Some(at) => &near[at + 1..],
            None if near.len() == start => near,
            None => return false,
        };
        let Some(label) = line.trim_ascii().strip_suffix(b":") else { return false };
        let ends = self.bytes[end..].iter().find(|byte| !matches!(byte, b' ' | b'.' | b'\r'));
        ends.is_none_or(|byte| *byte == b'\n')
            && LABELS.iter().any(|known| known.eq_ignore_ascii_case(label.trim_ascii()))
    }

    /// Tells whether a number without a unit is minutes by its label.
    fn takes_bare(&self, before: &Before, kind: TimeKind, start: usize, prime: bool) -> bool {
        match kind {
            TimeKind::Claim => prime || before.time,
            _ if before.units => false,
            TimeKind::TimedTotal => before.names_minutes() || prime || before.near_total,
            // "timed 38 total 45": the first says what the second is.
            TimeKind::TreatmentTotal => {
                before.names_minutes() || prime || before.near_total && self.follows_timed(start)
            }
            TimeKind::Activity => before.time && self.minutes_label_before(start),
            _ => false,
        }
    }

    /// Tells whether a timed total stands before on the same line.
    fn follows_timed(&self, start: usize) -> bool {
        let same_line = |time: &&TimeMention| {
            !self.text[(time.span.end as usize).min(start)..start].contains('\n')
        };
        let mut on_line = self.found.times.iter().rev().take_while(same_line);
        on_line.any(|time| time.kind == TimeKind::TimedTotal)
    }

    /// A cheap look before the label is read: the nearest word must be one of a total label.
    fn label_may_stand_before(&self, start: usize) -> bool {
        let floor = self.floor.min(start);
        let before = self.text[floor..start]
            .trim_end_matches([' ', '\t', '\u{a0}', ':', '=', '-', '–', '~']);
        if before.ends_with(')') {
            return true;
        }
        let word = &before[labels::word_start(before, before.len(), 0)..];
        let mut buffer = [0; 16];
        matches!(
            labels::lowered(word, &mut buffer),
            Some(
                "minutes"
                    | "mins"
                    | "min"
                    | "time"
                    | "timed"
                    | "total"
                    | "totals"
                    | "tct"
                    | "ttt"
                    | "tot"
                    | "ttl"
                    | "treatment"
                    | "tx"
                    | "duration"
                    | "length"
                    | "code"
                    | "codes"
                    | "session"
                    | "in"
                    | "is"
                    | "was"
                    | "of"
                    | "about"
                    | "approx"
            )
        )
    }

    /// "Minutes: 15": the label names minutes, not only time, and ends with a sign.
    fn minutes_label_before(&self, start: usize) -> bool {
        let before = self.text[self.floor.min(start)..start].trim_end();
        let Some(label) = before.strip_suffix([':', '=']) else { return false };
        let label = label.trim_end();
        let word = &label[labels::word_start(label, label.len(), 0)..];
        ["minutes", "mins", "min"].iter().any(|known| known.eq_ignore_ascii_case(word))
    }

    /// Reads a range of clock times, or the time in or out of a visit; returns where to go on.
    fn clock_at(&mut self, at: usize) -> Option<usize> {
        let text = self.text;
        if at > 0 && matches!(self.bytes[at - 1], b'/' | b'.' | b':' | b'-' | b'$') {
            return None;
        }
        if let Some(range) = clock::range(text, at) {
            let mut before = labels::before(text, at, self.floor);
            if let (false, After::Claim(code, _)) =
                (before.any_label(), around::after(text, range.end))
            {
                before.code = Some(code);
            }
            let labelled = before.any_label();
            if range.times.is_none() && !labelled {
                return Some(range.end);
            }
            let kind = match before.code {
                Some(_) => TimeKind::Claim,
                None if before.total || before.treatment || before.opens => TimeKind::VisitSpan,
                None if before.timed => TimeKind::TimedTotal,
                None => TimeKind::Activity,
            };
            self.push(TimeMention {
                minutes: range.times.map(|(from, to)| Minutes::whole(to - from)),
                clock: range.times,
                approximate: before.approximate,
                ..TimeMention::new(Span::new(at, range.end), Minutes::default(), kind, before.code)
            });
            return Some(range.end);
        }
        let time = clock::time(text, at)?;
        if self.bytes.get(time.end).is_some_and(u8::is_ascii_alphanumeric) {
            return None;
        }
        let before = labels::before(text, at, self.floor);
        if before.opens {
            self.came_in = Some((time, at, before.code));
            return Some(time.end);
        }
        if before.closes
            && let Some((first, start, code)) = self.came_in.take()
            && at - start <= IN_TO_OUT
        {
            let times = clock::between(first, time);
            let kind = if code.is_some() { TimeKind::Claim } else { TimeKind::VisitSpan };
            self.push(TimeMention {
                minutes: times.map(|(from, to)| Minutes::whole(to - from)),
                clock: times,
                ..TimeMention::new(Span::new(start, time.end), Minutes::default(), kind, code)
            });
            return Some(time.end);
        }
        (!time.bare).then_some(time.end)
    }

    /// Takes a mention, unless it only repeats the clock times right before it.
    fn take(&mut self, mention: TimeMention) {
        if let Some(last) = self.found.times.last_mut()
            && last.clock.is_some()
            && matches!(mention.kind, TimeKind::Activity | TimeKind::Claim)
            && (mention.code.is_none() || mention.code == last.code)
            && self.text[last.span.end as usize..mention.span.start as usize]
                .chars()
                .all(|c| matches!(c, ' ' | '(' | '[' | ',' | '=' | '-' | '–' | ':' | 'x'))
        {
            if last.kind == TimeKind::VisitSpan && last.minutes != mention.minutes {
                self.push(TimeMention { kind: TimeKind::TreatmentTotal, ..mention });
            } else if last.kind != TimeKind::VisitSpan {
                last.minutes = mention.minutes;
            }
            self.floor = mention.span.end as usize;
            return;
        }
        self.push(mention);
    }

    fn push(&mut self, mention: TimeMention) {
        self.floor = self.floor.max(mention.span.end as usize);
        self.found.times.push(mention);
    }
}

impl Before {
    fn any_label(&self) -> bool {
        self.code.is_some() || self.timed || self.total || self.treatment || self.time || self.opens
    }
}
