//! A log on a fast folder, and short acts on it.

use std::path::{Path, PathBuf};

use rubric::model::{Code, DecidedLine, Decision, DecisionKind, Versions, Via};
use rubric::store::{AuditLog, Coder, EventId, LogPlace, Recorded, Stamp, StoreError};
use tempfile::TempDir;

/// A folder in memory where there is one: thousands of disks are laid out.
pub(crate) fn fast_folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.unwrap()
}

pub(crate) fn place(folder: &Path) -> LogPlace {
    LogPlace::new(folder.join("log/rubric-log.sqlite"), folder.join("state"))
}

pub(crate) fn log_folder(folder: &Path) -> PathBuf {
    folder.join("log")
}

pub(crate) fn open(folder: &Path) -> Result<AuditLog, StoreError> {
    let coder = Coder { id: "anna".into(), os_user: "anna".into(), host: "desk".into() };
    AuditLog::open(&place(folder), coder, Stamp::utc(0))
}

pub(crate) fn id(number: u32) -> EventId {
    let mut random = [0; 10];
    random[6..].copy_from_slice(&number.to_be_bytes());
    EventId::from_parts(1_767_225_600_000, random)
}

pub(crate) fn key(number: u32) -> String {
    format!("N-{number:04}")
}

/// Records a decision with a comment on a note of its own.
pub(crate) fn append(log: &mut AuditLog, number: u32) -> Result<Recorded, StoreError> {
    let line = DecidedLine {
        code: Code::TASK,
        minutes_tenths: Some(230),
        units: Some(2),
        modifiers: vec!["GP".into()],
    };
    let decision = Decision {
        kind: DecisionKind::Accept,
        via: Via::Suggestion,
        segments: Vec::new(),
        lines: vec![line],
        billed: Vec::new(),
        reason: None,
        comment: Some(format!("comment {number}")),
        evidence_seen: true,
        elapsed_ms: 1_000,
    };
    let versions = Versions { program: "0".into(), keywords: "k".into(), payer: "medicare".into() };
    let note = log.key().note(&key(number), "text");
    log.record(&id(number), &note, &decision, &versions, Stamp::utc(i64::from(number)))
}
