//! What the keyword files say of a rule and of a code, for whoever asks why something counts.

use std::fmt;
use std::sync::Arc;

use crate::engine::Engine;
use crate::engine::rules::RULES;
use crate::knowledge::lexicon::Category;
use crate::model::Code;

/// What the files say of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFacts<'a> {
    /// Category, as files write it.
    pub category: &'static str,
    /// Version of the files since which it is there; empty if that is not said.
    pub since: &'a str,
    /// File and line.
    pub place: &'a str,
    /// Why it counts, in one or two sentences.
    pub explain: &'a str,
    /// Points by code, before what the section adds.
    pub points: &'a [(Code, i32)],
    /// Where it comes from.
    pub cite: &'a [String],
}

/// What a warning rule says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningFacts {
    /// Id, as warnings carry it.
    pub id: String,
    /// A few words.
    pub title: String,
    /// What is looked at, why, what mends it, denials, citation: names with words.
    pub parts: Vec<(&'static str, String)>,
}

/// The keyword files in force; without them every question is answered by nothing.
#[derive(Clone, Default)]
pub struct Book(Option<Arc<Engine>>);

impl Book {
    /// Opens the files that an engine was compiled from.
    pub fn of(engine: Arc<Engine>) -> Self {
        Self(Some(engine))
    }

    /// Returns what the files say of a rule.
    pub fn rule(&self, id: &str) -> Option<RuleFacts<'_>> {
        let lexicon = self.0.as_ref()?.lexicon();
        if let Some(rule) = lexicon.rules.iter().find(|rule| rule.id == id) {
            return Some(RuleFacts {
                category: rule.category.as_str(),
                since: &rule.since,
                place: &rule.place,
                explain: &rule.explain,
                points: &rule.supports,
                cite: &rule.cite,
            });
        }
        let combo = lexicon.combos.iter().find(|combo| combo.id == id)?;
        Some(RuleFacts {
            category: Category::Combo.as_str(),
            since: "",
            place: &combo.place,
            explain: &combo.explain,
            points: &combo.supports,
            cite: &combo.cite,
        })
    }

    /// Returns the ids and titles of all rules that warn: those of the program, then those of files.
    pub fn warnings(&self) -> Vec<(&str, &str)> {
        let of_program = RULES.iter().map(|rule| (rule.id, rule.title));
        let lexicon = self.0.as_ref().map(|engine| engine.lexicon());
        let rules = lexicon.map_or(&[][..], |lexicon| &lexicon.rules);
        let warns = rules.iter().filter(|rule| rule.warn.is_some());
        of_program.chain(warns.map(|rule| (rule.id.as_str(), rule.name.as_str()))).collect()
    }

    /// Returns what a rule that warns says of itself.
    pub fn warning(&self, id: &str) -> Option<WarningFacts> {
        let list = |words: Vec<String>| words.join("; ");
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let (title, mut parts) = if let Some(rule) = RULES.iter().find(|rule| rule.id == id) {
            let parts = vec![
                ("What", rule.about.to_owned()),
                ("Why", rule.why.to_owned()),
                ("Mend", rule.remedy.to_owned()),
                ("Denials", list(owned(rule.denials))),
                ("Cite", list(owned(rule.cite))),
            ];
            (rule.title.to_owned(), parts)
        } else {
            let lexicon = self.0.as_ref()?.lexicon();
            let rule = lexicon.rules.iter().find(|rule| rule.id == id && rule.warn.is_some())?;
            let parts = vec![
                ("What", rule.warn.clone().unwrap_or_default()),
                ("Why", rule.explain.clone()),
                ("Mend", rule.remedy.clone()),
                ("Denials", list(rule.denials.clone())),
                ("Cite", list(rule.cite.clone())),
                ("File", rule.place.clone()),
            ];
            (rule.name.clone(), parts)
        };
        parts.retain(|(_, words)| !words.is_empty());
        Some(WarningFacts { id: id.to_owned(), title, parts })
    }

    /// Returns what a code needs besides its points, in words, in the order of the files.
    pub fn gates(&self, code: Code) -> Vec<&str> {
        let rule = self.0.as_ref().and_then(|engine| engine.lexicon().codes.get(&code));
        rule.map_or_else(Vec::new, |rule| {
            rule.gates.iter().map(|gate| gate.words.as_str()).collect()
        })
    }

    /// Returns the points by which a code must lead; `None` without files.
    pub fn margin(&self) -> Option<i32> {
        self.0.as_ref().map(|engine| engine.lexicon().margin)
    }
}

impl fmt::Debug for Book {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Book")
    }
}
