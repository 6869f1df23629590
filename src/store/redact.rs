//! Redaction: a free text is removed visibly, and the chain still verifies.

use rusqlite::{OptionalExtension as _, params};

use super::AuditLog;
use super::append::{Recorded, Write};
use super::error::StoreError;
use super::events::{Draft, EventId, Kind, Stamp};

/// What a redaction reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redacted {
    /// The event that says so.
    pub recorded: Recorded,
    /// Whether the text is out of the side file too.
    pub side_file: SideFile,
}

/// What became of the text in the `-wal` file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideFile {
    /// The side file was emptied.
    Emptied,
    /// Another program is reading; the text stays in the side file until the log is closed everywhere.
    Busy,
}

/// What no redaction reaches, to be said to whoever asks for one.
pub const NOT_REACHED: &str = "backups, exports and snapshots made before still hold the text";

impl AuditLog {
    /// Returns a free text of an event, to show what a redaction would remove.
    pub fn text(&self, seq: i64, field: &str) -> Result<Option<String>, StoreError> {
        self.conn
            .query_row(
                "SELECT text FROM event_text WHERE seq = ?1 AND field = ?2",
                params![seq, field],
                |row| row.get(0),
            )
            .optional()
            .map_err(self.context.sqlite())
    }

    /// Removes a free text, with its salt, and records who did so and why.
    ///
    /// Its commitment stays in the event; without the salt the text cannot be guessed from it.
    pub fn redact(
        &mut self,
        event_id: &EventId,
        seq: i64,
        field: &str,
        reason: &str,
        at: Stamp,
    ) -> Result<Redacted, StoreError> {
        let recorded = self.write(|writer| {
            let mut draft = Draft::new(event_id, Kind::Redact)
                .with("target", seq)
                .with("field", field)
                .with_text("reason", Some(reason));
            if let Some(note) = writer.event(seq)?.body.get("note") {
                draft = draft.with("note", note.clone());
            }
            let recorded = writer.append(draft, at)?;
            let removed = writer
                .conn
                .execute(
                    "DELETE FROM event_text WHERE seq = ?1 AND field = ?2",
                    params![seq, field],
                )
                .map_err(writer.context.sqlite())?;
            if removed == 0 && recorded.write == Write::New {
                return Err(StoreError::WrongEvent { seq, why: "has no such text" });
            }
            Ok(recorded)
        })?;
        Ok(Redacted { recorded, side_file: self.empty_side_file()? })
    }

    /// Folds the side file into the database and cuts it to nothing.
    fn empty_side_file(&self) -> Result<SideFile, StoreError> {
        // With secure_delete the text leaves the database at once, but older pages stay in the
        // side file until it is cut.
        let busy: i64 = self
            .conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(self.context.sqlite())?;
        Ok(if busy == 0 { SideFile::Emptied } else { SideFile::Busy })
    }
}
