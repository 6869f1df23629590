//! The review screen: state and update without a terminal, drawing from the state, a thin loop.

pub mod action;
pub mod app;
pub mod effects;
pub mod field;
pub mod first;
pub mod grid;
pub mod guard;
pub mod input;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod looks;
pub mod message;
pub mod plain;
pub mod run;
mod signals;
mod target;
pub mod terminal;
pub mod theme;
pub mod view;

pub use app::{App, Settings};
pub use message::{Effect, Message};
pub use plain::run_plain;
pub use run::{Left, Seat, run};
pub use view::draw;
