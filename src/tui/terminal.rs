//! The terminal as long as the screen is up: taken once, given back whole, also after a panic.

use std::io::{self, BufWriter, Stdout, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture,
};
use crossterm::execute;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::app::App;
use super::effects::ForTerminal;
use super::first::First;
use super::run::Left;
use super::view::{draw, draw_first};

/// Wheel as arrow keys while the mouse is not captured; crossterm has no command for it.
const WHEEL_ON: &[u8] = b"\x1b[?1007h";
const WHEEL_OFF: &[u8] = b"\x1b[?1007l";

/// Whether the terminal is ours now; the panic hook must know without asking anybody.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is taken.
pub struct Screen {
    /// Never dropped: of a terminal that is gone the library would tell on the standard error output,
    /// which is gone as well, and stop on that. [`give_back`] does all that is to be done.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<BufWriter<Stdout>>>>,
}

impl Screen {
    /// Takes the terminal; it is given back when the value goes, or when something panics.
    pub fn take() -> io::Result<Self> {
        install_hook();
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let mut out = io::stdout();
        let taken = execute!(out, EnterAlternateScreen, EnableBracketedPaste)
            .and_then(|()| out.write_all(WHEEL_ON))
            .and_then(|()| out.flush())
            .and_then(|()| {
                let buffered = BufWriter::with_capacity(64 * 1024, io::stdout());
                Terminal::new(CrosstermBackend::new(buffered))
            });
        match taken {
            Ok(terminal) => Ok(Self { terminal: ManuallyDrop::new(terminal) }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Returns the size of the window.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Draws the app.
    pub fn draw(&mut self, app: &App) -> io::Result<()> {
        self.terminal.draw(|frame| draw(app, frame)).map(|_| ())
    }

    /// Draws the page of the first start.
    pub fn draw_first(&mut self, first: &First) -> io::Result<()> {
        let draw = |frame: &mut ratatui::Frame<'_>| {
            draw_first(first, frame.area(), frame.buffer_mut());
        };
        self.terminal.draw(draw).map(|_| ())
    }

    /// Does what only a terminal can do; tells whether and how the screen is left.
    pub fn perform(&mut self, wanted: ForTerminal) -> io::Result<Option<Left>> {
        let out = self.terminal.backend_mut();
        match wanted {
            ForTerminal::Copy(text) => execute!(out, CopyToClipboard::to_clipboard_from(text))?,
            ForTerminal::Mouse(true) => execute!(out, EnableMouseCapture)?,
            ForTerminal::Mouse(false) => execute!(out, DisableMouseCapture)?,
            ForTerminal::Redraw => self.terminal.clear()?,
            ForTerminal::Quit => return Ok(Some(Left::Quit)),
            ForTerminal::End { signal } => return Ok(Some(Left::Ended { signal })),
        }
        Ok(None)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back; faults are passed over, because there is nobody left to tell.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(out, DisableMouseCapture, DisableBracketedPaste);
    let _ = out.write_all(WHEEL_OFF);
    let _ = execute!(out, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// After a panic: the terminal first, then one line without the panic's own words.
///
/// They are left out on purpose: a fault in slicing quotes the text, and that may be a note.
fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        give_back();
        let place = info
            .location()
            .map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        let _ = writeln!(
            io::stderr(),
            "rubric {} stopped on a fault of its own{place}; nothing recorded is lost",
            env!("CARGO_PKG_VERSION")
        );
    }));
}
