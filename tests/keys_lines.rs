//! Keys about the lines of the form: modifiers are checked against the payer before they stand.

use rubric::review::{Act, Modifiers};
use rubric::tui::app::{FormFocus, Layer};

use crate::support::desk::MemoryDesk;
use crate::support::office::shared_engine;
use crate::support::screen::{Person, paint, settings, text};

/// Opens the form of the first note with the cursor in the modifiers of its first line.
fn in_modifiers(width: u16, height: u16) -> Person {
    let mut settings = settings();
    settings.modifiers = Modifiers::of(shared_engine().payers().default_profile());
    let mut person = Person::at(settings, MemoryDesk::sample(3), width, height);
    person.press("c Tab Tab Ctrl-U");
    assert_eq!(focus(&person), FormFocus::Modifiers(0));
    person
}

fn focus(person: &Person) -> FormFocus {
    match person.app.layer() {
        Some(Layer::Change(form)) => form.focus,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_modifier_the_payer_does_not_know_stays_in_its_field_with_the_reason() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut person = in_modifiers(width, height);
        person.type_in("gp zz");
        person.press("Tab");
        assert_eq!(focus(&person), FormFocus::Modifiers(0));
        let shown = text(&paint(&person.app, width, height));
        assert!(shown.contains("does not know ZZ"), "{shown}");
        assert!(shown.contains("gp zz"), "{shown}");
        person.press("Backspace Backspace");
        person.type_in("59");
        person.press("Tab");
        assert_eq!(focus(&person), FormFocus::Units(1));
        person.press("Tab Tab 5 Enter");
        let Act::Decide(decision) = &person.desk.log[0].act else { panic!("{}", person.said()) };
        assert_eq!(decision.lines[0].modifiers, ["GP", "59"]);
    }
}

#[test]
fn esc_takes_good_modifiers_into_the_draft_and_says_why_bad_ones_are_not() {
    let mut person = in_modifiers(120, 40);
    person.type_in("CQ");
    person.press("Esc");
    assert!(person.said().contains("CQ needs GP beside it"), "{}", person.said());
    person.type_in(" GP");
    person.press("Esc");
    assert!(person.app.layer().is_none());
    let draft = person.app.draft(rubric::review::NoteId(0)).unwrap();
    assert_eq!(draft.values().modifiers.values().next().unwrap(), &["CQ", "GP"]);
    person.press("u");
    assert!(person.app.draft(rubric::review::NoteId(0)).is_none(), "one step to take back");
}
