//! The same review as lines: for screen readers, dumb terminals and logs.

use std::io::{self, BufRead, Write};

use crate::review::decide::{REASONS, shown_codes};
use crate::review::{Choice, Desk, NoteId};

use super::action::Action;
use super::app::{App, Layer};
use super::effects::{ForTerminal, settle};
use super::grid;
use super::keymap::KEYMAP;
use super::message::{Effect, Message};
use super::run::held;

mod acts;
mod words;

use words::{capital, count, points, summary, without_keys};

/// Words that are understood beside the actions of the keymap, with what they do.
pub const WORDS: [(&str, &str); 21] = [
    ("why N", "points of segment N"),
    ("N CODE", "CODE for segment N, as 3 97110; 0 is not billable"),
    ("note", "the words of the note"),
    ("summary", "the summary again"),
    ("warnings", "warnings with what mends them"),
    ("lines", "codes, minutes and units"),
    ("change R [WORDS]", "record other lines for reason R, with a comment"),
    ("units CODE N", "N units for the line of CODE; other units than the rule gives need reason 4"),
    ("modifiers CODE LIST", "the modifiers of that line, as modifiers 97530 GP 59"),
    ("minutes CODE N", "the minutes of that line as you read them; needs reason 4 and a comment"),
    ("query [T]", "record a query by template T"),
    ("queries", "the queries that wait for an answer, oldest first"),
    ("answer N WORDS", "the answer to query N of that list, for your next decision about its note"),
    ("close N WORDS", "close query N unanswered, with the reason"),
    ("hide RULE WORDS", "hide the warning of that rule for this note, with the reason"),
    ("go KEY", "the note with that key or number"),
    ("filter TERMS", "only notes that pass, as filter open code:97530; filter alone shows all"),
    ("flag WORDS", "a question about this note to the lead or trainer; unflag takes it off"),
    ("flag marked WORDS", "the same question about all marked notes"),
    ("history", "earlier events of this note"),
    ("quit", "leave"),
];

/// Actions that make sense without a picture.
const ACTIONS: [Action; 13] = [
    Action::Accept,
    Action::Change,
    Action::Query,
    Action::Defer,
    Action::Undo,
    Action::NextNote,
    Action::PreviousNote,
    Action::NextOpen,
    Action::Mark,
    Action::UnmarkAll,
    Action::AcceptMarked,
    Action::DeferMarked,
    Action::Reload,
];

/// A review in lines.
pub struct Plain<'a> {
    app: App,
    desk: &'a mut dyn Desk,
    out: &'a mut dyn Write,
    told: Option<NoteId>,
    clock: u64,
}

/// Runs the review in lines until the input ends or the person leaves.
pub fn run_plain(
    app: App,
    desk: &mut dyn Desk,
    input: &mut dyn BufRead,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut plain = Plain { app, desk, out, told: None, clock: 0 };
    plain.start()?;
    let mut line = String::new();
    loop {
        plain.prompt()?;
        line.clear();
        if input.read_line(&mut line)? == 0 || !plain.command(line.trim())? {
            return plain.out.flush();
        }
    }
}

impl Plain<'_> {
    fn say(&mut self, words: &str) -> io::Result<()> {
        writeln!(self.out, "{}", grid::visible(words))
    }

    fn start(&mut self) -> io::Result<()> {
        let ids = self.desk.decided();
        let mut effects = self.app.start();
        effects.extend(self.app.update(Message::Decided { ids }));
        self.settle(effects)?;
        let total = self.app.total;
        let open = total.saturating_sub(self.app.decided.count());
        let name = self.app.settings.queue.clone();
        self.say(&format!("Queue {name}: {total} notes, {open} open. Type help for commands."))?;
        self.tell_note()
    }

    fn prompt(&mut self) -> io::Result<()> {
        let place = self.app.queue.cursor() + 1;
        write!(self.out, "note {place}> ")?;
        self.out.flush()
    }

    /// Does effects; says what was said; tells whether to go on.
    fn settle(&mut self, effects: Vec<Effect>) -> io::Result<()> {
        let clock = self.clock;
        let left = settle(&mut self.app, effects, self.desk, &|| clock);
        if let Some(message) = held(&self.app, self.desk) {
            // Nothing follows from it: what is said of the note says who has it.
            let _ = self.app.update(message);
        }
        for left in left {
            match left {
                ForTerminal::Copy(text) => {
                    for line in text.lines() {
                        self.say(&format!("Copy: {line}"))?;
                    }
                }
                ForTerminal::Mouse(_)
                | ForTerminal::Redraw
                | ForTerminal::Quit
                | ForTerminal::End { .. } => {}
            }
        }
        Ok(())
    }

    /// Says the message of the last act, and the note if another one came.
    fn after(&mut self) -> io::Result<()> {
        let mut said = without_keys(&self.app.said.text);
        if said.contains(" is open: ") {
            said = self.open_segment();
        }
        self.app.said = super::app::Said::default();
        if !said.is_empty() {
            self.say(&said)?;
        }
        if let Some(Layer::Blocked) = self.app.layer() {
            let problem = self.app.pending.as_ref().and_then(|pending| pending.problem.clone());
            if let Some(problem) = problem {
                self.say(&format!("Why: {}. Where: {}.", problem.why, problem.place))?;
                self.say(&format!("Do: {} Then type retry.", problem.remedy))?;
            }
        } else if self.app.open.as_ref().map(|open| open.id) != self.told {
            self.tell_note()?;
        }
        Ok(())
    }

    /// Says which segment stops accept, with the lines that would settle it.
    fn open_segment(&self) -> String {
        let Some(segment) = self.app.open.as_ref().and_then(super::app::OpenNote::current) else {
            return String::new();
        };
        let number = segment.index + 1;
        let codes: Vec<String> =
            shown_codes(segment).iter().map(|code| format!("{number} {code}")).collect();
        let choices = if codes.is_empty() { format!("{number} CODE") } else { codes.join(" or ") };
        format!("Segment {number} is open. Type {choices}, or query.")
    }

    fn history(&mut self) -> io::Result<()> {
        let lines: Vec<String> = self.app.open.as_ref().map_or_else(Vec::new, |open| {
            let events = open.history.iter();
            events
                .map(|e| format!("Event {}, {}, {}: {} {}", e.seq, e.when, e.who, e.what, e.short))
                .collect()
        });
        if lines.is_empty() {
            return self.say("Nothing was recorded about this note.");
        }
        lines.iter().try_for_each(|line| self.say(line.trim_end()))
    }

    /// Runs one line; tells whether to go on.
    fn command(&mut self, line: &str) -> io::Result<bool> {
        // Lines are typed on purpose, one at a time; the guards of single keys do not apply.
        self.clock += 2000;
        self.app.now = self.clock;
        let mut words = line.split_whitespace();
        let Some(first) = words.next() else { return Ok(true) };
        let rest: Vec<&str> = words.collect();
        let blocked = matches!(self.app.layer(), Some(Layer::Blocked));
        match (first, rest.as_slice()) {
            ("quit" | "exit", _) => {
                let keep = self.app.plain_keep();
                self.settle(vec![keep])?;
                let recorded = self.app.session.recorded();
                self.say(&format!("Recorded in this session: {recorded}."))?;
                return Ok(false);
            }
            ("help" | "?", _) => self.help()?,
            ("retry", _) if blocked => {
                let effects = self.app.plain_retry();
                self.settle(effects)?;
                self.after()?;
            }
            _ if blocked => {
                self.say("Not recorded yet. Type retry, or quit to leave without recording it.")?;
            }
            _ if self.in_bulk() => self.answer_bulk(line)?,
            ("why", [number]) => self.why(number)?,
            ("why", _) => self.why(&(self.segment() + 1).to_string())?,
            ("note", _) => self.note_text()?,
            ("summary", _) => self.tell_note()?,
            ("warnings", _) => self.warnings()?,
            ("lines", _) => self.lines()?,
            ("change", [reason, comment @ ..]) => self.change(reason, &comment.join(" "))?,
            ("change" | "c", _) => {
                self.say("Change needs a reason, as change 1. Reasons:")?;
                for (at, reason) in REASONS.iter().enumerate() {
                    self.say(&format!("Reason {}: {}.", at + 1, reason.words))?;
                }
            }
            ("query" | "q", template) => self.query(template.first().copied())?,
            ("go", [key]) => {
                let effects = self.app.plain_go(key);
                self.settle(effects)?;
                self.after()?;
            }
            ("filter", terms) => {
                let effects = self.app.plain_filter(&terms.join(" "));
                self.settle(effects)?;
                self.after()?;
            }
            ("history", _) => self.history()?,
            _ if self.by_word(first, &rest)? => {}
            (number, [code]) if number.parse::<usize>().is_ok() => self.choose(number, code)?,
            _ => self.action(line)?,
        }
        Ok(true)
    }

    fn segment(&self) -> usize {
        self.app.open.as_ref().map_or(0, |open| open.segment)
    }

    /// Runs an action by its name, its words or its key.
    fn action(&mut self, line: &str) -> io::Result<()> {
        let wanted = line.to_lowercase().replace(' ', "_");
        let here = self.app.screen_place();
        let rows =
            KEYMAP.iter().filter(|row| row.places.contains(&here) && ACTIONS.contains(&row.action));
        let exact = rows.clone().find(|row| {
            row.action.name() == wanted
                || self.app.settings.keys.of(row).iter().any(|key| key.to_string() == line)
        });
        let begins: Vec<_> = rows.filter(|row| row.action.name().starts_with(&wanted)).collect();
        let row = match (exact, begins.as_slice()) {
            (Some(row), _) => row,
            (None, [row]) => row,
            (None, []) => return self.say("Not understood. Type help for commands."),
            (None, many) => {
                let names: Vec<&str> = many.iter().map(|row| row.action.name()).collect();
                let names: Vec<String> = names.iter().map(|name| name.replace('_', " ")).collect();
                return self.say(&format!("Which one: {}?", names.join(", ")));
            }
        };
        if let Some(reason) = (row.test)(&self.app) {
            return self.say(&format!("Not now: {reason}."));
        }
        if row.action == Action::Accept && self.told.is_none() {
            return self.tell_note();
        }
        let effects = self.app.plain_act(row.action);
        self.settle(effects)?;
        // Forms and menus are for the eye; lines have their own words.
        if !matches!(self.app.layer(), Some(Layer::Blocked) | None) {
            if let Some(Layer::UndoBulk) = self.app.layer() {
                let effects = self.app.plain_act(Action::Yes);
                self.settle(effects)?;
            } else if self.in_bulk() {
                return self.tell_bulk();
            } else if let Some(Layer::Change(_)) = self.app.layer() {
                self.app.layers.clear();
                self.app.said = super::app::Said::default();
                return self.say(
                    "These lines differ from those shown. Type change and the number of a reason.",
                );
            } else {
                self.app.layers.clear();
            }
        }
        self.after()
    }

    fn choose(&mut self, number: &str, code: &str) -> io::Result<()> {
        let at = number.parse::<usize>().unwrap_or_default();
        let count = self.app.open.as_ref().map_or(0, |open| open.analysis.segments.len());
        if at == 0 || at > count {
            return self.say(&format!("There are {count} segments."));
        }
        let choice = match code {
            "0" | "none" => Some(Choice::NotBillable),
            code => crate::model::Code::parse(&code.to_uppercase()).map(Choice::Code),
        };
        let Some(choice) = choice else {
            return self.say("A code has five characters, as 97110; 0 is not billable.");
        };
        if let Some(reason) = self.app.cannot_draft() {
            return self.say(&format!("Not now: {reason}."));
        }
        self.app.plain_choose(at - 1, choice);
        self.after()
    }

    fn change(&mut self, reason: &str, comment: &str) -> io::Result<()> {
        if let Some(reason) = self.app.cannot_decide() {
            return self.say(&format!("Not now: {reason}."));
        }
        let at = reason.parse::<usize>().ok().filter(|at| (1..=REASONS.len()).contains(at));
        let Some(at) = at else {
            return self.say("A reason is a number from 1 to 8. Type change to hear them.");
        };
        let effects = self.app.plain_change(at - 1, comment);
        self.settle(effects)?;
        self.app.layers.retain(|layer| matches!(layer, Layer::Blocked));
        self.after()
    }

    /// Records a query by its number; without one the questions are told first, as the screen
    /// shows them before anything is recorded.
    fn query(&mut self, template: Option<&str>) -> io::Result<()> {
        if let Some(reason) = self.app.cannot_decide_anew() {
            return self.say(&format!("Not now: {reason}."));
        }
        let questions = self.app.plain_questions();
        let chosen = template.and_then(|number| number.parse::<usize>().ok());
        let Some(template) = chosen.filter(|at| (1..=questions.len()).contains(at)) else {
            for (at, question) in questions.iter().enumerate() {
                self.say(&format!("{}: {question}", at + 1))?;
            }
            return self.say("Nothing is recorded yet. Type query and the number of a question.");
        };
        let effects = self.app.plain_query(template);
        self.settle(effects)?;
        self.app.layers.retain(|layer| matches!(layer, Layer::Blocked));
        self.after()
    }

    fn help(&mut self) -> io::Result<()> {
        for (words, help) in WORDS {
            self.say(&format!("{words}: {help}."))?;
        }
        let here = self.app.screen_place();
        for row in
            KEYMAP.iter().filter(|row| row.places.contains(&here) && ACTIONS.contains(&row.action))
        {
            let name = row.action.name().replace('_', " ");
            self.say(&format!("{name}, or {}: {}.", self.app.settings.keys.first(row), row.help))?;
        }
        Ok(())
    }

    fn note_text(&mut self) -> io::Result<()> {
        let Some(note) = self.app.open.as_ref().map(|open| open.note.clone()) else {
            return self.say("No note is open.");
        };
        for (at, line) in note.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
        {
            self.say(&format!("Line {}: {}", at + 1, line.trim()))?;
        }
        Ok(())
    }

    /// Says the summary of the open note, most important first.
    fn tell_note(&mut self) -> io::Result<()> {
        self.told = self.app.open.as_ref().map(|open| open.id);
        let lines = match &self.app.open {
            Some(open) => summary(&self.app, open),
            None => vec!["No note is open.".to_owned()],
        };
        lines.iter().try_for_each(|line| self.say(line))
    }

    fn why(&mut self, number: &str) -> io::Result<()> {
        if self.app.is_hidden() {
            return self.say("Hidden until your answer is recorded.");
        }
        let at = number.parse::<usize>().unwrap_or_default();
        let lines = self.app.open.as_mut().and_then(|open| {
            let segment = open.analysis.segments.get(at.checked_sub(1)?)?.clone();
            open.seen = true;
            open.segment = segment.index;
            Some(points(open, &segment))
        });
        match lines {
            Some(lines) => lines.iter().try_for_each(|line| self.say(line)),
            None => self.say("There is no segment with that number."),
        }
    }

    fn warnings(&mut self) -> io::Result<()> {
        if self.app.is_hidden() {
            return self.say("Hidden until your answer is recorded.");
        }
        let lines: Vec<String> = self.app.open.as_ref().map_or_else(Vec::new, |open| {
            open.order
                .iter()
                .filter_map(|at| open.analysis.warnings.get(*at))
                .map(|warning| {
                    let hidden = self.app.is_suppressed(&warning.rule);
                    format!(
                        "{} {}: {}. {}{}",
                        capital(warning.severity.as_str()),
                        warning.rule,
                        warning.message.trim_end_matches('.'),
                        warning.remedy,
                        if hidden { " Hidden by you." } else { "" }
                    )
                })
                .collect()
        });
        lines.iter().try_for_each(|line| self.say(line))
    }

    fn lines(&mut self) -> io::Result<()> {
        if self.app.is_hidden() {
            return self.say("Hidden until your answer is recorded.");
        }
        for line in self.app.current_lines() {
            let minutes = line.minutes.map_or("no".to_owned(), |minutes| minutes.to_string());
            let units = count(line.units.unwrap_or_default() as usize, "unit");
            let billed = line.billed.map_or("not billed".to_owned(), |n| format!("billed x{n}"));
            let (code, modifiers) = (line.code, line.modifiers.join(" "));
            let modifiers = if modifiers.is_empty() { "no modifier".to_owned() } else { modifiers };
            self.say(&format!("Line {code}: {minutes} minutes, {units}, {modifiers}, {billed}."))?;
        }
        Ok(())
    }
}
