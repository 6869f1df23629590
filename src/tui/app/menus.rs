//! Short lists, Enter in a layer, and keys that only one layer knows.

use crate::model::Code;
use crate::review::{Choice, Sort};

use super::super::action::Action;
use super::super::guard::Refused;
use super::super::key::Key;
use super::super::message::Effect;
use super::{App, Layer, Menu, MenuKind, PromptKind};

/// Services outside the four, in plain words of our own.
pub(super) const OTHER_SERVICES: [(&str, &str); 14] = [
    ("97140", "manual techniques"),
    ("97116", "gait practice"),
    ("97113", "exercise in water"),
    ("97150", "group"),
    ("97010", "heat or cold"),
    ("97014", "electrical stimulation, unattended"),
    ("G0283", "electrical stimulation, unattended (Medicare)"),
    ("97032", "electrical stimulation, attended"),
    ("97035", "ultrasound"),
    ("97750", "performance test"),
    ("97542", "wheelchair training"),
    ("97760", "orthosis training"),
    ("97129", "thinking skills"),
    ("92507", "speech and language"),
];

impl App {
    pub(super) fn open_menu(&mut self, kind: MenuKind) -> Vec<Effect> {
        let cursor = match kind {
            MenuKind::Sort => {
                Sort::ALL.iter().position(|sort| *sort == self.shown.sort).unwrap_or_default()
            }
            MenuKind::Views => self.shown.view,
            MenuKind::Theme => {
                let themes = &self.settings.themes;
                let now = themes.iter().position(|(_, looks)| *looks == self.settings.looks);
                now.unwrap_or_default()
            }
            MenuKind::DeleteView | MenuKind::Copy | MenuKind::Other => 0,
        };
        self.push(Layer::Menu(Menu { kind, cursor }));
        Vec::new()
    }

    /// Returns the rows of a short list.
    pub(in crate::tui) fn menu_items(&self, kind: MenuKind) -> Vec<String> {
        match kind {
            MenuKind::Sort => Sort::ALL
                .iter()
                .map(|sort| {
                    let now = *sort == self.shown.sort;
                    let way = if self.shown.reverse { "  (now, reversed)" } else { "  (now)" };
                    format!("{}{}", sort.words(), if now { way } else { "" })
                })
                .collect(),
            MenuKind::Views => {
                self.views.iter().map(|view| format!("{:<16} {}", view.name, view.filter)).collect()
            }
            MenuKind::DeleteView => {
                self.own_views().iter().map(|v| format!("{:<16} {}", v.name, v.filter)).collect()
            }
            MenuKind::Copy => super::copy::COPIES.iter().map(|words| (*words).to_owned()).collect(),
            MenuKind::Other => {
                OTHER_SERVICES.iter().map(|(code, words)| format!("{code}  {words}")).collect()
            }
            MenuKind::Theme => self.settings.themes.iter().map(|(name, _)| name.clone()).collect(),
        }
    }

    /// Returns how many rows the top layer has for its cursor.
    pub(super) fn item_count(&self) -> usize {
        match self.layers.last() {
            Some(Layer::Menu(menu)) => self.menu_items(menu.kind).len(),
            Some(Layer::Help(finder)) => self.help_items(finder.find.text()).len(),
            Some(Layer::Palette(finder)) => self.palette_items(finder.find.text()).len(),
            Some(Layer::History { .. }) => self.open.as_ref().map_or(0, |open| open.history.len()),
            Some(Layer::Queries(list)) => list.waiting().len(),
            Some(Layer::Bulk(form)) => form.ready.len() + form.left.len() + 2,
            Some(Layer::Settings(_)) => self.settings.rows.len(),
            Some(Layer::Messages { .. }) => self.told.len(),
            Some(Layer::About { .. } | Layer::Time { .. } | Layer::Rule { .. }) => 40,
            _ => 0,
        }
    }

    fn choose_item(&mut self, menu: Menu) -> Vec<Effect> {
        self.layers.pop();
        match menu.kind {
            MenuKind::Sort => {
                Sort::ALL.get(menu.cursor).copied().map_or_else(Vec::new, |s| self.sort_by(s))
            }
            MenuKind::Views => self.show_view(menu.cursor),
            MenuKind::DeleteView => self.delete_view(menu.cursor),
            MenuKind::Copy => self.copy_item(menu.cursor),
            MenuKind::Other => {
                let code = OTHER_SERVICES.get(menu.cursor).and_then(|(code, _)| Code::parse(code));
                if let Some(code) = code {
                    self.choose(Choice::Code(code));
                    self.renew_form();
                }
                Vec::new()
            }
            MenuKind::Theme => {
                let theme = self.settings.themes.get(menu.cursor).map(|(name, _)| name.clone());
                theme.map(|value| Effect::Settle { name: "theme", value }).into_iter().collect()
            }
        }
    }

    /// Keys that only the top layer knows; `None` leaves them to the keymap.
    pub(super) fn key_in_layer(
        &mut self,
        key: Key,
        verdict: Result<(), Refused>,
    ) -> Option<Vec<Effect>> {
        match self.layers.last()? {
            Layer::Change(_) => self.key_in_form(key, verdict).then(Vec::new),
            Layer::Query(_) => self.key_in_query(key, verdict).then(Vec::new),
            Layer::Menu(menu) => {
                let Key::Char(digit @ '1'..='9') = key else { return None };
                let at = digit as usize - '1' as usize;
                (at < self.menu_items(menu.kind).len())
                    .then_some(Menu { cursor: at, ..*menu })
                    .map(|menu| self.choose_item(menu))
            }
            Layer::Defer(_) => {
                let Key::Char(digit @ '1'..='4') = key else { return None };
                if let Err(refused) = verdict {
                    self.say_refused(key, refused);
                    return Some(Vec::new());
                }
                Some(self.defer_for(digit as usize - '1' as usize))
            }
            Layer::Compared => match key {
                Key::Char('c' | 'e') => {
                    let action =
                        if key == Key::Char('c') { Action::Change } else { Action::Explain };
                    self.layers.pop();
                    Some(self.act(action))
                }
                _ => None,
            },
            Layer::Summary => match key {
                Key::Char('b' | 'v') => {
                    let action = if key == Key::Char('b') { Action::Board } else { Action::Views };
                    self.layers.pop();
                    Some(self.act(action))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Enter in the top layer; `None` when no layer is open.
    pub(super) fn enter_layer(&mut self) -> Option<Vec<Effect>> {
        Some(match self.layers.last_mut()? {
            Layer::Change(_) => self.enter_form(),
            Layer::Query(_) => self.enter_query(),
            Layer::Queries(_) => self.open_queried(),
            Layer::Bulk(_) => self.enter_bulk(),
            Layer::Prompt(_) => self.enter_prompt(),
            Layer::Locked(_) => self.unlock(),
            Layer::Help(_) | Layer::Palette(_) => self.enter_finder(),
            Layer::Defer(cursor) => {
                let at = *cursor;
                self.defer_for(at)
            }
            Layer::Menu(menu) => {
                let menu = *menu;
                self.choose_item(menu)
            }
            Layer::History { details, .. } => {
                *details = !*details;
                Vec::new()
            }
            Layer::Compared => {
                self.layers.pop();
                return Some(self.next_open());
            }
            Layer::Select => self.copy_selection(),
            Layer::Settings(_) => self.enter_setting(),
            Layer::Warning
            | Layer::About { .. }
            | Layer::Messages { .. }
            | Layer::Rule { .. }
            | Layer::Plain(_)
            | Layer::Summary => {
                self.layers.pop();
                Vec::new()
            }
            Layer::Time { .. }
            | Layer::Quit
            | Layer::UndoBulk
            | Layer::Blocked
            | Layer::LeaseLost(_)
            | Layer::Changed => Vec::new(),
        })
    }

    /// `r`: the other rule, another try, or the note again.
    pub(super) fn reload(&mut self) -> Vec<Effect> {
        match self.layers.last_mut() {
            Some(Layer::Time { other_first, .. }) => {
                *other_first = !*other_first;
                Vec::new()
            }
            Some(Layer::Blocked) => self.retry(),
            Some(Layer::Changed) => {
                self.layers.pop();
                self.read_again()
            }
            _ => self.read_again(),
        }
    }

    fn read_again(&mut self) -> Vec<Effect> {
        let open = self.open.as_ref().map(|open| open.id);
        let Some(id) = open.or_else(|| self.unread()) else { return Vec::new() };
        self.opening = Some(id);
        self.say("Reading the note again.");
        vec![Effect::Open(id)]
    }

    /// Runs a command of the palette that is no key of its own.
    pub(super) fn command(&mut self, name: &str) -> Vec<Effect> {
        match name {
            "theme" => self.open_menu(MenuKind::Theme),
            "settings" => self.open_settings(),
            "export" => self.open_prompt(PromptKind::Export, "queue.csv"),
            "delete view" if self.own_views().is_empty() => {
                self.refuse("No view is your own yet; save view makes one.");
                Vec::new()
            }
            "delete view" => self.open_menu(MenuKind::DeleteView),
            "save view" => self.open_prompt(PromptKind::SaveView, ""),
            "messages" => {
                let top = self.told.len().saturating_sub(10);
                self.push(Layer::Messages { top });
                Vec::new()
            }
            "other rule" => {
                self.push(Layer::Time { other_first: true, top: 0 });
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}
