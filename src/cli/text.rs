//! An analysis for people, as plain text: segments with points that add up, warnings, time and units.

use std::fmt::Write;

use crate::engine::Engine;
use crate::model::{Analysis, CodeFinding, Note, Outcome, Segment, Span, UnitRule};
use crate::tui::grid::visible;

/// Writes the report of one note.
pub(super) fn report(engine: &Engine, note: &Note, analysis: &Analysis) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_report(&mut out, engine, note, analysis);
    out
}

fn write_report(
    out: &mut String,
    engine: &Engine,
    note: &Note,
    analysis: &Analysis,
) -> std::fmt::Result {
    let who = analysis.discipline.map_or("discipline unknown", crate::model::Discipline::as_str);
    writeln!(out, "{}   {who}   {}   {}", note.key, analysis.versions.payer, note.source)?;
    for segment in &analysis.segments {
        write_segment(out, engine, note, segment)?;
    }
    if analysis.segments.is_empty() {
        writeln!(out, "  no delivered intervention was found")?;
    }
    write_time(out, analysis)?;
    for warning in &analysis.warnings {
        let place = warning.span.map(|span| format!("line {}, ", line(note, span)));
        writeln!(
            out,
            "  {} {}{} {}: {}",
            warning.severity.sign(),
            place.unwrap_or_default(),
            warning.rule,
            warning.name,
            visible(&warning.message)
        )?;
        writeln!(out, "      do: {}", warning.remedy)?;
    }
    writeln!(out)
}

fn write_segment(
    out: &mut String,
    engine: &Engine,
    note: &Note,
    segment: &Segment,
) -> std::fmt::Result {
    let minutes = segment.minutes.map_or("no minutes".to_owned(), |m| format!("{m} min"));
    let quote = short(segment.span.of(&note.text), 76);
    let quote = visible(&quote);
    let number = segment.index + 1;
    writeln!(out, "  {number}. line {}, {minutes}: \"{quote}\"", segment.line)?;
    let shown: Vec<&CodeFinding> = segment.codes.iter().filter(|one| one.supported).collect();
    match segment.outcome {
        Outcome::Abstain(reason) => {
            writeln!(out, "     ABSTAIN {}: {}", reason.id(), reason.words())?;
        }
        outcome => {
            for one in &shown {
                let label = engine.lexicon().codes.get(&one.code).map_or("", |code| &code.label);
                let word = match outcome {
                    Outcome::Suggest => "suggests",
                    Outcome::Consider => "consider",
                    _ => "other service",
                };
                writeln!(
                    out,
                    "     {word} {} {label}   score {}, lead {}",
                    one.code, one.score, one.lead
                )?;
            }
        }
    }
    for one in shown.iter().copied().chain(segment.codes.first().filter(|_| shown.is_empty())) {
        for evidence in &one.evidence {
            let cue = evidence.cue.as_ref().map(|cue| {
                format!(" because \"{}\"", visible(&short(cue.span.of(&note.text), 30)))
            });
            writeln!(
                out,
                "       {:+} {} {} \"{}\" {}{}",
                evidence.points,
                evidence.term,
                evidence.name,
                visible(&short(evidence.span.of(&note.text), 40)),
                evidence.status.as_str(),
                cue.unwrap_or_default()
            )?;
        }
    }
    for other in segment.codes.iter().filter(|one| !one.supported).take(2) {
        writeln!(out, "     not {} ({}): {}", other.code, other.score, other.why_not.join("; "))?;
    }
    if let Some(ask) = &segment.ask {
        writeln!(out, "     ask: {ask}")?;
    }
    Ok(())
}

fn write_time(out: &mut String, analysis: &Analysis) -> std::fmt::Result {
    let time = &analysis.time;
    let minutes = |m: Option<crate::model::Minutes>| m.map_or("-".to_owned(), |m| m.to_string());
    let units = |u: Option<u32>| u.map_or("-".to_owned(), |u| u.to_string());
    writeln!(
        out,
        "  timed {} min, total {} min; units {} ({}), {} ({})",
        minutes(time.timed_minutes),
        minutes(time.total_minutes),
        units(time.units.total),
        rule(time.units.rule),
        units(time.units_other_rule.total),
        rule(time.units_other_rule.rule),
    )?;
    for line in &analysis.lines {
        let differs = line.billed_units.is_some() && line.billed_units != line.units;
        writeln!(
            out,
            "    {} {}  {} min  supports {}  billed {}{}",
            line.code,
            line.modifiers.join(" "),
            minutes(line.minutes),
            units(line.units),
            units(line.billed_units),
            if differs { "  !" } else { "" }
        )?;
    }
    Ok(())
}

fn rule(rule: UnitRule) -> &'static str {
    match rule {
        UnitRule::Cms => "CMS pooled",
        UnitRule::PerCode => "per code",
    }
}

fn line(note: &Note, span: Span) -> usize {
    note.text.get(..span.start as usize).map_or(0, |before| before.matches('\n').count()) + 1
}

/// Shortens words to one line of at most `most` characters.
fn short(words: &str, most: usize) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most - 1).chain(['\u{2026}']).collect()
}
