//! Two analyses of one note, compared: outcomes, points, statuses, warnings.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::{Analysis, Code, Note, Outcome, Segment, Span, Warning};

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum What {
    Outcome,
    Score,
    Status,
    Warning,
}

impl What {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Score => "score",
            Self::Status => "status",
            Self::Warning => "warning",
        }
    }
}

/// One change in one note.
#[derive(Debug, Serialize)]
pub(super) struct Change {
    pub(super) note: String,
    pub(super) line: usize,
    pub(super) what: What,
    pub(super) quote: String,
    pub(super) old: String,
    pub(super) new: String,
    /// Ids of the rules that it comes from.
    pub(super) rules: Vec<String>,
}

/// Returns all that differs between two analyses of a note, by line.
pub(super) fn changes(note: &Note, old: &Analysis, new: &Analysis) -> Vec<Change> {
    let mut list = Vec::new();
    let mut add = |span: Option<Span>, what, old: String, new: String, rules: Vec<String>| {
        let at = span.map_or(0, |span| span.start as usize);
        let line = note.text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
        let quote = span.map_or("", |span| span.of(&note.text)).to_owned();
        list.push(Change { note: note.key.clone(), line, what, quote, old, new, rules });
    };
    for (before, after) in paired(&old.segments, &new.segments, |one| one.span) {
        let span = after.or(before).map(|one| one.span);
        let rules = causes(before, after);
        let told = [before, after].map(|one| one.map_or_else(|| "no intervention".into(), outcome));
        if told[0] != told[1] {
            let [old, new] = told;
            add(span, What::Outcome, old, new, rules);
        } else if let (Some(before), Some(after)) = (before, after)
            && scores(before) != scores(after)
        {
            let (old, new) = scores_that_differ(before, after);
            add(span, What::Score, old, new, rules);
        }
    }
    for (before, after) in paired(&old.mentions, &new.mentions, |one| one.span) {
        let told = [before, after]
            .map(|one| one.map_or("not seen".to_owned(), |one| one.status.as_str().to_owned()));
        if told[0] != told[1] {
            let span = after.or(before).map(|one| one.span);
            let rules = distinct([before, after].into_iter().flatten().map(|one| &*one.term));
            let [old, new] = told;
            add(span, What::Status, old, new, rules);
        }
    }
    let key = |one: &Warning| (one.rule.clone(), one.span, one.name.clone());
    let [before, after] =
        [old, new].map(|analysis| analysis.warnings.iter().map(key).collect::<Vec<_>>());
    let gone = before.iter().filter(|one| !after.contains(one)).map(|one| (one, true));
    let come = after.iter().filter(|one| !before.contains(one)).map(|one| (one, false));
    for ((rule, span, name), went) in gone.chain(come) {
        let (old, new) = if went { (name.as_str(), "silent") } else { ("silent", name.as_str()) };
        add(*span, What::Warning, old.to_owned(), new.to_owned(), vec![rule.clone()]);
    }
    list.sort_by(|a, b| (a.line, a.what, &a.quote).cmp(&(b.line, b.what, &b.quote)));
    list
}

/// Puts each value of one list beside the value of the other that shares most bytes with it.
fn paired<'v, T>(
    old: &'v [T],
    new: &'v [T],
    span: impl Fn(&T) -> Span,
) -> Vec<(Option<&'v T>, Option<&'v T>)> {
    let mut left: Vec<&T> = new.iter().collect();
    let mut pairs = Vec::new();
    for one in old {
        let shared = |other: &T| {
            let (a, b) = (span(one), span(other));
            let bytes = a.end.min(b.end).saturating_sub(a.start.max(b.start));
            (bytes, a == b)
        };
        let best = (0..left.len())
            .filter(|at| shared(left[*at]).0 > 0)
            .max_by_key(|at| (shared(left[*at]), usize::MAX - at));
        pairs.push((Some(one), best.map(|at| left.remove(at))));
    }
    pairs.extend(left.into_iter().map(|one| (None, Some(one))));
    pairs
}

/// Returns the outcome with its codes, as `suggest 97530` or `abstain A2`.
fn outcome(segment: &Segment) -> String {
    if let Outcome::Abstain(reason) = segment.outcome {
        return format!("abstain {}", reason.id());
    }
    let codes: Vec<&str> =
        segment.codes.iter().filter(|one| one.supported).map(|one| one.code.as_str()).collect();
    format!("{} {}", segment.outcome.as_str(), codes.join("/"))
}

/// Returns the points of all codes that have any.
fn scores(segment: &Segment) -> BTreeMap<Code, i32> {
    let codes = segment.codes.iter().filter(|one| one.score != 0);
    codes.map(|one| (one.code, one.score)).collect()
}

/// Returns the points of the codes whose points are not the same, before and after.
fn scores_that_differ(before: &Segment, after: &Segment) -> (String, String) {
    let (old, new) = (scores(before), scores(after));
    let codes: BTreeSet<&Code> = old.keys().chain(new.keys()).collect();
    let differ = codes.into_iter().filter(|code| old.get(code) != new.get(code));
    let points = |of: &BTreeMap<Code, i32>, code| of.get(code).copied().unwrap_or(0);
    let told: Vec<(String, String)> = differ
        .map(|code| {
            (format!("{code} {}", points(&old, code)), format!("{code} {}", points(&new, code)))
        })
        .collect();
    let (old, new): (Vec<String>, Vec<String>) = told.into_iter().unzip();
    (old.join(", "), new.join(", "))
}

/// Returns the rules whose points differ.
fn causes(before: Option<&Segment>, after: Option<&Segment>) -> Vec<String> {
    let points = |segment: Option<&Segment>| {
        let codes = segment.map_or(&[][..], |segment| &segment.codes);
        let evidence = codes.iter().flat_map(|one| {
            one.evidence.iter().map(|evidence| (evidence.term.clone(), one.code, evidence.points))
        });
        evidence.collect::<BTreeSet<_>>()
    };
    let (old, new) = (points(before), points(after));
    distinct(old.symmetric_difference(&new).map(|(term, _, _)| &**term))
}

fn distinct<'i>(ids: impl Iterator<Item = &'i str>) -> Vec<String> {
    ids.collect::<BTreeSet<_>>().into_iter().map(str::to_owned).collect()
}
