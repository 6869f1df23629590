//! The whole analysis of a note: words, minutes, lines, warnings.

use crate::knowledge::lexicon::Category;
use crate::knowledge::payers::{DEFAULT, PayerProfile};
use crate::model::{Analysis, Note, Segment, Severity, Span, Versions, Warning};

use super::billing::{Billing, BillingInput, bill};
use super::nature::Nature;
use super::{Engine, Language, rules};

impl Engine {
    /// Analyses a note: a pure function of its text, what its source says, and the files loaded.
    pub fn analyse(&self, note: &Note) -> Analysis {
        let text = note.text.as_str();
        let mut language = self.read(text);
        let (profile, unknown) = self.profile(note.meta.payer.as_deref());
        // A payer may want another code for the same service, as G0283 in place of 97014.
        for one in language.segments.iter_mut().flat_map(|segment| &mut segment.codes) {
            one.code = profile.billed_as(one.code);
        }
        let setting = note.meta.setting.unwrap_or_default();
        let words = self.words(&language);
        let billing = bill(&BillingInput {
            text,
            sections: &language.sections,
            segments: &language.segments,
            mentions: &language.mentions,
            words: &words,
            meta: &note.meta,
            discipline: note.meta.discipline,
            setting,
            profile,
        });
        let mut warnings = self.wording(&language, text);
        warnings.extend(self.combinations(&language));
        warnings.extend(unknown);
        warnings.extend(not_therapy(language.nature));
        let Billing { segment_minutes, discipline, lines, time, warnings: billed, .. } = billing;
        warnings.extend(billed);
        if !lines.iter().any(|line| profile.is_pooled(line.code)) {
            // Group minutes trouble only codes that are given one-on-one.
            warnings.retain(|one| one.name != "group-not-one-on-one");
        }
        warnings.sort_by(|a, b| (a.span, &a.rule, &a.message).cmp(&(b.span, &b.rule, &b.message)));
        let segments = timed(language.segments, segment_minutes);
        Analysis {
            discipline,
            payer: profile.name.clone(),
            setting,
            versions: Versions {
                program: env!("CARGO_PKG_VERSION").to_owned(),
                keywords: self.lexicon.version.clone(),
                payer: profile.version(),
            },
            segments,
            mentions: language.mentions,
            lines,
            time,
            warnings,
        }
    }

    /// Returns the profile of a payer; a name without a profile is told, not guessed at.
    fn profile(&self, name: Option<&str>) -> (&PayerProfile, Option<Warning>) {
        let wanted = name.unwrap_or(DEFAULT);
        if let Some(profile) = self.payers.get(&wanted.to_ascii_lowercase()) {
            return (profile, None);
        }
        let known: Vec<&str> = self.payers.iter().map(|profile| profile.name.as_str()).collect();
        let warning = Warning {
            rule: "P0".to_owned(),
            name: "payer-unknown".to_owned(),
            severity: Severity::Info,
            span: None,
            message: format!("no profile for payer \"{wanted}\"; the rules of {DEFAULT} were used"),
            remedy: format!("Name one of {}, or add a payer file.", known.join(", ")),
            denials: Vec::new(),
        };
        (self.payers.default_profile(), Some(warning))
    }

    /// Returns the words besides activities that rules about documentation ask for.
    fn words(&self, language: &Language) -> Vec<(Category, Span)> {
        let categories = language.found.iter().map(|one| {
            let rule = &self.lexicon.rules[one.rule];
            (rule.category, one.span)
        });
        categories.filter(|(category, _)| category.theme().is_none()).collect()
    }

    /// Returns the warnings of combinations, each at its segment.
    fn combinations(&self, language: &Language) -> Vec<Warning> {
        let combos = language.combos.iter().filter_map(|(segment, index)| {
            let combo = &self.lexicon.combos[*index];
            let name = combo.warn.clone()?;
            Some(Warning {
                rule: combo.id.clone(),
                name,
                severity: Severity::Info,
                span: language.segments.get(*segment).map(|one| one.span),
                message: rules::wording::lower_first(&combo.explain),
                remedy: combo.ask.clone().unwrap_or_default(),
                denials: Vec::new(),
            })
        });
        combos.collect()
    }
}

fn not_therapy(nature: Nature) -> Option<Warning> {
    (nature == Nature::Medical).then(|| Warning {
        rule: "E0".to_owned(),
        name: "not-a-therapy-note".to_owned(),
        severity: Severity::Info,
        span: None,
        message:
            "this reads like an operative or medical report, not like a therapy note: nothing is \
                  suggested"
                .to_owned(),
        remedy: "Check that the right document was exported.".to_owned(),
        denials: Vec::new(),
    })
}

fn timed(
    segments: Vec<Segment>,
    minutes: Vec<Option<(crate::model::Minutes, Span)>>,
) -> Vec<Segment> {
    segments
        .into_iter()
        .zip(minutes)
        .map(|(segment, minutes)| Segment {
            minutes: minutes.map(|(minutes, _)| minutes),
            minutes_span: minutes.map(|(_, span)| span),
            ..segment
        })
        .collect()
}
