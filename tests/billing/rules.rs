//! The table of rules: ids, words, and samples that fire or keep silent.

use std::collections::BTreeSet;

use rubric::engine::rules::RULES;

use super::support::{names, note_of, of_sample};

#[test]
fn ids_are_unique_in_order_and_every_rule_explains_itself() {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    let key = |id: &str| (id[..1].to_owned(), id[1..].parse::<u32>().unwrap());
    assert!(ids.is_sorted_by_key(|id| key(id)), "{ids:?}");
    for rule in RULES {
        for words in [rule.name, rule.title, rule.about, rule.why, rule.remedy] {
            assert!(words.len() > 3, "{} has a text left empty", rule.id);
        }
        assert!(!rule.cite.is_empty() && rule.cite.iter().all(|cite| !cite.is_empty()));
        assert!(rule.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", rule.name);
    }
}

#[test]
fn every_rule_fires_on_one_sample_and_keeps_silent_on_the_other() {
    let engine = crate::support::engine();
    for rule in RULES {
        let run = |sample| {
            // Rules about words are shown on what the engine itself reads.
            let found = if rule.id.starts_with('E') {
                engine.analyse(&note_of(sample)).warnings
            } else {
                of_sample(sample).run().warnings
            };
            let own = found.iter().any(|warning| warning.rule == rule.id);
            (own, names(&found))
        };
        let (fired, all) = run(&rule.firing);
        assert!(fired, "{} {} does not fire on its sample: {all:?}", rule.id, rule.name);
        let (fired, all) = run(&rule.silent);
        assert!(!fired, "{} {} fires on its silent sample: {all:?}", rule.id, rule.name);
    }
}
