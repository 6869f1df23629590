//! Units that the minutes of a note support, with every way that ties and open segments leave.

use std::collections::BTreeMap;

use crate::knowledge::payers::PayerProfile;
use crate::model::{Code, Minutes, UnitRule};

use super::ledger::Ledger;
use super::units::{self, allocate};

/// Open segments beyond this many are not worked out both ways.
const MOST_OPEN: usize = 4;

/// Units supported under one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// The rule.
    pub rule: UnitRule,
    /// Timed units of all codes; `None` when the minutes do not say.
    pub total: Option<u32>,
    /// Fewest and most units of each timed code with minutes.
    pub bounds: BTreeMap<Code, (u32, u32)>,
    /// Units of each code: the way that was billed if it is one of them, else the first.
    pub chosen: BTreeMap<Code, u32>,
    /// Equally right ways, when rests tie.
    pub alternatives: Vec<BTreeMap<Code, u32>>,
}

/// Works out the units under a rule.
pub fn support(
    rule: UnitRule,
    ledger: &Ledger,
    profile: &PayerProfile,
    billed: &BTreeMap<Code, u32>,
) -> Support {
    let mut known: Vec<(Code, Minutes)> = ledger
        .entries
        .iter()
        .filter(|(code, _)| profile.is_pooled(**code))
        .filter_map(|(&code, entry)| Some((code, entry.minutes?)))
        .collect();
    let mut untold = ledger.has_untold();
    if let Some(single) = only_timed_code(ledger, profile, billed).filter(|_| known.is_empty())
        && let Some((timed, _)) = ledger.timed
    {
        known.push((single, timed));
        untold = false;
    } else if let Some(rest) = rest_of_stated(ledger, profile) {
        known.push(rest);
        untold = false;
    }
    let open: Vec<(&[Code], Minutes)> = ledger
        .open
        .iter()
        .filter_map(|open| Some((open.choices.as_slice(), open.minutes?)))
        .filter(|(choices, _)| choices.iter().all(|&code| profile.is_pooled(code)))
        .collect();
    let worked_out = open.len() <= MOST_OPEN;
    let mut ways: Vec<BTreeMap<Code, u32>> = Vec::new();
    let mut totals: Vec<u32> = Vec::new();
    let mut alternatives = Vec::new();
    for pool in if worked_out { assignments(&known, &open) } else { Vec::new() } {
        let got = allocate(rule, &pool);
        totals.push(got.total);
        if got.alternatives.is_empty() {
            ways.push(got.per_code);
        } else {
            ways.extend(got.alternatives.iter().cloned());
            if open.is_empty() {
                alternatives = got.alternatives;
            }
        }
    }
    let bounds = bounds(rule, &ways, &known, untold);
    let closed = open.is_empty() && !(untold && rule == UnitRule::Cms);
    let chosen = choose(&ways, &bounds, billed, closed);
    let pooled_sum = ledger
        .timed
        .map(|(timed, _)| timed)
        .or_else(|| ledger.whole_parts(|code| profile.is_pooled(code)));
    let total = match rule {
        UnitRule::Cms => pooled_sum.map(units::pooled),
        UnitRule::PerCode if known.is_empty() && open.is_empty() => None,
        UnitRule::PerCode => {
            totals.first().copied().filter(|first| totals.iter().all(|total| total == first))
        }
    };
    Support { rule, total, bounds, chosen, alternatives }
}

/// Returns the code, if the note speaks of one timed code only.
fn only_timed_code(
    ledger: &Ledger,
    profile: &PayerProfile,
    billed: &BTreeMap<Code, u32>,
) -> Option<Code> {
    if !ledger.open.is_empty() || ledger.loose > Minutes::default() {
        return None;
    }
    let mut codes: Vec<Code> = ledger.entries.keys().chain(billed.keys()).copied().collect();
    codes.retain(|&code| profile.is_pooled(code));
    codes.sort();
    codes.dedup();
    match codes[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// Returns what a stated total leaves for the one code without minutes.
///
/// For units only: the line of the code still shows no minutes, since the note states none.
fn rest_of_stated(ledger: &Ledger, profile: &PayerProfile) -> Option<(Code, Minutes)> {
    let (timed, _) = ledger.timed?;
    if ledger.loose > Minutes::default() || ledger.open.iter().any(|open| open.minutes.is_none()) {
        return None;
    }
    let mut untold = ledger.entries.iter().filter(|(_, entry)| !entry.untold.is_empty());
    let (&code, entry) = untold.next()?;
    if untold.next().is_some() || entry.minutes.is_some() || !profile.is_pooled(code) {
        return None;
    }
    let parts = ledger.parts(|code| profile.is_pooled(code))?;
    let rest = timed.in_tenths().checked_sub(parts.in_tenths())?;
    Some((code, Minutes::tenths(rest)))
}

/// Gives each open segment to each of its codes.
fn assignments(
    known: &[(Code, Minutes)],
    open: &[(&[Code], Minutes)],
) -> Vec<Vec<(Code, Minutes)>> {
    if known.is_empty() && open.is_empty() {
        return Vec::new();
    }
    let mut pools = vec![known.to_vec()];
    for &(choices, minutes) in open {
        pools = pools
            .iter()
            .flat_map(|pool| {
                choices.iter().map(move |&code| {
                    let mut pool = pool.clone();
                    pool.push((code, minutes));
                    pool
                })
            })
            .collect();
    }
    pools
}

fn bounds(
    rule: UnitRule,
    ways: &[BTreeMap<Code, u32>],
    known: &[(Code, Minutes)],
    untold: bool,
) -> BTreeMap<Code, (u32, u32)> {
    let mut bounds: BTreeMap<Code, (u32, u32)> = BTreeMap::new();
    for way in ways {
        for (&code, &units) in way {
            let bound = bounds.entry(code).or_insert((units, units));
            *bound = (bound.0.min(units), bound.1.max(units));
        }
    }
    // A way that leaves a code out gives it nothing.
    for (code, bound) in &mut bounds {
        if ways.iter().any(|way| !way.contains_key(code)) {
            bound.0 = 0;
        }
    }
    if untold && rule == UnitRule::Cms {
        // Minutes that are not stated could fill the pool, so that any rest becomes a unit.
        for &(code, minutes) in known {
            if let Some(bound) = bounds.get_mut(&code) {
                bound.0 = bound.0.min(minutes.floor() / 15);
                bound.1 = bound.1.max(minutes.floor().div_ceil(15));
            }
        }
    }
    bounds
}

fn choose(
    ways: &[BTreeMap<Code, u32>],
    bounds: &BTreeMap<Code, (u32, u32)>,
    billed: &BTreeMap<Code, u32>,
    closed: bool,
) -> BTreeMap<Code, u32> {
    if closed {
        let same = |way: &&BTreeMap<Code, u32>| {
            way.iter().all(|(code, units)| billed.get(code).copied().unwrap_or(0) == *units)
        };
        return ways.iter().find(same).or(ways.first()).cloned().unwrap_or_default();
    }
    let agreed = bounds.iter().filter(|(_, (least, most))| least == most);
    agreed.map(|(&code, &(units, _))| (code, units)).collect()
}
