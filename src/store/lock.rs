//! Waiting for the write lock: short looks, so that nobody waits long while several coders write.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, Result, Transaction, TransactionBehavior};

/// How long each look waits inside of `SQLite`, which sleeps longer and longer: up to 0.1 s at once.
const LOOK: Duration = Duration::from_millis(4);

/// Takes the write lock, or gives up when patience ends.
///
/// Left to itself `SQLite` would let those who came late pass those who sleep already.
pub(super) fn begin(conn: &mut Connection, patience: Duration) -> Result<Transaction<'_>> {
    let begun = Instant::now();
    // Shared from here on, so that it can be asked again; nothing else has it meanwhile.
    let conn = &*conn;
    conn.busy_timeout(LOOK.min(patience))?;
    let tx = loop {
        match Transaction::new_unchecked(conn, TransactionBehavior::Immediate) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && begun.elapsed() < patience => {}
            done => break done,
        }
    };
    conn.busy_timeout(patience)?;
    tx
}
