//! `rubric report`: the page of figures, and that it is recorded as an export.

use assert_cmd::Command;
use rubric::model::DecisionKind;
use rubric::review::Desk as _;
use rubric::review::figures::Range;
use rubric::store::{Verdict, verify};

use crate::support::office::{Clinic, decide};

fn report(clinic: &Clinic, arguments: &[&str]) -> (i32, String, String) {
    let log = clinic.place("anna").log;
    let mut command = Command::cargo_bin("rubric").unwrap();
    command.env_clear().env("HOME", clinic.folder()).env("USER", "anna");
    command.env("XDG_STATE_HOME", clinic.folder().join("report-state"));
    command.current_dir(clinic.folder());
    command.args(["report", "--log", log.to_str().unwrap(), "--coder", "anna"]);
    let output = command.args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_page_has_the_figures_of_the_board_and_no_words_of_a_note() {
    let clinic = Clinic::new(6);
    let canary = "---\nZebrafish Canary practised sit to stand x10, min A, 15 min\n";
    std::fs::write(clinic.note("canary"), canary).unwrap();
    let mut office = clinic.office("anna");
    decide(&mut office, 1, 0, DecisionKind::Accept).unwrap();
    decide(&mut office, 2, 1, DecisionKind::Defer).unwrap();
    let figures = office.figures(Range::All).unwrap();
    office.close().unwrap();

    let notes = clinic.notes();
    let arguments = ["--html", "page.html", notes.to_str().unwrap(), "--to", "monthly meeting"];
    let (code, out, err) = report(&clinic, &arguments);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("recorded as event"), "{out}");
    let page = std::fs::read_to_string(clinic.folder().join("page.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("Zebrafish"));
    assert!(page.contains("<h2>Decisions: 2</h2>"));
    for count in figures.decisions.iter().chain(&figures.warnings).chain(&figures.by_code()) {
        let cell = format!("<tr><th>{}</th><td class=\"n\">{}</td>", count.name, count.count);
        assert!(page.contains(&cell), "{cell} is missing");
    }
    assert!(!figures.therapists.is_empty());
    for one in &figures.therapists {
        let cells =
            format!("<td class=\"n\">{}</td><td class=\"n\">{}</td>", one.notes, one.warned);
        assert!(page.contains(&cells), "{}", one.name);
    }

    // The log alone gives a page too, and the log says that both were made.
    assert_eq!(report(&clinic, &["--html", "alone.html", "--range", "today"]).0, 0);
    let place = clinic.place("anna");
    assert_eq!(verify(&place, None).unwrap().verdict, Verdict::Consistent);
    let show = ["log", "--log", place.log.to_str().unwrap(), "show", "--format", "json"];
    let shown = Command::cargo_bin("rubric").unwrap().args(show).output().unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert_eq!(shown.matches("\"export\"").count(), 2, "{shown}");
}

#[test]
fn a_page_that_cannot_be_written_records_nothing() {
    let clinic = Clinic::new(1);
    let (code, _, err) = report(&clinic, &["--html", "page.html"]);
    assert!(code == 2 && err.contains("there is no audit log"), "{err}");
    clinic.office("anna").close().unwrap();
    let before = verify(&clinic.place("anna"), None).unwrap().to_string();
    let (code, _, err) = report(&clinic, &["--html", "nosuch/page.html"]);
    assert!(code == 2 && err.contains("cannot be written"), "{err}");
    assert_eq!(before, verify(&clinic.place("anna"), None).unwrap().to_string());
}
