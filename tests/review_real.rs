//! The real desk: notes from disk, the engine, the audit log; decided, left, taken up again.

use rubric::model::{Code, DecisionKind, Minutes};
use rubric::review::figures::Range;
use rubric::review::{
    Act, Blocked, Choice, Desk, Draft, Entry, Lease, NoteId, Office, ProblemKind, Resume, Sort,
    State, UnitsOf, blocked, draft_lines,
};
use rubric::store::{Verdict, verify};

use crate::support::desk::units_of;
use crate::support::office::{Clinic, arrangement, decide, decided, entry, open, row};

fn verdict(clinic: &Clinic, coder: &str) -> Verdict {
    let report = verify(&clinic.place(coder), None).unwrap();
    assert!(report.findings.is_empty(), "{report}");
    report.verdict
}

fn picked(office: &mut Office, filter: &str, sort: Sort) -> Vec<u32> {
    let order = office.arrange(1, &arrangement(filter, sort)).unwrap().unwrap();
    (0..order.len()).filter_map(|at| order.get(at)).map(|id| id.0).collect()
}

#[test]
fn decisions_stand_when_the_coder_comes_back_and_the_log_verifies() {
    let clinic = Clinic::new(8);
    let mut office = clinic.office("anna");
    assert_eq!(office.total(), 8);
    let kinds = [
        DecisionKind::Accept,
        DecisionKind::Change,
        DecisionKind::Query,
        DecisionKind::Defer,
        DecisionKind::Accept,
    ];
    for (at, kind) in (0..).zip(kinds) {
        let receipt = decide(&mut office, u64::from(at) + 1, at, kind).unwrap();
        assert_eq!(receipt.entry.what, kind.as_str());
    }
    office.keep(&Resume { note: Some(NoteId(5)), ..Resume::default() });
    assert_eq!(office.recorded(), 5);
    office.close().unwrap();

    clinic.wait(60);
    let mut office = clinic.office("anna");
    assert_eq!(office.resume().unwrap().note, Some(NoteId(5)));
    assert_eq!(office.decided(), (0..5).map(NoteId).collect::<Vec<_>>());
    for (at, kind) in (0..).zip(kinds) {
        let row = row(&mut office, at);
        assert_eq!((row.state, row.who.as_deref()), (State::Decided(kind), Some("anna")));
        assert!(!row.stale && row.facts.is_some());
        let opened = open(&mut office, at);
        assert_eq!(opened.state, State::Decided(kind));
        assert_eq!(opened.history.len(), 1, "{:?}", opened.history);
    }
    assert_eq!(picked(&mut office, "open", Sort::Imported), [5, 6, 7]);
    assert_eq!(picked(&mut office, "accepted", Sort::Imported), [0, 4]);
    assert_eq!(picked(&mut office, "mine -accepted", Sort::Imported), [1, 2, 3]);
    let figures = office.figures(Range::Today).unwrap();
    let counts: Vec<u64> = figures.decisions.iter().map(|count| count.count).collect();
    assert_eq!(counts, [2, 1, 1, 1]);
    assert_eq!((figures.queries.0, figures.seconds), (1, Some((30, 30))));
    office.close().unwrap();
    assert_eq!(verdict(&clinic, "anna"), Verdict::Consistent);
}

#[test]
fn the_same_ticket_again_records_nothing_twice() {
    let clinic = Clinic::new(2);
    let mut office = clinic.office("anna");
    let opened = open(&mut office, 0);
    let act = Act::Decide(Box::new(decided(&opened, DecisionKind::Accept, None)));
    let entries = [entry(&opened, act)];
    let first = office.record(7, &entries).unwrap();
    let again = office.record(7, &entries).unwrap();
    assert_eq!(first, again);
    assert_eq!(open(&mut office, 0).history.len(), 1);
}

#[test]
fn a_note_edited_at_its_source_is_not_decided_and_shows_it_later() {
    let clinic = Clinic::new(3);
    let mut office = clinic.office("anna");
    decide(&mut office, 1, 0, DecisionKind::Accept).unwrap();
    let opened = open(&mut office, 1);
    for at in 0..2 {
        let file = clinic.note(&row(&mut office, at).key);
        let mut text = std::fs::read(&file).unwrap();
        text.extend_from_slice(b"\nAddendum: response to treatment was good.\n");
        std::fs::write(file, text).unwrap();
    }
    let act = Act::Decide(Box::new(decided(&opened, DecisionKind::Accept, None)));
    let problem = office.record(2, &[entry(&opened, act)]).unwrap_err();
    assert_eq!(problem.kind, ProblemKind::NoteChanged);
    // Read again it can be decided.
    decide(&mut office, 3, 1, DecisionKind::Accept).unwrap();
    office.close().unwrap();

    let mut office = clinic.office("anna");
    assert!(row(&mut office, 0).stale, "decided before it was edited");
    assert!(!row(&mut office, 1).stale, "decided after it was edited");
    assert_eq!(picked(&mut office, "stale", Sort::Imported), [0]);
}

#[test]
fn a_decision_is_amended_and_taken_back_and_all_of_it_stays_in_the_log() {
    let clinic = Clinic::new(1);
    let mut office = clinic.office("anna");
    let first = decide(&mut office, 1, 0, DecisionKind::Accept).unwrap();
    let opened = open(&mut office, 0);
    let amended = Act::Amend {
        seq: first.seq,
        decision: Box::new(decided(&opened, DecisionKind::Defer, Some("wait for the eval"))),
    };
    let amended = office.record(2, &[entry(&opened, amended)]).unwrap().remove(0);
    assert_eq!(row(&mut office, 0).state, State::Decided(DecisionKind::Defer));
    // Whoever amends must have seen what stands.
    let late = Act::Amend {
        seq: first.seq,
        decision: Box::new(decided(&opened, DecisionKind::Query, None)),
    };
    let late = office.record(3, &[entry(&opened, late)]).unwrap_err();
    assert_eq!(late.kind, ProblemKind::Refused);
    let back = office.record(4, &[entry(&opened, Act::Withdraw { seq: amended.seq })]).unwrap();
    assert_eq!(back[0].entry.what, "withdraw");
    assert_eq!(row(&mut office, 0).state, State::Decided(DecisionKind::Accept));
    office.record(5, &[entry(&opened, Act::Withdraw { seq: first.seq })]).unwrap();
    assert_eq!(row(&mut office, 0).state, State::Open);
    let opened = open(&mut office, 0);
    let whats: Vec<&str> = opened.history.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(whats, ["withdraw", "withdraw", "amend", "accept"]);
    assert!(opened.history[2].detail.iter().any(|line| line == "comment: wait for the eval"));
    office.close().unwrap();
    assert_eq!(verdict(&clinic, "anna"), Verdict::Consistent);
}

#[test]
fn two_coders_see_each_other_and_never_overwrite_unknowingly() {
    let clinic = Clinic::new(3);
    let mut anna = clinic.office("anna");
    let mut ben = clinic.office("ben");
    let hers = open(&mut anna, 0);
    let his = ben.open(NoteId(0)).unwrap();
    assert!(matches!(&his.lease, Lease::Taken { who, .. } if who == "anna"), "{:?}", his.lease);
    assert_eq!(row(&mut ben, 0).taken.map(|taken| taken.0).as_deref(), Some("anna"));
    // Her hold runs out while she is away; he takes the note and decides it.
    clinic.wait(20);
    assert_eq!(row(&mut ben, 0).taken, None);
    decide(&mut ben, 1, 0, DecisionKind::Defer).unwrap();
    let act = decided(&hers, DecisionKind::Accept, None);
    let lost = anna.record(1, &[entry(&hers, Act::Decide(Box::new(act.clone())))]).unwrap_err();
    assert_eq!(lost.kind, ProblemKind::LeaseLost);
    anna.record(2, &[entry(&hers, Act::SecondOpinion(Box::new(act)))]).unwrap();
    let row = row(&mut anna, 0);
    assert_eq!((row.state, row.who.as_deref()), (State::Decided(DecisionKind::Defer), Some("ben")));
    // A note that she only passed by is free, and one that he left is free at once.
    anna.open(NoteId(1)).unwrap();
    open(&mut ben, 1);
    open(&mut ben, 2);
    open(&mut anna, 1);
    anna.close().unwrap();
    ben.close().unwrap();
    assert_eq!(verdict(&clinic, "ben"), Verdict::Consistent);
}

#[test]
fn many_notes_are_decided_flagged_and_taken_back_in_one_act() {
    let clinic = Clinic::new(4);
    let mut office = clinic.office("anna");
    let opened: Vec<_> = (0..3).map(|id| open(&mut office, id)).collect();
    let entries: Vec<Entry> = opened
        .iter()
        .map(|one| entry(one, Act::Decide(Box::new(decided(one, DecisionKind::Defer, None)))))
        .collect();
    let receipts = office.record(1, &entries).unwrap();
    assert_eq!(office.decided().len(), 3);
    let back: Vec<Entry> = opened
        .iter()
        .zip(&receipts)
        .map(|(one, receipt)| entry(one, Act::Withdraw { seq: receipt.seq }))
        .collect();
    office.record(2, &back).unwrap();
    assert!(office.decided().is_empty());
    // Notes that are not in view are named by their place alone.
    let flags: Vec<Entry> = (0..4)
        .map(|id| {
            let note = rubric::review::desk::NoteRef {
                id: NoteId(id),
                key: String::new(),
                fingerprint: String::new(),
            };
            Entry { note, act: Act::Flag { question: "task or exercise?".to_owned() } }
        })
        .collect();
    office.record(3, &flags).unwrap();
    assert_eq!(picked(&mut office, "flagged", Sort::Imported), [0, 1, 2, 3]);
}

#[test]
fn a_hidden_warning_stays_hidden_until_it_is_shown_again() {
    let clinic = Clinic::new(12);
    let mut office = clinic.office("anna");
    let opened = (0..12)
        .map(|id| open(&mut office, id))
        .find(|opened| !opened.analysis.warnings.is_empty())
        .unwrap();
    let rule = opened.analysis.warnings[0].rule.clone();
    let hide = Act::Suppress { rule: rule.clone(), reason: "seen".to_owned() };
    office.record(1, &[entry(&opened, hide)]).unwrap();
    office.close().unwrap();
    let mut office = clinic.office("anna");
    let opened = open(&mut office, opened.id.0);
    assert!(opened.suppressed.contains(&rule));
    office.record(2, &[entry(&opened, Act::Unsuppress { rule })]).unwrap();
    assert!(open(&mut office, opened.id.0).suppressed.is_empty());
}

#[test]
fn a_note_that_cannot_be_read_is_a_row_with_its_reason_and_stops_nothing() {
    let clinic = Clinic::new(2);
    std::fs::write(clinic.notes().join("aaa.txt"), b"%PDF-1.7\x00\x01\x02\x00binary").unwrap();
    let mut office = clinic.office("anna");
    let bad = row(&mut office, 0);
    assert_eq!(bad.key, "aaa");
    assert!(bad.problem.is_some(), "{bad:?}");
    let problem = office.open(NoteId(0)).unwrap_err();
    assert_eq!(problem.kind, ProblemKind::Unreadable);
    assert!(problem.place.ends_with("aaa.txt") && !problem.remedy.is_empty());
    assert_eq!(picked(&mut office, "err", Sort::Imported).first(), Some(&0));
    decide(&mut office, 1, 1, DecisionKind::Accept).unwrap();
}

#[test]
fn the_place_in_a_queue_is_kept_by_key_and_a_draft_only_for_its_text() {
    let clinic = Clinic::new(4);
    let mut office = clinic.office("anna");
    for id in [1, 2] {
        open(&mut office, id);
    }
    let edited = clinic.note(&row(&mut office, 2).key);
    let choices = [(0, Choice::NotBillable)].into();
    let drafts = [(1, choices), (2, [(0, Choice::NotBillable)].into())].into();
    let marks = [NoteId(0), NoteId(3)].into();
    office.keep(&Resume { note: Some(NoteId(2)), marks, drafts, ..Resume::default() });
    office.close().unwrap();
    std::fs::write(edited, "Sit to stand x10 from chair, min A, to rise from toilet. 15 min")
        .unwrap();
    std::fs::write(clinic.note("0000-came-later"), "Seated marching 2x10. 8 min").unwrap();

    let mut office = clinic.office("anna");
    let resume = office.resume().unwrap();
    assert_eq!(resume.note, Some(NoteId(3)));
    assert_eq!(resume.marks, [NoteId(1), NoteId(4)].into());
    assert_eq!(resume.drafts.keys().copied().collect::<Vec<_>>(), [2], "the other text changed");
    assert!(clinic.office("ben").resume().is_none());
}

#[test]
fn filters_over_words_and_findings_pick_the_same_rows_as_one_by_one() {
    let clinic = Clinic::new(12);
    let mut office = clinic.office("anna");
    let ids: Vec<NoteId> = (0..12).map(NoteId).collect();
    let rows = office.rows(&ids);
    let errors: Vec<u32> = rows
        .iter()
        .filter(|(_, row)| row.facts.as_ref().is_some_and(|facts| facts.errors > 0))
        .map(|(id, _)| id.0)
        .collect();
    assert_eq!(picked(&mut office, "err", Sort::Imported), errors);
    let with_word: Vec<u32> = (0..12)
        .filter(|id| open(&mut office, *id).note.text.to_lowercase().contains("shoulder"))
        .collect();
    assert!(!with_word.is_empty() && with_word.len() < 12);
    assert_eq!(picked(&mut office, "text:shoulder", Sort::Imported), with_word);
    let bad = office.arrange(2, &arrangement("open lead<x", Sort::Imported)).unwrap().unwrap_err();
    assert_eq!(bad.kind, ProblemKind::Refused);
}

#[test]
fn neither_log_nor_state_holds_words_of_a_note() {
    let clinic = Clinic::new(2);
    let canary =
        "Zebrafish Q. Canary practised sit to stand x10, min A, to rise from the toilet, 15 min";
    std::fs::write(clinic.note("canary"), canary).unwrap();
    let mut office = clinic.office("anna");
    let opened = open(&mut office, 0);
    assert_eq!(opened.note.key, "canary");
    decide(&mut office, 1, 0, DecisionKind::Accept).unwrap();
    office.keep(&Resume { note: Some(NoteId(0)), ..Resume::default() });
    office.close().unwrap();
    for folder in ["log", "state"] {
        for entry in walkdir::WalkDir::new(clinic.folder().join(folder)) {
            let path = entry.unwrap().into_path();
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let found = bytes.windows(9).any(|part| part == b"Zebrafish");
                assert!(!found, "{}", path.display());
            }
        }
    }
}

#[test]
fn a_note_without_any_code_is_not_accepted_by_a_slip() {
    let clinic = Clinic::new(0);
    let words = "Interventions:\n- Patient engaged in activities as tolerated.\n";
    std::fs::write(clinic.note("N-1"), words).unwrap();
    let analysis = open(&mut clinic.office("anna"), 0).analysis;
    let first = analysis.segments[0].index;
    let cause = |draft: &Draft| blocked(&analysis, draft, |_| false);
    let mut draft = Draft::default();
    assert_eq!(cause(&draft), Some(Blocked::Nothing));
    draft.step("none", |values| {
        values.choices.insert(first, Choice::NotBillable);
    });
    assert_eq!(cause(&draft), None, "that nothing is billed can be said");
}

#[test]
fn minutes_left_to_an_activity_that_states_none_are_unknown() {
    let clinic = Clinic::new(0);
    let words = "Interventions:\n- Bridges 3x10, 15 min\n- Heel raises 2x15 at counter\n";
    std::fs::write(clinic.note("N-1"), words).unwrap();
    let analysis = open(&mut clinic.office("anna"), 0).analysis;
    let mut draft = Draft::default();
    draft.step("task", |values| {
        values.choices.insert(0, Choice::Code(Code::FOUR[2]));
    });
    let lines = draft_lines(&analysis, &draft, &UnitsOf::new(units_of));
    let told: Vec<_> =
        lines.iter().map(|line| (line.code.to_string(), line.minutes, line.alive)).collect();
    let fifteen = Some(Minutes::whole(15));
    assert_eq!(told, [("97110".to_owned(), None, true), ("97530".to_owned(), fifteen, true)]);
}
