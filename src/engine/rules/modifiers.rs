//! Rules about modifiers: plan of care, assistants, the yearly threshold, codes that are not for SLPs.

use std::collections::BTreeSet;

use crate::engine::billing::Facts;
use crate::engine::billing::claim::ClaimSource;
use crate::engine::billing::modifiers::{Shares, shares, split};
use crate::knowledge::payers::Demand;
use crate::model::{BilledLine, Code, Discipline, Severity};

use super::{Finding, Rule, Sample};

const PLANS: [&str; 3] = ["GP", "GO", "GN"];

pub(super) const DISCIPLINE: Rule = Rule {
    id: "M1",
    name: "missing-discipline-modifier",
    severity: Severity::Error,
    title: "GP, GO or GN missing or wrong",
    about: "Each billed therapy line against the discipline. Silent where the text lists codes without \
            any modifier, as a list is no claim; a claim beside the note, or \"Billed:\", is one. A \
            warning where the payer only recommends it.",
    why: "Therapy lines without the modifier of their plan of care are returned or denied.",
    remedy: "Put the one modifier of the plan of care on each line: GP for PT, GO for OT, GN for SLP.",
    denials: &["4", "16", "N822", "N519"],
    cite: &["CMS Change Request 10176"],
    firing: Sample {
        text: "Sit to stand from low chair\n",
        billed: &[("97530", 1, &[])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair\n",
        billed: &[("97530", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: discipline,
};

fn discipline(facts: &Facts<'_>) -> Vec<Finding> {
    let severity = match facts.input.profile.discipline_modifier {
        Demand::Required => Severity::Error,
        Demand::Recommended => Severity::Warning,
        Demand::Off => return Vec::new(),
    };
    let mut found = Vec::new();
    let mut missing: Vec<Code> = Vec::new();
    for line in therapy_lines(facts) {
        let plans: Vec<&str> =
            line.modifiers.iter().map(String::as_str).filter(|m| PLANS.contains(m)).collect();
        let wanted = facts.discipline.map(Discipline::modifier);
        let span = facts.claim.span(line.code);
        let code = line.code;
        match (plans.as_slice(), wanted) {
            ([], _) => missing.push(code),
            ([plan], Some(wanted)) if *plan != wanted => {
                let who = facts.discipline.map_or("", Discipline::as_str);
                found.push(Finding::new(
                    span,
                    format!("{code} carries {plan}; {who} wants {wanted}"),
                ));
            }
            ([_, _, ..], _) => {
                let plans = plans.join(" and ");
                found.push(Finding::new(span, format!("{code} carries {plans}; one is allowed")));
            }
            _ => {}
        }
    }
    if !missing.is_empty() && knows_modifiers(facts) {
        missing.dedup();
        let codes: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let wanted = facts.discipline.map_or("GP, GO or GN", Discipline::modifier);
        let span = missing.first().and_then(|&code| facts.claim.span(code));
        found.push(Finding::new(span, format!("{wanted} is missing on {}", codes.join(", "))));
    }
    // Without any modifier at all, a "Billed:" line of the text may just not repeat them.
    let none_at_all = facts.claim.source != ClaimSource::Source
        && facts.claim.lines.iter().all(|line| line.modifiers.is_empty());
    let severity = if none_at_all { severity.min(Severity::Warning) } else { severity };
    found.into_iter().map(|finding| finding.severity(severity)).collect()
}

pub(super) const ASSISTANT: Rule = Rule {
    id: "M2",
    name: "assistant-modifier",
    severity: Severity::Error,
    title: "CQ or CO missing or wrong",
    about: "Billed lines of an assistant against CQ (PTA) and CO (OTA); CQ goes with GP, CO with GO. \
            Where each time names who gave it (\"PTA 23 min, PT 13 min\") units are compared one by one; \
            else a warning when a therapist signed as well, as then the share of the minutes decides. \
            Silent where modifiers are not known.",
    why: "Services that an assistant gave for more than a tenth of the time carry the modifier and are \
          paid at 85 percent.",
    remedy: "Add CQ beside GP or CO beside GO on each unit the assistant gave; document who did which \
             minutes.",
    denials: &["4", "N822", "N851"],
    cite: &["CMS billing examples for CQ and CO"],
    firing: Sample {
        text: "Sit to stand from low chair\nSigned: J. Roe, PTA\n",
        discipline: Some(Discipline::Pta),
        billed: &[("97530", 1, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair\nSigned: J. Roe, PTA\n",
        discipline: Some(Discipline::Pta),
        billed: &[("97530", 1, &["GP", "CQ"])],
        ..Sample::EMPTY
    },
    check: assistant,
};

fn assistant(facts: &Facts<'_>) -> Vec<Finding> {
    let severity = match facts.input.profile.assistant_modifier {
        Demand::Required => Severity::Error,
        Demand::Recommended => Severity::Warning,
        Demand::Off => return Vec::new(),
    };
    let treated_by = facts.discipline.filter(|who| who.assistant_modifier().is_some());
    let assistant = treated_by.or(facts.who.assistant);
    let alone = treated_by.is_some() && facts.who.therapist.is_none();
    let mut found = Vec::new();
    let mut missing: BTreeSet<Code> = BTreeSet::new();
    let shared = shared_units(facts);
    for line in therapy_lines(facts) {
        let code = line.code;
        let has = |modifier: &str| line.modifiers.iter().any(|known| known == modifier);
        let span = facts.claim.span(code);
        for (modifier, plan) in [("CQ", "GP"), ("CO", "GO")] {
            if has(modifier) && !has(plan) {
                let message = format!("{code} carries {modifier} without {plan}");
                found.push(Finding::new(span, message).severity(severity));
            }
        }
        match assistant.and_then(Discipline::assistant_modifier) {
            _ if shared.iter().any(|(known, _)| *known == code) => {}
            Some(wanted) if !has("CQ") && !has("CO") && !wanted.is_empty() => {
                // Split units of one code stand on two lines: one with, one without.
                let elsewhere = facts.claim.modifiers(code).contains(&wanted);
                if !elsewhere {
                    missing.insert(code);
                }
            }
            None if (has("CQ") || has("CO")) && facts.who.credential.is_some() => {
                let message =
                    format!("{code} carries an assistant's modifier, but no assistant signed");
                found.push(Finding::new(span, message).severity(Severity::Warning));
            }
            _ => {}
        }
    }
    if knows_modifiers(facts) {
        found.extend(
            shared.into_iter().filter_map(|(_, finding)| finding).map(|f| f.severity(severity)),
        );
    }
    if let Some(assistant) = assistant
        && let Some(wanted) = assistant.assistant_modifier()
        && let Some(&first) = missing.first()
        && knows_modifiers(facts)
    {
        let codes: Vec<String> = missing.iter().map(ToString::to_string).collect();
        let who = assistant.as_str();
        let message = if alone {
            format!("a {who} treated; {wanted} is missing on {}", codes.join(", "))
        } else {
            format!(
                "a {who} took part; {wanted} is wanted where the {who} gave more than a tenth: {}",
                codes.join(", ")
            )
        };
        let severity = if alone { severity } else { Severity::Warning };
        found.push(Finding::new(facts.claim.span(first), message).severity(severity));
    }
    found
}

/// Compares units billed with and without CQ or CO where the note says who gave which minutes.
///
/// Lists every code whose shares are known, with a finding where the claim differs from them.
fn shared_units(facts: &Facts<'_>) -> Vec<(Code, Option<Finding>)> {
    let mut found = Vec::new();
    for (code, units) in facts.claim.units() {
        let Some(entry) = facts.ledger.entries.get(&code) else { continue };
        let each = entry.activities.iter().map(|&span| shares(facts.input.text, span, facts.times));
        let known: Option<Vec<Shares>> = each.collect();
        let Some(known) = known.filter(|known| !known.is_empty()) else { continue };
        let shares = known.into_iter().reduce(Shares::plus).unwrap_or_default();
        let wanted = if facts.input.profile.is_pooled(code) {
            split(units, shares).assistant
        } else {
            units * u32::from(shares.marks_whole())
        };
        let marked: u32 = facts
            .claim
            .lines
            .iter()
            .filter(|line| line.code == code)
            .filter(|line| line.modifiers.iter().any(|known| known == "CQ" || known == "CO"))
            .map(|line| line.units)
            .sum();
        let finding = (marked != wanted).then(|| {
            let (assistant, therapist) = (shares.assistant, shares.therapist);
            let message = format!(
                "{code}: assistant {assistant} min, therapist {therapist} min make {wanted} of {units} \
                 units the assistant's; {marked} billed so"
            );
            Finding::new(facts.claim.span(code), message)
        });
        found.push((code, finding));
    }
    found
}

pub(super) const THRESHOLD: Rule = Rule {
    id: "M3",
    name: "kx-threshold",
    severity: Severity::Warning,
    title: "over the yearly threshold without KX",
    about: "Fires only when the source gives the amount billed this year (`ytd_amount`, US dollars, \
            before this visit) and a date with a year the profile knows.",
    why: "Above the threshold, claims without KX are denied; KX says that the note shows medical need.",
    remedy: "Add KX if the record shows the need for skilled care; else settle payment with the patient \
             beforehand.",
    denials: &["119", "N640"],
    cite: &["Noridian: KX thresholds by year"],
    firing: Sample {
        text: "Sit to stand from low chair\n",
        billed: &[("97530", 1, &["GP"])],
        extra: &[("ytd_amount", "2400.50")],
        date: Some("2024-11-03"),
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Sit to stand from low chair\n",
        billed: &[("97530", 1, &["GP", "KX"])],
        extra: &[("ytd_amount", "2400.50")],
        date: Some("2024-11-03"),
        ..Sample::EMPTY
    },
    check: threshold,
};

fn threshold(facts: &Facts<'_>) -> Vec<Finding> {
    let meta = facts.input.meta;
    let found = || {
        let amount = meta.extra.get("ytd_amount")?.trim_start_matches('$').replace(',', "");
        let dollars: u32 = amount.split('.').next()?.parse().ok()?;
        let date = meta.date.as_deref()?;
        let year = date
            .split(|c: char| !c.is_ascii_digit())
            .find(|part| part.len() == 4)
            .and_then(|part| part.parse::<u16>().ok())?;
        let most = facts.input.profile.threshold(year)?.of(facts.discipline?);
        let without: Vec<&BilledLine> = therapy_lines(facts)
            .filter(|line| !line.modifiers.iter().any(|modifier| modifier == "KX"))
            .collect();
        let first = without.first()?;
        (dollars >= most).then(|| {
            let message = format!(
                "{dollars} dollars this year, threshold {most} in {year}, and no KX on {} line(s)",
                without.len()
            );
            Finding::new(facts.claim.span(first.code), message)
        })
    };
    found().into_iter().collect()
}

pub(super) const NOT_SLP: Rule = Rule {
    id: "S1",
    name: "slp-code",
    severity: Severity::Warning,
    title: "a code that speech-language pathologists do not report",
    about: "97110, 97112, 97150 or 97530, billed (error) or supported (warning), when the discipline \
            is SLP.",
    why: "These services are not parts of speech-language treatment.",
    remedy: "Bill the speech-language service that was given, or the right discipline.",
    denials: &["B7", "185", "N95"],
    cite: &["Medicare NCCI Policy Manual 2026, ch. XI, H.2"],
    firing: Sample {
        text: "Functional task with verbal cues\n",
        discipline: Some(Discipline::Slp),
        billed: &[("97530", 1, &["GN"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Functional task with verbal cues\n",
        discipline: Some(Discipline::Slp),
        billed: &[("92507", 1, &["GN"])],
        ..Sample::EMPTY
    },
    check: not_slp,
};

fn not_slp(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.discipline != Some(Discipline::Slp) {
        return Vec::new();
    }
    let billed = facts.claim.units();
    let not_theirs = &facts.input.profile.not_slp;
    let mut found: Vec<Finding> = billed
        .keys()
        .filter(|code| not_theirs.contains(code))
        .map(|&code| {
            let message =
                format!("{code} billed; a speech-language pathologist does not report it");
            Finding::new(facts.claim.span(code), message).severity(Severity::Error)
        })
        .collect();
    let supported = facts.ledger.entries.iter();
    found.extend(
        supported
            .filter(|(code, entry)| {
                not_theirs.contains(code)
                    && !billed.contains_key(code)
                    && !entry.activities.is_empty()
            })
            .map(|(&code, entry)| {
                let message = format!(
                    "{code} is suggested; a speech-language pathologist does not report it"
                );
                Finding::new(entry.activities.first().copied(), message)
            }),
    );
    found
}

/// Returns billed lines that need the modifier of a plan of care.
fn therapy_lines<'a>(facts: &'a Facts<'_>) -> impl Iterator<Item = &'a BilledLine> {
    let profile = facts.input.profile;
    facts
        .claim
        .lines
        .iter()
        .filter(|line| profile.code(line.code).is_some_and(|known| known.therapy))
}

/// Tells whether a missing modifier means anything: a bare list of codes need not repeat them.
fn knows_modifiers(facts: &Facts<'_>) -> bool {
    facts.claim.source >= ClaimSource::Billed
        || facts.claim.lines.iter().any(|line| !line.modifiers.is_empty())
}
