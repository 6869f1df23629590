//! Words after an amount of time: an assist level, the name of a test, a frequency, a label.

use crate::model::Code;

use super::labels::{lowered, starting_at, word_end};
use super::number::{phrase, skip_blank_only};

/// What follows an amount of minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing that tells.
    Nothing,
    /// A frequency: "twice daily".
    Frequency,
    /// "timed"; with the end of it.
    Timed(usize),
    /// "total", "total treatment", "session"; with the end of it.
    Total(usize),
    /// A code or its label; with the end of it.
    Claim(Code, usize),
}

/// Tells whether "min" after a number is minimal assist or cueing.
pub(super) fn is_assist(text: &str, end: usize) -> bool {
    let bytes = text.as_bytes();
    let mut at = end;
    if bytes.get(at) == Some(&b'.') {
        at += 1;
    }
    at = skip_blank_only(text, at);
    let mut joined = false;
    while matches!(bytes.get(at), Some(b'/' | b'-' | b'(')) {
        joined = bytes[at] != b'(';
        at += 1;
    }
    let stop = word_end(text, at);
    let word = &text[at..stop];
    if word == "A" {
        return true;
    }
    let mut buffer = [0; 16];
    match lowered(word, &mut buffer) {
        Some("to") => {
            let next = skip_blank_only(text, stop);
            ["mod", "moderate", "max", "cga", "sba", "no"]
                .iter()
                .any(|level| phrase(text, next, &[level]).is_some())
        }
        Some("mod" | "max" | "cga" | "sba" | "moderate") => joined,
        Some(lower) => {
            lower.starts_with("assist")
                || lower.starts_with("cue")
                || matches!(
                    lower,
                    "vc" | "vcs" | "tc" | "tcs" | "cuing" | "verbal" | "tactile" | "resistance"
                )
        }
        None => false,
    }
}

/// Tells whether the amount belongs to the name of a test: "6 minute walk test".
pub(super) fn is_test(text: &str, amount: &str, end: usize) -> bool {
    let mut at = end;
    for index in 0..6 {
        while matches!(text.as_bytes().get(at), Some(b' ' | b'-' | b'/')) {
            at += 1;
        }
        let stop = word_end(text, at);
        if stop == at {
            return false;
        }
        let mut buffer = [0; 16];
        match lowered(&text[at..stop], &mut buffer) {
            Some("test" | "tests") => return index > 0,
            Some("walk")
                if index == 0 && (amount.starts_with(['2', '6']) || starts_with_word(amount)) =>
            {
                return true;
            }
            Some("x" | "for" | "of" | "and" | "with") => return false,
            _ => {}
        }
        at = stop;
    }
    false
}

fn starts_with_word(amount: &str) -> bool {
    phrase(amount, 0, &["six"]).is_some() || phrase(amount, 0, &["two"]).is_some()
}

/// Reads what stands after an amount.
pub(super) fn after(text: &str, end: usize) -> After {
    let bytes = text.as_bytes();
    let mut at = end;
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1) == Some(&b' ') && frequency(text, at + 2) {
        return After::Frequency;
    }
    if frequency(text, skip_blank_only(text, at)) {
        return After::Frequency;
    }
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) {
        return After::Nothing;
    }
    loop {
        while matches!(bytes.get(at), Some(b' ' | b'(' | b'-' | b'.' | b')')) {
            at += 1;
        }
        let joint = ["of", "on", "were", "was"].iter().find_map(|word| phrase(text, at, &[word]));
        match joint.or_else(|| phrase(text, at, &["spent", "on"])) {
            Some(next) => at = next,
            None => break,
        }
    }
    claim_or_total(text, at)
}

fn claim_or_total(text: &str, at: usize) -> After {
    let stop = word_end(text, at);
    if stop == at {
        return After::Nothing;
    }
    let labels_what_follows =
        |end: usize| matches!(text.as_bytes().get(skip_blank_only(text, end)), Some(b':' | b'='));
    if let Some(code) = Code::parse(&text[at..stop]) {
        return if followed_by_own_minutes(text, stop) {
            After::Nothing
        } else {
            After::Claim(code, stop)
        };
    }
    if let Some((code, label_end)) = starting_at(text, at) {
        let labels = labels_what_follows(label_end) || followed_by_own_minutes(text, label_end);
        return if labels { After::Nothing } else { After::Claim(code, label_end) };
    }
    let mut timed = false;
    let mut total = false;
    let mut word = at;
    let mut last = at;
    for _ in 0..5 {
        let stop = word_end(text, word);
        let mut buffer = [0; 16];
        match lowered(&text[word..stop], &mut buffer) {
            Some("timed" | "billable") => {
                timed = true;
            }
            Some("total" | "session" | "visit") => total = true,
            Some("treatment" | "tx" | "therapy" | "skilled" | "time" | "code" | "pt" | "ot") => {}
            _ => break,
        }
        last = stop;
        word = skip_blank_only(text, stop);
    }
    let up = phrase(text, word, &["up"]).is_some();
    match (timed, total) {
        _ if labels_what_follows(last) || up || begins_number(text, word) => After::Nothing,
        (true, _) => After::Timed(last),
        (false, true) => After::Total(last),
        (false, false) => After::Nothing,
    }
}

/// Tells whether a bare number is a total by the word behind it, and that word no other's label.
pub(super) fn is_total(text: &str, end: usize) -> bool {
    let total = phrase(text, skip_blank_only(text, end), &["total"]);
    total.is_some_and(|end| {
        let next = text.as_bytes().get(skip_blank_only(text, end));
        !next.is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'='))
    })
}

/// "46 minutes total, all of it timed": the total is the timed total as well.
pub(super) fn is_all_timed(text: &str, end: usize) -> bool {
    let sentence = text[end..].split(['.', '\n']).next().unwrap_or_default();
    let Some((_, behind)) = sentence.split_once(" all ") else { return false };
    let words = behind.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    words.take(4).any(|word| ["timed", "billable"].iter().any(|one| word.eq_ignore_ascii_case(one)))
}

/// Reads "timed minutes", "total treatment minutes" after a bare number; returns what and the end.
pub(super) fn adjectives(text: &str, end: usize) -> Option<(After, usize)> {
    let mut at = skip_blank_only(text, end);
    if at > end + 1 {
        return None;
    }
    let mut timed = false;
    let mut words = 0;
    loop {
        let stop = word_end(text, at);
        let mut buffer = [0; 16];
        match lowered(&text[at..stop], &mut buffer)? {
            "timed" | "billable" | "direct" => timed = true,
            "total" | "treatment" | "tx" | "skilled" | "code" | "therapy" => {}
            "min" | "mins" | "minutes" if words > 0 => {
                let next = text.as_bytes().get(skip_blank_only(text, stop));
                if next.is_some_and(|b| matches!(b, b':' | b'=' | b'~') || b.is_ascii_digit()) {
                    return None;
                }
                let what = if timed { After::Timed(stop) } else { After::Total(stop) };
                return Some((what, stop));
            }
            _ => return None,
        }
        words += 1;
        at = skip_blank_only(text, stop);
    }
}

fn begins_number(text: &str, at: usize) -> bool {
    text.as_bytes().get(at).is_some_and(u8::is_ascii_digit)
}

/// "15 min Ther Ex 20 min": the label belongs to the second amount.
fn followed_by_own_minutes(text: &str, end: usize) -> bool {
    let at = skip_blank_only(text, end);
    let at = if matches!(text.as_bytes().get(at), Some(b':' | b'-' | b'x' | b'=')) {
        skip_blank_only(text, at + 1)
    } else {
        at
    };
    let digits = text[at..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 || digits > 3 {
        return false;
    }
    let unit = skip_blank_only(text, at + digits);
    text[unit..word_end(text, unit)].to_ascii_lowercase().starts_with("min")
}

/// "/day", "per day", "daily", "twice daily", "2x/wk", "BID", "every hour".
fn frequency(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let mut at = at;
    if matches!(bytes.get(at), Some(b',' | b'(' | b'x'))
        && !bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        at = skip_blank_only(text, at + 1);
    }
    if bytes.get(at) == Some(&b'/') {
        return period(text, at + 1);
    }
    let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    if digits > 0 {
        let mut next = skip_blank_only(text, at + digits);
        let times = phrase(text, next, &["x"]).or_else(|| phrase(text, next, &["times"]));
        let Some(times) = times else { return false };
        next = skip_blank_only(text, times);
        if matches!(bytes.get(next), Some(b'/')) {
            next += 1;
        }
        next = phrase(text, next, &["a"])
            .or_else(|| phrase(text, next, &["per"]))
            .map_or(next, |end| skip_blank_only(text, end));
        return period(text, next);
    }
    let stop = word_end(text, at);
    let mut buffer = [0; 16];
    match lowered(&text[at..stop], &mut buffer) {
        Some("daily" | "nightly" | "bid" | "tid" | "qid" | "qd" | "weekly" | "hourly") => true,
        Some("a" | "per" | "each" | "every") => period(text, skip_blank_only(text, stop)),
        Some("once" | "twice" | "times") => {
            let next = skip_blank_only(text, stop);
            let next = if bytes.get(next) == Some(&b'/') { next + 1 } else { next };
            let next = phrase(text, next, &["a"])
                .or_else(|| phrase(text, next, &["per"]))
                .map_or(next, |end| skip_blank_only(text, end));
            period(text, next)
        }
        _ => false,
    }
}

fn period(text: &str, at: usize) -> bool {
    let mut buffer = [0; 16];
    matches!(
        lowered(&text[at..word_end(text, at)], &mut buffer),
        Some(
            "day"
                | "days"
                | "d"
                | "daily"
                | "week"
                | "wk"
                | "weekly"
                | "night"
                | "morning"
                | "hour"
                | "hr"
                | "visit"
                | "session"
                | "month"
        )
    )
}
