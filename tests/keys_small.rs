//! Keys and clicks that small faults were found by: what is said, what is counted, where one lands.

use std::sync::Arc;

use rubric::model::Note;
use rubric::review::NoteId;
use rubric::tui::Message;
use rubric::tui::app::{FormFocus, Layer, Screen};
use rubric::tui::effects::ForTerminal;
use rubric::tui::message::Mouse;

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, paint, settings, text};

/// Clicks on the first sign of some words on the screen.
fn click(person: &mut Person, words: &str) {
    let (width, height) = (120, 40);
    let buffer = paint(&person.app, width, height);
    let found = (0..height).find_map(|y| {
        let row: Vec<&str> = (0..width).map(|x| buffer[(x, y)].symbol()).collect();
        let at = row.concat().find(words)?;
        let x = row.concat()[..at].chars().count();
        Some((u16::try_from(x).unwrap(), y))
    });
    let (x, y) = found.unwrap_or_else(|| panic!("{words} is not in\n{}", text(&buffer)));
    click_at(person, x, y);
}

fn click_at(person: &mut Person, x: u16, y: u16) {
    person.at += 1000;
    person.send(Message::Mouse { what: Mouse::Click, x, y, at: person.at });
}

fn copies(person: &Person) -> Vec<&str> {
    let copied = person.terminal.iter().filter_map(|left| match left {
        ForTerminal::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    copied.collect()
}

#[test]
fn a_key_that_stands_for_nothing_says_so() {
    let mut person = Person::on_sample(80, 24);
    person.press("Z");
    assert_eq!(person.said(), "Z does nothing here.   ? lists the keys");
    person.press("l 7");
    assert_eq!(person.said(), "7 does nothing here.   ? lists the keys");
}

#[test]
fn an_order_is_said_with_its_count() {
    let mut person = Person::new();
    person.press("s 2");
    assert_eq!(person.said(), "Sorted by oldest. 240 of 240 notes.");
    person.press("v 1");
    assert_eq!(person.said(), "View: open. 240 of 240 notes.");
}

#[test]
fn what_was_taken_back_is_no_decision_of_the_session() {
    let mut person = Person::new();
    person.press("a u a d u Ctrl-C");
    let shown = text(&paint(&person.app, 120, 40));
    assert!(shown.contains("Recorded in this session: 1."), "{shown}");
    person.press("n l Space Space A 2 Enter u y Ctrl-C");
    let shown = text(&paint(&person.app, 120, 40));
    assert!(shown.contains("Recorded in this session: 1."), "{shown}");
}

#[test]
fn long_keys_stand_whole_where_few_codes_are_suggested() {
    let mut desk = MemoryDesk::sample(3);
    let key = "outpatient-clinic-north-2026-0001";
    let (note, analysis) = desk.notes[0].clone();
    desk.notes[0] = (Arc::new(Note { key: key.into(), ..(*note).clone() }), analysis);
    let mut person = Person::at(settings(), desk, 120, 40);
    person.press("l");
    let shown = text(&paint(&person.app, 120, 40));
    let row = shown.lines().find(|line| line.contains("6-0001")).unwrap();
    let cell = row.split_whitespace().find(|cell| cell.ends_with("6-0001")).unwrap();
    assert!(cell.chars().count() >= 20, "{row}");
    assert!(
        shown.lines().all(|line| line.chars().count() <= 120) && row.ends_with("open"),
        "{row}"
    );
}

#[test]
fn help_parts_the_longest_key_from_its_words() {
    let mut person = Person::new();
    person.press("?");
    person.type_in("previous pane");
    assert!(text(&paint(&person.app, 120, 40)).contains("Shift-Tab previous pane"));
}

#[test]
fn another_text_is_copied_and_only_the_same_again_is_shown_alone() {
    let mut person = Person::on_sample(120, 40);
    person.press("n n y 2 y 5");
    assert_eq!(copies(&person).len(), 2);
    assert_eq!(copies(&person)[1], "N-0412");
    assert!(person.app.layer().is_none());
    person.press("y 5");
    assert!(matches!(person.app.layer(), Some(Layer::Plain(text)) if text == "N-0412"));
}

#[test]
fn about_a_warning_and_the_history_are_copied_as_what_they_are() {
    let mut person = Person::on_sample(120, 40);
    person.press("i y");
    assert!(copies(&person)[0].starts_with("Key          N-0412\n"), "{:?}", copies(&person));
    person.press("Esc h y");
    assert_eq!(copies(&person)[1], "N-0412\n");
    person.press("Esc w Tab Enter y");
    assert!(copies(&person)[2].starts_with("N-0412 U1: 97530 billed x2"), "{:?}", copies(&person));
}

#[test]
fn a_filter_without_hits_leaves_no_note_to_decide() {
    let mut person = Person::on_sample(120, 40);
    person.press("/");
    person.type_in("nothing-is-called-so");
    person.press("Enter");
    assert_eq!((person.open(), person.app.queue().len()), (None, 0));
    person.press("a");
    assert!(person.desk.log.is_empty() && person.said().contains("no note is open"));
    person.press("u");
    assert_eq!(person.open(), Some(NoteId(11)));
}

#[test]
fn points_and_figures_opened_in_the_queue_go_back_to_it() {
    let mut person = Person::on_sample(120, 40);
    for keys in ["l e Esc", "b Esc"] {
        person.press(keys);
        assert_eq!(person.app.screen(), Screen::Queue, "{keys}");
    }
    person.press("Esc e Esc");
    assert_eq!(person.app.screen(), Screen::Review);
}

#[test]
fn tab_says_where_there_is_one_pane() {
    let mut person = Person::on_sample(120, 40);
    person.press("l Tab");
    assert!(person.said().contains("There is one pane here"), "{}", person.said());
}

#[test]
fn a_click_on_a_warning_goes_to_its_words() {
    let mut person = Person::on_sample(120, 40);
    person.press("m");
    click(&mut person, "VG-0001");
    assert!(person.said().starts_with("? VG-0001"), "{}", person.said());
    click(&mut person, "97112 8 min, not");
    assert!(person.said().starts_with("? U2"), "{}", person.said());
}

#[test]
fn clicks_choose_rows_of_menus_and_press_buttons() {
    let mut person = Person::on_sample(120, 40);
    person.press("m s");
    click(&mut person, "newest");
    assert!(person.said().starts_with("Sorted by newest."), "{}", person.said());
    person.press("c");
    click(&mut person, "[2] the note does not");
    let Some(Layer::Change(form)) = person.app.layer() else { panic!() };
    assert_eq!(form.reason, Some(1));
    click(&mut person, "Cancel ]");
    assert!(person.app.layer().is_none(), "{}", person.said());
    person.press(":");
    person.type_in("old mess");
    click(&mut person, "old messages of this session");
    assert!(matches!(person.app.layer(), Some(Layer::Messages { .. })));
    assert!(person.desk.log.is_empty());
}

#[test]
fn a_click_on_a_button_records_once_through_the_guards() {
    let mut person = Person::on_sample(120, 40);
    person.press("m n n q 1");
    click(&mut person, "Record query");
    assert_eq!(person.desk.acts(), ["query N-0412"]);
    person.press("c");
    click(&mut person, "[1] another");
    click(&mut person, "Record change");
    let (x, y) = (60, 30);
    click_at(&mut person, x, y);
    assert_eq!(person.desk.acts().len(), 2, "{:?}", person.desk.acts());
}

#[test]
fn words_about_typing_are_no_keys_to_click() {
    let mut person = Person::on_sample(120, 40);
    person.press("m c");
    click_at(&mut person, 1, 39);
    click_at(&mut person, 3, 39);
    let Some(Layer::Change(form)) = person.app.layer() else { panic!("{:?}", person.app.layer()) };
    assert_eq!(form.focus, FormFocus::Segments);
}
