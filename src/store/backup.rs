//! Backups: a copy that was not opened, verified and compared is not called a backup.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use super::AuditLog;
use super::append::{Recorded, sorted};
use super::error::StoreError;
use super::events::{Draft, EventId, Kind, Stamp};
use super::heads::Head;
use super::place::{self, LogPlace};
use super::verify::{Check, Verdict, VerifyReport, verify_connection};
use super::{heads, open};

/// What putting a backup back would mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreCheck {
    /// The verification of the copy; heads beyond its end are no fault of the copy.
    pub report: VerifyReport,
    /// Whether the copy is sound in itself and a beginning of what was seen.
    pub sound: bool,
    /// Number of events known from heads that the copy does not hold.
    pub would_lose: u64,
    /// The longest head known.
    pub longest: Option<Head>,
}

impl AuditLog {
    /// Copies the log while it is in use, verifies the copy, and records that it was made.
    ///
    /// A file that is there already is never replaced.
    pub fn backup(
        &mut self,
        event_id: &EventId,
        to: &Path,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let folder = place::folder_of(to);
        let failed =
            |error: io::Error| StoreError::Io { path: to.to_path_buf(), why: error.to_string() };
        let file = tempfile::Builder::new()
            .prefix(".rubric-backup-")
            .tempfile_in(&folder)
            .map_err(failed)?;
        self.copy_into(file.path())?;
        let copy = self.prove_copy(file.path())?;
        place::sync_file(file.path()).map_err(failed)?;
        file.persist_noclobber(to).map_err(|lost| failed(lost.error))?;
        place::sync_folder(&folder).map_err(failed)?;
        let draft = Draft::new(event_id, Kind::Backup)
            .with("size", copy.counts.events)
            .with("root", copy.root);
        self.write(|writer| writer.append(draft, at))
    }

    fn copy_into(&self, path: &Path) -> Result<(), StoreError> {
        let mut copy = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
            .map_err(sorted(path))?;
        let backup = Backup::new(&self.conn, &mut copy).map_err(self.context.sqlite())?;
        // All pages in one step: the copy shows one moment, whoever writes meanwhile.
        backup.step(-1).map_err(self.context.sqlite())?;
        drop(backup);
        // One file without side files: it can be read from a read-only folder.
        let mode: String = copy
            .query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))
            .map_err(sorted(path))?;
        if mode != "delete" {
            return Err(StoreError::Setting { path: path.to_path_buf(), setting: "journal_mode" });
        }
        copy.close().map_err(|(_, error)| StoreError::sqlite(path, &error))
    }

    /// Verifies a copy and finds it again in the log.
    fn prove_copy(&self, path: &Path) -> Result<VerifyReport, StoreError> {
        let damaged =
            |why: &str| StoreError::Damaged { path: path.to_path_buf(), why: why.to_owned() };
        let copy = open::to_read(path, self.place.patience)?;
        let copied = LogPlace { log: path.to_path_buf(), ..self.place.clone() };
        let report = verify_connection(&copy, &copied, None)?;
        if report.verdict == Verdict::Tampered {
            return Err(damaged("the copy does not verify"));
        }
        let size = report.counts.events.cast_signed();
        let hash: Option<[u8; 32]> = self
            .conn
            .query_row("SELECT hash FROM event WHERE seq = ?1", [size], |row| row.get(0))
            .optional()
            .map_err(self.context.sqlite())?;
        let same = hash.is_some_and(|hash| super::chain::hex(&hash) == report.last_hash);
        if same { Ok(report) } else { Err(damaged("the copy is not a beginning of the log")) }
    }
}

/// Tells what putting a backup in place of a log would mean; changes nothing.
pub fn restore_check(backup: &Path, place: &LogPlace) -> Result<RestoreCheck, StoreError> {
    open::check_header(backup)?;
    let copy = open::to_read(backup, place.patience)?;
    let copied = LogPlace { log: PathBuf::from(backup), ..place.clone() };
    let log = open::log_id(&copy, backup)?;
    let known = heads::known(place, &log)?;
    let report = verify_connection(&copy, &copied, None)?;
    let size = report.counts.events;
    let longest = known.iter().max_by_key(|head| head.size).cloned();
    let foreign = known.iter().any(|head| head.log != log);
    let sound = !foreign
        && report.findings.iter().all(|finding| finding.check == Check::Heads)
        && report.witnesses.iter().all(|witness| witness.holds || witness.size > size);
    let would_lose = longest.as_ref().map_or(0, |head| head.size.saturating_sub(size));
    Ok(RestoreCheck { report, sound, would_lose, longest })
}
