//! Keys to the palette and to views of one's own: rules, themes, what was used last, save, delete.

use rubric::review::{Book, View};
use rubric::tui::app::Layer;

use crate::support::desk::MemoryDesk;
use crate::support::office::shared_engine;
use crate::support::screen::{Person, paint, settings, text};

fn with_book(width: u16, height: u16) -> Person {
    let mut settings = settings();
    settings.book = Book::of(shared_engine());
    Person::at(settings, MemoryDesk::sample(14), width, height)
}

fn command(person: &mut Person, words: &str) {
    person.press(":");
    person.type_in(words);
    person.press("Enter");
}

#[test]
fn the_palette_explains_rules_of_program_and_files() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut person = with_book(width, height);
        command(&mut person, "rule: U1");
        let Some(Layer::Rule { id, .. }) = person.app.layer() else { panic!("{}", person.said()) };
        assert_eq!(id, "U1");
        let shown = text(&paint(&person.app, width, height));
        assert!(shown.contains("Why ") && shown.contains("Mend "), "{shown}");
        person.press("Esc");
        command(&mut person, "rule: vg-0001");
        assert!(matches!(person.app.layer(), Some(Layer::Rule { id, .. }) if id == "VG-0001"));
    }
}

#[test]
fn the_palette_takes_a_theme_a_term_and_puts_what_was_used_last_first() {
    let mut person = with_book(120, 40);
    command(&mut person, "theme: dark");
    assert_eq!(person.desk.settled, [("theme".to_owned(), "dark".to_owned())]);
    command(&mut person, "messages");
    person.press("Esc :");
    let shown = text(&paint(&person.app, 120, 40));
    let first = shown.find(">old messages of this session").unwrap();
    assert!(first < shown.find("accept the lines as shown").unwrap(), "{shown}");
    person.press("Esc");
    command(&mut person, "filter: outcome:");
    assert!(matches!(person.app.layer(), Some(Layer::Prompt(_))), "{}", person.said());
}

#[test]
fn a_view_is_saved_kept_deleted_and_taken_back() {
    let mut person = with_book(120, 40);
    person.press("/");
    person.type_in("err");
    person.press("Enter");
    command(&mut person, "save view");
    person.type_in("open");
    person.press("Enter");
    assert!(person.said().contains("one of the program's own"), "{}", person.said());
    person.press("Ctrl-U");
    person.type_in("with errors");
    person.press("Enter");
    let view = View {
        name: "with errors".into(),
        filter: "err".into(),
        sort: Some(rubric::review::Sort::Imported),
    };
    assert_eq!(person.desk.views, std::slice::from_ref(&view));
    command(&mut person, "delete view");
    assert!(text(&paint(&person.app, 120, 40)).contains("1  with errors"));
    person.press("Enter");
    assert_eq!(person.desk.views, []);
    assert!(person.said().contains("View deleted: with errors."), "{}", person.said());
    person.press("u");
    assert_eq!(person.desk.views, [view]);
    command(&mut person, "view: with errors");
    assert_eq!(person.app.queue().len(), 1);
    person.press("u u u");
    assert_eq!(person.desk.views, []);
    command(&mut person, "delete view");
    assert!(person.said().contains("No view is your own yet"), "{}", person.said());
}
