//! Reading and analysing single notes beside the screen: a source that hangs holds up nobody.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::intake::{Loaded, Problem};
use crate::model::Analysis;
use crate::review::desk::{NoteId, When};

use super::stock::Stock;
use super::{News, Tell};

/// How long a request waits for its note: not at all, so that the cursor moves at once and the note
/// follows some milliseconds later.
const PATIENCE: Duration = Duration::ZERO;
/// Notes read at the same time; a source that hangs takes one of them.
const READERS: usize = 4;
/// How long a note that was read and not fetched is kept.
const KEPT: Duration = Duration::from_secs(5);

/// A note as it was read, with its analysis.
pub(super) type Read = Result<(Loaded, Analysis), Problem>;

/// The readers, and what they brought.
pub(super) struct Reader {
    shared: Arc<Shared>,
    answers: Receiver<(NoteId, Read)>,
    asked: BTreeSet<NoteId>,
    here: BTreeMap<NoteId, (Instant, Read)>,
}

#[derive(Default)]
struct Shared {
    work: Mutex<Work>,
    wake: Condvar,
}

#[derive(Default)]
struct Work {
    waiting: VecDeque<NoteId>,
    over: bool,
}

impl Shared {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the next note to read; none when it is over.
    fn next(&self) -> Option<NoteId> {
        let mut work = self.work();
        loop {
            if work.over {
                return None;
            }
            if let Some(id) = work.waiting.pop_front() {
                return Some(id);
            }
            work = self.wake.wait(work).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Reader {
    /// Starts the readers; they end with it.
    pub(super) fn hire(stock: &Arc<Stock>, tell: &Tell) -> Self {
        let shared = Arc::new(Shared::default());
        let (sender, answers) = channel();
        for _ in 0..READERS {
            let (shared, stock) = (Arc::clone(&shared), Arc::clone(stock));
            let (sender, tell): (Sender<_>, _) = (sender.clone(), Arc::clone(tell));
            std::thread::spawn(move || {
                while let Some(id) = shared.next() {
                    if sender.send((id, stock.read(id))).is_err() {
                        return;
                    }
                    tell(News::Read(id));
                }
            });
        }
        Self { shared, answers, asked: BTreeSet::new(), here: BTreeMap::new() }
    }

    /// Asks for a note, and tells whether it is here already.
    pub(super) fn fetch(&mut self, id: NoteId) -> When {
        let start = Instant::now();
        self.foresee(&[id]);
        if self.here.contains_key(&id) {
            return When::Now;
        }
        loop {
            match self.answers.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
                Ok(answer) => {
                    let found = answer.0 == id;
                    self.take_in(answer);
                    if found {
                        return When::Now;
                    }
                }
                Err(RecvTimeoutError::Timeout) => return When::Later,
                // Without readers the note is read on the spot.
                Err(RecvTimeoutError::Disconnected) => return When::Now,
            }
        }
    }

    /// Has notes read that are not here and not asked for yet.
    pub(super) fn foresee(&mut self, ids: &[NoteId]) {
        let now = Instant::now();
        self.here.retain(|_, (when, _)| now.duration_since(*when) < KEPT);
        while let Ok(answer) = self.answers.try_recv() {
            self.take_in(answer);
        }
        for id in ids.iter().filter(|id| !self.here.contains_key(*id)) {
            if self.asked.insert(*id) {
                self.shared.work().waiting.push_back(*id);
                self.shared.wake.notify_one();
            }
        }
    }

    /// Forgets notes that nobody has begun to read.
    pub(super) fn stop(&mut self) {
        let dropped = std::mem::take(&mut self.shared.work().waiting);
        for id in dropped {
            self.asked.remove(&id);
        }
    }

    /// Hands a note over that is here.
    pub(super) fn take(&mut self, id: NoteId) -> Option<Read> {
        self.here.remove(&id).map(|(_, read)| read)
    }

    fn take_in(&mut self, (id, read): (NoteId, Read)) {
        self.asked.remove(&id);
        self.here.insert(id, (Instant::now(), read));
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.work().over = true;
        self.shared.wake.notify_all();
    }
}
