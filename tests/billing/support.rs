//! Notes for tests of billing: sections by simple headings, segments by the words they hold.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rubric::engine::billing::{self, Billing, BillingInput, minutes::labels};
use rubric::engine::rules::Sample;
use rubric::engine::section::Section;
use rubric::knowledge::lexicon::Category;
use rubric::knowledge::payers::Payers;
use rubric::model::{
    Abstention, BilledLine, Code, CodeFinding, Discipline, Note, NoteMeta, Outcome, SectionKind,
    Segment, Setting, Span, Status, Warning,
};

static PAYERS: LazyLock<Payers> = LazyLock::new(|| Payers::built_in().unwrap());

/// A note with what its lines support: `97530`, `97530/97110` (open), `-` (a label without content).
pub(super) struct Case<'a> {
    pub(super) text: &'a str,
    pub(super) payer: &'a str,
    pub(super) discipline: Option<Discipline>,
    pub(super) setting: Setting,
    pub(super) billed: Vec<BilledLine>,
    pub(super) supports: Vec<(&'a str, &'a str)>,
    pub(super) extra: BTreeMap<String, String>,
    pub(super) date: Option<String>,
}

pub(super) fn note<'a>(text: &'a str, supports: &[(&'a str, &'a str)]) -> Case<'a> {
    Case {
        text,
        payer: "medicare",
        discipline: None,
        setting: Setting::Practitioner,
        billed: Vec::new(),
        supports: supports.to_vec(),
        extra: BTreeMap::new(),
        date: None,
    }
}

pub(super) fn of_sample(sample: &Sample) -> Case<'static> {
    let owned = |pair: &(&str, &str)| (pair.0.to_owned(), pair.1.to_owned());
    Case {
        text: sample.text,
        payer: sample.payer,
        discipline: sample.discipline,
        setting: sample.setting,
        billed: sample
            .billed
            .iter()
            .map(|(code, units, modifiers)| line(code, *units, modifiers))
            .collect(),
        supports: sample.supports.to_vec(),
        extra: sample.extra.iter().map(owned).collect(),
        date: sample.date.map(str::to_owned),
    }
}

pub(super) fn line(code: &str, units: u32, modifiers: &[&str]) -> BilledLine {
    BilledLine {
        code: self::code(code),
        units,
        modifiers: modifiers.iter().map(|&modifier| modifier.to_owned()).collect(),
    }
}

pub(super) fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

impl Case<'_> {
    pub(super) fn payer(self, payer: &'static str) -> Self {
        Self { payer, ..self }
    }

    pub(super) fn billed(mut self, lines: &[(&str, u32, &[&str])]) -> Self {
        self.billed = lines.iter().map(|(code, units, mods)| line(code, *units, mods)).collect();
        self
    }

    pub(super) fn run(&self) -> Billing {
        let sections = sections(self.text);
        let segments = segments(self.text, &sections, &self.supports);
        let meta = NoteMeta {
            billed: self.billed.clone(),
            extra: self.extra.clone(),
            date: self.date.clone(),
            ..NoteMeta::default()
        };
        billing::bill(&BillingInput {
            text: self.text,
            sections: &sections,
            segments: &segments,
            mentions: &[],
            // Purpose, skill and response are named: what is missing is not looked at here.
            words: &[Category::GoalLink, Category::Skill, Category::Response]
                .map(|category| (category, Span::new(0, 0))),
            meta: &meta,
            discipline: self.discipline,
            setting: self.setting,
            profile: PAYERS.get(self.payer).unwrap(),
        })
    }
}

/// Shows lines as `97530 12min x1/2`: minutes, units, billed units.
pub(super) fn lines(billing: &Billing) -> Vec<String> {
    let show = |value: Option<u32>| value.map_or("-".to_owned(), |value| value.to_string());
    billing
        .lines
        .iter()
        .map(|line| {
            let minutes = line.minutes.map_or("-".to_owned(), |minutes| minutes.to_string());
            format!("{} {minutes}min x{}/{}", line.code, show(line.units), show(line.billed_units))
        })
        .collect()
}

/// Names of warnings with the sign of their severity, as `!units-over-billed`.
pub(super) fn warnings(billing: &Billing) -> Vec<String> {
    names(&billing.warnings)
}

pub(super) fn names(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(|found| format!("{}{}", found.severity.sign(), found.name)).collect()
}

/// Makes a note of a rule's sample, for the whole engine.
pub(super) fn note_of(sample: &Sample) -> Note {
    Note {
        key: "sample".to_owned(),
        source: "sample".to_owned(),
        text: sample.text.to_owned(),
        fingerprint: String::new(),
        meta: NoteMeta { discipline: sample.discipline, ..NoteMeta::default() },
    }
}

fn sections(text: &str) -> Vec<Section> {
    let mut found: Vec<Section> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let heading = line.find(':').map(|colon| &line[..colon]).and_then(|head| {
            let alone = line[head.len() + 1..].trim().is_empty();
            let kind = kind(head, alone)?;
            Some((kind, head.len() + 1))
        });
        match heading {
            Some((kind, length)) => {
                let claim = line[..length]
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .find_map(Code::parse)
                    .or_else(|| labels::starting_at(line, 0).map(|(code, _)| code));
                found.push(Section::new(
                    kind,
                    Span::new(start, start + length),
                    Span::new(start + length, start + line.len()),
                    claim,
                ));
            }
            None => match found.last_mut() {
                Some(section) => {
                    section.body = section.body.join(Span::new(start, start + line.len()));
                }
                None => found.push(Section::new(
                    SectionKind::Unknown,
                    Span::new(start, start),
                    Span::new(start, start + line.len()),
                    None,
                )),
            },
        }
        start += line.len();
    }
    found
}

fn kind(head: &str, alone: bool) -> Option<SectionKind> {
    Some(match head.to_ascii_lowercase().as_str() {
        "subjective" => SectionKind::Subjective,
        "interventions" | "treatment" => SectionKind::Interventions,
        "hep" => SectionKind::HomeProgram,
        "goals" => SectionKind::Goals,
        "plan" => SectionKind::Plan,
        "billing" => SectionKind::Billing,
        "assessment" => SectionKind::Assessment,
        "signed" => SectionKind::Signature,
        other if alone && (other.starts_with("97") || other.starts_with("ther act")) => {
            SectionKind::Interventions
        }
        _ => return None,
    })
}

fn segments(text: &str, sections: &[Section], supports: &[(&str, &str)]) -> Vec<Segment> {
    let mut found: Vec<Segment> = supports
        .iter()
        .filter_map(|(words, codes)| {
            let at = text.find(words)?;
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            let end = text[at..].find('\n').map_or(text.len(), |length| at + length);
            let section = sections.iter().find(|section| section.heading.range().contains(&start));
            let start = section.map_or(start, |section| section.heading.range().end);
            let line = text[start..end].trim_start_matches(['-', ' ']);
            let start = end - line.len();
            let governing =
                sections.iter().rev().find(|section| section.heading.range().start <= start);
            let codes: Vec<Code> = codes.split('/').filter_map(Code::parse).collect();
            let outcome = match codes.as_slice() {
                [] => Outcome::Abstain(Abstention::LabelWithoutContent),
                [only] if only.is_target() => Outcome::Suggest,
                [_] => Outcome::Other,
                _ => Outcome::Consider,
            };
            let finding = |&code: &Code| CodeFinding {
                code,
                score: 9,
                lead: 4,
                floor: 5,
                supported: true,
                evidence: Vec::new(),
                why_not: Vec::new(),
            };
            Some(Segment {
                index: 0,
                span: Span::new(start, end),
                line: 1,
                section: governing.map_or(SectionKind::Unknown, |section| section.kind),
                status: Status::Performed,
                minutes: None,
                minutes_span: None,
                claim: line
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .next()
                    .and_then(Code::parse)
                    .or_else(|| labels::starting_at(line, 0).map(|(code, _)| code)),
                outcome,
                codes: codes.iter().map(finding).collect(),
                ask: None,
            })
        })
        .collect();
    found.sort_by_key(|segment| segment.span);
    found
}
