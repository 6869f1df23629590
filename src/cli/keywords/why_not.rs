//! `rubric keywords why-not`: what each intervention of a note lacks for a code.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::cli::columns::{count, quoted};
use crate::engine::{Engine, Found, Language};
use crate::knowledge::Lexicon;
use crate::model::{Code, CueSource, Evidence, Mention, Note, Outcome, Segment};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The code, as 97530
    code: String,
    /// File with the note
    note: PathBuf,
    /// Only this intervention, counted from 1
    #[arg(long, value_name = "N")]
    segment: Option<usize>,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let engine = crate::cli::whole_engine(folder)?;
    let code = Code::parse(&arguments.code)
        .filter(|code| engine.lexicon().codes.contains_key(code))
        .with_context(|| {
            let known: Vec<&str> = engine.lexicon().codes.keys().map(Code::as_str).collect();
            format!("no code {}\n  help: manifest.toml has {}", arguments.code, known.join(", "))
        })?;
    let mut notes = super::notes(&arguments.note)?;
    if notes.len() != 1 {
        bail!(
            "{}: holds {}\n  help: name one file",
            arguments.note.display(),
            count(notes.len(), "note")
        );
    }
    let note = notes.remove(0);
    let language = engine.read(&note.text);
    let total = language.segments.len();
    if let Some(wanted) = arguments.segment
        && !(1..=total).contains(&wanted)
    {
        bail!("the note has {}\n  help: give a number from 1", count(total, "intervention"));
    }
    let telling = Telling { engine: &engine, language: &language, note: &note, code };
    for (index, segment) in language.segments.iter().enumerate() {
        if arguments.segment.is_none_or(|wanted| wanted == index + 1) {
            telling.segment(segment, out)?;
        }
    }
    if arguments.segment.is_none() {
        telling.elsewhere(out)?;
    }
    Ok(())
}

/// What the answer is told from.
struct Telling<'t> {
    engine: &'t Engine,
    language: &'t Language,
    note: &'t Note,
    code: Code,
}

impl Telling<'_> {
    fn lexicon(&self) -> &Lexicon {
        self.engine.lexicon()
    }

    fn segment(&self, segment: &Segment, out: &mut dyn Write) -> std::io::Result<()> {
        let code = self.code;
        let (number, quote) = (segment.index + 1, quoted(segment.span.of(&self.note.text)));
        writeln!(out, "Intervention {number}, line {}: {quote}", segment.line)?;
        writeln!(out, "  comes out as {}", outcome(segment))?;
        let finding = segment.codes.iter().find(|one| one.code == code);
        if let Some(finding) = finding.filter(|one| one.supported) {
            let (score, floor) = (finding.score, finding.floor);
            writeln!(out, "  {code} is supported: {score} points, {floor} needed")?;
            evidence(&finding.evidence, &self.note.text, out)?;
            return writeln!(out);
        }
        let floor = self.lexicon().codes.get(&code).map_or(0, |rule| rule.floor);
        let score = finding.map_or(0, |one| one.score);
        writeln!(out, "  {code} has {score} of {floor} points")?;
        evidence(finding.map_or(&[][..], |one| &one.evidence), &self.note.text, out)?;
        match finding {
            Some(one) => {
                for reason in &one.why_not {
                    writeln!(out, "  why not: {reason}")?;
                }
            }
            None => writeln!(out, "  why not: nothing here speaks for {code}")?,
        }
        for found in self.inside(segment) {
            if let Some(reason) = self.blocked(found, segment) {
                let rule = &self.lexicon().rules[found.rule];
                let words = quoted(found.span.of(&self.note.text));
                writeln!(out, "  not counted: {} {words} ({}): {reason}", rule.id, rule.name)?;
            }
        }
        if let Some(ask) = &segment.ask {
            writeln!(out, "  ask: {ask}")?;
        }
        writeln!(out)
    }

    fn inside<'s>(&'s self, segment: &'s Segment) -> impl Iterator<Item = &'s Found> {
        self.language.found.iter().filter(|one| one.segment == Some(segment.index))
    }

    /// Says why a match of a segment gives no points for the code, if it could have.
    fn blocked(&self, found: &Found, segment: &Segment) -> Option<String> {
        let rule = &self.lexicon().rules[found.rule];
        if rule.shield.is_some() {
            return Some("a shield: the words under it are not what they seem".to_owned());
        }
        if rule.weight(self.code) <= 0 {
            return None;
        }
        if rule.never.contains(&segment.section) {
            return Some(format!(
                "it never counts in a section of kind {}",
                segment.section.as_str()
            ));
        }
        let activity = rule.category.theme().is_some();
        (activity && found.status != crate::model::Status::Performed)
            .then(|| format!("its status is {}", found.status.as_str()))
    }

    /// Tells activities for the code that stand outside of all interventions.
    fn elsewhere(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let speaks = |one: &&Mention| {
            let rule = self.lexicon().rules.iter().find(|rule| rule.id == *one.term);
            one.segment.is_none() && rule.is_some_and(|rule| rule.weight(self.code) > 0)
        };
        let outside: Vec<&Mention> = self.language.mentions.iter().filter(speaks).collect();
        if self.language.segments.is_empty() {
            writeln!(out, "The note holds no intervention that was delivered today.")?;
        }
        if outside.is_empty() {
            return Ok(());
        }
        writeln!(out, "Named outside of the interventions, and not counted for {}:", self.code)?;
        for one in outside {
            let text = &self.note.text;
            let cue = one.cue.as_ref().map_or_else(String::new, |cue| match cue.source {
                CueSource::Local => format!(", because of {}", quoted(cue.span.of(text))),
                CueSource::Section => format!(", under {}", quoted(cue.span.of(text))),
            });
            let words = quoted(one.span.of(text));
            writeln!(out, "  {} {words}: {}{cue}", one.term, one.status.as_str())?;
        }
        Ok(())
    }
}

fn evidence(list: &[Evidence], text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    for one in list {
        let words = quoted(one.span.of(text));
        writeln!(out, "    {:+}  {}  {}  {words}", one.points, one.term, one.name)?;
    }
    Ok(())
}

fn outcome(segment: &Segment) -> String {
    let codes: Vec<&str> =
        segment.codes.iter().filter(|one| one.supported).map(|one| one.code.as_str()).collect();
    match segment.outcome {
        Outcome::Suggest => format!("{}, suggested", codes.join(" ")),
        Outcome::Consider => format!("{}, too close to choose", codes.join(" or ")),
        Outcome::Other => format!("{}, a service outside the four", codes.join(" ")),
        Outcome::Abstain(reason) => {
            format!("no suggestion ({}): {}", reason.id(), reason.words())
        }
    }
}
