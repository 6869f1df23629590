//! Amounts of time: digits or number words with a unit, hours, sums and ranges.

use super::labels::{lowered, word_end};

/// An amount of time that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quantity {
    /// Tenths of a minute; `None` for a range such as "10-15 min".
    pub(super) tenths: Option<u32>,
    /// One past the last byte of the unit.
    pub(super) end: usize,
    /// Whether the last unit is the bare word "min", which may also mean minimal assist.
    pub(super) bare_min: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Minutes,
    Hours,
    Seconds,
}

/// Reads an amount that begins with digits at `at`.
pub(super) fn quantity(text: &str, at: usize) -> Option<Quantity> {
    let (first, after) = decimal(text, at)?;
    if let Some(found) = range(text, at, after) {
        return Some(found);
    }
    if let Some(found) = open_sum(text, first, after) {
        return Some(found);
    }
    with_unit(text, first, after)
}

/// Reads an amount in words that begins at `at`: "twenty-five minutes", "half an hour".
pub(super) fn in_words(text: &str, at: usize) -> Option<Quantity> {
    let word = |from: usize| {
        let end = word_end(text, from);
        (&text[from..end], end)
    };
    let (first, end) = word(at);
    let mut buffer = [0; 16];
    match lowered(first, &mut buffer)? {
        "half" => {
            let next = skip_blank(text, end);
            let hour =
                phrase(text, next, &["an", "hour"]).or_else(|| phrase(text, next, &["hour"]))?;
            Some(Quantity { tenths: Some(300), end: hour, bare_min: false })
        }
        "quarter" => {
            let next = skip_blank(text, end);
            let hour = phrase(text, next, &["of", "an", "hour"])
                .or_else(|| phrase(text, next, &["hour"]))?;
            Some(Quantity { tenths: Some(150), end: hour, bare_min: false })
        }
        "an" => with_unit(text, 10, end).filter(|_| phrase(text, at, &["an", "hour"]).is_some()),
        lower => {
            if small(lower)? == 3 {
                let next = skip_blank(text, end);
                if let Some(end) = phrase(text, next, &["quarters", "of", "an", "hour"]) {
                    return Some(Quantity { tenths: Some(450), end, bare_min: false });
                }
            }
            let (tenths, end) = bare_words(text, at)?;
            if let Some(half) = phrase(text, skip_blank(text, end), &["and", "a", "half"]) {
                return with_unit(text, tenths + 5, half);
            }
            with_unit(text, tenths, end)
        }
    }
}

/// Reads a number in words without a unit: "forty-five"; returns tenths and the end.
pub(super) fn bare_words(text: &str, at: usize) -> Option<(u32, usize)> {
    let mut end = word_end(text, at);
    let mut buffer = [0; 16];
    let mut value = lowered(&text[at..end], &mut buffer).and_then(small)?;
    if value >= 20 && value.is_multiple_of(10) {
        let next = skip_blank(text, end);
        let second_end = word_end(text, next);
        let mut buffer = [0; 16];
        let ones = lowered(&text[next..second_end], &mut buffer).and_then(small);
        if let Some(ones) = ones.filter(|&n| n < 10) {
            value += ones;
            end = second_end;
        }
    }
    Some((value * 10, end))
}

/// Tells by its first three letters whether a word may begin an amount in words.
///
/// Every word of a note passes here, so most must fall out before anything else is done.
pub(super) fn may_begin_words(bytes: &[u8], at: usize) -> bool {
    let Some(&[a, b, c]) = bytes.get(at..at + 3) else { return false };
    matches!(
        &[a | 0x20, b | 0x20, c | 0x20],
        b"one"
            | b"two"
            | b"thr"
            | b"thi"
            | b"fou"
            | b"for"
            | b"fiv"
            | b"fif"
            | b"six"
            | b"sev"
            | b"eig"
            | b"nin"
            | b"ten"
            | b"ele"
            | b"twe"
            | b"hal"
            | b"qua"
            | b"an "
    )
}

fn small(lower: &str) -> Option<u32> {
    Some(match lower {
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        "twenty" => 20,
        "thirty" => 30,
        "forty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "ninety" => 90,
        _ => return None,
    })
}

/// Reads digits with at most one decimal place that counts; returns tenths and the end.
pub(super) fn decimal(text: &str, at: usize) -> Option<(u32, usize)> {
    let bytes = text.as_bytes();
    let mut end = at;
    let mut whole: u32 = 0;
    while let Some(digit) = bytes.get(end).filter(|b| b.is_ascii_digit()) {
        if end - at == 3 {
            return None;
        }
        whole = whole * 10 + u32::from(digit - b'0');
        end += 1;
    }
    if end == at {
        return None;
    }
    let mut tenths = whole * 10;
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        tenths += u32::from(bytes[end + 1] - b'0');
        end += 2;
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
    }
    Some((tenths, end))
}

/// "10-15 min", "10 to 15 min": no number is taken from it.
fn range(text: &str, at: usize, after: usize) -> Option<Quantity> {
    let next = skip_blank_only(text, after);
    let dash = dash_at(text, next).or_else(|| phrase(text, next, &["to"]))?;
    let upper = skip_blank_only(text, dash);
    let (most, end) = decimal(text, upper)?;
    // "by lap 2 - 9 min": a dash between blanks, and no range that anyone would state.
    let apart = next > after && upper > dash;
    let wide = decimal(text, at).is_some_and(|(least, _)| most > 2 * least || most <= least);
    if apart && wide {
        return None;
    }
    let (unit, end, bare_min) = unit(text, end)?;
    (unit != Unit::Seconds).then_some(Quantity { tenths: None, end, bare_min })
}

/// "8 + 7 min": the unit stands once, at the end.
fn open_sum(text: &str, first: u32, after: usize) -> Option<Quantity> {
    let mut sum = first;
    let mut end = after;
    let mut parts = 1;
    while let Some((next, next_end)) = plus(text, end).and_then(|at| decimal(text, at)) {
        sum += next;
        end = next_end;
        parts += 1;
    }
    if parts == 1 {
        return None;
    }
    let (unit, end, bare_min) = unit(text, end)?;
    (unit == Unit::Minutes).then_some(Quantity { tenths: Some(sum), end, bare_min })
}

fn plus(text: &str, at: usize) -> Option<usize> {
    let at = skip_blank_only(text, at);
    (text.as_bytes().get(at) == Some(&b'+')).then(|| skip_blank_only(text, at + 1))
}

/// Reads the unit after a number, and what may follow: minutes after hours, seconds, a sum.
fn with_unit(text: &str, tenths: u32, after: usize) -> Option<Quantity> {
    let (first, mut end, mut bare_min) = unit(text, after)?;
    let mut sum = match first {
        Unit::Seconds => return None,
        Unit::Minutes => tenths,
        Unit::Hours => tenths * 60,
    };
    match first {
        Unit::Hours => {
            if let Some((more, more_end)) = minutes_after_hours(text, end) {
                sum += more;
                end = more_end;
            }
            bare_min = false;
        }
        Unit::Minutes | Unit::Seconds => {
            let next = skip_blank_only(text, end);
            if let Some((seconds, Unit::Seconds, seconds_end)) = amount(text, next) {
                return Some(Quantity {
                    tenths: Some(sum + seconds / 60),
                    end: seconds_end,
                    bare_min: false,
                });
            }
            while let Some((more, Unit::Minutes, more_end)) =
                plus(text, end).and_then(|at| amount(text, at))
            {
                sum += more;
                end = more_end;
            }
        }
    }
    Some(Quantity { tenths: Some(sum), end, bare_min })
}

fn amount(text: &str, at: usize) -> Option<(u32, Unit, usize)> {
    let (tenths, after) = decimal(text, at)?;
    let (unit, end, _) = unit(text, after)?;
    Some((tenths, unit, end))
}

/// "5 min", "and ten minutes", "and a half" after hours; returns tenths and the end.
fn minutes_after_hours(text: &str, end: usize) -> Option<(u32, usize)> {
    let mut at = skip_blank_only(text, end);
    if text.as_bytes().get(at) == Some(&b',') {
        at = skip_blank_only(text, at + 1);
    }
    if let Some(next) = phrase(text, at, &["and"]) {
        at = skip_blank_only(text, next);
        if let Some(end) = phrase(text, at, &["a", "half"]) {
            return Some((300, end));
        }
        if let Some(end) = phrase(text, at, &["a", "quarter"]) {
            return Some((150, end));
        }
    }
    if let Some((tenths, Unit::Minutes, end)) = amount(text, at) {
        return Some((tenths, end));
    }
    let words = in_words_of_minutes(text, at)?;
    Some((words.tenths?, words.end))
}

fn in_words_of_minutes(text: &str, at: usize) -> Option<Quantity> {
    let end = word_end(text, at);
    let mut buffer = [0; 16];
    let first = lowered(&text[at..end], &mut buffer)?;
    small(first)?;
    in_words(text, at).filter(|found| found.tenths.is_some_and(|tenths| tenths < 600))
}

/// Reads a unit of time after a number; returns it, its end and whether it is a bare "min".
fn unit(text: &str, after: usize) -> Option<(Unit, usize, bool)> {
    let bytes = text.as_bytes();
    let mut at = skip_blank_only(text, after);
    let mut wrapped = false;
    if bytes.get(at) == Some(&b'-') {
        at += 1;
    } else if matches!(bytes.get(at), Some(b'\n' | b'\r')) && at > after.saturating_sub(1) {
        at += 1 + usize::from(bytes.get(at..at + 2) == Some(b"\r\n"));
        at = skip_blank_only(text, at);
        wrapped = true;
    }
    let end = word_end(text, at);
    let word = text.get(at..end)?;
    if wrapped
        && (word != "min" && word != "minutes" && word != "mins" || bytes.get(end) == Some(&b':'))
    {
        return None;
    }
    if bytes
        .get(end)
        .is_some_and(|&b| b == b'_' || b >= 0x80 && text[end..].starts_with(char::is_alphanumeric))
    {
        return None;
    }
    let mut buffer = [0; 16];
    match lowered(word, &mut buffer)? {
        "min" => Some((Unit::Minutes, end, true)),
        "mins" | "minute" | "minutes" | "minuts" | "mintues" => Some((Unit::Minutes, end, false)),
        "hr" if is_heart_rate(text, end) => None,
        "hr" | "hrs" | "hour" | "hours" => Some((Unit::Hours, end, false)),
        "s" | "sec" | "secs" | "second" | "seconds" => Some((Unit::Seconds, end, false)),
        _ => None,
    }
}

/// "HR 104" behind a number is the rate of a heart; "1 hr 5 min" goes on with minutes.
fn is_heart_rate(text: &str, end: usize) -> bool {
    let next = skip_blank_only(text, end);
    text.as_bytes().get(next).is_some_and(u8::is_ascii_digit) && amount(text, next).is_none()
}

/// Returns the end of the words of a phrase that stands at `at`, blanks or hyphens between them.
pub(super) fn phrase(text: &str, at: usize, words: &[&str]) -> Option<usize> {
    let mut at = at;
    let mut end = at;
    for (index, want) in words.iter().enumerate() {
        if index > 0 {
            at = skip_blank(text, end);
        }
        end = word_end(text, at);
        if !text[at..end].eq_ignore_ascii_case(want) {
            return None;
        }
    }
    Some(end)
}

pub(super) fn dash_at(text: &str, at: usize) -> Option<usize> {
    match text[at..].chars().next()? {
        sign @ ('-' | '–' | '—') => Some(at + sign.len_utf8()),
        _ => None,
    }
}

/// Steps over blanks and hyphens.
fn skip_blank(text: &str, at: usize) -> usize {
    skip(text, at, |sign| sign == ' ' || sign == '\u{a0}' || sign == '-')
}

/// Steps over blanks on the line.
pub(super) fn skip_blank_only(text: &str, at: usize) -> usize {
    skip(text, at, |sign| sign == ' ' || sign == '\t' || sign == '\u{a0}')
}

fn skip(text: &str, mut at: usize, passes: impl Fn(char) -> bool) -> usize {
    while let Some(sign) = text[at..].chars().next().filter(|&sign| passes(sign)) {
        at += sign.len_utf8();
    }
    at
}
