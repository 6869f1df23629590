//! Headings, cues, absorbers and abbreviations: forms to compiled values.

use std::collections::BTreeMap;

use super::Compiler;
use crate::knowledge::examples::examples;
use crate::knowledge::fold::fold_phrase;
use crate::knowledge::forms::{AbsorberForm, CaseForm, CueForm, ReadingsForm, SectionForm};
use crate::knowledge::lexicon::{Abbreviation, Absorber, CueRule, Heading, Reading, Role, Themes};
use crate::knowledge::parse::Entry;
use crate::knowledge::words::Words;

impl Compiler<'_, '_> {
    pub(super) fn heading(
        &mut self,
        entry: Entry<SectionForm>,
        headings: &mut Vec<Heading>,
        heading_words: &mut BTreeMap<String, usize>,
    ) {
        let file = entry.place.file;
        let form = entry.form;
        self.claim_id(form.id.get_ref(), file, form.id.span());
        let index = headings.len();
        for words in &form.headings {
            if form.label
                && let Some(phrase) = self.words.phrase(words, file, self.faults)
            {
                self.words.role(phrase, Role::Label(index));
            }
            for folded in self.words.expand(words, file, self.faults) {
                if heading_words.insert(folded.clone(), index).is_some() {
                    self.faults.push(
                        file,
                        words.span(),
                        format!("the heading \"{folded}\" stands in two sections; keep one"),
                    );
                }
            }
        }
        headings.push(Heading {
            tests: examples(form.test, file, self.files),
            place: self.place(file, form.id.span()),
            id: form.id.into_inner(),
            kind: form.kind,
            status: form.status,
            claims: form.claims,
        });
    }

    pub(super) fn cue(&mut self, entry: Entry<CueForm>) -> Option<(CueRule, Vec<usize>)> {
        let file = entry.place.file;
        let form = entry.form;
        self.claim_id(form.id.get_ref(), file, form.id.span());
        let phrases = self.words.phrases(&form.phrases, file, self.faults);
        let readers = Words::readers(&form.readers, file, self.faults)?;
        let requires = self.words.windows(&form.requires, file, self.faults)?;
        let unless = self.words.unless(&form.unless, file, self.faults)?;
        let place = self.place(file, form.id.span());
        let cue = CueRule {
            id: form.id.into_inner(),
            name: form.name,
            status: form.status,
            strength: form.strength,
            readers,
            side: form.reach.side,
            words: form.reach.words.min(self.manifest.limits.cue_words),
            stop: form.reach.stop,
            stands: form.stands,
            themes: Themes::of(&form.themes),
            requires,
            unless,
            tests: examples(form.test, file, self.files),
            place,
        };
        Some((cue, phrases))
    }

    pub(super) fn absorber(&mut self, entry: Entry<AbsorberForm>) -> Option<Absorber> {
        let file = entry.place.file;
        let form = entry.form;
        self.claim_id(form.id.get_ref(), file, form.id.span());
        let heads = self.words.named_set(&form.heads, file, self.faults)?;
        let objects = self.words.named_set(&form.objects, file, self.faults)?;
        Some(Absorber {
            place: self.place(file, form.id.span()),
            id: form.id.into_inner(),
            name: form.name,
            heads,
            skips: self.words.unnamed_set(&form.skips, file, self.faults),
            objects,
            joins: self.words.unnamed_set(&form.joins, file, self.faults),
            links: self.words.unnamed_set(&form.then.links, file, self.faults),
            status: form.then.status,
            strength: form.then.strength,
            tests: examples(form.test, file, self.files),
        })
    }

    pub(super) fn abbreviation(
        &mut self,
        index: usize,
        entry: Entry<ReadingsForm>,
        headings: &BTreeMap<String, usize>,
    ) -> Option<Abbreviation> {
        let file = entry.place.file;
        let form = entry.form;
        self.claim_id(form.id.get_ref(), file, form.id.span());
        if let Some(otherwise) = form.otherwise.as_deref().filter(|word| *word != "unread") {
            self.faults.push(file, form.id.span(), format!(
                "otherwise = \"{otherwise}\": the only word here is \"unread\", nothing is guessed"
            ));
        }
        let mut readings = Vec::new();
        for reading in &form.readings {
            let folded = fold_phrase(reading.means.get_ref());
            let rules = self.words.roles_of(&folded).into_iter().filter_map(|role| match role {
                Role::Rule(rule) => Some(rule),
                _ => None,
            });
            let near = if reading.near.is_empty() {
                None
            } else {
                let reach = reading.within.as_ref();
                Some(self.words.near(&reading.near, reach, file, self.faults)?)
            };
            readings.push(Reading {
                rules: rules.collect(),
                label: headings.get(&folded).copied(),
                means: reading.means.get_ref().clone(),
                near,
                used: reading.used,
            });
        }
        let phrase = self.words.plain(fold_phrase(form.text.get_ref()));
        self.words.role(phrase, Role::Abbreviation(index));
        Some(Abbreviation {
            place: self.place(file, form.id.span()),
            id: form.id.into_inner(),
            exact: (form.case == CaseForm::Exact).then(|| form.text.get_ref().clone()),
            readings,
            tests: examples(form.test, file, self.files),
        })
    }
}
