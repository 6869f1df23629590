//! Rules that compare billed codes with what the note says was done.

use std::collections::BTreeSet;

use crate::engine::billing::Facts;
use crate::model::{Code, Minutes, Outcome, SectionKind, Severity};

use super::{Finding, Rule, Sample};

const NOTE: &str = "Interventions:\n- Sit to stand from low chair, 15 min\n- Bridges 3x10, 10 min\n\
                    Signed: T. Sample, PT\n";
const SUPPORTS: &[(&str, &str)] = &[("Sit to stand", "97530"), ("Bridges", "97110")];

/// Services that the engine recognises, so that their absence in a note means something.
const RECOGNISED: &[&str] =
    &["97110", "97112", "97530", "97535", "97116", "97140", "97113", "97124", "97150", "97542"];

/// Group and water are properties of the session, not of its activities; a label tells them.
const OF_THE_SESSION: &[&str] = &["97150", "97113"];

pub(super) const MISSED: Rule = Rule {
    id: "U14",
    name: "missed-code",
    severity: Severity::Warning,
    title: "a delivered service was not billed",
    about: "A segment supports a code that no billed line names. Silent when nothing was billed, and \
            when the minutes give the code no unit.",
    why: "A claim leaves out what was done.",
    remedy: "Add the line, or note why it was not billed.",
    denials: &[],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample {
        text: NOTE,
        supports: SUPPORTS,
        billed: &[("97530", 1, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "Interventions:\n- Sit to stand from low chair, 22 min\n- Bridges 3x10, 1 min\n",
        supports: SUPPORTS,
        billed: &[("97530", 2, &["GP"])],
        ..Sample::EMPTY
    },
    check: missed,
};

fn missed(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.claim.is_empty() {
        return Vec::new();
    }
    let billed = facts.claim.units();
    // A code with a limit of none a day (a hot pack) is not billed in this setting at all.
    let known = |code: Code| {
        let known = facts.input.profile.code(code);
        known.is_some_and(|known| known.most_units(facts.input.setting) != Some(0))
    };
    let unbilled = facts.ledger.entries.iter().filter(|&(&code, entry)| {
        !billed.contains_key(&code) && known(code) && !entry.activities.is_empty()
    });
    unbilled
        .filter_map(|(&code, entry)| {
            let span = entry.activities.first().copied();
            let untimed = facts.input.profile.is_untimed(code);
            let bounds = facts.support.bounds.get(&code);
            match (entry.minutes, bounds) {
                _ if untimed => {
                    Some(Finding::new(span, format!("{code} is supported and not billed")))
                }
                (Some(minutes), Some(&(least, most))) if most > 0 => {
                    let could = if least == 0 { "could" } else { "would" };
                    let found = Finding::new(
                        span,
                        format!("{code}, {minutes} min, not billed; it {could} make x{most}"),
                    );
                    Some(if least == 0 { found.severity(Severity::Info) } else { found })
                }
                (None, _) if !entry.untold.is_empty() => Some(
                    Finding::new(
                        span,
                        format!("{code} is supported without minutes and not billed"),
                    )
                    .severity(Severity::Info),
                ),
                _ => None,
            }
        })
        .collect()
}

pub(super) const UNSUPPORTED: Rule = Rule {
    id: "U15",
    name: "unsupported-code",
    severity: Severity::Error,
    title: "a billed code without an activity in the note",
    about: "No delivered segment supports the billed code. A warning only, when segments stay \
            undecided or a label alone names the code. Silent for services the engine does not know, \
            and for fragments: a note without anything delivered must at least have a part about \
            interventions, speak of activities, or state no timed minutes.",
    why: "What is billed must be found in the note, in words comparable with the code.",
    remedy: "Bill the code the activities support, or ask the therapist what was done.",
    denials: &["B12", "50", "N443"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample {
        text: NOTE,
        supports: &[("Sit to stand", "97530"), ("Bridges", "97110")],
        billed: &[("97530", 1, &["GP"]), ("97112", 1, &["GP"])],
        ..Sample::EMPTY
    },
    silent: Sample {
        text: NOTE,
        supports: SUPPORTS,
        billed: &[("97530", 1, &["GP"]), ("97035", 1, &["GP"])],
        ..Sample::EMPTY
    },
    check: unsupported,
};

fn unsupported(facts: &Facts<'_>) -> Vec<Finding> {
    if facts.claim.is_empty() {
        return Vec::new();
    }
    let segments = facts.input.segments;
    let nothing_timed = facts.ledger.timed.is_some_and(|(timed, _)| timed == Minutes::default());
    let nothing_done = facts.whole_note && (nothing_timed || speaks_of_treatment(facts));
    if segments.is_empty() && !nothing_done {
        return Vec::new();
    }
    let supported: BTreeSet<Code> = segments
        .iter()
        .flat_map(|segment| segment.codes.iter().filter(|finding| finding.supported))
        .map(|finding| finding.code)
        .collect();
    let undecided = segments.is_empty() && !nothing_timed
        || segments.iter().any(|segment| matches!(segment.outcome, Outcome::Abstain(_)));
    facts
        .claim
        .units()
        .into_keys()
        .filter(|code| RECOGNISED.contains(&code.as_str()) && !supported.contains(code))
        .filter(|code| !(OF_THE_SESSION.contains(&code.as_str()) && has_minutes(facts, *code)))
        .map(|code| {
            let labelled = segments.iter().find(|segment| segment.claim == Some(code));
            let span = facts.claim.span(code).or(labelled.map(|segment| segment.span));
            let found = Finding::new(
                span,
                match labelled {
                    Some(_) => format!(
                        "{code} billed; the note gives it a label, but no activity that supports it"
                    ),
                    None => format!("{code} billed; no activity in the note supports it"),
                },
            );
            if undecided { found.severity(Severity::Warning) } else { found }
        })
        .collect()
}

fn has_minutes(facts: &Facts<'_>, code: Code) -> bool {
    facts.ledger.entries.get(&code).is_some_and(|entry| entry.minutes.is_some())
}

/// Tells whether a note has a part about treatment, or names activities.
fn speaks_of_treatment(facts: &Facts<'_>) -> bool {
    let input = facts.input;
    !input.mentions.is_empty()
        || input.sections.iter().any(|section| section.kind == SectionKind::Interventions)
}
