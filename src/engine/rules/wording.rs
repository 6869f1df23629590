//! Warnings that keyword files raise: vague wording, time that is no treatment, delivery.

use std::collections::BTreeSet;

use crate::engine::Language;
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Category, Rule};
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
    language.found.iter().enumerate().filter_map(move |(at, found)| {
        let rule = &lexicon.rules[found.rule];
        let name = rule.warn.as_deref().or_else(|| name_of(rule.category))?;
        let sentence = language.sentences.get(found.sentence)?;
        let silent = rule.only_unmeasured && sentence.measured
            || rule.alone && !found.alone
            || found.status == Status::TestName;
        (!silent).then_some((rule, name, at))
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
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
