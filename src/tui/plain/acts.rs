//! Acts in lines that the screen has forms for: lines by hand, warnings, flags, queries, bulk.

use std::io;

use crate::model::Code;

use super::super::app::{Layer, OnLine, QueryEnd};
use super::Plain;
use super::words::count;

impl Plain<'_> {
    /// Runs a line that begins with a word of its own; tells whether it was one.
    pub(super) fn by_word(&mut self, first: &str, rest: &[&str]) -> io::Result<bool> {
        match (first, rest) {
            ("units", rest) => self.on_line(OnLine::Units, rest)?,
            ("modifiers", rest) => self.on_line(OnLine::Modifiers, rest)?,
            ("minutes", rest) => self.on_line(OnLine::Minutes, rest)?,
            ("hide" | "-", rest) => self.hide(rest)?,
            ("flag" | "f", ["marked", question @ ..]) => self.flag_marked(&question.join(" "))?,
            ("flag" | "f", question) => self.flag(&question.join(" "))?,
            ("unflag", _) => self.unflag()?,
            ("queries", _) => self.queries()?,
            ("answer", rest) => self.end_query(QueryEnd::Answered, rest)?,
            ("close", rest) => self.end_query(QueryEnd::Closed, rest)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn on_line(&mut self, what: OnLine, rest: &[&str]) -> io::Result<()> {
        if let Some(reason) = self.app.cannot_change() {
            return self.say(&format!("Not now: {reason}."));
        }
        let code = rest.first().and_then(|code| Code::parse(&code.to_uppercase()));
        let typed = rest.get(1..).unwrap_or_default().join(" ");
        let (Some(code), false) = (code, typed.is_empty() && what != OnLine::Modifiers) else {
            return self.say(match what {
                OnLine::Units => "Type units, a code and a number, as units 97530 2.",
                OnLine::Modifiers => {
                    "Type modifiers, a code and its modifiers, as modifiers 97530 GP 59."
                }
                OnLine::Minutes => "Type minutes, a code and a number, as minutes 97530 12.",
            });
        };
        match self.app.plain_line(what, code, &typed) {
            Ok(()) => self.after(),
            Err(why) => self.say(&format!("Not set: {why}.")),
        }
    }

    fn hide(&mut self, rest: &[&str]) -> io::Result<()> {
        let [rule, reason @ ..] = rest else {
            return self.say("Type hide, the rule and a reason. Type warnings to hear the rules.");
        };
        if let Some(why) = self.app.hidden().or_else(|| self.app.cannot_write()) {
            return self.say(&format!("Not now: {why}."));
        }
        if reason.is_empty() {
            return self.say(&format!("Hiding a warning needs a reason, as hide {rule} WORDS."));
        }
        match self.app.plain_hide(rule, &reason.join(" ")) {
            Some(effects) => {
                self.settle(effects)?;
                self.after()
            }
            None => self.say(&format!("This note has no warning {rule}.")),
        }
    }

    fn flag(&mut self, question: &str) -> io::Result<()> {
        if let Some(reason) = self.app.no_note() {
            return self.say(&format!("Not now: {reason}."));
        }
        if question.is_empty() {
            return self.say("A flag needs a question, as flag is it a task. unflag takes it off.");
        }
        let effects = self.app.plain_flag(question.to_owned());
        self.settle(effects)?;
        self.after()
    }

    fn flag_marked(&mut self, question: &str) -> io::Result<()> {
        if let Some(reason) = self.app.cannot_bulk() {
            return self.say(&format!("Not now: {reason}."));
        }
        if question.is_empty() {
            return self.say("A flag needs a question, as flag marked is it a task.");
        }
        let effects = self.app.plain_flag_marked(question);
        self.settle(effects)?;
        self.after()
    }

    fn unflag(&mut self) -> io::Result<()> {
        match self.app.plain_unflag() {
            Some(effects) => {
                self.settle(effects)?;
                self.after()
            }
            None => self.say("This note has no flag."),
        }
    }

    fn ask_for_queries(&mut self) -> io::Result<()> {
        let effects = self.app.plain_queries();
        self.settle(effects)
    }

    fn close_list(&mut self) {
        self.app.layers.retain(|layer| matches!(layer, Layer::Blocked));
    }

    fn queries(&mut self) -> io::Result<()> {
        self.ask_for_queries()?;
        let (waiting, more) = self.app.plain_waiting();
        self.close_list();
        if waiting.is_empty() {
            return self.say("No query waits for an answer.");
        }
        for (at, query) in waiting.iter().enumerate() {
            let place = match query.id {
                Some(_) if query.edited => " The note was edited since.",
                Some(_) => "",
                None => " Its note is in another queue.",
            };
            self.say(&format!(
                "Query {}: {}, {}, asked {} by {}, {} ago.{place}",
                at + 1,
                query.key,
                query.matter,
                query.when,
                query.who,
                count(usize::try_from(query.days).unwrap_or(usize::MAX), "day"),
            ))?;
            for line in &query.words {
                self.say(&format!("  {line}"))?;
            }
        }
        if more > 0 {
            self.say(&format!("{more} more are not listed."))?;
        }
        self.say("Type answer, a number and the answer, or close, a number and the reason.")
    }

    fn end_query(&mut self, end: QueryEnd, rest: &[&str]) -> io::Result<()> {
        let number = rest.first().and_then(|number| number.parse::<usize>().ok());
        let words = rest.get(1..).unwrap_or_default().join(" ");
        let (Some(number), false) = (number.filter(|number| *number > 0), words.is_empty()) else {
            return self.say(match end {
                QueryEnd::Answered => "Type answer, the number of the query and the answer.",
                QueryEnd::Closed => "Type close, the number of the query and the reason.",
            });
        };
        self.ask_for_queries()?;
        if number > self.app.plain_waiting().0.len() {
            self.close_list();
            return self.say("There is no query with that number. Type queries to hear them.");
        }
        match self.app.plain_end_query(number - 1, end, &words) {
            Ok(effects) => {
                self.settle(effects)?;
                self.close_list();
                self.after()
            }
            Err(reason) => {
                self.close_list();
                self.say(&format!("Not now: {reason}."))
            }
        }
    }

    /// Tells whether a bulk act waits for its count.
    pub(super) fn in_bulk(&self) -> bool {
        matches!(self.app.layer(), Some(Layer::Bulk(_)))
    }

    /// Says what a bulk act would record and what it leaves out.
    pub(super) fn tell_bulk(&mut self) -> io::Result<()> {
        let Some(Layer::Bulk(form)) = self.app.layer().cloned() else { return Ok(()) };
        self.app.said = super::super::app::Said::default();
        let act = form.kind.word();
        for one in form.ready.values() {
            let opened = if one.opened { "opened by you" } else { "NOT opened by you" };
            let warnings = count(one.warnings, "warning");
            let (key, lines) = (&one.entry.note.key, &one.lines);
            self.say(&format!("{act} {key}: {lines}, {opened}, {warnings}."))?;
        }
        for left in &form.left {
            self.say(&format!("Left out {}: {}.", left.key, left.why))?;
        }
        if form.left.iter().any(|left| left.hidden) {
            self.say("Type hidden to take in what the filter hides.")?;
        }
        let ready = form.ready.len();
        if ready == 0 {
            self.app.layers.clear();
            return self.say("None of the marked notes can be recorded.");
        }
        self.say(&format!("Type {ready} to record {}; anything else records nothing.", {
            count(ready, "note")
        }))
    }

    /// Takes the line that answers a bulk act: only the right count records.
    pub(super) fn answer_bulk(&mut self, line: &str) -> io::Result<()> {
        if line == "hidden" {
            let effects = self.app.plain_take_hidden();
            self.settle(effects)?;
            return self.tell_bulk();
        }
        if line.parse::<usize>().is_ok() {
            let effects = self.app.plain_bulk(line);
            self.settle(effects)?;
            if !self.in_bulk() {
                return self.after();
            }
        }
        self.app.layers.clear();
        self.app.said = super::super::app::Said::default();
        self.say("Nothing is recorded; the notes stay marked.")
    }
}
