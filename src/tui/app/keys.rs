//! From a key to an action: guards first, then the text field, then the keymap.

use crate::review::Undo;

use super::super::action::Action;
use super::super::guard::Refused;
use super::super::key::Key;
use super::super::keymap::{Binding, Place, row_of};
use super::super::message::Effect;
use super::{App, Layer};

impl App {
    pub(super) fn on_key(&mut self, key: Key, at: u64) -> Vec<Effect> {
        self.now = self.now.max(at);
        if self.guard.muted(at) {
            return Vec::new();
        }
        let verdict = self.guard.press(key, at);
        self.key_with(key, verdict)
    }

    /// A key several times at once: moves and typing count as often, decisions not at all.
    pub(super) fn on_repeat(&mut self, key: Key, times: u16, at: u64) -> Vec<Effect> {
        self.now = self.now.max(at);
        if self.guard.muted(at) {
            return Vec::new();
        }
        let _ = self.guard.press(key, at);
        (0..times).flat_map(|_| self.key_with(key, Err(Refused::Held))).collect()
    }

    pub(super) fn on_paste(&mut self, text: &str, at: u64) -> Vec<Effect> {
        self.now = self.now.max(at);
        if let Some(field) = self.layers.last_mut().and_then(Layer::field) {
            field.insert(text);
            return self.after_typing();
        }
        self.guard.pasted(at);
        self.refuse(format!("Paste ignored: {} keys", text.chars().count()));
        Vec::new()
    }

    pub(super) fn key_with(&mut self, key: Key, verdict: Result<(), Refused>) -> Vec<Effect> {
        if let Some(effects) = self.key_in_field(key) {
            return effects;
        }
        let place = self.place();
        if self.panes().is_none() && key != Key::Ctrl('c') && place != Place::YesNo {
            return Vec::new();
        }
        if let Some(effects) = self.key_in_layer(key, verdict) {
            return effects;
        }
        let Some(row) = self.settings.keys.lookup(place, key) else {
            self.say_unbound(place, key);
            return Vec::new();
        };
        self.perform_row(row, key, verdict)
    }

    /// Runs a row of the keymap, as a key, a click or the help asks for it.
    pub(super) fn perform_row(
        &mut self,
        row: &'static Binding,
        key: Key,
        verdict: Result<(), Refused>,
    ) -> Vec<Effect> {
        let withdraws = row.action == Action::Undo
            && verdict == Err(Refused::Held)
            && matches!(self.undo.last(), Some(Undo::Decision { .. }));
        let presses = (row.action == Action::Open && self.on_button()) || withdraws;
        if let (true, Err(refused)) = (row.action.decides() || presses, verdict) {
            self.say_refused(key, refused);
            return Vec::new();
        }
        if let Some(reason) = (row.test)(self) {
            if row.action != Action::Close {
                self.refuse(format!("Not now: {reason}."));
            }
            return Vec::new();
        }
        self.act(row.action)
    }

    /// A key that stands for nothing says so, and where the others are listed.
    fn say_unbound(&mut self, place: Place, key: Key) {
        let help = row_of(place, Action::Help).map(|row| self.settings.keys.first(row));
        match help.filter(|key| !key.is_empty()) {
            Some(help) => self.refuse(format!("{key} does nothing here.   {help} lists the keys")),
            None if place == Place::Locked => {}
            None => self.refuse(format!("{key} does nothing here.")),
        }
    }

    pub(super) fn say_refused(&mut self, key: Key, refused: Refused) {
        match refused {
            Refused::Held => self.refuse(format!("Held key: {key} counted once")),
            Refused::Fresh => self.refuse("Too soon after the screen changed; nothing recorded"),
        }
    }

    /// Gives the key to the text field that has the focus, if there is one and it wants it.
    fn key_in_field(&mut self, key: Key) -> Option<Vec<Effect>> {
        let layer = self.layers.last_mut()?;
        let digits_only = matches!(layer, Layer::Bulk(_));
        let typed = match key {
            Key::Char(c) if digits_only => c.is_ascii_digit(),
            Key::Up | Key::Down | Key::Home | Key::End => {
                !matches!(layer, Layer::Help(_) | Layer::Palette(_))
            }
            _ => true,
        };
        if typed && layer.field()?.key(key) { Some(self.after_typing()) } else { None }
    }

    /// Does what an action asks for.
    pub(super) fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Accept => self.accept(),
            Action::Change => self.open_change(),
            Action::Query => self.open_query(),
            Action::Defer => self.defer(),
            Action::Code97110 => self.choose_four(0),
            Action::Code97112 => self.choose_four(1),
            Action::Code97530 => self.choose_four(2),
            Action::Code97535 => self.choose_four(3),
            Action::CodeOther => self.open_menu(super::MenuKind::Other),
            Action::CodeNone => self.choose_none(),
            Action::Undo => self.take_back(),
            Action::Flag => self.flag(),
            Action::Suppress => self.open_prompt(super::PromptKind::Suppress, ""),
            Action::Mark if self.has_layer(|layer| matches!(layer, Layer::Select)) => {
                self.anchor_selection();
                Vec::new()
            }
            Action::Mark => self.mark(),
            Action::AcceptMarked => self.open_bulk(super::BulkKind::Accept),
            Action::DeferMarked => self.open_bulk(super::BulkKind::Defer),
            Action::FlagMarked => self.open_prompt(super::PromptKind::FlagMarked, ""),
            Action::UnmarkAll => self.unmark_all(),
            Action::Filter => {
                let filter = self.shown.filter.clone();
                self.open_prompt(super::PromptKind::Filter, &filter)
            }
            Action::GoTo => self.open_prompt(super::PromptKind::GoTo, ""),
            Action::Sort => self.open_menu(super::MenuKind::Sort),
            Action::Views => self.open_menu(super::MenuKind::Views),
            Action::Copy => self.copy(),
            Action::OpenQueries => self.open_queries(),
            Action::AnswerQuery => self.open_prompt(super::PromptKind::Answer, ""),
            Action::CloseQuery => self.open_prompt(super::PromptKind::CloseQuery, ""),
            Action::SelectWords => self.select(),
            Action::FindInNote => self.open_prompt(super::PromptKind::Find, ""),
            Action::Reload => self.reload(),
            Action::Mouse => self.toggle_mouse(),
            Action::Redraw => vec![Effect::Redraw],
            Action::Quit => self.ask_to_quit(),
            Action::Yes => self.answer(true),
            Action::No => self.answer(false),
            Action::SecondOpinion => self.second_opinion(),
            Action::TakeHidden => self.take_hidden(),
            Action::MyMinutes => self.my_minutes(),
            Action::Open => self.enter(),
            Action::Close => self.close(),
            _ => self.look(action),
        }
    }

    fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.mouse = !self.mouse;
        self.say(if self.mouse {
            "Mouse on: click, wheel; dragging over the note copies its words.   m switches it off"
        } else {
            "Mouse off: dragging selects text.   m switches it on"
        });
        vec![Effect::Mouse(self.mouse)]
    }

    fn ask_to_quit(&mut self) -> Vec<Effect> {
        if self.has_layer(|layer| matches!(layer, Layer::Quit)) {
            return Vec::new();
        }
        let pending = self.pending.is_some() || self.unrecorded().is_some();
        if !self.settings.quit_asks && !pending {
            return vec![self.keep(), Effect::Quit];
        }
        self.push(Layer::Quit);
        Vec::new()
    }

    fn answer(&mut self, yes: bool) -> Vec<Effect> {
        match (self.layers.pop(), yes) {
            (Some(Layer::Quit), true) => vec![self.keep(), Effect::Quit],
            (Some(Layer::UndoBulk), true) => self.withdraw_last(),
            _ => Vec::new(),
        }
    }
}
