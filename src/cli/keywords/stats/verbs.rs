//! Verbs of tasks that stand in interventions where no rule matched.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use crate::cli::columns::{Columns, quoted};
use crate::engine::Language;
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::Category;
use crate::model::{Note, Span};

/// Shorter words are no verbs of tasks.
const SHORTEST: usize = 5;

/// A verb that no rule took, with the first place where it stands.
struct Seen {
    times: usize,
    notes: BTreeSet<usize>,
    sample: String,
}

/// Lists words that begin task phrases of the rules and stand in an intervention without a match.
pub(super) fn unknown(
    lexicon: &Lexicon,
    notes: &[(&Note, &Language)],
    list: usize,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let verbs = verbs(lexicon);
    let mut seen: BTreeMap<String, Seen> = BTreeMap::new();
    for (index, (note, language)) in notes.iter().enumerate() {
        for segment in &language.segments {
            for span in words(segment.span, &note.text) {
                let word = span.of(&note.text).to_ascii_lowercase();
                if !verbs.contains(&word)
                    || language.found.iter().any(|one| one.span.overlaps(span))
                {
                    continue;
                }
                let one = seen.entry(word).or_insert_with(|| Seen {
                    times: 0,
                    notes: BTreeSet::new(),
                    sample: sample(span, &note.text),
                });
                one.times += 1;
                one.notes.insert(index);
            }
        }
    }
    if seen.is_empty() {
        return writeln!(out, "\nNo verb of a task stands in an intervention without a rule.");
    }
    let mut order: Vec<(&String, &Seen)> = seen.iter().collect();
    order.sort_by_key(|(word, one)| (usize::MAX - one.times, *word));
    writeln!(out, "\nVerbs of tasks in interventions where no rule matched:")?;
    let mut table = Columns::new(["verb", "times", "notes", "first"]).numbers([1, 2]);
    for (word, one) in order.into_iter().take(list) {
        let (times, notes) = (one.times.to_string(), one.notes.len().to_string());
        table.row([word.clone(), times, notes, quoted(&one.sample)]);
    }
    table.write(out, "  ")
}

/// Returns the verb forms with which phrases of functional tasks and self-care begin.
fn verbs(lexicon: &Lexicon) -> BTreeSet<String> {
    let task = |category| matches!(category, Category::FunctionalTask | Category::SelfCare);
    let rules = lexicon.rules.iter().filter(|rule| task(rule.category) && !rule.bare);
    let slots = rules
        .flat_map(|rule| &rule.forms)
        .filter_map(|at| lexicon.phrases[*at].slots.first())
        .flat_map(|slot| slot.texts.iter());
    let verb = |word: &&String| {
        word.len() >= SHORTEST
            && (word.ends_with("ing") || word.ends_with("ed"))
            && word.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    slots.filter(verb).cloned().collect()
}

fn words(inside: Span, text: &str) -> Vec<Span> {
    let start = inside.start as usize;
    let part = inside.of(text);
    let mut spans = Vec::new();
    let mut from = None;
    for (at, c) in part.char_indices().chain([(part.len(), ' ')]) {
        match (c.is_ascii_alphabetic(), from) {
            (true, None) => from = Some(at),
            (false, Some(first)) => {
                spans.push(Span::new(start + first, start + at));
                from = None;
            }
            _ => {}
        }
    }
    spans
}

/// Returns some words around a place.
fn sample(span: Span, text: &str) -> String {
    let from = (0..=span.start as usize).rev().filter(|at| text.is_char_boundary(*at));
    let from = from.take(25).last().unwrap_or(0);
    let rest = text.get(from..).unwrap_or_default();
    rest.chars().take(70).collect()
}
