//! Worked and derived examples of both unit rules.

use std::collections::BTreeMap;

use rubric::engine::billing::units;
use rubric::model::{Code, Minutes, UnitRule};

/// Minutes by code; units by code under the pooled rule (`|` between alternatives, codes in order
/// of the minutes, `any N` = N units to any of the tied codes, one each on top of whole blocks);
/// total per code rule; allocation per code rule.
const EXAMPLES: &[(&str, &str, &str)] = &[
    // Worked examples: CMS manual and published answers.
    ("97112=24 97110=23", "2 1", "2 2"),
    ("97112=20 97110=20", "2 1 | 1 2", "1 1"),
    ("97110=33 97140=7", "2 1", "2 0"),
    ("97110=18 97140=13 97116=10 97035=8", "1 1 1 0", "1 1 1 1"),
    ("97112=7 97110=7 97140=7", "1 0 0 | 0 1 0 | 0 0 1", "0 0 0"),
    ("97110=10 97112=10", "1 0 | 0 1", "1 1"),
    ("97110=7", "0", "0"),
    ("97110=99", "7", "7"),
    ("97110=20 97116=20", "2 1 | 1 2", "1 1"),
    ("97535=10 97535=15", "2", "2"),
    ("97110=8 97110=10", "1", "1"),
    ("97110=8 97110=5", "1", "1"),
    ("97110=8 97110=6", "1", "1"),
    // Derived vectors.
    ("97110=8 97112=8 97530=8", "1 1 0 | 1 0 1 | 0 1 1", "1 1 1"),
    (
        "97110=8 97112=8 97530=8 97140=8",
        "1 1 0 0 | 1 0 1 0 | 1 0 0 1 | 0 1 1 0 | 0 1 0 1 | 0 0 1 1",
        "1 1 1 1",
    ),
    ("97110=5 97140=6", "0 1", "0 0"),
    ("97110=7 97140=7", "1 0 | 0 1", "0 0"),
    ("97110=3 97140=4", "0 0", "0 0"),
    ("97110=4 97530=4 97140=4 97112=4", "1 0 0 0 | 0 1 0 0 | 0 0 1 0 | 0 0 0 1", "0 0 0 0"),
    ("97530=30 97110=8", "2 1", "2 1"),
    ("97530=25 97110=12", "1 1", "2 1"),
    ("97110=35 97530=7", "2 1", "2 0"),
    ("97110=22 97530=7", "2 0 | 1 1", "1 0"),
    ("97110=22 97530=1", "2 0", "1 0"),
    ("97530=22 97110=22", "2 1 | 1 2", "1 1"),
    ("97530=16 97110=14", "1 1", "1 1"),
    ("97530=14 97110=9", "1 1", "1 1"),
    ("97110=12 97530=11", "1 1", "1 1"),
    ("97110=15 97530=15 97140=8", "1 1 1", "1 1 1"),
    ("97110=15 97530=15 97140=7", "1 1 0", "1 1 0"),
    ("97110=20 97140=9 97530=9", "1 1 1", "1 1 1"),
    ("97110=38 97530=2", "3 0", "3 0"),
    ("97530=20 97535=18 97112=15", "2 1 1", "1 1 1"),
    ("97530=13 97110=13 97140=13", "1 1 1", "1 1 1"),
    ("97110=23 97530=23 97140=23", "2 2 1 | 2 1 2 | 1 2 2", "2 2 2"),
    ("97110=14 97530=14 97140=14 97112=14", "1 1 1 1", "1 1 1 1"),
    ("97110=45 97530=40 97140=22", "3 3 1", "3 3 1"),
    ("97110=23 97140=12 97116=8", "2 1 0 | 1 1 1", "2 1 1"),
];

#[test]
fn worked_and_derived_examples_come_out_under_both_rules() {
    for &(minutes, pooled, midpoint) in EXAMPLES {
        let (codes, input) = read(minutes);
        let got = units::cms(&input);
        let mut want: Vec<BTreeMap<Code, u32>> =
            pooled.split('|').map(|units| by_code(&codes, units)).collect();
        want.sort();
        let mut ways = if got.alternatives.is_empty() {
            vec![got.per_code.clone()]
        } else {
            got.alternatives.clone()
        };
        ways.sort();
        assert_eq!(ways, want, "pooled: {minutes}");
        assert_eq!(got.total, want[0].values().sum::<u32>(), "pooled: {minutes}");

        let got = units::per_code(&input);
        assert_eq!(got.per_code, by_code(&codes, midpoint), "per code: {minutes}");
        assert!(got.alternatives.is_empty());
    }
}

#[test]
fn one_code_alone_follows_the_table_in_both_rules() {
    let bounds = [(7, 0), (8, 1), (22, 1), (23, 2), (37, 2), (38, 3), (52, 3), (53, 4), (67, 4)];
    let higher =
        [(68, 5), (82, 5), (83, 6), (97, 6), (98, 7), (112, 7), (113, 8), (127, 8), (128, 9)];
    for (minutes, want) in bounds.into_iter().chain(higher) {
        let input = [(Code::TASK, Minutes::whole(minutes))];
        for rule in [UnitRule::Cms, UnitRule::PerCode] {
            let got = units::allocate(rule, &input);
            assert_eq!((got.total, got.per_code[&Code::TASK]), (want, want), "{rule:?} {minutes}");
        }
    }
}

/// Returns the codes in the order of their first appearance, and the input as given.
fn read(text: &str) -> (Vec<Code>, Vec<(Code, Minutes)>) {
    let input: Vec<(Code, Minutes)> = text
        .split_whitespace()
        .map(|part| {
            let (code, minutes) = part.split_once('=').unwrap();
            (Code::parse(code).unwrap(), Minutes::whole(minutes.parse().unwrap()))
        })
        .collect();
    let mut codes: Vec<Code> = Vec::new();
    for &(code, _) in &input {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    (codes, input)
}

fn by_code(codes: &[Code], units: &str) -> BTreeMap<Code, u32> {
    codes.iter().copied().zip(units.split_whitespace().map(|u| u.parse().unwrap())).collect()
}
