//! What is known of each note, kept small: a few dozen bytes a note, words and lists only once.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Code, Discipline, Minutes};
use crate::review::desk::NoteId;
use crate::review::figures::Therapist;
use crate::review::row::{Facts, Row};

/// What one look at a note gave.
pub(super) struct Seen {
    /// Its row, without its key.
    pub(super) row: Row,
    /// Beginning of the digest of its text; 0 if it cannot be read.
    pub(super) mark: u64,
}

/// What is known of notes.
#[derive(Default)]
pub(super) struct Cache {
    briefs: BTreeMap<NoteId, Brief>,
    words: Pool<String>,
    codes: Pool<Vec<Code>>,
    rules: Pool<Vec<String>>,
    reasons: Pool<Vec<&'static str>>,
}

/// A row and its facts, by numbers in the pools.
struct Brief {
    mark: u64,
    date: Option<u32>,
    payer: Option<u32>,
    therapist: Option<u32>,
    problem: Option<u32>,
    age_days: Option<u32>,
    discipline: Option<Discipline>,
    facts: Option<Numbers>,
}

#[derive(Clone, Copy)]
struct Numbers {
    suggests: u32,
    billed_codes: u32,
    abstained: u32,
    rules: u32,
    segments: u32,
    open: u32,
    considers: u32,
    others: u32,
    errors: u32,
    warnings: u32,
    minutes: Option<Minutes>,
    supported: Option<u32>,
    billed: Option<u32>,
    lead: Option<i32>,
    risk: u32,
}

/// Values that many notes share, each kept once.
struct Pool<T> {
    numbers: BTreeMap<Arc<T>, u32>,
    values: Vec<Arc<T>>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { numbers: BTreeMap::new(), values: Vec::new() }
    }
}

impl<T: Ord + Clone> Pool<T> {
    fn put(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let value = Arc::new(value.clone());
        self.values.push(Arc::clone(&value));
        self.numbers.insert(value, number);
        number
    }

    fn get(&self, number: u32) -> Option<T> {
        self.values.get(number as usize).map(|value| T::clone(value))
    }
}

impl Cache {
    /// Returns of how many notes something is known.
    pub(super) fn len(&self) -> usize {
        self.briefs.len()
    }

    /// Tells whether something is known of a note.
    pub(super) fn has(&self, id: NoteId) -> bool {
        self.briefs.contains_key(&id)
    }

    /// Returns the beginning of the digest of a note's text.
    pub(super) fn mark(&self, id: NoteId) -> Option<u64> {
        self.briefs.get(&id).map(|brief| brief.mark)
    }

    /// Remembers a look at a note in place of an earlier one.
    pub(super) fn put(&mut self, id: NoteId, seen: &Seen) {
        let row = &seen.row;
        let words = &mut self.words;
        let mut word = |text: &Option<String>| text.as_ref().map(|text| words.put(text));
        let brief = Brief {
            mark: seen.mark,
            date: word(&row.date),
            payer: word(&row.payer),
            therapist: word(&row.therapist),
            problem: word(&row.problem),
            age_days: row.age_days,
            discipline: row.discipline,
            facts: row.facts.as_ref().map(|facts| Numbers {
                suggests: self.codes.put(&facts.suggests),
                billed_codes: self.codes.put(&facts.billed_codes),
                abstained: self.reasons.put(&facts.abstained),
                rules: self.rules.put(&facts.rules),
                segments: facts.segments,
                open: facts.open,
                considers: facts.considers,
                others: facts.others,
                errors: facts.errors,
                warnings: facts.warnings,
                minutes: facts.minutes,
                supported: facts.supported,
                billed: facts.billed,
                lead: facts.lead,
                risk: facts.risk,
            }),
        };
        self.briefs.insert(id, brief);
    }

    /// Returns the row of a note, without its key.
    pub(super) fn row(&self, id: NoteId) -> Option<Row> {
        let brief = self.briefs.get(&id)?;
        let word = |number: Option<u32>| number.and_then(|number| self.words.get(number));
        Some(Row {
            date: word(brief.date),
            payer: word(brief.payer),
            therapist: word(brief.therapist),
            problem: word(brief.problem),
            age_days: brief.age_days,
            discipline: brief.discipline,
            facts: brief.facts.map(|facts| self.facts(facts)),
            ..Row::default()
        })
    }

    /// Counts the notes by each rule that found something.
    pub(super) fn by_rule(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for facts in self.briefs.values().filter_map(|brief| brief.facts) {
            for rule in self.rules.get(facts.rules).unwrap_or_default() {
                *counts.entry(rule).or_default() += 1;
            }
        }
        counts
    }

    /// Counts segments that are suggested, two too close, without a code, another service; and those
    /// without a code by the reason.
    pub(super) fn outcomes(&self) -> ([u64; 4], BTreeMap<&'static str, u64>) {
        let mut counts = [0; 4];
        let mut reasons = BTreeMap::new();
        for facts in self.briefs.values().filter_map(|brief| brief.facts) {
            let abstained = self.reasons.get(facts.abstained).unwrap_or_default();
            let [all, close, other] =
                [facts.segments, facts.considers, facts.others].map(u64::from);
            let without = abstained.len() as u64;
            let suggested = all.saturating_sub(close + other + without);
            for (count, more) in counts.iter_mut().zip([suggested, close, without, other]) {
                *count += more;
            }
            for reason in abstained {
                *reasons.entry(reason).or_default() += 1;
            }
        }
        (counts, reasons)
    }

    /// Counts the notes by therapist, in the order of names.
    pub(super) fn by_therapist(&self) -> Vec<Therapist> {
        let mut found: BTreeMap<u32, (u64, u64)> = BTreeMap::new();
        for brief in self.briefs.values() {
            let Some(name) = brief.therapist else { continue };
            let warned = brief.facts.is_some_and(|facts| facts.errors + facts.warnings > 0);
            let counts = found.entry(name).or_default();
            counts.0 += 1;
            counts.1 += u64::from(warned);
        }
        let mut listed: Vec<Therapist> = found
            .into_iter()
            .map(|(name, (notes, warned))| {
                let name = self.words.get(name).unwrap_or_default();
                // The filter takes the first word of a name: the rest may hold signs of its own.
                let word = name.split([' ', ',', '"']).next().unwrap_or_default();
                let filter = format!("by:{word}");
                Therapist { name, notes, warned, filter }
            })
            .collect();
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        listed
    }

    /// Returns the age of each note whose date is known.
    pub(super) fn ages(&self) -> impl Iterator<Item = (NoteId, u32)> {
        self.briefs.iter().filter_map(|(id, brief)| Some((*id, brief.age_days?)))
    }

    fn facts(&self, numbers: Numbers) -> Facts {
        Facts {
            suggests: self.codes.get(numbers.suggests).unwrap_or_default(),
            billed_codes: self.codes.get(numbers.billed_codes).unwrap_or_default(),
            segments: numbers.segments,
            open: numbers.open,
            considers: numbers.considers,
            others: numbers.others,
            abstained: self.reasons.get(numbers.abstained).unwrap_or_default(),
            rules: self.rules.get(numbers.rules).unwrap_or_default(),
            errors: numbers.errors,
            warnings: numbers.warnings,
            minutes: numbers.minutes,
            supported: numbers.supported,
            billed: numbers.billed,
            lead: numbers.lead,
            risk: numbers.risk,
        }
    }
}
