//! A way to the terminal that is handed whole runs of one look, where the library writes cell by cell.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// The library's backend, with cells joined before it writes them.
///
/// A move through the queue changes some thousand cells; written one by one, their bytes take longer
/// to put together than the whole screen takes to lay out.
pub struct Runs<W: Write> {
    inner: CrosstermBackend<W>,
}

impl<W: Write> Runs<W> {
    /// Writes to this.
    pub fn new(out: W) -> Self {
        Self { inner: CrosstermBackend::new(out) }
    }
}

impl<W: Write> Write for Runs<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut self.inner)
    }
}

/// Joins neighbours of one row and one look into cells that hold all their signs.
///
/// Only ASCII is joined: every other sign may be wider than it looks, and stands alone. The backend
/// moves the cursor wherever a cell is not the one after the last, so it does so behind each run.
fn joined<'a>(content: impl Iterator<Item = (u16, u16, &'a Cell)>) -> Vec<(u16, u16, Cell)> {
    let mut runs: Vec<(u16, u16, Cell)> = Vec::new();
    let mut words = String::new();
    // The column after the last run, if more may be joined to it.
    let mut end = None;
    for (x, y, cell) in content {
        let plain = cell.symbol().len() == 1;
        match runs.last_mut() {
            Some((_, row, run)) if plain && end == Some(x) && *row == y && is_alike(run, cell) => {
                words.push_str(cell.symbol());
            }
            last => {
                if let Some((_, _, run)) = last {
                    run.set_symbol(&words);
                }
                words.clear();
                words.push_str(cell.symbol());
                runs.push((x, y, cell.clone()));
            }
        }
        end = plain.then(|| x.saturating_add(1));
    }
    if let Some((_, _, run)) = runs.last_mut() {
        run.set_symbol(&words);
    }
    runs
}

fn is_alike(one: &Cell, other: &Cell) -> bool {
    (one.fg, one.bg, one.modifier) == (other.fg, other.bg, other.modifier)
}

impl<W: Write> Backend for Runs<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let runs = joined(content);
        self.inner.draw(runs.iter().map(|(x, y, run)| (*x, *y, run)))
    }

    fn append_lines(&mut self, count: u16) -> io::Result<()> {
        self.inner.append_lines(count)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        // Asked for when the screen is given back. Of a terminal that is gone the library would tell
        // on the standard error output, which is gone as well, and stop on that.
        let _ = self.inner.show_cursor();
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, kind: ClearType) -> io::Result<()> {
        self.inner.clear_region(kind)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::{Modifier, Style};

    use super::*;

    #[test]
    fn the_terminal_shows_the_same_whether_cells_come_joined_or_not() {
        let area = Rect::new(0, 0, 20, 4);
        let mut buffer = Buffer::empty(area);
        let bold = Style::new().add_modifier(Modifier::BOLD);
        buffer.set_string(0, 0, "sit to ", Style::new());
        buffer.set_string(7, 0, "stand", bold);
        buffer.set_string(12, 0, " 90° × 3", bold);
        buffer.set_string(0, 1, "歩行 gait", Style::new());
        buffer.set_string(18, 1, "ab", Style::new());
        buffer.set_string(0, 2, "cd", Style::new());
        let changed = || {
            let cells = Buffer::empty(area);
            cells.diff(&buffer).into_iter().map(|(x, y, cell)| (x, y, cell.clone())).collect()
        };
        let cells: Vec<(u16, u16, Cell)> = changed();
        let content = || cells.iter().map(|(x, y, cell)| (*x, *y, cell));
        let shown = |written: &[u8]| {
            let mut parser = vt100::Parser::new(4, 20, 0);
            parser.process(written);
            parser.screen().contents_formatted()
        };
        let (mut alone, mut together) = (Vec::new(), Vec::new());
        CrosstermBackend::new(&mut alone).draw(content()).unwrap();
        Runs::new(&mut together).draw(content()).unwrap();
        assert_eq!(
            String::from_utf8(shown(&alone)).unwrap(),
            String::from_utf8(shown(&together)).unwrap()
        );
        assert!(joined(content()).len() * 2 < cells.len(), "nothing was joined");
    }
}
