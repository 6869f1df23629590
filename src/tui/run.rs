//! The loop: receive, drain, draw once; asleep until something happens.

use std::collections::BTreeSet;
use std::io;
use std::iter;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant};

use crate::review::Desk;

use super::app::App;
use super::effects::{ForTerminal, settle};
use super::first::{Answer, First};
use super::guard::Limits;
use super::input;
use super::key::Key;
use super::keys::Keys;
use super::message::{Effect, Message};
use super::signals;
use super::terminal::Screen;

/// How long a note may take before something is said of it.
const SILENCE: Duration = Duration::from_millis(250);

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

/// The terminal, once it is taken, and the channel on which everything arrives.
pub struct Seat {
    screen: Option<Screen>,
    sender: Sender<Message>,
    receiver: Receiver<Message>,
    start: Instant,
    listening: bool,
}

impl Seat {
    /// Makes a seat; the terminal is taken when something is to be shown.
    ///
    /// The channel belongs to the caller, so that workers of its own may send messages as well.
    pub fn new((sender, receiver): (Sender<Message>, Receiver<Message>)) -> Self {
        Self { screen: None, sender, receiver, start: Instant::now(), listening: false }
    }

    /// Returns the terminal, which is taken at the first time.
    fn screen(&mut self) -> io::Result<&mut Screen> {
        match &mut self.screen {
            Some(screen) => Ok(screen),
            free => Ok(free.insert(Screen::take()?)),
        }
    }

    /// Starts to take keys and signals; a second time does nothing.
    fn listen(&mut self, burst_ms: u64, deciding: BTreeSet<Key>) -> io::Result<()> {
        if std::mem::replace(&mut self.listening, true) {
            return Ok(());
        }
        signals::listen(self.sender.clone())?;
        let (sender, start) = (self.sender.clone(), self.start);
        let burst = Duration::from_millis(burst_ms);
        std::thread::spawn(move || input::read_into(&sender, start, burst, &deciding));
        Ok(())
    }

    /// Shows the page of the first start until it is left.
    ///
    /// The keys that decide later are already told from those that only move.
    pub fn ask(&mut self, first: &mut First, limits: Limits, keys: &Keys) -> io::Result<Answer> {
        let (width, height) = self.screen()?.size()?;
        let _ = first.update(&Message::Resized { width, height });
        self.screen()?.draw_first(first)?;
        self.listen(limits.at_least().burst_ms, keys.deciding())?;
        loop {
            let Ok(message) = self.receiver.recv() else { return Ok(Answer::Quit) };
            if let Some(answer) = first.update(&message) {
                return Ok(answer);
            }
            self.screen()?.draw_first(first)?;
        }
    }
}

/// Runs the screen until the person leaves.
pub fn run(mut app: App, desk: &mut dyn Desk, mut seat: Seat) -> io::Result<Left> {
    let left = review(&mut app, desk, &mut seat);
    left.or_else(|error| {
        // A terminal that went away takes no codes with it.
        desk.keep(&app.resume());
        match signals::of_lost_terminal(&error) {
            Some(signal) => Ok(Left::Ended { signal }),
            None => Err(error),
        }
    })
}

fn review(app: &mut App, desk: &mut dyn Desk, seat: &mut Seat) -> io::Result<Left> {
    let start = seat.start;
    let now = || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    let (width, height) = seat.screen()?.size()?;
    let effects = app.update(Message::Resized { width, height });
    // The first picture stands before anything is read.
    seat.screen()?.draw(app)?;
    let deciding = app.settings.keys.deciding();
    seat.listen(app.settings.limits.at_least().burst_ms, deciding)?;
    let Seat { screen: Some(screen), receiver, .. } = seat else { return Ok(Left::Quit) };
    if app.settings.mouse {
        screen.perform(ForTerminal::Mouse(true))?;
    }
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
        let first = match next(receiver, app, desk, last_key) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) if app.waits_in_silence() => Message::StillReading,
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

/// Returns what happens next; takes the lease of the note on the screen while nothing waits.
fn next(
    receiver: &Receiver<Message>,
    app: &App,
    desk: &mut dyn Desk,
    last_key: Instant,
) -> Result<Message, RecvTimeoutError> {
    match receiver.try_recv() {
        Ok(message) => Ok(message),
        Err(TryRecvError::Disconnected) => Err(RecvTimeoutError::Disconnected),
        Err(TryRecvError::Empty) => match held(app, desk) {
            Some(message) => Ok(message),
            None => wait(receiver, app, last_key),
        },
    }
}

/// Takes the lease of the note that is open, if that is still to be done; then the notes above and
/// below it are read, so that the next key finds them.
pub(super) fn held(app: &App, desk: &mut dyn Desk) -> Option<Message> {
    let id = app.note()?.id;
    let lease = desk.hold(id)?;
    desk.foresee(&app.neighbours());
    Some(Message::Leased { id, lease })
}

/// Sleeps until something happens, or until the one moment at which the text is to be covered.
fn wait(
    receiver: &Receiver<Message>,
    app: &App,
    last_key: Instant,
) -> Result<Message, RecvTimeoutError> {
    if app.waits_in_silence() {
        return receiver.recv_timeout(SILENCE);
    }
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
