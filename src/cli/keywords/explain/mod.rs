//! `rubric keywords explain`: what an entry looks for, and why, in words.

mod context;

use std::io::Write;
use std::path::Path;

use anyhow::bail;
use clap::Args;

use super::tell;
use crate::knowledge::lexicon::{
    Counts, Example, Guard, OnlyIf, PREDICATES, Reader, Role, Rule, ShieldKind,
};
use crate::knowledge::{Lexicon, load};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Id of a rule, cue, heading or abbreviation; or the word `predicate`
    #[arg(value_name = "ID")]
    what: String,
    /// Name of a predicate, behind the word `predicate`
    name: Option<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    match (arguments.what.as_str(), &arguments.name) {
        ("predicate", name) => predicate(name.as_deref(), out),
        (id, None) => entry(&load(folder)?, id, out),
        (_, Some(name)) => {
            bail!("one entry at a time\n  help: leave `{name}` out, or write `predicate {name}`")
        }
    }
}

fn predicate(name: Option<&str>, out: &mut dyn Write) -> anyhow::Result<()> {
    let wanted = |row: &&(&str, &str)| name.is_none_or(|name| name == row.0);
    let rows: Vec<_> = PREDICATES.iter().filter(wanted).collect();
    if rows.is_empty() {
        let known: Vec<&str> = PREDICATES.iter().map(|row| row.0).collect();
        bail!("no predicate has that name\n  help: there is {}", known.join(", "));
    }
    for (name, about) in rows {
        writeln!(out, "{name}\n  {about}")?;
    }
    Ok(())
}

/// Labels with what they hold, label by label.
struct Sheet<'o> {
    out: &'o mut dyn Write,
}

impl Sheet<'_> {
    fn lines(&mut self, label: &str, lines: &[String]) -> std::io::Result<()> {
        for (nth, line) in lines.iter().enumerate() {
            writeln!(self.out, "  {:<11}{line}", if nth == 0 { label } else { "" })?;
        }
        Ok(())
    }

    fn line(&mut self, label: &str, line: &str) -> std::io::Result<()> {
        if line.is_empty() { Ok(()) } else { self.lines(label, &[line.to_owned()]) }
    }

    fn head(&mut self, id: &str, name: &str, about: &str) -> std::io::Result<()> {
        writeln!(self.out, "{id}  {name}\n  {about}\n")
    }

    fn examples(&mut self, tests: &[Example]) -> std::io::Result<()> {
        let lines: Vec<String> = tests.iter().map(tell::example).collect();
        self.lines("Examples", &lines)
    }
}

fn entry(lexicon: &Lexicon, id: &str, out: &mut dyn Write) -> anyhow::Result<()> {
    let sheet = &mut Sheet { out };
    if let Some(at) = tell::rule(lexicon, id) {
        return Ok(rule(lexicon, at, sheet)?);
    }
    let told = context::combo(lexicon, id, sheet)?
        || context::cue(lexicon, id, sheet)?
        || context::absorber(lexicon, id, sheet)?
        || context::heading(lexicon, id, sheet)?
        || context::abbreviation(lexicon, id, sheet)?;
    if told {
        return Ok(());
    }
    bail!("no entry has the id {id}\n  help: `rubric keywords show` lists the rules");
}

fn rule(lexicon: &Lexicon, at: usize, sheet: &mut Sheet<'_>) -> std::io::Result<()> {
    let rule = &lexicon.rules[at];
    let life = format!("{:?}, {:?}", rule.life, rule.tier).to_lowercase();
    let about = format!("{}; {life}; since {}; {}", rule.category.as_str(), rule.since, rule.place);
    sheet.head(&rule.id, &rule.name, &about)?;
    sheet.line("Former id", &rule.aliases.join(", "))?;
    sheet.lines("Points", &counting(rule))?;
    sheet.line("Why", &rule.explain)?;
    sheet.line("Ask", rule.ask.as_deref().unwrap_or_default())?;
    if let Some(warn) = &rule.warn {
        let only_if = match rule.only_if {
            OnlyIf::Always => "",
            OnlyIf::Unmeasured => ", silent beside a measure",
            OnlyIf::General => ", only among general words",
        };
        let alone = if rule.alone { ", only when it is the whole sentence" } else { "" };
        sheet.line("Warns", &format!("{warn} ({}){only_if}{alone}", rule.severity.as_str()))?;
    }
    sheet.line("Remedy", &rule.remedy)?;
    sheet.line("Denials", &rule.denials.join(", "))?;
    let words: Vec<String> =
        rule.forms.iter().map(|at| lexicon.phrases[*at].written.clone()).collect();
    sheet.lines("Words", &words)?;
    sheet.lines("Short", &abbreviations(lexicon, at))?;
    let readers: Vec<&str> = rule.readers.iter().copied().map(Reader::as_str).collect();
    sheet.line("Numbers", &readers.join(", "))?;
    sheet.line("Pattern", rule.regex.as_ref().map_or("", |regex| regex.as_str()))?;
    let requires: Vec<String> =
        rule.requires.iter().map(|window| tell::window(lexicon, window)).collect();
    sheet.lines("Only with", &requires)?;
    let unless: Vec<String> = rule.unless.iter().map(|one| tell::unless(lexicon, one)).collect();
    sheet.lines("Not when", &unless)?;
    sheet.examples(&rule.tests)?;
    sheet.line("Sources", &rule.cite.join("; "))
}

/// Returns how a rule counts.
fn counting(rule: &Rule) -> Vec<String> {
    let mut lines = Vec::new();
    match rule.shield {
        Some(ShieldKind::Drop) => lines.push("a shield: words it covers are not read".to_owned()),
        Some(ShieldKind::Test) => {
            lines.push("a shield: activities it covers are names of tests".to_owned());
        }
        None => {}
    }
    if !rule.supports.is_empty() {
        lines.push(tell::points(&rule.supports));
        let caps: Vec<String> =
            rule.caps.iter().map(|(code, cap)| format!("at most {cap} for {code}")).collect();
        lines.extend((!caps.is_empty()).then(|| caps.join(", ")));
        lines.push(match rule.counts {
            Counts::WhenPerformed => "counts only when it was itself done today".to_owned(),
            Counts::WithPerformed => "counts where something was done today".to_owned(),
        });
        lines
            .extend(rule.boost.iter().map(|(kind, more)| format!("{more:+} in {}", kind.as_str())));
        let never: Vec<&str> = rule.never.iter().map(|kind| kind.as_str()).collect();
        lines.extend((!never.is_empty()).then(|| format!("never in {}", never.join(", "))));
    }
    if rule.bare {
        lines.push("a bare word: gives way to any other rule of its category".to_owned());
    }
    lines.extend(rule.service.map(|code| format!("names the service {code}")));
    lines
}

fn abbreviations(lexicon: &Lexicon, rule: usize) -> Vec<String> {
    let told = |(nth, guard): (usize, &Guard)| {
        let phrases = tell::phrases_of(lexicon, |role| *role == Role::Guarded(rule, nth));
        let folded = phrases.first().map(|at| lexicon.phrases[*at].written.as_str());
        let text = guard.exact.as_deref().or(folded).unwrap_or_default();
        let near = guard.near.as_ref().map_or_else(
            || "read everywhere".to_owned(),
            |near| format!("only with {}", tell::window(lexicon, near)),
        );
        format!("{text}: {near}")
    };
    lexicon.rules[rule].guards.iter().enumerate().map(told).collect()
}
