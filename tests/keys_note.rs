//! Keys and mouse in the text of a note: choosing words, finding words, what the program found.

use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::style::Modifier;
use rubric::review::NoteId;
use rubric::tui::Message;
use rubric::tui::app::{Blind, Layer, SettingRow, Takes};
use rubric::tui::effects::ForTerminal;
use rubric::tui::message::Mouse;

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, paint, settings, text};

fn mouse(person: &mut Person, what: Mouse, x: u16, y: u16) {
    person.at += 50;
    person.send(Message::Mouse { what, x, y, at: person.at });
}

fn copied(person: &Person) -> Vec<&str> {
    let copies = person.terminal.iter().filter_map(|left| match left {
        ForTerminal::Copy(text) => Some(text.as_str()),
        _ => None,
    });
    copies.collect()
}

/// Returns what is turned against the picture without a choice, row by row.
fn turned(before: &Buffer, person: &Person) -> Vec<String> {
    let now = paint(&person.app, 120, 40);
    let reversed = |buffer: &Buffer, at| buffer[at].modifier.contains(Modifier::REVERSED);
    let row = |y| -> String {
        let places = (0..120).map(|x| (x, y));
        places
            .filter(|at| reversed(before, *at) != reversed(&now, *at))
            .map(|at| now[at].symbol())
            .collect()
    };
    (2..36).map(row).filter(|row| !row.trim().is_empty()).collect()
}

/// Finds words on the screen.
fn place(person: &Person, words: &str) -> (u16, u16) {
    let seen = text(&paint(&person.app, 120, 40));
    let found = seen.lines().enumerate().find_map(|(y, line)| {
        let at = line.find(words)?;
        Some((line[..at].chars().count(), y))
    });
    let (x, y) = found.unwrap_or_else(|| panic!("not on the screen: {words}\n{seen}"));
    (u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
}

#[test]
fn dragging_marks_words_and_copies_them_when_the_button_goes_up() {
    let mut person = Person::on_sample(120, 40);
    let before = paint(&person.app, 120, 40);
    let (x, y) = place(&person, "Bridges 3x10");
    mouse(&mut person, Mouse::Click, x, y);
    mouse(&mut person, Mouse::Drag, x + 6, y);
    assert!(copied(&person).is_empty() && turned(&before, &person).is_empty(), "mouse is off");
    person.press("m");
    mouse(&mut person, Mouse::Click, x, y);
    mouse(&mut person, Mouse::Drag, x + 6, y);
    assert_eq!(turned(&before, &person), ["Bridges"]);
    assert!(copied(&person).is_empty(), "nothing before the button goes up");
    mouse(&mut person, Mouse::Drag, x + 11, y);
    mouse(&mut person, Mouse::Release, x + 11, y);
    assert_eq!(copied(&person), ["Bridges 3x10"]);
    let said = person.said();
    assert!(said.starts_with("Copied 12 characters of the note (health data)"), "{said}");
    assert!(!said.contains("Bridges"), "no words of the note in messages");
    person.press("Esc");
    assert!(turned(&before, &person).is_empty());
    // Upwards over several rows, and beyond the pane: clipped, never past the text.
    mouse(&mut person, Mouse::Click, x + 4, y);
    mouse(&mut person, Mouse::Drag, 119, 0);
    mouse(&mut person, Mouse::Release, 500, 500);
    assert!(copied(&person)[1].contains("Daily note") || copied(&person)[1].ends_with("Bridg"));
    // A click alone copies nothing and takes the marks off.
    mouse(&mut person, Mouse::Click, x, y);
    mouse(&mut person, Mouse::Release, x, y);
    assert_eq!(copied(&person).len(), 2);
    assert!(turned(&before, &person).is_empty());
    assert!(person.desk.log.is_empty());
}

#[test]
fn a_drag_past_the_edge_scrolls_and_never_moves_the_text_by_itself() {
    let mut person = Person::on_sample(80, 24);
    person.press("m");
    let top = person.app.note().unwrap().top;
    mouse(&mut person, Mouse::Click, 10, 20);
    assert_eq!(person.app.note().unwrap().top, top, "a click leaves the text where it is");
    for _ in 0..3 {
        mouse(&mut person, Mouse::Drag, 10, 23);
    }
    assert!(person.app.note().unwrap().top > top);
    mouse(&mut person, Mouse::Release, 10, 23);
    assert_eq!(copied(&person).len(), 1);
}

#[test]
fn arrows_choose_words_as_well() {
    let mut person = Person::on_sample(120, 40);
    let before = paint(&person.app, 120, 40);
    person.press("\"");
    assert!(matches!(person.app.layer(), Some(Layer::Select)));
    assert_eq!(turned(&before, &person), ["-"]);
    person.press("Right Space Right");
    assert_eq!(turned(&before, &person), ["Sit<>stand x10"]);
    person.press("Enter");
    assert_eq!(copied(&person), ["Sit<>stand x10"]);
    assert!(person.app.layer().is_none());
    // The menu of copies shows the chosen words alone for terminals without a clipboard.
    person.press("y 7");
    assert!(matches!(person.app.layer(), Some(Layer::Plain(words)) if words == "Sit<>stand x10"));
    person.press("Esc Esc");
    assert!(person.app.note().unwrap().selection.is_none());
    // Rows, starts and ends of rows, and all of a note by its ends.
    person.press("y 7 Down Up End Home Left Space PgDn PgUp Down y");
    assert_eq!(copied(&person).len(), 2);
    person.press("\" Esc");
    assert!(person.app.layer().is_none() && person.app.note().unwrap().selection.is_none());
    assert!(person.desk.log.is_empty());
}

#[test]
fn words_are_found_in_the_note_while_they_are_typed() {
    let mut person = Person::on_sample(120, 40);
    let before = paint(&person.app, 120, 40);
    person.press(";");
    person.type_in("X10");
    assert_eq!(turned(&before, &person).concat(), "x10x10x10x10");
    let seen = text(&paint(&person.app, 120, 40));
    assert!(seen.contains("Find in this note: X10") && seen.contains("1 of 4"), "{seen}");
    person.press("Enter Down Down");
    assert!(text(&paint(&person.app, 120, 40)).contains("4 of 4"));
    person.press("Down");
    assert!(text(&paint(&person.app, 120, 40)).contains("1 of 4"), "round the note");
    person.press("Up");
    assert!(text(&paint(&person.app, 120, 40)).contains("4 of 4"));
    person.type_in("zz");
    assert!(text(&paint(&person.app, 120, 40)).contains("not in this note"));
    person.press("Esc");
    assert!(turned(&before, &person).is_empty());
}

#[test]
fn each_activity_that_was_found_is_named_with_its_status_and_the_words_for_it() {
    let mut person = Person::on_sample(120, 40);
    person.press(".");
    assert!(person.said().starts_with("1 of "), "{}", person.said());
    let count = person.app.note().unwrap().analysis.mentions.len();
    let mut told = vec![person.said().to_owned()];
    for _ in 1..count {
        person.press(".");
        told.push(person.said().to_owned());
    }
    for status in ["test name", "performed", "home program", "planned"] {
        assert!(told.iter().any(|words| words.contains(status)), "{status}: {told:#?}");
    }
    person.press(".");
    assert_eq!(person.said(), told[0], "round the note");
    person.press(",");
    assert_eq!(person.said(), told[count - 1]);
    let mut hidden = settings();
    hidden.blind = Blind::Evidence;
    let mut person = Person::at(hidden, MemoryDesk::sample(20), 120, 40);
    person.press(".");
    assert!(person.said().starts_with("Not now: hidden"), "{}", person.said());
}

#[test]
fn a_slow_source_stops_no_key_and_no_decision_falls_on_the_note_before() {
    let mut person = Person::new();
    person.desk.slow.insert(NoteId(1));
    person.press("j");
    assert_eq!((person.open(), person.app.queue().cursor()), (Some(NoteId(0)), 1));
    person.press("a");
    assert!(person.desk.log.is_empty(), "{}", person.said());
    person.send(Message::StillReading);
    assert!(person.said().starts_with("Reading the note"), "{}", person.said());
    person.press("Esc");
    assert_eq!((person.open(), person.app.queue().cursor()), (Some(NoteId(0)), 0));
    // What comes too late is not shown; asked for again, it is opened when it is there.
    person.send(Message::NoteRead(NoteId(1)));
    assert_eq!(person.open(), Some(NoteId(0)));
    person.press("j");
    person.desk.slow.clear();
    person.send(Message::NoteRead(NoteId(1)));
    assert_eq!(person.open(), Some(NoteId(1)));
    person.press("a");
    assert_eq!(person.desk.acts(), ["accept N-0402"]);
}

#[test]
fn long_work_fills_its_row_and_says_how_fast_and_how_long() {
    let mut person = Person::at(settings(), MemoryDesk::sample(20), 80, 24);
    let half = rubric::review::Progress {
        what: "Reading notes".into(),
        done: 120_000,
        total: Some(240_000),
        elapsed: std::time::Duration::from_secs(20),
    };
    person.send(Message::Working(half));
    let buffer = paint(&person.app, 80, 24);
    let row = text(&buffer).lines().nth(22).unwrap().to_owned();
    let words = " Reading notes: 120,000 of 240,000, 6,000 a second, 20 s left   Esc stops";
    assert_eq!(row, words);
    let reversed = |x| buffer[(x, 22)].modifier.contains(Modifier::REVERSED);
    assert!(reversed(0) && reversed(39) && !reversed(40));
    person.press("m");
    assert!(!paint(&person.app, 80, 24)[(0, 22)].modifier.contains(Modifier::REVERSED));
}

#[test]
fn settings_are_changed_kept_and_hold_at_once() {
    let mut settings = settings();
    let row = |name, value: &str, takes| SettingRow {
        name,
        value: value.into(),
        help: "what it does",
        takes,
        origin: "default".into(),
    };
    settings.rows = vec![
        row("theme", "safe", Takes::OneOf(vec!["safe".into(), "dark".into()])),
        row("note.width", "110", Takes::Number { least: 40, most: 300 }),
        row("coder", "anna", Takes::Words),
        row("ambiguous", "1", Takes::Number { least: 1, most: 2 }),
    ];
    let mut person = Person::at(settings, MemoryDesk::sample(20), 200, 60);
    person.press(":");
    person.type_in("settings");
    person.press("Enter Right Down Right Down Enter");
    person.type_in("2");
    person.press("Enter Down Right Right");
    let settled: Vec<(&str, &str)> =
        person.desk.settled.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let want = [("theme", "dark"), ("note.width", "111"), ("coder", "anna2"), ("ambiguous", "2")];
    assert_eq!(settled, want);
    let now = &person.app.settings;
    assert_eq!((now.looks.base(), now.note_width), (rubric::tui::theme::Theme::Dark, 111));
    assert!(person.said().starts_with("ambiguous = 2; kept in config.toml"), "{}", person.said());
    for (width, height) in [(120, 40), (80, 24), (200, 60), (40, 12)] {
        person.send(Message::Resized { width, height });
        let seen = text(&paint(&person.app, width, height));
        assert!(seen.contains("ambiguous: what it does") && seen.contains("< 2 >"), "{seen}");
    }
    person.press("Esc Esc");
    assert!(person.app.layer().is_none());
}

#[test]
fn signs_of_two_columns_keep_their_place_where_the_terminal_gives_them_two() {
    let mut desk = MemoryDesk::sample(1);
    let mut note = (*desk.notes[0].0).clone();
    note.text = "90\u{b0} \u{d7}3\n12345678".into();
    desk.notes[0].0 = note.into();
    let mut wide = settings();
    wide.ambiguous = rubric::tui::grid::Ambiguous::Two;
    let person = Person::at(wide, desk, 80, 24);
    let buffer = paint(&person.app, 80, 24);
    let row: String = (7..15).map(|x| buffer[(x, 2)].symbol()).collect();
    assert_eq!(row, "90\u{b0}  \u{d7} 3");
    let two = std::num::NonZeroU16::new(2).unwrap();
    assert_eq!(buffer[(9, 2)].diff_option, CellDiffOption::ForcedWidth(two));
    assert!(!text(&buffer).contains('\u{2502}'), "lines are ASCII, for they are of that kind too");
}

#[test]
fn long_work_does_not_talk_over_what_a_key_said() {
    let mut person = Person::new();
    let work = || rubric::review::Progress {
        what: "Reading notes".into(),
        done: 64,
        total: Some(240),
        elapsed: std::time::Duration::from_secs(1),
    };
    person.press("a");
    person.send(Message::Working(work()));
    assert!(person.said().starts_with("Recorded: accept"), "{}", person.said());
    person.press("Tab");
    person.send(Message::Working(work()));
    assert!(person.said().starts_with("Reading notes: 64 of 240"), "{}", person.said());
    person.press(":");
    person.type_in("export");
    person.press("Enter Enter");
    assert!(person.said().starts_with("Tables cannot be written"), "{}", person.said());
}
