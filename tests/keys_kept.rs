//! What was typed comes back, what was decided is not decided again by a slip, blind stays blind.

use rubric::review::{Act, NoteId, ProblemKind, Sort};
use rubric::tui::app::{Blind, Layer};

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, paint, settings, text};

/// Opens the form on the sample, gives it a code, the last reason and a comment, and records.
fn form_with_comment(person: &mut Person) {
    person.press("n n c 1 Tab");
    while !matches!(person.app.layer(), Some(Layer::Change(form)) if form.focus == rubric::tui::app::FormFocus::Reason)
    {
        person.press("Tab");
    }
    person.press("8");
    person.type_in("wall walks were ranged");
    person.press("Tab");
}

#[test]
fn a_lease_lost_in_the_form_takes_reason_and_comment_into_the_second_opinion() {
    let mut person = Person::on_sample(120, 40);
    form_with_comment(&mut person);
    person.desk.fault = Some(ProblemKind::LeaseLost);
    person.press("Enter");
    assert!(matches!(person.app.layer(), Some(Layer::LeaseLost(_))), "{}", person.said());
    person.press("s");
    let Act::SecondOpinion(decision) = &person.desk.log[0].act else { panic!() };
    assert_eq!(decision.comment.as_deref(), Some("wall walks were ranged"));
    assert_ne!(decision.reason.as_deref(), Some("second-opinion"));
    assert!(person.app.layer().is_none());
}

#[test]
fn the_next_open_note_is_reached_from_a_lost_lease_and_the_form_stays_a_draft() {
    let mut person = Person::on_sample(120, 40);
    form_with_comment(&mut person);
    person.desk.fault = Some(ProblemKind::LeaseLost);
    person.press("Enter o");
    assert!(person.app.layer().is_none());
    assert_eq!(person.open(), Some(NoteId(12)));
    let draft = person.app.draft(NoteId(11)).unwrap();
    assert_eq!(draft.values().comment, "wall walks were ranged");
    assert!(person.desk.log.is_empty());
}

#[test]
fn a_question_typed_when_the_lease_was_lost_waits_at_its_note() {
    let mut person = Person::on_sample(120, 40);
    person.press("q Tab");
    person.type_in("Which side?");
    person.press("Shift-Tab Shift-Tab Shift-Tab Shift-Tab");
    person.desk.fault = Some(ProblemKind::LeaseLost);
    person.press("Enter o");
    assert!(person.app.layer().is_none() && person.desk.log.is_empty(), "{}", person.said());
    assert_eq!(person.open(), Some(NoteId(12)));
    person.press("k q");
    let Some(Layer::Query(form)) = person.app.layer() else { panic!() };
    assert!(form.question.text().ends_with("Which side?"));
}

#[test]
fn the_list_is_left_for_the_note_under_its_cursor() {
    for leaves in ["Esc", "l"] {
        let mut person = Person::new();
        person.press("l Down Down");
        assert_eq!(person.open(), Some(NoteId(0)), "the list only lists");
        person.press("i");
        assert!(person.app.layer().is_none() && person.said().contains("Enter opens"));
        person.press(leaves);
        assert_eq!(person.open(), Some(NoteId(2)));
        person.press("a");
        assert_eq!(person.desk.acts(), ["accept N-0403"]);
    }
}

#[test]
fn a_decided_note_is_neither_put_off_nor_asked_about_by_one_key() {
    let mut person = Person::new();
    person.press("a k d");
    assert!(person.said().contains("c changes it"), "{}", person.said());
    person.press("q a");
    assert!(person.said().contains("Already accepted"), "{}", person.said());
    assert_eq!(person.desk.acts(), ["accept N-0401"]);
}

#[test]
fn questions_and_reasons_typed_and_left_come_back() {
    let mut person = Person::on_sample(120, 40);
    person.press("q Tab");
    person.type_in("Which side?");
    person.press("Esc");
    assert!(person.said().contains("kept"), "{}", person.said());
    person.press("q");
    let Some(Layer::Query(form)) = person.app.layer() else { panic!() };
    assert!(form.question.text().ends_with("Which side?"));
    person.press("Esc j q");
    let Some(Layer::Query(form)) = person.app.layer() else { panic!() };
    assert!(!form.question.text().contains("Which side?"), "another note asks anew");
    person.press("Esc k f");
    person.type_in("is it 97530");
    person.press("Esc f");
    let Some(Layer::Prompt(prompt)) = person.app.layer() else { panic!() };
    assert_eq!(prompt.field.text(), "is it 97530");
    person.press("Enter");
    assert_eq!(person.desk.acts(), ["flag N-0412"]);
}

#[test]
fn a_step_of_the_form_is_taken_back_in_the_form() {
    let mut person = Person::new();
    person.press("a c 1");
    assert!(person.app.draft(NoteId(1)).is_some());
    person.press("u");
    assert!(person.app.draft(NoteId(1)).is_none());
    assert!(matches!(person.app.layer(), Some(Layer::Change(_))));
    person.press("u");
    assert_eq!(person.desk.acts(), ["accept N-0401"], "no decision is taken back from a form");
}

#[test]
fn blind_mode_gives_nothing_away_by_filter_order_view_or_table() {
    let mut settings = settings();
    settings.blind = Blind::Evidence;
    let mut person = Person::at(settings, MemoryDesk::sample(20), 120, 40);
    for filter in ["code:97530", "-err", "lead<3", "units<>billed", "open outcome:abstain"] {
        person.press("/");
        person.type_in(filter);
        let seen = text(&paint(&person.app, 80, 24));
        assert!(seen.contains("would tell what the program found"), "{filter}:\n{seen}");
        person.press("Esc");
        assert_eq!(person.app.queue().len(), 20, "{filter}");
    }
    for (place, order) in Sort::ALL.into_iter().enumerate() {
        person.press("s Home");
        for _ in 0..place {
            person.press("Down");
        }
        person.press("Enter");
        let refused = person.said().contains("Blind");
        assert_eq!(refused, order.tells_findings(), "{order:?}: {}", person.said());
    }
    person.press(":");
    person.type_in("export");
    person.press("Enter Enter");
    assert!(person.said().contains("Blind"), "{}", person.said());
}
