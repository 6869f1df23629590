//! Sentences of the review in lines: one fact a line, most important first.

use std::fmt::Write as _;

use crate::model::{Outcome, Segment, Severity};
use crate::review::Choice;
use crate::review::decide::code_of;

use super::super::app::{App, OpenNote, plural};

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// What the lines say where a message of the screen ends in keys.
const WAYS_BACK: [(&str, &str); 4] = [
    ("u undoes it", "undo takes it back."),
    ("u undoes all of them", "undo takes all of them back."),
    ("u brings the marks back", "undo brings the marks back."),
    (
        "A accepts them after a preview   x takes the marks off",
        "Type accept marked for a preview, or unmark all.",
    ),
];

/// Puts words in place of the keys that a message of the screen ends in.
pub(super) fn without_keys(said: &str) -> String {
    let Some((done, keys)) = said.split_once("   ") else { return said.to_owned() };
    match WAYS_BACK.iter().find(|(ends, _)| keys == *ends) {
        Some((_, words)) => format!("{done} {words}"),
        None => done.to_owned(),
    }
}

/// Returns a number with its noun.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", plural(number))
}

pub(super) fn summary(app: &App, open: &OpenNote) -> Vec<String> {
    let note = &open.note;
    let place = app.queue.cursor() + 1;
    let mut facts = vec![];
    facts.extend(open.analysis.discipline.map(|d| d.as_str().to_owned()));
    facts.push(open.analysis.payer.clone());
    let mut head =
        format!("Note {place} of {}: {}. {}.", app.queue.len(), note.key, facts.join(", "));
    for (name, value) in [("Date", &note.meta.date), ("Therapist", &note.meta.therapist)] {
        if let Some(value) = value {
            let _ = write!(head, " {name} {}.", value.trim_end_matches('.'));
        }
    }
    let mut lines = vec![head];
    let draft = app.current_draft();
    let segments = &open.analysis.segments;
    let waiting = segments
        .iter()
        .filter(|s| draft.choice(s.index).is_none() && code_of(s, &draft).is_none())
        .count();
    if app.is_hidden() {
        lines.push(format!("Summary: {} segments. Blind: your answer first.", segments.len()));
        lines.extend(segments.iter().map(|segment| {
            format!("Segment {}, line {}, {}.", segment.index + 1, segment.line, time(segment))
        }));
        return lines;
    }
    let time_words = &open.analysis.time;
    let minutes = time_words
        .timed_minutes
        .map_or("no timed minutes stated".to_owned(), |m| format!("{m} timed minutes"));
    let units =
        time_words.units.total.map_or("units unknown".to_owned(), |n| count(n as usize, "unit"));
    lines.push(format!(
        "Summary: {}, {waiting} open. {}, {}. {minutes}, {units}.",
        count(segments.len(), "segment"),
        count(open.count(Severity::Error), "error"),
        count(open.count(Severity::Warning), "warning"),
    ));
    for segment in segments {
        lines.push(segment_line(segment, draft.choice(segment.index)));
        if let Some(ask) = segment
            .ask
            .as_ref()
            .filter(|_| segment.code().is_none() && draft.choice(segment.index).is_none())
        {
            lines.push(format!("Question: {ask}"));
        }
    }
    for at in &open.order {
        let Some(warning) = open.analysis.warnings.get(*at) else { continue };
        lines.push(format!(
            "{} {}: {}.",
            capital(warning.severity.as_str()),
            warning.rule,
            warning.message.trim_end_matches('.')
        ));
    }
    lines
}

fn time(segment: &Segment) -> String {
    segment.minutes.map_or("no minutes".to_owned(), |minutes| format!("{minutes} minutes"))
}

fn segment_line(segment: &Segment, choice: Option<Choice>) -> String {
    let head = format!("Segment {}, line {}, {}:", segment.index + 1, segment.line, time(segment));
    if let Some(choice) = choice {
        let code = choice.code().map_or("not billable".to_owned(), |code| code.to_string());
        return format!("{head} yours {code}, not recorded.");
    }
    let scores: Vec<String> = segment
        .codes
        .iter()
        .filter(|finding| finding.score > 0)
        .take(2)
        .map(|finding| format!("{} score {}", finding.code, finding.score))
        .collect();
    let lead = segment.codes.first().map_or(0, |finding| finding.lead);
    match segment.outcome {
        Outcome::Suggest => format!("{head} suggests {}, lead {lead}.", scores.join(", over ")),
        Outcome::Other => format!("{head} other service {}.", scores.join(", over ")),
        Outcome::Consider => format!("{head} open. {}, lead {lead}.", scores.join(", ")),
        Outcome::Abstain(reason) => {
            format!("{head} no code, {}: {}.", reason.id(), reason.words())
        }
    }
}

pub(super) fn points(open: &OpenNote, segment: &Segment) -> Vec<String> {
    let text = &open.note.text;
    let mut lines = Vec::new();
    for finding in &segment.codes {
        if finding.score == 0 {
            continue;
        }
        for evidence in &finding.evidence {
            let because = evidence
                .cue
                .as_ref()
                .map_or_else(String::new, |cue| format!(", because \"{}\"", cue.span.of(text)));
            lines.push(format!(
                "Points for {}: {} {}, \"{}\", {}{because}.",
                finding.code,
                evidence.points,
                evidence.name,
                evidence.span.of(text),
                evidence.status.as_str()
            ));
        }
        lines.push(format!("Sum for {}: {}.", finding.code, finding.score));
    }
    for finding in segment.codes.iter().filter(|finding| !finding.why_not.is_empty()) {
        lines.push(format!(
            "Not {}, score {}: {}.",
            finding.code,
            finding.score,
            finding.why_not.join("; ")
        ));
    }
    if let Outcome::Abstain(reason) = segment.outcome {
        lines.push(format!("No code: {}.", reason.words()));
    }
    lines
}
