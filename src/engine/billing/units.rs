//! Minutes become units: the pooled rule of CMS, and the per-code midpoint rule of some payers.

use std::collections::BTreeMap;

use crate::model::{Code, Minutes, UnitRule};

/// Minutes of one unit.
const BLOCK: u32 = 15;
/// Added before the division, so that a rest of eight minutes or more makes a unit.
const CARRY: u32 = 7;
/// Most ways of settling a tie that are listed; real notes have a handful.
const MOST_ALTERNATIVES: usize = 64;

/// Timed units of a note and how they fall on its codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// Units of all codes together.
    pub total: u32,
    /// Units by code, also codes with none; under a tie the first of the alternatives.
    pub per_code: BTreeMap<Code, u32>,
    /// All equally right ways when rests tie, in the order of codes; empty without a tie.
    pub alternatives: Vec<BTreeMap<Code, u32>>,
}

/// Gives out units by a rule; minutes of one code are added first, untimed codes do not belong here.
pub fn allocate(rule: UnitRule, minutes: &[(Code, Minutes)]) -> Allocation {
    match rule {
        UnitRule::Cms => cms(minutes),
        UnitRule::PerCode => per_code(minutes),
    }
}

/// Returns the units of a pool of minutes.
pub fn pooled(minutes: Minutes) -> u32 {
    (minutes.floor() + CARRY) / BLOCK
}

/// Gives out units by the pooled rule (Medicare Claims Processing Manual, ch. 5, 20.2.C).
///
/// The sum of all timed minutes sets the number of units. Whole blocks of 15 go to their code, the
/// units left over to the largest rests; rests that are equal at the cut are a tie.
pub fn cms(minutes: &[(Code, Minutes)]) -> Allocation {
    let sums = by_code(minutes);
    let total = (sums.values().sum::<u32>() + CARRY) / BLOCK;
    let whole: BTreeMap<Code, u32> = sums.iter().map(|(&code, &m)| (code, m / BLOCK)).collect();
    let mut left = (total - whole.values().sum::<u32>()) as usize;

    let mut rests: Vec<(u32, Code)> =
        sums.iter().map(|(&code, &m)| (m % BLOCK, code)).filter(|&(rest, _)| rest > 0).collect();
    rests.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    left = left.min(rests.len());

    let mut sure = whole;
    let mut tied: Vec<Code> = Vec::new();
    let mut open = 0;
    if let Some(cut) = left.checked_sub(1).and_then(|last| rests.get(last)).map(|&(rest, _)| rest) {
        for &(_, code) in rests.iter().filter(|&&(rest, _)| rest > cut) {
            *sure.entry(code).or_default() += 1;
            open += 1;
        }
        tied = rests.iter().filter(|&&(rest, _)| rest == cut).map(|&(_, code)| code).collect();
        open = left - open;
    }
    if tied.len() == open {
        for code in tied {
            *sure.entry(code).or_default() += 1;
        }
        return Allocation { total, per_code: sure, alternatives: Vec::new() };
    }
    let alternatives: Vec<BTreeMap<Code, u32>> = choices(&tied, open)
        .into_iter()
        .map(|chosen| {
            let mut units = sure.clone();
            for code in chosen {
                *units.entry(code).or_default() += 1;
            }
            units
        })
        .collect();
    let per_code = alternatives.first().cloned().unwrap_or(sure);
    Allocation { total, per_code, alternatives }
}

/// Gives out units code by code: a unit is reached when its midpoint is passed, nothing is pooled.
pub fn per_code(minutes: &[(Code, Minutes)]) -> Allocation {
    let per_code: BTreeMap<Code, u32> =
        by_code(minutes).into_iter().map(|(code, m)| (code, (m + CARRY) / BLOCK)).collect();
    Allocation { total: per_code.values().sum(), per_code, alternatives: Vec::new() }
}

/// Adds the minutes of each code; a started minute at the end is not a minute.
fn by_code(minutes: &[(Code, Minutes)]) -> BTreeMap<Code, u32> {
    let mut sums: BTreeMap<Code, Minutes> = BTreeMap::new();
    for &(code, m) in minutes {
        let sum = sums.entry(code).or_default();
        *sum = sum.plus(m);
    }
    sums.into_iter().map(|(code, m)| (code, m.floor())).collect()
}

/// Returns the ways to take `count` of `codes`, earlier codes first.
fn choices(codes: &[Code], count: usize) -> Vec<Vec<Code>> {
    let mut found = Vec::new();
    let mut taken = Vec::with_capacity(count);
    choose(codes, count, &mut taken, &mut found);
    found
}

fn choose(codes: &[Code], count: usize, taken: &mut Vec<Code>, found: &mut Vec<Vec<Code>>) {
    if count == 0 {
        found.push(taken.clone());
        return;
    }
    for (at, &code) in codes.iter().enumerate() {
        if codes.len() - at < count || found.len() >= MOST_ALTERNATIVES {
            return;
        }
        taken.push(code);
        choose(&codes[at + 1..], count - 1, taken, found);
        taken.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(Code, Minutes)> {
        text.split_whitespace()
            .map(|part| {
                let (code, minutes) = part.split_once('=').unwrap();
                (Code::parse(code).unwrap(), Minutes::whole(minutes.parse().unwrap()))
            })
            .collect()
    }

    #[test]
    fn bounds_of_the_pool_follow_the_table() {
        for units in 1..=12 {
            let first = 8 + 15 * (units - 1);
            assert_eq!(pooled(Minutes::whole(first)), units);
            assert_eq!(pooled(Minutes::whole(first + 14)), units);
            assert_eq!(pooled(Minutes::whole(first - 1)), units - 1);
        }
    }

    #[test]
    fn left_over_units_never_outnumber_the_rests() {
        for a in 0..50 {
            for b in 0..50 {
                let got = cms(&read(&format!("97110={a} 97530={b}")));
                assert_eq!(got.per_code.values().sum::<u32>(), got.total, "{a} {b}");
                assert_eq!(got.total, pooled(Minutes::whole(a + b)));
            }
        }
    }

    #[test]
    fn parts_of_minutes_add_up_before_they_are_cut() {
        let half = Minutes::tenths(75);
        assert_eq!(cms(&[(Code::TASK, half), (Code::TASK, half)]).total, 1);
        assert_eq!(pooled(Minutes::tenths(526)), 3);
    }

    #[test]
    fn a_wide_tie_lists_a_bounded_number_of_ways() {
        let codes = "97110 97112 97113 97116 97124 97140 97530 97533 97535 97537 97542 97750";
        let text: Vec<String> = codes.split(' ').map(|code| format!("{code}=8")).collect();
        let got = cms(&read(&text.join(" ")));
        assert_eq!(got.total, 6);
        assert_eq!(got.alternatives.len(), MOST_ALTERNATIVES);
    }
}
