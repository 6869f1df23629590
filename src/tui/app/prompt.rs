//! Lines that are typed: filter, going to a note, questions, reasons, names.

use crate::review::{Filter, NoteId, Undo, counted};

use super::super::message::Effect;
use super::queue::capital;
use super::{App, Layer, Prompt, PromptKind, Shown};

impl App {
    pub(super) fn open_prompt(&mut self, kind: PromptKind, text: &str) -> Vec<Effect> {
        let kept = self.kept.lines.remove(&self.line_of(kind));
        let text = kept.as_deref().unwrap_or(text);
        let field = super::super::field::Field::new(super::super::field::Lines::One, text);
        let before = self.shown.clone();
        self.push(Layer::Prompt(Prompt { kind, field, before }));
        Vec::new()
    }

    /// Keeps a line that was typed and not entered, for the next time it is asked for.
    pub(super) fn keep_line(&mut self, kind: PromptKind, text: &str) {
        let kept = matches!(
            kind,
            PromptKind::Flag
                | PromptKind::FlagMarked
                | PromptKind::Suppress
                | PromptKind::Answer
                | PromptKind::CloseQuery
                | PromptKind::SaveView
        );
        if kept && !text.trim().is_empty() {
            self.kept.lines.insert(self.line_of(kind), text.to_owned());
            self.say("What you typed is kept for the next time.");
        }
    }

    /// Returns what a typed line is about: its kind, and the note where it is about one.
    fn line_of(&self, kind: PromptKind) -> (PromptKind, Option<NoteId>) {
        if matches!(kind, PromptKind::Answer | PromptKind::CloseQuery) {
            return (kind, self.query_under_cursor().and_then(|query| query.id));
        }
        let about = matches!(kind, PromptKind::Flag | PromptKind::Suppress);
        (kind, self.open.as_ref().filter(|_| about).map(|open| open.id))
    }

    /// Something was typed in the top layer.
    pub(super) fn after_typing(&mut self) -> Vec<Effect> {
        match self.layers.last_mut() {
            Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Filter => {
                let text = prompt.field.text().to_owned();
                self.filter_to(&text)
            }
            Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Find => {
                let text = prompt.field.text().to_owned();
                self.find_words(&text);
                Vec::new()
            }
            Some(Layer::Change(form)) => {
                form.line_fault = None;
                Vec::new()
            }
            Some(Layer::Help(finder) | Layer::Palette(finder)) => {
                (finder.cursor, finder.top) = (0, 0);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    /// Applies a filter that is being typed; a bad term leaves the last good result.
    pub(super) fn filter_to(&mut self, text: &str) -> Vec<Effect> {
        match Filter::parse(text) {
            Ok(_) => {
                self.filter_fault = None;
                text.trim().clone_into(&mut self.shown.filter);
                vec![self.arrange()]
            }
            Err(fault) => {
                self.refuse(capital(&fault.message));
                self.filter_fault = Some(fault);
                Vec::new()
            }
        }
    }

    /// A filter line was closed: what it changed is one act to take back.
    pub(super) fn filter_typed(&mut self, before: Shown) {
        self.filter_fault = None;
        if before != self.shown {
            let Shown { view, filter, sort, reverse } = before;
            self.undo.push(Undo::Arrangement { view, filter, sort, reverse });
        }
    }

    /// Completes the term at the end of the filter line.
    pub(super) fn complete_prompt(&mut self) {
        let Some(Layer::Prompt(prompt)) = self.layers.last_mut() else { return };
        if prompt.kind != PromptKind::Filter {
            return;
        }
        let typed = prompt.field.text().to_owned();
        let found = crate::review::terms::complete(&typed);
        match found.as_slice() {
            [] => self.refuse("No term begins so; F1 lists them."),
            [one] => {
                let kept = typed.rfind(' ').map_or(0, |at| at + 1);
                let minus = if typed[kept..].starts_with('-') { "-" } else { "" };
                let text = format!("{}{minus}{one}", &typed[..kept]);
                prompt.field.set(&text);
            }
            many => {
                let words = many.join("  ");
                self.say(words);
            }
        }
    }

    /// Enter in a typed line.
    pub(super) fn enter_prompt(&mut self) -> Vec<Effect> {
        let Some(Layer::Prompt(prompt)) = self.layers.last() else { return Vec::new() };
        let (kind, text) = (prompt.kind, prompt.field.text().trim().to_owned());
        match kind {
            PromptKind::Filter if self.filter_fault.is_some() => return Vec::new(),
            PromptKind::Find => {
                self.step_found(1);
                return Vec::new();
            }
            PromptKind::Suppress if text.is_empty() => {
                self.refuse("Hiding a warning needs a reason.");
                return Vec::new();
            }
            PromptKind::Answer if text.is_empty() => {
                self.refuse("An answer needs words; x closes a query without one.");
                return Vec::new();
            }
            PromptKind::CloseQuery if text.is_empty() => {
                self.refuse("Closing a query needs a reason.");
                return Vec::new();
            }
            PromptKind::SaveView if text.is_empty() => {
                self.refuse("A view needs a name.");
                return Vec::new();
            }
            PromptKind::SaveView if crate::review::VIEWS.iter().any(|(name, ..)| *name == text) => {
                self.refuse("That name is one of the program's own views.");
                return Vec::new();
            }
            _ => {}
        }
        if let Some(Layer::Prompt(prompt)) = self.layers.pop()
            && kind == PromptKind::Filter
        {
            self.filter_typed(prompt.before);
        }
        match kind {
            PromptKind::Filter => self.filter_to(&text),
            PromptKind::GoTo => self.go_to(&text),
            PromptKind::Flag => self.flag_with(text),
            PromptKind::FlagMarked => self.flag_marked(&text),
            PromptKind::Suppress => self.suppress(text),
            PromptKind::Answer => self.answer_query(&text),
            PromptKind::CloseQuery => self.close_query(text),
            PromptKind::SaveView => self.save_view(text),
            PromptKind::Find => Vec::new(),
            PromptKind::Export => self.export(text),
            PromptKind::Setting(name) => vec![Effect::Settle { name, value: text }],
        }
    }

    pub(super) fn go_to(&mut self, text: &str) -> Vec<Effect> {
        match text.parse::<usize>() {
            Ok(number) if number >= 1 && number <= self.queue.len() => {
                self.queue.go(number - 1);
                self.open_selected()
            }
            Ok(_) => {
                self.refuse(format!("There are {} notes in this view.", counted(self.queue.len())));
                Vec::new()
            }
            Err(_) if text.is_empty() => Vec::new(),
            Err(_) => vec![Effect::Find(text.to_owned())],
        }
    }
}
