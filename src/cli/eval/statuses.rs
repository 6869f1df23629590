//! Labelled statuses: whether an activity in a sentence was done, planned, a goal, and so on.

use std::io::Write;

use serde::Serialize;

use super::confusion::Confusion;
use super::table::Table;
use crate::cli::columns::{quoted, share};
use crate::engine::Engine;
use crate::engine::examples::mention_over;
use crate::model::{CueSource, Mention};

/// Stands for a phrase that no rule takes for an activity.
const UNSEEN: &str = "not seen";

#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    total: usize,
    right: usize,
    /// Phrases that count, or do not count, as they should: performed against all else.
    counting_right: usize,
    confusion: Confusion,
    misses: Vec<Miss>,
}

#[derive(Debug, Serialize)]
struct Miss {
    place: String,
    text: String,
    phrase: String,
    label: String,
    answer: String,
    rule: Option<String>,
    /// What gave the status: words of the note, or its heading.
    cue: Option<String>,
}

pub(super) fn score(engine: &Engine, table: &Table, columns: [usize; 3]) -> Report {
    let mut report = Report::default();
    for row in &table.rows {
        let [text, phrase, status] = columns.map(|column| row.cells[column].as_str());
        let language = engine.read(text);
        let mention = mention_over(&language.mentions, phrase, text);
        report.add(format!("line {}", row.line), text, phrase, status.trim(), mention);
    }
    report
}

impl Report {
    pub(super) fn add(
        &mut self,
        place: String,
        note: &str,
        phrase: &str,
        label: &str,
        mention: Option<&Mention>,
    ) {
        let answer = mention.map_or(UNSEEN, |one| one.status.as_str());
        self.total += 1;
        self.right += usize::from(answer == label);
        self.counting_right += usize::from((answer == "performed") == (label == "performed"));
        self.confusion.add(label, answer);
        if answer == label {
            return;
        }
        let cue = mention.and_then(|one| one.cue.as_ref()).map(|cue| match cue.source {
            CueSource::Local => cue.span.of(note).to_owned(),
            CueSource::Section => format!("heading {}", cue.span.of(note)),
        });
        self.misses.push(Miss {
            place,
            text: line_of(note, phrase).to_owned(),
            phrase: phrase.to_owned(),
            label: label.to_owned(),
            answer: answer.to_owned(),
            rule: mention.map(|one| one.term.to_string()),
            cue,
        });
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let Self { total, right, counting_right, confusion, misses } = self;
        writeln!(out, "Status of {total} labelled activities")?;
        writeln!(out, "  status right                      {}", share(*right, *total))?;
        writeln!(out, "  counted, or not, as it should be  {}", share(*counting_right, *total))?;
        writeln!(out, "\nBy status")?;
        confusion.write_shares(out)?;
        writeln!(out, "\nLabels down, answers across")?;
        confusion.write("label", out)?;
        if !misses.is_empty() {
            writeln!(out, "\nMisses ({})", misses.len())?;
        }
        for one in misses {
            writeln!(out, "  {}  {}", one.place, quoted(&one.text))?;
            let rule = one.rule.as_ref().map_or(String::new(), |rule| format!(" by {rule}"));
            let cue =
                one.cue.as_ref().map_or(String::new(), |cue| format!(", cue {}", quoted(cue)));
            let phrase = quoted(&one.phrase);
            writeln!(
                out,
                "      {phrase}: label {}; the program says: {}{rule}{cue}",
                one.label, one.answer
            )?;
        }
        Ok(())
    }
}

/// Returns the line of a note that holds a phrase.
fn line_of<'n>(note: &'n str, phrase: &str) -> &'n str {
    let at = note.find(phrase).unwrap_or(0);
    let from = note[..at].rfind('\n').map_or(0, |end| end + 1);
    note[from..].lines().next().unwrap_or_default()
}
