//! What is kept of a note to compare it with others: hashes and places of its words, no text.

use super::words::{SHINGLE, Word, shingle, words};
use crate::engine::billing::discipline;
use crate::engine::{Engine, Language};
use crate::knowledge::fold::fold_phrase;
use crate::model::{Note, SectionKind, Span};

/// A note as it is compared.
#[derive(Debug, Clone)]
pub struct Print {
    /// Key of the note.
    pub key: String,
    /// Where it came from.
    pub source: String,
    /// Date of service as the source writes it.
    pub date: Option<String>,
    /// Year, month, day of the date, where it can be read.
    pub(super) day: Option<(u16, u8, u8)>,
    pub(super) patient: Option<String>,
    pub(super) therapist: Option<String>,
    /// Words that count, in order.
    pub(super) places: Box<[Place]>,
    /// Hashes of the words that begin at each place: numbers kept, numbers masked.
    pub(super) shingles: Box<[(u64, u64)]>,
}

/// A word that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) span: Span,
    /// Which section of the note it stands in; spans do not run over headings.
    pub(super) region: u16,
    pub(super) part: Part,
}

/// What kind of text a word stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// What was done.
    Interventions,
    /// How it went and what the therapist makes of it.
    Judgement,
}

impl Print {
    /// Reads of a note what is compared: interventions, response, assessment.
    ///
    /// Under a heading that tells nothing, or none, only delivered interventions count.
    pub fn of(engine: &Engine, note: &Note) -> Self {
        let language = engine.read(&note.text);
        let mut places = Vec::new();
        let mut hashed: Vec<Word> = Vec::new();
        for (region, part, stretch) in counted(&language) {
            for word in words(&note.text, stretch) {
                places.push(Place { span: word.span, region, part });
                hashed.push(word);
            }
        }
        let both = |row: &[Word]| {
            (shingle(row, |word: &Word| word.kept), shingle(row, |word: &Word| word.masked))
        };
        let meta = &note.meta;
        let said = meta.therapist.clone().or_else(|| {
            let who = discipline::read(&note.text, &language.sections);
            who.signature.map(|span| span.of(&note.text).to_owned())
        });
        Self {
            key: note.key.clone(),
            source: note.source.clone(),
            date: meta.date.clone(),
            day: meta.date.as_deref().and_then(day),
            patient: meta.patient.as_deref().map(fold_phrase),
            therapist: said.as_deref().and_then(name),
            places: places.into_boxed_slice(),
            shingles: hashed.windows(SHINGLE).map(both).collect(),
        }
    }
}

/// Returns the stretches that count, in order.
fn counted(language: &Language) -> Vec<(u16, Part, Span)> {
    let mut stretches = Vec::new();
    for (region, section) in (0_u16..).zip(&language.sections) {
        match section.kind {
            SectionKind::Interventions => {
                stretches.push((region, Part::Interventions, section.body));
            }
            SectionKind::Response | SectionKind::Assessment => {
                stretches.push((region, Part::Judgement, section.body));
            }
            SectionKind::Unknown | SectionKind::Objective => {
                let mut from = section.body.start;
                for segment in &language.segments {
                    // A later segment may begin inside an earlier one; a word counts once.
                    let span = segment.span;
                    if section.body.contains(span) && span.end > from {
                        let start = span.start.max(from);
                        stretches.push((region, Part::Interventions, Span { start, ..span }));
                        from = span.end;
                    }
                }
            }
            _ => {}
        }
    }
    stretches
}

/// Reads a date as year-month-day or month/day/year.
fn day(text: &str) -> Option<(u16, u8, u8)> {
    let head = text.split(['T', ' ']).next()?;
    let parts: Vec<&str> = head.split(['-', '/', '.']).collect();
    let [first, second, third] = parts[..] else { return None };
    let (year, month, day) =
        if first.len() == 4 { (first, second, third) } else { (third, first, second) };
    let century = if year.len() == 2 { 2000 } else { 0 };
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let real = (1..=12).contains(&month) && (1..=31).contains(&day);
    real.then_some((year.parse::<u16>().ok()?.checked_add(century)?, month, day))
}

/// Words that stand before the name in a signature.
const LABELS: &[&str] = &[
    "by",
    "signed",
    "sign",
    "esign",
    "esigned",
    "signature",
    "therapist",
    "clinician",
    "provider",
    "s",
];

/// Titles that stand behind a name.
const TITLES: &[&str] = &[
    "pt", "pta", "dpt", "mpt", "ot", "otr", "otd", "mot", "cota", "ota", "slp", "ccc", "spt", "ms",
];

/// Returns the name of a therapist in one form: labels, titles and dates left out.
fn name(said: &str) -> Option<String> {
    let folded = fold_phrase(said.trim_start());
    let head = folded.trim_start_matches("/s/").split(',').next().unwrap_or_default();
    let words: Vec<&str> =
        head.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let first = words.iter().rposition(|word| LABELS.contains(word)).map_or(0, |at| at + 1);
    let named = words[first..]
        .iter()
        .take_while(|word| !TITLES.contains(word) && !word.contains(|c: char| c.is_ascii_digit()));
    let name = named.copied().collect::<Vec<&str>>().join(" ");
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_therapist_has_one_name_in_every_signature() {
        for said in [
            "T. Sample",
            "T. Sample, PT, DPT",
            "Signed: T. Sample, PT, 11/09/2026",
            "Electronically signed by T. Sample PT 11/03/26",
            "/s/ T. Sample, PT",
            "Dictated and signed by T. Sample, PT",
        ] {
            assert_eq!(name(said).as_deref(), Some("t sample"), "{said}");
        }
        assert_eq!(name("Signed:"), None);
    }

    #[test]
    fn dates_are_read_in_both_orders() {
        for text in ["2026-11-02", "11/2/2026", "11/02/26", "2026-11-02T08:00"] {
            assert_eq!(day(text), Some((2026, 11, 2)), "{text}");
        }
        for text in ["", "last week", "2026-13-02", "11/2026"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
