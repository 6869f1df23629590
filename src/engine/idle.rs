//! Rows of tables that were not done: a dash or "held" stands where others have their minutes.

use super::context::{Judged, Seen};
use super::matching::Match;
use super::section::Section;
use super::table::Column;
use super::text::Shadow;
use crate::model::{CueSource, Status};

/// A row of a table that says by a dash for its minutes that nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Idle {
    /// Shadow range of the row.
    pub row: (u32, u32),
    /// Shadow range of the cell that says so.
    pub cell: (u32, u32),
}

/// Finds the rows of tables that were not done, in order.
pub(crate) fn idle_rows(sections: &[Section], shadow: &Shadow, text: &str) -> Vec<Idle> {
    let mut idle = Vec::new();
    for (section, head) in sections.iter().filter_map(|one| Some((one, one.table(text)?))) {
        let first = shadow.items.partition_point(|item| item.start < section.shadow.0);
        let rows = shadow.items[first..].iter().take_while(|row| row.start < section.shadow.1);
        for row in rows {
            let line = shadow.original(row.start, row.end, text);
            let cells = head.row(line.of(text), line.range().start);
            let minutes = cells.iter().find(|(column, _)| *column == Column::Minutes);
            if let Some((_, cell)) = minutes.filter(|(_, cell)| says_idle(cell.of(text))) {
                let cell = (shadow.shadow_at(cell.start), shadow.shadow_at(cell.end));
                idle.push(Idle { row: (row.start, row.end), cell });
            }
        }
    }
    idle
}

fn says_idle(cell: &str) -> bool {
    let dashes = !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | '–' | '—'));
    let words = ["0", "n/a", "na", "none", "held", "hold", "deferred", "omitted", "not done"];
    dashes || words.iter().any(|word| word.eq_ignore_ascii_case(cell))
}

/// Judges what stands in the rows of tables that were not done.
pub(crate) fn leave_out(rows: &[Idle], matches: &[Match], judged: &mut [Judged]) {
    for Idle { row, cell } in rows {
        let first = matches.partition_point(|one| one.start < row.0);
        let inside = matches[first..].iter().take_while(|one| one.start < row.1).count();
        for one in &mut judged[first..first + inside] {
            if matches!(one.status, Status::Performed | Status::Unstated) {
                one.status = Status::NotDone;
                one.cue = Some(Seen { start: cell.0, end: cell.1, source: CueSource::Local });
            }
        }
    }
}
