//! The store: a tamper-evident, append-only audit log in one `SQLite` file, and what is read from it.
//!
//! Events are the truth; every other table is a projection that [`AuditLog::rebuild`] tells again
//! from them. Purpose and promises stand in the audit-log page of the manual; here is where each
//! of them is kept:
//!
//! | promise | kept by |
//! | --- | --- |
//! | recorded means on the disk | `open` (settings and their order), `append` (read back, commit) |
//! | once, not twice | `append`: the id of an event is chosen before the write |
//! | nothing is overwritten | triggers of `schema/`, authorizer of `open`, `record` (amend, withdraw) |
//! | a change is found | `chain`, `verify` |
//! | a cut end is found | `heads`, kept outside of the file; `tree` for proofs |
//! | free text can be removed, visibly | `event_text` behind commitments of `chain`, `redact` |
//! | no two coders on one note unknowingly | `leases` |
//!
//! One writer connection a process; other processes wait for each other at most some seconds.
//! Clock, coder, computer and folders are passed in; random bytes (salts, keys) are the system's.

pub mod append;
pub mod audit_acts;
pub mod backup;
pub mod canonical;
pub mod chain;
mod checks;
pub mod disk;
pub mod error;
pub mod events;
pub mod export;
mod facts;
pub mod heads;
pub mod history;
mod indexes;
pub mod key;

pub mod leases;
mod links;
mod lock;
mod open;
pub mod place;
mod projections;
pub mod proof;
pub mod record;
pub mod redact;
mod rows;
mod scan;
mod schema;
mod slots;
mod soundness;
mod synced;
mod told;
pub mod tree;
pub mod verify;

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use append::{Context, Writer};

pub use append::{Recorded, Write};
pub use audit_acts::{Frame, Sample};
pub use backup::{RestoreCheck, restore_check};
pub use error::StoreError;
pub use events::{Coder, EventId, Kind, Stamp};
pub use export::{ExportOrder, Format, Naming};
pub use history::{Flag, HistoryEntry, LastDecision, NoteState, TextState};
pub use key::{InstallationKey, NoteRef};
pub use leases::{FIRST_SLOT, LEASE_MS, Lease};
pub use open::Standing;
pub use place::{FileSystem, LogPlace, default_log_path, default_state_dir, is_writable};
pub use proof::{Claim, Proof, check_proof};
pub use record::{BulkItem, WarningRef};
pub use redact::{Redacted, SideFile};
pub use verify::{Expected, Verdict, VerifyReport, verify};

/// Returns the versions of the file's layout and of the database in this program, in words.
pub fn versions() -> String {
    format!("schema {}, SQLite {}", schema::NEWEST, rusqlite::version())
}

/// What came of closing a log, beside that all of it is safe.
#[derive(Debug)]
pub struct Closed {
    /// Whether the receipt could be left, if there is a folder for receipts.
    pub receipt: Result<(), StoreError>,
}

/// An open audit log.
#[derive(Debug)]
pub struct AuditLog {
    conn: Connection,
    place: LogPlace,
    context: Context,
    key: InstallationKey,
    log_id: String,
    standing: Standing,
    holds: std::collections::BTreeMap<String, record::Hold>,
    spoiled: bool,
    /// The tree at the time of opening: a head only takes in what came since.
    tree: tree::Frontier,
}

impl AuditLog {
    /// Opens a log, and makes it first if there is none.
    ///
    /// A log that does not go on from a head somebody remembers is opened for reading only;
    /// [`AuditLog::standing`] says why.
    pub fn open(place: &LogPlace, coder: Coder, at: Stamp) -> Result<Self, StoreError> {
        let (conn, key, standing) = open::open(place, &coder, at)?;
        let log_id = open::log_id(&conn, &place.log)?;
        let context = Context {
            path: place.log.clone(),
            coder,
            session: None,
            key_id: key.id().to_owned(),
            desk: None,
        };
        let mut log = Self {
            conn,
            place: place.clone(),
            context,
            key,
            log_id,
            standing,
            holds: std::collections::BTreeMap::new(),
            spoiled: false,
            tree: tree::Frontier::default(),
        };
        let mut known = heads::kept(&log.place, &log.log_id)?;
        // Receipts may lie on another computer, which is not always there: work goes on without.
        known.extend(heads::receipts(&log.place, &log.log_id).unwrap_or_default());
        if let Some(problem) = heads::first_problem(&log.conn, &log.place.log, &known)? {
            log.standing = Standing::Behind(problem);
        } else {
            let coder = &log.context.coder.id;
            log.tree =
                heads::tree_left_by(&log.place.state_dir, &log.log_id, coder).unwrap_or_default();
        }
        if log.standing == Standing::Writable {
            if !open::known_keys(&log.conn, &log.place.log)?.contains(&log.context.key_id) {
                let draft = open::key_event(&log.key);
                log.write(|writer| writer.append(draft, at))?;
            }
            heads::remember_place(&log.place.state_dir, &log.place.log, &log.log_id)?;
            log.remember_head(at)?;
        }
        Ok(log)
    }

    /// Opens a log, or a copy of one, to read it: nothing is written, in it or beside it.
    ///
    /// It may lie where nothing can be written. What each coder saw last is not compared here;
    /// [`verify()`] does that.
    pub fn read(place: &LogPlace, coder: Coder) -> Result<Self, StoreError> {
        let (conn, key, standing) = open::read(place)?;
        let log_id = open::log_id(&conn, &place.log)?;
        let key_id = key.id().to_owned();
        Ok(Self {
            conn,
            place: place.clone(),
            context: Context { path: place.log.clone(), coder, session: None, key_id, desk: None },
            key,
            log_id,
            standing,
            holds: std::collections::BTreeMap::new(),
            spoiled: false,
            tree: tree::Frontier::default(),
        })
    }

    /// Closes the log, remembers its head outside of it and leaves a receipt.
    pub fn close(mut self, at: Stamp) -> Result<Closed, StoreError> {
        let mut closed = Closed { receipt: Ok(()) };
        if self.standing == Standing::Writable {
            self.remember_head(at)?;
            closed.receipt = self.leave_receipt(at);
        }
        let Self { conn, place, .. } = self;
        conn.close().map_err(|(_, error)| StoreError::sqlite(&place.log, &error))?;
        Ok(closed)
    }

    /// Says whether events can be appended, and if not, why.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Makes this a desk that reviews in a slot: of other coders' decisions in other slots it is
    /// shown none before the decision in its own is in.
    pub fn review_in(&mut self, slot: u8) -> Result<(), StoreError> {
        leases::check_slot(slot)?;
        self.context.desk = Some(slot);
        Ok(())
    }

    /// Returns the slot in which this desk reviews; the first unless another was said.
    pub fn slot(&self) -> u8 {
        self.context.slot()
    }

    /// Returns the database file.
    pub fn path(&self) -> &Path {
        &self.place.log
    }

    /// Returns the id that the log was given when it was made.
    pub fn id(&self) -> &str {
        &self.log_id
    }

    /// Returns the key that makes digests of notes.
    pub fn key(&self) -> &InstallationKey {
        &self.key
    }

    /// Returns the present head, for reports and receipts.
    pub fn head(&self, at: Stamp) -> Result<heads::Head, StoreError> {
        self.head_and_tree(at).map(|(head, _)| head)
    }

    fn head_and_tree(&self, at: Stamp) -> Result<(heads::Head, tree::Frontier), StoreError> {
        let mut tree = self.tree.clone();
        let last = heads::catch_up(&self.conn, &self.place.log, &mut tree)?;
        let head = heads::Head {
            log: self.log_id.clone(),
            size: tree.size(),
            root: tree.root().to_string(),
            last_hash: last.to_string(),
            at: at.utc_ms,
            coder: self.context.coder.id.clone(),
        };
        Ok((head, tree))
    }

    /// Tells the projections again from the events.
    pub fn rebuild(&mut self) -> Result<(), StoreError> {
        self.write(|writer| {
            let told = told::from_events(writer.conn, writer.context.sqlite())?;
            told.save(writer.conn).map_err(writer.context.sqlite())
        })
    }

    /// Tells whether the projections say what the events say.
    pub fn projections_agree(&self) -> Result<bool, StoreError> {
        // One transaction, so that both readings see the same events.
        let tx = self.conn.unchecked_transaction().map_err(self.context.sqlite())?;
        let told = told::from_events(&tx, self.context.sqlite())?;
        Ok(told.differing(&tx).map_err(self.context.sqlite())? == 0)
    }

    /// Leaves the present head in the folder for receipts, if there is one.
    ///
    /// The folder may be out of reach without harm to what was recorded; say so to the person.
    pub fn leave_receipt(&self, at: Stamp) -> Result<(), StoreError> {
        let Some(receipts) = &self.place.receipts else { return Ok(()) };
        let (head, tree) = self.head_and_tree(at)?;
        heads::remember(receipts, head, &tree)
    }

    fn remember_head(&mut self, at: Stamp) -> Result<(), StoreError> {
        let (head, tree) = self.head_and_tree(at)?;
        heads::remember(&self.place.state_dir, head, &tree)?;
        self.tree = tree;
        Ok(())
    }

    fn hold(&self, key: &str) -> Option<record::Hold> {
        self.holds.get(key).copied()
    }

    /// Runs one act in one transaction that takes the write lock at once.
    fn write<T>(
        &mut self,
        act: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(why) = self.standing.problem() {
            return Err(StoreError::ReadOnly { path: self.place.log.clone(), why });
        }
        if self.spoiled {
            self.conn = open::reconnect(&self.place)?;
            self.spoiled = false;
        }
        let done = write_once(&mut self.conn, &self.context, self.place.patience, act);
        self.spoiled = done.as_ref().is_err_and(StoreError::spoils_connection);
        done
    }
}

fn write_once<T>(
    conn: &mut Connection,
    context: &Context,
    patience: Duration,
    act: impl FnOnce(&mut Writer<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let tx = lock::begin(conn, patience).map_err(context.sqlite())?;
    let done = act(&mut Writer::new(&tx, context)?)?;
    tx.commit().map_err(context.sqlite())?;
    Ok(done)
}
