//! `rubric keywords expand`: every form that the phrases of an entry stand for, one a line.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use anyhow::bail;
use clap::Args;

use super::tell;
use crate::knowledge::lexicon::Role;
use crate::knowledge::phrases::Phrase;
use crate::knowledge::{Lexicon, load};

/// Forms that are written out at most.
const MOST: usize = 5_000;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Id of a rule, cue, heading or abbreviation
    id: String,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let lexicon = load(folder)?;
    let id = arguments.id.as_str();
    let (mut forms, phrases) = words(&lexicon, id)?;
    let mut too_many = Vec::new();
    for phrase in phrases.iter().map(|at| &lexicon.phrases[*at]) {
        match phrase.forms(MOST) {
            Ok(written) => forms.extend(written),
            Err(_) => too_many.push(phrase),
        }
    }
    for form in forms.iter().take(MOST) {
        writeln!(out, "{form}")?;
    }
    if forms.len() > MOST {
        writeln!(out, "# and {} more", forms.len() - MOST)?;
    }
    for phrase in too_many {
        writeln!(out, "# too many to write out ({}): {}", combinations(phrase), phrase.written)?;
    }
    if let Some(at) = tell::rule(&lexicon, id) {
        let rule = &lexicon.rules[at];
        for reader in &rule.readers {
            writeln!(out, "# numbers read by {}", reader.as_str())?;
        }
        if let Some(regex) = &rule.regex {
            writeln!(out, "# whatever matches {regex}")?;
        }
    }
    Ok(())
}

/// Returns the words of an entry that are written out already, and its phrases.
fn words(lexicon: &Lexicon, id: &str) -> anyhow::Result<(BTreeSet<String>, Vec<usize>)> {
    if let Some(at) = tell::rule(lexicon, id) {
        return Ok((BTreeSet::new(), tell::phrases_of_rule(lexicon, at)));
    }
    if let Some(at) = lexicon.cues.iter().position(|one| one.id == id) {
        let phrases = tell::phrases_of(lexicon, |role| *role == Role::Cue(at));
        return Ok((BTreeSet::new(), phrases));
    }
    if let Some(at) = lexicon.abbreviations.iter().position(|one| one.id == id) {
        let phrases = tell::phrases_of(lexicon, |role| *role == Role::Abbreviation(at));
        return Ok((BTreeSet::new(), phrases));
    }
    if let Some(at) = lexicon.headings.iter().position(|one| one.id == id) {
        let words = lexicon.heading_words.iter().filter(|(_, index)| **index == at);
        return Ok((words.map(|(words, _)| words.clone()).collect(), Vec::new()));
    }
    bail!(
        "no entry with words of its own has the id {id}\n  \
         help: `rubric keywords show` lists the rules"
    )
}

/// Returns how many forms a phrase stands for, doubles counted.
fn combinations(phrase: &Phrase) -> usize {
    let choices = phrase.slots.iter().map(|slot| slot.texts.len() + usize::from(slot.optional));
    choices.fold(1, usize::saturating_mul)
}
