//! Rules about stated time: totals, parts, overlaps, time that cannot be read.

use crate::engine::billing::Facts;
use crate::model::{Minutes, Severity};

use super::{Finding, Rule, Sample};

const SUPPORTS: &[(&str, &str)] = &[("Sit to stand", "97530"), ("Bridges", "97110")];

pub(super) const TIMED_EXCEEDS_TOTAL: Rule = Rule {
    id: "U2",
    name: "timed-exceeds-total",
    severity: Severity::Error,
    title: "more timed minutes than treatment minutes",
    about: "Timed minutes, stated or added up, against the stated total treatment time.",
    why: "Timed minutes are a part of the treatment time and cannot be more.",
    remedy: "Ask which of the two was recorded at the time.",
    denials: &["151", "152"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample { text: "Timed code minutes: 45\nTotal treatment time: 38\n", ..Sample::EMPTY },
    silent: Sample { text: "Timed code minutes: 38\nTotal treatment time: 45\n", ..Sample::EMPTY },
    check: timed_exceeds_total,
};

fn timed_exceeds_total(facts: &Facts<'_>) -> Vec<Finding> {
    match (facts.time.timed_minutes, facts.time.total_minutes) {
        (Some(timed), Some(total)) if timed > total => vec![Finding::new(
            facts.time.timed_span.or(facts.time.total_span),
            format!("{timed} timed minutes are more than the {total} minutes of treatment"),
        )],
        _ => Vec::new(),
    }
}

pub(super) const MISMATCH: Rule = Rule {
    id: "U3",
    name: "minutes-mismatch",
    severity: Severity::Error,
    title: "stated minutes differ from their parts",
    about: "The stated timed total against the sum of codes and activities; the minutes of a claim, \
            grid or heading against its activities. Silent when a part has no minutes and could make \
            up the rest.",
    why: "Minutes that contradict each other support none of the units they would make.",
    remedy: "Ask which minutes were recorded at the time.",
    denials: &["151", "152", "N443"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample {
        text: "Sit to stand from low chair, 12 min\nBridges 3x10, 10 min\nTimed code minutes: 38\n",
        supports: SUPPORTS,
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair, 12 min\nBridges 3x10, 10 min\nTimed code minutes: 22\n",
        supports: SUPPORTS,
        ..Sample::EMPTY
    },
    check: mismatch,
};

fn mismatch(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = facts
        .ledger
        .differences
        .iter()
        .map(|difference| {
            let (code, stated, parts) = (difference.code, difference.stated, difference.parts);
            let message = format!("{code}: {stated} minutes stated, its parts add up to {parts}");
            Finding::new(Some(difference.span), message)
        })
        .collect();
    let Some((stated, span)) = facts.ledger.timed else { return found };
    let profile = facts.input.profile;
    let Some(parts) = facts.ledger.parts(|code| profile.is_pooled(code)) else { return found };
    // Segments without a code, and codes the profile does not know, may or may not be timed.
    let unknown: Minutes = facts
        .ledger
        .entries
        .iter()
        .filter(|(code, _)| profile.code(**code).is_none())
        .filter_map(|(_, entry)| entry.minutes)
        .sum();
    // Shared clock time is reported by U8; a total that counts it twice is no second fault.
    let shared: Minutes = facts.ledger.overlaps.iter().map(|overlap| overlap.minutes).sum();
    let most = parts.plus(facts.ledger.loose).plus(unknown).plus(shared);
    let short = stated > most && !facts.ledger.has_untold();
    if stated < parts || short {
        let message = format!(
            "{stated} timed minutes stated, the parts add up to {}",
            if short { most } else { parts }
        );
        found.push(Finding::new(Some(span), message));
    }
    found
}

pub(super) const TOTAL_EXCEEDS_VISIT: Rule = Rule {
    id: "U4",
    name: "total-exceeds-visit",
    severity: Severity::Error,
    title: "treatment longer than the visit",
    about: "Stated treatment time, else timed minutes, against the time from coming in to going out.",
    why: "Time in and out may hold more than treatment, never less.",
    remedy: "Ask which of the two was recorded at the time.",
    denials: &["151", "152"],
    cite: &["domain reference: unit and minute checks"],
    firing: Sample {
        text: "Time in 9:00, time out 9:40\nTotal treatment time: 45\n",
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Time in 9:00, time out 9:50\nTotal treatment time: 45\n",
        ..Sample::EMPTY
    },
    check: total_exceeds_visit,
};

fn total_exceeds_visit(facts: &Facts<'_>) -> Vec<Finding> {
    let Some((visit, span)) = facts.ledger.visit else { return Vec::new() };
    let stated = facts.time.total_minutes.map(|total| (total, "minutes of treatment"));
    match stated.or(facts.time.timed_minutes.map(|timed| (timed, "timed minutes"))) {
        Some((minutes, words)) if minutes > visit => {
            let message = format!("{minutes} {words}, but the visit lasted {visit}");
            vec![Finding::new(Some(span), message)]
        }
        _ => Vec::new(),
    }
}

pub(super) const OVERLAP: Rule = Rule {
    id: "U8",
    name: "overlapping-minutes",
    severity: Severity::Error,
    title: "the same minutes under two activities",
    about: "Clock ranges of two activities, or of two claimed codes, that share time. The shared time \
            is counted once, for the earlier.",
    why: "At most one therapy service is payable for a period of 15 minutes.",
    remedy: "Ask for the time of each activity; count no minute twice.",
    denials: &["151", "97"],
    cite: &["Medicare NCCI Policy Manual 2026, ch. XI, P.2"],
    firing: Sample {
        text: "Sit to stand from low chair, 9:00-9:20\nBridges 3x10, 9:15-9:30\n",
        supports: SUPPORTS,
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair, 9:00-9:15\nBridges 3x10, 9:15-9:30\n",
        supports: SUPPORTS,
        ..Sample::EMPTY
    },
    check: overlap,
};

fn overlap(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .ledger
        .overlaps
        .iter()
        .map(|overlap| {
            let minutes = overlap.minutes;
            let message =
                format!("{minutes} of these minutes stand under another activity as well");
            Finding::new(Some(overlap.span), message)
        })
        .collect()
}

pub(super) const UNCLEAR: Rule = Rule {
    id: "U17",
    name: "unclear-minutes",
    severity: Severity::Warning,
    title: "time that is no single number",
    about: "A range such as \"10-15 min\", or clock times that run backwards. No number is taken \
            from them. Silent in history, goals, plan and home program.",
    why: "Units need the minutes as they were.",
    remedy: "Ask for the minutes recorded at the time.",
    denials: &["152", "N443"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample {
        text: "Sit to stand from low chair, 10-15 min\n",
        supports: &[("Sit to stand", "97530")],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair, 12 min\n",
        supports: &[("Sit to stand", "97530")],
        ..Sample::EMPTY
    },
    check: unclear,
};

fn unclear(facts: &Facts<'_>) -> Vec<Finding> {
    facts
        .ledger
        .unclear
        .iter()
        .map(|&span| {
            let message =
                "a range of time, or times that run backwards: no number is taken from it";
            Finding::new(Some(span), message.to_owned())
        })
        .collect()
}
