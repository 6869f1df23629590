//! Forms to lexicon: phrases expanded, names resolved, every fault reported at its place.

mod contexts;
mod rules;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::fold::fold_phrase;
use super::forms::Manifest;
use super::headings::HeadingSieve;
use super::index::Index;
use super::lexicon::{Category, CodeRule, Gate, Lexicon, PatternRules, Role, Rule, SetId};
use super::parse::{Fault, Faults, Forms, Place, SourceFile, parse};
use super::rows::Rows;
use super::words::Words;
use crate::model::Status;

/// Sets that the engine asks for by name, used by rules or not.
const ASKED_BY_NAME: [&str; 7] = [
    "assist-level",
    "subject",
    "therapy-word",
    "medical-word",
    "turn-word",
    "today-word",
    "here-word",
];

/// The version of the form of keyword files that this program reads.
const SCHEMA: u32 = 1;

/// Compiles keyword files; on any fault, all faults.
pub fn compile(files: &[SourceFile]) -> Result<Lexicon, Vec<Fault>> {
    let mut faults = Faults::new(files);
    let forms = parse(files, &mut faults);
    let lexicon =
        Compiler::new(&forms, files, &mut faults).and_then(|compiler| compiler.run(forms));
    let faults = faults.into_list();
    match lexicon {
        Some(lexicon) if faults.is_empty() => Ok(lexicon),
        _ => Err(faults),
    }
}

struct Compiler<'c, 'f> {
    files: &'f [SourceFile],
    faults: &'c mut Faults<'f>,
    words: Words,
    ids: BTreeMap<String, Place>,
    manifest: Manifest,
    /// Ids that rules name, checked when all are known.
    named: Vec<(String, Place)>,
}

impl<'c, 'f> Compiler<'c, 'f> {
    fn new(forms: &Forms, files: &'f [SourceFile], faults: &'c mut Faults<'f>) -> Option<Self> {
        let Some(manifest) = forms.manifest.clone() else {
            if !files.iter().any(|file| file.name == "manifest.toml") && !files.is_empty() {
                faults.push(
                    0,
                    0..0,
                    "the folder has no manifest.toml; copy it from the built-in files",
                );
            }
            return None;
        };
        if manifest.schema > SCHEMA {
            let at = files.iter().position(|file| file.name == "manifest.toml").unwrap_or(0);
            faults.push(
                at,
                0..0,
                format!(
                    "these files have schema {}, this program reads {SCHEMA}; use a newer rubric",
                    manifest.schema
                ),
            );
            return None;
        }
        let words = Words::new(forms, manifest.limits, faults);
        Some(Self { files, faults, words, ids: BTreeMap::new(), manifest, named: Vec::new() })
    }

    fn run(mut self, forms: Forms) -> Option<Lexicon> {
        let typos = forms.typos.iter().flat_map(|(right, wrong)| {
            wrong.iter().map(|wrong| (fold_phrase(wrong), right.clone()))
        });
        let typos: Vec<(String, String)> = typos.collect();
        let mut headings = Vec::new();
        let mut heading_words = BTreeMap::new();
        for entry in forms.sections {
            self.heading(entry, &mut headings, &mut heading_words);
        }
        let cues = forms.cues.into_iter().filter_map(|entry| self.cue(entry)).collect::<Vec<_>>();
        for (index, cue) in cues.iter().enumerate() {
            for phrase in &cue.1 {
                self.words.role(*phrase, Role::Cue(index));
            }
        }
        let absorbers =
            forms.absorbers.into_iter().filter_map(|entry| self.absorber(entry)).collect();
        for entry in &forms.terminators {
            self.claim_id(entry.form.id.get_ref(), entry.place.file, entry.form.id.span());
            for phrase in self.words.phrases(&entry.form.phrases, entry.place.file, self.faults) {
                self.words.role(phrase, Role::Terminator);
            }
        }
        for name in ASKED_BY_NAME {
            self.words.ask_set(name);
        }
        let (joined, single): (Vec<_>, Vec<_>) =
            forms.rules.into_iter().partition(|entry| !entry.form.all.is_empty());
        let combos = joined.into_iter().filter_map(|entry| self.combo(entry)).collect();
        let mut compiled =
            single.into_iter().filter_map(|entry| self.rule(entry)).collect::<Vec<_>>();
        compiled.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
        for (index, one) in compiled.iter_mut().enumerate() {
            for phrase in &one.rule.forms {
                self.words.role(*phrase, Role::Rule(index));
            }
            for (guard, phrases) in one.guarded.iter().enumerate() {
                for phrase in phrases {
                    self.words.role(*phrase, Role::Guarded(index, guard));
                }
            }
        }
        let abbreviations: Vec<_> = forms
            .abbreviations
            .into_iter()
            .enumerate()
            .filter_map(|(index, entry)| self.abbreviation(index, entry, &heading_words))
            .collect();
        let rules: Vec<Rule> = compiled.into_iter().map(|one| one.rule).collect();
        // An entry that could not be read has an id too: names are checked when all else is well.
        self.check_named();
        let codes = self.codes()?;
        let version = format!(
            "{} {} (digest {})",
            self.manifest.name,
            self.manifest.version,
            digest(self.files)
        );
        let limits = self.manifest.limits;
        let general = self.words.texts("general-word").into();
        let (phrases, uses, set_names) = self.words.finish();
        let (index, further) = Index::new(&phrases, &typos);
        let (sets, other_uses) = apart(uses, &further);
        let set_count = sets.iter().flatten().map(|set: &SetId| set.0 + 1).max().unwrap_or(0);
        let number_rules = (0..rules.len()).filter(|at| !rules[*at].readers.is_empty()).collect();
        let patterns = rules.iter().enumerate();
        let pattern_rules =
            PatternRules::new(patterns.filter_map(|(at, rule)| Some((at, rule.regex.as_ref()?))));
        Some(Lexicon {
            version,
            rules,
            combos,
            cues: cues.into_iter().map(|(cue, _)| cue).collect(),
            absorbers,
            headings,
            heading_sieve: HeadingSieve::new(heading_words.keys()),
            heading_words,
            abbreviations,
            codes,
            margin: self.manifest.decide.margin,
            segment_bytes: limits.segment_bytes,
            phrases,
            index,
            roles: other_uses,
            sets,
            set_count,
            number_rules,
            pattern_rules,
            set_names,
            general,
            typos,
        })
    }

    /// Checks that the rules named by others are there.
    fn check_named(&mut self) {
        if !self.faults.is_empty() {
            return;
        }
        for (id, place) in std::mem::take(&mut self.named) {
            if !self.ids.contains_key(&id) {
                self.faults.at(&place, format!("no rule has the id {id}"));
            }
        }
    }

    fn claim_id(&mut self, id: &str, file: usize, at: std::ops::Range<usize>) {
        let place = Place { file, bytes: at };
        if let Some(first) = self.ids.get(id) {
            let first = self.place_words(first);
            self.faults
                .at(&place, format!("the id {id} is taken by {first}; ids are never reused"));
        } else {
            self.ids.insert(id.to_owned(), place);
        }
    }

    fn place_words(&self, place: &Place) -> String {
        let file = &self.files[place.file];
        let line = file.text[..place.bytes.start.min(file.text.len())].matches('\n').count() + 1;
        format!("{}:{line}", file.name)
    }

    fn place(&self, file: usize, at: std::ops::Range<usize>) -> String {
        self.place_words(&Place { file, bytes: at })
    }

    fn codes(&mut self) -> Option<BTreeMap<crate::model::Code, CodeRule>> {
        let file = self.files.iter().position(|file| file.name == "manifest.toml")?;
        let mut codes = BTreeMap::new();
        for (code, form) in &self.manifest.code {
            let mut gates = Vec::new();
            for need in &form.needs {
                let Some(gate) = gate(need) else {
                    self.faults.push(
                        file,
                        0..0,
                        format!("code {code} needs `{need}`; write any:CATEGORY|CATEGORY@STATUS"),
                    );
                    return None;
                };
                gates.push(gate);
            }
            codes.insert(
                *code,
                CodeRule {
                    label: form.label.clone(),
                    kind: form.kind,
                    timed: form.timed,
                    gates,
                    floor: form.floor,
                },
            );
        }
        Some(codes)
    }
}

/// Parts the sets that phrases are members of from all else they are used for; `further` rows hold
/// the uses of several phrases, each use once.
fn apart(mut uses: Vec<Vec<Role>>, further: &[Vec<usize>]) -> (Rows<SetId>, Rows<Role>) {
    for phrases in further {
        let mut row: Vec<Role> = Vec::new();
        for role in phrases.iter().flat_map(|phrase| &uses[*phrase]) {
            if !row.contains(role) {
                row.push(*role);
            }
        }
        uses.push(row);
    }
    let mut sets = Rows::default();
    let mut others = Rows::default();
    for row in uses {
        let set = |role: &Role| if let Role::Set(set) = role { Some(*set) } else { None };
        sets.push(row.iter().filter_map(set));
        others.push(row.iter().filter(|role| set(role).is_none()).copied());
    }
    (sets, others)
}

fn gate(need: &str) -> Option<Gate> {
    let (names, status) = match need.strip_prefix("any:")?.split_once('@') {
        Some((names, status)) => (names, Some(status_named(status)?)),
        None => (need.strip_prefix("any:")?, None),
    };
    let any = names.split('|').map(Category::parse).collect::<Option<Vec<_>>>()?;
    let words = match status {
        Some(status) => format!("{}, {}", names.replace('|', " or "), status.as_str()),
        None => names.replace('|', " or "),
    };
    Some(Gate { any, status, words })
}

fn status_named(name: &str) -> Option<Status> {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    let named: StrDeserializer<'_, Error> = name.into_deserializer();
    serde::Deserialize::deserialize(named).ok()
}

/// Short digest over all files, names included, in the order of their names.
fn digest(files: &[SourceFile]) -> String {
    let mut sorted: Vec<&SourceFile> = files.iter().collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hash = Sha256::new();
    for file in sorted {
        for part in [&file.name, &file.text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    let short = &hash.finalize()[..8];
    let number = short.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    format!("{number:016x}")
}
