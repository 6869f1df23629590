//! Lints over one entry by itself: points, reasons, examples, abbreviations, former ids.

use std::collections::BTreeMap;

use super::{Report, ids};
use crate::knowledge::forms::{Life, RuleForm, TestForm, Tier};
use crate::knowledge::parse::Entry;

/// Points a rule may give for a code.
const WEIGHTS: std::ops::RangeInclusive<i32> = -5..=9;

/// Abbreviations of fewer letters need a guard.
const SAFE_LETTERS: usize = 4;

pub(super) fn run(report: &mut Report<'_>) {
    for entry in &report.forms.rules {
        points(report, entry);
        if entry.form.status == Life::Stable && entry.form.tier != Tier::Preview {
            reasons(report, entry);
            examples(report, entry);
        }
        abbreviations(report, entry);
    }
    readings(report);
    aliases(report);
}

fn points(report: &mut Report<'_>, entry: &Entry<RuleForm>) {
    let form = &entry.form;
    let (id, at) = (form.id.get_ref(), form.id.span());
    for (code, weight) in &form.supports {
        if !WEIGHTS.contains(weight) {
            let message = format!("{id} gives {code} {weight} points");
            report.add("weight-out-of-range", id, entry.place.file, &at, message);
        }
        if let Some(cap) = form.cap.get(code)
            && *weight > 0
            && cap < weight
        {
            let message = format!("{id} gives {code} {weight} points, and its cap is {cap}");
            report.add("cap-under-weight", id, entry.place.file, &at, message);
        }
    }
}

fn reasons(report: &mut Report<'_>, entry: &Entry<RuleForm>) {
    let form = &entry.form;
    let (id, at) = (form.id.get_ref(), form.id.span());
    let warns = form.warn.is_some() && form.all.is_empty();
    let missing = [
        ("missing-explain", "explain", form.explain.trim().is_empty()),
        ("missing-cite", "cite", form.cite.is_empty()),
        ("missing-remedy", "remedy", warns && form.remedy.is_none()),
    ];
    for (lint, field, absent) in missing {
        if absent {
            report.add(lint, id, entry.place.file, &at, format!("{id} has no `{field}`"));
        }
    }
}

fn examples(report: &mut Report<'_>, entry: &Entry<RuleForm>) {
    let form = &entry.form;
    let (id, at) = (form.id.get_ref(), form.id.span());
    let silent = |test: &TestForm| test.miss || test.warn.as_deref() == Some("none");
    let says = |test: &TestForm| {
        let warns = test.warn.as_deref().is_some_and(|name| name != "none");
        !test.hit.is_empty() || test.status.is_some() || test.code.is_some() || warns
    };
    if !form.test.iter().any(says) {
        let message = format!("{id} has no example of what matches");
        report.add("missing-positive-test", id, entry.place.file, &at, message);
    }
    if !form.test.iter().any(silent) {
        let message = format!("{id} has no example of what must not match");
        report.add("missing-negative-test", id, entry.place.file, &at, message);
    }
}

fn abbreviations(report: &mut Report<'_>, entry: &Entry<RuleForm>) {
    let id = entry.form.id.get_ref();
    for one in &entry.form.abbreviations {
        if one.near.is_empty() && short(one.text.get_ref()) {
            let message = format!("{id} reads `{}` wherever it stands", one.text.get_ref());
            report.add("short-abbreviation", id, entry.place.file, &one.text.span(), message);
        }
    }
}

fn readings(report: &mut Report<'_>) {
    for entry in &report.forms.abbreviations {
        let form = &entry.form;
        for reading in form.readings.iter().filter(|one| one.near.is_empty()) {
            if short(form.text.get_ref()) {
                let id = form.id.get_ref();
                let message = format!(
                    "{id} reads `{}` as {} wherever it stands",
                    form.text.get_ref(),
                    reading.means.get_ref()
                );
                report.add(
                    "short-abbreviation",
                    id,
                    entry.place.file,
                    &reading.means.span(),
                    message,
                );
            }
        }
    }
}

fn short(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric()).count() < SAFE_LETTERS
}

fn aliases(report: &mut Report<'_>) {
    let living = ids(report.forms);
    let mut former: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in &report.forms.rules {
        let (id, at) = (entry.form.id.get_ref(), entry.form.id.span());
        for alias in &entry.form.aliases {
            let owner = match (living.get_key_value(alias.as_str()), former.get(alias.as_str())) {
                (Some((living, _)), _) => Some(*living),
                (None, owner) => owner.copied(),
            };
            if let Some(owner) = owner {
                let message = format!("{id} had the id {alias}, which belongs to {owner}");
                report.add("alias-in-use", id, entry.place.file, &at, message);
            }
            former.insert(alias, id);
        }
    }
}
