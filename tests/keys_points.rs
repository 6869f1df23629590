//! Keys to the page of points and to time and units: gates, files, citations, sums in words.

use std::sync::Arc;

use rubric::model::{Minutes, Note, NoteMeta};
use rubric::review::Book;

use crate::support::desk::MemoryDesk;
use crate::support::office::shared_engine;
use crate::support::screen::{Person, paint, settings, text};

const STAIRS: &str = "Interventions:\n- Stair climbing 12 steps x3 with rail, cues for foot placement, \
                      to enter her home safely, 15 min\n";

/// Sits down before one note that the real engine has read.
fn real(width: u16, height: u16) -> Person {
    let engine = shared_engine();
    let note = Note {
        key: "N-1".into(),
        source: "n-1.txt".into(),
        text: STAIRS.into(),
        fingerprint: "f".into(),
        meta: NoteMeta::default(),
    };
    let analysis = engine.analyse(&note);
    let desk =
        MemoryDesk { notes: vec![(Arc::new(note), Arc::new(analysis))], ..MemoryDesk::default() };
    let mut settings = settings();
    settings.book = Book::of(engine);
    Person::at(settings, desk, width, height)
}

#[test]
fn points_show_gates_margin_and_where_the_row_under_the_cursor_comes_from() {
    let mut person = real(120, 40);
    person.press("e");
    let shown = text(&paint(&person.app, 120, 40));
    let gates = shown.lines().find(|line| line.contains("Gate: own activity")).unwrap();
    let states: Vec<&str> = gates.split_whitespace().skip(3).collect();
    assert_eq!(states[..4], ["unmet", "unmet", "met", "unmet"], "97110 97112 97530 97535: {gates}");
    assert!(shown.contains("Lead (margin 3)"), "{shown}");
    assert!(shown.contains(" File "), "{shown}");
    assert!(shown.contains("terms/") && shown.contains(".toml:"), "{shown}");
    assert!(shown.contains(" Cite "), "{shown}");
}

#[test]
fn a_small_window_reaches_file_and_citation_by_the_cursor() {
    let mut person = real(80, 24);
    person.press("e");
    let seen: String = (0..30)
        .map(|_| {
            person.press("Down");
            text(&paint(&person.app, 80, 24))
        })
        .collect();
    assert!(seen.contains("Gate: own activity") && seen.contains(".toml:"), "{seen}");
}

#[test]
fn time_says_how_the_stated_minutes_stand_to_the_parts() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut person = Person::on_sample(width, height);
        person.press("t");
        let shown = text(&paint(&person.app, width, height));
        assert!(shown.contains("38 min stated, line 14"), "{shown}");
        assert!(shown.contains("equal to the sum of the parts"), "{shown}");
        assert!(shown.contains("38 timed is not more than 45"), "{shown}");
    }
}

#[test]
fn time_names_what_does_not_add_up() {
    let mut desk = MemoryDesk::sample(12);
    let (note, analysis) = desk.notes[11].clone();
    let mut analysis = (*analysis).clone();
    analysis.time.timed_minutes = Some(Minutes::whole(50));
    desk.notes[11] = (note, Arc::new(analysis));
    let mut person = Person::at(settings(), desk, 120, 40);
    person.press("g 1 2 Enter t");
    let shown = text(&paint(&person.app, 120, 40)).replace("│\n", " ");
    assert!(shown.contains("NOT equal"), "{shown}");
    assert!(shown.contains("50 timed IS MORE than 45"), "{shown}");
}
