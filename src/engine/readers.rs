//! Readers of numbers: sets and repetitions, load, minutes, seconds, distance, any measure.
//!
//! They look only where a digit or a number word stands, so text without numbers costs nothing.

use crate::knowledge::fold::is_word_byte;
use crate::knowledge::lexicon::Reader;

use super::openers::Openers;
use super::text::offset;

/// A number with its unit, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reading {
    pub start: u32,
    pub end: u32,
    pub reader: Reader,
}

/// Reads all numbers of the shadow text, in order; `words` are the places where its words and signs
/// begin.
pub(crate) fn read(bytes: &[u8], words: impl Iterator<Item = usize>, readings: &mut Vec<Reading>) {
    readings.clear();
    // A number begins where a word does, or right behind an `x` that stands for "times".
    let mut words = words.filter(|at| may_begin(bytes, *at)).peekable();
    let signs = memchr::memchr2_iter(b'x', b'X', bytes).map(|sign| sign + 1);
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut times = signs.filter(|at| digit(*at) && after_times_sign(bytes, *at)).peekable();
    let mut at = 0;
    while let Some(start) = match (words.peek(), times.peek()) {
        (Some(word), Some(sign)) if sign < word => times.next(),
        (None, _) => times.next(),
        _ => words.next(),
    } {
        // What lies in the quantity before has been read.
        if start < at {
            continue;
        }
        if let Some(end) = number(bytes, start) {
            at = quantity(bytes, start, end, readings).max(end);
        }
    }
}

/// Digits, and how number words begin.
const OPENERS: Openers = Openers::new(&[
    (b'o', b"n"),
    (b't', b"whe"),
    (b'f', b"oi"),
    (b's', b"ie"),
    (b'e', b"il"),
    (b'n', b"i"),
    (b'h', b"ua"),
]);

fn may_begin(bytes: &[u8], at: usize) -> bool {
    OPENERS.may_begin(bytes[at], bytes.get(at + 1).copied().unwrap_or_default())
}

/// Tells whether the digit follows an `x` that stands for "times", as in `x10`.
fn after_times_sign(bytes: &[u8], at: usize) -> bool {
    at >= 1
        && matches!(bytes[at - 1], b'x' | b'X')
        && (at == 1 || !bytes[at - 2].is_ascii_alphabetic())
}

/// Reads one quantity that begins at `start` and whose first number ends at `end`; returns its end.
fn quantity(bytes: &[u8], start: usize, end: usize, readings: &mut Vec<Reading>) -> usize {
    let mut push = |reader: Reader, from: usize, to: usize| {
        readings.push(Reading { start: offset(from), end: offset(to), reader });
        if reader != Reader::Measure {
            readings.push(Reading {
                start: offset(from),
                end: offset(to),
                reader: Reader::Measure,
            });
        }
    };
    if let Some(to) = clock_range(bytes, end) {
        push(Reader::Minutes, start, to);
        return to;
    }
    // 3x10, 3 x 10, 2 x 120 ft
    if let Some(second) = times_number(bytes, end) {
        return match unit(bytes, second) {
            Some((Reader::Distance | Reader::Seconds | Reader::Minutes | Reader::Load, to)) => {
                let reader = unit(bytes, second).map_or(Reader::Measure, |(reader, _)| reader);
                push(Reader::Reps, start, second);
                push(reader, start, to);
                to
            }
            Some((_, to)) => {
                push(Reader::Reps, start, to);
                to
            }
            None => {
                push(Reader::Reps, start, second);
                second
            }
        };
    }
    if let Some((reader, to)) = unit(bytes, end) {
        push(reader, start, to);
        return to;
    }
    if let Some(to) = score_of(bytes, start, end) {
        push(Reader::Measure, start, to);
        return to;
    }
    if let Some(from) = times_before(bytes, start) {
        push(Reader::Reps, from, end);
    } else if changes(bytes, start, end) || scaled(bytes, start) {
        push(Reader::Measure, start, end);
    }
    end
}

/// `8:15-8:30`, `8:15 to 8:30`: minutes by the clock.
fn clock_range(bytes: &[u8], hour: usize) -> Option<usize> {
    const MERIDIEM: [&[u8]; 4] = [b" am", b" pm", b"am", b"pm"];
    const JOINTS: [&[u8]; 3] = [b"-", b" - ", b" to "];
    let first = clock_minutes(bytes, hour)?;
    let rest = &bytes[first..];
    let meridiem = MERIDIEM.iter().find(|word| rest.starts_with(word));
    let at = first + meridiem.map_or(0, |word| word.len());
    let joint = JOINTS.iter().find(|joint| bytes[at..].starts_with(joint))?;
    let second = at + joint.len();
    let hour = second + bytes[second..].iter().take(2).take_while(|b| b.is_ascii_digit()).count();
    if hour == second { None } else { clock_minutes(bytes, hour) }
}

fn clock_minutes(bytes: &[u8], hour: usize) -> Option<usize> {
    let minutes = bytes.get(hour..hour + 3)?;
    let read = minutes[0] == b':' && minutes[1..].iter().all(u8::is_ascii_digit);
    read.then_some(hour + 3)
}

/// `x` and a second number behind the first.
fn times_number(bytes: &[u8], end: usize) -> Option<usize> {
    let at = skip_blank(bytes, end);
    if !matches!(bytes.get(at), Some(b'x' | b'X')) {
        return None;
    }
    let second = skip_blank(bytes, at + 1);
    bytes.get(second).filter(|byte| byte.is_ascii_digit())?;
    number(bytes, second)
}

/// `x` before the number, itself at the start of a word.
fn times_before(bytes: &[u8], start: usize) -> Option<usize> {
    let before = if start > 0 && bytes[start - 1] == b' ' { start - 1 } else { start };
    let at = before.checked_sub(1)?;
    let alone = at == 0 || !is_word_byte(bytes[at - 1]) || bytes[at - 1].is_ascii_digit();
    (matches!(bytes[at], b'x' | b'X') && alone).then_some(at)
}

/// `8/10`, `41/56`, `8 of 10`; a date has a third part and is none.
fn score_of(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    if start > 0 && bytes[start - 1] == b'/' {
        return None;
    }
    let over = match bytes.get(end) {
        Some(b'/') => end + 1,
        Some(b' ') if bytes[end..].starts_with(b" of ") => end + 4,
        Some(b' ') if bytes[end..].starts_with(b" out of ") => end + 8,
        _ => return None,
    };
    bytes.get(over).filter(|byte| byte.is_ascii_digit())?;
    let to = number(bytes, over)?;
    (bytes.get(to) != Some(&b'/')).then_some(to)
}

/// `80->95`, `from 3 to 5`: a before and an after.
fn changes(bytes: &[u8], start: usize, end: usize) -> bool {
    let arrow =
        bytes[end..].starts_with(b"->") || (start >= 2 && &bytes[start - 2..start] == b"->");
    let from_to = bytes[end..].starts_with(b" to ")
        && bytes
            .get(end + 4)
            .is_some_and(|byte| byte.is_ascii_digit() || number(bytes, end + 4).is_some());
    arrow || from_to
}

/// `RPE 13`, `pain 4`, `level 3`, `HR 96`, `grade 3`: a number on a named scale.
fn scaled(bytes: &[u8], start: usize) -> bool {
    const SCALES: &[&[u8]] =
        &[b"rpe", b"pain", b"level", b"hr", b"bp", b"spo2", b"borg", b"vas", b"nprs", b"grade"];
    let Some(before) = start.checked_sub(1).filter(|at| bytes[*at] == b' ') else { return false };
    let from = bytes[..before].iter().rposition(|byte| !is_word_byte(*byte)).map_or(0, |at| at + 1);
    SCALES.iter().any(|scale| bytes[from..before].eq_ignore_ascii_case(scale))
}

/// Reads the unit behind a number; returns what it measures and where it ends.
fn unit(bytes: &[u8], end: usize) -> Option<(Reader, usize)> {
    match bytes.get(end) {
        Some(b'#') => return Some((Reader::Load, end + 1)),
        Some(b'%') => return Some((Reader::Measure, end + 1)),
        Some(b'\'') if is_prime(bytes, end) => return None,
        _ => {}
    }
    if bytes[end..].starts_with("\u{00B0}".as_bytes()) {
        return Some((Reader::Measure, end + 2));
    }
    let from = skip_blank(bytes, end);
    match bytes.get(from) {
        Some(b'#') => return Some((Reader::Load, from + 1)),
        Some(b'%') => return Some((Reader::Measure, from + 1)),
        _ => {}
    }
    let to = from + bytes[from..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    if to == from || to - from > 12 {
        return None;
    }
    let mut lower = [0_u8; 12];
    lower[..to - from].copy_from_slice(&bytes[from..to]);
    lower.make_ascii_lowercase();
    let word = &lower[..to - from];
    let reader = match word {
        b"rep" | b"reps" | b"repetition" | b"repetitions" | b"times" | b"set" | b"sets"
        | b"trial" | b"trials" | b"x" | b"bouts" | b"rounds" => Reader::Reps,
        b"lb" | b"lbs" | b"kg" | b"kgs" | b"pound" | b"pounds" | b"kilogram" | b"kilograms" => {
            Reader::Load
        }
        b"min" | b"mins" | b"minute" | b"minutes" | b"hr" | b"hrs" | b"hour" | b"hours" => {
            if assist_follows(bytes, to, word) {
                return None;
            }
            Reader::Minutes
        }
        b"sec" | b"secs" | b"second" | b"seconds" | b"s" => Reader::Seconds,
        b"ft" | b"feet" | b"foot" | b"m" | b"meter" | b"meters" | b"metres" | b"yd" | b"yards"
        | b"step" | b"steps" | b"stairs" | b"flight" | b"flights" | b"block" | b"blocks"
        | b"mile" | b"miles" => {
            if word == b"m" && bytes[to..].starts_with(b"/s") {
                return Some((Reader::Measure, to + 2));
            }
            Reader::Distance
        }
        b"deg" | b"degs" | b"degree" | b"degrees" | b"cm" | b"mm" | b"inch" | b"inches" | b"in"
        | b"mmhg" | b"bpm" | b"percent" | b"mph" | b"watts" | b"mets" | b"lob" | b"lobs"
        | b"cues" | b"cue" | b"vc" | b"vcs" | b"tc" | b"tcs" | b"errors" | b"points" | b"rest"
        | b"rests" | b"breaks" => {
            // "in" is a unit only before a thing that has a height or length, never "in 4 weeks".
            if word == b"in" && bytes.get(to + 1).is_none_or(u8::is_ascii_digit) {
                return None;
            }
            Reader::Measure
        }
        _ => return None,
    };
    Some((reader, to))
}

/// `2 min A`: an assist level, not minutes.
fn assist_follows(bytes: &[u8], to: usize, word: &[u8]) -> bool {
    if word != b"min" {
        return false;
    }
    let rest = &bytes[to..];
    [&b" a "[..], b" a,", b" a.", b" a\n", b" a;", b" assist", b" vc", b" tc", b" cue"]
        .iter()
        .any(|next| rest.len() >= next.len() && rest[..next.len()].eq_ignore_ascii_case(next))
}

fn is_prime(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1).is_none_or(|byte| !byte.is_ascii_alphabetic())
}

fn skip_blank(bytes: &[u8], at: usize) -> usize {
    if matches!(bytes.get(at), Some(b' ')) { at + 1 } else { at }
}

/// Reads a number at a word start: digits with decimals or a range, or number words.
fn number(bytes: &[u8], start: usize) -> Option<usize> {
    if bytes[start].is_ascii_digit() {
        let mut at = digits(bytes, start);
        while matches!(bytes.get(at), Some(b'.' | b'-' | b','))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
        {
            at = digits(bytes, at + 1);
        }
        return Some(at);
    }
    let mut end = number_word(bytes, start)?;
    // "twenty five", "one hundred thirty", "five to six"
    while bytes.get(end) == Some(&b' ')
        && let Some(next) = number_word(bytes, end + 1)
    {
        end = next;
    }
    Some(end)
}

fn digits(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn number_word(bytes: &[u8], start: usize) -> Option<usize> {
    const LONGEST: usize = 9;
    let rest = &bytes[start..];
    if rest.is_empty() || !may_begin(bytes, start) {
        return None;
    }
    let len = rest.iter().take(LONGEST + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
    if !(3..=LONGEST).contains(&len) {
        return None;
    }
    let mut lower = [0_u8; LONGEST];
    lower[..len].copy_from_slice(&rest[..len]);
    lower.make_ascii_lowercase();
    let known = matches!(
        &lower[..len],
        b"one"
            | b"two"
            | b"three"
            | b"four"
            | b"five"
            | b"six"
            | b"seven"
            | b"eight"
            | b"nine"
            | b"ten"
            | b"eleven"
            | b"twelve"
            | b"thirteen"
            | b"fourteen"
            | b"fifteen"
            | b"sixteen"
            | b"seventeen"
            | b"eighteen"
            | b"nineteen"
            | b"twenty"
            | b"thirty"
            | b"forty"
            | b"fifty"
            | b"sixty"
            | b"seventy"
            | b"eighty"
            | b"ninety"
            | b"hundred"
            | b"half"
    );
    known.then_some(start + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(text: &str) -> Vec<Reading> {
        let mut readings = Vec::new();
        let words = crate::knowledge::tokens::pieces(text).into_iter().map(|piece| piece.start);
        read(text.as_bytes(), words, &mut readings);
        readings
    }

    fn all(text: &str) -> Vec<(Reader, &str)> {
        readings(text)
            .iter()
            .filter(|one| one.reader != Reader::Measure)
            .map(|one| (one.reader, &text[one.start as usize..one.end as usize]))
            .collect()
    }

    #[test]
    fn quantities_read_with_their_units() {
        assert_eq!(
            all("Bridges 3x10, 5 sec hold"),
            [(Reader::Reps, "3x10"), (Reader::Seconds, "5 sec")]
        );
        assert_eq!(all("x10 with 5#"), [(Reader::Reps, "x10"), (Reader::Load, "5#")]);
        assert_eq!(
            all("2 x 120 ft"),
            [(Reader::Reps, "2 x 120"), (Reader::Distance, "2 x 120 ft")]
        );
        assert_eq!(all("three sets of ten"), [(Reader::Reps, "three sets")]);
        assert_eq!(all("for twenty five minutes"), [(Reader::Minutes, "twenty five minutes")]);
        assert_eq!(all("min A for 2 transfers in 4 weeks"), []);
        assert_eq!(all("on 11/03/2026"), []);
    }

    #[test]
    fn measures_are_numbers_that_say_something() {
        for (text, measured) in [
            ("pain 4/10", true),
            ("improved 80->95", true),
            ("RPE 13", true),
            ("visit 6", false),
            ("in 4 weeks", false),
            ("one hundred thirty degrees", true),
        ] {
            assert_eq!(!readings(text).is_empty(), measured, "{text}");
        }
    }
}
