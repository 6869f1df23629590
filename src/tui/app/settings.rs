//! What the person or the program set before the first key.

use crate::review::UnitsOf;

use super::super::guard::Limits;
use super::super::keys::Keys;
use super::super::looks::Looks;

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
    /// Whether only ASCII signs are drawn.
    pub ascii: bool,
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
            ascii: false,
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
        }
    }
}
