//! The loop: receive, drain, draw once; asleep until something happens.

use std::io;
use std::iter;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use crate::review::Desk;

use super::app::App;
use super::effects::settle;
use super::input;
use super::message::{Effect, Message};
use super::signals;
use super::terminal::Screen;

/// How the screen was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// The person went.
    Quit,
    /// The system asked for it, by a signal.
    Ended {
        /// Number of the signal.
        signal: u8,
    },
}

/// Runs the screen until the person leaves.
///
/// The channel belongs to the caller, so that workers of its own may send messages as well.
pub fn run(
    mut app: App,
    desk: &mut dyn Desk,
    (sender, receiver): (Sender<Message>, Receiver<Message>),
) -> io::Result<Left> {
    let mut screen = Screen::take(app.settings.mouse)?;
    let left = review(&mut app, desk, &mut screen, sender, &receiver);
    if left.is_err() {
        // A terminal that went away takes no codes with it.
        desk.keep(&app.resume());
    }
    left
}

fn review(
    app: &mut App,
    desk: &mut dyn Desk,
    screen: &mut Screen,
    sender: Sender<Message>,
    receiver: &Receiver<Message>,
) -> io::Result<Left> {
    let start = Instant::now();
    let now = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (width, height) = screen.size()?;
    let effects = app.update(Message::Resized { width, height });
    // The first picture stands before anything is read.
    screen.draw(app)?;
    let burst = Duration::from_millis(app.settings.limits.at_least().burst_ms);
    signals::listen(sender.clone())?;
    std::thread::spawn(move || input::read_into(&sender, start, burst));
    let first = iter::once(Message::Decided { ids: desk.decided() });
    let mut effects: Vec<Effect> = effects.into_iter().chain(app.start()).collect();
    for message in first {
        effects.extend(app.update(message));
    }
    if let Some(left) = perform(app, effects, desk, &now, screen)? {
        return Ok(left);
    }
    let mut last_key = Instant::now();
    loop {
        if app.take_outdated() {
            screen.draw(app)?;
        }
        let first = match wait(receiver, app, last_key) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => Message::Idle,
            Err(RecvTimeoutError::Disconnected) => return Ok(Left::Quit),
        };
        for message in iter::once(first).chain(receiver.try_iter()) {
            if message.is_input() {
                last_key = Instant::now();
            }
            let effects = app.update(message);
            if let Some(left) = perform(app, effects, desk, &now, screen)? {
                return Ok(left);
            }
        }
    }
}

/// Sleeps until something happens, or until the one moment at which the text is to be covered.
fn wait(
    receiver: &Receiver<Message>,
    app: &App,
    last_key: Instant,
) -> Result<Message, RecvTimeoutError> {
    let limit = app.settings.lock_minutes.filter(|_| !app.is_locked());
    match limit.map(|minutes| Duration::from_secs(minutes * 60)) {
        Some(limit) => receiver.recv_timeout(limit.saturating_sub(last_key.elapsed())),
        None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
    }
}

/// Does the effects; tells whether and how the screen is left.
fn perform(
    app: &mut App,
    effects: Vec<Effect>,
    desk: &mut dyn Desk,
    now: &dyn Fn() -> u64,
    screen: &mut Screen,
) -> io::Result<Option<Left>> {
    let mut left = None;
    for wanted in settle(app, effects, desk, now) {
        left = screen.perform(wanted)?.or(left);
    }
    Ok(left)
}
