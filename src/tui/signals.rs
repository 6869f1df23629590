//! Words of the system: that the terminal is gone or the program has to end, as messages.

use std::io;
use std::sync::mpsc::Sender;

use super::message::Message;

/// Sends a message for each signal that asks the program to end; meant to be called once.
#[cfg(unix)]
pub(super) fn listen(sender: Sender<Message>) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
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

/// Other systems end a program without asking.
#[cfg(not(unix))]
pub(super) fn listen(_: Sender<Message>) -> io::Result<()> {
    Ok(())
}
