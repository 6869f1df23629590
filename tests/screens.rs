//! Screens as text and style plane, at the sizes people use.

use rubric::tui::app::Blind;

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, settings};

fn show(name: &str, person: &Person, width: u16, height: u16) {
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(format!("{name}-{width}x{height}"), person.picture(width, height));
    });
}

const SIZES: [(u16, u16); 4] = [(120, 40), (80, 24), (200, 60), (40, 12)];

fn after(keys: &str, width: u16, height: u16) -> Person {
    let mut person = Person::on_sample(width, height);
    person.press(keys);
    person
}

/// Each screen with the keys that lead to it from N-0412.
const SCREENS: [(&str, &str); 28] = [
    ("review-open-segment", "n n"),
    ("review-warning", "w"),
    ("review-yours", "n n 1"),
    ("queue", "l Space g 1 4 Enter Space"),
    ("points", "n n e Down"),
    ("form", "n n 1 c Tab"),
    ("query", "n n q"),
    ("help", "?"),
    ("help-find", "? u n m"),
    ("palette", ": t i m e"),
    ("board", "b"),
    ("time", "t"),
    ("history", "d k h Enter"),
    ("about", "i"),
    ("bulk", "Space j j Space j j j Space A"),
    ("quit", "n n 1 Ctrl-C"),
    ("sort", "s"),
    ("copy", "y"),
    ("filter", "/ e r r Space l e a d < x"),
    ("warning-words", "w Tab Enter"),
    ("views", "v"),
    ("choosing", "\" Right Space Right Right"),
    ("found", "; x 1 0 Enter"),
    ("mention", ". . ."),
    ("messages", "n j k : m e s s a g e s Enter"),
    ("defer", "d u"),
    (
        "queries",
        "n n q Shift-Tab Shift-Tab Shift-Tab Enter q Shift-Tab Shift-Tab Shift-Tab Enter Q Down",
    ),
    ("form-modifier", "n n 1 c Tab Tab Ctrl-U C Q Tab"),
];

#[test]
fn review() {
    for (width, height) in SIZES {
        show("review", &Person::on_sample(width, height), width, height);
    }
}

#[test]
fn screens_and_layers() {
    for (name, keys) in SCREENS {
        for (width, height) in SIZES {
            show(name, &after(keys, width, height), width, height);
        }
    }
}

#[test]
fn what_went_wrong() {
    use rubric::review::ProblemKind::{LeaseLost, NoteChanged, Store};
    for (name, kind) in [("blocked", Store), ("lease-lost", LeaseLost), ("changed", NoteChanged)] {
        for (width, height) in SIZES {
            let mut person = after("n n 1", width, height);
            person.desk.fault = Some(kind);
            person.press("a");
            show(name, &person, width, height);
        }
    }
}

#[test]
fn blind() {
    for (width, height) in SIZES {
        let mut settings = settings();
        settings.blind = Blind::Evidence;
        let mut person = Person::at(settings, MemoryDesk::sample(240), width, height);
        person.press("g 1 2 Enter 3 n 1 n");
        show("blind", &person, width, height);
        person.press("3 n 2 a");
        show("blind-compared", &person, width, height);
    }
}

#[test]
fn small_and_ascii() {
    show("too-small", &Person::on_sample(36, 10), 36, 10);
    let mut settings = settings();
    settings.ascii = true;
    let mut person = Person::at(settings, MemoryDesk::sample(240), 80, 24);
    person.press("g 1 2 Enter t");
    show("ascii", &person, 80, 24);
    person.send(rubric::tui::Message::Idle);
    show("locked", &person, 80, 24);
}
