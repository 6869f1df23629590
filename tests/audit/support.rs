//! A log in a folder of its own, coders, decisions, and a way past the guards.

use std::path::{Path, PathBuf};

use rubric::model::{Code, DecidedLine, DecidedSegment, Decision, DecisionKind, Versions, Via};
use rubric::store::{AuditLog, Coder, EventId, LogPlace, NoteRef, Stamp, StoreError};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tempfile::TempDir;

/// Noon of a day; tests count from here.
pub(crate) const NOON: i64 = 1_767_225_600_000;

/// Returns the first size, or the second with `RUBRIC_LONG` set: the checks at full length.
pub(crate) fn size(short: usize, long: usize) -> usize {
    if std::env::var_os("RUBRIC_LONG").is_some() { long } else { short }
}

/// Connects as somebody who has the file and knows how: no trigger fires, no constraint is checked.
pub(crate) fn burglar(log: &Path) -> Connection {
    let conn = Connection::open(log).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch(
        "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF",
    )
    .unwrap();
    conn
}

/// A folder with a log and a state folder, gone at the end of the test.
pub(crate) struct House {
    folder: TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn log_file(&self) -> PathBuf {
        self.folder().join("log").join("rubric-log.sqlite")
    }

    pub(crate) fn place(&self) -> LogPlace {
        LogPlace::new(self.log_file(), self.folder().join("state"))
    }

    pub(crate) fn open(&self, who: &str) -> AuditLog {
        self.try_open(who).unwrap()
    }

    pub(crate) fn try_open(&self, who: &str) -> Result<AuditLog, StoreError> {
        AuditLog::open(&self.place(), coder(who), at(0))
    }

    /// Connects as the `sqlite3` shell would: no authorizer, nothing defended.
    pub(crate) fn shell(&self) -> Connection {
        Connection::open(self.log_file()).unwrap()
    }
}

pub(crate) fn coder(id: &str) -> Coder {
    Coder { id: id.into(), os_user: format!("{id}-os"), host: "desk-1".into() }
}

/// A moment some seconds after noon.
pub(crate) fn at(seconds: i64) -> Stamp {
    Stamp { utc_ms: NOON + seconds * 1000, offset_minutes: -300 }
}

/// An id that only depends on its number.
pub(crate) fn id(number: u32) -> EventId {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&number.to_be_bytes());
    EventId::from_parts(NOON.unsigned_abs(), random)
}

pub(crate) fn versions() -> Versions {
    Versions { program: "0.1.0".into(), keywords: "base 1".into(), payer: "medicare 2026".into() }
}

pub(crate) fn note(log: &AuditLog, key: &str) -> NoteRef {
    log.key().note(key, &format!("Text of {key}."))
}

pub(crate) fn decision(kind: DecisionKind, comment: Option<&str>) -> Decision {
    let line = DecidedLine {
        code: Code::TASK,
        minutes_tenths: Some(300),
        units: Some(2),
        modifiers: vec!["GP".into()],
    };
    Decision {
        kind,
        via: Via::Suggestion,
        segments: vec![DecidedSegment {
            start: 3,
            end: 40,
            suggested: vec![Code::TASK],
            code: Some(Code::TASK),
        }],
        lines: vec![line.clone()],
        billed: vec![line],
        reason: None,
        comment: comment.map(Into::into),
        evidence_seen: true,
        elapsed_ms: 41_000,
    }
}

pub(crate) fn accept() -> Decision {
    decision(DecisionKind::Accept, None)
}

/// Records an acceptance and returns its number.
pub(crate) fn record(log: &mut AuditLog, number: u32, key: &str, decision: &Decision) -> i64 {
    let note = note(log, key);
    log.record(&id(number), &note, decision, &versions(), at(i64::from(number))).unwrap().seq
}

/// Records a small log in which every kind of link and a text of each kind stands.
pub(crate) fn small_log(house: &House) -> i64 {
    let mut log = house.open("anna");
    let first = record(&mut log, 1, "N-1", &decision(DecisionKind::Query, Some("which one?")));
    record(&mut log, 2, "N-1", &accept());
    log.withdraw(&id(3), first + 1, at(3)).unwrap();
    let n2 = note(&log, "N-2");
    log.flag(&id(4), &n2, Some("a task?"), at(4)).unwrap();
    log.close(at(5)).unwrap();
    first + 3
}
