//! Answer keys: a folder of notes, each beside what a careful coder would say of it.

mod form;
mod report;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::answer::Label;
use crate::engine::Engine;
use crate::engine::examples::mention_over;
use crate::model::{Analysis, Minutes, Note, Segment, Span, UnitRule, Warning};
use form::{Key, LineKey, SegmentKey};
pub(super) use report::Report;

/// Ending of the files with answers.
const ENDING: &str = ".key.toml";

/// Scores all notes of a folder that have a key; `claims.csv` beside them gives the billed lines.
pub(super) fn score(engine: &Engine, folder: &Path) -> anyhow::Result<Report> {
    let keys = keys(folder)?;
    if keys.is_empty() {
        bail!(
            "{}: holds no answer key\n  help: put NAME{ENDING} beside NAME.txt",
            folder.display()
        );
    }
    let claims = Some(folder.join("claims.csv")).filter(|path| path.is_file());
    let notes = crate::cli::keywords::notes_with(folder, claims)?;
    let notes: BTreeMap<&str, &Note> = notes.iter().map(|note| (note.key.as_str(), note)).collect();
    let mut report = Report::default();
    for (name, key) in &keys {
        let Some(note) = notes.get(name.as_str()) else {
            bail!("{name}{ENDING}: there is no note {name}.txt or {name}.md beside it");
        };
        let analysis = engine.analyse(note);
        One { name, key, note, analysis: &analysis }.compare(&mut report);
    }
    report.finish();
    Ok(report)
}

fn keys(folder: &Path) -> anyhow::Result<BTreeMap<String, Key>> {
    let mut keys = BTreeMap::new();
    let unreadable = || format!("{}: cannot be read", folder.display());
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(ENDING) else { continue };
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{}: cannot be read", path.display()))?;
        let key = toml::from_str(&text)
            .map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
        keys.insert(name.to_owned(), key);
    }
    Ok(keys)
}

/// One note with its key and what the engine says.
struct One<'o> {
    name: &'o str,
    key: &'o Key,
    note: &'o Note,
    analysis: &'o Analysis,
}

impl One<'_> {
    fn compare(&self, report: &mut Report) {
        report.notes += 1;
        for one in &self.key.segment {
            self.segment(one, report);
        }
        for one in &self.key.mention {
            let text = &self.note.text;
            let mention = mention_over(&self.analysis.mentions, &one.phrase, text);
            report.statuses.add(self.place(&one.phrase), text, &one.phrase, &one.status, mention);
        }
        self.time(report);
        for one in &self.key.line {
            self.line(one, report);
        }
        self.extra_lines(report);
        self.warnings(report);
    }

    /// Returns note and line of some words, for people.
    fn place(&self, words: &str) -> String {
        match self.note.text.find(words) {
            Some(at) => {
                let line = self.note.text[..at].matches('\n').count() + 1;
                format!("{}:{line}", self.name)
            }
            None => self.name.to_owned(),
        }
    }

    fn span(&self, words: &str) -> Option<Span> {
        self.note.text.find(words).map(|at| Span::new(at, at + words.len()))
    }

    /// Returns the segment that shares most with a quote.
    fn segment_at(&self, quote: &str) -> Option<&Segment> {
        let span = self.span(quote)?;
        let over = self.analysis.segments.iter().filter(|one| one.span.overlaps(span));
        over.max_by_key(|one| {
            let shared = one.span.end.min(span.end) - one.span.start.max(span.start);
            (shared, std::cmp::Reverse(one.index))
        })
    }

    fn segment(&self, wanted: &SegmentKey, report: &mut Report) {
        let seen = self.segment_at(&wanted.quote);
        let label = Label::read(&wanted.code);
        let place = self.place(&wanted.quote);
        let text = self.note.text.as_str();
        let with_text = seen.map(|segment| (segment, text));
        let right = report.codes.add(place.clone(), &wanted.quote, &label, with_text);
        let who = self.analysis.discipline.map_or("unknown", |one| one.as_str());
        for slice in [format!("quality {}", self.key.quality), format!("discipline {who}")] {
            report.slice(slice, right);
        }
        if let Some(minutes) = wanted.minutes {
            let got = seen.and_then(|segment| segment.minutes);
            report.figure("minutes of interventions", &place, tenths(minutes), got.map(shown));
        }
    }

    fn time(&self, report: &mut Report) {
        let (wanted, got) = (&self.key.time, &self.analysis.time);
        let both = [got.units, got.units_other_rule];
        let pooled = both.into_iter().find(|one| one.rule == UnitRule::Cms);
        let figures = [
            (
                "timed minutes of notes",
                wanted.timed_minutes.map(tenths),
                got.timed_minutes.map(shown),
            ),
            (
                "total minutes of notes",
                wanted.total_minutes.map(tenths),
                got.total_minutes.map(shown),
            ),
            (
                "units of notes",
                wanted.units.map(|units| units.to_string()),
                pooled.and_then(|one| one.total).map(|units| units.to_string()),
            ),
        ];
        for (what, wanted, got) in figures {
            if let Some(wanted) = wanted {
                report.figure(what, self.name, wanted, got);
            }
        }
    }

    fn line(&self, wanted: &LineKey, report: &mut Report) {
        let got = self.analysis.lines.iter().find(|line| line.code.as_str() == wanted.code);
        let place = format!("{} {}", self.name, wanted.code);
        if let Some(minutes) = wanted.minutes {
            let got = got.and_then(|line| line.minutes);
            report.figure("minutes by code", &place, tenths(minutes), got.map(shown));
        }
        if let Some(units) = wanted.units {
            let got = got.and_then(|line| line.units);
            report.figure(
                "units by code",
                &place,
                units.to_string(),
                got.map(|one| one.to_string()),
            );
        }
    }

    /// Tells codes with minutes or units that the key does not have, where it has lines at all.
    fn extra_lines(&self, report: &mut Report) {
        if self.key.line.is_empty() {
            return;
        }
        for line in &self.analysis.lines {
            let wanted = self.key.line.iter().any(|one| line.code.as_str() == one.code);
            let units = line.units.unwrap_or(0);
            if !wanted && (units > 0 || line.minutes.is_some()) {
                report.extra_lines.push(format!("{} {}", self.name, line.code));
            }
        }
    }

    fn warnings(&self, report: &mut Report) {
        let fired = &self.analysis.warnings;
        for wanted in &self.key.warning {
            let at = wanted.quote.as_deref().and_then(|quote| self.span(quote));
            let here = |one: &&Warning| match (at, one.span) {
                (Some(at), Some(span)) => span.overlaps(at),
                _ => true,
            };
            let mut same = fired.iter().filter(|one| one.name == wanted.name);
            let place = wanted.quote.as_deref().map_or(self.name.to_owned(), |q| self.place(q));
            report.warning_wanted(
                &wanted.name,
                &place,
                same.clone().any(|one| here(&one)),
                same.next(),
            );
        }
        let listed = |name: &str| self.key.warning.iter().any(|one| one.name == name);
        for one in fired.iter().filter(|one| !listed(&one.name)) {
            let quote = one.span.map_or("", |span| span.of(&self.note.text));
            let place = if quote.is_empty() { self.name.to_owned() } else { self.place(quote) };
            let absent = self.key.absent.contains(&one.name);
            report.warning_unlisted(one, place, quote, absent);
        }
    }
}

/// Returns minutes of a key as the engine writes them.
fn tenths(minutes: f64) -> String {
    // Keys are small and written by hand; anything odd shows as a miss.
    if minutes.fract() == 0.0 { format!("{minutes:.0}") } else { format!("{minutes:.1}") }
}

fn shown(minutes: Minutes) -> String {
    minutes.to_string()
}
