//! What the program answers for one intervention, and how it came to it.

use std::io::Write;

use serde::Serialize;

use crate::cli::columns::quoted;
use crate::model::{Abstention, Code, Outcome, Segment};

/// The answer for one intervention.
#[derive(Debug)]
pub(super) struct Answer {
    /// `suggest`, `consider`, `abstain` or `other`.
    pub(super) outcome: &'static str,
    /// Id and words of the reason of an abstention.
    pub(super) reason: Option<(&'static str, &'static str)>,
    /// Codes that it names, in order of their numbers.
    pub(super) codes: Vec<String>,
    /// The code with most points, if any has some.
    pub(super) best: Option<String>,
}

impl Answer {
    /// Reads the answer; text in which no intervention is seen abstains.
    pub(super) fn of(segment: Option<&Segment>) -> Self {
        let Some(segment) = segment else {
            let reason = Some(("none", "no intervention is seen"));
            return Self { outcome: "abstain", reason, codes: Vec::new(), best: None };
        };
        let reason = segment.outcome.reason().map(|one: Abstention| (one.id(), one.words()));
        let mut codes: Vec<String> = match segment.outcome {
            Outcome::Abstain(_) => Vec::new(),
            _ => segment
                .codes
                .iter()
                .filter(|one| one.supported)
                .map(|one| one.code.to_string())
                .collect(),
        };
        codes.sort();
        let best = segment.codes.iter().max_by_key(|one| (one.score, std::cmp::Reverse(one.code)));
        let best = best.filter(|one| one.score > 0).map(|one| one.code.to_string());
        Self { outcome: segment.outcome.as_str(), reason, codes, best }
    }

    /// Tells whether it is exactly the label: a code, two codes with a slash, or `none`.
    pub(super) fn is(&self, label: &Label) -> bool {
        self.codes == label.codes
    }

    /// Tells whether two codes are shown and the label is one of them.
    pub(super) fn holds(&self, label: &Label) -> bool {
        self.codes.len() > 1 && label.codes.len() == 1 && self.codes.contains(&label.codes[0])
    }

    /// Returns the answer in short, for a matrix.
    pub(super) fn short(&self) -> String {
        if self.codes.is_empty() { "none".to_owned() } else { self.codes.join("/") }
    }

    /// Returns the answer in words.
    pub(super) fn words(&self) -> String {
        match self.reason {
            Some((id, words)) => format!("no code ({id}: {words})"),
            None => format!("{} {}", self.outcome, self.short()),
        }
    }
}

/// A label: the codes that must be shown, in order of their numbers; empty for `none`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) codes: Vec<String>,
}

impl Label {
    /// Reads `97530`, `97530/97110` or `none`.
    pub(super) fn read(text: &str) -> Self {
        let parts = text.split(['/', '|', ',', ' ']).map(str::trim);
        let mut codes: Vec<String> =
            parts.filter(|part| Code::parse(part).is_some()).map(str::to_owned).collect();
        codes.sort();
        codes.dedup();
        Self { codes }
    }

    /// Returns the label in short, for a matrix.
    pub(super) fn short(&self) -> String {
        if self.codes.is_empty() { "none".to_owned() } else { self.codes.join("/") }
    }
}

/// A label that the program does not give, with the evidence it went by.
#[derive(Debug, Serialize)]
pub(super) struct Miss {
    /// File and line, or note.
    pub(super) place: String,
    pub(super) text: String,
    pub(super) label: String,
    pub(super) answer: String,
    pub(super) codes: Vec<Weighed>,
}

/// The points of one code.
#[derive(Debug, Serialize)]
pub(super) struct Weighed {
    code: String,
    score: i32,
    floor: i32,
    evidence: Vec<Point>,
    why_not: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Point {
    rule: String,
    name: String,
    points: i32,
    status: &'static str,
    quote: String,
}

impl Miss {
    pub(super) fn new(
        place: String,
        text: &str,
        label: &Label,
        answer: &Answer,
        seen: Option<(&Segment, &str)>,
    ) -> Self {
        let weighed = |(segment, note): (&Segment, &str)| {
            let told = segment.codes.iter().filter(|one| {
                one.score != 0 || label.codes.iter().any(|code| one.code.as_str() == code)
            });
            told.map(|one| Weighed {
                code: one.code.to_string(),
                score: one.score,
                floor: one.floor,
                evidence: one
                    .evidence
                    .iter()
                    .map(|point| Point {
                        rule: point.term.to_string(),
                        name: point.name.to_string(),
                        points: point.points,
                        status: point.status.as_str(),
                        quote: point.span.of(note).to_owned(),
                    })
                    .collect(),
                why_not: one.why_not.clone(),
            })
            .collect()
        };
        Self {
            place,
            text: text.to_owned(),
            label: label.short(),
            answer: answer.words(),
            codes: seen.map(weighed).unwrap_or_default(),
        }
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, "  {}  {}", self.place, quoted(&self.text))?;
        writeln!(out, "      label {}; the program says: {}", self.label, self.answer)?;
        for one in &self.codes {
            writeln!(out, "      {} has {} points ({} needed)", one.code, one.score, one.floor)?;
            for point in &one.evidence {
                let (points, rule, quote) = (point.points, &point.rule, quoted(&point.quote));
                writeln!(out, "        {points:+} {rule} {}: {quote}", point.name)?;
            }
            for reason in one.why_not.iter().filter(|_| self.label.contains(&one.code)) {
                writeln!(out, "        why not: {reason}")?;
            }
        }
        Ok(())
    }
}
