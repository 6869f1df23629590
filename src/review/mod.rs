//! Review of a queue of notes without a screen: rows, drafts, decisions, filters, undo, queries.

pub mod asked;
pub mod blocked;
pub mod book;
pub mod counts;
pub mod decide;
pub mod desk;
pub mod draft;
pub mod figures;
pub mod filter;
pub mod lines;
pub mod modifiers;
pub mod office;
pub mod query;
pub mod queue;
pub mod resume;
pub mod row;
pub mod terms;
pub mod undo;
pub mod views;
pub mod wording;

pub use asked::{OpenQueries, OpenQuery};
pub use blocked::{Blocked, blocked};
pub use book::Book;
pub use counts::{Progress, counted};
pub use decide::{REASONS, Reason, is_accept};
pub use desk::{
    Act, Arrangement, Desk, Entry, HistoryEntry, Lease, NoteId, NoteRef, Opened, Problem,
    ProblemKind, Receipt, When,
};
pub use draft::{Choice, Draft};
pub use filter::Filter;
pub use lines::{DraftLine, UnitsOf, draft_lines};
pub use modifiers::Modifiers;
pub use office::{News, Office, Setup};
pub use queue::{Order, Queue};
pub use resume::Resume;
pub use row::{Row, State};
pub use undo::{Undo, UndoStack};
pub use views::{Sort, VIEWS, View};
