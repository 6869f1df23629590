//! What may lie over the screen: forms, prompts, menus, dialogs.

use std::collections::BTreeMap;

use crate::review::{NoteId, Problem};

use super::super::field::Field;
use super::super::keymap::Place;
use super::Shown;
use super::bulk::BulkForm;
use super::finder::Finder;
use super::form::ChangeForm;
use super::queries::QueryList;
use super::query::QueryForm;

/// One layer over the screen; the top one takes the keys.
#[derive(Debug, Clone)]
pub enum Layer {
    /// Form for a change.
    Change(Box<ChangeForm>),
    /// Reasons for putting the note off, with the cursor.
    Defer(usize),
    /// Query to the therapist.
    Query(Box<QueryForm>),
    /// Queries that wait for an answer.
    Queries(QueryList),
    /// Preview of a bulk act.
    Bulk(Box<BulkForm>),
    /// A line that is typed.
    Prompt(Prompt),
    /// Words of the note are being chosen.
    Select,
    /// A short list.
    Menu(Menu),
    /// Settings, with the cursor.
    Settings(usize),
    /// Help.
    Help(Finder),
    /// Commands by name.
    Palette(Finder),
    /// Time and units; whether the other rule stands first.
    Time {
        /// Whether the other rule stands first.
        other_first: bool,
        /// Rows scrolled.
        top: usize,
    },
    /// Events of the note.
    History {
        /// Entry under the cursor.
        cursor: usize,
        /// Whether its details are shown.
        details: bool,
    },
    /// Where the note comes from.
    About {
        /// Rows scrolled.
        top: usize,
    },
    /// The words of the warning under the cursor.
    Warning,
    /// The documentation of a rule, by its id.
    Rule {
        /// Id of the rule.
        id: String,
        /// Rows scrolled.
        top: usize,
    },
    /// Old messages.
    Messages {
        /// Rows scrolled.
        top: usize,
    },
    /// A text to be selected by hand.
    Plain(String),
    /// Own answer and suggestion side by side.
    Compared,
    /// The end of the queue.
    Summary,
    /// The text is covered until the coder's name is typed.
    Locked(Field),
    /// Quit?
    Quit,
    /// Take a bulk act back?
    UndoBulk,
    /// A write failed.
    Blocked,
    /// Somebody else has the note.
    LeaseLost(Problem),
    /// The note changed at its source.
    Changed,
}

impl Layer {
    /// Returns the place whose keys hold.
    pub fn place(&self) -> Place {
        match self {
            Self::Change(_) | Self::Defer(_) | Self::Query(_) => Place::Form,
            Self::Queries(_) => Place::Queries,
            Self::Bulk(_) => Place::Bulk,
            Self::Prompt(_) => Place::Prompt,
            Self::Select => Place::Select,
            Self::Menu(_) | Self::Settings(_) => Place::Menu,
            Self::Help(_) | Self::Palette(_) => Place::Finder,
            Self::Locked(_) => Place::Locked,
            Self::Time { .. } => Place::Time,
            Self::History { .. }
            | Self::About { .. }
            | Self::Warning
            | Self::Messages { .. }
            | Self::Rule { .. }
            | Self::Plain(_)
            | Self::Compared
            | Self::Summary => Place::Reading,
            Self::Quit | Self::UndoBulk => Place::YesNo,
            Self::Blocked => Place::Blocked,
            Self::LeaseLost(_) => Place::LeaseLost,
            Self::Changed => Place::Changed,
        }
    }

    /// Returns the text field that takes printing keys now.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self {
            Self::Change(form) => form.field(),
            Self::Query(form) => form.field(),
            Self::Bulk(form) => Some(&mut form.count),
            Self::Prompt(prompt) => Some(&mut prompt.field),
            Self::Locked(field) => Some(field),
            Self::Help(finder) | Self::Palette(finder) => Some(&mut finder.find),
            _ => None,
        }
    }
}

/// What was typed and neither recorded nor thrown away: it comes back where it was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// Queries with a question written by hand.
    pub(super) queries: BTreeMap<NoteId, QueryForm>,
    /// Typed lines, by what they are for and the note they are about.
    pub(super) lines: BTreeMap<(PromptKind, Option<NoteId>), String>,
    /// The note that was open when the view became empty: the cursor goes back to it.
    pub(super) out_of_view: Option<NoteId>,
    /// What an order was asked for by: said again with the count that answers it.
    pub(super) asked: Option<String>,
    /// What was copied last: the same again is shown alone.
    pub(super) copied: Option<String>,
    /// A query that is closed as soon as its note is open, with the reason.
    pub(super) closing: Option<(NoteId, String)>,
}

/// What a typed line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PromptKind {
    /// The filter of the queue.
    Filter,
    /// A number or key.
    GoTo,
    /// A question to the lead.
    Flag,
    /// A question about all marked notes.
    FlagMarked,
    /// The reason for hiding a warning.
    Suppress,
    /// The answer to a query.
    Answer,
    /// The reason for closing a query unanswered.
    CloseQuery,
    /// The name of a new view.
    SaveView,
    /// Words of the note.
    Find,
    /// The file of a table.
    Export,
    /// The value of a setting.
    Setting(&'static str),
}

impl PromptKind {
    /// Returns what stands before the line.
    pub fn label(self) -> &'static str {
        match self {
            Self::Filter => "Filter",
            Self::GoTo => "Go to number or key",
            Self::Flag => "Question to the lead or trainer",
            Self::FlagMarked => "Question about all marked notes",
            Self::Suppress => "Reason for hiding this warning",
            Self::Answer => "Answer of the therapist",
            Self::CloseQuery => "Reason for closing it unanswered",
            Self::SaveView => "Name of this view",
            Self::Find => "Find in this note",
            Self::Export => "File of the table",
            Self::Setting(name) => name,
        }
    }
}

/// A line that is typed on the message row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What for.
    pub kind: PromptKind,
    /// The line.
    pub field: Field,
    /// How the queue was shown before a filter was typed.
    pub before: Shown,
}

/// Which short list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MenuKind {
    /// Orders of the queue.
    Sort,
    /// Views of the queue.
    Views,
    /// Views of the person, one to be deleted.
    DeleteView,
    /// What to copy.
    Copy,
    /// Services outside the four.
    Other,
    /// Themes.
    Theme,
}

impl MenuKind {
    /// Returns the title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Sort => "Sort the queue",
            Self::Views => "Views",
            Self::DeleteView => "Delete a view of your own",
            Self::Copy => "Copy",
            Self::Other => "Other service",
            Self::Theme => "Theme",
        }
    }
}

/// A short list with its cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Menu {
    /// Which list.
    pub kind: MenuKind,
    /// Row under the cursor.
    pub cursor: usize,
}
