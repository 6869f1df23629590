//! `rubric rules`: every warning the program can raise, explained with its source.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::chart_audit::clones::{About, RULE as CLONES};
use crate::engine::rules::{RULES, Rule};
use crate::knowledge::{Lexicon, lexicon, load};
use crate::model::Severity;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric rules
  rubric rules U1
  rubric rules missing-purpose")]
pub(super) struct Arguments {
    /// Id or name of a rule, as U1, VG-0001 or units-over-billed
    id: Option<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let lexicon = load(folder)?;
    let Some(id) = &arguments.id else {
        list(&lexicon, out)?;
        return Ok(ExitCode::SUCCESS);
    };
    let made: Vec<About> = made().filter(|rule| rule.id == id || rule.name == id).collect();
    let wording: Vec<&lexicon::Rule> = warned(&lexicon)
        .filter(|rule| {
            &rule.id == id || rule.aliases.contains(id) || rule.warn.as_ref() == Some(id)
        })
        .collect();
    for rule in &made {
        explain(rule, out)?;
    }
    for rule in &wording {
        explain_wording(rule, out)?;
    }
    anyhow::ensure!(
        !made.is_empty() || !wording.is_empty(),
        "no rule is called {id}; `rubric rules` lists them all, `rubric keywords explain {id}` knows terms"
    );
    Ok(ExitCode::SUCCESS)
}

/// Returns what the warnings made by the program say of themselves: of one note, then of many.
fn made() -> impl Iterator<Item = About> {
    RULES.iter().map(|rule| about(rule)).chain([CLONES])
}

fn about(rule: &Rule) -> About {
    let Rule { id, name, severity, title, about, why, remedy, denials, cite, .. } = *rule;
    About { id, name, severity, title, about, why, remedy, denials, cite }
}

fn warned(lexicon: &Lexicon) -> impl Iterator<Item = &lexicon::Rule> {
    lexicon.rules.iter().filter(|rule| rule.warn.is_some())
}

fn list(lexicon: &Lexicon, out: &mut dyn Write) -> std::io::Result<()> {
    for rule in made() {
        row(out, rule.id, rule.severity, rule.name, rule.title)?;
    }
    for rule in warned(lexicon) {
        row(out, &rule.id, rule.severity, rule.warn.as_deref().unwrap_or_default(), &rule.name)?;
    }
    Ok(())
}

fn row(
    out: &mut dyn Write,
    id: &str,
    severity: Severity,
    name: &str,
    title: &str,
) -> std::io::Result<()> {
    writeln!(out, "{} {id:<8} {name:<28} {title}", severity.sign())
}

fn explain(rule: &About, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{} {} ({}): {}", rule.id, rule.name, rule.severity.as_str(), rule.title)?;
    writeln!(out, "  looks at  {}", rule.about)?;
    writeln!(out, "  why       {}", rule.why)?;
    writeln!(out, "  do        {}", rule.remedy)?;
    writeln!(out, "  denials   {}", rule.denials.join(", "))?;
    writeln!(out, "  source    {}", rule.cite.join("; "))
}

fn explain_wording(rule: &lexicon::Rule, out: &mut dyn Write) -> std::io::Result<()> {
    let name = rule.warn.as_deref().unwrap_or_default();
    writeln!(out, "{} {name} ({}): {}", rule.id, rule.severity.as_str(), rule.name)?;
    writeln!(out, "  why       {}", rule.explain)?;
    writeln!(out, "  do        {}", rule.remedy)?;
    match rule.only_if {
        lexicon::OnlyIf::Always => {}
        lexicon::OnlyIf::Unmeasured => {
            writeln!(out, "  silent    where the same sentence holds a measure")?;
        }
        lexicon::OnlyIf::General => {
            writeln!(out, "  silent    where the sentence names anything")?;
        }
    }
    writeln!(out, "  denials   {}", rule.denials.join(", "))?;
    writeln!(out, "  source    {}   ({})", rule.cite.join("; "), rule.place)
}
