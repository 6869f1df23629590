//! Long work beside the screen: listing notes, reading them for rows, filtering and sorting all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::intake::Indexer;
use crate::review::counts::{Progress, counted};
use crate::review::desk::{Arrangement, NoteId, Problem};
use crate::review::filter::{Asks, Context, Filter};
use crate::review::queue::Order;
use crate::review::row::{Row, State};
use crate::review::views::{Rank, Sort};
use crate::store::Stamp;

use super::listing::list_rest;
use super::standing::Standing;
use super::stock::{Stock, ids};
use super::{News, Tell, words};

/// Notes that are read before the worker looks whether something else is wanted.
const CHUNK: usize = 64;
/// Silence before long work is told of, and the time between two tellings.
const FIRST_WORD: Duration = Duration::from_millis(250);
const NEXT_WORD: Duration = Duration::from_millis(100);
/// How often folders are looked at for new notes.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// What the worker is asked for.
pub(super) enum Job {
    /// Read notes for their rows.
    Rows(Vec<NoteId>),
    /// Filter and sort; a newer request takes its place.
    Arrange(Box<Request>),
    /// Stop filtering.
    Stop,
}

/// Starts the workers; they end when the sender goes.
pub(super) fn hire(
    stock: &Arc<Stock>,
    rest: Option<Indexer>,
    known: BTreeMap<String, State>,
    tell: Tell,
) -> Sender<Job> {
    let (sender, jobs) = channel();
    let worker = Worker { stock: Arc::clone(stock), jobs, tell: Arc::clone(&tell) };
    if let Some(rest) = rest {
        let stock = Arc::clone(stock);
        std::thread::spawn(move || list_rest(&stock, rest, &known, &tell));
    }
    std::thread::spawn(move || worker.work());
    sender
}

struct Worker {
    stock: Arc<Stock>,
    jobs: Receiver<Job>,
    tell: Tell,
}

impl Worker {
    fn work(self) {
        let mut times = self.stock.folder_times();
        loop {
            let mut next = match self.jobs.recv_timeout(LOOK_AGAIN) {
                Ok(job) => Some(job),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {
                    let now = self.stock.folder_times();
                    if now != times {
                        times = now;
                        self.take_in_newcomers();
                    }
                    None
                }
            };
            while let Some(job) = next.take() {
                next = match job {
                    Job::Rows(ids) => {
                        self.read(&ids);
                        None
                    }
                    Job::Arrange(request) => self.arrange(&request),
                    Job::Stop => None,
                };
            }
        }
    }

    fn read(&self, ids: &[NoteId]) {
        let unknown = self.stock.unknown(ids);
        self.stock.triage(&unknown);
        (self.tell)(News::Known(ids.to_vec()));
    }

    fn take_in_newcomers(&self) {
        for batch in self.stock.newcomers() {
            let total = self.stock.add(batch);
            (self.tell)(News::Grew { total: u32::try_from(total).unwrap_or(u32::MAX) });
        }
    }

    /// Filters and sorts; returns the job that came in between and takes its place.
    fn arrange(&self, request: &Request) -> Option<Job> {
        let mut picked = Vec::new();
        let start = Instant::now();
        let mut said = start + FIRST_WORD;
        for from in (0..request.total).step_by(CHUNK) {
            loop {
                match self.jobs.try_recv() {
                    Ok(Job::Rows(ids)) => self.read(&ids),
                    Ok(Job::Arrange(newer)) => return Some(Job::Arrange(newer)),
                    Ok(Job::Stop) => {
                        self.stopped(request, from, picked);
                        return None;
                    }
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return None,
                }
            }
            if Instant::now() >= said {
                said = Instant::now() + NEXT_WORD;
                (self.tell)(News::Working(Progress {
                    what: "Reading notes".to_owned(),
                    done: from as u64,
                    total: Some(request.total as u64),
                    elapsed: start.elapsed(),
                }));
            }
            request.pick(&self.stock, from..(from + CHUNK).min(request.total), &mut picked);
        }
        self.answer(request, Ok(request.order(&self.stock, picked)));
        None
    }

    /// Answers with what is done so far; without any there is nothing to show.
    fn stopped(&self, request: &Request, at: usize, picked: Vec<(Rank, NoteId)>) {
        let (done, all) = (counted(at), counted(request.total));
        if at == 0 {
            let why = format!("stopped before a note was read; all {all} are as before");
            return self.answer(request, Err(words::refused(&why)));
        }
        self.answer(request, Ok(request.order(&self.stock, picked)));
        (self.tell)(News::Progress(format!(
            "Stopped after {done} of {all} notes: only they were looked at."
        )));
    }

    fn answer(&self, request: &Request, order: Result<Order, Problem>) {
        (self.tell)(News::Arranged { generation: request.generation, order });
    }
}

/// A request to filter and sort, with the standing of the log when it was made.
pub(super) struct Request {
    generation: u64,
    wanted: Arrangement,
    filter: Filter,
    standings: Arc<BTreeMap<NoteId, Standing>>,
    total: usize,
    now: Stamp,
}

impl Request {
    pub(super) fn new(
        generation: u64,
        wanted: &Arrangement,
        standings: Arc<BTreeMap<NoteId, Standing>>,
        total: usize,
        now: Stamp,
    ) -> Result<Self, Problem> {
        let filter =
            Filter::parse(&wanted.filter).map_err(|fault| words::refused(&fault.message))?;
        Ok(Self { generation, wanted: wanted.clone(), filter, standings, total, now })
    }

    /// Tells whether the log alone can answer.
    pub(super) fn is_light(&self) -> bool {
        self.wanted.sort == Sort::Imported && self.filter.asks() == Asks::Log
    }

    /// Answers at once.
    pub(super) fn answer_now(&self, stock: &Stock) -> Order {
        if self.is_light() && self.filter.is_empty() && !self.wanted.reverse {
            return Order::All(u32::try_from(self.total).unwrap_or(u32::MAX));
        }
        if self.is_light() {
            return self.by_the_log();
        }
        let mut picked = Vec::new();
        self.pick(stock, 0..self.total, &mut picked);
        self.order(stock, picked)
    }

    /// Picks by what the log says; all notes that it does not know are alike but for their marks.
    fn by_the_log(&self) -> Order {
        let nothing = Row::default();
        let alike = [false, true].map(|marked| {
            self.filter.passes(&nothing, Context { marked, ..self.context(NoteId(0), &|_| false) })
        });
        let any_marks = !self.wanted.marked.is_empty();
        let mut known = self.standings.iter().peekable();
        let mut row = Row::default();
        let mut picked: Vec<NoteId> = ids(0..self.total)
            .filter(|id| match known.next_if(|(next, _)| *next == id) {
                Some((_, standing)) => {
                    standing.dress(&mut row, self.now);
                    self.filter.passes(&row, self.context(*id, &|_| false))
                }
                None => alike[usize::from(any_marks && self.wanted.marked.contains(id))],
            })
            .collect();
        if self.wanted.reverse {
            picked.reverse();
        }
        Order::Picked(picked)
    }

    fn context<'a>(&'a self, id: NoteId, text: &'a dyn Fn(&str) -> bool) -> Context<'a> {
        let marked = self.wanted.marked.contains(&id);
        Context { coder: &self.wanted.coder, marked, text }
    }

    /// Picks those of some notes that pass, with their rank.
    fn pick(&self, stock: &Stock, range: std::ops::Range<usize>, picked: &mut Vec<(Rank, NoteId)>) {
        let wanted: Vec<NoteId> = ids(range).collect();
        stock.triage(&stock.unknown(&wanted));
        picked.par_extend(stock.rows(&wanted).into_par_iter().filter_map(|(id, row)| {
            let row = stock.dressed(id, row, self.standings.get(&id), self.now);
            let text = |word: &str| {
                stock.load(id).is_ok_and(|read| read.note.text.to_lowercase().contains(word))
            };
            let passes = self.filter.passes(&row, self.context(id, &text));
            passes.then(|| (self.wanted.sort.rank(&row), id))
        }));
    }

    /// Puts what was picked in order; equals stand by key, or as they came in.
    fn order(&self, stock: &Stock, mut picked: Vec<(Rank, NoteId)>) -> Order {
        picked.sort_unstable();
        if self.wanted.sort != Sort::Imported {
            for equals in picked.chunk_by_mut(|a, b| a.0 == b.0) {
                equals.sort_by_cached_key(|(_, id)| stock.key(*id));
            }
        }
        if self.wanted.reverse {
            picked.reverse();
        }
        Order::Picked(picked.into_iter().map(|(_, id)| id).collect())
    }
}
