//! Keys about the queue: bulk acts, filter, marks, what is kept for the next start.

use rubric::model::{Decision, Via};
use rubric::review::{Act, NoteId, Resume};
use rubric::tui::app::Layer;
use rubric::tui::effects::ForTerminal;
use rubric::tui::message::Effect;
use rubric::tui::{App, Message};

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, paint, settings, text};

fn decision(person: &Person, at: usize) -> Decision {
    match &person.desk.log[at].act {
        Act::Decide(decision) => (**decision).clone(),
        other => panic!("no decision: {other:?}"),
    }
}

#[test]
fn bulk_needs_the_count_and_leaves_out_what_is_not_clear() {
    let mut person = Person::new();
    person.press("l Space Space g 1 2 Enter l Space g 1 5 Enter l Space A");
    let Some(Layer::Bulk(form)) = person.app.layer() else { panic!("{}", person.said()) };
    assert_eq!(form.ready.len(), 2);
    assert_eq!(form.left.len(), 2);
    assert!(form.ready[&NoteId(0)].opened && !form.ready[&NoteId(1)].opened);
    person.press("Enter");
    assert!(person.desk.log.is_empty());
    person.press("3 Enter");
    assert!(person.desk.log.is_empty() && person.said().contains("not the number"));
    person.press("2 Enter");
    assert_eq!(person.desk.acts(), ["accept N-0401", "accept N-0402"]);
    assert_eq!(decision(&person, 1).via, Via::Bulk);
    person.press("u");
    assert!(matches!(person.app.layer(), Some(Layer::UndoBulk)));
    person.press("n u y");
    assert_eq!(person.desk.acts()[2..], ["withdraw 1", "withdraw 2"]);
    assert_eq!(person.app.marks().len(), 4);
}

#[test]
fn bulk_never_reaches_hidden_notes_unasked() {
    let mut person = Person::new();
    person.press("l Space Space /");
    person.type_in("N-0402");
    person.press("Enter A");
    let Some(Layer::Bulk(form)) = person.app.layer() else { panic!() };
    assert_eq!((form.ready.len(), form.left.len()), (1, 1));
    assert!(form.left[0].hidden);
    person.press("i");
    let Some(Layer::Bulk(form)) = person.app.layer() else { panic!() };
    assert_eq!((form.ready.len(), form.left.len()), (2, 0));
}

#[test]
fn filter_is_live_keeps_the_note_and_can_be_undone() {
    let mut person = Person::on_sample(120, 40);
    person.press("/");
    person.type_in("err");
    assert_eq!(person.app.queue().len(), 1);
    person.press("Enter");
    assert_eq!(person.open(), Some(NoteId(11)));
    person.press("/ Ctrl-U");
    person.type_in("nosuch:1");
    assert!(person.said().contains("no term"), "{}", person.said());
    assert_eq!(person.app.queue().len(), 0, "the last good result stays");
    person.press("Esc u");
    assert_eq!(person.app.queue().len(), 1);
    person.press("u");
    assert_eq!(person.app.queue().len(), 240);
    person.press("v 6");
    assert_eq!(person.app.queue().len(), 1);
    assert_eq!(person.open(), Some(NoteId(14)));
    person.press("u");
    assert_eq!(person.app.queue().len(), 240);
}

#[test]
fn decided_rows_stay_until_the_filter_is_applied_again() {
    let mut person = Person::at(settings(), MemoryDesk::sample(5), 120, 40);
    person.press("v 1 a");
    assert_eq!(person.app.queue().len(), 5);
    person.press("v 1");
    assert_eq!(person.app.queue().len(), 4);
}

#[test]
fn late_answers_of_the_filter_are_dropped() {
    let mut person = Person::new();
    person.press("v 6");
    let order = rubric::review::Order::Picked(vec![NoteId(3)]);
    person.send(Message::Arranged { generation: 0, order: Ok(order) });
    assert_eq!(person.app.queue().selected(), Some(NoteId(14)));
}

#[test]
fn flags_marks_and_quit() {
    let mut person = Person::new();
    person.press("f");
    person.type_in("task?");
    person.press("Enter f");
    assert_eq!(person.desk.acts(), ["flag N-0401", "unflag N-0401"]);
    person.press("Space x u");
    assert_eq!(person.app.marks().len(), 1);
    person.press("1 Ctrl-C n");
    assert!(person.terminal.is_empty());
    person.press("Ctrl-C y");
    assert_eq!(person.terminal, [ForTerminal::Quit]);
    let kept = person.desk.kept.clone().unwrap();
    assert_eq!(kept.marks.len(), 1);
    assert_eq!(serde_json::to_string(&kept).unwrap().matches("Sit").count(), 0);
}

#[test]
fn flags_on_all_marked_notes_are_one_undo() {
    let mut person = Person::new();
    person.press("Space j Space F");
    person.type_in("task?");
    person.press("Enter u");
    let acts = person.desk.acts();
    assert_eq!(acts, ["flag N-0401", "flag N-0402", "unflag N-0401", "unflag N-0402"]);
    assert!(person.desk.flagged.is_empty());
}

#[test]
fn resume_brings_note_marks_and_codes_back() {
    let mut person = Person::on_sample(120, 40);
    person.press("Space n n 1 Ctrl-C y");
    let kept = person.desk.kept.clone().unwrap();
    let json = serde_json::to_string(&kept).unwrap();
    let mut app = App::new(settings(), 240);
    app.take_up(serde_json::from_str(&json).unwrap());
    let effects = app.start();
    assert!(effects.contains(&Effect::Open(NoteId(11))), "{effects:?}");
    assert!(app.marks().contains(&NoteId(11)) && app.draft(NoteId(11)).is_some());
}

#[test]
fn notes_that_are_listed_later_join_the_queue_and_what_was_kept_for_them_comes_back() {
    let mut person = Person::new();
    person.app.expect_more();
    let effects = person.app.update(Message::Listed { total: 400, whole: false });
    assert!(effects.is_empty(), "{effects:?}");
    assert_eq!(person.app.queue().len(), 400);
    assert!(text(&paint(&person.app, 80, 24)).contains("of 400…"));
    let effects = person.app.update(Message::Listed { total: 500, whole: true });
    assert_eq!(effects, [Effect::RestOfResume], "a queue in its own order needs no other");
    assert!(!text(&paint(&person.app, 80, 24)).contains('…'));
    let resume =
        Resume { note: Some(NoteId(450)), marks: [NoteId(444)].into(), ..Resume::default() };
    let effects = person.app.update(Message::RestOfResume(resume.clone()));
    assert!(effects.contains(&Effect::Open(NoteId(450))), "{effects:?}");
    assert!(person.app.marks().contains(&NoteId(444)));

    // Under the hands of a person nothing moves; a filter goes over all notes once they are there.
    let mut person = Person::new();
    person.press("v 1");
    person.app.expect_more();
    let effects = person.app.update(Message::Listed { total: 500, whole: true });
    assert!(matches!(&effects[..], [Effect::RestOfResume, Effect::Arrange { .. }]), "{effects:?}");
    assert!(person.app.update(Message::RestOfResume(resume)).is_empty());
}

#[test]
fn facts_of_rows_out_of_view_need_no_picture() {
    let mut person = Person::on_sample(120, 40);
    let _ = person.app.take_outdated();
    let _ = person.app.update(Message::Known(vec![NoteId(200)]));
    assert!(!person.app.take_outdated());
    let _ = person.app.update(Message::Known(vec![NoteId(12)]));
    assert!(person.app.take_outdated());
    person.press("j");
    assert!(person.app.take_outdated());
}

#[test]
fn a_small_queue_begins_with_the_riskiest_note_and_a_key_keeps_the_place() {
    let begin = |count, key: Option<&str>| {
        let mut desk = MemoryDesk::sample(count);
        desk.arranges_later = true;
        let mut app = App::new(settings(), count);
        app.sort_by_default(rubric::review::Sort::Risk);
        let mut person = Person { app, desk, at: 10_000, terminal: Vec::new() };
        person.send(Message::Resized { width: 120, height: 40 });
        let effects = person.app.start();
        person.settle(effects);
        if let Some(key) = key {
            person.press(key);
        }
        let order = std::mem::take(&mut person.desk.arranged_later);
        assert_eq!(person.open().is_some(), order.is_none(), "no note before the first order");
        if let Some((generation, order)) = order {
            person.send(Message::Arranged { generation, order });
        }
        person
    };
    assert_eq!(begin(20, None).open(), Some(NoteId(11)), "the one with errors");
    assert_eq!(begin(20, Some("m")).open(), Some(NoteId(0)), "somebody is at work already");
    // A large queue is not read without being asked.
    let person = begin(20_001, None);
    assert_eq!(person.open(), Some(NoteId(0)));
    assert!(person.said().contains("s sorts them"), "{}", person.said());
}
