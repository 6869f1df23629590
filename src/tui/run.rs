//! The loop: receive, drain, draw once; asleep until something happens.

use std::io;
use std::iter;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use crate::review::Desk;

use super::app::App;
use super::effects::settle;
use super::input;
use super::message::{Effect, Message};
use super::terminal::Screen;

/// Runs the screen until the person leaves.
///
/// The channel belongs to the caller, so that workers of its own may send messages as well.
pub fn run(
    mut app: App,
    desk: &mut dyn Desk,
    (sender, receiver): (Sender<Message>, Receiver<Message>),
) -> io::Result<()> {
    let start = Instant::now();
    let now = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut screen = Screen::take(app.settings.mouse)?;
    let (width, height) = screen.size()?;
    let effects = app.update(Message::Resized { width, height });
    // The first picture stands before anything is read.
    screen.draw(&app)?;
    let burst = Duration::from_millis(app.settings.limits.at_least().burst_ms);
    std::thread::spawn(move || input::read_into(&sender, start, burst));
    let first = iter::once(Message::Triaged { decided: desk.decided() });
    let mut effects: Vec<Effect> = effects.into_iter().chain(app.start()).collect();
    for message in first {
        effects.extend(app.update(message));
    }
    if !perform(&mut app, effects, desk, &now, &mut screen)? {
        return Ok(());
    }
    loop {
        screen.draw(&app)?;
        let Ok(first) = receiver.recv() else { return Ok(()) };
        for message in iter::once(first).chain(receiver.try_iter()) {
            let effects = app.update(message);
            if !perform(&mut app, effects, desk, &now, &mut screen)? {
                return Ok(());
            }
        }
    }
}

/// Does the effects; tells whether to go on.
fn perform(
    app: &mut App,
    effects: Vec<Effect>,
    desk: &mut dyn Desk,
    now: &dyn Fn() -> u64,
    screen: &mut Screen,
) -> io::Result<bool> {
    let mut goes_on = true;
    for wanted in settle(app, effects, desk, now) {
        goes_on &= screen.perform(wanted)?;
    }
    Ok(goes_on)
}
