//! Keys on the board: panels, copying, and figures in which what was taken back counts nowhere.

use rubric::model::{DecisionKind, Via};
use rubric::review::figures::Range;
use rubric::review::{Act, Desk, Entry};
use rubric::tui::effects::ForTerminal;

use crate::support::office::{Clinic, decide, decided, entry, open};
use crate::support::screen::{Person, paint, text};

#[test]
fn tab_goes_by_panels_and_enter_opens_the_notes_behind_the_row() {
    let mut person = Person::on_sample(120, 40);
    person.press("b Tab");
    assert!(text(&paint(&person.app, 120, 40)).contains(">today"));
    person.press("Tab");
    assert!(text(&paint(&person.app, 120, 40)).contains(">VG-0001"));
    person.press("Tab Down");
    assert!(text(&paint(&person.app, 120, 40)).contains(">consider"));
    person.press("Shift-Tab Tab Tab Tab");
    assert!(text(&paint(&person.app, 120, 40)).contains(">accept"));
    person.press("Shift-Tab Enter");
    assert!(text(&paint(&person.app, 120, 40)).contains("filter: reason:A2"));
}

#[test]
fn outcomes_and_blind_answers_stand_on_the_board_at_both_sizes() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut person = Person::on_sample(width, height);
        person.press("b Tab Tab Tab");
        let shown = text(&paint(&person.app, width, height));
        assert!(shown.contains(">suggest        71  71 %"), "{shown}");
        assert!(shown.contains("abstain"), "{shown}");
        assert_eq!(shown.contains("Blind answers 24: agree 19"), width == 120, "{shown}");
    }
}

#[test]
fn the_board_is_copied_as_text_and_not_the_note() {
    let mut person = Person::on_sample(120, 40);
    person.press("b y");
    let Some(ForTerminal::Copy(copied)) = person.terminal.last() else { panic!() };
    assert!(copied.starts_with("outpatient-2026-11, 7 days, event 812\n"), "{copied}");
    assert!(copied.contains("accept        112  72 %"), "{copied}");
    assert!(copied.contains("Blind answers 24: agree 19: too few for a rate (30 needed)."));
    assert!(person.app.layer().is_none());
}

#[test]
fn what_was_taken_back_or_replaced_counts_in_no_table() {
    let clinic = Clinic::new(6);
    let mut office = clinic.office("anna");
    let receipt = decide(&mut office, 1, 0, DecisionKind::Accept).unwrap();
    let counted = office.figures(Range::Today).unwrap();
    assert!(!counted.matrix.is_empty() && counted.kept.is_some());
    let opened = open(&mut office, 0);
    let seq = receipt.seq;
    let mut change = decided(&opened, DecisionKind::Change, None);
    change.reason = Some("other-code".into());
    for segment in &mut change.segments {
        segment.code = None;
    }
    let act = Act::Amend { seq, decision: Box::new(change) };
    let amended = office.record(2, &[entry(&opened, act)]).unwrap().remove(0);
    let replaced = office.figures(Range::Today).unwrap();
    let none: Vec<u64> = replaced.matrix.iter().map(|(_, row)| row[5]).collect();
    let all: u64 = replaced.matrix.iter().flat_map(|(_, row)| row).sum();
    assert_eq!(all, none.iter().sum::<u64>(), "only the decision that stands is counted");
    let back =
        |seq| vec![Entry { note: entry(&opened, Act::Unflag).note, act: Act::Withdraw { seq } }];
    office.record(3, &back(amended.seq)).unwrap();
    assert_eq!(office.figures(Range::Today).unwrap().matrix, counted.matrix);
    office.record(4, &back(seq)).unwrap();
    let figures = office.figures(Range::Today).unwrap();
    assert!(figures.matrix.is_empty() && figures.kept.is_none(), "{:?}", figures.matrix);
    assert_eq!((figures.units, figures.undone), ((0, 0, 0), 2));
}

#[test]
fn blind_answers_are_counted_apart_and_outcomes_over_all_segments() {
    let clinic = Clinic::new(12);
    let mut office = clinic.office("anna");
    let opened = open(&mut office, 0);
    let mut blind = decided(&opened, DecisionKind::Accept, None);
    blind.via = Via::Blind;
    office.record(1, &[entry(&opened, Act::Decide(Box::new(blind)))]).unwrap();
    let figures = office.figures(Range::Today).unwrap();
    assert_eq!(figures.blind.unwrap().all, opened.analysis.segments.len() as u64);
    assert!(figures.kept.is_none(), "what was not shown was not kept");
    let counts: Vec<u64> = figures.outcomes.iter().map(|count| count.count).collect();
    let mut segments = 0;
    for id in 0..12 {
        segments += open(&mut office, id).analysis.segments.len() as u64;
    }
    assert_eq!(counts.iter().sum::<u64>(), segments);
    assert_eq!(figures.abstained.iter().map(|count| count.count).sum::<u64>(), counts[2]);
}
