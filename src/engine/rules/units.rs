//! Rules about units: more or fewer than the minutes support, limits, ties, the other unit rule.

use crate::engine::billing::Facts;
use crate::model::{Code, Severity};

use super::{Finding, Rule, Sample};

const NOTE: &str = "Interventions:\n- Sit to stand from low chair, 12 min\n- Bridges 3x10, 10 min\n\
                    Timed code minutes: 22\nTotal treatment time: 30 min\n\
                    Signed: T. Sample, PT\n";
const SUPPORTS: &[(&str, &str)] = &[("Sit to stand", "97530"), ("Bridges", "97110")];

pub(super) const OVER: Rule = Rule {
    id: "U1",
    name: "units-over-billed",
    severity: Severity::Error,
    title: "more units billed than the minutes support",
    about: "Compares billed units with the minutes of each code and of all timed codes together. \
            Silent when nothing was billed or no minutes are stated; a tie counts for the biller.",
    why: "Timed units that do not match the minutes were the second most frequent fault of the 2018 \
          federal review of therapy claims.",
    remedy: "Bill the units that the stated minutes support, or have the minutes corrected from what \
             was recorded at the time.",
    denials: &["151", "N362"],
    cite: &["Medicare Claims Processing Manual, ch. 5, 20.2"],
    firing: Sample {
        text: NOTE,
        supports: SUPPORTS,
        billed: &[("97530", 2, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: NOTE,
        supports: SUPPORTS,
        billed: &[("97530", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: over,
};

fn over(facts: &Facts<'_>) -> Vec<Finding> {
    let billed = facts.claim.units();
    let mut found: Vec<Finding> = Vec::new();
    for (&code, &units) in &billed {
        let partly = facts.ledger.entries.get(&code).is_some_and(|entry| !entry.untold.is_empty());
        let Some(&(_, most)) = facts.support.bounds.get(&code).filter(|_| !partly) else {
            continue;
        };
        if units > most {
            let minutes = minutes_of(facts, code);
            found.push(Finding::new(
                facts.claim.span(code).or_else(|| minutes_span(facts, code)),
                format!("{code} billed x{units}, {minutes} support x{most}"),
            ));
        }
    }
    if found.is_empty()
        && let (Some(total), Some(timed)) = (facts.support.total, facts.time.timed_minutes)
        && (facts.ledger.timed.is_some() || !facts.ledger.has_untold())
        && let Some(billed) = timed_units(facts)
        && billed > total
    {
        found.push(Finding::new(
            first_span(facts).or(facts.time.timed_span),
            format!("{billed} timed units billed in all, {timed} timed minutes support {total}"),
        ));
    }
    found
}

pub(super) const UNDER: Rule = Rule {
    id: "U13",
    name: "units-under-billed",
    severity: Severity::Warning,
    title: "fewer units billed than the minutes support",
    about: "The other side of U1: delivered time that was not billed. Silent when nothing was billed \
            or minutes are missing.",
    why: "Billing less than was delivered is a wrong claim as well, and it is money lost.",
    remedy: "Bill the units that the stated minutes support, or note why time was left out.",
    denials: &[],
    cite: &["Medicare Claims Processing Manual, ch. 5, 20.2"],
    firing: Sample {
        text: "Interventions:\n- Sit to stand from low chair, 25 min\nSigned: T. Sample, PT\n",
        supports: &[("Sit to stand", "97530")],
        billed: &[("97530", 1, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Interventions:\n- Sit to stand from low chair, 22 min\nSigned: T. Sample, PT\n",
        supports: &[("Sit to stand", "97530")],
        billed: &[("97530", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: under,
};

fn under(facts: &Facts<'_>) -> Vec<Finding> {
    let billed = facts.claim.units();
    let mut found: Vec<Finding> = Vec::new();
    for (&code, &units) in &billed {
        let Some(&(least, _)) = facts.support.bounds.get(&code) else { continue };
        if units < least {
            let minutes = minutes_of(facts, code);
            found.push(Finding::new(
                facts.claim.span(code).or_else(|| minutes_span(facts, code)),
                format!("{code} billed x{units}, {minutes} support x{least}"),
            ));
        }
    }
    let missed = facts
        .support
        .bounds
        .iter()
        .any(|(code, &(least, _))| least > 0 && !billed.contains_key(code));
    if found.is_empty()
        && !missed
        && let (Some(total), Some(timed)) = (facts.support.total, facts.time.timed_minutes)
        && let Some(billed) = timed_units(facts)
        && billed < total
    {
        found.push(Finding::new(
            first_span(facts).or(facts.time.timed_span),
            format!("{billed} timed units billed in all, {timed} timed minutes support {total}"),
        ));
    }
    found
}

pub(super) const UNTIMED: Rule = Rule {
    id: "U5",
    name: "untimed-units",
    severity: Severity::Error,
    title: "more than one unit of an untimed code",
    about: "Codes billed once a session, however long it took: evaluations, group, supervised \
            modalities.",
    why: "Untimed codes are never counted in blocks of 15 minutes.",
    remedy: "Bill one unit; if part of the time was another service, bill that service.",
    denials: &["151", "N362"],
    cite: &["Medicare NCCI Policy Manual 2026, ch. I"],
    firing: Sample {
        text: "Group balance class, 30 min\n",
        billed: &[("97150", 2, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Group balance class, 30 min\n",
        billed: &[("97150", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: untimed,
};

fn untimed(facts: &Facts<'_>) -> Vec<Finding> {
    let billed = facts.claim.units();
    let untimed = billed.iter().filter(|(code, _)| facts.input.profile.is_untimed(**code));
    untimed
        .filter(|&(_, &units)| units > 1)
        .map(|(&code, &units)| {
            let message = format!("{code} is untimed and billed x{units}; it is billed once");
            Finding::new(facts.claim.span(code), message)
        })
        .collect()
}

pub(super) const LIMIT: Rule = Rule {
    id: "U6",
    name: "mue-exceeded",
    severity: Severity::Warning,
    title: "more units a day than the payer's limit",
    about: "Billed units, else supported ones, against the daily limit of the setting. Untimed codes \
            over one unit are left to U5.",
    why: "Over the daily limit all units of the code and date are denied.",
    remedy: "Check the minutes; if they hold, be ready to send the note that proves them.",
    denials: &["151", "222", "N362"],
    cite: &["CMS unit limits (MUE), 2024-07-01", "Medicare NCCI Policy Manual 2026, ch. I"],
    firing: Sample {
        text: "Bridges and step-ups, 99 min\n",
        supports: &[("Bridges", "97110")],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Bridges and step-ups, 90 min\n",
        supports: &[("Bridges", "97110")],
        ..Sample::EMPTY
    },
    check: limit,
};

fn limit(facts: &Facts<'_>) -> Vec<Finding> {
    let profile = facts.input.profile;
    let mut units = facts.claim.units();
    let word = if units.is_empty() { "supported" } else { "billed" };
    if units.is_empty() {
        units.clone_from(&facts.support.chosen);
    }
    units
        .into_iter()
        .filter(|&(code, units)| !(profile.is_untimed(code) && units > 1))
        .filter_map(|(code, units)| {
            let most = profile.code(code)?.most_units(facts.input.setting)?;
            let setting = facts.input.setting.as_str();
            let message = format!("{code} {word} x{units}; the limit is {most} a day ({setting})");
            let span = facts.claim.span(code).or_else(|| minutes_span(facts, code));
            (units > most).then(|| Finding::new(span, message))
        })
        .collect()
}

pub(super) const OTHER_RULE: Rule = Rule {
    id: "U11",
    name: "unit-rules-differ",
    severity: Severity::Info,
    title: "the other unit rule gives another number",
    about: "Compares the pooled rule and the per-code rule; says so only when both are known and \
            differ.",
    why: "Payers do not all count alike; the profile must be the right one for this claim.",
    remedy: "Make sure that the payer profile is the right one.",
    denials: &[],
    cite: &["Medicare Claims Processing Manual, ch. 5, 20.2"],
    firing: Sample {
        text: "Sit to stand from low chair, 20 min\nBridges 3x10, 20 min\n",
        supports: SUPPORTS,
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair, 15 min\nBridges 3x10, 15 min\n",
        supports: SUPPORTS,
        ..Sample::EMPTY
    },
    check: other_rule,
};

fn other_rule(facts: &Facts<'_>) -> Vec<Finding> {
    let (ours, theirs) = (facts.time.units, facts.time.units_other_rule);
    match (ours.total, theirs.total) {
        (Some(one), Some(other)) if one != other && !facts.ledger.has_untold() => {
            let (ours, theirs) = (ours.rule.as_str(), theirs.rule.as_str());
            vec![Finding::new(
                facts.time.timed_span,
                format!("{one} timed units by the {ours} rule, {other} by the {theirs} rule"),
            )]
        }
        _ => Vec::new(),
    }
}

pub(super) const TIE: Rule = Rule {
    id: "U16",
    name: "units-tie",
    severity: Severity::Info,
    title: "left-over minutes tie",
    about: "Under the pooled rule two or more codes have the same rest where the last unit falls. \
            Silent when one of the ways was billed.",
    why: "The rule leaves the choice to the biller.",
    remedy: "Choose the code the last unit goes to.",
    denials: &[],
    cite: &["Medicare Claims Processing Manual, ch. 5, 20.2, example 2"],
    firing: Sample {
        text: "Sit to stand from low chair, 20 min\nBridges 3x10, 20 min\n",
        supports: SUPPORTS,
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair, 20 min\nBridges 3x10, 20 min\n",
        supports: SUPPORTS,
        billed: &[("97530", 2, &["GP"]), ("97110", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: tie,
};

/// Ways of a tie that a message lists.
const SHOWN: usize = 4;

fn tie(facts: &Facts<'_>) -> Vec<Finding> {
    let ways = &facts.support.alternatives;
    let billed = facts.claim.units();
    let same = ways.iter().any(|way| {
        way.iter().all(|(code, units)| billed.get(code).copied().unwrap_or(0) == *units)
    });
    if ways.is_empty() || same {
        return Vec::new();
    }
    let mut words: Vec<String> = ways
        .iter()
        .take(SHOWN)
        .map(|way| {
            let lines = way.iter().filter(|(_, units)| **units > 0);
            lines.map(|(code, units)| format!("{code} x{units}")).collect::<Vec<_>>().join(" + ")
        })
        .collect();
    if ways.len() > SHOWN {
        words.push(format!("{} more", ways.len() - SHOWN));
    }
    vec![Finding::new(
        facts.time.timed_span,
        format!("the last units may go either way: {}", words.join(", or ")),
    )]
}

/// Returns billed units of codes in the pool; `None` when no such code was billed.
fn timed_units(facts: &Facts<'_>) -> Option<u32> {
    let billed = facts.claim.units();
    let timed = billed.iter().filter(|(code, _)| facts.input.profile.is_pooled(**code));
    timed.map(|(_, units)| *units).reduce(u32::saturating_add)
}

fn minutes_of(facts: &Facts<'_>, code: Code) -> String {
    let own = facts.ledger.entries.get(&code).and_then(|entry| entry.minutes);
    match own.or(facts.time.timed_minutes) {
        Some(minutes) => format!("{minutes} min"),
        None => "the minutes".to_owned(),
    }
}

fn minutes_span(facts: &Facts<'_>, code: Code) -> Option<crate::model::Span> {
    facts.ledger.entries.get(&code).and_then(|entry| entry.minutes_span)
}

fn first_span(facts: &Facts<'_>) -> Option<crate::model::Span> {
    facts.claim.spans.iter().flatten().next().copied()
}
