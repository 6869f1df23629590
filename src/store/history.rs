//! Reading the log: the state of all notes, the history of one, and what can be undone.

use std::collections::{BTreeMap, BTreeSet};

use std::ops::ControlFlow;

use rusqlite::OptionalExtension as _;

use crate::model::{Decision, DecisionKind};

use super::AuditLog;
use super::append::read_event;
use super::error::StoreError;
use super::events::{Event, EventId, Kind, Stamp};
use super::key::NoteRef;
use super::projections::NoteProjection;
use super::record::{WarningRef, decided};

/// The decision that stands for a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteState {
    /// What was decided.
    pub kind: DecisionKind,
    /// Event that says so.
    pub seq: i64,
    /// Who decided.
    pub by: String,
    /// When, in UTC milliseconds.
    pub at: i64,
    /// Digest of the text that was decided on; another one now means that the note changed.
    pub digest: String,
}

/// A flag on a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Event that set it.
    pub seq: i64,
    /// Who set it.
    pub by: String,
    /// When, in UTC milliseconds.
    pub at: i64,
}

/// A free text of an event, or what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextState {
    /// The text.
    Kept(String),
    /// It was removed, visibly.
    Redacted {
        /// Event of the removal.
        seq: i64,
        /// Who removed it.
        by: String,
        /// When.
        at: Stamp,
        /// Why, unless that was removed too.
        reason: Option<String>,
    },
    /// It is gone without a trace of who took it; `verify` says more.
    Missing,
}

/// One event of a note's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Number of the event.
    pub seq: i64,
    /// Its id.
    pub event_id: String,
    /// What it is about.
    pub kind: Kind,
    /// Who.
    pub by: String,
    /// User of the operating system beside the coder's own word.
    pub os_user: String,
    /// When.
    pub at: Stamp,
    /// Whether the clock stood before that of an earlier event.
    pub clock_went_back: bool,
    /// Key of the note; empty for an event about no note.
    pub note_key: String,
    /// Digest of the note's text at that time.
    pub digest: String,
    /// Review slot.
    pub slot: u8,
    /// The event it amends or takes back.
    pub amends: Option<i64>,
    /// The decision before, for an amendment or withdrawal.
    pub before: Option<Decision>,
    /// The decision it makes; `None` if it makes none.
    pub after: Option<Decision>,
    /// Free texts by field: `comment`, `why`, `reason`.
    pub texts: BTreeMap<String, TextState>,
}

/// The last decision of a session that still stands: what an undo takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastDecision {
    /// Its event.
    pub seq: i64,
    /// The note.
    pub note: NoteRef,
    /// The decision with its comment, to become a draft again.
    pub decision: Decision,
    /// When.
    pub at: Stamp,
    /// All events of the bulk act it belongs to that still stand, this one included.
    pub bulk: Vec<i64>,
}

impl AuditLog {
    /// Returns the decision that stands for each note in this desk's slot, by key.
    ///
    /// Blind reviews stay blind: a note of which this coder owes an answer in another slot is left out.
    pub fn note_states(&self) -> Result<BTreeMap<String, NoteState>, StoreError> {
        // Two plain scans: a look at the leases for each of a million notes would take a second.
        let owed: BTreeSet<String> = self
            .conn
            .prepare_cached(
                "SELECT note_key FROM lease l WHERE owner = ?1 AND slot <> ?2 AND NOT EXISTS (
                   SELECT 1 FROM note_state s WHERE s.note_key = l.note_key AND s.slot = l.slot)",
            )
            .and_then(|mut rows| {
                let desk = rusqlite::params![self.context.coder.id, self.context.slot()];
                rows.query_map(desk, |row| row.get(0))?.collect()
            })
            .map_err(self.context.sqlite())?;
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT note_key, kind, seq, actor, at, digest FROM note_state WHERE slot = ?1",
            )
            .map_err(self.context.sqlite())?;
        let mut rows = statement.query([self.context.slot()]).map_err(self.context.sqlite())?;
        let mut states = BTreeMap::new();
        while let Some(row) = rows.next().map_err(self.context.sqlite())? {
            let read = || -> rusqlite::Result<_> {
                let kind: String = row.get(1)?;
                let key: String = row.get(0)?;
                Ok((key, kind, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?))
            };
            let (key, kind, seq, by, at, digest) = read().map_err(self.context.sqlite())?;
            let kind = decision_kind(&kind).ok_or(StoreError::Unreadable { seq, field: "kind" })?;
            if owed.contains(&key) {
                continue;
            }
            states.insert(key, NoteState { kind, seq, by, at, digest });
        }
        Ok(states)
    }

    /// Returns the flags that are set, by note key.
    pub fn flags(&self) -> Result<BTreeMap<String, Flag>, StoreError> {
        self.conn
            .prepare("SELECT note_key, seq, actor, at FROM flag_state")
            .and_then(|mut rows| {
                rows.query_map([], |row| {
                    Ok((row.get(0)?, Flag { seq: row.get(1)?, by: row.get(2)?, at: row.get(3)? }))
                })?
                .collect()
            })
            .map_err(self.context.sqlite())
    }

    /// Returns the warnings of a note that are put aside.
    pub fn suppressed(&self, key: &str) -> Result<Vec<WarningRef>, StoreError> {
        self.conn
            .prepare_cached(
                "SELECT rule, byte_start, byte_end FROM suppression WHERE note_key = ?1
                 ORDER BY byte_start, byte_end, rule",
            )
            .and_then(|mut rows| {
                rows.query_map([key], |row| {
                    Ok(WarningRef { rule: row.get(0)?, start: row.get(1)?, end: row.get(2)? })
                })?
                .collect()
            })
            .map_err(self.context.sqlite())
    }

    /// Reads all events from a number on, oldest first, one at a time.
    ///
    /// Blind reviews are hidden only by [`AuditLog::note_states`], [`AuditLog::history`] and
    /// [`AuditLog::answers`]: this is for counting, for `log show`, and for auditors.
    pub fn each_entry(
        &self,
        from: i64,
        mut take: impl FnMut(HistoryEntry) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT seq, event_id, body FROM event WHERE seq >= ?1 ORDER BY seq")
            .map_err(self.context.sqlite())?;
        let mut rows = statement.query([from]).map_err(self.context.sqlite())?;
        while let Some(row) = rows.next().map_err(self.context.sqlite())? {
            let read = || -> rusqlite::Result<(i64, String, String)> {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            };
            let (seq, id, body) = read().map_err(self.context.sqlite())?;
            if take(self.entry(&Event::read(seq, id, &body)?)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Returns everything the log says of a note, oldest first; nothing is ever left out but what
    /// a blind review hides.
    pub fn history(&self, key: &str) -> Result<Vec<HistoryEntry>, StoreError> {
        let sql = "SELECT seq, event_id, body FROM event WHERE note_key = ?1 ORDER BY seq";
        self.entries_of(key, sql)
    }

    /// Returns the history of a note without who held it when: a screen that is paged through
    /// takes and leaves notes far more often than anybody acts on them.
    pub fn acts(&self, key: &str) -> Result<Vec<HistoryEntry>, StoreError> {
        let sql = "SELECT seq, event_id, body FROM event
                   WHERE note_key = ?1 AND kind NOT GLOB 'lease.*' ORDER BY seq";
        self.entries_of(key, sql)
    }

    fn entries_of(&self, key: &str, sql: &str) -> Result<Vec<HistoryEntry>, StoreError> {
        let rows: Vec<(i64, String, String)> = self
            .conn
            .prepare_cached(sql)
            .and_then(|mut rows| {
                rows.query_map([key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect()
            })
            .map_err(self.context.sqlite())?;
        let mut entries = Vec::new();
        if rows.is_empty() {
            // Of most notes that are opened nothing was ever said: nothing is to be hidden.
            return Ok(entries);
        }
        let own_slot = self.owed_slot(key)?;
        for (seq, id, body) in rows {
            let entry = self.entry(&Event::read(seq, id, &body)?)?;
            let own = |slot| entry.slot == slot || entry.by == self.context.coder.id;
            let tells = entry.after.is_some() || entry.before.is_some();
            if !tells || own_slot.is_none_or(own) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    /// Returns the slot in which this coder still owes an answer, if others' answers are hidden.
    pub(crate) fn owed_slot(&self, key: &str) -> Result<Option<u8>, StoreError> {
        // At a desk the answer is owed before the note is taken.
        if let Some(slot) = self.context.desk {
            let state = NoteProjection::load(&self.conn, key).map_err(self.context.sqlite())?;
            if state.decisions.get(slot).is_none() {
                return Ok(Some(slot));
            }
        }
        self.conn
            .prepare_cached(
                "SELECT slot FROM lease l WHERE note_key = ?1 AND owner = ?2
                 AND NOT EXISTS (SELECT 1 FROM note_state o
                                 WHERE o.note_key = l.note_key AND o.slot = l.slot)",
            )
            .and_then(|mut rows| {
                rows.query_row([key, &self.context.coder.id], |row| row.get(0)).optional()
            })
            .map_err(self.context.sqlite())
    }

    /// Returns one event as an entry of a history.
    pub(crate) fn entry(&self, event: &Event) -> Result<HistoryEntry, StoreError> {
        let kind = event.kind()?;
        let makes_decision = matches!(kind, Kind::Decide | Kind::Amend | Kind::Adjudicate);
        let has_before = event.body.get("before").is_some();
        let after = if makes_decision { Some(self.decision_of(event)?) } else { None };
        Ok(HistoryEntry {
            seq: event.seq,
            event_id: event.id.clone(),
            kind,
            by: event.text("/actor", "actor")?.to_owned(),
            os_user: event.text("/os_user", "os_user").unwrap_or("").to_owned(),
            at: event.stamp()?,
            clock_went_back: event.text("/clock", "clock").is_ok_and(|clock| clock == "back"),
            note_key: event.text("/note/key", "note").unwrap_or("").to_owned(),
            digest: event.text("/note/digest", "note").unwrap_or("").to_owned(),
            slot: event.slot()?,
            amends: event.int("/amends", "amends").ok(),
            before: if has_before { Some(event.part("/before", "before")?) } else { None },
            after,
            texts: self.texts(event)?,
        })
    }

    /// Reads the decision that an event made, with its comment.
    pub(crate) fn decision_of(&self, event: &Event) -> Result<Decision, StoreError> {
        let value = decided(event)?.clone();
        let mut decision: Decision = serde_json::from_value(value)
            .map_err(|_| StoreError::Unreadable { seq: event.seq, field: "decision" })?;
        if let Some(TextState::Kept(text)) = self.texts(event)?.remove("comment") {
            decision.comment = Some(text);
        }
        Ok(decision)
    }

    /// Reads the free texts of an event, and says what became of those that are gone.
    fn texts(&self, event: &Event) -> Result<BTreeMap<String, TextState>, StoreError> {
        let mut texts = BTreeMap::new();
        let Some(fields) = event.body.get("text").and_then(serde_json::Value::as_object) else {
            return Ok(texts);
        };
        for field in fields.keys() {
            let state = match self.kept_text(event.seq, field)? {
                Some(text) => TextState::Kept(text),
                None => self.redaction_of(event.seq, field)?.unwrap_or(TextState::Missing),
            };
            texts.insert(field.clone(), state);
        }
        Ok(texts)
    }

    fn kept_text(&self, seq: i64, field: &str) -> Result<Option<String>, StoreError> {
        self.conn
            .prepare_cached("SELECT text FROM event_text WHERE seq = ?1 AND field = ?2")
            .and_then(|mut rows| {
                rows.query_row(rusqlite::params![seq, field], |row| row.get(0)).optional()
            })
            .map_err(self.context.sqlite())
    }

    fn redaction_of(&self, seq: i64, field: &str) -> Result<Option<TextState>, StoreError> {
        let found: Option<i64> = self
            .conn
            .prepare_cached(
                "SELECT seq FROM event WHERE kind = 'redact' AND json_extract(body,'$.target') = ?1
                 AND json_extract(body,'$.field') = ?2",
            )
            .and_then(|mut rows| {
                rows.query_row(rusqlite::params![seq, field], |row| row.get(0)).optional()
            })
            .map_err(self.context.sqlite())?;
        let Some(seq) = found else { return Ok(None) };
        let event = read_event(&self.conn, self.context.sqlite(), seq)?;
        Ok(Some(TextState::Redacted {
            seq,
            by: event.text("/actor", "actor")?.to_owned(),
            at: event.stamp()?,
            reason: self.kept_text(seq, "reason")?,
        }))
    }

    /// Returns the last decision of a session that still stands.
    pub fn last_decision(&self, session: &EventId) -> Result<Option<LastDecision>, StoreError> {
        let seq: Option<i64> = self
            .conn
            .query_row(
                "SELECT max(seq) FROM note_state WHERE session = ?1",
                [session.as_str()],
                |row| row.get(0),
            )
            .map_err(self.context.sqlite())?;
        let Some(seq) = seq else { return Ok(None) };
        let event = read_event(&self.conn, self.context.sqlite(), seq)?;
        let bulk = match event.text("/bulk/id", "bulk") {
            Ok(id) => self.standing_of_bulk(session, id)?,
            Err(_) => vec![seq],
        };
        Ok(Some(LastDecision {
            seq,
            note: event.part("/note", "note")?,
            decision: self.decision_of(&event)?,
            at: event.stamp()?,
            bulk,
        }))
    }

    fn standing_of_bulk(&self, session: &EventId, id: &str) -> Result<Vec<i64>, StoreError> {
        self.conn
            .prepare(
                "SELECT s.seq FROM note_state s JOIN event e ON e.seq = s.seq
                 WHERE s.session = ?1 AND json_extract(e.body,'$.bulk.id') = ?2 ORDER BY s.seq",
            )
            .and_then(|mut rows| {
                rows.query_map([session.as_str(), id], |row| row.get(0))?.collect()
            })
            .map_err(self.context.sqlite())
    }
}

fn decision_kind(text: &str) -> Option<DecisionKind> {
    use DecisionKind::{Accept, Change, Defer, Query};
    [Accept, Change, Query, Defer].into_iter().find(|kind| kind.as_str() == text)
}
