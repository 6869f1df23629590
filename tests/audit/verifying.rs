//! Verify finds every change, names it, and its answer cannot be misread.

use std::fs;

use rubric::store::verify::Check;
use rubric::store::{Expected, LogPlace, Standing, StoreError, Verdict, verify};
use rusqlite::params;

use super::support::{House, accept, at, burglar, record, small_log};

#[test]
fn a15_a_sound_log_is_consistent_and_an_unknown_one_unwitnessed() {
    let house = House::new();
    let events = small_log(&house);
    let report = verify(&house.place(), None).unwrap();
    assert_eq!((report.verdict, report.verdict.exit_code()), (Verdict::Consistent, 0), "{report}");
    assert_eq!(i64::try_from(report.counts.events), Ok(events));
    assert_eq!((report.counts.decisions, report.counts.amendments), (1, 1));
    assert_eq!((report.counts.withdrawals, report.counts.texts), (1, 2));

    let stranger = LogPlace::new(house.log_file(), house.folder().join("nobody"));
    let report = verify(&stranger, None).unwrap();
    assert_eq!((report.verdict, report.verdict.exit_code()), (Verdict::Unwitnessed, 5));
    let paper = |hash: &str| Expected::parse(&format!("{}:{hash}", report.counts.events)).unwrap();
    for hash in [&report.root, &report.last_hash] {
        assert_eq!(verify(&stranger, Some(&paper(hash))).unwrap().verdict, Verdict::Consistent);
    }
    let wrong = verify(&stranger, Some(&paper(&"0".repeat(64)))).unwrap();
    assert_eq!((wrong.verdict, wrong.verdict.exit_code()), (Verdict::Tampered, 4));
    assert_eq!(Expected::parse("12"), None);
    assert_eq!(Expected::parse("12:abc"), None);
}

#[test]
fn a15_what_cannot_be_verified_is_an_error_not_a_verdict() {
    let house = House::new();
    assert!(matches!(verify(&house.place(), None), Err(StoreError::Io { .. })));
    small_log(&house);
    house.shell().execute_batch("PRAGMA user_version = 9").unwrap();
    assert!(matches!(verify(&house.place(), None), Err(StoreError::Newer { .. })));
    fs::write(house.log_file(), "nothing").unwrap();
    assert!(matches!(verify(&house.place(), None), Err(StoreError::NotALog { .. })));
    assert_eq!(Verdict::COULD_NOT_RUN, 3);
}

#[test]
fn a15_the_report_reads_as_text_and_as_json() {
    let house = House::new();
    small_log(&house);
    let shell = burglar(&house.log_file());
    shell
        .execute_batch("UPDATE event SET body = replace(body, 'query', 'defer') WHERE seq = 3")
        .unwrap();
    let report = verify(&house.place(), None).unwrap();
    let text = report.to_string();
    assert!(text.contains("hash       event 3 by anna, hash: is not that of"), "{text}");
    assert!(text.contains("last seen whole by anna (6 events)"), "{text}");
    assert!(text.ends_with("NOT CONSISTENT: the log is not as it was recorded"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).unwrap();
    assert_eq!(json["verdict"], "tampered");
    assert_eq!(json["first_bad_seq"], 3);
    assert_eq!(json["findings"][0]["check"], "hash");
    assert_eq!(json["findings"][0]["actor"], "anna");
    assert_eq!(json["last_witness"]["who"], "anna");
}

#[test]
fn a05_every_byte_of_every_hashed_column_counts() {
    let house = House::new();
    let events = small_log(&house);
    let shell = burglar(&house.log_file());
    let mut flips = 0;
    for seq in 1..=events {
        for column in ["event_id", "body", "prev_hash", "hash"] {
            let (kind, bytes): (String, Vec<u8>) = shell
                .query_row(
                    &format!(
                        "SELECT typeof({column}), CAST({column} AS BLOB) FROM event WHERE seq = ?1"
                    ),
                    [seq],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            let update = if kind == "text" {
                format!("UPDATE event SET {column} = CAST(?1 AS TEXT) WHERE seq = ?2")
            } else {
                format!("UPDATE event SET {column} = ?1 WHERE seq = ?2")
            };
            for at in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[at] ^= 1;
                // Generated columns refuse to be made from broken JSON: then the file refuses too.
                if shell.execute(&update, params![changed, seq]).is_err() {
                    continue;
                }
                flips += 1;
                let report = verify(&house.place(), None).unwrap();
                let named = format!("{column} of event {seq}, byte {at}:\n{report}");
                assert_eq!(report.verdict, Verdict::Tampered, "{named}");
                assert_eq!(report.first_bad_seq, Some(seq), "{named}");
                shell.execute(&update, params![bytes, seq]).unwrap();
            }
        }
    }
    assert!(flips > 1_000, "{flips}");
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn a05_every_byte_of_a_text_and_its_salt_counts() {
    let house = House::new();
    small_log(&house);
    let shell = burglar(&house.log_file());
    for (column, bytes) in [("salt", 32), ("text", 10)] {
        for at in 1..=bytes {
            let sql = format!(
                "UPDATE event_text SET {column} = CAST(substr(CAST({column} AS BLOB), 1, {at} - 1) || X'7F'
                 || substr(CAST({column} AS BLOB), {at} + 1) AS {}) WHERE seq = 3",
                if column == "salt" { "BLOB" } else { "TEXT" }
            );
            shell.execute_batch("SAVEPOINT flip").unwrap();
            shell.execute_batch(&sql).unwrap();
            shell.execute_batch("RELEASE flip").unwrap();
            let report = verify(&house.place(), None).unwrap();
            assert_eq!(report.first_bad_seq, Some(3), "{column} {at}\n{report}");
            assert_eq!(report.findings[0].check, Check::Texts);
        }
    }
}

#[test]
fn a05_rows_swapped_inserted_and_deleted_are_found() {
    for (sql, first) in [
        ("DELETE FROM event WHERE seq = 4", 4),
        ("DELETE FROM event WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq IN (3, 4)", 3),
        (
            "UPDATE event SET seq = 100 WHERE seq = 4; UPDATE event SET seq = 4 WHERE seq = 5;
             UPDATE event SET seq = 5 WHERE seq = 100",
            4,
        ),
        (
            "INSERT INTO event(seq, event_id, body, prev_hash, hash)
             SELECT 7, '01890000-0000-7000-8000-000000000009', body, hash, zeroblob(32)
             FROM event WHERE seq = 6",
            7,
        ),
        ("DELETE FROM event_text WHERE seq = 3", 3),
        ("INSERT INTO event_text VALUES (4, 'comment', zeroblob(32), 'added')", 4),
        ("UPDATE event_text SET field = 'why' WHERE seq = 3", 3),
    ] {
        let house = House::new();
        assert_eq!(small_log(&house), 6);
        burglar(&house.log_file()).execute_batch(sql).unwrap();
        let report = verify(&house.place(), None).unwrap();
        assert_eq!(report.verdict, Verdict::Tampered, "{sql}\n{report}");
        assert_eq!(report.first_bad_seq, Some(first), "{sql}\n{report}");
    }
}

#[test]
fn a05_dropped_guards_and_changed_projections_are_found() {
    for (sql, check) in [
        ("DROP TRIGGER event_no_update", Check::Schema),
        ("CREATE TABLE notes(x)", Check::Schema),
        ("UPDATE note_state SET kind = 'defer'", Check::Projections),
        ("DELETE FROM flag_state", Check::Projections),
    ] {
        let house = House::new();
        small_log(&house);
        burglar(&house.log_file()).execute_batch(sql).unwrap();
        let report = verify(&house.place(), None).unwrap();
        let checks: Vec<Check> = report.findings.iter().map(|finding| finding.check).collect();
        assert_eq!(checks, [check], "{sql}\n{report}");
    }
}

#[test]
fn a06_a_cut_end_is_found_and_the_log_opens_for_reading_only() {
    for rows in 1..=3 {
        let house = House::new();
        let events = small_log(&house);
        let shell = burglar(&house.log_file());
        shell
            .execute_batch(&format!(
                "DELETE FROM event WHERE seq > {left}; DELETE FROM event_text WHERE seq > {left}",
                left = events - rows
            ))
            .unwrap();
        rebuild_projections(&shell);
        drop(shell);
        let report = verify(&house.place(), None).unwrap();
        assert_eq!(report.verdict, Verdict::Tampered, "{report}");
        assert!(report.findings.iter().all(|finding| finding.check == Check::Heads), "{report}");
        let mut log = house.open("anna");
        let problem = log.standing().problem().unwrap();
        let wanted =
            format!("log went back from 6 to {}; last head seen by anna on 2026-01-01", 6 - rows);
        assert_eq!(problem, wanted);
        let error = log.end_session(&super::support::id(9), at(9)).unwrap_err();
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
        log.close(at(10)).unwrap();
        assert!(matches!(house.open("ben").standing(), Standing::Behind(_)));
    }
}

/// Tells the projections from the events as a careful forger would.
fn rebuild_projections(shell: &rusqlite::Connection) {
    shell
        .execute_batch(
            "DELETE FROM note_state WHERE seq > (SELECT max(seq) FROM event);
             DELETE FROM flag_state WHERE seq > (SELECT max(seq) FROM event);
             UPDATE note_state SET seq = 3, kind = 'query' WHERE note_key = 'N-1';",
        )
        .unwrap();
    let standing: i64 =
        shell.query_row("SELECT max(seq) FROM event", [], |row| row.get(0)).unwrap();
    if standing == 4 {
        shell
            .execute_batch(
                "UPDATE note_state SET seq = 4, kind = 'accept',
                 at = (SELECT json_extract(body,'$.at') FROM event WHERE seq = 4)",
            )
            .unwrap();
    }
}

#[test]
fn a06_an_old_backup_put_back_is_found() {
    let house = House::new();
    let mut log = house.open("anna");
    record(&mut log, 1, "N-1", &accept());
    log.close(at(1)).unwrap();
    let old = fs::read(house.log_file()).unwrap();
    let mut log = house.open("anna");
    record(&mut log, 2, "N-2", &accept());
    log.close(at(2)).unwrap();
    fs::write(house.log_file(), old).unwrap();
    let report = verify(&house.place(), None).unwrap();
    assert_eq!(report.verdict, Verdict::Tampered);
    assert!(
        report.to_string().contains("log went back from 4 to 3; last head seen by anna"),
        "{report}"
    );
    assert!(matches!(house.open("anna").standing(), Standing::Behind(_)));
}

#[test]
fn a06_a_log_rewritten_with_right_hashes_is_found() {
    let house = House::new();
    small_log(&house);
    fs::remove_file(house.log_file()).unwrap();
    // A new log of the same length, made with the program itself elsewhere, with an id of its own.
    let other = House::new();
    small_log(&other);
    fs::copy(other.log_file(), house.log_file()).unwrap();
    fs::copy(other.log_file().with_extension("key"), house.log_file().with_extension("key"))
        .unwrap();
    let report = verify(&house.place(), None).unwrap();
    assert_eq!(report.verdict, Verdict::Tampered, "{report}");
    assert!(matches!(house.open("anna").standing(), Standing::Behind(_)));
}

#[test]
fn a06_a_log_that_is_gone_is_not_begun_anew() {
    let house = House::new();
    small_log(&house);
    fs::remove_file(house.log_file()).unwrap();
    let error = house.try_open("anna").unwrap_err();
    assert!(matches!(error, StoreError::LogGone { .. }), "{error}");
    assert!(!house.log_file().exists());
}

#[test]
fn a06_another_coders_head_is_a_witness_too() {
    let house = House::new();
    small_log(&house);
    // Ben works on the same log with a state folder of his own.
    let mut place = house.place();
    place.state_dir = house.folder().join("ben");
    let mut ben =
        rubric::store::AuditLog::open(&place, super::support::coder("ben"), at(6)).unwrap();
    record(&mut ben, 7, "N-3", &accept());
    ben.close(at(7)).unwrap();
    let shell = burglar(&house.log_file());
    shell
        .execute_batch(
            "DELETE FROM event WHERE seq = 7; DELETE FROM note_state WHERE note_key = 'N-3';
             DELETE FROM lease WHERE note_key = 'N-3'",
        )
        .unwrap();
    drop(shell);
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
    assert_eq!(verify(&place, None).unwrap().verdict, Verdict::Tampered);
}

#[test]
fn a06_the_tree_of_a_head_is_taken_up_where_it_was_left() {
    let house = House::new();
    for round in 0..9_u32 {
        let mut log = house.open("anna");
        for number in 0..round {
            record(&mut log, round * 100 + number, &format!("N-{round}-{number}"), &accept());
        }
        let head = log.head(at(1)).unwrap();
        log.close(at(2)).unwrap();
        // Verify makes the tree from the first event on and compares it with what is remembered.
        let report = verify(&house.place(), None).unwrap();
        assert_eq!(report.verdict, Verdict::Consistent, "{report}");
        assert_eq!((report.counts.events, &report.root), (head.size, &head.root));
        assert_eq!(report.last_hash, head.last_hash);
    }
}

#[test]
fn a06_a_receipt_elsewhere_is_a_witness() {
    let house = House::new();
    let mut place = house.place();
    place.receipts = Some(house.folder().join("receipts"));
    let who = super::support::coder("anna");
    let mut log = rubric::store::AuditLog::open(&place, who, at(0)).unwrap();
    record(&mut log, 1, "N-1", &accept());
    log.close(at(1)).unwrap().receipt.unwrap();
    // Whoever has the file and the state folder, but not the receipts, is still found out.
    fs::remove_dir_all(&place.state_dir).unwrap();
    assert_eq!(verify(&place, None).unwrap().verdict, Verdict::Consistent);
    burglar(&house.log_file())
        .execute_batch("DELETE FROM event WHERE seq = 3; DELETE FROM note_state; DELETE FROM lease")
        .unwrap();
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Unwitnessed);
    let report = verify(&place, None).unwrap();
    assert_eq!(report.verdict, Verdict::Tampered, "{report}");
}
