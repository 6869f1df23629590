//! The state of the screen and its total update: messages in, effects out, no clock, no files.

mod blind;
mod board;
mod bulk;
mod clicks;
mod copy;
mod decide;
mod finder;
mod form;
mod keys;
mod layers;
mod lines;
mod lock;
mod menus;
mod moves;
mod note;
mod parts;
mod plain;
mod possible;
mod prompt;
mod queries;
mod query;
mod queue;
mod seek;
mod select;
mod settings;
mod undo;
mod views;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use ratatui::layout::Rect;

use crate::review::figures::{Figures, Range};
use crate::review::queue::Decided;
use crate::review::views::built_in;
use crate::review::{Draft, NoteId, Order, Problem, Progress, Queue, Row, UndoStack, View};

use super::guard::Guard;
use super::keymap::Place;
use super::layout::{Focus, Pane, Panes};
use super::message::{Effect, Message};

pub(in crate::tui) use bulk::plural;
pub use bulk::{BulkForm, BulkKind, Candidate, LeftOut};
pub use finder::{Finder, Item};
pub use form::{ChangeForm, FormFocus};
use layers::Kept;
pub use layers::{Layer, Menu, MenuKind, Prompt, PromptKind};
pub use note::OpenNote;
pub use parts::{Pending, Purpose, Said, Screen, Session, Shown, Tone};
pub(in crate::tui) use plain::{OnLine, QueryEnd};
pub use queries::QueryList;
pub use query::{QueryFocus, QueryForm};
pub use seek::Found;
pub use select::Selection;
pub use settings::{Blind, Holds, SettingRow, Settings, Takes};

/// All that the screen knows.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, none excludes another"
)]
pub struct App {
    /// Settings; they change only by commands.
    pub settings: Settings,
    pub(in crate::tui) area: Rect,
    pub(in crate::tui) now: u64,
    pub(in crate::tui) guard: Guard,
    pub(in crate::tui) total: u32,
    pub(in crate::tui) queue: Queue,
    pub(in crate::tui) rows: BTreeMap<NoteId, Row>,
    pub(in crate::tui) decided: Decided,
    pub(in crate::tui) marks: BTreeSet<NoteId>,
    pub(in crate::tui) hidden_marked: BTreeSet<NoteId>,
    pub(in crate::tui) opened: BTreeSet<NoteId>,
    pub(in crate::tui) shown: Shown,
    pub(in crate::tui) views: Vec<View>,
    pub(in crate::tui) filter_fault: Option<crate::review::filter::FilterError>,
    pub(in crate::tui) generation: u64,
    /// Request to filter and sort that is not answered yet.
    pub(in crate::tui) arranging: Option<u64>,
    /// What the order in view answers.
    pub(in crate::tui) arranged: Shown,
    pub(in crate::tui) open: Option<OpenNote>,
    pub(in crate::tui) opening: Option<NoteId>,
    pub(in crate::tui) unreadable: Option<(NoteId, Problem)>,
    pub(in crate::tui) drafts: BTreeMap<NoteId, Draft>,
    kept: Kept,
    /// Rows of the palette that were used in this session, newest last.
    recent: Vec<String>,
    pub(in crate::tui) suppressed: BTreeMap<NoteId, BTreeSet<String>>,
    pub(in crate::tui) undo: UndoStack,
    pub(in crate::tui) screen: Screen,
    /// Screen that points and figures go back to.
    back_to: Screen,
    pub(in crate::tui) focus: Focus,
    pub(in crate::tui) layers: Vec<Layer>,
    pub(in crate::tui) pending: Option<Pending>,
    pub(in crate::tui) ticket: u64,
    pub(in crate::tui) said: Said,
    pub(in crate::tui) told: Vec<String>,
    pub(in crate::tui) session: Session,
    pub(in crate::tui) mouse: bool,
    pub(in crate::tui) range: Range,
    pub(in crate::tui) figures: Option<Figures>,
    pub(in crate::tui) board_cursor: usize,
    pub(in crate::tui) want_scroll: Option<usize>,
    /// Whether more notes are still being listed, so that the total is not the last word.
    pub(in crate::tui) listing: bool,
    /// Whether the first note waits for the first order of the queue.
    pub(in crate::tui) first_order: bool,
    /// Whether a table is being written.
    pub(in crate::tui) exporting: bool,
    /// Whether something was said since the last key: long work does not talk over it.
    pub(in crate::tui) acted: bool,
    /// Whether this queue was left before, and its note is the one under the cursor.
    pub(in crate::tui) returning: bool,
    /// How far long work is, while the message line tells of it.
    pub(in crate::tui) working: Option<Progress>,
    /// Whether it was said that the note asked for takes long.
    pub(in crate::tui) told_slow: bool,
    /// Whether the person has pressed a key: from then on nothing moves the cursor under their hands.
    pub(in crate::tui) touched: bool,
    /// Whether something happened that the picture does not show yet.
    pub(in crate::tui) outdated: bool,
}

impl App {
    /// Makes the screen of a queue of `total` notes; nothing is read yet.
    pub fn new(settings: Settings, total: u32) -> Self {
        Self {
            guard: Guard::new(settings.limits),
            mouse: settings.mouse,
            settings,
            area: Rect::new(0, 0, 80, 24),
            now: 0,
            total,
            queue: Queue::new(Order::All(total)),
            rows: BTreeMap::new(),
            decided: Decided::default(),
            marks: BTreeSet::new(),
            hidden_marked: BTreeSet::new(),
            opened: BTreeSet::new(),
            shown: Shown { view: 8, ..Shown::default() },
            views: built_in(),
            filter_fault: None,
            generation: 0,
            arranging: None,
            arranged: Shown { view: 8, ..Shown::default() },
            open: None,
            opening: None,
            unreadable: None,
            drafts: BTreeMap::new(),
            kept: Kept::default(),
            recent: Vec::new(),
            suppressed: BTreeMap::new(),
            undo: UndoStack::default(),
            screen: Screen::default(),
            back_to: Screen::default(),
            focus: Focus::default(),
            layers: Vec::new(),
            pending: None,
            ticket: 0,
            said: Said::default(),
            told: Vec::new(),
            session: Session::default(),
            range: Range::default(),
            figures: None,
            board_cursor: 0,
            want_scroll: None,
            listing: false,
            first_order: false,
            exporting: false,
            acted: false,
            returning: false,
            working: None,
            told_slow: false,
            touched: false,
            outdated: true,
        }
    }

    /// Takes what happened and returns what the world must do.
    #[must_use]
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        self.touched |= message.is_input();
        self.acted &= !message.is_input();
        self.outdated |= self.shows(&message);
        let mut effects = match message {
            Message::Key { key, at } => self.on_key(key, at),
            Message::Released { key } => {
                self.guard.released(key);
                Vec::new()
            }
            Message::Repeat { key, times, at } => self.on_repeat(key, times, at),
            Message::Burst { text, at } | Message::Paste { text, at } => self.on_paste(&text, at),
            Message::Mouse { what, x, y, at } => self.on_mouse(what, x, y, at),
            Message::Resized { width, height } => {
                self.area = Rect::new(0, 0, width, height);
                Vec::new()
            }
            Message::Idle => self.lock(),
            // Forms that are open keep what was chosen in them; words typed there are kept nowhere.
            Message::Ended { signal } => {
                while let Some(Layer::Change(form)) = self.layers.pop() {
                    self.keep_form(&form);
                }
                vec![self.keep(), Effect::End { signal }]
            }
            Message::NoteOpened { opened, at } => self.on_opened(opened, at),
            Message::Leased { id, lease } => {
                if let Some(open) = self.open.as_mut().filter(|open| open.id == id) {
                    open.lease = lease;
                }
                Vec::new()
            }
            Message::NoteRead(id) => {
                self.wants(id).then_some(Effect::Open(id)).into_iter().collect()
            }
            Message::StillReading => {
                self.told_slow = true;
                self.say("Reading the note; its source is slow.   Esc stops");
                Vec::new()
            }
            Message::NoteFailed { id, problem } => self.on_failed(id, problem),
            Message::Rows(rows) => {
                self.rows.extend(rows);
                Vec::new()
            }
            Message::Known(ids) => {
                // Others come fresh when they are scrolled to.
                let shown = ids.into_iter().filter(|id| self.rows.contains_key(id));
                vec![Effect::Rows(shown.collect())]
            }
            // There is no need to wait with the note that the cursor is on already.
            Message::Reading if self.open.is_none() && !self.first_order => self.open_selected(),
            Message::Reading => Vec::new(),
            Message::Arranged { generation, order } => self.on_arranged(generation, order),
            Message::Found { key, id } => self.on_found(&key, id),
            Message::Recorded { ticket, receipts, at } => self.on_recorded(ticket, &receipts, at),
            Message::RecordFailed { ticket, problem } => self.on_record_failed(ticket, problem),
            Message::QueueGrew { total } => self.on_grew(total),
            Message::Listed { total, whole } => self.on_listed(total, whole),
            Message::RestOfResume(resume) => self.take_up_rest(resume),
            Message::Decided { ids } => {
                for id in ids {
                    self.decided.set(id, true);
                }
                Vec::new()
            }
            Message::Figures { range, figures } => self.on_figures(range, *figures),
            Message::Queries(found) => self.on_queries(found),
            Message::ViewsKept(kept) => self.on_views_kept(kept),
            Message::Settled { name, value, kept } => self.on_settled(name, value, kept),
            Message::Exported(written) => self.on_exported(written),
            Message::Working(progress) => self.on_working(progress),
            Message::Progress(words) => {
                self.say(words);
                Vec::new()
            }
        };
        self.fit();
        effects.extend(self.missing_rows());
        effects
    }

    /// Returns the first effects: what is decided, the rows in view, the first note.
    #[must_use]
    pub fn start(&mut self) -> Vec<Effect> {
        self.fit();
        let mut effects: Vec<Effect> = Vec::new();
        let plain = Shown { view: 8, ..Shown::default() };
        if self.shown == plain {
            effects.extend(self.open_selected());
        } else {
            // The note is opened when the order is there.
            effects.push(self.arrange());
        }
        effects.extend(self.missing_rows());
        effects
    }

    /// Tells whether a message can change the picture: facts of rows out of view do not.
    fn shows(&self, message: &Message) -> bool {
        let in_view = |wanted: &NoteId| {
            self.queue.window().any(|place| self.queue.order().get(place).as_ref() == Some(wanted))
        };
        match message {
            Message::Known(ids) => ids.iter().any(in_view),
            Message::Rows(rows) => rows.iter().any(|(id, _)| in_view(id)),
            Message::Released { .. } => false,
            Message::NoteRead(id) => self.wants(*id),
            Message::Leased { id, lease } => {
                self.open.as_ref().is_some_and(|open| open.id == *id && open.lease != *lease)
            }
            _ => true,
        }
    }

    /// Tells whether the picture has to be drawn, and takes it as drawn.
    pub fn take_outdated(&mut self) -> bool {
        std::mem::take(&mut self.outdated)
    }

    /// Says that more notes are being listed beside the screen.
    pub fn expect_more(&mut self) {
        self.listing = true;
    }

    /// Returns the panes of the window.
    pub fn panes(&self) -> Option<Panes> {
        Panes::of(self.area, self.focus)
    }

    /// Returns where keys are pressed now.
    pub fn place(&self) -> Place {
        self.layers.last().map_or_else(|| self.screen_place(), Layer::place)
    }

    /// Returns the place of the screen under all layers.
    pub fn screen_place(&self) -> Place {
        match self.screen {
            Screen::Review => Place::Review,
            Screen::Queue => Place::Queue,
            Screen::Findings => Place::Findings,
            Screen::Board => Place::Board,
        }
    }

    /// Returns the note that is open.
    pub fn note(&self) -> Option<&OpenNote> {
        self.open.as_ref()
    }

    /// Returns the top layer.
    pub fn layer(&self) -> Option<&Layer> {
        self.layers.last()
    }

    /// Returns the last thing that happened.
    pub fn said(&self) -> &Said {
        &self.said
    }

    /// Returns the queue.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Returns the marked notes.
    pub fn marks(&self) -> &BTreeSet<NoteId> {
        &self.marks
    }

    /// Returns the draft of a note.
    pub fn draft(&self, id: NoteId) -> Option<&Draft> {
        self.drafts.get(&id).filter(|draft| !draft.is_empty())
    }

    /// Returns how many facts of rows are kept; never more than a few pages.
    pub fn kept_rows(&self) -> usize {
        self.rows.len()
    }

    /// Returns the pane with the focus.
    pub fn pane(&self) -> Pane {
        self.focus.pane
    }

    /// Returns the screen under all layers.
    pub fn screen(&self) -> Screen {
        self.screen
    }

    pub(in crate::tui) fn say(&mut self, text: impl Into<String>) {
        self.tell(Tone::Done, text.into());
    }

    pub(in crate::tui) fn refuse(&mut self, text: impl Into<String>) {
        self.tell(Tone::Refused, text.into());
    }

    pub(in crate::tui) fn fail(&mut self, text: impl Into<String>) {
        self.tell(Tone::Error, text.into());
    }

    fn tell(&mut self, tone: Tone, text: String) {
        (self.working, self.acted) = (None, true);
        if self.told.len() >= 200 {
            self.told.remove(0);
        }
        self.told.push(text.clone());
        self.said = Said { tone, text };
    }
}
