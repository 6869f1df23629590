//! `rubric eval`: scores labelled text, with a confusion matrix and every miss.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;

use crate::engine::{Engine, Pace};
use crate::model::{Code, Outcome};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Table with a header: `text` and `code`; `text`, `phrase` and `status`; or `text` and `label`
    file: PathBuf,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let engine = super::engine(folder, Pace::OneNote)?;
    let file = &arguments.file;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if file.extension().is_some_and(|end| end == "csv") { b',' } else { b'\t' })
        .quoting(file.extension().is_some_and(|end| end == "csv"))
        .from_path(file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>()?;
    let text =
        column("text").with_context(|| format!("{} has no column `text`", file.display()))?;
    if let Some(code) = column("code") {
        codes(out, &engine, &rows, text, code)?;
    } else if let (Some(phrase), Some(status)) = (column("phrase"), column("status")) {
        statuses(out, &engine, &rows, text, phrase, status)?;
    } else if let Some(label) = column("label") {
        labels(out, &engine, &rows, text, label)?;
    } else {
        anyhow::bail!("{} needs a column `code`, `status` or `label`", file.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Each row as a bullet under "Interventions:", its leading code against the label.
fn codes(
    out: &mut dyn Write,
    engine: &Engine,
    rows: &[csv::StringRecord],
    text: usize,
    code: usize,
) -> anyhow::Result<()> {
    let mut confusion: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut right, mut shown, mut four) = (0, 0, 0);
    for row in rows {
        let wanted = &row[code];
        let note = format!("Interventions:\n- {}\n", &row[text]);
        let language = engine.read(&note);
        let segment = language.segments.first();
        let best = segment.and_then(|one| one.codes.first()).filter(|one| one.score > 0);
        let got = best.map_or_else(|| "none".to_owned(), |one| one.code.to_string());
        let outcome =
            segment.map_or(Outcome::Abstain(crate::model::Abstention::OnlyVague), |s| s.outcome);
        let names = segment.is_some_and(|segment| {
            segment.codes.iter().any(|one| one.supported && one.code.as_str() == wanted)
        });
        let target = Code::parse(wanted).is_some_and(Code::is_target);
        if target {
            four += 1;
            right += usize::from(got == *wanted);
            shown += usize::from(names);
        }
        if let Some(reason) = outcome.reason() {
            *reasons.entry(reason.id()).or_default() += 1;
        }
        if got != *wanted || !names {
            let scores: Vec<String> = segment
                .map(|s| {
                    s.codes
                        .iter()
                        .filter(|c| c.score != 0)
                        .map(|c| {
                            let terms: Vec<String> = c
                                .evidence
                                .iter()
                                .map(|e| format!("{}{:+}", e.term, e.points))
                                .collect();
                            format!("{}={} [{}]", c.code, c.score, terms.join(" "))
                        })
                        .collect()
                })
                .unwrap_or_default();
            writeln!(
                out,
                "{wanted} {} {got}: {} | {}",
                outcome.as_str(),
                &row[text],
                scores.join("  ")
            )?;
        }
        *confusion.entry((wanted.to_owned(), got)).or_default() += 1;
    }
    for ((wanted, got), count) in &confusion {
        writeln!(out, "{wanted} -> {got}: {count}")?;
    }
    for (reason, count) in &reasons {
        writeln!(out, "abstain {reason}: {count}")?;
    }
    writeln!(out, "best code right {right} of {four}, shown {shown} of {four}")?;
    Ok(())
}

fn statuses(
    out: &mut dyn Write,
    engine: &Engine,
    rows: &[csv::StringRecord],
    text: usize,
    phrase: usize,
    status: usize,
) -> anyhow::Result<()> {
    let mut right = 0;
    for row in rows {
        let language = engine.read(&row[text]);
        let mention =
            crate::engine::examples::mention_over(&language.mentions, &row[phrase], &row[text]);
        let got = mention.map_or("no mention", |one| one.status.as_str());
        if got == &row[status] {
            right += 1;
        } else {
            writeln!(out, "{} -> {got}: \"{}\" in \"{}\"", &row[status], &row[phrase], &row[text])?;
        }
    }
    writeln!(out, "status right {right} of {}", rows.len())?;
    Ok(())
}

fn labels(
    out: &mut dyn Write,
    engine: &Engine,
    rows: &[csv::StringRecord],
    text: usize,
    label: usize,
) -> anyhow::Result<()> {
    let mut right = 0;
    for row in rows {
        let language = engine.read(&row[text]);
        let names: Vec<String> = engine
            .wording(&language, &row[text])
            .into_iter()
            .filter(|one| one.name.starts_with("vague"))
            .map(|one| format!("{} {}", one.rule, one.name))
            .collect();
        let got = if names.is_empty() { "specific" } else { "vague" };
        if got == &row[label] {
            right += 1;
        } else {
            writeln!(out, "{} -> {got}: {} {}", &row[label], &row[text], names.join(", "))?;
        }
    }
    writeln!(out, "wording right {right} of {}", rows.len())?;
    Ok(())
}
