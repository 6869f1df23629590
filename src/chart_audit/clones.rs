//! Notes that are worded as an earlier note: says which, how much and where, and judges nobody.
//!
//! A note is compared with those before it of the same patient; where the patient is not known, of
//! the same therapist; else of the whole queue. Before means an earlier date, then the order of the
//! input. Interventions, response and assessment count, in pieces of eight words.

mod align;
mod print;
mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::{Severity, Span, Warning};

pub use print::Print;

/// What there is to know about the warning; it needs many notes, so it stands in no table of one.
pub const RULE: About = About {
    id: "C1",
    name: "cloned-note",
    severity: Severity::Warning,
    title: "worded as an earlier note",
    about: "Interventions, response and assessment against earlier notes of the patient, else of the \
            therapist, else of all notes read. From 60 % of the text and 40 words on; only \
            information where the numbers differ. Wording that stands in most of five or more notes \
            of a therapist is a template and does not count. Notes from standard input are not \
            compared by `rubric analyse -`.",
    why: "Medicare contractors call entries worded exactly like or similar to previous ones cloned, and \
          deny for them; a note shows what was different that day.",
    remedy: "Compare both notes; ask the therapist what was done and seen on this date.",
    denials: &["50", "M25"],
    cite: &["NGS Medicare on cloned documentation"],
};

/// From so many notes of a therapist on, what most of them share is a template.
const TEMPLATE_NOTES: usize = 5;

/// What a warning about many notes says of itself.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Stable id; never used again for another rule.
    pub id: &'static str,
    /// Stable public name.
    pub name: &'static str,
    /// How much it matters, at most.
    pub severity: Severity,
    /// A few words.
    pub title: &'static str,
    /// What is looked at, and when it keeps quiet.
    pub about: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What would mend it.
    pub remedy: &'static str,
    /// Denial reasons it invites.
    pub denials: &'static [&'static str],
    /// Where it comes from.
    pub cite: &'static [&'static str],
}

/// Which text the figures are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What was done.
    Interventions,
    /// What was done, how it went, and what the therapist makes of it.
    Whole,
}

impl Scope {
    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interventions => "interventions",
            Self::Whole => "whole",
        }
    }

    /// Returns what it is, in plain words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Interventions => "the interventions",
            Self::Whole => "interventions, response and assessment",
        }
    }
}

/// A stretch that two notes share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// Its words in this note.
    pub this: Span,
    /// Its words in the earlier note.
    pub earlier: Span,
}

/// A note that is worded as an earlier one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// Position of the earlier note in the input.
    pub earlier: usize,
    /// Key of the earlier note.
    pub earlier_key: String,
    /// Where the earlier note came from.
    pub earlier_source: String,
    /// Date of the earlier note as its source writes it.
    pub earlier_date: Option<String>,
    /// Which text the figures are about.
    pub scope: Scope,
    /// Words of that text, templates left out.
    pub words: usize,
    /// Words that stand in the earlier note, whatever their numbers.
    pub same_words: usize,
    /// Words that stand in the earlier note with the same numbers.
    pub same_numbers: usize,
    /// Whether enough is the same with its numbers.
    pub numbers_too: bool,
    /// Stretches that both share, longest first.
    pub shared: Vec<Shared>,
}

impl Worded {
    /// Returns the share of the same words, in whole per cent, rounded down.
    pub fn share(&self) -> usize {
        self.same_words * 100 / self.words.max(1)
    }

    /// Returns the share of the same words with the same numbers, in whole per cent, rounded down.
    pub fn share_with_numbers(&self) -> usize {
        self.same_numbers * 100 / self.words.max(1)
    }

    /// Says which note it is worded as, and how much of it.
    pub fn message(&self) -> String {
        let date = self.earlier_date.as_ref().map(|date| format!(" of {date}")).unwrap_or_default();
        format!(
            "worded as {}{date}: {} % of {} ({} of {} words), {} % with the same numbers",
            self.earlier_key,
            self.share(),
            self.scope.words(),
            self.same_words,
            self.words,
            self.share_with_numbers(),
        )
    }

    /// Returns the warning at the longest stretch.
    pub fn warning(&self) -> Warning {
        Warning {
            rule: RULE.id.to_owned(),
            name: RULE.name.to_owned(),
            severity: if self.numbers_too { RULE.severity } else { Severity::Info },
            span: self.shared.first().map(|shared| shared.this),
            message: self.message(),
            remedy: RULE.remedy.to_owned(),
            denials: RULE.denials.iter().map(|&denial| denial.to_owned()).collect(),
        }
    }
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Notes worded as an earlier one, by position in the input.
    pub worded: BTreeMap<usize, Worded>,
    /// Hashes looked up: grows with the words of the notes, not with their pairs.
    pub lookups: u64,
}

/// Compares notes, given by their position in the input; gaps are notes that could not be read.
pub fn compare(prints: &BTreeMap<usize, Print>) -> Found {
    let mut found = Found::default();
    let templates = templates(prints, &mut found.lookups);
    let mut groups: BTreeMap<Group<'_>, Vec<usize>> = BTreeMap::new();
    for (&index, print) in prints {
        groups.entry(Group::of(print)).or_default().push(index);
    }
    for mut group in groups.into_values().filter(|group| group.len() > 1) {
        // Notes without a date come last, in the order of the input.
        group.sort_by_key(|index| {
            let day = prints[index].day;
            (day.is_none(), day, *index)
        });
        compare_group(prints, &group, &templates, &mut found);
    }
    found
}

/// Whose notes are compared.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group<'p> {
    Patient(&'p str),
    Therapist(&'p str),
    Queue,
}

impl<'p> Group<'p> {
    fn of(print: &'p Print) -> Self {
        match (&print.patient, &print.therapist) {
            (Some(patient), _) => Self::Patient(patient),
            (None, Some(therapist)) => Self::Therapist(therapist),
            (None, None) => Self::Queue,
        }
    }
}

/// Templates of each therapist, as hashes with numbers masked.
type Templates<'p> = BTreeMap<&'p str, BTreeSet<u64>>;

/// Compares the notes of a group, each with those before it.
fn compare_group(
    prints: &BTreeMap<usize, Print>,
    group: &[usize],
    templates: &Templates<'_>,
    found: &mut Found,
) {
    // The latest note that holds a hash, with numbers kept and with numbers masked.
    let (mut kept_in, mut masked_in) = (HashMap::new(), HashMap::new());
    for index in group {
        let print = &prints[index];
        let template = print.therapist.as_deref().and_then(|name| templates.get(name));
        let counts =
            |at: usize| template.is_none_or(|hashes| !hashes.contains(&print.shingles[at].1));
        let (mut by_numbers, mut by_words) = (BTreeMap::new(), BTreeMap::new());
        for (at, (kept, masked)) in print.shingles.iter().enumerate() {
            if !counts(at) {
                continue;
            }
            found.lookups += 2;
            if let Some(earlier) = kept_in.get(kept) {
                *by_numbers.entry(*earlier).or_insert(0_usize) += 1;
            }
            if let Some(earlier) = masked_in.get(masked) {
                *by_words.entry(*earlier).or_insert(0_usize) += 1;
            }
        }
        let most =
            |votes: BTreeMap<usize, usize>| votes.into_iter().max_by_key(|(_, votes)| *votes);
        let mut candidates: Vec<usize> = [most(by_numbers), most(by_words)]
            .into_iter()
            .flatten()
            .map(|(note, _)| note)
            .collect();
        candidates.dedup();
        let aligned = candidates.into_iter().filter_map(|earlier| {
            align::align((earlier, &prints[&earlier]), print, counts, &mut found.lookups)
        });
        // Of two as strong as each other the first stays: it shares the numbers of more words.
        let best = aligned.reduce(|first, second| {
            let rank = |one: &Worded| (one.numbers_too, one.same_words);
            if rank(&second) > rank(&first) { second } else { first }
        });
        if let Some(best) = best {
            found.worded.insert(*index, best);
        }
        for (kept, masked) in &print.shingles {
            kept_in.insert(*kept, *index);
            masked_in.insert(*masked, *index);
        }
    }
}

/// How often a therapist's notes hold a hash.
struct Use {
    notes: usize,
    last: usize,
    /// Patient of the first note, and whether another one follows.
    patient: Option<usize>,
    several: bool,
}

/// Finds what stands in most notes of a therapist.
///
/// Where patients are known it must stand in notes of more than one: else a series of cloned notes
/// of one patient would pass for a template.
fn templates<'p>(prints: &'p BTreeMap<usize, Print>, lookups: &mut u64) -> Templates<'p> {
    let mut by_therapist: BTreeMap<&str, Vec<(usize, &Print)>> = BTreeMap::new();
    for (&index, print) in prints {
        if let Some(name) = &print.therapist {
            by_therapist.entry(name).or_default().push((index, print));
        }
    }
    by_therapist.retain(|_, notes| notes.len() >= TEMPLATE_NOTES);
    let mut templates = BTreeMap::new();
    for (name, notes) in by_therapist {
        let mut patients: BTreeMap<&str, usize> = BTreeMap::new();
        let mut uses: BTreeMap<u64, Use> = BTreeMap::new();
        for (index, print) in &notes {
            let patient = print.patient.as_deref().map(|patient| {
                let next = patients.len();
                *patients.entry(patient).or_insert(next)
            });
            for (_, masked) in &print.shingles {
                *lookups += 1;
                let first = Use { notes: 0, last: usize::MAX, patient, several: patient.is_none() };
                let one = uses.entry(*masked).or_insert(first);
                if one.last != *index {
                    one.notes += 1;
                    one.last = *index;
                    one.several |= one.patient != patient || patient.is_none();
                }
            }
        }
        let common = uses.into_iter().filter(|(_, one)| one.several && one.notes * 2 > notes.len());
        templates.insert(name, common.map(|(hash, _)| hash).collect());
    }
    templates
}
