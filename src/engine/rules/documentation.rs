//! Rules about what a treatment note must state: timed minutes, treatment time, a signature.

use crate::engine::billing::Facts;
use crate::knowledge::payers::Demand;
use crate::model::{Code, Severity};

use super::{Finding, Rule, Sample};

const SUPPORTS: &[(&str, &str)] = &[("Sit to stand", "97530"), ("Bridges", "97110")];
const WHOLE: &str = "Interventions:\n- Sit to stand from low chair, 12 min\n- Bridges 3x10, 10 min\n\
                     Timed code minutes: 22\nTotal treatment time: 30 min\nSigned: T. Sample, PT\n";
const BARE: &str = "Interventions:\n- Sit to stand from low chair\n- Bridges 3x10\n";

/// Says what a whole note is, for all rules here.
const WHEN: &str = "Only for a whole treatment note: three lines or more with an interventions, \
                    billing or signature part, stated totals or billed codes, or running text of \
                    sixty words. A single line or sentence lacks nothing.";

pub(super) const TIMED_MINUTES: Rule = Rule {
    id: "N4",
    name: "missing-timed-minutes",
    severity: Severity::Warning,
    title: "no total of timed minutes",
    about: WHEN,
    why: "A Medicare treatment note states the total of timed code minutes; units rest on it.",
    remedy: "Ask for the total of timed minutes as recorded at the time.",
    denials: &["152", "16", "N443"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample { text: BARE, supports: SUPPORTS, ..Sample::EMPTY },
    silent: Sample { text: WHOLE, supports: SUPPORTS, ..Sample::EMPTY },
    check: timed_minutes,
};

fn timed_minutes(facts: &Facts<'_>) -> Vec<Finding> {
    if !facts.whole_note || !has_timed_service(facts) || facts.ledger.timed.is_some() {
        return Vec::new();
    }
    let message = match facts.time.timed_minutes {
        Some(parts) => {
            format!("no total of timed minutes is stated; the parts that are add up to {parts}")
        }
        None => "no timed minutes are stated; units cannot be worked out".to_owned(),
    };
    vec![Finding::new(None, message)]
}

pub(super) const TOTAL_TIME: Rule = Rule {
    id: "N5",
    name: "missing-total-time",
    severity: Severity::Warning,
    title: "no total treatment time",
    about: WHEN,
    why: "A Medicare treatment note states the total treatment time, timed and untimed.",
    remedy: "Ask for the total treatment time as recorded at the time.",
    denials: &["16", "N443"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample { text: BARE, supports: SUPPORTS, ..Sample::EMPTY },
    silent: Sample { text: WHOLE, supports: SUPPORTS, ..Sample::EMPTY },
    check: total_time,
};

fn total_time(facts: &Facts<'_>) -> Vec<Finding> {
    let treated = !facts.input.segments.is_empty() || has_timed_service(facts);
    if !facts.whole_note || !treated || facts.ledger.total.is_some() {
        return Vec::new();
    }
    match facts.ledger.visit {
        None => vec![Finding::new(None, "no total treatment time is stated".to_owned())],
        Some((visit, span)) => {
            let message = format!(
                "only time in and out is stated ({visit} min), which may hold more than treatment"
            );
            vec![Finding::new(Some(span), message).severity(Severity::Info)]
        }
    }
}

pub(super) const SIGNATURE: Rule = Rule {
    id: "N6",
    name: "missing-signature",
    severity: Severity::Warning,
    title: "no signature with credentials",
    about: WHEN,
    why: "Whoever treated signs with a professional identification such as PT, PTA, OTR/L, COTA/L, \
          CCC-SLP.",
    remedy: "Have the note signed with name and credentials; a late signature is dated as such.",
    denials: &["16", "251", "N29"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample { text: BARE, supports: SUPPORTS, ..Sample::EMPTY },
    silent: Sample { text: WHOLE, supports: SUPPORTS, ..Sample::EMPTY },
    check: signature,
};

fn signature(facts: &Facts<'_>) -> Vec<Finding> {
    let treated = !facts.input.segments.is_empty() || has_timed_service(facts);
    if !facts.whole_note || !treated || facts.who.credential.is_some() {
        return Vec::new();
    }
    vec![match facts.who.signature {
        Some(span) => {
            Finding::new(Some(span), "signed without a credential such as PT or OTR/L".to_owned())
        }
        None => Finding::new(None, "no signature with credentials is found".to_owned()),
    }]
}

pub(super) const CODE_MINUTES: Rule = Rule {
    id: "N8",
    name: "missing-code-minutes",
    severity: Severity::Info,
    title: "a timed service without minutes of its own",
    about: "A segment supports a timed code and neither it, its heading nor a grid states minutes. \
            One finding a note. A warning where the payer requires minutes by code.",
    why: "Medicare does not require minutes by code; units by code and distinct time cannot be shown \
          without them, and many other payers want them.",
    remedy: "Ask for minutes by activity as recorded at the time.",
    denials: &["152", "N443"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample { text: BARE, supports: SUPPORTS, ..Sample::EMPTY },
    silent: Sample { text: WHOLE, supports: SUPPORTS, ..Sample::EMPTY },
    check: code_minutes,
};

fn code_minutes(facts: &Facts<'_>) -> Vec<Finding> {
    let profile = facts.input.profile;
    if !facts.whole_note || profile.minutes_per_code == Demand::Off {
        return Vec::new();
    }
    let untold: Vec<(Code, _)> = facts
        .ledger
        .entries
        .iter()
        .filter(|(code, entry)| profile.is_pooled(**code) && !entry.untold.is_empty())
        .map(|(&code, entry)| (code, entry.untold.first().copied()))
        .collect();
    // One timed code and a stated total leave nothing open.
    let one_code =
        facts.ledger.timed.is_some() && facts.support.bounds.len() == 1 && untold.len() == 1;
    if untold.is_empty() || one_code && facts.ledger.entries.len() == 1 {
        return Vec::new();
    }
    let codes: Vec<String> = untold.iter().map(|(code, _)| code.to_string()).collect();
    let span = untold.iter().filter_map(|&(_, span)| span).min();
    let found = Finding::new(span, format!("no minutes by code for {}", codes.join(", ")));
    vec![match profile.minutes_per_code {
        Demand::Required => found.severity(Severity::Warning),
        Demand::Recommended | Demand::Off => found,
    }]
}

/// Tells whether a timed service was delivered or billed.
fn has_timed_service(facts: &Facts<'_>) -> bool {
    let profile = facts.input.profile;
    facts.ledger.entries.keys().any(|&code| profile.is_pooled(code))
        || !facts.ledger.open.is_empty()
        || facts.claim.units().keys().any(|&code| profile.is_pooled(code))
}
