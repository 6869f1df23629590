//! Keys in, effects out: deciding, guards, undo, bulk, filter, failures.

use rubric::model::{DecisionKind, Via};
use rubric::review::{Act, NoteId, ProblemKind, State};
use rubric::tui::Message;
use rubric::tui::app::{Blind, FormFocus, Layer, Screen};
use rubric::tui::effects::ForTerminal;
use rubric::tui::key::Key;
use rubric::tui::message::{Effect, Mouse};

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, paint, settings, text};

fn decision(person: &Person, at: usize) -> rubric::model::Decision {
    match &person.desk.log[at].act {
        Act::Decide(decision) | Act::Amend { decision, .. } => (**decision).clone(),
        other => panic!("no decision: {other:?}"),
    }
}

/// Presses Tab until a field of the form for a change has the focus.
fn tab_to(person: &mut Person, focus: FormFocus) {
    for _ in 0..20 {
        match person.app.layer() {
            Some(Layer::Change(form)) if form.focus == focus => return,
            _ => person.press("Tab"),
        }
    }
    panic!("no such field");
}

#[test]
fn accept_records_once_and_the_next_open_note_comes_after_the_answer() {
    let mut person = Person::new();
    assert_eq!(person.open(), Some(NoteId(0)));
    person.at += 1000;
    let effects = person.app.update(Message::Key { key: Key::Char('a'), at: person.at });
    assert_eq!(effects.len(), 1);
    assert!(matches!(&effects[0], Effect::Record { entries, .. } if entries.len() == 1));
    assert_eq!(person.open(), Some(NoteId(0)), "no move before the answer");
    assert!(!person.said().contains("Recorded"), "nothing is said before the answer");
    let mut person = Person::new();
    person.press("a");
    assert_eq!(person.desk.acts(), ["accept N-0401"]);
    assert_eq!(person.open(), Some(NoteId(1)));
    assert_eq!(
        person.said(),
        "Recorded: accept N-0401 (97110 x1, 97530 x1). Next note: N-0402.   u undoes it"
    );
    let made = decision(&person, 0);
    assert_eq!((made.via, made.evidence_seen), (Via::Suggestion, false));
}

#[test]
fn accept_with_an_open_segment_goes_there_and_names_the_keys() {
    let mut person = Person::on_sample(120, 40);
    person.press("a");
    assert!(person.desk.log.is_empty());
    assert_eq!(person.app.note().unwrap().segment, 2);
    assert_eq!(person.said(), "Segment 3 is open: 3 97530 or 1 97110, or q");
    // A code that was shown is an accept; errors about billed lines do not block.
    person.press("1 a");
    assert_eq!(person.desk.acts(), ["accept N-0412"]);
    let lines = decision(&person, 0).lines;
    let units: Vec<_> = lines.iter().map(|l| (l.code.to_string(), l.units)).collect();
    let want = [("97110", 1), ("97112", 1), ("97530", 1)];
    assert_eq!(units, want.map(|(code, units)| (code.to_owned(), Some(units))));
}

#[test]
fn an_error_in_the_lines_blocks_until_it_is_hidden_with_a_reason() {
    let mut desk = MemoryDesk::sample(3);
    let mut analysis = (*desk.notes[0].1).clone();
    let mut fault = crate::support::sample::analysis().warnings[0].clone();
    "timed-exceeds-total".clone_into(&mut fault.name);
    analysis.warnings.push(fault);
    desk.notes[0].1 = analysis.into();
    let mut person = Person::at(settings(), desk, 120, 40);
    person.press("a");
    assert!(person.desk.log.is_empty() && person.said().starts_with("U1"), "{}", person.said());
    person.press("-");
    person.type_in("seen");
    person.press("Enter a");
    assert_eq!(person.desk.acts(), ["suppress U1", "accept N-0401"]);
}

#[test]
fn another_code_opens_the_form_and_needs_a_reason() {
    let mut person = Person::new();
    person.press("2 a");
    assert!(person.desk.log.is_empty());
    assert!(
        matches!(person.app.layer(), Some(Layer::Change(form)) if form.focus == FormFocus::Reason)
    );
    person.press("1");
    person.press("Enter");
    assert_eq!(person.desk.acts(), ["change N-0401"]);
    let made = decision(&person, 0);
    assert_eq!((made.via, made.reason.as_deref()), (Via::OwnCode, Some("other-code")));
    assert!(person.app.layer().is_none());
}

#[test]
fn a_form_without_a_reason_records_nothing_and_reason_eight_needs_a_comment() {
    let mut person = Person::new();
    person.press("c 2 Tab Tab Tab Tab Tab Tab Tab Enter");
    assert!(person.desk.log.is_empty(), "{:?}", person.desk.acts());
    let mut person = Person::new();
    person.press("c 2");
    tab_to(&mut person, FormFocus::Reason);
    person.press("8");
    assert!(matches!(person.app.layer(), Some(Layer::Change(f)) if f.focus == FormFocus::Comment));
    person.press("Tab Enter");
    assert!(person.desk.log.is_empty() && person.said().contains("comment"), "{}", person.said());
    person.type_in("because");
    person.press("Tab Enter");
    assert_eq!(person.desk.acts(), ["change N-0401"]);
    assert_eq!(decision(&person, 0).comment.as_deref(), Some("because"));
}

#[test]
fn undo_takes_steps_then_decisions_back_and_restores_the_draft() {
    let mut person = Person::on_sample(120, 40);
    person.press("n n 1 u");
    assert!(person.app.draft(NoteId(11)).is_none());
    assert_eq!(person.said(), "Undone: segment 3 = 97110.");
    person.press("1 a");
    assert_eq!(person.desk.acts(), ["accept N-0412"]);
    person.press("u");
    assert_eq!(person.desk.acts(), ["accept N-0412", "withdraw 1"]);
    assert_eq!(person.open(), Some(NoteId(11)));
    assert!(person.said().ends_with("Back at N-0412."), "{}", person.said());
    assert_eq!(person.app.draft(NoteId(11)).unwrap().values().choices.len(), 1);
    person.press("a");
    assert_eq!(person.desk.acts(), ["accept N-0412", "withdraw 1", "accept N-0412"]);
}

#[test]
fn held_keys_decide_once_and_a_fresh_note_takes_no_decision() {
    let mut person = Person::new();
    person.press("a");
    for _ in 0..160 {
        person.press_after(30, "a");
    }
    assert_eq!(person.desk.acts().len(), 1);
    assert!(person.said().starts_with("Held key"), "{}", person.said());
    let mut person = Person::new();
    person.press("j");
    person.press_after(100, "a");
    assert!(person.desk.log.is_empty() && person.said().starts_with("Too soon"));
    let mut person = Person::new();
    person.press("j");
    person.press_after(200, "a");
    assert_eq!(person.desk.log.len(), 1);
}

#[test]
fn released_keys_decide_again_at_once_where_releases_are_told() {
    let mut person = Person::new();
    person.send(Message::Released { key: Key::Char('x') });
    person.press("a");
    person.press_after(300, "a");
    assert_eq!(person.desk.log.len(), 1);
    person.send(Message::Released { key: Key::Char('a') });
    person.press_after(300, "a");
    assert_eq!(person.desk.log.len(), 2);
}

#[test]
fn bursts_and_pastes_decide_nothing_but_are_text_in_a_field() {
    let mut person = Person::new();
    person.send(Message::Burst { text: "aaqd1".into(), at: 20_000 });
    assert!(person.desk.log.is_empty());
    assert_eq!(person.said(), "Paste ignored: 5 keys");
    person.at = 20_000;
    person.press_after(40, "a");
    assert!(person.desk.log.is_empty(), "what follows without a pause belongs to the paste");
    person.press("/");
    person.send(Message::Paste { text: "open\nerr".into(), at: person.at + 1000 });
    assert!(matches!(person.app.layer(), Some(Layer::Prompt(p)) if p.field.text() == "open err"));
    let mut person = Person::new();
    person.send(Message::Repeat { key: Key::Char('j'), times: 5, at: 20_000 });
    assert_eq!(person.app.queue().cursor(), 5);
    person.send(Message::Repeat { key: Key::Char('a'), times: 5, at: 30_000 });
    assert!(person.desk.log.is_empty());
}

#[test]
fn query_is_neutral_and_keeps_words_of_the_note_out_of_the_log() {
    let mut person = Person::on_sample(120, 40);
    person.press("n n q");
    let Some(Layer::Query(form)) = person.app.layer() else { panic!() };
    assert_eq!(form.draft.template, 1);
    let on: Vec<bool> = form.draft.answers.iter().map(|answer| answer.on).collect();
    assert_eq!(on, [true, true, false, false]);
    person.press("Tab");
    person.type_in(" Bill 97530?");
    person.press("Tab Tab Tab Tab Tab Enter");
    assert!(person.desk.log.is_empty() && person.said().contains("names a code"));
    person.press("Ctrl-U");
    person.type_in("What was it for?");
    person.press("Tab Tab Tab Tab Tab Enter");
    assert_eq!(person.desk.acts(), ["query N-0412"]);
    let made = decision(&person, 0);
    let comment = made.comment.unwrap();
    assert!(comment.contains("unable to determine") && !comment.contains("laundry"), "{comment}");
    assert_eq!(made.reason.as_deref(), Some("query-purpose"));
}

#[test]
fn defer_records_at_once_and_the_end_of_the_queue_is_said() {
    let mut person = Person::at(settings(), MemoryDesk::sample(2), 80, 24);
    person.press("d d");
    assert_eq!(person.desk.acts(), ["defer N-0401", "defer N-0402"]);
    assert!(matches!(person.app.layer(), Some(Layer::Summary)));
    assert_eq!(decision(&person, 0).reason.as_deref(), Some("second-look"));
}

#[test]
fn a_failed_write_blocks_keeps_the_work_and_a_retry_records_once() {
    let mut person = Person::new();
    person.press("c 2");
    tab_to(&mut person, FormFocus::Reason);
    person.desk.fault = Some(ProblemKind::Store);
    person.press("1 Enter");
    assert!(matches!(person.app.layer(), Some(Layer::Blocked)), "{}", person.said());
    assert!(person.desk.log.is_empty());
    person.press("a j Esc n");
    assert!(matches!(person.app.layer(), Some(Layer::Blocked)), "nothing else works");
    person.press("r");
    assert_eq!(person.desk.acts(), ["change N-0401"]);
    assert!(person.app.layer().is_none());
}

#[test]
fn a_lost_lease_keeps_the_draft_and_offers_a_second_opinion() {
    let mut person = Person::on_sample(120, 40);
    person.press("n n 1");
    person.desk.fault = Some(ProblemKind::LeaseLost);
    person.press("a");
    assert!(matches!(person.app.layer(), Some(Layer::LeaseLost(_))));
    assert!(person.app.draft(NoteId(11)).is_some());
    person.press("s");
    assert_eq!(person.desk.acts(), ["second accept N-0412"]);
}

#[test]
fn an_edited_note_is_refused_and_choices_follow_their_words() {
    let mut person = Person::on_sample(120, 40);
    person.press("n n 1");
    person.desk.fault = Some(ProblemKind::NoteChanged);
    person.press("a");
    assert!(matches!(person.app.layer(), Some(Layer::Changed)));
    let mut note = (*person.desk.notes[11].0).clone();
    note.fingerprint = "other".into();
    person.desk.notes[11].0 = note.into();
    person.press("r");
    assert_eq!(person.app.draft(NoteId(11)).unwrap().values().choices.len(), 1);
    person.press("a");
    assert_eq!(person.desk.log[0].note.fingerprint, "other");
}

#[test]
fn notes_of_others_and_read_only_reviews_say_why() {
    let mut desk = MemoryDesk::sample(3);
    desk.taken.insert(NoteId(0));
    let mut person = Person::at(settings(), desk, 80, 24);
    person.press("a c q d 1");
    assert!(person.desk.log.is_empty() && person.said().contains("somebody else"));
    let mut settings = settings();
    settings.read_only = Some("log went back".into());
    let mut person = Person::at(settings, MemoryDesk::sample(3), 80, 24);
    person.press("a Space A");
    assert!(person.desk.log.is_empty() && person.said().contains("read only"));
}

#[test]
fn blind_hides_everything_until_the_own_answer_is_recorded() {
    let mut settings = settings();
    settings.blind = Blind::Evidence;
    let mut person = Person::at(settings, MemoryDesk::sample(20), 120, 40);
    person.press("g 1 2 Enter e t w");
    let seen = text(&paint(&person.app, 120, 40));
    for hidden in ["suggest", "lead", "U1", "VG-0001", "because", " T  ", "o1"] {
        assert!(!seen.contains(hidden), "{hidden}\n{seen}");
    }
    person.press("c y 1 y 4 Esc q 2");
    let Some(Layer::Query(form)) = person.app.layer() else { panic!() };
    assert!(form.draft.answers.iter().all(|answer| answer.on && answer.sign));
    assert!(person.terminal.is_empty(), "{:?}", person.terminal);
    person.press("Esc");
    person.press("a 3 n 1 n 3 n 2 a");
    assert_eq!(person.desk.acts(), ["accept N-0412"]);
    assert_eq!(decision(&person, 0).via, Via::Blind);
    assert!(matches!(person.app.layer(), Some(Layer::Compared)));
    person.press("c");
    assert!(matches!(person.app.layer(), Some(Layer::Change(_))));
}

#[test]
fn a_decided_note_is_changed_by_an_amend() {
    let mut person = Person::at(settings(), MemoryDesk::sample(3), 120, 40);
    person.press("a k a");
    assert_eq!(person.desk.acts(), ["accept N-0401"]);
    assert!(person.said().starts_with("Already accepted"), "{}", person.said());
    person.press("2 c");
    tab_to(&mut person, FormFocus::Reason);
    person.press("1 Enter");
    assert_eq!(person.desk.acts(), ["accept N-0401", "amend 1 change N-0401"]);
}

#[test]
fn small_windows_decide_nothing_and_keep_everything() {
    let mut person = Person::on_sample(120, 40);
    person.press("n n c");
    person.send(Message::Resized { width: 30, height: 10 });
    person.press("a d Enter");
    assert!(person.desk.log.is_empty());
    person.send(Message::Resized { width: 120, height: 40 });
    assert!(matches!(person.app.layer(), Some(Layer::Change(_))));
    assert_eq!(person.app.note().unwrap().segment, 2);
}

#[test]
fn screens_open_and_close() {
    let mut person = Person::on_sample(120, 40);
    person.press("e");
    assert_eq!(person.app.screen(), Screen::Findings);
    assert!(person.app.note().unwrap().seen);
    person.press("Esc b Down Enter");
    assert_eq!(person.app.screen(), Screen::Queue);
    person.press("Esc h Esc i Esc t r Esc ? Esc : Esc s Esc y Esc");
    assert_eq!(person.app.screen(), Screen::Review);
    assert!(person.app.layer().is_none() && person.desk.log.is_empty());
}

#[test]
fn copy_holds_no_words_of_the_note_unless_asked() {
    let mut person = Person::on_sample(120, 40);
    for item in 1..=6 {
        person.press(&format!("j k n n w y {item}"));
    }
    let copies: Vec<&String> = person
        .terminal
        .iter()
        .filter_map(|left| match left {
            ForTerminal::Copy(text) => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(copies.len(), 6);
    assert!(copies[..5].iter().all(|text| !text.contains("laundry") && !text.contains("Bridges")));
    assert!(copies[5].contains("laundry"));
}

#[test]
fn mouse_is_off_until_asked_for_and_hints_pass_the_guards() {
    let mut person = Person::new();
    let click = |x, y, at| Message::Mouse { what: Mouse::Click, x, y, at };
    person.send(click(2, 39, 20_000));
    assert!(person.desk.log.is_empty());
    person.at = 21_000;
    person.press("m");
    assert_eq!(person.terminal, [ForTerminal::Mouse(true)]);
    person.send(click(2, 39, 30_000));
    assert_eq!(person.desk.acts(), ["accept N-0401"]);
    person.send(click(2, 39, 30_100));
    assert_eq!(person.desk.log.len(), 1);
    person.send(click(3, 8, 40_000));
    assert_eq!(person.open(), Some(NoteId(4)));
    person.send(click(500, 500, 41_000));
}

#[test]
fn help_finds_runs_and_says_why_not() {
    let mut person = Person::new();
    person.press("?");
    person.type_in("unmark");
    let seen = text(&paint(&person.app, 120, 40));
    assert!(seen.contains("not now: nothing is marked"), "{seen}");
    person.press("Enter");
    assert!(person.said().starts_with("Not now"));
    person.press("Ctrl-U");
    person.type_in("history of this");
    person.press("Enter");
    assert!(matches!(person.app.layer(), Some(Layer::History { .. })));
    person.press("Esc :");
    person.type_in("accept the lines");
    person.press("Enter");
    assert!(person.desk.log.is_empty(), "decisions have their own key");
}

#[test]
fn state_letters_follow_the_decisions() {
    let mut person = Person::at(settings(), MemoryDesk::sample(4), 120, 40);
    person.press("a d");
    let seen = text(&paint(&person.app, 120, 40));
    assert!(seen.contains("a N-0401") && seen.contains("d N-0402"), "{seen}");
    assert_eq!(person.desk.states[&NoteId(1)], State::Decided(DecisionKind::Defer));
}

#[test]
fn the_lock_covers_the_text_gives_the_lease_back_and_keeps_the_draft() {
    let mut person = Person::on_sample(120, 40);
    person.press("n n c");
    person.send(Message::Idle);
    person.send(Message::Idle);
    assert_eq!(person.desk.released, [NoteId(11)]);
    let seen = text(&paint(&person.app, 120, 40));
    for word in ["N-04", "Sit<>stand", "97530", "Change"] {
        assert!(!seen.contains(word), "{word}");
    }
    person.press("a ? Esc Enter");
    assert!(person.app.is_locked() && person.desk.log.is_empty());
    person.type_in("anna");
    person.press("Enter");
    assert!(matches!(person.app.layer(), Some(Layer::Change(_))));
    assert_eq!(person.desk.opens.last(), Some(&NoteId(11)));
}

#[test]
fn no_decision_falls_on_a_note_that_the_cursor_has_left() {
    let mut person = Person::new();
    person.at += 1000;
    let effects = person.app.update(Message::Key { key: Key::Char('j'), at: person.at });
    assert!(effects.contains(&Effect::Open(NoteId(1))));
    person.press("a d 1");
    assert!(person.desk.log.is_empty() && person.said().contains("still being read"));
}

#[test]
fn a_note_that_cannot_be_read_says_why_and_the_rest_goes_on() {
    let mut desk = MemoryDesk::sample(3);
    desk.gone.insert(NoteId(1));
    let mut person = Person::at(settings(), desk, 80, 24);
    person.press("j a");
    let seen = text(&paint(&person.app, 80, 24));
    assert!(seen.contains("The note cannot be read.") && person.desk.log.is_empty(), "{seen}");
    person.press("j a");
    assert_eq!(person.desk.acts(), ["accept N-0403"]);
}

#[test]
fn a_note_that_cannot_be_read_is_put_off_with_a_reason_and_taken_back() {
    let mut desk = MemoryDesk::sample(3);
    desk.gone.insert(NoteId(1));
    let mut person = Person::at(settings(), desk, 80, 24);
    person.press("j d");
    let seen = text(&paint(&person.app, 80, 24));
    assert!(seen.contains("[1] waiting for records") && person.desk.log.is_empty(), "{seen}");
    person.press("3");
    assert_eq!(person.desk.acts(), ["defer N-0402"]);
    assert_eq!(decision(&person, 0).reason.as_deref(), Some("outside-scope"));
    assert_eq!(person.open(), Some(NoteId(2)), "the next open note comes");
    person.press("u");
    assert_eq!(person.desk.acts()[1..], ["withdraw 1"]);
    let seen = text(&paint(&person.app, 80, 24));
    assert!(seen.contains("2 of 3  open 3") && seen.contains("cannot be read"), "{seen}");
}
