//! Rules about codes that do not go together, or not alone.

use crate::engine::billing::Facts;
use crate::engine::billing::pairs;
use crate::model::{Code, Severity};

use super::{Finding, Rule, Sample};

const NOTE: &str = "Lifting crate from floor, 15 min\nJoint mobilization, 15 min\n";
const SUPPORTS: &[(&str, &str)] = &[("Lifting", "97530"), ("Joint", "97140")];

pub(super) const CONFLICT: Rule = Rule {
    id: "P1",
    name: "pair-conflict",
    severity: Severity::Warning,
    title: "two codes that this payer does not pay together as they are",
    about: "Billed codes, else supported ones, against the payer's pair table in the setting. Indicator \
            1: silent when a bypass modifier stands on either code and both have minutes. Indicator 0: \
            no modifier helps, an error when billed.",
    why: "The column 2 code of an active pair is denied.",
    remedy: "Bill both only if their minutes are distinct and documented, with the payer's modifier; \
             else drop the column 2 code. The program appends nothing by itself.",
    denials: &["97", "236", "N519", "M80"],
    cite: &[
        "CMS Medicare NCCI pair table, 2024-07-01",
        "Medicare NCCI Policy Manual 2026, ch. I, XI",
    ],
    firing: Sample {
        text: NOTE,
        payer: "commercial",
        supports: SUPPORTS,
        billed: &[("97530", 1, &["GP"]), ("97140", 1, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: NOTE,
        payer: "commercial",
        supports: SUPPORTS,
        billed: &[("97530", 1, &["GP", "59"]), ("97140", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: conflict,
};

fn conflict(facts: &Facts<'_>) -> Vec<Finding> {
    let input = facts.input;
    let billed = !facts.claim.is_empty();
    each_pair(facts)
        .into_iter()
        .filter_map(|(one, other)| {
            let pair = input.profile.pair(one, other, input.setting)?;
            let span = facts.claim.span(pair.column2).or_else(|| facts.claim.span(pair.column1));
            let span = span.or_else(|| activity(facts, pair.column2));
            let words = pairs::words(pair, input.profile);
            if !pair.bypassable {
                let found = Finding::new(span, words);
                return Some(if billed { found.severity(Severity::Error) } else { found });
            }
            let modifier = pairs::bypass(pair, facts.claim, input.profile);
            let Some(modifier) = modifier else { return Some(Finding::new(span, words)) };
            let untold = [one, other].into_iter().find(|&code| input.profile.is_pooled(code) && minutes(facts, code).is_none())?;
            let message = format!("{modifier} says that {one} and {other} had distinct time, but no minutes of {untold} are stated");
            Some(Finding::new(span, message))
        })
        .collect()
}

pub(super) const HISTORY: Rule = Rule {
    id: "P2",
    name: "pair-history",
    severity: Severity::Info,
    title: "a pair that is often taken for a conflict",
    about: "Two codes on one date that billing guides call a pair, while the payer's table has none in \
            force. One line of information; silent when the payer does list the pair.",
    why: "The two are paid together if their minutes are distinct; a modifier is not called for.",
    remedy: "Nothing to mend; keep the minutes of both apart.",
    denials: &[],
    cite: &["CMS Medicare NCCI pair table, 2024-07-01"],
    firing: Sample {
        text: NOTE,
        supports: SUPPORTS,
        billed: &[("97530", 1, &["GP"]), ("97140", 1, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: NOTE,
        payer: "commercial",
        supports: SUPPORTS,
        billed: &[("97530", 1, &["GP"]), ("97140", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: history,
};

fn history(facts: &Facts<'_>) -> Vec<Finding> {
    let profile = facts.input.profile;
    each_pair(facts)
        .into_iter()
        .filter(|&(one, other)| profile.pair(one, other, facts.input.setting).is_none())
        .filter_map(|(one, other)| {
            let entry = profile.history(one, other).filter(|entry| entry.on_note)?;
            let message = format!("{one} with {other}: {}", entry.words);
            Some(Finding::new(None, message))
        })
        .collect()
}

pub(super) const ADD_ON: Rule = Rule {
    id: "P3",
    name: "add-on-without-base",
    severity: Severity::Error,
    title: "an add-on code without the code it is added to",
    about: "97130 without 97129, 97546 without 97545, 97551 without 97550, as billed.",
    why: "An add-on code is paid only beside its base code.",
    remedy: "Bill the base code for the first block of time; only what goes beyond it is the add-on.",
    denials: &["B15"],
    cite: &["Medicare NCCI Policy Manual 2026, ch. I"],
    firing: Sample { text: "Memory strategies\n", billed: &[("97130", 1, &[])], ..Sample::EMPTY },
    silent: Sample {
        text: "Memory strategies\n",
        billed: &[("97129", 1, &[]), ("97130", 1, &[])],
        ..Sample::EMPTY
    },
    check: add_on,
};

fn add_on(facts: &Facts<'_>) -> Vec<Finding> {
    let billed = facts.claim.units();
    billed
        .keys()
        .filter_map(|&code| {
            let base = facts.input.profile.code(code)?.needs?;
            (!billed.contains_key(&base)).then(|| {
                let message = format!("{code} billed without {base}, which it is added to");
                Finding::new(facts.claim.span(code), message)
            })
        })
        .collect()
}

/// Returns all pairs of billed codes, else of codes with support, in ascending order.
fn each_pair(facts: &Facts<'_>) -> Vec<(Code, Code)> {
    let codes: Vec<Code> = if facts.claim.is_empty() {
        let supported = facts.ledger.entries.iter();
        supported
            .filter(|(_, entry)| !entry.activities.is_empty() || entry.minutes.is_some())
            .map(|(&code, _)| code)
            .collect()
    } else {
        facts.claim.units().into_keys().collect()
    };
    let mut found = Vec::new();
    for (at, &one) in codes.iter().enumerate() {
        found.extend(codes[at + 1..].iter().map(|&other| (one, other)));
    }
    found
}

fn activity(facts: &Facts<'_>, code: Code) -> Option<crate::model::Span> {
    facts.ledger.entries.get(&code)?.activities.first().copied()
}

fn minutes(facts: &Facts<'_>, code: Code) -> Option<crate::model::Minutes> {
    facts.ledger.entries.get(&code)?.minutes
}
