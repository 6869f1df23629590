//! Keys about open queries: the list, an answer taken down, a query closed unanswered.

use rubric::model::{Decision, DecisionKind};
use rubric::review::{Act, Desk, NoteId};
use rubric::tui::app::{Blind, Layer};
use rubric::tui::effects::ForTerminal;

use crate::support::desk::MemoryDesk;
use crate::support::office::{Clinic, decided, entry, open};
use crate::support::screen::{Person, paint, settings, text};

/// Records queries about the first two notes.
fn asked(width: u16, height: u16) -> Person {
    let mut person = Person::at(settings(), MemoryDesk::sample(14), width, height);
    for _ in 0..2 {
        person.press("q 2 Shift-Tab Shift-Tab Shift-Tab Enter");
    }
    assert_eq!(person.desk.acts(), ["query N-0401", "query N-0402"]);
    person
}

fn amended(person: &Person, at: usize) -> (u64, Decision) {
    match &person.desk.log[at].act {
        Act::Amend { seq, decision } => (*seq, (**decision).clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn open_queries_are_listed_with_their_words_oldest_first() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut person = asked(width, height);
        person.press("Q");
        let shown = text(&paint(&person.app, width, height));
        let first = shown.find("N-0401   today 14:05      anna       purpose of an activity");
        let second = shown.find("N-0402   today 14:05");
        assert!(first.unwrap() < second.unwrap(), "{shown}");
        assert!(shown.contains("Open queries: 2, oldest first"), "{shown}");
        assert!(shown.contains("What was this activity done for?"), "{shown}");
        assert!(shown.contains("[ ] unable to determine"), "{shown}");
        assert!(shown.contains("a answer  x close unanswered"), "{shown}");
    }
}

#[test]
fn an_answer_goes_into_the_decision_that_ends_the_query() {
    let mut person = asked(120, 40);
    person.press("Q Down a");
    person.type_in("She practised stairs.");
    person.press("Enter");
    assert_eq!(person.open(), Some(NoteId(1)));
    assert_eq!(person.desk.log.len(), 2, "nothing is recorded before a decision");
    assert!(person.said().contains("Answer kept for N-0402, not recorded yet"));
    person.press("a");
    let (seq, decision) = amended(&person, 2);
    assert_eq!((seq, decision.kind), (2, DecisionKind::Accept));
    assert_eq!(decision.comment.as_deref(), Some("Answer: She practised stairs."));
    assert_eq!(decision.reason.as_deref(), Some("query-answered"));
    person.press("Q");
    let Some(Layer::Queries(list)) = person.app.layer() else { panic!() };
    assert_eq!(list.waiting().len(), 1);
}

#[test]
fn an_answer_that_leads_to_another_query_is_recorded_with_it() {
    let mut person = asked(120, 40);
    person.press("Q a");
    person.type_in("Stairs.");
    person.press("Enter q 1 Shift-Tab Shift-Tab Shift-Tab Enter");
    let (seq, decision) = amended(&person, 2);
    assert_eq!((seq, decision.kind), (1, DecisionKind::Query));
    let words = decision.comment.unwrap();
    assert!(words.starts_with("Answer: Stairs.\nWhat was done in this time?"), "{words}");
}

#[test]
fn a_query_is_closed_only_with_a_reason_and_the_list_stays() {
    let mut person = asked(120, 40);
    person.press("Q x Enter");
    assert!(person.said().contains("needs a reason") && person.desk.log.len() == 2);
    person.type_in("no answer in two weeks");
    person.press("Esc x");
    let Some(Layer::Prompt(prompt)) = person.app.layer() else { panic!() };
    assert_eq!(prompt.field.text(), "no answer in two weeks", "typed words are kept");
    person.press("Enter");
    let (seq, decision) = amended(&person, 2);
    assert_eq!((seq, decision.kind), (1, DecisionKind::Defer));
    assert_eq!(decision.reason.as_deref(), Some("query-closed"));
    assert_eq!(decision.comment.as_deref(), Some("no answer in two weeks"));
    let Some(Layer::Queries(list)) = person.app.layer() else { panic!("{}", person.said()) };
    let keys: Vec<&str> = list.waiting().iter().map(|query| query.key.as_str()).collect();
    assert_eq!(keys, ["N-0402"]);
    person.press("Esc u");
    assert_eq!(person.desk.acts().last().unwrap(), "withdraw 3");
}

#[test]
fn a_query_opens_its_note_and_copies_without_words_of_the_note() {
    let mut person = asked(120, 40);
    person.press("Q y");
    let Some(ForTerminal::Copy(text)) = person.terminal.last() else { panic!() };
    assert!(text.starts_with("About note N-0401\nWhat was this activity done for?"), "{text}");
    person.press("Enter");
    assert_eq!((person.open(), person.app.layer().is_none()), (Some(NoteId(0)), true));
}

#[test]
fn the_palette_lists_open_queries_and_an_empty_list_says_so() {
    let mut person = Person::at(settings(), MemoryDesk::sample(3), 80, 24);
    person.press(":");
    person.type_in("open queries");
    person.press("Enter");
    assert!(matches!(person.app.layer(), Some(Layer::Queries(_))), "{}", person.said());
    assert!(text(&paint(&person.app, 80, 24)).contains("No query waits for an answer."));
    person.press("a");
    assert!(person.said().contains("no query waits for an answer"), "{}", person.said());
}

#[test]
fn a_blind_review_lists_its_own_queries_only() {
    let mut person = asked(120, 40);
    person.app.settings.blind = Blind::Evidence;
    person.app.settings.coder = "ben".into();
    person.press("Q");
    let Some(Layer::Queries(list)) = person.app.layer() else { panic!() };
    assert!(list.waiting().is_empty());
}

#[test]
fn the_log_tells_open_queries_until_they_are_answered_or_taken_back() {
    let clinic = Clinic::new(4);
    let mut office = clinic.office("anna");
    for id in [2, 0, 1] {
        let opened = open(&mut office, id);
        let mut asked = decided(&opened, DecisionKind::Query, Some("What was done?\n[ ] other"));
        asked.reason = Some("query-activity".into());
        let act = Act::Decide(Box::new(asked));
        office.record(u64::from(id) + 1, &[entry(&opened, act)]).unwrap();
        clinic.wait(24 * 60);
    }
    let found = office.open_queries().unwrap();
    let told: Vec<_> =
        found.waiting.iter().map(|query| (query.id.unwrap().0, query.days)).collect();
    assert_eq!((told, found.more), (vec![(2, 3), (0, 2), (1, 1)], 0));
    assert_eq!(found.waiting[0].words, ["What was done?", "[ ] other"]);
    assert_eq!(found.waiting[0].matter, "activity not described");
    let file = clinic.note(&found.waiting[1].key);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, format!("{text}\nAddendum: stairs were practised.\n")).unwrap();
    let opened = open(&mut office, 2);
    let decision = Box::new(decided(&opened, DecisionKind::Accept, None));
    let act = Act::Amend { seq: found.waiting[0].seq, decision };
    office.record(7, &[entry(&opened, act)]).unwrap();
    office.close().unwrap();
    let mut office = clinic.office("anna");
    let found = office.open_queries().unwrap();
    let told: Vec<_> =
        found.waiting.iter().map(|query| (query.id.unwrap().0, query.edited)).collect();
    assert_eq!(told, [(0, true), (1, false)]);
}
