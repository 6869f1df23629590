//! What happened and what the world must do: the two lists between the screen and everything else.

use crate::review::{
    Act, Arrangement, Entry, Lease, NoteId, OpenQueries, Opened, Order, Problem, Progress, Receipt,
    Resume, Row, View,
    figures::{Figures, Range},
};

use super::key::Key;

/// What happened. Times are milliseconds of a clock that never goes back.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key went down.
    Key {
        /// Which.
        key: Key,
        /// When.
        at: u64,
    },
    /// A key went up; only some terminals tell.
    Released {
        /// Which.
        key: Key,
    },
    /// The same key several times at once.
    Repeat {
        /// Which.
        key: Key,
        /// How often.
        times: u16,
        /// When.
        at: u64,
    },
    /// Different printing keys at once: nobody types so fast.
    Burst {
        /// What they spell.
        text: String,
        /// When.
        at: u64,
    },
    /// A paste that the terminal marked as one.
    Paste {
        /// What was pasted.
        text: String,
        /// When.
        at: u64,
    },
    /// The mouse did something, while it is switched on.
    Mouse {
        /// What.
        what: Mouse,
        /// Column.
        x: u16,
        /// Row.
        y: u16,
        /// When.
        at: u64,
    },
    /// The window has another size.
    Resized {
        /// Columns.
        width: u16,
        /// Rows.
        height: u16,
    },
    /// The system asks the program to end: the terminal is gone, or the computer goes down.
    Ended {
        /// Number of the signal.
        signal: u8,
    },
    /// Nobody pressed a key for so long that the text is covered.
    Idle,
    /// A note was read and analysed.
    NoteOpened {
        /// All about it.
        opened: Opened,
        /// When.
        at: u64,
    },
    /// Who has the note that is on the screen is sure now.
    Leased {
        /// Which.
        id: NoteId,
        /// Whether this person may decide.
        lease: Lease,
    },
    /// A note was read beside the screen and can be opened.
    NoteRead(NoteId),
    /// The note asked for is still not there.
    StillReading,
    /// A note could not be read.
    NoteFailed {
        /// Which.
        id: NoteId,
        /// Why.
        problem: Problem,
    },
    /// Facts for rows in view.
    Rows(Vec<(NoteId, Row)>),
    /// Facts of these notes are known now: a worker analysed them.
    Known(Vec<NoteId>),
    /// The order asked for takes reading notes first; it comes later.
    Reading,
    /// The queue in a new order.
    Arranged {
        /// Which request is answered.
        generation: u64,
        /// The order, or what is wrong.
        order: Result<Order, Problem>,
    },
    /// A key was looked for.
    Found {
        /// What was typed.
        key: String,
        /// Where it is.
        id: Option<NoteId>,
    },
    /// The log took everything.
    Recorded {
        /// Which request.
        ticket: u64,
        /// One for each entry.
        receipts: Vec<Receipt>,
        /// When.
        at: u64,
    },
    /// The log took nothing.
    RecordFailed {
        /// Which request.
        ticket: u64,
        /// Why.
        problem: Problem,
    },
    /// The sources are being listed.
    Listed {
        /// Notes so far.
        total: u32,
        /// Whether that is all.
        whole: bool,
    },
    /// Where the person was in the part of the queue that was listed later.
    RestOfResume(Resume),
    /// More notes came in.
    QueueGrew {
        /// Notes now.
        total: u32,
    },
    /// Notes were decided elsewhere or earlier.
    Decided {
        /// Which.
        ids: Vec<NoteId>,
    },
    /// The views were kept in a file, which is named, or not.
    ViewsKept(Result<String, Problem>),
    /// The queries that wait for an answer.
    Queries(Result<OpenQueries, Problem>),
    /// The figures of the board.
    Figures {
        /// The range asked for.
        range: Range,
        /// The figures, or what is wrong.
        figures: Box<Result<Figures, Problem>>,
    },
    /// A setting was kept in the person's file, or not.
    Settled {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: String,
        /// The file, or why it was not kept.
        kept: Result<String, Problem>,
    },
    /// A table was written, or not: in words.
    Exported(Result<String, Problem>),
    /// How far long work is.
    Working(Progress),
    /// What came of long work, in words.
    Progress(String),
}

impl Message {
    /// Tells whether a person did it.
    pub fn is_input(&self) -> bool {
        matches!(
            self,
            Self::Key { .. }
                | Self::Repeat { .. }
                | Self::Burst { .. }
                | Self::Paste { .. }
                | Self::Mouse { .. }
        )
    }
}

/// What the mouse did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mouse {
    /// The left button went down.
    Click,
    /// It moved with the left button down.
    Drag,
    /// The left button went up.
    Release,
    /// The wheel, upwards.
    WheelUp,
    /// The wheel, downwards.
    WheelDown,
}

/// What the world must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Read and analyse a note.
    Open(NoteId),
    /// Give the lease of a note back.
    Release(NoteId),
    /// Fetch facts for rows.
    Rows(Vec<NoteId>),
    /// Filter and sort.
    Arrange {
        /// Which request; answers to older ones are dropped.
        generation: u64,
        /// What is wanted.
        wanted: Box<Arrangement>,
    },
    /// Stop reading notes for the last request to filter and sort.
    Stop,
    /// Look for a key.
    Find(String),
    /// All notes are listed: fetch what is kept for those that were not there at the start.
    RestOfResume,
    /// Record entries, all or none; the same ticket again is a retry.
    Record {
        /// Which request.
        ticket: u64,
        /// What.
        entries: Vec<Entry>,
    },
    /// Keep the views a person made.
    KeepViews(Vec<View>),
    /// List the queries that wait for an answer.
    Queries,
    /// Count the figures of the board.
    Figures(Range),
    /// Put text on the clipboard of the terminal.
    Copy(String),
    /// Switch the capture of the mouse on or off.
    Mouse(bool),
    /// Draw everything anew.
    Redraw,
    /// Write a table of the notes in view.
    Export {
        /// The file.
        path: String,
        /// The notes.
        order: Order,
    },
    /// Keep a setting in the person's file.
    Settle {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: String,
    },
    /// Keep where the person is.
    Keep(Box<Resume>),
    /// Leave.
    Quit,
    /// Leave at the system's word.
    End {
        /// Number of the signal.
        signal: u8,
    },
}

impl Effect {
    /// Returns the acts that would be recorded; empty for all other effects.
    pub fn acts(&self) -> Vec<&Act> {
        match self {
            Self::Record { entries, .. } => entries.iter().map(|entry| &entry.act).collect(),
            _ => Vec::new(),
        }
    }
}
