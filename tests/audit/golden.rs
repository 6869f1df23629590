//! Logs of released versions: each opens, verifies and exports for ever, with rubric and without it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rubric::model::DecisionKind;
use rubric::store::{
    AuditLog, Expected, ExportOrder, Format, LogPlace, Naming, Verdict, WarningRef, verify,
};

use super::support::{House, accept, at, burglar, coder, decision, id, note, record, versions};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit/golden")
}

/// Returns the logs of all released versions.
pub(crate) fn released() -> Vec<PathBuf> {
    let mut logs: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "sqlite"))
        .collect();
    logs.sort();
    assert!(!logs.is_empty());
    logs
}

/// Puts a golden log into a house of its own.
pub(crate) fn settle(golden: &Path) -> House {
    let house = House::new();
    fs::create_dir_all(house.log_file().parent().unwrap()).unwrap();
    fs::copy(golden, house.log_file()).unwrap();
    fs::copy(golden.with_extension("key"), house.log_file().with_extension("key")).unwrap();
    house
}

fn export(log: &mut AuditLog, number: u32, format: Format) -> String {
    let mut out = Vec::new();
    let order = ExportOrder { format, naming: Naming::Keys, to: "golden".into() };
    log.export(&id(number), &order, &mut out, at(0)).unwrap();
    String::from_utf8(out).unwrap()
}

fn schema(log: &Path) -> u32 {
    burglar(log).query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

#[test]
fn a13_released_logs_open_verify_and_export_as_recorded() {
    for golden in released() {
        let head = fs::read_to_string(golden.with_extension("head")).unwrap();
        let house = settle(&golden);
        let expected = Expected::parse(head.trim()).unwrap();
        let report = verify(&house.place(), Some(&expected)).unwrap();
        assert_eq!(report.verdict, Verdict::Consistent, "{}\n{report}", golden.display());
        let before = schema(&house.log_file());
        let mut log = house.open("gina");
        let csv = export(&mut log, 9001, Format::Csv);
        // All but the line with the head: behind what was recorded stands that the log was migrated.
        let recorded = fs::read_to_string(golden.with_extension("csv")).unwrap();
        let (events, head) = recorded.split_at(recorded.rfind("# head ").unwrap());
        assert!(csv.starts_with(events), "{csv}");
        let rest: Vec<&str> = csv[events.len()..].lines().collect();
        let migrated = before < schema(&house.log_file());
        assert_eq!(rest.len(), 1 + usize::from(migrated), "{csv}");
        assert!(if migrated { rest[0].contains(",migrate,") } else { rest[0] == head.trim() });
        assert_eq!(verify(&house.place(), Some(&expected)).unwrap().verdict, Verdict::Consistent);
        assert!(log.projections_agree().unwrap());
        record(&mut log, 9002, "N-after", &accept());
        assert_eq!(verify(&house.place(), Some(&expected)).unwrap().verdict, Verdict::Consistent);
    }
}

#[test]
fn a16_logs_verify_without_rubric() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/audit/verify_log.py");
    let python = Command::new("python3").arg("--version").output();
    assert!(python.is_ok(), "the promise is kept by a Python script: put python3 on the path");
    let run = |log: &Path, head: Option<&str>| {
        let answer = Command::new("python3").arg(&script).arg(log).args(head).output().unwrap();
        let text = String::from_utf8(answer.stdout).unwrap();
        let problem = String::from_utf8(answer.stderr).unwrap();
        (answer.status.code(), format!("{text}{problem}"))
    };
    for golden in released() {
        let head = fs::read_to_string(golden.with_extension("head")).unwrap();
        let house = settle(&golden);
        let (status, text) = run(&house.log_file(), Some(head.trim()));
        assert_eq!(status, Some(0), "{text}");
        assert!(text.starts_with(&format!("{} 1 redacted", head.trim())), "{text}");
        assert_eq!(run(&house.log_file(), None).0, Some(5));
        let wrong = format!("3:{}", "0".repeat(64));
        assert_eq!(run(&house.log_file(), Some(&wrong)).0, Some(4));
        burglar(&house.log_file())
            .execute_batch(
                "UPDATE event SET body = replace(body, 'accept', 'change') WHERE seq = 4",
            )
            .unwrap();
        let (status, text) = run(&house.log_file(), Some(head.trim()));
        assert_eq!(status, Some(4), "{text}");
        assert!(text.contains("event 4"), "{text}");
    }
}

/// Writes the golden log of this version unless there is one: it is never written again.
#[test]
#[ignore = "writes into the source tree: run once a release"]
fn write_golden_log() {
    let golden = folder().join(format!("{}.sqlite", env!("CARGO_PKG_VERSION")));
    if golden.exists() {
        return;
    }
    fs::create_dir_all(folder()).unwrap();
    let house = House::new();
    let mut log = house.open("anna");
    log.start_session(&id(1), &versions(), at(1)).unwrap();
    let first = record(&mut log, 2, "N-0001", &accept());
    let mut changed =
        decision(DecisionKind::Change, Some("crate lift, not the bike — 12 minutes ✓"));
    changed.reason = Some("other-task".into());
    let second = record(&mut log, 3, "N-0001", &changed);
    record(
        &mut log,
        4,
        "N-0002",
        &decision(DecisionKind::Query, Some("which of the two, \"a\" or b?")),
    );
    log.redact(&id(5), second + 1, "comment", "named a person", at(5)).unwrap();
    let n3 = note(&log, "=N-0003");
    log.flag(&id(6), &n3, Some("is it a task?"), at(6)).unwrap();
    let warning = WarningRef { rule: "VG-0001".into(), start: 10, end: 19 };
    log.suppress(&id(7), &n3, &warning, "the next line says it", at(7)).unwrap();
    log.take(&id(8), &n3, 1, at(8)).unwrap();
    log.release(&id(9), &n3, at(9)).unwrap();
    log.withdraw(&id(10), second, at(-9)).unwrap();
    log.checkpoint(&id(11), at(11)).unwrap();
    let mut ben = house.open("ben");
    let n1 = note(&ben, "N-0001");
    ben.steal(&id(12), &n1, 2, "second review", at(12)).unwrap();
    record(&mut ben, 13, "N-0001", &decision(DecisionKind::Defer, None));
    log.end_session(&id(14), at(14)).unwrap();
    assert_eq!(first, 4);
    ben.close(at(15)).unwrap();
    log.backup(&id(15), &golden, at(15)).unwrap();
    fs::copy(house.log_file().with_extension("key"), golden.with_extension("key")).unwrap();
    let settled = settle(&golden);
    let place = LogPlace::new(settled.log_file(), settled.folder().join("state"));
    let mut log = AuditLog::open(&place, coder("gina"), at(0)).unwrap();
    let head = log.head(at(0)).unwrap();
    fs::write(golden.with_extension("head"), format!("{}:{}\n", head.size, head.root)).unwrap();
    fs::write(golden.with_extension("csv"), export(&mut log, 9001, Format::Csv)).unwrap();
}
