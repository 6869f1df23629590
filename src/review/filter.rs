//! The filter language of the queue: words joined by blanks, not regular expressions.

use super::row::{Row, State};
use crate::model::{DecisionKind, Discipline};

/// A filter that was read; an empty one passes every note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    terms: Vec<(bool, Want)>,
}

/// A term that cannot be read, with its place in what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// First byte of the term.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Why, and what may stand there.
    pub message: String,
}

/// What has to be known of a note before a filter can judge it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asks {
    /// What the log says of it.
    Log,
    /// What stands in it and what the engine says of it.
    Note,
}

/// What a term knows beside the row.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Coder at the screen.
    pub coder: &'a str,
    /// Whether the note is marked.
    pub marked: bool,
    /// Looks for words in the note itself.
    pub text: &'a dyn Fn(&str) -> bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Want {
    Open,
    Kind(DecisionKind),
    Mine,
    Flagged,
    Marked,
    Stale,
    Err,
    Warn,
    Code(String),
    Billed(String),
    Consider,
    Abstain,
    Suggest,
    Other,
    Reason(String),
    Rule(String),
    Payer(String),
    Disc(Discipline),
    By(String),
    Who(String),
    Date { from: Option<String>, to: Option<String> },
    Lead(Compare, i64),
    Minutes(Compare, i64),
    Age(Compare, i64),
    UnitsDiffer,
    Text(String),
    Exact(String),
    Word(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Less,
    Equal,
    More,
}

impl Compare {
    fn holds(self, value: i64, than: i64) -> bool {
        match self {
            Self::Less => value < than,
            Self::Equal => value == than,
            Self::More => value > than,
        }
    }
}

impl Filter {
    /// Reads a filter; the first term that cannot be read is named with its place.
    pub fn parse(typed: &str) -> Result<Self, FilterError> {
        let mut terms = Vec::new();
        for (start, word) in words(typed) {
            let (not, body) = match word.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => (true, rest),
                _ => (false, word),
            };
            let want = want(body).map_err(|message| FilterError {
                start,
                end: start + word.len(),
                message,
            })?;
            terms.push((not, want));
        }
        Ok(Self { terms })
    }

    /// Tells whether every note passes.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Tells what has to be known of notes.
    pub fn asks(&self) -> Asks {
        let of_log = |want: &Want| {
            matches!(
                want,
                Want::Open
                    | Want::Kind(_)
                    | Want::Mine
                    | Want::Flagged
                    | Want::Marked
                    | Want::Who(_)
            )
        };
        if self.terms.iter().all(|(_, want)| of_log(want)) { Asks::Log } else { Asks::Note }
    }

    /// Tells whether a note passes; terms about facts fail while the facts are unknown.
    pub fn passes(&self, row: &Row, context: Context<'_>) -> bool {
        self.terms.iter().all(|(not, want)| want.meets(row, context) != *not)
    }
}

/// Splits at blanks outside quotes and gives each word with its place.
fn words(typed: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut quoted) = (None, false);
    for (at, c) in typed.char_indices() {
        if c == '"' {
            quoted = !quoted;
        }
        if c.is_whitespace() && !quoted {
            if let Some(from) = start.take() {
                found.push((from, &typed[from..at]));
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(from) = start {
        found.push((from, &typed[from..]));
    }
    found
}

fn want(word: &str) -> Result<Want, String> {
    if let Some(quoted) = word.strip_prefix('"') {
        return match quoted.strip_suffix('"') {
            Some(exact) => Ok(Want::Exact(exact.to_lowercase())),
            None => Err("the quote is not closed: add \" at its end".to_owned()),
        };
    }
    let plain = match word {
        "open" => Some(Want::Open),
        "accepted" => Some(Want::Kind(DecisionKind::Accept)),
        "changed" => Some(Want::Kind(DecisionKind::Change)),
        "queried" => Some(Want::Kind(DecisionKind::Query)),
        "deferred" => Some(Want::Kind(DecisionKind::Defer)),
        "mine" => Some(Want::Mine),
        "flagged" => Some(Want::Flagged),
        "marked" => Some(Want::Marked),
        "stale" => Some(Want::Stale),
        "err" => Some(Want::Err),
        "warn" => Some(Want::Warn),
        "units<>billed" => Some(Want::UnitsDiffer),
        _ => None,
    };
    if let Some(plain) = plain {
        return Ok(plain);
    }
    if let Some((name, value)) = word.split_once(':') {
        return named(name, value);
    }
    if let Some(at) = word.find(['<', '>', '=']) {
        return compared(&word[..at], &word[at..]);
    }
    Ok(Want::Word(word.to_lowercase()))
}

fn named(name: &str, value: &str) -> Result<Want, String> {
    let lower = value.trim_matches('"').to_lowercase();
    if lower.is_empty() {
        return Err(format!("`{name}:` needs a value; F1 lists examples"));
    }
    Ok(match name {
        "code" => Want::Code(lower.to_uppercase()),
        "billed" => Want::Billed(lower.to_uppercase()),
        "outcome" => match lower.as_str() {
            "consider" => Want::Consider,
            "abstain" => Want::Abstain,
            "suggest" => Want::Suggest,
            "other" => Want::Other,
            _ => return Err("outcome is suggest, consider, abstain or other".to_owned()),
        },
        "reason" => Want::Reason(lower.to_uppercase()),
        "rule" => Want::Rule(lower),
        "payer" => Want::Payer(lower),
        "disc" => Want::Disc(
            Discipline::parse(&lower)
                .ok_or_else(|| "disc is PT, PTA, OT, COTA or SLP".to_owned())?,
        ),
        "by" => Want::By(lower),
        "who" => Want::Who(lower),
        "date" => {
            let (from, to) = lower.split_once("..").unwrap_or((&lower, &lower));
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            Want::Date { from: some(from), to: some(to) }
        }
        "text" => Want::Text(lower),
        _ => return Err(format!("there is no term `{name}:`; F1 lists them all")),
    })
}

fn compared(name: &str, rest: &str) -> Result<Want, String> {
    let (compare, value) = match rest.split_at(1) {
        ("<", value) => (Compare::Less, value),
        (">", value) => (Compare::More, value),
        (_, value) => (Compare::Equal, value),
    };
    let digits = value.strip_suffix('d').filter(|_| name == "age").unwrap_or(value);
    let number: i64 =
        digits.parse().map_err(|_| format!("`{name}` is compared with a number, as {name}>3"))?;
    match name {
        "lead" => Ok(Want::Lead(compare, number)),
        "minutes" => Ok(Want::Minutes(compare, number)),
        "age" => Ok(Want::Age(compare, number)),
        _ => Err(format!("`{name}` has no number; lead, minutes and age have")),
    }
}

impl Want {
    fn meets(&self, row: &Row, context: Context<'_>) -> bool {
        let facts = row.facts.as_ref();
        let like = |field: &Option<String>, part: &str| {
            field.as_ref().is_some_and(|field| field.to_lowercase().contains(part))
        };
        match self {
            Self::Open => row.state == State::Open,
            Self::Kind(kind) => row.state == State::Decided(*kind),
            Self::Mine => row.who.as_deref() == Some(context.coder),
            Self::Flagged => row.flagged,
            Self::Marked => context.marked,
            Self::Stale => row.stale,
            Self::Err => row.problem.is_some() || facts.is_some_and(|f| f.errors > 0),
            Self::Warn => facts.is_some_and(|f| f.warnings > 0),
            Self::Code(code) => {
                facts.is_some_and(|f| f.suggests.iter().any(|c| c.as_str() == code))
            }
            Self::Billed(code) => {
                facts.is_some_and(|f| f.billed_codes.iter().any(|c| c.as_str() == code))
            }
            Self::Consider => facts.is_some_and(|f| f.considers > 0),
            Self::Abstain => facts.is_some_and(|f| !f.abstained.is_empty()),
            Self::Suggest => facts.is_some_and(|f| f.suggests.iter().any(|code| code.is_target())),
            Self::Other => facts.is_some_and(|f| f.suggests.iter().any(|c| !c.is_target())),
            Self::Reason(id) => facts.is_some_and(|f| f.abstained.iter().any(|r| r == id)),
            Self::Rule(id) => {
                facts.is_some_and(|f| f.rules.iter().any(|r| r.to_lowercase() == *id))
            }
            Self::Payer(part) => like(&row.payer, part),
            Self::Disc(discipline) => row.discipline == Some(*discipline),
            Self::By(part) => like(&row.therapist, part),
            Self::Who(part) => like(&row.who, part),
            Self::Date { from, to } => row.date.as_ref().is_some_and(|date| {
                from.as_ref().is_none_or(|from| date >= from)
                    && to.as_ref().is_none_or(|to| date <= to)
            }),
            Self::Lead(compare, than) => {
                facts.and_then(|f| f.lead).is_some_and(|lead| compare.holds(i64::from(lead), *than))
            }
            Self::Minutes(compare, than) => facts
                .and_then(|f| f.minutes)
                .is_some_and(|m| compare.holds(i64::from(m.in_tenths()), than * 10)),
            Self::Age(compare, than) => {
                row.age_days.is_some_and(|days| compare.holds(i64::from(days), *than))
            }
            Self::UnitsDiffer => {
                facts.is_some_and(|f| f.billed.is_some() && f.billed != f.supported)
            }
            Self::Text(part) => (context.text)(part),
            Self::Exact(exact) => {
                row.key.to_lowercase() == *exact
                    || row.therapist.as_ref().is_some_and(|name| name.to_lowercase() == *exact)
            }
            Self::Word(word) => {
                fuzzy(&row.key, word)
                    || row.therapist.as_deref().is_some_and(|name| fuzzy(name, word))
                    || row.payer.as_deref().is_some_and(|name| begins(name, word))
                    || begins(row.state.word(), word)
                    || facts.is_some_and(|f| f.rules.iter().any(|rule| begins(rule, word)))
            }
        }
    }
}

/// Tells whether a short name begins so: letters far apart would fit nearly every one.
fn begins(name: &str, word: &str) -> bool {
    word.chars().count() > 1 && name.to_lowercase().starts_with(word)
}

/// Tells whether the letters of `word` stand in `field` in their order, not far apart.
fn fuzzy(field: &str, word: &str) -> bool {
    let field = field.to_lowercase();
    if field.contains(word) {
        return true;
    }
    let mut rest = field.chars();
    word.chars().count() > 2 && word.chars().all(|wanted| rest.any(|c| c == wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        Row {
            key: "N-0412".into(),
            therapist: Some("T. Sample".into()),
            payer: Some("commercial".into()),
            facts: Some(crate::review::row::Facts {
                rules: vec!["VG-0001".into()],
                ..Default::default()
            }),
            date: Some("2026-11-17".into()),
            ..Row::default()
        }
    }

    fn passes(typed: &str) -> bool {
        let context = Context { coder: "anna", marked: false, text: &|word| word == "laundry" };
        Filter::parse(typed).is_ok_and(|filter| filter.passes(&row(), context))
    }

    #[test]
    fn terms_are_joined_by_and() {
        for hit in [
            "",
            "open",
            "open 412",
            "-marked",
            "by:sample",
            "date:2026-11-01..",
            "sampl",
            "comm",
            "vg-00",
            "ope",
        ] {
            assert!(passes(hit), "{hit}");
        }
        for miss in [
            "accepted",
            "open marked",
            "err",
            "lead<3",
            "\"N-04\"",
            "date:..2026-01-01",
            "med",
            "u1",
            "acc",
        ] {
            assert!(!passes(miss), "{miss}");
        }
        assert!(passes("text:laundry") && !passes("text:stairs") && passes("\"n-0412\""));
    }

    #[test]
    fn a_bad_term_is_named_with_its_place() {
        let error = Filter::parse("open lead<x").unwrap_err();
        assert_eq!((error.start, error.end), (5, 11));
        for bad in ["nosuch:1", "outcome:maybe", "disc:XX", "\"open", "code:", "size>3"] {
            assert!(Filter::parse(bad).is_err(), "{bad}");
        }
    }
}
