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
