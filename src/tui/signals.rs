//! Words of the system: that the terminal is gone or the program has to end, as messages.

use std::io;
use std::sync::mpsc::Sender;

use super::message::Message;

/// Sends a message for each signal that asks the program to end, and when the terminal is gone;
/// meant to be called once.
#[cfg(unix)]
pub(super) fn listen(sender: Sender<Message>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let to_screen = sender.clone();
    std::thread::spawn(move || {
        if is_gone_at_last() {
            // The screen may have ended by itself; then nobody is left to tell.
            let _ = to_screen.send(Message::Ended { signal: u8::try_from(SIGHUP).unwrap_or(1) });
        }
    });
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            let signal = u8::try_from(signal).unwrap_or_default();
            if sender.send(Message::Ended { signal }).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Waits until the terminal is gone; `false` where that cannot be told.
///
/// Only the first program of a terminal is sent a signal when it goes. Below `sudo` or a script the
/// reader of keys would see an end without end, and the note on the screen would stay taken.
#[cfg(unix)]
fn is_gone_at_last() -> bool {
    use std::io::IsTerminal as _;
    use std::os::fd::AsFd as _;

    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;

    let input = io::stdin();
    // Notes may come in by the standard input; keys are then read from the terminal itself.
    let terminal = if input.is_terminal() {
        input.as_fd().try_clone_to_owned()
    } else {
        std::fs::File::open("/dev/tty").map(Into::into)
    };
    let Ok(terminal) = terminal else { return false };
    loop {
        // Nothing is asked for: only the end is told.
        let mut asked = [PollFd::new(&terminal, PollFlags::empty())];
        match poll(&mut asked, None) {
            Err(Errno::INTR) => {}
            Err(_) => return false,
            Ok(_) => return asked[0].revents().contains(PollFlags::HUP),
        }
    }
}

/// Returns the signal that stands for a fault of writing, if the terminal is gone.
#[cfg(unix)]
pub(super) fn of_lost_terminal(error: &io::Error) -> Option<u8> {
    let gone = error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error());
    gone.then(|| u8::try_from(signal_hook::consts::SIGHUP).unwrap_or(1))
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub(super) fn of_lost_terminal(_: &io::Error) -> Option<u8> {
    None
}

/// Other systems end a program without asking.
#[cfg(not(unix))]
pub(super) fn listen(_: Sender<Message>) -> io::Result<()> {
    Ok(())
}
