//! Lints over words that several entries share: across categories, inside one, under a shield.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Report;
use crate::knowledge::fold::fold_phrase;
use crate::knowledge::forms::RuleForm;
use crate::knowledge::kinds::GENERAL;
use crate::knowledge::lemmas::inflect;
use crate::knowledge::words::Words;

/// Phrases with more written-out forms are not compared: they are products of long lists.
const MOST_FORMS: usize = 64;

/// A phrase of a rule, written out.
struct Said {
    /// Position of the rule among the forms.
    rule: usize,
    /// As its author wrote it.
    written: String,
    at: Range<usize>,
    forms: BTreeSet<String>,
}

pub(super) fn run(report: &mut Report<'_>, words: &Words) {
    let said = said(report, words);
    let mut users: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, one) in said.iter().enumerate() {
        for form in &one.forms {
            users.entry(form).or_default().push(index);
        }
    }
    inside_one_rule(report, &said, &users);
    between_rules(report, &said, &users);
}

/// Returns all phrases and inflected words of rules, as far as they can be written out.
fn said(report: &Report<'_>, words: &Words) -> Vec<Said> {
    let mut said = Vec::new();
    for (rule, entry) in report.forms.rules.iter().enumerate() {
        for phrase in &entry.form.phrases {
            if let Some(forms) = words.forms(phrase.get_ref(), MOST_FORMS) {
                let (written, at) = (phrase.get_ref().clone(), phrase.span());
                said.push(Said { rule, written, at, forms: forms.into_iter().collect() });
            }
        }
        for lemma in &entry.form.lemmas {
            let forms = inflect(lemma.word.get_ref(), lemma.pos);
            let forms = forms.iter().map(|form| fold_phrase(form)).collect();
            let (written, at) = (lemma.word.get_ref().clone(), lemma.word.span());
            said.push(Said { rule, written, at, forms });
        }
    }
    said
}

fn inside_one_rule(report: &mut Report<'_>, said: &[Said], users: &BTreeMap<&str, Vec<usize>>) {
    for (index, one) in said.iter().enumerate() {
        let holds_all = |other: &usize| {
            let second = &said[*other];
            // Of two equal phrases the later one is told.
            let more = second.forms.len() > one.forms.len() || *other < index;
            *other != index && second.rule == one.rule && more && one.forms.is_subset(&second.forms)
        };
        let first = one.forms.first().and_then(|form| users.get(form.as_str()));
        let Some(other) = first.and_then(|list| list.iter().find(|other| holds_all(other))) else {
            continue;
        };
        let entry = &report.forms.rules[one.rule];
        let id = entry.form.id.get_ref();
        let message = format!("{id}: \"{}\" is held by \"{}\"", one.written, said[*other].written);
        report.add("phrase-twice", id, entry.place.file, &one.at, message);
    }
}

/// Two rules and the forms they share; the place is that of the second rule's first such phrase.
struct Pair {
    forms: Vec<String>,
    at: Range<usize>,
}

fn between_rules(report: &mut Report<'_>, said: &[Said], users: &BTreeMap<&str, Vec<usize>>) {
    let mut pairs: BTreeMap<(usize, usize), Pair> = BTreeMap::new();
    for (form, users) in users {
        for (nth, first) in users.iter().enumerate() {
            for second in &users[nth + 1..] {
                let (a, b) = ordered(report, &said[*first], &said[*second]);
                if a.rule != b.rule {
                    let pair = pairs
                        .entry((a.rule, b.rule))
                        .or_insert_with(|| Pair { forms: Vec::new(), at: b.at.clone() });
                    pair.forms.push((*form).to_owned());
                }
            }
        }
    }
    for ((first, second), pair) in &pairs {
        let (a, b) = (&report.forms.rules[*first].form, &report.forms.rules[*second].form);
        let Some((lint, what)) = judge(a, b) else { continue };
        let file = report.forms.rules[*second].place.file;
        let mut forms: Vec<&str> = pair.forms.iter().map(String::as_str).collect();
        forms.dedup();
        let more = match forms.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let (id, other) = (b.id.get_ref(), a.id.get_ref());
        let message = format!("{id} {what} {other}: \"{}\"{more}", forms[0]);
        report.add(lint, id, file, &pair.at, message);
    }
}

/// Puts the rule first that gets words of both: bare rules give way, then the lower id wins;
/// shields come first.
fn ordered<'s>(report: &Report<'_>, a: &'s Said, b: &'s Said) -> (&'s Said, &'s Said) {
    let key = |one: &Said| {
        let form = &report.forms.rules[one.rule].form;
        (form.shield.is_none(), form.bare, form.id.get_ref().clone())
    };
    if key(a) <= key(b) { (a, b) } else { (b, a) }
}

fn judge(first: &RuleForm, second: &RuleForm) -> Option<(&'static str, &'static str)> {
    let free = |rule: &RuleForm| rule.requires.is_empty() && rule.unless.is_empty();
    if first.shield.is_some() {
        let counts = second.shield.is_none() && second.warn.is_none() && free(first);
        return counts.then_some(("phrase-under-shield", "has words of the shield"));
    }
    if first.category.get_ref() == second.category.get_ref() {
        // A rule that asks for its whole sentence takes no words from others.
        let whole =
            |rule: &RuleForm| rule.only_if.as_ref().is_some_and(|one| one.get_ref() == GENERAL);
        let taken = first.requires.is_empty()
            && first.tier == second.tier
            // A bare word gives way on purpose: it is there for what other rules leave over.
            && !second.bare
            && !whole(first)
            && !whole(second);
        return taken.then_some(("phrase-in-two-rules", "has words that go to"));
    }
    let named =
        |a: &RuleForm, b: &RuleForm| a.also_in.iter().any(|id| id.get_ref() == b.id.get_ref());
    // Wording that is warned of gives no points, and bare words are there to be met by others.
    let scores = |rule: &RuleForm| rule.warn.is_none() && !rule.bare && !rule.supports.is_empty();
    let both = scores(first) && scores(second);
    (both && !named(first, second) && !named(second, first))
        .then_some(("phrase-in-two-categories", "shares words with"))
}
