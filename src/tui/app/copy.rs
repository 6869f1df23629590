//! Copying: by the clipboard of the terminal, without words of the note unless asked by name.

use crate::model::DecidedLine;
use crate::review::decide::lines_in_words;
use std::fmt::Write as _;

use super::super::message::Effect;
use super::{App, Layer, MenuKind, Screen};

/// Rows of the menu.
pub(super) const COPIES: [&str; 7] = [
    "lines of this note",
    "question of this segment",
    "warning under the cursor",
    "points of this segment",
    "key of this note",
    "WORDS OF THE NOTE (health data)",
    "PART OF THE NOTE, chosen by arrows or mouse (health data)",
];

impl App {
    pub(super) fn copy(&mut self) -> Vec<Effect> {
        match self.layers.last() {
            None if self.screen == Screen::Board => {
                let text = super::super::view::board_text(self);
                self.copy_text(text)
            }
            None => self.open_menu(MenuKind::Copy),
            Some(Layer::Plain(_)) => {
                self.layers.pop();
                Vec::new()
            }
            Some(Layer::Select) => self.copy_selection(),
            Some(Layer::Queries(_)) => {
                let text = self.query_under_cursor().map(crate::review::OpenQuery::to_text);
                self.copy_text(text.unwrap_or_default())
            }
            Some(Layer::Blocked | Layer::LeaseLost(_) | Layer::Time { .. }) => {
                let text =
                    self.pending.as_ref().map_or_else(|| self.lines_text(), |p| p.words.clone());
                self.copy_text(text)
            }
            Some(Layer::History { .. }) => {
                let text = self.history_text();
                self.copy_text(text)
            }
            Some(Layer::Warning) => self.copy_item(2),
            Some(layer) => {
                let text = super::super::view::dialog_text(self, layer);
                self.copy_text(text)
            }
        }
    }

    /// Copies a row of the menu; only the last two hold words of the note.
    pub(super) fn copy_item(&mut self, at: usize) -> Vec<Effect> {
        let Some(open) = &self.open else {
            self.refuse("No note is open.");
            return Vec::new();
        };
        if at < 4 && self.is_hidden() {
            self.refuse("Hidden until your answer is recorded.");
            return Vec::new();
        }
        if at == 6 && open.selection.is_none() {
            return self.select();
        }
        let text = match at {
            0 => self.lines_text(),
            1 => open.current().and_then(|segment| segment.ask.clone()).unwrap_or_default(),
            2 => open.current_warning().map_or_else(String::new, |warning| {
                format!(
                    "{} {}: {} {}",
                    open.note.key, warning.rule, warning.message, warning.remedy
                )
            }),
            3 => self.points_text(),
            4 => open.note.key.clone(),
            6 => self.selected_words().unwrap_or_default(),
            _ => open.note.text.clone(),
        };
        if text.is_empty() {
            self.refuse("There is nothing to copy under that.");
            return Vec::new();
        }
        self.copy_text(text)
    }

    fn copy_text(&mut self, text: String) -> Vec<Effect> {
        if text.is_empty() {
            self.refuse("There is nothing to copy here.");
            return Vec::new();
        }
        let again = self.kept.copied.replace(text.clone());
        if self.said.text.starts_with("Copied") && again.as_ref() == Some(&text) {
            // A second time: the clipboard did not work, so show the text alone.
            self.push(Layer::Plain(text));
            self.say("Select the text by hand.   y or Esc goes back");
            return Vec::new();
        }
        self.say("Copied, if your terminal allows it.   the same again shows it alone");
        vec![Effect::Copy(text)]
    }

    fn lines_text(&self) -> String {
        let Some(open) = &self.open else { return String::new() };
        let lines: Vec<DecidedLine> = self
            .current_lines()
            .into_iter()
            .filter(|line| line.alive)
            .map(|line| DecidedLine {
                code: line.code,
                minutes_tenths: None,
                units: line.units,
                modifiers: line.modifiers,
            })
            .collect();
        format!("{}: {}", open.note.key, lines_in_words(&lines))
    }

    /// Points by rule; the quotes are left out, because they are words of the note.
    fn points_text(&self) -> String {
        let Some(segment) = self.open.as_ref().and_then(super::OpenNote::current) else {
            return String::new();
        };
        let mut text = format!("Segment {}, line {}\n", segment.index + 1, segment.line);
        for finding in &segment.codes {
            let _ = writeln!(text, "{} {}", finding.code, finding.score);
            for evidence in &finding.evidence {
                let _ =
                    writeln!(text, "  {:+} {} {}", evidence.points, evidence.term, evidence.name);
            }
        }
        text
    }

    fn history_text(&self) -> String {
        let Some(open) = &self.open else { return String::new() };
        let mut text = format!("{}\n", open.note.key);
        for entry in &open.history {
            let _ = writeln!(
                text,
                "{} {} {} {} {}",
                entry.seq, entry.when, entry.who, entry.what, entry.short
            );
        }
        text
    }
}
