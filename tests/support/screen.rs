//! Keys in, pictures out: an app at a desk, with a clock that only the test moves.

use std::fmt::Write as _;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use rubric::review::NoteId;
use rubric::tui::effects::{ForTerminal, settle};
use rubric::tui::key::Key;
use rubric::tui::view::draw_into;
use rubric::tui::{App, Message, Settings};

use super::desk::{MemoryDesk, units_of};

/// A person at the screen.
pub struct Person {
    /// The screen.
    pub app: App,
    /// The desk.
    pub desk: MemoryDesk,
    /// The clock in milliseconds.
    pub at: u64,
    /// What was left for the terminal.
    pub terminal: Vec<ForTerminal>,
}

/// Returns the settings of the tests.
pub fn settings() -> Settings {
    let mut settings =
        Settings::new("anna", "outpatient-2026-11", rubric::review::UnitsOf::new(units_of));
    settings.payer = "medicare 2026".into();
    settings
}

impl Person {
    /// Sits down at a queue of 240 notes, on its first one, in a window of 120 by 40.
    pub fn new() -> Self {
        Self::at(settings(), MemoryDesk::sample(240), 120, 40)
    }

    /// Sits down with settings, desk and window.
    pub fn at(settings: Settings, desk: MemoryDesk, width: u16, height: u16) -> Self {
        let total = u32::try_from(desk.notes.len()).unwrap();
        let mut person =
            Self { app: App::new(settings, total), desk, at: 10_000, terminal: Vec::new() };
        person.send(Message::Resized { width, height });
        let effects = person.app.start();
        person.settle(effects);
        person
    }

    /// Goes to N-0412.
    pub fn on_sample(width: u16, height: u16) -> Self {
        let mut person = Self::at(settings(), MemoryDesk::sample(240), width, height);
        person.press("g 1 2 Enter");
        person
    }

    /// Does effects and all that follows from them.
    pub fn settle(&mut self, effects: Vec<rubric::tui::Effect>) {
        let at = self.at;
        let left = settle(&mut self.app, effects, &mut self.desk, &|| at);
        self.terminal.extend(left);
    }

    /// Lets something happen.
    pub fn send(&mut self, message: Message) {
        let effects = self.app.update(message);
        self.settle(effects);
    }

    /// Presses keys one second apart; keys are joined by blanks.
    pub fn press(&mut self, keys: &str) {
        for name in keys.split(' ') {
            let key = Key::parse(name).unwrap_or_else(|| panic!("no key: {name}"));
            self.at += 1000;
            self.send(Message::Key { key, at: self.at });
        }
    }

    /// Presses one key some milliseconds after the last one.
    pub fn press_after(&mut self, ms: u64, name: &str) {
        self.at += ms;
        self.send(Message::Key { key: Key::parse(name).unwrap(), at: self.at });
    }

    /// Types text one character a second.
    pub fn type_in(&mut self, text: &str) {
        for c in text.chars() {
            self.at += 1000;
            self.send(Message::Key { key: Key::Char(c), at: self.at });
        }
    }

    /// Returns the message line.
    pub fn said(&self) -> &str {
        &self.app.said().text
    }

    /// Returns the id of the open note.
    pub fn open(&self) -> Option<NoteId> {
        self.app.note().map(|open| open.id)
    }

    /// Returns the screen as text and style plane.
    pub fn picture(&self, width: u16, height: u16) -> String {
        let buffer = paint(&self.app, width, height);
        format!("{}\n{}", text(&buffer), styles(&buffer))
    }
}

/// Draws the app into a buffer of its own.
pub fn paint(app: &App, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    draw_into(app, area, &mut buffer);
    buffer
}

/// Returns the text of a buffer, trailing blanks cut.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut skip = 0;
        let mut line = String::new();
        for x in buffer.area.left()..buffer.area.right() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            skip = rubric::tui::grid::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Returns the style plane: `.` plain, `b` bold, `u` underlined, `t` both, `i` italic, `d` dim,
/// `r` reversed, `e` bold and reversed, `m` another mixture; rows of plain cells are left out.
pub fn styles(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let line: String = (buffer.area.left()..buffer.area.right())
            .map(|x| {
                let m = buffer[(x, y)].modifier;
                if m.is_empty() {
                    '.'
                } else if m == Modifier::BOLD {
                    'b'
                } else if m == Modifier::UNDERLINED {
                    'u'
                } else if m == Modifier::BOLD | Modifier::UNDERLINED {
                    't'
                } else if m == Modifier::ITALIC {
                    'i'
                } else if m == Modifier::DIM {
                    'd'
                } else if m == Modifier::REVERSED {
                    'r'
                } else if m == Modifier::BOLD | Modifier::REVERSED {
                    'e'
                } else {
                    'm'
                }
            })
            .collect();
        if line.bytes().any(|b| b != b'.') {
            let _ = writeln!(out, "{y:>3} {}", line.trim_end_matches('.'));
        }
    }
    out
}
