//! Help and palette: one list of rows from the keymap, found by typing, run by Enter.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use crate::review::terms::TERMS;

use super::super::field::Field;
use super::super::key::Key;
use super::super::keymap::{Binding, Group, KEYMAP, Place};
use super::super::message::Effect;
use super::{App, Layer};

/// What is looked for, and the row under the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finder {
    /// What was typed.
    pub find: Field,
    /// Row under the cursor.
    pub cursor: usize,
    /// First row in view.
    pub top: usize,
}

/// What a row of help or palette does.
#[derive(Debug, Clone)]
pub enum What {
    /// A row of the keymap.
    Row(&'static Binding),
    /// A command without a key.
    Command(&'static str),
    /// A view of the queue.
    View(usize),
    /// A term of the filter.
    Term(&'static str),
    /// A theme.
    Theme(String),
    /// A setting, by its place.
    Setting(usize),
    /// The documentation of a rule that warns.
    Rule(String),
}

/// One row of help or palette.
#[derive(Debug, Clone)]
pub struct Item {
    /// Heading.
    pub group: &'static str,
    /// Key, or `-`.
    pub key: String,
    /// One sentence.
    pub help: String,
    /// More words.
    pub more: &'static str,
    /// Why it is not possible now.
    pub not_now: Option<&'static str>,
    /// What it does.
    pub what: What,
}

impl Item {
    fn name(&self) -> String {
        match &self.what {
            What::Row(row) => row.action.name().replace('_', " "),
            What::Command(name) => (*name).to_owned(),
            _ => String::new(),
        }
    }
}

/// Commands without a key.
const COMMANDS: [(&str, &str); 7] = [
    ("export", "export the notes of this view as a table (CSV, no words of a note)"),
    ("settings", "settings: payer, name, theme, width of the text, signs, guards"),
    ("theme", "choose a theme"),
    ("save view", "save this filter and order as a view"),
    ("delete view", "delete a view of your own"),
    ("messages", "old messages of this session"),
    ("other rule", "show units under the other rule"),
];

impl App {
    /// Returns the place that help speaks of: what lies under it.
    fn helped_place(&self) -> Place {
        let under = self
            .layers
            .iter()
            .rev()
            .find(|layer| !matches!(layer, Layer::Help(_) | Layer::Palette(_)));
        under.map_or_else(|| self.screen_place(), Layer::place)
    }

    fn item(&self, row: &'static Binding, place: Place) -> Item {
        let here = row.places.contains(&place);
        Item {
            group: row.group.name(),
            key: self.settings.keys.shown(row),
            help: row.help.to_owned(),
            more: row.more,
            not_now: if here { (row.test)(self) } else { Some("belongs to another screen") },
            what: What::Row(row),
        }
    }

    /// Returns the rows of help that match what was typed, rows of this place first.
    pub(in crate::tui) fn help_items(&self, find: &str) -> Vec<Item> {
        let place = self.helped_place();
        let wanted = find.to_lowercase();
        let matches = |row: &&Binding| {
            wanted.is_empty()
                || self.settings.keys.of(row).iter().any(|key| key.to_string() == find)
                || row.help.to_lowercase().contains(&wanted)
                || row.more.to_lowercase().contains(&wanted)
                || row.action.name().contains(&wanted)
        };
        let mut items: Vec<Item> = Vec::new();
        for here in [true, false] {
            for group in Group::ALL {
                let rows = KEYMAP.iter().filter(|row| {
                    row.group == group && row.places.contains(&place) == here && matches(row)
                });
                items.extend(rows.map(|row| self.item(row, place)));
            }
        }
        let terms = TERMS.iter().filter(|term| {
            !wanted.is_empty() && (term.form.contains(&wanted) || term.help.contains(&wanted))
        });
        items.extend(terms.map(|term| Item {
            group: "Filter",
            key: term.form.to_owned(),
            help: term.help.to_owned(),
            more: "A term of the filter line; -term turns it round.",
            not_now: None,
            what: What::Term(term.form),
        }));
        items
    }

    /// Returns the commands that match what was typed, best first.
    pub(in crate::tui) fn palette_items(&self, find: &str) -> Vec<Item> {
        let place = self.helped_place();
        let mut items: Vec<Item> = KEYMAP
            .iter()
            .filter(|row| row.places.contains(&place) && row.group != Group::Answer)
            .map(|row| self.item(row, place))
            .collect();
        items.extend(COMMANDS.iter().map(|(name, help)| Item {
            group: "Commands",
            key: "-".to_owned(),
            help: (*help).to_owned(),
            more: "",
            not_now: None,
            what: What::Command(name),
        }));
        items.extend(self.views.iter().enumerate().map(|(at, view)| Item {
            group: "Views",
            key: format!("v {}", at + 1),
            help: format!("view: {}", view.name),
            more: "",
            not_now: None,
            what: What::View(at),
        }));
        let wanted = find.trim().to_lowercase();
        if wanted.is_empty() {
            self.recent_first(&mut items);
            return items;
        }
        items.extend(self.further_items());
        let whole = |item: &Item| {
            item.help.to_lowercase().contains(&wanted) || item.name().contains(&wanted)
        };
        if items.iter().any(whole) {
            items.retain(whole);
            self.recent_first(&mut items);
            return items;
        }
        let pattern = Pattern::parse(find, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Item)> = items
            .into_iter()
            .filter_map(|item| {
                let words = format!("{} {}", item.help, item.name());
                let score = pattern.score(Utf32Str::new(&words, &mut buffer), &mut matcher)?;
                Some((score, item))
            })
            .collect();
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        scored.into_iter().map(|(_, item)| item).collect()
    }

    /// Returns what the palette finds only by typing: filters, themes, settings, rules.
    fn further_items(&self) -> Vec<Item> {
        let row = |group, key: &str, help: String, what| Item {
            group,
            key: key.to_owned(),
            help,
            more: "",
            not_now: None,
            what,
        };
        let terms = TERMS.iter().map(|term| {
            let help = format!("filter: {}  {}", term.form, term.help);
            row("Filter", "/", help, What::Term(term.form))
        });
        let themes = self.settings.themes.iter().map(|(name, _)| {
            row("Themes", "-", format!("theme: {name}"), What::Theme(name.clone()))
        });
        let settings = self.settings.rows.iter().enumerate().map(|(at, setting)| {
            let help = format!("setting: {}  {}", setting.name, setting.help);
            row("Settings", "-", help, What::Setting(at))
        });
        let rules = self.settings.book.warnings().into_iter().map(|(id, title)| {
            row("Rules", "-", format!("rule: {id} {title}"), What::Rule(id.to_owned()))
        });
        terms.chain(themes).chain(settings).chain(rules).collect()
    }

    /// Puts rows that were used in this session first, the last one on top.
    fn recent_first(&self, items: &mut [Item]) {
        let used = |item: &Item| self.recent.iter().rposition(|help| *help == item.help);
        items.sort_by_key(|item| std::cmp::Reverse(used(item)));
    }

    fn remember(&mut self, item: &Item) {
        self.recent.retain(|help| *help != item.help);
        self.recent.push(item.help.clone());
    }

    /// Runs the row under the cursor; the guards of decisions hold here as well.
    pub(super) fn enter_finder(&mut self) -> Vec<Effect> {
        let item = match self.layers.last() {
            Some(Layer::Help(finder)) => {
                self.help_items(finder.find.text()).into_iter().nth(finder.cursor)
            }
            Some(Layer::Palette(finder)) => {
                self.palette_items(finder.find.text()).into_iter().nth(finder.cursor)
            }
            _ => None,
        };
        let Some(item) = item else {
            self.refuse("Nothing is found by that. Esc goes back.");
            return Vec::new();
        };
        if let Some(reason) = item.not_now {
            self.refuse(format!("Not now: {reason}."));
            return Vec::new();
        }
        if let Some(Layer::Palette(_)) = self.layers.pop() {
            self.remember(&item);
        }
        match item.what {
            What::Row(row) if row.action.decides() => {
                self.refuse(format!(
                    "Decisions have their own key: press {}.",
                    self.settings.keys.first(row)
                ));
                Vec::new()
            }
            What::Row(row) => self.perform_row(row, Key::Enter, Ok(())),
            What::Command(name) => self.command(name),
            What::View(at) => self.show_view(at),
            What::Theme(value) => vec![Effect::Settle { name: "theme", value }],
            What::Setting(at) => {
                self.push(Layer::Settings(at));
                Vec::new()
            }
            What::Rule(id) => {
                self.push(Layer::Rule { id, top: 0 });
                Vec::new()
            }
            What::Term(form) => {
                let text = format!("{} {form}", self.shown.filter);
                self.open_prompt(super::PromptKind::Filter, text.trim_start())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;

    #[test]
    fn the_palette_finds_each_action_by_its_name_and_each_word_of_its_help() {
        let app = App::new(
            Settings::new(
                "anna",
                "q",
                crate::review::UnitsOf::new(|_, lines| vec![None; lines.len()]),
            ),
            3,
        );
        let rows = KEYMAP
            .iter()
            .filter(|row| row.places.contains(&Place::Review) && row.group != Group::Answer);
        for row in rows {
            let words = row.help.split(|c: char| !c.is_alphanumeric());
            let name = row.action.name().replace('_', " ");
            for find in words.filter(|word| !word.is_empty()).chain([name.as_str()]) {
                let found = app.palette_items(find).into_iter().any(
                    |item| matches!(item.what, What::Row(other) if other.action == row.action),
                );
                assert!(found, "{find} does not find {}", row.help);
            }
        }
    }
}
