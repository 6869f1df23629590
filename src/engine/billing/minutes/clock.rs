//! Clock times: ranges such as "9:05-9:20", and "time in … time out …".

use super::labels::word_end;
use super::number::{dash_at, phrase, skip_blank_only};

/// Minutes of half a day.
const HALF_DAY: u32 = 12 * 60;
/// An end before its start is taken as the afternoon when the result is at most this long.
const LONGEST: u32 = 6 * 60;

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    /// Minutes since midnight, before am or pm is counted.
    raw: u32,
    half: Option<Half>,
    /// One past the last byte.
    pub(super) end: usize,
    /// Written without a colon: "0905".
    pub(super) bare: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl Time {
    fn of_day(self, half: Option<Half>) -> u32 {
        match half {
            _ if self.raw >= HALF_DAY + 60 => self.raw,
            Some(Half::Am) => self.raw % HALF_DAY,
            Some(Half::Pm) => self.raw % HALF_DAY + HALF_DAY,
            None => self.raw,
        }
    }
}

/// Reads a time of day at `at`: "9:05", "9:05 am", "0905".
pub(super) fn time(text: &str, at: usize) -> Option<Time> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let count = digits(at);
    let (hours, minutes, end, bare) = match count {
        1 | 2 if bytes.get(at + count) == Some(&b':') && digits(at + count + 1) == 2 => {
            let colon = at + count;
            (number(at, colon)?, number(colon + 1, colon + 3)?, colon + 3, false)
        }
        4 => (number(at, at + 2)?, number(at + 2, at + 4)?, at + 4, true),
        _ => return None,
    };
    if hours > 23 || minutes > 59 || bytes.get(end) == Some(&b':') {
        return None;
    }
    let (half, end) = half_of_day(text, end);
    Some(Time { raw: hours * 60 + minutes, half, end, bare })
}

fn half_of_day(text: &str, end: usize) -> (Option<Half>, usize) {
    let at = skip_blank_only(text, end);
    let bytes = text.as_bytes();
    let half = match bytes.get(at).map(u8::to_ascii_lowercase) {
        Some(b'a') => Half::Am,
        Some(b'p') => Half::Pm,
        _ => return (None, end),
    };
    let dotted = bytes.get(at + 1) == Some(&b'.');
    let letter = at + 1 + usize::from(dotted);
    let has_m = bytes.get(letter).is_some_and(|b| b.eq_ignore_ascii_case(&b'm'));
    let stop = if has_m {
        letter + 1 + usize::from(dotted && bytes.get(letter + 1) == Some(&b'.'))
    } else {
        at + 1
    };
    let glued = at == end;
    let ends = !bytes.get(stop).is_some_and(u8::is_ascii_alphanumeric);
    if ends && (has_m || glued && !dotted) { (Some(half), stop) } else { (None, end) }
}

/// A range of two times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClockRange {
    /// Minutes of day from and to; `None` when the range runs backwards or across midnight.
    pub(super) times: Option<(u32, u32)>,
    /// One past the last byte.
    pub(super) end: usize,
    /// Both times were written without a colon.
    pub(super) bare: bool,
}

/// Reads a range of times at `at`.
pub(super) fn range(text: &str, at: usize) -> Option<ClockRange> {
    let first = time(text, at)?;
    let next = skip_blank_only(text, first.end);
    let joint = dash_at(text, next).or_else(|| {
        ["to", "until", "till", "through"].iter().find_map(|w| phrase(text, next, &[w]))
    })?;
    let second = time(text, skip_blank_only(text, joint))?;
    let bytes = text.as_bytes();
    if bytes.get(second.end).is_some_and(u8::is_ascii_alphanumeric) {
        return None;
    }
    let bare = first.bare && second.bare;
    if bare && (looks_like_years(first, second) || measures(text, second.end)) {
        return None;
    }
    Some(ClockRange { times: between(first, second), end: second.end, bare })
}

fn looks_like_years(first: Time, second: Time) -> bool {
    let century = |time: Time| matches!(time.raw / 60, 19 | 20);
    century(first) && century(second)
}

/// "1000-1200 mg" is no time.
fn measures(text: &str, end: usize) -> bool {
    let at = skip_blank_only(text, end);
    let word = &text[at..word_end(text, at)];
    ["mg", "ml", "ft", "feet", "steps", "cal", "kcal", "lb", "lbs", "g", "m", "meters", "calories"]
        .iter()
        .any(|unit| unit.eq_ignore_ascii_case(word))
}

/// Returns start and end in minutes of day, by the rules for am and pm.
///
/// The half of day of the later time serves the earlier one unless it would run backwards; an end
/// before its start takes twelve hours more when the result is at most six hours; what still runs
/// backwards would cross midnight and is refused.
pub(super) fn between(first: Time, second: Time) -> Option<(u32, u32)> {
    let (start, end) = match (first.half, second.half) {
        (None, Some(half)) => {
            let end = second.of_day(Some(half));
            let same = first.of_day(Some(half));
            (if same <= end { same } else { first.of_day(None) }, end)
        }
        (Some(half), None) => (first.of_day(Some(half)), second.of_day(Some(half))),
        (one, other) => (first.of_day(one), second.of_day(other)),
    };
    let both_told = first.half.is_some() && second.half.is_some();
    let end = if end < start && !both_told { end + HALF_DAY } else { end };
    let length = end.checked_sub(start)?;
    (length > 0 && length <= LONGEST && end <= 2 * HALF_DAY).then_some((start, end))
}
