//! What the person or the program set before the first key.

use crate::review::{Book, Modifiers, UnitsOf};

use super::super::action::Action;
use super::super::grid::Ambiguous;
use super::super::guard::Limits;
use super::super::keys::Keys;
use super::super::looks::Looks;
use super::super::message::Effect;
use super::super::theme::Theme;
use super::{App, Layer, PromptKind};

/// What is hidden until the own answer is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Blind {
    /// Nothing.
    #[default]
    Off,
    /// Codes, points, kinds of matches, warnings; the places of matches stay.
    Evidence,
    /// All marks as well.
    Bare,
}

/// What may stand behind a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// One of some words.
    OneOf(Vec<String>),
    /// A whole number within bounds.
    Number {
        /// Least value.
        least: u64,
        /// Largest value.
        most: u64,
    },
    /// Anything that is typed.
    Words,
}

/// One line of the settings file, as the screen shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRow {
    /// Its name in the file.
    pub name: &'static str,
    /// Its value; empty where the computer decides.
    pub value: String,
    /// What it does.
    pub help: &'static str,
    /// What may stand there.
    pub takes: Takes,
    /// Where the value comes from.
    pub origin: String,
}

/// Since when a new value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// At once.
    Now,
    /// From the next start on.
    NextStart,
}

/// Settings of a review.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one line of the settings file")]
pub struct Settings {
    /// Coder at the screen.
    pub coder: String,
    /// Role, when it is not coder.
    pub role: String,
    /// Name of the queue.
    pub queue: String,
    /// Payer profile, as shown in the header.
    pub payer: String,
    /// Colours.
    pub looks: Looks,
    /// Colours to choose from, with their names.
    pub themes: Vec<(String, Looks)>,
    /// Lines of the settings file.
    pub rows: Vec<SettingRow>,
    /// Whether only ASCII signs are drawn.
    pub ascii: bool,
    /// How wide this terminal draws signs like `°`.
    pub ambiguous: Ambiguous,
    /// Most columns a note's text takes.
    pub note_width: usize,
    /// Whether the mouse is on at the start.
    pub mouse: bool,
    /// Whether the next open note comes by itself after a decision.
    pub advance: bool,
    /// Whether bulk acts exist.
    pub bulk: bool,
    /// Whether `d` asks for a reason.
    pub defer_asks: bool,
    /// Whether quitting asks when nothing is pending.
    pub quit_asks: bool,
    /// What is hidden before the own answer.
    pub blind: Blind,
    /// Why nothing may be recorded, if so.
    pub read_only: Option<String>,
    /// Minutes without a key until the text is covered; `None` never.
    pub lock_minutes: Option<u64>,
    /// Keys in force.
    pub keys: Keys,
    /// Limits of the guards.
    pub limits: Limits,
    /// The engine's unit rule.
    pub units_of: UnitsOf,
    /// What the keyword files say of their rules.
    pub book: Book,
    /// Modifiers that the payer takes.
    pub modifiers: Modifiers,
}

impl Settings {
    /// Returns the settings nobody changed.
    pub fn new(coder: impl Into<String>, queue: impl Into<String>, units_of: UnitsOf) -> Self {
        Self {
            coder: coder.into(),
            role: String::new(),
            queue: queue.into(),
            payer: String::new(),
            looks: Looks::default(),
            themes: Theme::ALL.map(|theme| (theme.name().to_owned(), theme.into())).to_vec(),
            rows: Vec::new(),
            ascii: false,
            ambiguous: Ambiguous::default(),
            note_width: 110,
            mouse: false,
            advance: true,
            bulk: true,
            defer_asks: false,
            quit_asks: true,
            blind: Blind::default(),
            read_only: None,
            lock_minutes: Some(15),
            keys: Keys::default(),
            limits: Limits::default(),
            units_of,
            book: Book::default(),
            modifiers: Modifiers::default(),
        }
    }
}

impl Settings {
    /// Takes a value by the name of its setting, and tells since when it holds.
    pub fn set(&mut self, name: &str, value: &str) -> Holds {
        let yes = value == "true";
        let number = || value.parse::<u64>().ok();
        match name {
            "theme" => match self.themes.iter().find(|(theme, _)| theme == value) {
                Some((_, looks)) => self.looks = looks.clone(),
                None => return Holds::NextStart,
            },
            "ascii" if value == "auto" => return Holds::NextStart,
            "ascii" => self.ascii = yes,
            "ambiguous" => {
                self.ambiguous = if value == "2" { Ambiguous::Two } else { Ambiguous::One };
            }
            "note.width" => {
                let wide = number().and_then(|wide| usize::try_from(wide).ok());
                self.note_width = wide.unwrap_or(self.note_width);
            }
            "advance" => self.advance = yes,
            "bulk" => self.bulk = yes,
            "defer.ask" => self.defer_asks = yes,
            "quit.ask" => self.quit_asks = yes,
            "lock.minutes" => self.lock_minutes = number().filter(|minutes| *minutes > 0),
            "mouse" => {
                self.mouse = yes;
                return Holds::NextStart;
            }
            "guard.held_ms" | "guard.fresh_ms" | "guard.burst_ms" => {
                let limit = match name {
                    "guard.held_ms" => &mut self.limits.held_ms,
                    "guard.fresh_ms" => &mut self.limits.fresh_ms,
                    _ => &mut self.limits.burst_ms,
                };
                *limit = number().unwrap_or(*limit);
                return Holds::NextStart;
            }
            _ => return Holds::NextStart,
        }
        Holds::Now
    }
}

impl App {
    pub(super) fn open_settings(&mut self) -> Vec<Effect> {
        if self.settings.rows.is_empty() {
            self.refuse("Settings are changed by `rubric config`.");
        } else {
            self.push(Layer::Settings(0));
        }
        Vec::new()
    }

    /// Moves among the settings, or changes the one under the cursor.
    pub(super) fn in_settings(&mut self, action: Action) -> Option<Vec<Effect>> {
        let Some(Layer::Settings(cursor)) = self.layers.last_mut() else { return None };
        let row = self.settings.rows.get(*cursor)?;
        let by = match action {
            Action::Left => -1_i8,
            Action::Right => 1,
            _ => return None,
        };
        let value = match &row.takes {
            Takes::OneOf(words) => {
                let at = words.iter().position(|word| *word == row.value).unwrap_or_default();
                let next = (at + words.len()).saturating_add_signed(by.into()) % words.len().max(1);
                words.get(next)?.clone()
            }
            Takes::Number { least, most } => {
                let now: i64 = row.value.parse().unwrap_or_default();
                // Small numbers go by ones, milliseconds by steps that can be felt.
                let step = if *most > 1_000 && *least >= 4 { 50 } else { 1 };
                let next = now.saturating_add(step * i64::from(by));
                next.clamp(least.cast_signed(), most.cast_signed()).to_string()
            }
            Takes::Words => return Some(self.enter_setting()),
        };
        if value == row.value {
            return Some(Vec::new());
        }
        Some(vec![Effect::Settle { name: row.name, value }])
    }

    /// Enter on a setting: the next of some words, or a line to type.
    pub(super) fn enter_setting(&mut self) -> Vec<Effect> {
        let Some(Layer::Settings(cursor)) = self.layers.last() else { return Vec::new() };
        let cursor = *cursor;
        match self.settings.rows.get(cursor) {
            Some(row) if !matches!(row.takes, Takes::OneOf(_)) => {
                let value = row.value.clone();
                self.open_prompt(PromptKind::Setting(row.name), &value)
            }
            _ => self.in_settings(Action::Right).unwrap_or_default(),
        }
    }

    /// A setting was kept in the person's file, or not.
    pub(super) fn on_settled(
        &mut self,
        name: &'static str,
        value: String,
        kept: Result<String, crate::review::Problem>,
    ) -> Vec<Effect> {
        let place = match kept {
            Ok(place) => place,
            Err(problem) => {
                self.refuse(format!("{} {}", problem.why, problem.remedy));
                return Vec::new();
            }
        };
        let holds = self.settings.set(name, &value);
        let since = if holds == Holds::Now { "" } else { " from the next start on" };
        self.say(format!("{name} = {value}{since}; kept in {place}"));
        if let Some(row) = self.settings.rows.iter_mut().find(|row| row.name == name) {
            (row.value, row.origin) = (value, place);
        }
        Vec::new()
    }
}
