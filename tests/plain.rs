//! The review in lines: a whole session as a transcript, and the same events as on the screen.

use std::io::Cursor;

use rubric::review::{Act, ProblemKind};
use rubric::tui::{App, run_plain};

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, settings};

fn session(desk: &mut MemoryDesk, typed: &str) -> String {
    let total = u32::try_from(desk.notes.len()).unwrap();
    let app = App::new(settings(), total);
    let mut out = Vec::new();
    run_plain(app, desk, &mut Cursor::new(typed), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_whole_session_reads_as_a_transcript() {
    let mut desk = MemoryDesk::sample(14);
    let typed = "go N-0412\nwhy 1\naccept\n3 97110\nundo\n3 97110\naccept\nundo\naccept\nhistory\nflag is it a task?\nfilter err\nfilter\n\
                 nonsense\nnext\ndefer\nlines\nquit\n";
    let said = session(&mut desk, typed);
    assert!(said.bytes().all(|b| b != 0x1b) && !said.contains(['│', '─', '┌']));
    assert_eq!(desk.acts(), ["accept N-0412", "withdraw 1", "accept N-0412", "flag N-0413"]);
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("plain", said);
    });
}

#[test]
fn lines_and_screen_reach_the_same_events() {
    let mut desk = MemoryDesk::sample(14);
    session(&mut desk, "accept\n2 97530\nchange 1 a task\ndefer\nquery 2\n");
    let mut person = Person::at(settings(), MemoryDesk::sample(14), 80, 24);
    person.press("a n 3 a 1 Shift-Tab");
    person.type_in("a task");
    person.press("Tab Enter d q 2 Shift-Tab Shift-Tab Shift-Tab Enter");
    let decisions = |desk: &MemoryDesk| -> Vec<_> {
        desk.log
            .iter()
            .map(|entry| match &entry.act {
                Act::Decide(decision) => {
                    let mut decision = (**decision).clone();
                    (decision.elapsed_ms, decision.evidence_seen) = (0, false);
                    (entry.note.clone(), decision)
                }
                other => panic!("{other:?}"),
            })
            .collect()
    };
    assert_eq!(desk.acts().len(), 4, "{:?}", desk.acts());
    assert_eq!(decisions(&desk), decisions(&person.desk));
}

#[test]
fn a_failed_write_is_said_and_retried() {
    let mut desk = MemoryDesk::sample(3);
    desk.fault = Some(ProblemKind::Store);
    let said = session(&mut desk, "accept\naccept\nretry\nquit\n");
    assert!(said.contains("no space left on device") && said.contains("Type retry"), "{said}");
    assert_eq!(desk.acts(), ["accept N-0401"]);
}

#[test]
fn changes_need_a_reason_and_words_that_are_not_unique_list_the_choices() {
    let mut desk = MemoryDesk::sample(3);
    let said = session(&mut desk, "1 97112\naccept\nchange\nchange 9\nnext\nhelp\nchange 8\n");
    assert!(desk.log.is_empty());
    assert!(said.contains("Type change and the number of a reason."), "{said}");
    assert!(said.contains("Which one: next note, next open?"), "{said}");
    assert!(said.contains("Reason 8 needs a comment."), "{said}");
}

#[test]
fn lines_are_set_by_hand_in_words() {
    let mut desk = MemoryDesk::sample(3);
    let said = session(
        &mut desk,
        "units 97110 2\nmodifiers 97110 gp cq\nmodifiers 97110 gp go\nminutes 97530 20\nminutes 97530 x\n\
         units 97116 1\nunits\nlines\nchange 4 read again\n",
    );
    assert!(said.contains("97110: 2; the rule gives 1. Needs reason 4."), "{said}");
    assert!(
        said.contains("Set: modifiers of 97110 = GP CQ. Not recorded yet. undo takes"),
        "{said}"
    );
    assert!(said.contains("Not set: one plan of care a line: GP, GO or GN."), "{said}");
    assert!(said.contains("Not set: minutes are a whole number up to 1440."), "{said}");
    assert!(said.contains("Not set: there is no line with 97116."), "{said}");
    assert!(said.contains("Type units, a code and a number"), "{said}");
    assert!(said.contains("Line 97110: 10 minutes, 2 units, GP CQ"), "{said}");
    let Act::Decide(decision) = &desk.log[0].act else { panic!("{said}") };
    let lines: Vec<_> =
        decision.lines.iter().map(|l| (l.minutes_tenths, l.units, l.modifiers.join(" "))).collect();
    assert_eq!(lines[0], (Some(100), Some(2), "GP CQ".into()));
    assert_eq!(lines[1].0, Some(200));
}

#[test]
fn a_warning_is_hidden_with_a_reason_and_comes_back() {
    let mut desk = MemoryDesk::sample(14);
    let said = session(
        &mut desk,
        "go N-0412\nhide\nhide U1\nhide X9 no\nhide u1 checked by the lead\nwarnings\nundo\nwarnings\n",
    );
    assert!(said.contains("Hiding a warning needs a reason, as hide U1 WORDS."), "{said}");
    assert!(said.contains("This note has no warning X9."), "{said}");
    assert_eq!(said.matches("Hidden by you.").count(), 1, "{said}");
    assert_eq!(desk.acts(), ["suppress U1", "unsuppress U1"]);
    let Act::Suppress { reason, .. } = &desk.log[0].act else { panic!() };
    assert_eq!(reason, "checked by the lead");
}

#[test]
fn bulk_takes_one_confirmation_by_the_count() {
    let mut desk = MemoryDesk::sample(14);
    let marks = "mark\nnext note\nmark\ngo N-0412\nmark\n";
    let said = session(&mut desk, &format!("{marks}accept marked\naccept\naccept marked\n3\n"));
    assert!(said.contains("3 marked. Type accept marked for a preview, or unmark all."), "{said}");
    assert!(said.contains("Accept N-0401: 97110 x1, 97530 x1, opened by you"), "{said}");
    assert!(said.contains("Left out N-0412: segment 3 is open."), "{said}");
    assert!(said.contains("Type 2 to record 2 notes; anything else records nothing."), "{said}");
    assert!(desk.log.is_empty(), "neither another word nor a wrong count records");
    let said = session(&mut desk, &format!("{marks}accept marked\n2\nundo\n"));
    assert!(said.contains("undo takes all of them back."), "{said}");
    assert_eq!(desk.acts(), ["accept N-0401", "accept N-0402", "withdraw 1", "withdraw 2"]);
    let mut desk = MemoryDesk::sample(14);
    session(&mut desk, &format!("{marks}defer marked\n3\n"));
    assert_eq!(desk.acts(), ["defer N-0401", "defer N-0402", "defer N-0412"]);
}

#[test]
fn a_flag_needs_a_question_and_no_message_names_keys_that_lines_have_not() {
    let mut desk = MemoryDesk::sample(3);
    let said = session(&mut desk, "flag\nmark\nunmark all\nflag is it a task?\nunflag\nunflag\n");
    assert!(said.contains("A flag needs a question"), "{said}");
    assert!(said.contains("This note has no flag."), "{said}");
    assert_eq!(desk.acts(), ["flag N-0401", "unflag N-0401"]);
    assert!(!said.contains("A accepts") && !said.contains("u brings"), "{said}");
}

#[test]
fn queries_are_told_answered_and_closed_in_lines() {
    let mut desk = MemoryDesk::sample(6);
    let said = session(
        &mut desk,
        "queries\nquery 2\nquery 1\nqueries\nanswer 3 yes\nanswer 1 it was stairs\nchange 2 as answered\nclose 1 no answer\nqueries\n",
    );
    assert!(said.contains("Query 1: N-0401, purpose of an activity, asked today 14:05"), "{said}");
    assert!(said.contains("There is no query with that number."), "{said}");
    assert_eq!(
        desk.acts(),
        ["query N-0401", "query N-0402", "amend 1 change N-0401", "amend 2 defer N-0402"]
    );
    let Act::Amend { decision, .. } = &desk.log[2].act else { panic!() };
    assert_eq!(decision.comment.as_deref(), Some("Answer: it was stairs\nas answered"));
    assert!(
        said.ends_with("No query waits for an answer.\nnote 2> ")
            || said.contains("No query waits")
    );
}
