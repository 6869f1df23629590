//! Minutes as a note states them: every form of duration, told apart from what only looks like one.

mod around;
mod clock;
mod fragment;
mod grid;
pub mod labels;
mod number;
mod reader;

use crate::model::{Code, Minutes, Span};

use around::After;
use fragment::Fragment;
use labels::Before;
use reader::Reader;

/// What stated time is the time of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeKind {
    /// An activity: belongs to the segment it stands in.
    Activity,
    /// A code or its label, right before or after.
    Claim,
    /// A row of a minutes grid.
    Grid,
    /// All timed codes together.
    TimedTotal,
    /// The whole treatment.
    TreatmentTotal,
    /// An evaluation; which one the words do not say.
    Evaluation,
    /// From coming in to going out; may hold time that nobody bills.
    VisitSpan,
    /// Part of an activity: "bike 8 min".
    Dose,
    /// No treatment time: rest, set-up, waiting, passive heat and cold, results ("within 1 minute").
    NonBillable,
    /// To be done: "5 min twice daily".
    Prescription,
}

/// A statement of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeMention {
    /// Words that state it, unit included.
    pub span: Span,
    /// The amount; `None` for a range such as "10-15 min" and for clock times that run backwards.
    pub minutes: Option<Minutes>,
    /// What it is the time of.
    pub kind: TimeKind,
    /// The code that claims it.
    pub code: Option<Code>,
    /// Marked as about right: "~15 min".
    pub approximate: bool,
    /// Stands by itself between signs, as at the end of a line: the time of all that went before.
    pub alone: bool,
    /// Minutes of day, from and to, when stated by the clock.
    pub clock: Option<(u32, u32)>,
}

impl TimeMention {
    fn new(span: Span, minutes: Minutes, kind: TimeKind, code: Option<Code>) -> Self {
        Self {
            span,
            minutes: Some(minutes),
            kind,
            code,
            approximate: false,
            alone: true,
            clock: None,
        }
    }
}

/// Units of a code as a row of a grid states them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridUnits {
    /// The code of the row.
    pub code: Code,
    /// Its units.
    pub units: u32,
    /// The cell.
    pub span: Span,
}

/// Time and grid units of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Statements of time, by position.
    pub times: Vec<TimeMention>,
    /// Units columns of grids, by position.
    pub units: Vec<GridUnits>,
}

/// Reads all statements of time, by position.
pub fn read(text: &str) -> Vec<TimeMention> {
    read_all(text).times
}

/// Reads statements of time and units columns of grids in one pass over the text.
pub fn read_all(text: &str) -> Reading {
    Reader::new(text).run()
}

/// Decides what an amount is the time of, from the words around it.
fn classify(before: &Before, after: After, fragment: Fragment) -> (TimeKind, Option<Code>) {
    let label_total = (before.total || before.treatment && before.time)
        && !(before.loose_total && !before.time && !before.treatment);
    if after == After::Frequency || fragment == Fragment::Schedule {
        return (TimeKind::Prescription, None);
    }
    if before.untimed {
        return (TimeKind::NonBillable, None);
    }
    if let Some(code) = before.code {
        return (TimeKind::Claim, Some(code));
    }
    if before.timed {
        return (TimeKind::TimedTotal, None);
    }
    if label_total {
        return match after {
            After::Timed(_) => (TimeKind::TimedTotal, None),
            After::Claim(code, _) if !before.time => (TimeKind::Claim, Some(code)),
            _ => (TimeKind::TreatmentTotal, None),
        };
    }
    match after {
        After::Claim(code, _) => return (TimeKind::Claim, Some(code)),
        After::Timed(_) => return (TimeKind::TimedTotal, None),
        After::Total(_) if fragment != Fragment::NotBillable => {
            return (TimeKind::TreatmentTotal, None);
        }
        _ => {}
    }
    if before.evaluation {
        return (TimeKind::Evaluation, None);
    }
    match fragment {
        Fragment::NotBillable | Fragment::Result => (TimeKind::NonBillable, None),
        Fragment::Dose => (TimeKind::Dose, None),
        _ => (TimeKind::Activity, None),
    }
}
