//! Hits to matches: guards, requirements and exclusions checked, shields applied, overlaps resolved.

use std::collections::BTreeMap;

use super::marks::{Mark, Marks};
use super::text::{Shadow, offset};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{OnlyIf, Role, ShieldKind, Tier, Unless, Use};

/// A match of a rule, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    pub start: u32,
    pub end: u32,
    pub rule: usize,
    /// Set when a test shield lies over it, or when it is one.
    pub test_name: bool,
}

/// Finds all matches of a note, in order; labels read from abbreviations join the marks.
pub(crate) fn matches(lexicon: &Lexicon, shadow: &Shadow, marks: &mut Marks) -> Vec<Match> {
    let mut found = Vec::new();
    let mut labels = Vec::new();
    for hit in &marks.hits {
        let (start, end) = (hit.start, hit.end);
        for role in &lexicon.roles[hit.phrase as usize] {
            match *role {
                Role::Rule(rule) => found.push((start, end, rule)),
                Role::Guarded(rule, guard) => {
                    let guard = &lexicon.rules[rule].guards[guard];
                    let near =
                        guard.near.as_ref().is_none_or(|w| marks.near(shadow, w, start, end));
                    if near && exact(shadow, guard.exact.as_deref(), start, end) {
                        found.push((start, end, rule));
                    }
                }
                Role::Abbreviation(index) => {
                    let abbreviation = &lexicon.abbreviations[index];
                    if !exact(shadow, abbreviation.exact.as_deref(), start, end) {
                        continue;
                    }
                    let reading = abbreviation.readings.iter().find(|reading| {
                        reading.near.as_ref().is_none_or(|w| marks.near(shadow, w, start, end))
                    });
                    let Some(reading) = reading else { continue };
                    match (reading.used, reading.label) {
                        (Use::Term, _) => {
                            found.extend(reading.rules.iter().map(|rule| (start, end, *rule)));
                        }
                        (Use::Label, Some(index)) => labels.push(Mark { start, end, index }),
                        _ => {}
                    }
                }
                Role::Cue(_) | Role::Set(_) | Role::Terminator | Role::Label(_) => {}
            }
        }
    }
    marks.labels.extend(labels);
    marks.labels.sort_unstable();
    numbers_and_patterns(lexicon, shadow, marks, &mut found);
    found.retain(|(start, end, rule)| holds(lexicon, shadow, marks, *start, *end, *rule));
    let mut matches: Vec<Match> = found
        .into_iter()
        .map(|(start, end, rule)| Match { start, end, rule, test_name: false })
        .collect();
    matches.sort_unstable();
    matches.dedup();
    shield(lexicon, &mut matches);
    resolve(lexicon, &mut matches);
    matches
}

fn exact(shadow: &Shadow, exact: Option<&str>, start: u32, end: u32) -> bool {
    exact.is_none_or(|exact| shadow.words(start, end) == exact)
}

/// Adds matches of rules that read numbers or patterns rather than phrases.
fn numbers_and_patterns(
    lexicon: &Lexicon,
    shadow: &Shadow,
    marks: &Marks,
    found: &mut Vec<(u32, u32, usize)>,
) {
    for (index, rule) in lexicon.rules.iter().enumerate() {
        if !rule.readers.is_empty() && !marks.readings.is_empty() {
            found.extend(
                marks
                    .readings
                    .iter()
                    .filter(|one| rule.readers.contains(&one.reader))
                    .map(|one| (one.start, one.end, index)),
            );
        }
        if let Some(regex) = &rule.regex {
            let text = shadow.words(0, offset(shadow.bytes.len()));
            found.extend(
                regex.find_iter(text).map(|one| (offset(one.start()), offset(one.end()), index)),
            );
        }
    }
}

fn holds(
    lexicon: &Lexicon,
    shadow: &Shadow,
    marks: &Marks,
    start: u32,
    end: u32,
    rule: usize,
) -> bool {
    let rule = &lexicon.rules[rule];
    rule.tier == Tier::Core
        && rule.requires.iter().all(|window| marks.near(shadow, window, start, end))
        && !excluded(shadow, marks, &rule.unless, start, end)
}

/// Tells whether anything in `unless` kills a match or cue.
pub(crate) fn excluded(
    shadow: &Shadow,
    marks: &Marks,
    unless: &[Unless],
    start: u32,
    end: u32,
) -> bool {
    unless.iter().any(|one| match one {
        Unless::Over(set) => marks.over(shadow, *set, start, end),
        Unless::Near(window) => marks.near(shadow, window, start, end),
        Unless::Pattern(regex) => {
            let (from, to) = shadow.around(start, super::text::Level::Item);
            regex.find_iter(shadow.words(from, to)).any(|one| {
                let (a, b) = (from + offset(one.start()), from + offset(one.end()));
                a < end && start < b
            })
        }
    })
}

/// Applies shields: drop first, then tests. A shield acts on matches no longer than itself, and
/// never on wording that is warned of.
fn shield(lexicon: &Lexicon, matches: &mut Vec<Match>) {
    let kind = |one: &Match| lexicon.rules[one.rule].shield;
    let shields: Vec<(Match, ShieldKind)> =
        matches.iter().filter_map(|one| kind(one).map(|kind| (*one, kind))).collect();
    if shields.is_empty() {
        return;
    }
    // Shields are in order of their starts, and none is longer than a phrase can be.
    let longest = shields.iter().map(|(shield, _)| shield.end - shield.start).max().unwrap_or(0);
    let covered = |one: &Match, wanted: ShieldKind| {
        let first = shields.partition_point(|(shield, _)| shield.start + longest <= one.start);
        shields[first..].iter().take_while(|(shield, _)| shield.start < one.end).any(
            |(shield, kind)| {
                *kind == wanted
                    && one.start < shield.end
                    && shield.end - shield.start >= one.end - one.start
            },
        )
    };
    matches.retain(|one| match kind(one) {
        Some(_) => true,
        None if lexicon.rules[one.rule].warn.is_some() => true,
        None => !covered(one, ShieldKind::Drop),
    });
    for one in matches.iter_mut() {
        one.test_name = covered(one, ShieldKind::Test);
    }
}

/// Within one category the longest match wins, ties by start, then id; bare words give way to all
/// others; categories may overlap.
fn resolve(lexicon: &Lexicon, matches: &mut Vec<Match>) {
    let category = |one: &Match| lexicon.rules[one.rule].category;
    matches.sort_unstable_by_key(|one| {
        let bare = lexicon.rules[one.rule].bare;
        (category(one), bare, u32::MAX - (one.end - one.start), one.start, one.rule)
    });
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    let mut last = None;
    matches.retain(|one| {
        // General words are judged by their sentence, whatever else lies over them.
        if lexicon.rules[one.rule].only_if == OnlyIf::General {
            return true;
        }
        if last != Some(category(one)) {
            last = Some(category(one));
            taken.clear();
        }
        let before = taken.range(..one.end).next_back();
        let free = before.is_none_or(|(_, end)| *end <= one.start);
        if free {
            taken.insert(one.start, one.end);
        }
        free
    });
    matches.sort_unstable();
}
