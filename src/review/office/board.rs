//! Counting the figures of the board beside the screen; a newer request ends an older one.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::review::desk::When;
use crate::review::figures::Range;
use crate::store::{AuditLog, Coder, LogPlace};

use super::{News, Office, Tell, figures, words};

/// Time between two tellings of what is counted so far.
const NEXT_WORD: Duration = Duration::from_millis(100);

/// What counting beside the screen needs.
pub(super) struct Board {
    tell: Tell,
    place: LogPlace,
    /// Number of the newest request; older ones end when they see it.
    newest: Arc<AtomicU64>,
}

impl Board {
    pub(super) fn new(tell: Tell, place: LogPlace) -> Self {
        Self { tell, place, newest: Arc::default() }
    }

    /// Returns who is told.
    pub(super) fn tell(&self) -> Tell {
        Arc::clone(&self.tell)
    }

    /// Ends what is being counted.
    pub(super) fn stop(&self) {
        self.newest.fetch_add(1, Ordering::Relaxed);
    }
}

impl Office {
    /// Counts on a thread of its own, if there is somebody to tell.
    pub(super) fn count_on_thread(&mut self, range: Range) -> When {
        self.catch_up();
        let Some(board) = &self.board else { return When::Now };
        board.stop();
        let (newest, mine) = (Arc::clone(&board.newest), board.newest.load(Ordering::Relaxed));
        let (tell, place) = (Arc::clone(&board.tell), board.place.clone());
        let (stock, standings) = (Arc::clone(&self.stock), self.standings.all());
        let (clock, coder) = (Arc::clone(&self.clock), self.coder.clone());
        std::thread::spawn(move || {
            let over = || newest.load(Ordering::Relaxed) != mine;
            let say = |figures| {
                if over() {
                    return ControlFlow::Break(());
                }
                tell(News::Figures { range, figures: Box::new(Ok(figures)) });
                ControlFlow::Continue(())
            };
            let now = clock();
            let reader = Coder { id: coder, os_user: String::new(), host: String::new() };
            let mut told = Instant::now();
            let counted = AuditLog::read(&place, reader).and_then(|log| {
                figures::count_log(&log, range, now, &mut |so_far| {
                    if over() {
                        return ControlFlow::Break(());
                    }
                    if told.elapsed() < NEXT_WORD {
                        return ControlFlow::Continue(());
                    }
                    told = Instant::now();
                    say(so_far())
                })
            });
            let mut figures = match counted {
                Ok(figures) => figures,
                Err(_) if over() => return,
                Err(error) => {
                    let problem = words::problem(&error, &place.log);
                    tell(News::Figures { range, figures: Box::new(Err(problem)) });
                    return;
                }
            };
            figures::add_notes(&mut figures, &stock, &standings);
            // What the log says stands at once; the notes follow as they are read.
            let mut more = stock.few_unknown();
            while !more.is_empty() {
                if say(figures.clone()).is_break() {
                    return;
                }
                let some = more.split_off(more.len().saturating_sub(64));
                stock.triage(&some);
                figures::add_notes(&mut figures, &stock, &standings);
            }
            let _ = say(figures);
        });
        When::Later
    }
}
