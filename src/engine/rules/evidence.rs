//! Rules about what the words of a note support: labels without content, contradicted labels,
//! purpose, skill and response.

use std::collections::BTreeMap;

use crate::engine::billing::Facts;
use crate::knowledge::lexicon::Category;
use crate::model::{Abstention, Code, Outcome, SectionKind, Segment, Severity, Span};

use super::{Finding, Rule, Sample};

const WHOLE: &str = "Treatment:\n- Sit to stand x10 from toilet height with CGA and verbal cues for foot \
                     placement, to rise safely from toilet, 12 min\nResponse: pain 4/10 to 2/10.\n\
                     Timed: 12 min. Total treatment time: 15 min.\nT. Sample, PT\n";
const THIN: &str = "Treatment:\n- Heel raises\n- Leg press\n- Bridges\nTimed: 30 min. Total treatment \
                    time: 30 min.\nT. Sample, PT\n";

pub(super) const LABEL_ONLY: Rule = Rule {
    id: "E1",
    name: "vague-activity",
    severity: Severity::Warning,
    title: "a label without content",
    about: "A billing label, minutes, and nothing that says what was done.",
    why: "A label is a claim, not evidence; it supports no code.",
    remedy: "Name the activity, its object or dose, and its purpose: \"lifted 10 lb box floor to \
             counter x10, cues for hip hinge, for stocking shelves, 15 min\".",
    denials: &["50", "B12", "N443"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample { text: "Treatment:\n- Therapeutic activities, 15 min\n", ..Sample::EMPTY },
    silent: Sample { text: WHOLE, ..Sample::EMPTY },
    check: label_only,
};

fn label_only(facts: &Facts<'_>) -> Vec<Finding> {
    let segments = facts.input.segments.iter();
    segments
        .filter(|one| one.outcome == Outcome::Abstain(Abstention::LabelWithoutContent))
        .map(|one| {
            let words = one.span.of(facts.input.text);
            Finding::new(Some(one.span), format!("\"{words}\" names a service, not what was done"))
        })
        .collect()
}

pub(super) const LABEL_MISMATCH: Rule = Rule {
    id: "E2",
    name: "label-mismatch",
    severity: Severity::Warning,
    title: "the label and the text disagree",
    about: "An intervention stands under the label of one code, and its words clearly support another. \
            A heading over several is named once.",
    why: "The code is chosen by what was done and for what, not by the label above it.",
    remedy: "Bill the code that the text supports, or ask the therapist what the activity was for.",
    denials: &["50", "11", "N115"],
    cite: &["clinical usage: the documented intent decides"],
    firing: Sample {
        text: "97530 Therapeutic Activities (15 min):\n- Quad sets 3x10, SLR 3x10 for quad strength\n",
        ..Sample::EMPTY
    },
    silent: Sample {
        text: "97110 Therapeutic Exercise (15 min):\n- Quad sets 3x10, SLR 3x10 for quad strength\n",
        ..Sample::EMPTY
    },
    check: label_mismatch,
};

/// A heading over many interventions is warned of once, with all that contradict it.
fn label_mismatch(facts: &Facts<'_>) -> Vec<Finding> {
    let mut labels: BTreeMap<(Span, Code), BTreeMap<Code, usize>> = BTreeMap::new();
    for one in facts.input.segments {
        let Some((claim, code)) = one.claim.zip(one.code()).filter(|(a, b)| a != b) else {
            continue;
        };
        let above = facts
            .section_at(one.span.start)
            .filter(|section| section.claim == Some(claim) && !section.heading.is_empty());
        let label = above.map_or(one.span, |section| section.heading);
        *labels.entry((label, claim)).or_default().entry(code).or_default() += 1;
    }
    let found = labels.into_iter().map(|((label, claim), codes)| {
        let support = |(code, count): (Code, usize)| match count {
            1 => format!("the words of 1 intervention support {code}"),
            _ => format!("the words of {count} interventions support {code}"),
        };
        let supported: Vec<String> = codes.into_iter().map(support).collect();
        Finding::new(Some(label), format!("labelled {claim}, {}", supported.join(", ")))
    });
    found.collect()
}

pub(super) const PURPOSE: Rule = Rule {
    id: "E3",
    name: "missing-purpose",
    severity: Severity::Warning,
    title: "no purpose is stated",
    about: "A whole treatment note in which no intervention says what it is for. Quiet as soon as one \
            purpose, goal link or place of daily life is named.",
    why: "Codes are told apart by intent, and necessity rests on a function that is to improve.",
    remedy: "Say what the activity is for: \"to rise safely from toilet\", \"for quad strength in stairs\".",
    denials: &["50", "N115"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3"],
    firing: Sample { text: THIN, ..Sample::EMPTY },
    silent: Sample { text: WHOLE, ..Sample::EMPTY },
    check: purpose,
};

fn purpose(facts: &Facts<'_>) -> Vec<Finding> {
    let wanted = [Category::GoalLink, Category::FunctionalContext];
    missing(facts, &wanted, "no intervention says what it was for")
}

pub(super) const SKILL: Rule = Rule {
    id: "E4",
    name: "missing-skilled-need",
    severity: Severity::Warning,
    title: "no skill is shown",
    about: "A whole treatment note without a cue, an assist level, a correction or another sign of what \
            the therapist's skill added.",
    why: "Services that need no therapist are not covered, whoever gave them.",
    remedy: "Say what the therapist did: which cue or help, for which fault, how it was graded.",
    denials: &["50", "N115"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.2"],
    firing: Sample { text: THIN, ..Sample::EMPTY },
    silent: Sample { text: WHOLE, ..Sample::EMPTY },
    check: skill,
};

fn skill(facts: &Facts<'_>) -> Vec<Finding> {
    missing(facts, &[Category::Skill], "nothing says what the therapist's skill added")
}

pub(super) const RESPONSE: Rule = Rule {
    id: "E5",
    name: "missing-response",
    severity: Severity::Info,
    title: "no measured response",
    about: "A whole treatment note without any measured response: a level of help, a score, a count \
            of cues or losses of balance, a before and after.",
    why: "Reviewers look for what changed; a note without it looks like the one before.",
    remedy: "Add one measure: pain before and after, level of assistance, share of cues, time or count.",
    denials: &["50"],
    cite: &["Medicare Benefit Policy Manual, ch. 15, 220.3.E"],
    firing: Sample { text: THIN, ..Sample::EMPTY },
    silent: Sample { text: WHOLE, ..Sample::EMPTY },
    check: response,
};

fn response(facts: &Facts<'_>) -> Vec<Finding> {
    missing(facts, &[Category::Response], "no response is measured")
}

/// Finds nothing of some categories in what a whole note says of this visit.
fn missing(facts: &Facts<'_>, wanted: &[Category], message: &str) -> Vec<Finding> {
    let counted = |kind: SectionKind| {
        !matches!(
            kind,
            SectionKind::Goals
                | SectionKind::Plan
                | SectionKind::HomeProgram
                | SectionKind::History
        )
    };
    let named = facts.input.words.iter().any(|(category, span)| {
        let kind =
            facts.section_at(span.start).map_or(SectionKind::Unknown, |section| section.kind);
        wanted.contains(category) && counted(kind)
    });
    let treated = facts.input.segments.iter().any(delivered);
    if !facts.whole_note || named || !treated {
        return Vec::new();
    }
    vec![Finding::new(None, message.to_owned())]
}

fn delivered(segment: &Segment) -> bool {
    matches!(segment.outcome, Outcome::Suggest | Outcome::Consider)
        || matches!(
            segment.outcome,
            Outcome::Abstain(Abstention::OnlyVague | Abstention::LabelWithoutContent)
        )
}
