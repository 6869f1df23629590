//! `rubric review` and `rubric log` from the command line: messages, results, exit statuses.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use rubric::model::{DecisionKind, Versions};
use rubric::review::{Act, Desk};
use rubric::store::{AuditLog, Coder, EventId, Stamp, StoreError, Verdict, verify};
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use serde_json::Value;

use crate::support::office::{Clinic, decide, decided, entry, open};

/// A program that lives in the folders of a clinic.
fn rubric(clinic: &Clinic) -> Command {
    let mut command = Command::cargo_bin("rubric").unwrap();
    command.env_clear();
    command.env("XDG_STATE_HOME", clinic.folder().join("xdg-state"));
    command.env("XDG_DATA_HOME", clinic.folder().join("xdg-data"));
    command.env("HOME", clinic.folder());
    command.env("USER", "anna");
    command.current_dir(clinic.folder());
    command
}

/// What the program answered.
struct Answer {
    code: i32,
    out: String,
    err: String,
}

fn ask(clinic: &Clinic, arguments: &[&str]) -> Answer {
    let output = rubric(clinic).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    Answer { code: output.status.code().unwrap(), out, err }
}

/// Asks about the log of the clinic.
fn log(clinic: &Clinic, arguments: &[&str]) -> Answer {
    let file = log_file(clinic);
    ask(clinic, &[&["log", "--log", file.to_str().unwrap()], arguments].concat())
}

fn log_file(clinic: &Clinic) -> PathBuf {
    clinic.place("anna").log
}

/// Records two decisions, one with a comment, an amendment and its withdrawal.
fn some_history(clinic: &Clinic) {
    let mut office = clinic.office("anna");
    decide(&mut office, 1, 0, DecisionKind::Accept).unwrap();
    let opened = open(&mut office, 1);
    let made = decided(&opened, DecisionKind::Change, Some("per J. Doe on the phone"));
    let receipt = office.record(2, &[entry(&opened, Act::Decide(Box::new(made)))]).unwrap();
    let made = decided(&opened, DecisionKind::Defer, None);
    let amend = Act::Amend { seq: receipt[0].seq, decision: Box::new(made) };
    office.record(3, &[entry(&opened, amend)]).unwrap();
    office.close().unwrap();
}

fn refused(answer: &Answer, words: &[&str]) {
    assert_eq!(answer.code, 2, "{}{}", answer.out, answer.err);
    assert!(answer.out.is_empty());
    for word in words {
        assert!(answer.err.contains(word), "{word:?} is missing: {}", answer.err);
    }
    assert!(answer.err.starts_with("rubric: ") && answer.err.contains('\n'), "{}", answer.err);
}

#[test]
fn without_a_terminal_the_screen_names_other_ways() {
    let clinic = Clinic::new(1);
    let notes = clinic.notes();
    let answer = ask(&clinic, &["review", notes.to_str().unwrap()]);
    refused(&answer, &["needs a terminal", "`rubric analyse`", "--plain"]);
    let alone = ask(&clinic, &[]);
    assert_eq!(alone.code, 2);
    assert!(alone.err.contains("try: rubric review notes-samples"), "{}", alone.err);
}

#[test]
fn what_stands_against_a_review_is_said_before_it_starts() {
    let clinic = Clinic::new(2);
    let notes = clinic.notes();
    let notes = notes.to_str().unwrap();
    let plain = |arguments: &[&str]| ask(&clinic, &[&["review", "--plain"], arguments].concat());
    refused(&plain(&[]), &["no notes were named", "rubric review notes-samples"]);
    refused(&plain(&["nowhere"]), &["nowhere: there is no such file or folder"]);
    std::fs::create_dir(clinic.folder().join("empty")).unwrap();
    refused(&plain(&["empty"]), &["there is no note to read", "empty"]);
    refused(&plain(&[notes, "--payer", "acme"]), &["no payer profile", "medicare"]);
    refused(&plain(&["-"]), &["standard input"]);
    refused(&plain(&[notes, "--coder", " "]), &["--coder NAME"]);
    refused(&plain(&[notes, "--claims", "none.csv"]), &["claims file", "none.csv"]);
    // None of them began a log.
    assert!(!clinic.folder().join("xdg-data/rubric/rubric-log.sqlite").exists());

    let foreign = clinic.folder().join("foreign.sqlite");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE other(x)").unwrap();
    refused(&plain(&[notes, "--log", "foreign.sqlite"]), &["not a rubric audit log"]);
    std::fs::write(clinic.folder().join("words.txt"), "no database").unwrap();
    refused(&plain(&[notes, "--log", "words.txt"]), &["not a rubric audit log"]);

    some_history(&clinic);
    let log = log_file(&clinic);
    Connection::open(&log).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    refused(&plain(&[notes, "--log", log.to_str().unwrap()]), &["newer rubric", "schema 99"]);
}

#[test]
fn a_review_in_lines_records_into_the_log() {
    let clinic = Clinic::new(2);
    let notes = clinic.notes();
    let output = rubric(&clinic)
        .args(["review", "--plain", notes.to_str().unwrap(), "--coder", "anna"])
        .write_stdin("defer\nhistory\nquit\n")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.starts_with("Queue notes: 2 notes, 2 open."), "{said}");
    assert!(said.contains("Recorded: defer "), "{said}");
    let verified = ask(&clinic, &["log", "verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
    assert!(verified.out.contains("decisions  1"), "{}", verified.out);
    // Without paths the same queue comes again.
    let again = rubric(&clinic).args(["review", "--plain"]).write_stdin("quit\n").output().unwrap();
    assert!(String::from_utf8(again.stdout).unwrap().starts_with("Queue notes: 2 notes, 1 open."));
}

#[test]
fn verify_answers_with_the_statuses_of_the_manual() {
    let clinic = Clinic::new(2);
    let missing = log(&clinic, &["verify"]);
    assert_eq!(missing.code, 3);
    assert!(missing.err.contains("there is no audit log"), "{}", missing.err);
    assert_eq!(log(&clinic, &["verify", "--expect", "12"]).code, 2, "wrong usage");

    some_history(&clinic);
    // Nobody of this house remembers a head in the folders of this program.
    let unwitnessed = log(&clinic, &["verify"]);
    assert_eq!(unwitnessed.code, 5, "{}", unwitnessed.out);
    let json = log(&clinic, &["verify", "--format", "json"]);
    let report: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, &report["verdict"]), (5, &Value::from("unwitnessed")));
    let head = format!("{}:{}", report["counts"]["events"], report["root"].as_str().unwrap());
    assert_eq!(log(&clinic, &["verify", "--expect", &head]).code, 0);
    let wrong = head.replace(':', "1:");
    assert_eq!(log(&clinic, &["verify", "--expect", &wrong]).code, 4);

    damage(
        &log_file(&clinic),
        "UPDATE event SET body = replace(body,'accept','defer') WHERE kind='decide'",
    );
    let tampered = log(&clinic, &["verify"]);
    assert_eq!(tampered.code, 4, "{}", tampered.out);
    assert!(tampered.out.contains("NOT CONSISTENT"), "{}", tampered.out);
    std::fs::write(log_file(&clinic), "not a database").unwrap();
    assert_eq!(log(&clinic, &["verify"]).code, 3);
}

#[test]
fn show_tells_before_after_who_when_and_why() {
    let clinic = Clinic::new(2);
    some_history(&clinic);
    let all = log(&clinic, &["show"]);
    assert_eq!(all.err, "", "nothing is wrong with it");
    assert_eq!(all.code, 0, "{}", all.err);
    assert!(all.out.contains("amend of event"), "{}", all.out);
    assert!(all.out.contains("  before: change ") && all.out.contains("  after: defer "));
    assert!(all.out.contains("  comment: per J. Doe on the phone"), "{}", all.out);
    assert!(!all.out.contains("lease.take"), "who had it when is shown on request");
    assert!(log(&clinic, &["show", "--all"]).out.contains("lease.take"));
    assert_eq!(log(&clinic, &["show", "--by", "nobody"]).out, "nothing recorded fits\n");
    let one = log(&clinic, &["show", "cota-upper-limb-soap"]).out;
    assert!(one.contains("accept") && !one.contains("amend"), "{one}");
    let json = log(&clinic, &["show", "--format", "json"]).out;
    let shown: Value = serde_json::from_str(&json).unwrap();
    let amend = shown["events"].as_array().unwrap().iter().find(|e| e["kind"] == "amend").unwrap();
    assert_eq!(amend["before"]["kind"], "change");
    assert_eq!(amend["after"]["kind"], "defer");
    let seq = amend["amends"].as_i64().unwrap().to_string();
    let single = log(&clinic, &["show", "--event", &seq]).out;
    assert_eq!(single.matches("event ").count(), 1, "{single}");
}

#[test]
fn a10_a_note_is_taken_from_a_coder_with_a_reason() {
    /// Long after every clock that this test may meet.
    const LATER: Stamp = Stamp::utc(4_102_444_800_000);

    let clinic = Clinic::new(1);
    let who = Coder { id: "ben".into(), os_user: "ben".into(), host: "desk".into() };
    let mut his = AuditLog::open(&clinic.place("ben"), who, LATER).unwrap();
    let note = his.key().note("N-1", "text");
    his.take(&EventId::now(), &note, 1, LATER).unwrap();

    let take = ["take", "N-1", "--reason", "ben is ill", "--coder", "lead"];
    let taken = log(&clinic, &take);
    assert_eq!(taken.code, 0, "{}", taken.err);
    assert!(taken.out.starts_with("N-1: taken from ben, yours until "), "{}", taken.out);
    let shown = log(&clinic, &["show", "N-1", "--all"]).out;
    assert!(shown.contains("lead  lease.steal  N-1"), "{shown}");
    assert!(shown.contains("  reason: ben is ill"), "{shown}");
    let again = log(&clinic, &take);
    assert_eq!(again.code, 3);
    assert!(again.err.contains("no other coder holds this note"), "{}", again.err);
    assert_eq!(log(&clinic, &["take", "N-1"]).code, 2, "no reason");
    assert_eq!(log(&clinic, &["take", "N-2", "--reason", "x"]).code, 3, "never seen");

    // What he typed is not lost with the note.
    let made = decided(&open(&mut clinic.office("cleo"), 0), DecisionKind::Accept, Some("typed"));
    let versions = Versions { program: "1".into(), keywords: "1".into(), payer: "1".into() };
    let late = his.record(&EventId::now(), &note, &made, &versions, LATER).unwrap_err();
    assert!(matches!(&late, StoreError::LeaseLost { owner } if owner == "lead"), "{late}");
    his.record_second_opinion(&EventId::now(), &note, &made, &versions, LATER).unwrap();
    his.close(LATER).unwrap();
    assert_eq!(log(&clinic, &["verify"]).code, 0);
}

#[test]
fn a06_receipts_are_left_where_the_settings_say_and_their_loss_stops_nothing() {
    let clinic = Clinic::new(2);
    some_history(&clinic);
    let file = log_file(&clinic);
    let receipts = clinic.folder().join("other-computer");
    let asked = |folder: &Path, words: &[&str]| {
        let mut program = rubric(&clinic);
        program.env("RUBRIC_RECEIPTS", folder).args(["log", "--log", file.to_str().unwrap()]);
        let done = program.args(words).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    assert_eq!(asked(&receipts, &["checkpoint"]), (Some(0), String::new()));
    // The state of this computer is lost; the receipt still speaks.
    std::fs::remove_dir_all(clinic.folder().join("xdg-state")).unwrap();
    assert_eq!(asked(&receipts, &["verify"]).0, Some(0));
    assert_eq!(log(&clinic, &["verify"]).code, 5, "nobody else knows the log");

    let out_of_reach = file.join("no-folder");
    let (code, told) = asked(&out_of_reach, &["checkpoint"]);
    assert_eq!(code, Some(0));
    assert!(told.starts_with("rubric: no receipt was left; all is recorded\n"), "{told}");
}

#[test]
fn a_redaction_asks_needs_a_reason_and_leaves_the_log_whole() {
    let clinic = Clinic::new(2);
    some_history(&clinic);
    let shown: Value =
        serde_json::from_str(&log(&clinic, &["show", "--format", "json"]).out).unwrap();
    let with_comment = shown["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|event| event["texts"]["comment"]["state"] == "kept")
        .unwrap();
    let seq = with_comment["seq"].as_i64().unwrap().to_string();
    let asked = log(&clinic, &["redact", &seq, "--reason", "names a patient"]);
    assert_eq!(asked.code, 3, "without a terminal nobody can be asked");
    assert!(asked.err.contains("--yes"), "{}", asked.err);
    assert_eq!(log(&clinic, &["redact", &seq, "--yes"]).code, 2, "no reason");
    let done = log(&clinic, &["redact", &seq, "--yes", "--reason", "names a patient"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("backups, exports and snapshots"), "{}", done.out);
    let shown = log(&clinic, &["show"]).out;
    assert!(!shown.contains("J. Doe") && shown.contains("redacted by anna"), "{shown}");
    assert_eq!(verify(&clinic.place("anna"), None).unwrap().verdict, Verdict::Consistent);
    let again = log(&clinic, &["redact", &seq, "--yes", "--reason", "names a patient"]);
    assert!(again.code == 3 && again.err.contains("holds no such text"), "{}", again.err);
}

#[test]
fn exports_proofs_checkpoints_and_backups_leave_in_order() {
    let clinic = Clinic::new(2);
    some_history(&clinic);
    assert_eq!(log(&clinic, &["export"]).code, 2, "who gets it is asked");
    let table = log(&clinic, &["export", "--to", "the auditor"]).out;
    assert!(table.starts_with("seq,time,coder") && table.contains("# head "), "{table}");
    let out = clinic.folder().join("log.json");
    let to_file = ["export", "--format", "json", "--to", "x", "--output", out.to_str().unwrap()];
    let written = log(&clinic, &to_file);
    assert!(written.code == 0 && written.out.is_empty(), "{}", written.err);
    let exported: Value = serde_json::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(exported["schema"], "rubric.log-export/1");
    let numbers = log(&clinic, &["export", "--to", "x", "--numbers"]).out;
    assert!(!numbers.contains("cota-upper-limb-soap") && !numbers.contains("J. Doe"));

    let proof = log(&clinic, &["prove", "2"]);
    let file = clinic.folder().join("two.tlog-proof");
    std::fs::write(&file, &proof.out).unwrap();
    let file = file.to_str().unwrap();
    let checked = ask(&clinic, &["log", "check-proof", file]);
    assert_eq!(checked.code, 5, "nobody vouches for the head: {}", checked.out);
    let head = checked.out.lines().find_map(|line| line.strip_prefix("head       ")).unwrap();
    let with = |head: &str| ask(&clinic, &["log", "check-proof", file, "--expect", head]);
    assert_eq!(with(head).code, 0);
    let other = format!("7:{}", "0".repeat(64));
    assert!(with(&other).code == 4 && with(&other).out.contains("NOT PROVED"));
    std::fs::write(file, proof.out.replace("anna", "anne")).unwrap();
    assert_eq!(with(head).code, 3, "the hash in the file is another one");
    assert!(proof.out.starts_with("c2sp.org/tlog-proof@v1\nindex 1\n"), "{}", proof.out);
    let growth: Value = serde_json::from_str(
        &log(&clinic, &["prove", "--since", "2", "--until", "3", "--format", "json"]).out,
    )
    .unwrap();
    assert_eq!((&growth["since"], &growth["until"]), (&Value::from(2), &Value::from(3)));
    assert_eq!(log(&clinic, &["prove", "9999"]).code, 3);
    assert_eq!(log(&clinic, &["prove"]).code, 2);
    assert!(log(&clinic, &["checkpoint"]).out.starts_with("rubric/log/"));

    let backup = clinic.folder().join("backup.sqlite");
    let backup = backup.to_str().unwrap();
    let made = log(&clinic, &["backup", backup]);
    assert!(made.code == 0 && made.out.contains("copied and verified"), "{}", made.err);
    assert_eq!(log(&clinic, &["backup", backup]).code, 3, "a backup is never replaced");
    let check = log(&clinic, &["restore-check", backup]);
    assert!(check.code == 0 && check.out.contains("would lose 1 of"), "{}{}", check.out, check.err);
    damage(Path::new(backup), "UPDATE event SET prev_hash = zeroblob(32) WHERE seq = 3");
    let check = log(&clinic, &["restore-check", backup]);
    assert!(check.code == 4 && check.out.contains("NOT SOUND"), "{}{}", check.out, check.err);
}

/// Changes a log as somebody who has the file: no trigger fires.
fn damage(file: &Path, sql: &str) {
    let conn = Connection::open(file).unwrap();
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    conn.execute_batch(sql).unwrap();
}

#[test]
fn the_doctor_looks_and_touches_nothing() {
    let clinic = Clinic::new(2);
    let none = ask(&clinic, &["doctor"]);
    assert_eq!(none.code, 0, "{}{}", none.out, none.err);
    assert!(none.out.contains("no log yet") && none.out.contains("keywords"), "{}", none.out);
    assert!(!clinic.folder().join("xdg-data").exists(), "the doctor begins no log");

    some_history(&clinic);
    let file = log_file(&clinic);
    let arguments = ["doctor", "--format", "json", "--log", file.to_str().unwrap()];
    let before = std::fs::read(&file).unwrap();
    let sound = ask(&clinic, &arguments);
    assert_eq!(sound.code, 0, "{}", sound.out);
    let report: Value = serde_json::from_str(&sound.out).unwrap();
    let names: Vec<&str> =
        report["checks"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    for name in ["terminal", "keywords", "log", "disk", "file", "chain", "rebuild", "heads"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let says = |name: &str| {
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|c| c["name"] == name).unwrap()["says"].as_str().unwrap().to_owned()
    };
    let phrases = says("keywords").split(" phrases").next().unwrap().to_owned();
    let phrases: u32 = phrases.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(phrases > 1000, "{}", says("keywords"));
    assert!(says("versions").contains("schema 2, SQLite 3."), "{}", says("versions"));
    let verified = log(&clinic, &["verify"]).out;
    assert!(verified.contains(&says("head")), "{verified}");
    assert!(!sound.out.contains("cota-upper") && !sound.out.contains("J. Doe"), "{}", sound.out);
    assert_eq!(before, std::fs::read(&file).unwrap());

    damage(&file, "UPDATE note_state SET kind = 'query'");
    let hurt = ask(&clinic, &arguments);
    let report: Value = serde_json::from_str(&hurt.out).unwrap();
    let rebuild =
        report["checks"].as_array().unwrap().iter().find(|c| c["name"] == "rebuild").unwrap();
    assert_eq!((hurt.code, &rebuild["state"]), (1, &Value::from("fault")), "{}", hurt.out);
    assert!(rebuild["remedy"].as_str().unwrap().contains("rubric log rebuild"), "{}", hurt.out);
    assert_eq!(log(&clinic, &["rebuild"]).code, 0);
    assert_eq!(ask(&clinic, &arguments).code, 0);
}

#[test]
fn a09_the_doctor_finds_every_changed_row_of_what_stands_for_notes() {
    let clinic = Clinic::new(2);
    some_history(&clinic);
    let file = log_file(&clinic);
    let arguments = ["doctor", "--format", "json", "--log", file.to_str().unwrap()];
    let sound = std::fs::read(&file).unwrap();
    for sql in [
        "UPDATE note_state SET actor = 'eve'",
        "UPDATE note_state SET session = 'x'",
        "DELETE FROM note_state WHERE note_key = (SELECT min(note_key) FROM note_state)",
        "UPDATE lease SET expires_at = expires_at + 1",
        "DELETE FROM lease",
        "INSERT INTO flag_state VALUES ('never-seen', 1, 'eve', 0)",
        "INSERT INTO suppression VALUES ('never-seen', 'VG-0001', 1, 2, 3, 'eve')",
    ] {
        damage(&file, sql);
        let hurt = ask(&clinic, &arguments);
        let report: Value = serde_json::from_str(&hurt.out).unwrap();
        let faults: Vec<&Value> = report["checks"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|c| c["state"] == "fault")
            .map(|c| &c["name"])
            .collect();
        assert_eq!((hurt.code, faults), (1, vec![&Value::from("rebuild")]), "{sql}\n{}", hurt.out);
        std::fs::write(&file, &sound).unwrap();
    }
    assert_eq!(ask(&clinic, &arguments).code, 0);
}
