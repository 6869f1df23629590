//! What the guards in the file refuse to any tool, and that verify finds what gets past them.

use super::support::{House, accept, record};

/// Statements of a person with the `sqlite3` shell, each of which must be refused by the file itself.
const REFUSED_BY_THE_FILE: &[&str] = &[
    "UPDATE event SET body = '{}' WHERE seq = 3",
    "DELETE FROM event WHERE seq = 3",
    "DELETE FROM event",
    "UPDATE OR REPLACE event SET event_id = (SELECT event_id FROM event WHERE seq = 2) WHERE seq = 3",
    "INSERT INTO event(seq, event_id, body, prev_hash, hash) SELECT seq, event_id, '{}', prev_hash, hash
     FROM event WHERE seq = 3 ON CONFLICT DO UPDATE SET body = '{}'",
    "INSERT OR REPLACE INTO event(seq, event_id, body, prev_hash, hash)
     SELECT 3, event_id, '{}', prev_hash, hash FROM event WHERE seq = 3",
    "REPLACE INTO event(seq, event_id, body, prev_hash, hash)
     SELECT 5, event_id, '{}', hash, randomblob(32) FROM event WHERE seq = 4",
    "PRAGMA recursive_triggers = OFF;
     INSERT OR REPLACE INTO event(seq, event_id, body, prev_hash, hash)
     SELECT 3, event_id, '{}', prev_hash, randomblob(32) FROM event WHERE seq = 3",
    "INSERT OR IGNORE INTO event(seq, event_id, body, prev_hash, hash)
     SELECT 3, event_id, '{}', prev_hash, hash FROM event WHERE seq = 3",
    "INSERT INTO event(seq, event_id, body, prev_hash, hash)
     SELECT -1, '01890000-0000-7000-8000-000000000009', '{}', hash, randomblob(32) FROM event WHERE seq = 4",
    "INSERT INTO event(seq, event_id, body, prev_hash, hash)
     SELECT 9, '01890000-0000-7000-8000-000000000009', '{}', hash, randomblob(32) FROM event WHERE seq = 4",
    "INSERT INTO event(seq, event_id, body, prev_hash, hash)
     SELECT 5, '01890000-0000-7000-8000-000000000009', '{}', zeroblob(32), randomblob(32)",
    "INSERT INTO event(seq, event_id, body, prev_hash, hash)
     SELECT 5, '01890000-0000-7000-8000-000000000009',
            '{\"actor\":\"eve\",\"fence\":1,\"kind\":\"decide\",\"note\":{\"key\":\"N-1\"},\"slot\":1}',
            hash, randomblob(32) FROM event WHERE seq = 4",
    "UPDATE event_text SET text = 'x'",
    "DELETE FROM event_text",
    "INSERT INTO event_text VALUES (4, 'comment', zeroblob(32), 'added later')",
    "REPLACE INTO event_text VALUES (4, 'comment', zeroblob(32), 'put in its place')",
];

#[test]
fn a04_the_file_refuses_attacks_of_any_tool() {
    let house = House::new();
    let mut log = house.open("anna");
    record(&mut log, 1, "N-1", &accept());
    let commented = super::support::decision(rubric::model::DecisionKind::Query, Some("why?"));
    record(&mut log, 2, "N-2", &commented);
    drop(log);
    let dump = |shell: &rusqlite::Connection| -> String {
        shell
            .query_row(
                "SELECT (SELECT group_concat(hex(hash) || body) FROM event)
                     || (SELECT group_concat(text) FROM event_text)",
                [],
                |row| row.get(0),
            )
            .unwrap()
    };
    let before = dump(&house.shell());
    for sql in REFUSED_BY_THE_FILE {
        let shell = house.shell();
        let error = shell.execute_batch(sql).expect_err(sql).to_string();
        assert!(error.contains("audit log") || error.contains("lease lost"), "{sql}: {error}");
        assert_eq!(dump(&shell), before, "{sql}");
    }
}
