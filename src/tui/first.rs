//! The first start: name, payer and colours on one page, which Enter or Esc leaves at once.

use ratatui::layout::Rect;

use super::field::Field;
use super::key::Key;
use super::looks::Looks;
use super::message::Message;

/// Row of the page that has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FirstRow {
    /// The coder's name.
    Name,
    /// Payer of notes that name none.
    Payer,
    /// Colours.
    Theme,
    /// The button that keeps all of it and begins.
    Start,
    /// The button that leaves the program.
    Quit,
}

impl FirstRow {
    /// All rows, from top to bottom.
    pub const ALL: [Self; 5] = [Self::Name, Self::Payer, Self::Theme, Self::Start, Self::Quit];
}

/// What the page came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The review begins, and these settings are kept.
    Start {
        /// Name of the coder.
        coder: String,
        /// Payer of notes that name none.
        payer: String,
        /// Name of the theme.
        theme: String,
    },
    /// Nothing begins.
    Quit,
    /// The system ends the program.
    Ended {
        /// Number of the signal.
        signal: u8,
    },
}

/// The page.
#[derive(Debug, Clone)]
pub struct First {
    /// The coder's name.
    pub name: Field,
    /// Payers to choose from.
    pub payers: Vec<String>,
    /// Payer chosen.
    pub payer: usize,
    /// Themes to choose from, with their looks.
    pub themes: Vec<(String, Looks)>,
    /// Theme chosen.
    pub theme: usize,
    /// Row with the focus.
    pub row: FirstRow,
    /// The audit log, as a person reads paths.
    pub log: String,
    /// What is reviewed, in words.
    pub notes: String,
    /// Whether only ASCII signs are drawn.
    pub ascii: bool,
    /// What stands in the way of the start.
    pub said: &'static str,
    /// The window.
    pub area: Rect,
}

impl First {
    /// Takes what happened; tells what came of the page once it is left.
    pub fn update(&mut self, message: &Message) -> Option<Answer> {
        match message {
            Message::Resized { width, height } => self.area = Rect::new(0, 0, *width, *height),
            Message::Key { key, .. } => return self.key(*key),
            Message::Repeat { key, times, .. } if key.prints() => {
                for _ in 0..*times {
                    self.key(*key);
                }
            }
            Message::Burst { text, .. } | Message::Paste { text, .. } => {
                self.begin_name();
                self.name.insert(text);
            }
            Message::Ended { signal } => return Some(Answer::Ended { signal: *signal }),
            _ => {}
        }
        None
    }

    fn key(&mut self, key: Key) -> Option<Answer> {
        match key {
            // Nothing was set up, so nothing may be left behind: no review, no log.
            Key::Ctrl('c') | Key::Esc => return Some(Answer::Quit),
            Key::Tab | Key::Down => self.step(1),
            Key::BackTab | Key::Up => self.step(FirstRow::ALL.len() - 1),
            Key::Enter => return self.enter(),
            key if self.row == FirstRow::Name => {
                self.said = "";
                self.name.key(key);
            }
            Key::Left => self.turn(false),
            Key::Right | Key::Char(' ') => self.turn(true),
            key if key.prints() => {
                self.begin_name();
                self.name.key(key);
            }
            _ => {}
        }
        None
    }

    /// Whoever types, wherever, means the name: it takes the place of the one suggested.
    fn begin_name(&mut self) {
        if self.row != FirstRow::Name {
            self.row = FirstRow::Name;
            self.said = "";
            self.name.set("");
        }
    }

    fn enter(&mut self) -> Option<Answer> {
        match self.row {
            FirstRow::Quit => return Some(Answer::Quit),
            FirstRow::Start if self.name.text().trim().is_empty() => {
                self.said = "A decision needs a name: type yours.";
                self.row = FirstRow::Name;
            }
            FirstRow::Start => {
                return Some(Answer::Start {
                    coder: self.name.text().trim().to_owned(),
                    payer: self.payers.get(self.payer).cloned().unwrap_or_default(),
                    theme: self.themes.get(self.theme)?.0.clone(),
                });
            }
            _ => self.step(1),
        }
        None
    }

    fn step(&mut self, by: usize) {
        let all = FirstRow::ALL;
        let at = all.iter().position(|row| *row == self.row).unwrap_or_default();
        self.row = all[(at + by) % all.len()];
    }

    fn turn(&mut self, forward: bool) {
        let (at, count) = match self.row {
            FirstRow::Payer => (&mut self.payer, self.payers.len()),
            FirstRow::Theme => (&mut self.theme, self.themes.len()),
            _ => return,
        };
        let by = if forward { 1 } else { count.saturating_sub(1) };
        *at = (*at + by) % count.max(1);
    }
}
