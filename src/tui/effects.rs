//! What the world does for the screen: effects meet the desk, answers come back as messages.

use std::collections::VecDeque;

use crate::review::{Desk, When};

use super::app::App;
use super::message::{Effect, Message};

/// What is left for the terminal after the desk did its part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForTerminal {
    /// Put text on the clipboard.
    Copy(String),
    /// Switch the capture of the mouse.
    Mouse(bool),
    /// Draw everything anew.
    Redraw,
    /// Leave.
    Quit,
    /// Leave at the system's word.
    End {
        /// Number of the signal.
        signal: u8,
    },
}

/// Does one effect at the desk; `Err` hands back what only a terminal can do.
pub fn perform(
    effect: Effect,
    desk: &mut dyn Desk,
    now: &dyn Fn() -> u64,
) -> Result<Option<Message>, ForTerminal> {
    Ok(Some(match effect {
        Effect::Open(id) if desk.fetch(id) == When::Later => return Ok(None),
        Effect::Open(id) => match desk.open(id) {
            Ok(opened) => Message::NoteOpened { opened, at: now() },
            Err(problem) => Message::NoteFailed { id, problem },
        },
        Effect::Release(id) => {
            desk.release(id);
            return Ok(None);
        }
        Effect::Stop => {
            desk.stop();
            return Ok(None);
        }
        Effect::Rows(ids) => Message::Rows(desk.rows(&ids)),
        Effect::Arrange { generation, wanted } => match desk.arrange(generation, &wanted) {
            Some(order) => Message::Arranged { generation, order },
            None => Message::Reading,
        },
        Effect::Find(key) => {
            let id = desk.find(&key);
            Message::Found { key, id }
        }
        Effect::RestOfResume => match desk.rest_of_resume() {
            Some(resume) => Message::RestOfResume(resume),
            None => return Ok(None),
        },
        Effect::Record { ticket, entries } => match desk.record(ticket, &entries) {
            Ok(receipts) => Message::Recorded { ticket, receipts, at: now() },
            Err(problem) => Message::RecordFailed { ticket, problem },
        },
        Effect::KeepViews(views) => Message::ViewsKept(desk.keep_views(&views)),
        Effect::Queries => Message::Queries(desk.open_queries()),
        Effect::Figures(range) if desk.count(range) == When::Later => return Ok(None),
        Effect::Figures(range) => {
            Message::Figures { range, figures: Box::new(desk.figures(range)) }
        }
        Effect::Export { path, order } => match desk.export(&path, &order) {
            Ok(()) => return Ok(None),
            Err(problem) => Message::Exported(Err(problem)),
        },
        Effect::Settle { name, value } => {
            let kept = desk.settle(name, &value);
            Message::Settled { name, value, kept }
        }
        Effect::Keep(resume) => {
            desk.keep(&resume);
            return Ok(None);
        }
        Effect::Copy(text) => return Err(ForTerminal::Copy(text)),
        Effect::Mouse(on) => return Err(ForTerminal::Mouse(on)),
        Effect::Redraw => return Err(ForTerminal::Redraw),
        Effect::Quit => return Err(ForTerminal::Quit),
        Effect::End { signal } => return Err(ForTerminal::End { signal }),
    }))
}

/// Does effects and all that follows from them; returns what is left for the terminal.
pub fn settle(
    app: &mut App,
    effects: Vec<Effect>,
    desk: &mut dyn Desk,
    now: &dyn Fn() -> u64,
) -> Vec<ForTerminal> {
    let mut waiting: VecDeque<Effect> = effects.into();
    let mut left = Vec::new();
    // A desk that never answers a request for rows must not keep the screen busy.
    let mut rows_asked = 0;
    while let Some(effect) = waiting.pop_front() {
        if matches!(effect, Effect::Rows(_)) {
            rows_asked += 1;
            if rows_asked > 8 {
                continue;
            }
        }
        match perform(effect, desk, now) {
            Ok(Some(message)) => waiting.extend(app.update(message)),
            Ok(None) => {}
            Err(terminal) => left.push(terminal),
        }
    }
    left
}
