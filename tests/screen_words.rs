//! Words of the screen itself: what it says, offers and explains fits the narrowest common window.

use rubric::tui::keymap::KEYMAP;

use crate::screen_properties::MODES;
use crate::support::screen::{Person, paint, text};

#[test]
fn messages_and_hints_of_every_mode_fit_eighty_columns() {
    for keys in MODES {
        let mut person = Person::on_sample(80, 24);
        for key in keys.split(' ') {
            person.press(key);
            let seen = text(&paint(&person.app, 80, 24));
            let rows: Vec<&str> = seen.lines().collect();
            assert!(!rows[22].contains('…'), "{keys}: {}", rows[22]);
            assert!(!rows[23].contains('…'), "{keys}: {}", rows[23]);
        }
    }
}

#[test]
fn help_says_every_row_whole_in_eighty_columns() {
    let mut person = Person::on_sample(80, 24);
    person.press("?");
    let mut seen = String::new();
    for _ in 0..KEYMAP.len() + 10 {
        seen.push_str(&text(&paint(&person.app, 80, 24)));
        person.press("Down");
    }
    for row in KEYMAP {
        assert!(seen.contains(row.help), "cut at 80 columns: {}", row.help);
    }
}
