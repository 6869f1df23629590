//! The real desk: notes from disk, analyses by the engine, decisions in the audit log.

mod agreed;
mod asked;
mod board;
mod export;
mod figures;
mod keep;
mod listing;
mod open;
mod reader;
mod record;
mod standing;
mod stock;
mod triage;
mod words;
mod worker;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use crate::engine::Engine;
use crate::intake::{self, KeyDigests};
use crate::store::{AuditLog, Closed, EventId, LogPlace, Stamp, StoreError};

use super::asked::OpenQueries;
use super::counts::Progress;
use super::desk::{Arrangement, Desk, Entry, Lease, NoteId, Opened, Problem, Receipt, When};
use super::figures::{Figures, Range};
use super::queue::Order;
use super::resume::Resume;
use super::row::{Row, State};
use super::views::View;

pub use listing::{Listing, Wait};
use standing::Standings;
use stock::Stock;
use worker::Job;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Stamp + Send + Sync>;

/// Takes what the workers have to tell.
pub type Tell = Arc<dyn Fn(News) + Send + Sync>;

/// Keeps a setting by its name and value, and names the file; or says why it could not.
pub type Settle = Box<dyn Fn(&str, &str) -> Result<String, String>>;

/// Keeps the views a person made, and names the file; or says why it could not.
pub type KeepViews = Box<dyn Fn(&[View]) -> Result<String, String>>;

/// What workers find out while the person does something else.
#[derive(Debug)]
pub enum News {
    /// Facts about these notes are known now.
    Known(Vec<NoteId>),
    /// The answer to a request of [`Desk::arrange`].
    Arranged {
        /// Which request.
        generation: u64,
        /// The order, or why there is none.
        order: Result<Order, Problem>,
    },
    /// Notes that the log knows as decided came in.
    Decided(Vec<NoteId>),
    /// The sources are being listed.
    Listed {
        /// Notes so far.
        total: u32,
        /// Whether that is all.
        whole: bool,
    },
    /// More notes came in.
    Grew {
        /// Notes now.
        total: u32,
    },
    /// A note was read that a request did not wait for.
    Read(NoteId),
    /// Figures of the board, as far as they are counted.
    Figures {
        /// The range asked for.
        range: Range,
        /// The figures, or what is wrong.
        figures: Box<Result<Figures, Problem>>,
    },
    /// A table was written, or not: in words.
    Exported(Result<String, Problem>),
    /// How far long work is.
    Working(Progress),
    /// What came of long work, in words.
    Progress(String),
}

/// What an office is made of.
pub struct Setup {
    /// The engine.
    pub engine: Arc<Engine>,
    /// Payer of notes that name none.
    pub payer: Option<String>,
    /// The notes.
    pub listing: Listing,
    /// The audit log, open.
    pub log: AuditLog,
    /// Slot in which notes are reviewed: the first, or a blind one beside it.
    pub slot: u8,
    /// Coder at the screen, as the log was opened for.
    pub coder: String,
    /// Folder in which places in queues are kept.
    pub state_dir: PathBuf,
    /// Tells the time.
    pub clock: Clock,
}

/// The real desk.
pub struct Office {
    stock: Arc<Stock>,
    log: AuditLog,
    clock: Clock,
    standings: Standings,
    keep: keep::Place,
    jobs: Option<Sender<Job>>,
    /// Notes that were opened, as the log knows them.
    shown: BTreeMap<NoteId, open::Shown>,
    /// Notes that were opened and whose lease was not taken since.
    due: BTreeSet<NoteId>,
    /// The note whose lease is held.
    held: Option<open::Held>,
    tickets: BTreeMap<u64, record::Ticket>,
    recorded: usize,
    /// Whether all notes were listed before the screen came up.
    listed_whole: bool,
    /// Where the person was, for the notes that are still to be listed.
    kept: Option<keep::Kept>,
    settle: Option<Settle>,
    keep_views: Option<KeepViews>,
    coder: String,
    reader: Option<reader::Reader>,
    board: Option<board::Board>,
    exports: export::Exports,
}

impl Office {
    /// Reads what the log says of the notes, begins a session.
    ///
    /// With somebody to tell, long work is done by workers; without, everything is done on the spot,
    /// and the listing must have waited for all.
    pub fn open(setup: Setup, tell: Option<Tell>) -> Result<Self, StoreError> {
        let Setup { engine, payer, listing, mut log, slot, coder, state_dir, clock } = setup;
        let Listing { inputs, catalog, rest } = listing;
        let keep = keep::Place::new(&state_dir, &coder, &inputs);
        log.review_in(slot)?;
        let now = clock();
        let stock = Arc::new(Stock::new(engine, payer, catalog, log.key().clone(), now));
        if log.standing().problem().is_none() {
            log.start_session(&EventId::now(), &stock.versions(), now)?;
        }
        let mut standings = Standings::read(&log, &coder, now)?;
        let known = standings.unmet();
        let wanted: KeyDigests = known.keys().map(String::as_str).collect();
        standings.meet(stock.met(0..stock.len(), &wanted));
        let listed_whole = rest.is_none();
        let reader = tell.as_ref().map(|tell| reader::Reader::hire(&stock, tell));
        let log_place = LogPlace::new(log.path().to_path_buf(), state_dir);
        let board = tell.as_ref().map(|tell| board::Board::new(Arc::clone(tell), log_place));
        let jobs = tell.map(|tell| worker::hire(&stock, rest, standings.unmet(), tell));
        Ok(Self {
            stock,
            log,
            clock,
            standings,
            keep,
            jobs,
            shown: BTreeMap::new(),
            due: BTreeSet::new(),
            held: None,
            tickets: BTreeMap::new(),
            recorded: 0,
            listed_whole,
            kept: None,
            settle: None,
            keep_views: None,
            coder,
            reader,
            board,
            exports: export::Exports::default(),
        })
    }

    /// Hands over how settings are kept; without it they cannot be.
    pub fn keep_settings_by(&mut self, settle: Settle) {
        self.settle = Some(settle);
    }

    /// Hands over how views are kept; without it they hold until the end of the session.
    pub fn keep_views_by(&mut self, keep: KeepViews) {
        self.keep_views = Some(keep);
    }

    /// Returns the number of notes listed so far.
    pub fn total(&self) -> u32 {
        u32::try_from(self.stock.len()).unwrap_or(u32::MAX)
    }

    /// Tells whether more notes are being listed beside the screen.
    pub fn is_listing(&self) -> bool {
        !self.listed_whole
    }

    /// Returns the number of decisions of this session that stand.
    pub fn recorded(&self) -> usize {
        self.recorded
    }

    /// Says why nothing can be recorded, if so.
    pub fn read_only(&self) -> Option<String> {
        self.log.standing().problem()
    }

    /// Returns what was wrong with sources of notes, so that a note could not even be listed.
    pub fn problems(&self) -> Vec<intake::Problem> {
        self.stock.problems()
    }

    /// Returns where the person was when they left this queue.
    ///
    /// Of a large queue some of it may not be listed yet: [`Desk::rest_of_resume`] has it later.
    pub fn resume(&mut self) -> Option<Resume> {
        let kept = self.keep.read()?;
        let resume = kept.resume(|key| self.look_up(key), |id| self.stock.digest(id));
        if !self.listed_whole {
            self.kept = Some(kept);
        }
        Some(resume)
    }

    /// Gives the held note back, ends the session and closes the log.
    pub fn close(mut self) -> Result<Closed, StoreError> {
        self.jobs = None;
        self.give_back();
        let now = (self.clock)();
        if self.read_only().is_none() {
            self.log.end_session(&EventId::now(), now)?;
        }
        self.log.close(now)
    }

    /// Takes in what other coders and the workers did since the last call.
    fn catch_up(&mut self) {
        for (id, key) in self.stock.take_met() {
            self.standings.met(id, &key);
        }
        self.hold_on();
        let now = (self.clock)();
        // A log that cannot be read now shows old states; recording says what is wrong with it.
        let Ok(unknown) = self.standings.catch_up(&self.log, now) else { return };
        for key in unknown {
            if let Some(id) = self.stock.find(&key) {
                self.standings.met(id, &key);
            }
        }
    }

    fn look_up(&self, key: &str) -> Option<NoteId> {
        self.standings.id(key).or_else(|| self.stock.find(key))
    }

    fn ask(&self, job: Job) -> bool {
        self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok())
    }
}

/// Counts the figures of a log without a review: with those of the notes, if there are any.
///
/// All notes are read for it, under the payer named beside them where they name none, and how many
/// of how many is told; nothing is recorded.
pub fn figures_of(
    log: &AuditLog,
    engine: Arc<Engine>,
    notes: Option<(Listing, Option<String>)>,
    range: Range,
    now: Stamp,
    tell: &mut dyn FnMut(usize, usize),
) -> Result<Figures, StoreError> {
    let Some((listing, payer)) = notes else { return figures::count(log, range, now, None) };
    let stock = Stock::new(engine, payer, listing.catalog, log.key().clone(), now);
    stock.triage_all(tell);
    let mut standings = Standings::read(log, "", now)?;
    let wanted: KeyDigests = standings.unmet().keys().map(String::as_str).collect();
    standings.meet(stock.met(0..stock.len(), &wanted));
    figures::count(log, range, now, Some((&stock, &standings.all())))
}

impl Desk for Office {
    fn fetch(&mut self, id: NoteId) -> When {
        self.reader.as_mut().map_or(When::Now, |reader| reader.fetch(id))
    }

    fn foresee(&mut self, ids: &[NoteId]) {
        if let Some(reader) = &mut self.reader {
            reader.foresee(ids);
        }
    }

    fn open(&mut self, id: NoteId) -> Result<Opened, Problem> {
        self.catch_up();
        self.open_note(id)
    }

    fn hold(&mut self, id: NoteId) -> Option<Lease> {
        self.take(id)
    }

    fn release(&mut self, id: NoteId) {
        self.due.remove(&id);
        if self.held.as_ref().is_some_and(|held| held.id == id) {
            self.give_back();
        }
        // The screen is covered either way; a log that cannot be written says so with the next act.
        let _ = self.log.lock_session(&EventId::now(), (self.clock)());
    }

    fn rows(&mut self, ids: &[NoteId]) -> Vec<(NoteId, Row)> {
        self.catch_up();
        let wanted: Vec<NoteId> =
            ids.iter().copied().filter(|id| (id.0 as usize) < self.stock.len()).collect();
        let unknown: Vec<NoteId> = self.stock.unknown(&wanted);
        if !unknown.is_empty() && !self.ask(Job::Rows(unknown.clone())) {
            self.stock.triage(&unknown);
        }
        let mut rows = self.stock.rows(&wanted);
        for (id, row) in &mut rows {
            self.standings.met(*id, &row.key);
        }
        let (standings, now) = (self.standings.all(), (self.clock)());
        rows.into_iter()
            .map(|(id, row)| (id, self.stock.dressed(id, row, standings.get(&id), now)))
            .collect()
    }

    fn decided(&mut self) -> Vec<NoteId> {
        self.catch_up();
        let standings = self.standings.all();
        let decided = standings.iter().filter(|(_, standing)| standing.state() != State::Open);
        decided.map(|(id, _)| *id).collect()
    }

    fn arrange(&mut self, generation: u64, wanted: &Arrangement) -> Option<Result<Order, Problem>> {
        self.catch_up();
        let (standings, total) = (self.standings.all(), self.stock.len());
        let now = (self.clock)();
        let request = match worker::Request::new(generation, wanted, standings, total, now) {
            Ok(request) => request,
            Err(problem) => return Some(Err(problem)),
        };
        if request.is_light() || self.jobs.is_none() {
            return Some(Ok(request.answer_now(&self.stock)));
        }
        if self.ask(Job::Arrange(Box::new(request))) {
            return None;
        }
        Some(Err(words::refused("the notes cannot be read any more; start rubric again")))
    }

    fn stop(&mut self) {
        if let Some(reader) = &mut self.reader {
            reader.stop();
        }
        if let Some(board) = &self.board {
            board.stop();
        }
        self.stop_export();
        self.ask(Job::Stop);
    }

    fn find(&mut self, key: &str) -> Option<NoteId> {
        self.look_up(key)
    }

    fn rest_of_resume(&mut self) -> Option<Resume> {
        let kept = self.kept.take()?;
        Some(kept.resume(|key| self.look_up(key), |id| self.stock.digest(id)))
    }

    fn record(&mut self, ticket: u64, entries: &[Entry]) -> Result<Vec<Receipt>, Problem> {
        // A decision may come before the lease of its note: recording says who else has it.
        if let [entry] = entries {
            self.take(entry.note.id);
        }
        let recorded = self.record_entries(ticket, entries);
        self.catch_up();
        recorded
    }

    fn open_queries(&mut self) -> Result<OpenQueries, Problem> {
        self.list_queries()
    }

    fn count(&mut self, range: Range) -> When {
        self.count_on_thread(range)
    }

    fn figures(&mut self, range: Range) -> Result<Figures, Problem> {
        self.catch_up();
        self.stock.triage(&self.stock.few_unknown());
        let now = (self.clock)();
        figures::count(&self.log, range, now, Some((&self.stock, &self.standings.all())))
            .map_err(|error| words::problem(&error, self.log.path()))
    }

    fn export(&mut self, path: &str, order: &Order) -> Result<(), Problem> {
        self.export_on_thread(std::path::Path::new(path), order)
    }

    fn settle(&mut self, name: &str, value: &str) -> Result<String, Problem> {
        match &self.settle {
            Some(settle) => settle(name, value).map_err(|why| words::refused(&why)),
            None => Err(words::refused("settings are changed by `rubric config set`")),
        }
    }

    fn keep_views(&mut self, views: &[View]) -> Result<String, Problem> {
        match &self.keep_views {
            Some(keep) => keep(views).map_err(|why| words::refused(&why)),
            None => Err(words::refused("views hold until you quit")),
        }
    }

    fn keep(&mut self, resume: &Resume) {
        // Where somebody was is a comfort: failing to keep it must not stand in the way of leaving.
        let digest = |id| {
            let shown = self.shown.get(&id).map(|shown| shown.note.digest.clone());
            shown.or_else(|| self.stock.digest(id))
        };
        let _ = self.keep.write(resume, self.kept.as_ref(), |id| self.stock.key(id), digest);
    }
}
