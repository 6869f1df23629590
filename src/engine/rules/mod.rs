//! Warnings made by the engine: one table of rules, each with its reason, remedy and samples.

mod claim;
mod documentation;
mod evidence;
mod modifiers;
mod pairs;
mod time;
mod units;
pub(crate) mod wording;

use crate::engine::billing::Facts;
use crate::model::{Discipline, Setting, Severity, Span, Warning};

/// A rule: what it says of itself, and what it looks for.
#[derive(Debug)]
pub struct Rule {
    /// Stable id; never used again for another rule.
    pub id: &'static str,
    /// Stable public name.
    pub name: &'static str,
    /// How much it matters, as a rule.
    pub severity: Severity,
    /// A few words.
    pub title: &'static str,
    /// What is looked at, and when the rule keeps quiet.
    pub about: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What would mend it.
    pub remedy: &'static str,
    /// Denial reasons it invites.
    pub denials: &'static [&'static str],
    /// Where the rule comes from.
    pub cite: &'static [&'static str],
    /// A note it fires on.
    pub firing: Sample,
    /// A note it is silent on.
    pub silent: Sample,
    /// Looks for it.
    pub check: fn(&Facts<'_>) -> Vec<Finding>,
}

/// What a rule found at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Words of the note it is about.
    pub span: Option<Span>,
    /// How much it matters here, when not as the rule says.
    pub severity: Option<Severity>,
    /// What was found.
    pub message: String,
}

impl Finding {
    fn new(span: Option<Span>, message: String) -> Self {
        Self { span, severity: None, message }
    }

    fn severity(self, severity: Severity) -> Self {
        Self { severity: Some(severity), ..self }
    }
}

/// A small note with what is known of it, for the documentation and the tests of a rule.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Text of the note.
    pub text: &'static str,
    /// Name of the payer profile.
    pub payer: &'static str,
    /// Who treated.
    pub discipline: Option<Discipline>,
    /// Where.
    pub setting: Setting,
    /// Claim beside the note: code, units, modifiers.
    pub billed: &'static [(&'static str, u32, &'static [&'static str])],
    /// Lines that hold these words support these codes.
    pub supports: &'static [(&'static str, &'static str)],
    /// Other fields of the source.
    pub extra: &'static [(&'static str, &'static str)],
    /// Date of service.
    pub date: Option<&'static str>,
}

impl Sample {
    const EMPTY: Self = Self {
        text: "",
        payer: "medicare",
        discipline: Some(Discipline::Pt),
        setting: Setting::Practitioner,
        billed: &[],
        supports: &[],
        extra: &[],
        date: None,
    };
}

/// All rules, by id.
pub const RULES: &[&Rule] = &[
    &evidence::LABEL_ONLY,
    &evidence::LABEL_MISMATCH,
    &evidence::PURPOSE,
    &evidence::SKILL,
    &evidence::RESPONSE,
    &modifiers::DISCIPLINE,
    &modifiers::ASSISTANT,
    &modifiers::THRESHOLD,
    &documentation::TIMED_MINUTES,
    &documentation::TOTAL_TIME,
    &documentation::SIGNATURE,
    &documentation::CODE_MINUTES,
    &pairs::CONFLICT,
    &pairs::HISTORY,
    &pairs::ADD_ON,
    &modifiers::NOT_SLP,
    &units::OVER,
    &time::TIMED_EXCEEDS_TOTAL,
    &time::MISMATCH,
    &time::TOTAL_EXCEEDS_VISIT,
    &units::UNTIMED,
    &units::LIMIT,
    &time::OVERLAP,
    &units::OTHER_RULE,
    &units::UNDER,
    &claim::MISSED,
    &claim::UNSUPPORTED,
    &units::TIE,
    &time::UNCLEAR,
];

/// Runs all rules; warnings come by position, then id, those about the whole note first.
pub fn check(facts: &Facts<'_>) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = RULES
        .iter()
        .flat_map(|rule| (rule.check)(facts).into_iter().map(move |found| warning(rule, found)))
        .collect();
    warnings.sort_by(|a, b| (a.span, &a.rule, &a.message).cmp(&(b.span, &b.rule, &b.message)));
    warnings
}

fn warning(rule: &Rule, found: Finding) -> Warning {
    Warning {
        rule: rule.id.to_owned(),
        name: rule.name.to_owned(),
        severity: found.severity.unwrap_or(rule.severity),
        span: found.span,
        message: found.message,
        remedy: rule.remedy.to_owned(),
        denials: rule.denials.iter().map(|&denial| denial.to_owned()).collect(),
    }
}
