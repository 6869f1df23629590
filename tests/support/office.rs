//! Real desks over one folder of notes and one log: coders, a clock that only the test moves.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, OnceLock};

use rubric::engine::Engine;
use rubric::intake::Options;
use rubric::model::{Decision, DecisionKind, Via};
use rubric::review::decide::{Circumstances, decision};
use rubric::review::desk::{Arrangement, NoteRef};
use rubric::review::office::{Listing, Office, Setup, Tell, Wait};
use rubric::review::{
    Act, Desk, Draft, Entry, Lease, News, NoteId, Opened, Problem, Receipt, Row, Sort, UnitsOf,
};
use rubric::store::{AuditLog, Coder, LogPlace, Stamp, StoreError};
use tempfile::TempDir;

use super::desk::units_of;

/// Noon of a day; the clock starts here.
const NOON: i64 = 1_795_262_400_000;

/// Compiles the engine of the built-in files once for all tests.
pub(crate) fn shared_engine() -> Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    Arc::clone(ENGINE.get_or_init(|| Arc::new(super::engine())))
}

/// A place of work: notes, a log, a clock; gone at the end of the test.
pub(crate) struct Clinic {
    folder: TempDir,
    clock: Arc<AtomicI64>,
}

impl Clinic {
    /// Opens a clinic with the first sample notes.
    pub(crate) fn new(count: usize) -> Self {
        let clinic =
            Self { folder: TempDir::new().unwrap(), clock: Arc::new(AtomicI64::new(NOON)) };
        std::fs::create_dir(clinic.notes()).unwrap();
        let mut samples: Vec<PathBuf> = std::fs::read_dir(samples())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|end| end == "txt"))
            .collect();
        samples.sort();
        for sample in samples.iter().take(count) {
            std::fs::copy(sample, clinic.notes().join(sample.file_name().unwrap())).unwrap();
        }
        clinic
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn notes(&self) -> PathBuf {
        self.folder().join("notes")
    }

    /// Returns the file of a note by its key.
    pub(crate) fn note(&self, key: &str) -> PathBuf {
        self.notes().join(format!("{key}.txt"))
    }

    pub(crate) fn place(&self, coder: &str) -> LogPlace {
        LogPlace::new(
            self.folder().join("log").join("rubric-log.sqlite"),
            self.folder().join("state").join(coder),
        )
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Stamp {
        Stamp::utc(self.clock.load(Ordering::SeqCst))
    }

    /// Sits a coder down before a listing.
    pub(crate) fn office_of(&self, listing: Listing, tell: Option<Tell>) -> Office {
        self.sit("anna", 1, listing, tell).unwrap()
    }

    /// Sits a coder down; without somebody to tell, everything is done on the spot.
    pub(crate) fn try_office(&self, coder: &str, tell: Option<Tell>) -> Result<Office, StoreError> {
        let listing = Listing::begin(&[self.notes()], &Options::default(), Wait::ForAll).unwrap();
        self.sit(coder, 1, listing, tell)
    }

    /// Sits a coder down for a review in another slot than the first.
    pub(crate) fn office_in(&self, coder: &str, slot: u8) -> Office {
        let listing = Listing::begin(&[self.notes()], &Options::default(), Wait::ForAll).unwrap();
        self.sit(coder, slot, listing, None).unwrap()
    }

    fn sit(
        &self,
        coder: &str,
        slot: u8,
        listing: Listing,
        tell: Option<Tell>,
    ) -> Result<Office, StoreError> {
        let who =
            Coder { id: coder.to_owned(), os_user: coder.to_owned(), host: "desk".to_owned() };
        let clock = Arc::clone(&self.clock);
        let place = self.place(coder);
        let log = AuditLog::open(&place, who, self.now())?;
        let setup = Setup {
            engine: shared_engine(),
            payer: None,
            listing,
            log,
            slot,
            coder: coder.to_owned(),
            state_dir: place.state_dir,
            clock: Arc::new(move || Stamp::utc(clock.load(Ordering::SeqCst))),
        };
        Office::open(setup, tell)
    }

    pub(crate) fn office(&self, coder: &str) -> Office {
        self.try_office(coder, None).unwrap()
    }

    /// Sits a coder down with workers, and returns what they tell.
    pub(crate) fn with_workers(&self) -> (Office, Receiver<News>) {
        let (sender, news) = channel();
        let sender = Mutex::new(sender);
        let tell = move |told| {
            let _ = sender.lock().unwrap().send(told);
        };
        (self.try_office("anna", Some(Arc::new(tell))).unwrap(), news)
    }
}

/// Returns the folder of sample notes.
pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("notes-samples")
}

/// Opens a note that must be this coder's to decide.
pub(crate) fn open(office: &mut Office, id: u32) -> Opened {
    let opened = office.open(NoteId(id)).unwrap();
    assert_eq!((&opened.lease, office.hold(opened.id)), (&Lease::Held, Some(Lease::Held)));
    opened
}

/// Builds a decision about an open note.
pub(crate) fn decided(opened: &Opened, kind: DecisionKind, comment: Option<&str>) -> Decision {
    let how = Circumstances { via: Via::Suggestion, evidence_seen: true, elapsed_ms: 30_000 };
    let units_of = UnitsOf::new(units_of);
    let draft = Draft::default();
    let mut made = decision(kind, &opened.note, &opened.analysis, &draft, &units_of, &how);
    made.comment = comment.map(str::to_owned);
    made
}

/// Makes an entry about an open note.
pub(crate) fn entry(opened: &Opened, act: Act) -> Entry {
    let note = NoteRef {
        id: opened.id,
        key: opened.note.key.clone(),
        fingerprint: opened.note.fingerprint.clone(),
    };
    Entry { note, act }
}

/// Opens a note and decides about it.
pub(crate) fn decide(
    office: &mut Office,
    ticket: u64,
    id: u32,
    kind: DecisionKind,
) -> Result<Receipt, Problem> {
    let opened = open(office, id);
    let act = Act::Decide(Box::new(decided(&opened, kind, None)));
    let mut receipts = office.record(ticket, &[entry(&opened, act)])?;
    Ok(receipts.remove(0))
}

/// Returns the row of a note.
pub(crate) fn row(office: &mut Office, id: u32) -> Row {
    office.rows(&[NoteId(id)]).remove(0).1
}

/// Returns what the queue is asked for by a filter and an order.
pub(crate) fn arrangement(filter: &str, sort: Sort) -> Arrangement {
    Arrangement { filter: filter.to_owned(), sort, coder: "anna".to_owned(), ..Default::default() }
}
