//! Redaction, backups, exports: what leaves the log or the house.

use std::fs;

use rubric::model::DecisionKind;
use rubric::store::{
    ExportOrder, Format, LogPlace, Naming, SideFile, StoreError, TextState, Verdict, restore_check,
    verify,
};

use super::support::{House, accept, at, decision, id, note, record, small_log};

const CANARY: &str = "patient Zebulon Quartz asked";

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

/// All bytes that lie in the folder of the log.
fn all_bytes(house: &House) -> Vec<u8> {
    let folder = house.log_file().parent().unwrap().to_path_buf();
    fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn a08_a_redacted_text_is_gone_and_the_log_verifies() {
    let house = House::new();
    let mut log = house.open("anna");
    let seq = record(&mut log, 1, "N-1", &decision(DecisionKind::Query, Some(CANARY)));
    record(&mut log, 2, "N-2", &accept());
    assert!(contains(&all_bytes(&house), CANARY));
    assert_eq!(log.text(seq, "comment").unwrap().as_deref(), Some(CANARY));

    let done = log.redact(&id(3), seq, "comment", "names a patient", at(3)).unwrap();
    assert_eq!(done.side_file, SideFile::Emptied);
    assert!(!contains(&all_bytes(&house), CANARY));
    let retry = log.redact(&id(3), seq, "comment", "names a patient", at(4)).unwrap();
    assert_eq!(retry.recorded.seq, done.recorded.seq);

    let report = verify(&house.place(), None).unwrap();
    assert_eq!(report.verdict, Verdict::Consistent, "{report}");
    assert!(report.to_string().contains("1 redaction\n"), "{report}");
    let history = log.history("N-1").unwrap();
    let expected = TextState::Redacted {
        seq: done.recorded.seq,
        by: "anna".into(),
        at: at(3),
        reason: Some("names a patient".into()),
    };
    assert_eq!(history[0].texts["comment"], expected);
    assert_eq!(history.len(), 2);
    assert!(matches!(
        log.redact(&id(5), seq, "comment", "twice", at(5)),
        Err(StoreError::WrongEvent { .. })
    ));
    assert!(log.redact(&id(6), 99, "comment", "no such event", at(6)).is_err());
}

#[test]
fn a08_a_reader_that_keeps_the_side_file_is_told() {
    let house = House::new();
    let mut place = house.place();
    place.patience = std::time::Duration::from_millis(50);
    let mut log =
        rubric::store::AuditLog::open(&place, super::support::coder("anna"), at(0)).unwrap();
    let seq = record(&mut log, 1, "N-1", &decision(DecisionKind::Query, Some(CANARY)));
    let shell = house.shell();
    shell.execute_batch("BEGIN; SELECT count(*) FROM event").unwrap();
    let rows: i64 = shell.query_row("SELECT count(*) FROM event", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 3);
    let done = log.redact(&id(2), seq, "comment", "names a patient", at(2)).unwrap();
    assert_eq!(done.side_file, SideFile::Busy);
}

#[test]
fn a14_nothing_of_a_note_but_key_and_digest_is_kept() {
    let house = House::new();
    let mut log = house.open("anna");
    let text = "Zebulon Quartz, DOB 1951-02-03, practised sit to stand for 23 minutes.";
    let secret = log.key().note("N-1", text);
    log.record(&id(1), &secret, &accept(), &super::support::versions(), at(1)).unwrap();
    log.flag(&id(2), &secret, None, at(2)).unwrap();
    let wrong =
        log.record(&id(1), &note(&log, "N-9"), &accept(), &super::support::versions(), at(1));
    let error = wrong.unwrap_err();
    let mut export = Vec::new();
    let order = ExportOrder { format: Format::Csv, naming: Naming::Keys, to: "auditor".into() };
    log.export(&id(3), &order, &mut export, at(3)).unwrap();
    let said = format!("{error} {error:?} {log:?}").into_bytes();
    let mut state = Vec::new();
    for file in walkdir::WalkDir::new(house.folder()) {
        let file = file.unwrap();
        if file.file_type().is_file() {
            state.extend(fs::read(file.path()).unwrap());
        }
    }
    for word in ["Zebulon", "Quartz", "1951-02-03", "sit to stand", "23 minutes"] {
        for bytes in [&all_bytes(&house), &export, &said, &state] {
            assert!(!contains(bytes, word), "{word}");
        }
    }
    assert!(contains(&all_bytes(&house), &secret.digest));
    let plain = sha2_hex(text);
    assert!(!contains(&all_bytes(&house), &plain), "a plain hash of the text could be guessed");
}

fn sha2_hex(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

#[test]
fn a17_a_backup_is_verified_before_it_is_called_one() {
    let house = House::new();
    let events = small_log(&house);
    let mut log = house.open("anna");
    let copy = house.folder().join("backup.sqlite");
    let recorded = log.backup(&id(60), &copy, at(60)).unwrap();
    assert_eq!(recorded.seq, events + 1);
    let place = LogPlace::new(&copy, house.folder().join("nobody"));
    assert_eq!(verify(&place, None).unwrap().verdict, Verdict::Unwitnessed);
    assert!(log.backup(&id(61), &copy, at(61)).is_err(), "a backup must not be replaced");

    record(&mut log, 70, "N-7", &accept());
    log.close(at(71)).unwrap();
    let check = restore_check(&copy, &house.place()).unwrap();
    assert!(check.sound);
    assert_eq!(check.would_lose, 2);
    // The drill: put it back, and the heads say what was lost.
    for side in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{side}", house.log_file().display()));
    }
    fs::copy(&copy, house.log_file()).unwrap();
    let problem = house.open("anna").standing().problem().unwrap();
    assert!(problem.starts_with("log went back from 8 to 6"), "{problem}");

    let mut bytes = fs::read(&copy).unwrap();
    let at = bytes.windows(5).position(|window| window == b"anna\"").unwrap();
    bytes[at] = b'A';
    let spoiled = house.folder().join("spoiled.sqlite");
    fs::write(&spoiled, bytes).unwrap();
    assert!(!restore_check(&spoiled, &house.place()).unwrap().sound);
}

#[test]
fn a17_a_log_that_does_not_verify_gives_no_backup() {
    let house = House::new();
    small_log(&house);
    let mut log = house.open("anna");
    super::support::burglar(&house.log_file())
        .execute_batch("UPDATE event SET body = replace(body, 'query', 'defer') WHERE seq = 3")
        .unwrap();
    let copy = house.folder().join("backup.sqlite");
    assert!(matches!(log.backup(&id(60), &copy, at(60)), Err(StoreError::Damaged { .. })));
    assert!(!copy.exists());
    assert_eq!(fs::read_dir(house.folder()).unwrap().count(), 2, "nothing temporary stays");
}

#[test]
fn exports_are_events_and_cells_are_defused() {
    let house = House::new();
    let mut log = house.open("anna");
    record(&mut log, 1, "=HYPERLINK(1)", &decision(DecisionKind::Query, Some("+1 for walking")));
    let export = |log: &mut rubric::store::AuditLog, number, format, naming| {
        let mut out = Vec::new();
        let order = ExportOrder { format, naming, to: "the auditor".into() };
        log.export(&id(number), &order, &mut out, at(9)).unwrap();
        String::from_utf8(out).unwrap()
    };
    let csv = export(&mut log, 2, Format::Csv, Naming::Keys);
    assert!(csv.contains(",'=HYPERLINK(1),"), "{csv}");
    assert!(csv.contains("comment: +1 for walking"), "{csv}");
    assert!(csv.contains("97530 x2 GP"), "{csv}");
    let head = log.head(at(9)).unwrap();
    assert_eq!(head.size, 4);
    assert!(csv.lines().last().unwrap().starts_with("# head 3:"), "{csv}");

    let json = export(&mut log, 3, Format::Json, Naming::Keys);
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["events"].as_array().unwrap().len(), 4);
    assert_eq!(value["events"][2]["texts"]["comment"], "+1 for walking");
    assert_eq!(value["head"]["size"], 4);

    let digest = note(&log, "=HYPERLINK(1)").digest;
    for format in [Format::Csv, Format::Json] {
        let number = 4 + u32::from(format == Format::Json);
        let plain = export(&mut log, number, format, Naming::Numbers);
        for word in ["HYPERLINK", "walking", &digest] {
            assert!(!plain.contains(word), "{word} in {plain}");
        }
    }
    assert_eq!(verify(&house.place(), None).unwrap().verdict, Verdict::Consistent);
}
