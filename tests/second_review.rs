//! A second review of the same notes, blind to the first; and a screen that was covered.

use rubric::model::DecisionKind;
use rubric::review::{Act, Desk, Lease, NoteId, ProblemKind, State};
use rubric::store::{Verdict, verify};

use crate::support::office::{Clinic, decide, decided, entry, open, row};

fn verdict(clinic: &Clinic, coder: &str) -> Verdict {
    let report = verify(&clinic.place(coder), None).unwrap();
    assert!(report.findings.is_empty(), "{report}");
    report.verdict
}

#[test]
fn a10_a_second_review_sees_nothing_of_the_first_before_its_own_answer() {
    let clinic = Clinic::new(3);
    let mut first = clinic.office("anna");
    decide(&mut first, 1, 0, DecisionKind::Change).unwrap();
    decide(&mut first, 2, 2, DecisionKind::Accept).unwrap();
    let mut second = clinic.office_in("ben", 2);
    assert_eq!((second.decided(), row(&mut second, 0).who), (Vec::new(), None));
    let opened = open(&mut second, 0);
    assert_eq!((opened.state, opened.lease), (State::Open, Lease::Held));
    assert!(opened.history.is_empty(), "{:?}", opened.history);
    // The first reviewer may go on meanwhile; each slot has a hold of its own.
    assert_eq!(open(&mut first, 1).lease, Lease::Held);
    assert_eq!(open(&mut second, 1).lease, Lease::Held);
    assert_eq!(row(&mut second, 1).taken, None);

    decide(&mut second, 1, 0, DecisionKind::Accept).unwrap();
    assert_eq!(row(&mut second, 0).state, State::Decided(DecisionKind::Accept));
    let seen: Vec<_> = open(&mut second, 0).history.into_iter().map(|entry| entry.what).collect();
    assert_eq!(seen, ["accept", "change"], "both are in");
    assert_eq!(row(&mut first, 0).state, State::Decided(DecisionKind::Change));
    // A decision in the other slot does not show a first reviewer anything either.
    decide(&mut second, 2, 1, DecisionKind::Defer).unwrap();
    assert!(open(&mut first, 1).history.is_empty());
    assert_eq!(row(&mut first, 1).state, State::Open);
    first.close().unwrap();
    second.close().unwrap();

    // Nobody answers twice for one note.
    let mut again = clinic.office_in("anna", 2);
    again.open(NoteId(2)).unwrap();
    let refused = again.hold(NoteId(2)).unwrap();
    assert!(
        matches!(&refused, Lease::ReadOnly(why) if why.contains("your answer in slot 1")),
        "{refused:?}"
    );
    let refused = decide(&mut again, 3, 0, DecisionKind::Accept).unwrap_err();
    assert_eq!(refused.kind, ProblemKind::LeaseLost, "nor in place of the other");
    again.close().unwrap();
    assert_eq!(verdict(&clinic, "ben"), Verdict::Consistent);
}

#[test]
fn a_covered_screen_gives_the_note_back_and_stands_in_the_log() {
    let clinic = Clinic::new(1);
    let mut office = clinic.office("anna");
    open(&mut office, 0);
    office.release(NoteId(0));
    let mut other = clinic.office("ben");
    open(&mut other, 0);
    other.close().unwrap();
    office.close().unwrap();
    let log = rusqlite::Connection::open(clinic.place("anna").log).unwrap();
    let locks = "SELECT count(*) FROM event WHERE kind = 'session.lock' AND actor = 'anna'";
    assert_eq!(log.query_row(locks, [], |row| row.get(0)), Ok(1));
}

#[test]
fn a10_many_notes_accepted_at_once_stay_in_the_slot_of_the_desk() {
    let clinic = Clinic::new(2);
    let mut first = clinic.office("anna");
    decide(&mut first, 1, 0, DecisionKind::Change).unwrap();
    let mut second = clinic.office_in("ben", 2);
    let opened = [open(&mut second, 0), open(&mut second, 1)];
    let entries = opened.map(|opened| {
        let act = Act::Decide(Box::new(decided(&opened, DecisionKind::Accept, None)));
        entry(&opened, act)
    });
    second.record(1, &entries).unwrap();
    assert_eq!(row(&mut second, 1).state, State::Decided(DecisionKind::Accept));
    assert_eq!(row(&mut first, 0).state, State::Decided(DecisionKind::Change), "not amended");
    assert_eq!(row(&mut first, 1).state, State::Open);
    assert_eq!(verdict(&clinic, "ben"), Verdict::Consistent);
}
