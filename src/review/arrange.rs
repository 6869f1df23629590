//! Puts notes into the order a person asked for: filter first, then sort; for any desk.

use super::desk::{Arrangement, NoteId, Problem, ProblemKind};
use super::filter::{Context, Filter};
use super::queue::Order;
use super::row::Row;
use super::views::Sort;

/// Returns the notes that pass the filter, in order.
///
/// `rows` gives all notes as they came in and is not touched when nothing is filtered or sorted;
/// `text` looks for words in a note and is asked only by terms that need it.
pub fn arrange<'a>(
    wanted: &Arrangement,
    total: u32,
    rows: impl Iterator<Item = (NoteId, &'a Row)>,
    text: &dyn Fn(NoteId, &str) -> bool,
) -> Result<Order, Problem> {
    let filter = Filter::parse(&wanted.filter).map_err(|fault| Problem {
        kind: ProblemKind::Refused,
        why: fault.message,
        place: String::new(),
        remedy: "? lists the terms.".to_owned(),
    })?;
    if filter.is_empty() && wanted.sort == Sort::Imported {
        return Ok(if wanted.reverse {
            Order::Picked((0..total).rev().map(NoteId).collect())
        } else {
            Order::All(total)
        });
    }
    let mut kept: Vec<(NoteId, &Row)> = rows
        .filter(|(id, row)| {
            let context = Context {
                coder: &wanted.coder,
                marked: wanted.marked.contains(id),
                text: &|words| text(*id, words),
            };
            filter.passes(row, context)
        })
        .collect();
    kept.sort_by(|a, b| wanted.sort.compare(a.1, b.1));
    if wanted.reverse {
        kept.reverse();
    }
    Ok(Order::Picked(kept.into_iter().map(|(id, _)| id).collect()))
}
