//! Hits to matches: guards, requirements and exclusions checked, shields applied, overlaps resolved.

use std::collections::BTreeMap;

use super::marks::{Candidate, Mark, Marks};
use super::scan::Scan;
use super::text::{Shadow, offset};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{
    CATEGORIES, Category, OnlyIf, Role, ShieldKind, Tier, Unless, Use,
};

/// A match of a rule, in shadow offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Match {
    pub start: u32,
    pub end: u32,
    pub rule: usize,
    /// Set when a test shield lies over it, or when it is one.
    pub test_name: bool,
    pub category: Category,
}

impl Match {
    fn new(lexicon: &Lexicon, start: u32, end: u32, rule: usize) -> Self {
        Self { start, end, rule, test_name: false, category: lexicon.rules[rule].category }
    }
}

/// Finds all matches of a note, in order; labels read from abbreviations join the marks. `found` is
/// room for what does not hold.
pub(crate) fn matches(
    lexicon: &Lexicon,
    shadow: &Shadow,
    scan: &Scan,
    marks: &mut Marks,
    found: &mut Vec<Match>,
    matches: &mut Vec<Match>,
) {
    found.clear();
    matches.clear();
    let mut labels = Vec::new();
    for &Candidate { start, end, role } in &marks.candidates {
        match role {
            Role::Rule(rule) => found.push(Match::new(lexicon, start, end, rule)),
            Role::Guarded(rule, guard) => {
                let guard = &lexicon.rules[rule].guards[guard];
                let near = guard.near.as_ref().is_none_or(|w| marks.near(shadow, w, start, end));
                if near && exact(shadow, guard.exact.as_deref(), start, end) {
                    found.push(Match::new(lexicon, start, end, rule));
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
                        let rules = reading.rules.iter();
                        found.extend(rules.map(|rule| Match::new(lexicon, start, end, *rule)));
                    }
                    (Use::Label, Some(index)) => labels.push(Mark { start, end, index }),
                    _ => {}
                }
            }
            Role::Cue(_) | Role::Set(_) | Role::Terminator | Role::Label(_) => {}
        }
    }
    if !labels.is_empty() {
        marks.labels.extend(labels);
        marks.labels.sort_unstable();
    }
    numbers_and_patterns(lexicon, shadow, scan, marks, found);
    found.retain(|one| holds(lexicon, shadow, marks, one));
    // Those of phrases are nearly in order already.
    found.sort();
    found.dedup();
    shield(lexicon, found);
    resolve(lexicon, found, matches);
}

fn exact(shadow: &Shadow, exact: Option<&str>, start: u32, end: u32) -> bool {
    exact.is_none_or(|exact| shadow.words(start, end) == exact)
}

/// Adds matches of rules that read numbers or patterns rather than phrases.
fn numbers_and_patterns(
    lexicon: &Lexicon,
    shadow: &Shadow,
    scan: &Scan,
    marks: &Marks,
    found: &mut Vec<Match>,
) {
    for index in lexicon.number_rules.iter().copied() {
        let wanted = &lexicon.rules[index].readers;
        let readings = marks.readings.iter().filter(|one| wanted.contains(&one.reader));
        found.extend(readings.map(|one| Match::new(lexicon, one.start, one.end, index)));
    }
    let pattern = |rule: usize| lexicon.rules[rule].regex.as_ref();
    lexicon.pattern_rules.find(pattern, &shadow.text, scan.words(), |rule, start, end| {
        found.push(Match::new(lexicon, offset(start), offset(end), rule));
    });
}

fn holds(lexicon: &Lexicon, shadow: &Shadow, marks: &Marks, one: &Match) -> bool {
    let rule = &lexicon.rules[one.rule];
    rule.tier == Tier::Core
        && rule.requires.iter().all(|window| marks.near(shadow, window, one.start, one.end))
        && !excluded(shadow, marks, &rule.unless, one.start, one.end)
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
fn resolve(lexicon: &Lexicon, found: &[Match], kept: &mut Vec<Match>) {
    // Most categories have no match that overlaps another of it: they need no comparing.
    let mut reach = [0; CATEGORIES.len()];
    let mut crowded = [false; CATEGORIES.len()];
    for one in found {
        let category = one.category as usize;
        crowded[category] |= one.start < reach[category];
        reach[category] = reach[category].max(one.end);
    }
    let mut lost = vec![false; found.len()];
    let mut own = Vec::with_capacity(found.len());
    for (category, ..) in CATEGORIES.iter().filter(|one| crowded[one.0 as usize]) {
        own.clear();
        own.extend((0..found.len()).filter(|at| found[*at].category == *category));
        let mut rest = own.as_mut_slice();
        while let Some(first) = rest.first() {
            // Most matches overlap no other of their category: they need no comparing.
            let mut reach = found[*first].end;
            let mut count = 1;
            while let Some(next) = rest.get(count).map(|next| &found[*next])
                && next.start < reach
            {
                reach = reach.max(next.end);
                count += 1;
            }
            let (rivals, further) = rest.split_at_mut(count);
            if rivals.len() > 1 {
                longest_of(lexicon, found, rivals, &mut lost);
            }
            rest = further;
        }
    }
    kept.extend(found.iter().zip(lost).filter_map(|(one, lost)| (!lost).then_some(*one)));
}

/// Marks those of a chain of overlapping matches that lose.
fn longest_of(lexicon: &Lexicon, found: &[Match], rivals: &mut [usize], lost: &mut [bool]) {
    rivals.sort_unstable_by_key(|at| {
        let one = &found[*at];
        let bare = lexicon.rules[one.rule].bare;
        (bare, u32::MAX - (one.end - one.start), one.start, one.rule)
    });
    let mut taken: BTreeMap<u32, u32> = BTreeMap::new();
    for at in rivals {
        let one = &found[*at];
        // General words are judged by their sentence, whatever else lies over them.
        if lexicon.rules[one.rule].only_if == OnlyIf::General {
            continue;
        }
        let before = taken.range(..one.end).next_back();
        if before.is_none_or(|(_, end)| *end <= one.start) {
            taken.insert(one.start, one.end);
        } else {
            lost[*at] = true;
        }
    }
}
