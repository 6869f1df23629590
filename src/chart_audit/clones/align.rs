//! Two notes side by side: which words of the later one stand in the earlier one, and where.

use std::collections::HashMap;
use std::collections::HashSet;

use super::print::{Part, Print};
use super::words::SHINGLE;
use super::{Scope, Shared, Worded};
use crate::model::Span;

/// Share of the words from which a note is told of, in per cent.
const SHARE: usize = 60;
/// Shared words from which a note is told of.
const WORDS: usize = 40;

/// Compares a note with an earlier one; `counts` tells of a place whether its words are no template.
///
/// Returns nothing when too little is shared.
pub(super) fn align(
    (index, earlier): (usize, &Print),
    later: &Print,
    counts: impl Fn(usize) -> bool,
    lookups: &mut u64,
) -> Option<Worded> {
    let mut first_at: HashMap<u64, usize> = HashMap::with_capacity(earlier.shingles.len());
    let mut kept_there: HashSet<u64> = HashSet::with_capacity(earlier.shingles.len());
    for (at, (kept, masked)) in earlier.shingles.iter().enumerate() {
        first_at.entry(*masked).or_insert(at);
        kept_there.insert(*kept);
    }
    let words = later.places.len();
    let (mut countable, mut same_words, mut same_numbers) =
        (vec![false; words], vec![false; words], vec![false; words]);
    let mut matched: Vec<Option<usize>> = vec![None; words];
    let mut previous: Option<usize> = None;
    for (at, (kept, masked)) in later.shingles.iter().enumerate() {
        if !counts(at) {
            previous = None;
            continue;
        }
        let row = at..at + SHINGLE;
        countable[row.clone()].fill(true);
        *lookups += 2;
        let next = previous.map(|before| before + 1);
        let follows =
            next.filter(|&next| earlier.shingles.get(next).is_some_and(|s| s.1 == *masked));
        previous = follows.or_else(|| first_at.get(masked).copied());
        if let Some(there) = previous {
            same_words[row.clone()].fill(true);
            if kept_there.contains(kept) {
                same_numbers[row.clone()].fill(true);
            }
            for (offset, place) in row.enumerate() {
                matched[place].get_or_insert(there + offset);
            }
        }
    }
    let tally = |scope: Scope| {
        let inside = |at: &usize| {
            countable[*at]
                && (scope == Scope::Whole || later.places[*at].part == Part::Interventions)
        };
        let among = |flags: &[bool]| (0..words).filter(inside).filter(|at| flags[*at]).count();
        let all = (0..words).filter(inside).count();
        (scope, all, among(&same_words), among(&same_numbers))
    };
    let enough = |same: usize, all: usize| same >= WORDS && same * 100 >= all * SHARE;
    let tallies = [tally(Scope::Interventions), tally(Scope::Whole)];
    let strong = tallies.iter().find(|(_, all, _, numbers)| enough(*numbers, *all));
    let any = tallies.iter().find(|(_, all, same, _)| enough(*same, *all));
    let &(scope, all, same, numbers) = strong.or(any)?;
    Some(Worded {
        earlier: index,
        earlier_key: earlier.key.clone(),
        earlier_source: earlier.source.clone(),
        earlier_date: earlier.date.clone(),
        scope,
        words: all,
        same_words: same,
        same_numbers: numbers,
        numbers_too: strong.is_some(),
        shared: shared(later, earlier, &matched),
    })
}

/// Returns the stretches that both notes share, longest first.
fn shared(later: &Print, earlier: &Print, matched: &[Option<usize>]) -> Vec<Shared> {
    let mut found: Vec<(usize, Shared)> = Vec::new();
    let mut before: Option<(usize, usize)> = None;
    for (at, there) in matched.iter().enumerate() {
        let Some(there) = *there else {
            before = None;
            continue;
        };
        let (here, other) = (later.places[at], earlier.places[there]);
        let goes_on = before.is_some_and(|(last, last_there)| {
            last_there + 1 == there
                && later.places[last].region == here.region
                && earlier.places[last_there].region == other.region
        });
        match found.last_mut().filter(|_| goes_on) {
            Some((words, last)) => {
                *words += 1;
                last.this = Span { end: here.span.end, ..last.this };
                last.earlier = Span { end: other.span.end, ..last.earlier };
            }
            None => found.push((1, Shared { this: here.span, earlier: other.span })),
        }
        before = Some((at, there));
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.this.cmp(&b.1.this)));
    found.into_iter().map(|(_, shared)| shared).collect()
}
