//! Warnings that keyword files raise: vague wording, time that is no treatment, delivery.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::Language;
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Category, OnlyIf, Rule};
use crate::model::{Status, Warning};

/// Returns the warnings of matches in a note.
pub(crate) fn warnings(lexicon: &Lexicon, language: &Language, text: &str) -> Vec<Warning> {
    fired(lexicon, language)
        .map(|(rule, name, at)| (rule, name, &language.found[at]))
        .map(|(rule, name, found)| Warning {
            rule: rule.id.clone(),
            name: name.to_owned(),
            severity: rule.severity,
            span: Some(found.span),
            message: format!("\"{}\": {}", found.span.of(text), lower_first(&rule.explain)),
            remedy: rule.remedy.clone(),
            denials: rule.denials.clone(),
        })
        .collect()
}

/// Returns id and name of the warnings that fire, combinations included.
pub(crate) fn raised<'l>(
    lexicon: &'l Lexicon,
    language: &'l Language,
) -> impl Iterator<Item = (&'l str, &'l str)> {
    let rules = fired(lexicon, language).map(|(rule, name, _)| (rule.id.as_str(), name));
    let combos = language.combos.iter().filter_map(|(_, index)| {
        let combo = &lexicon.combos[*index];
        combo.warn.as_deref().map(|name| (combo.id.as_str(), name))
    });
    rules.chain(combos)
}

/// Returns the positions of matches whose warnings fire.
pub(crate) fn spoken(lexicon: &Lexicon, language: &Language) -> BTreeSet<usize> {
    fired(lexicon, language).map(|(_, _, at)| at).collect()
}

fn fired<'l>(
    lexicon: &'l Lexicon,
    language: &'l Language,
) -> impl Iterator<Item = (&'l Rule, &'l str, usize)> {
    let loud = move |at: usize| {
        let found = &language.found[at];
        let rule = &lexicon.rules[found.rule];
        let name = rule.warn.as_deref().or_else(|| name_of(rule.category))?;
        let sentence = language.sentences.get(found.sentence)?;
        let silent = rule.only_if == OnlyIf::Unmeasured && sentence.measured
            || rule.only_if == OnlyIf::General && !found.general
            || rule.alone && !found.alone
            || found.status == Status::TestName;
        (!silent).then_some((rule, name, at))
    };
    // A sentence of general words is warned of once, and not beside a warning that says more.
    let mut general: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, found) in language.found.iter().enumerate().filter(|(_, found)| found.general) {
        if loud(at).is_some() {
            let first = general.entry(found.sentence).or_insert(at);
            if found.rule < language.found[*first].rule {
                *first = at;
            }
        }
    }
    for (at, found) in language.found.iter().enumerate().filter(|(_, found)| !found.general) {
        if general.is_empty() {
            break;
        }
        let vague = lexicon.rules[found.rule].category == Category::Vague;
        if vague && general.contains_key(&found.sentence) && loud(at).is_some() {
            general.remove(&found.sentence);
        }
    }
    (0..language.found.len()).filter_map(move |at| {
        let found = &language.found[at];
        let shown = !found.general || general.get(&found.sentence) == Some(&at);
        loud(at).filter(|_| shown)
    })
}

/// The public name of a category's warnings, for rules that give none of their own.
fn name_of(category: Category) -> Option<&'static str> {
    match category {
        Category::Vague => Some("vague-activity"),
        Category::NonBillableTime => Some("non-billable-time"),
        _ => None,
    }
}

pub(crate) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let mut lower = String::with_capacity(text.len());
    lower.extend(chars.next().into_iter().flat_map(char::to_lowercase));
    lower.push_str(chars.as_str());
    lower
}
