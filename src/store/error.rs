//! What can go wrong in the store: each error names the file and what to do about it.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::canonical::NotCanonical;

/// A failure of the store. No message holds note text, comments or note keys.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The `SQLite` library is too old to be trusted with several writers.
    #[error(
        "SQLite {found} can damage a log that two programs write at once; {needed} or newer is needed\n\
         install a build of rubric that brings its own SQLite"
    )]
    OldSqlite {
        /// Version found.
        found: String,
        /// Lowest version accepted.
        needed: &'static str,
    },
    /// The folder lies on a file system that cannot hold a log.
    #[error(
        "{}: lies on {kind}, where several computers would damage the log\n\
         keep the log on a disk of this computer: --log FILE", path.display()
    )]
    NetworkFileSystem {
        /// Folder of the log.
        path: PathBuf,
        /// Name of the file system.
        kind: &'static str,
    },
    /// The folder is one that a program copies to other computers.
    #[error(
        "{}: {client} copies this folder to other computers, and a log in use half written\n\
         keep the log in a folder that is not copied: --log FILE", path.display()
    )]
    CopiedFolder {
        /// Folder of the log.
        path: PathBuf,
        /// Name of the program.
        client: &'static str,
    },
    /// Folder or file is open to others and could not be closed.
    #[error("{}: {why}\n{remedy}", path.display())]
    UnsafePlace {
        /// Folder or file.
        path: PathBuf,
        /// What is unsafe.
        why: String,
        /// What to do.
        remedy: &'static str,
    },
    /// The file is something else.
    #[error(
        "{}: not a rubric audit log ({why})\nnothing was changed; name another file: --log FILE",
        path.display()
    )]
    NotALog {
        /// File named.
        path: PathBuf,
        /// What it is.
        why: &'static str,
    },
    /// A newer program wrote the file.
    #[error(
        "{}: written by a newer rubric (schema {found}, this one knows {known})\n\
         nothing was changed; install the newer rubric", path.display()
    )]
    Newer {
        /// The log.
        path: PathBuf,
        /// Schema of the file.
        found: i64,
        /// Newest schema known here.
        known: i64,
    },
    /// A log was seen here before, and the file is gone.
    #[error(
        "{}: the log that was kept here is gone\n\
         put the last verified backup in its place, or begin another log elsewhere: --log FILE",
        path.display()
    )]
    LogGone {
        /// The log.
        path: PathBuf,
    },
    /// Another program holds the file.
    #[error(
        "{}: held by another program for too long\nclose other programs that use the log, then try again",
        path.display()
    )]
    Locked {
        /// The log.
        path: PathBuf,
    },
    /// No room is left.
    #[error(
        "{}: no space left on the disk\nfree some space, then try again; nothing recorded is affected",
        path.display()
    )]
    Full {
        /// The log.
        path: PathBuf,
    },
    /// The file or its folder may not be written.
    #[error(
        "{}: may not be written\ngive yourself write permission on the file and its folder, or name another log: --log FILE",
        path.display()
    )]
    NotWritable {
        /// The log.
        path: PathBuf,
    },
    /// The system refused to read or write.
    #[error("{}: {why}\ncheck the disk and the folder, then try again", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The database is damaged.
    #[error(
        "{}: damaged ({why})\nkeep the file as it is, put the last verified backup in its place and run `rubric log verify`",
        path.display()
    )]
    Damaged {
        /// The log.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// A migration failed; the log is as before.
    #[error(
        "{}: could not be brought to schema {to} ({why})\nthe log is unchanged; make a backup and report this",
        path.display()
    )]
    Migration {
        /// The log.
        path: PathBuf,
        /// Schema wanted.
        to: i64,
        /// What `SQLite` says.
        why: String,
    },
    /// `SQLite` did not take a setting that the promises of the log depend on.
    #[error(
        "{}: SQLite does not keep the setting {setting}\nthe disk or its driver cannot hold a log; name another place: --log FILE",
        path.display()
    )]
    Setting {
        /// The log.
        path: PathBuf,
        /// Name of the pragma.
        setting: &'static str,
    },
    /// The log is open for reading only.
    #[error("{}: nothing can be recorded: {why}\nrun `rubric log verify` and ask whoever keeps the backups", path.display())]
    ReadOnly {
        /// The log.
        path: PathBuf,
        /// Why it was not opened for writing.
        why: String,
    },
    /// The key file cannot be used.
    #[error(
        "{}: the installation key cannot be used: {why}\nput the key back from its backup; events recorded so far stay valid without it",
        path.display()
    )]
    KeyFile {
        /// The key file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {why}\ntry again; nothing was recorded")]
    Random {
        /// What the system says.
        why: String,
    },
    /// No data folder of the user is known.
    #[error("no folder for data is known for this user\nset HOME, or name the log: --log FILE")]
    NoHome,
    /// The event id stands for something else.
    #[error("the event id already stands for another event\nchoose a new id for each act")]
    EventIdTaken,
    /// The id is no UUID of version 7.
    #[error("an event id must be a UUID of version 7\nchoose it with EventId::now")]
    NoEventId,
    /// What was to be recorded cannot be written down.
    #[error("the event cannot be written down: {0}\nnothing was recorded")]
    Body(#[from] NotCanonical),
    /// An event of the log cannot be understood.
    #[error("event {seq}: {field} cannot be read\nrun `rubric log verify`")]
    Unreadable {
        /// Number of the event.
        seq: i64,
        /// Field of its body.
        field: &'static str,
    },
    /// The event named is not there, or is not what is needed.
    #[error("event {seq} {why}\nlook at the history of the note")]
    WrongEvent {
        /// Number of the event.
        seq: i64,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Another coder has the note.
    #[error("{owner} has this note now\nrecord yours as a second opinion, or take another note")]
    LeaseHeld {
        /// Who holds it.
        owner: String,
        /// Until when, in UTC milliseconds.
        until: i64,
    },
    /// The hold on a note ended and somebody else took it.
    #[error(
        "{owner} has taken this note since\nrecord yours as a second opinion; nothing typed is lost"
    )]
    LeaseLost {
        /// Who took it.
        owner: String,
    },
    /// The same person may not answer twice for one note.
    #[error(
        "this note already has your answer in slot {slot}\na second review needs a second person"
    )]
    SamePerson {
        /// Slot of the other answer.
        slot: u8,
    },
    /// There is nobody to take the note from.
    #[error("no other coder holds this note now\nwhoever opens it in `rubric review` takes it")]
    NotHeld,
    /// No slot of the note can be taken.
    #[error("no review slot of this note is free\nsettle the answers that are in first")]
    NoFreeSlot,
    /// The answer is hidden until both are in.
    #[error("the answers of a blind review stay hidden until all are in\nrecord yours first")]
    Blind,
    /// The export could not be written to the end; that it was begun is recorded.
    #[error("the export could not be written to the end: {why}\ncheck the target and export again")]
    Export {
        /// What the system says.
        why: String,
    },
    /// `SQLite` failed in another way.
    #[error("{}: {why}\ntry again; nothing recorded is affected", path.display())]
    Sqlite {
        /// The log.
        path: PathBuf,
        /// What `SQLite` says.
        why: String,
    },
}

impl StoreError {
    /// Sorts an error of `SQLite` by what a person can do about it.
    pub(crate) fn sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        let why = error.to_string();
        match error.sqlite_error_code() {
            Some(
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed,
            ) => Self::Locked { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::NotWritable { path },
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Self::Io { path, why },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, why },
            Some(ErrorCode::NotADatabase) => Self::NotALog { path, why: "not a database" },
            _ => Self::Sqlite { path, why },
        }
    }

    /// Tells whether the connection itself may be spoiled, so that a retry opens the file anew.
    pub(crate) fn spoils_connection(&self) -> bool {
        matches!(
            self,
            Self::Io { .. } | Self::Full { .. } | Self::NotWritable { .. } | Self::Damaged { .. }
        )
    }
}
