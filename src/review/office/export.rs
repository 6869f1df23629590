//! A table of the notes in view, written beside the screen: recorded first, whole or not at all.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::model::Code;
use crate::review::counts::{Progress, counted};
use crate::review::desk::{NoteId, Problem};
use crate::review::queue::Order;
use crate::review::row::Row;
use crate::store::EventId;

use super::{News, Office, words};

/// Notes that are read before it is looked whether somebody wants to stop.
const CHUNK: usize = 64;
/// Silence before it is told how far it is, and the time between two tellings.
const FIRST_WORD: Duration = Duration::from_millis(250);
const NEXT_WORD: Duration = Duration::from_millis(100);

/// Columns of the table.
const COLUMNS: [&str; 16] = [
    "key",
    "date",
    "discipline",
    "payer",
    "therapist",
    "state",
    "coder",
    "suggests",
    "billed",
    "segments",
    "open",
    "errors",
    "warnings",
    "minutes",
    "units",
    "risk",
];

impl Office {
    /// Records that a table leaves the house, and writes it on a thread of its own.
    pub(super) fn export_on_thread(&mut self, path: &Path, order: &Order) -> Result<(), Problem> {
        self.catch_up();
        let Some(tell) = self.board.as_ref().map(super::board::Board::tell) else {
            return Err(words::refused("tables are written from the screen only"));
        };
        if path.exists() {
            return Err(words::refused("there is such a file already; name another one"));
        }
        let now = (self.clock)();
        self.log
            .record_figures_export(&EventId::now(), "csv", "a table of the queue", now)
            .map_err(|error| words::problem(&error, self.log.path()))?;
        self.exports.fetch_add(1, Ordering::Relaxed);
        let (newest, mine) = (Arc::clone(&self.exports), self.exports.load(Ordering::Relaxed));
        let (stock, standings) = (Arc::clone(&self.stock), self.standings.all());
        let (path, order) = (path.to_path_buf(), order.clone());
        std::thread::spawn(move || {
            let mut at = Told { start: Instant::now(), next: Instant::now() + FIRST_WORD };
            let rows = |from: usize, to: usize| {
                let ids: Vec<NoteId> = (from..to).filter_map(|place| order.get(place)).collect();
                stock.triage(&stock.unknown(&ids));
                let rows = stock.rows(&ids).into_iter();
                rows.map(|(id, row)| stock.dressed(id, row, standings.get(&id), now)).collect()
            };
            let go_on = |done: usize| {
                if Instant::now() >= at.next {
                    at.next = Instant::now() + NEXT_WORD;
                    tell(News::Working(Progress {
                        what: "Writing the table".to_owned(),
                        done: done as u64,
                        total: Some(order.len() as u64),
                        elapsed: at.start.elapsed(),
                    }));
                }
                newest.load(Ordering::Relaxed) == mine
            };
            let written = write(&path, order.len(), rows, go_on);
            tell(News::Exported(match written {
                Ok(done) if done == order.len() => {
                    let (notes, file) = (counted(done), path.display());
                    Ok(format!("Written: {notes} notes in {file}, recorded as an export."))
                }
                Ok(done) => Ok(format!(
                    "Stopped after {} of {} notes; no table is left behind.",
                    counted(done),
                    counted(order.len())
                )),
                Err(error) => Err(words::refused(&format!("the table cannot be written: {error}"))),
            }));
        });
        Ok(())
    }
}

struct Told {
    start: Instant,
    next: Instant,
}

/// Writes the table beside its place and puts it there at the end; tells how many rows were made.
fn write(
    path: &Path,
    count: usize,
    rows: impl Fn(usize, usize) -> Vec<Row>,
    mut go_on: impl FnMut(usize) -> bool,
) -> io::Result<usize> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let mut table = csv::Writer::from_writer(tempfile::NamedTempFile::new_in(folder)?);
    table.write_record(COLUMNS)?;
    for from in (0..count).step_by(CHUNK) {
        if !go_on(from) {
            return Ok(from);
        }
        for row in rows(from, (from + CHUNK).min(count)) {
            table.write_record(cells(&row).map(defused))?;
        }
    }
    let mut file = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    file.flush()?;
    file.persist_noclobber(path).map_err(|lost| lost.error)?;
    Ok(count)
}

fn cells(row: &Row) -> [String; 16] {
    let facts = row.facts.as_ref();
    let number = |value: Option<u32>| value.map_or_else(String::new, |value| value.to_string());
    let codes = |codes: Option<&Vec<Code>>| {
        let codes: Vec<String> = codes.into_iter().flatten().map(ToString::to_string).collect();
        codes.join(" ")
    };
    [
        row.key.clone(),
        row.date.clone().unwrap_or_default(),
        row.discipline.map_or_else(String::new, |discipline| discipline.as_str().to_owned()),
        row.payer.clone().unwrap_or_default(),
        row.therapist.clone().unwrap_or_default(),
        row.state.word().to_owned(),
        row.who.clone().unwrap_or_default(),
        codes(facts.map(|facts| &facts.suggests)),
        codes(facts.map(|facts| &facts.billed_codes)),
        number(facts.map(|facts| facts.segments)),
        number(facts.map(|facts| facts.open)),
        number(facts.map(|facts| facts.errors)),
        number(facts.map(|facts| facts.warnings)),
        facts.and_then(|facts| facts.minutes).map_or_else(String::new, |m| m.to_string()),
        number(facts.and_then(|facts| facts.supported)),
        number(facts.map(|facts| facts.risk)),
    ]
}

/// Keeps a spreadsheet from taking a cell as a formula.
fn defused(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

impl Office {
    /// Stops the table that is being written.
    pub(super) fn stop_export(&self) {
        self.exports.fetch_add(1, Ordering::Relaxed);
    }
}

/// Number of the newest table; an older one ends when it sees it.
pub(super) type Exports = Arc<AtomicU64>;
