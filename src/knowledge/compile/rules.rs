//! Rules and combinations: forms to compiled values.

use super::Compiler;
use crate::knowledge::examples::examples;
use crate::knowledge::fold::fold_phrase;
use crate::knowledge::forms::{
    AbbreviationForm, CaseForm, MemberForm, PerformedForm, RuleForm, Scope, SectionsForm,
    ShieldForm,
};
use crate::knowledge::kinds::{GENERAL, PREDICATES, UNMEASURED};
use crate::knowledge::lemmas::inflect;
use crate::knowledge::lexicon::{Category, Combo, Counts, Guard, Member, OnlyIf, Rule, ShieldKind};
use crate::knowledge::parse::{Entry, Place};
use crate::knowledge::words::Words;
use crate::knowledge::words::within;
use crate::model::Severity;

/// A compiled rule with the phrases of its abbreviations.
pub(super) struct Compiled {
    pub rule: Rule,
    pub guarded: Vec<Vec<usize>>,
}

impl Compiler<'_, '_> {
    fn category(&mut self, form: &RuleForm, file: usize) -> Option<Category> {
        let name = form.category.get_ref();
        let Some(category) = Category::parse(name) else {
            self.faults.push(file, form.category.span(), format!("unknown category `{name}`"));
            return None;
        };
        let Some(row) = self.manifest.category.get(name) else {
            self.faults.push(
                file,
                form.category.span(),
                format!("category `{name}` is not in manifest.toml"),
            );
            return None;
        };
        let id = form.id.get_ref();
        if !id.starts_with(&format!("{}-", row.prefix)) {
            self.faults.push(
                file,
                form.id.span(),
                format!(
                    "ids of category {name} begin with {}-, as {}-0001; this one is {id}",
                    row.prefix, row.prefix
                ),
            );
            return None;
        }
        Some(category)
    }

    pub(super) fn rule(&mut self, entry: Entry<RuleForm>) -> Option<Compiled> {
        let file = entry.place.file;
        let form = entry.form;
        let at = form.id.span();
        self.claim_id(form.id.get_ref(), file, at.clone());
        let category = self.category(&form, file)?;
        let row = self.manifest.category.get(category.as_str()).cloned()?;
        for code in form.supports.keys().chain(form.cap.keys()).chain(form.service.iter()) {
            if !self.manifest.code.contains_key(code) {
                self.faults.push(file, at.clone(), format!("code {code} is not in manifest.toml"));
            }
        }
        let mut forms = self.words.phrases(&form.phrases, file, self.faults);
        for lemma in &form.lemmas {
            for word in inflect(lemma.word.get_ref(), lemma.pos) {
                forms.push(self.words.plain(fold_phrase(&word)));
            }
        }
        forms.sort_unstable();
        forms.dedup();
        let (guards, guarded) = self.guards(&form.abbreviations, file)?;
        let regex = match &form.regex {
            Some(pattern) => Some(self.words.regex(pattern, file, self.faults)?),
            None => None,
        };
        let readers = Words::readers(&form.readers, file, self.faults)?;
        let requires = self.words.windows(&form.requires, file, self.faults)?;
        let unless = self.words.unless(&form.unless, file, self.faults)?;
        if let Some(only_if) = &form.only_if
            && !PREDICATES.iter().any(|row| row.0 == only_if.get_ref())
        {
            let known: Vec<&str> = PREDICATES.iter().map(|row| row.0).collect();
            let message =
                format!("unknown predicate `{}`; there is {}", only_if.get_ref(), known.join(", "));
            self.faults.push(file, only_if.span(), message);
        }
        self.check_names(&form, file);
        let SectionsForm { never, boost } = form.sections.unwrap_or(row.sections);
        let performed = form.performed.or(row.performed).unwrap_or(PerformedForm::Any);
        let place = self.place(file, at);
        let only_if = form.only_if.as_ref().map(|one| one.get_ref().as_str());
        let rule = Rule {
            id: form.id.into_inner(),
            aliases: form.aliases,
            name: form.name,
            category,
            since: form.since.unwrap_or_else(|| self.manifest.version.clone()),
            life: form.status,
            tier: form.tier,
            supports: form.supports.into_iter().collect(),
            caps: form.cap.into_iter().collect(),
            service: form.service,
            shield: form.shield.map(|shield| match shield {
                ShieldForm::Drop => ShieldKind::Drop,
                ShieldForm::Test => ShieldKind::Test,
            }),
            readers,
            regex,
            guards,
            requires,
            unless,
            counts: match performed {
                PerformedForm::Required => Counts::WhenPerformed,
                PerformedForm::Any => Counts::WithPerformed,
            },
            never,
            boost: boost.into_iter().collect(),
            warn: form.warn,
            severity: form.severity.or(row.severity).unwrap_or(Severity::Warning),
            only_if: match only_if {
                Some(UNMEASURED) => OnlyIf::Unmeasured,
                Some(GENERAL) => OnlyIf::General,
                _ => OnlyIf::Always,
            },
            alone: form.alone,
            bare: form.bare,
            remedy: form.remedy.unwrap_or_default(),
            denials: form.denials,
            explain: form.explain,
            ask: form.ask,
            cite: form.cite,
            forms,
            tests: examples(form.test, file, self.files),
            place,
        };
        Some(Compiled { rule, guarded })
    }

    /// Checks names that only other entries can answer: sets and readers to assign, other rules.
    fn check_names(&mut self, form: &RuleForm, file: usize) {
        for assign in &form.assign {
            let reader = assign.reader.iter().cloned().collect::<Vec<_>>();
            Words::readers(&reader, file, self.faults);
            if let Some(set) = &assign.set {
                self.words.named_set(set, file, self.faults);
            }
            if let Some(reach) = &assign.within {
                within(reach, file, self.faults);
            }
        }
        for id in form.shields.iter().chain(&form.also_in) {
            self.named.push((id.get_ref().clone(), Place { file, bytes: id.span() }));
        }
    }

    fn guards(
        &mut self,
        abbreviations: &[AbbreviationForm],
        file: usize,
    ) -> Option<(Vec<Guard>, Vec<Vec<usize>>)> {
        let mut guards = Vec::new();
        let mut guarded = Vec::new();
        for one in abbreviations {
            let near = match one.near[..] {
                [] => None,
                _ => Some(self.words.near(&one.near, one.within.as_ref(), file, self.faults)?),
            };
            let exact = (one.case == CaseForm::Exact).then(|| one.text.get_ref().clone());
            let phrase = self.words.plain(fold_phrase(one.text.get_ref()));
            guards.push(Guard { exact, near });
            guarded.push(vec![phrase]);
        }
        Some((guards, guarded))
    }

    pub(super) fn combo(&mut self, entry: Entry<RuleForm>) -> Option<Combo> {
        let file = entry.place.file;
        let form = entry.form;
        let at = form.id.span();
        self.claim_id(form.id.get_ref(), file, at.clone());
        let category = self.category(&form, file)?;
        if category != Category::Combo {
            self.faults.push(file, form.category.span(), "`all` belongs to category combo");
            return None;
        }
        let all = self.members(&form.all, file)?;
        let none = self.members(&form.none, file)?;
        Some(Combo {
            place: self.place(file, at),
            id: form.id.into_inner(),
            name: form.name,
            tier: form.tier,
            all,
            none,
            scope: form.same.unwrap_or(Scope::Segment),
            supports: form.supports.into_iter().collect(),
            warn: form.warn,
            explain: form.explain,
            ask: form.ask,
            cite: form.cite,
            tests: examples(form.test, file, self.files),
        })
    }

    fn members(&mut self, members: &[MemberForm], file: usize) -> Option<Vec<Member>> {
        members.iter().map(|member| self.member(member, file)).collect()
    }

    fn member(&mut self, member: &MemberForm, file: usize) -> Option<Member> {
        match (&member.category, &member.set) {
            (Some(name), None) => {
                if let Some(category) = Category::parse(name.get_ref()) {
                    Some(Member::Match(category, member.status))
                } else {
                    self.faults.push(
                        file,
                        name.span(),
                        format!("unknown category `{}`", name.get_ref()),
                    );
                    None
                }
            }
            (None, Some(set)) => self.words.named_set(set, file, self.faults).map(Member::Set),
            _ => None,
        }
    }
}
