//! How far long work is: one line on the terminal, gone when the work is done.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use crate::review::Progress;

/// Work shorter than this needs no gauge, and a line that changes oftener cannot be read.
const STEP: Duration = Duration::from_millis(500);

/// A line of counts, rate and time left on standard error; nothing where that is no terminal.
pub(super) struct Gauge {
    what: &'static str,
    start: Instant,
    told: Instant,
    line: Line,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Never,
    Free,
    Written,
}

impl Gauge {
    /// Begins to count work, as: `Reading notes`.
    pub(super) fn new(what: &'static str) -> Self {
        let line = if std::io::stderr().is_terminal() { Line::Free } else { Line::Never };
        let start = Instant::now();
        Self { what, start, told: start, line }
    }

    /// Tells how much is done of how much.
    pub(super) fn at(&mut self, done: usize, total: usize) {
        if self.line == Line::Never || self.told.elapsed() < STEP {
            return;
        }
        self.told = Instant::now();
        self.line = Line::Written;
        let count = |number| u64::try_from(number).unwrap_or(u64::MAX);
        let (what, elapsed) = (self.what.to_owned(), self.start.elapsed());
        let progress = Progress { what, done: count(done), total: Some(count(total)), elapsed };
        write(&format!("\r{}\x1b[K", progress.words()));
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        if self.line == Line::Written {
            write("\r\x1b[K");
        }
    }
}

/// A terminal that is gone needs no gauge.
fn write(words: &str) {
    let _ = std::io::stderr().write_all(words.as_bytes());
}
