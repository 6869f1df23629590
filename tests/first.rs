//! The page of the first start: its answers, and how it looks at every size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use rubric::tui::Message;
use rubric::tui::field::{Field, Lines};
use rubric::tui::first::{Answer, First, FirstRow};
use rubric::tui::key::Key;
use rubric::tui::theme::Theme;
use rubric::tui::view::draw_first;

use crate::support::screen::{styles, text};

fn page() -> First {
    First {
        name: Field::new(Lines::One, "anna"),
        payers: vec!["medicare".into(), "commercial".into()],
        payer: 0,
        themes: Theme::ALL.map(|theme| (theme.name().to_owned(), theme.into())).to_vec(),
        theme: 0,
        row: FirstRow::Start,
        log: "~/.local/share/rubric/rubric-log.sqlite".into(),
        notes: "notes-samples: 24 notes".into(),
        ascii: false,
        said: "",
        area: Rect::default(),
    }
}

fn press(page: &mut First, keys: &str) -> Option<Answer> {
    let keys = keys.split(' ').map(|key| Key::parse(key).unwrap());
    keys.fold(None, |before, key| {
        assert_eq!(before, None, "nothing comes after an answer");
        page.update(&Message::Key { key, at: 0 })
    })
}

#[test]
fn enter_on_start_is_enough_and_esc_keeps_nothing() {
    let start = |coder: &str, payer: &str, theme: &str| {
        let (coder, payer, theme) = (coder.to_owned(), payer.to_owned(), theme.to_owned());
        Some(Answer::Start { coder, payer, theme })
    };
    assert_eq!(press(&mut page(), "Enter"), start("anna", "medicare", "safe"));
    assert_eq!(press(&mut page(), "Esc"), Some(Answer::Quit));
    assert_eq!(press(&mut page(), "Tab Enter"), Some(Answer::Quit));
    assert_eq!(press(&mut page(), "Ctrl-C"), Some(Answer::Quit));
    let chosen = press(&mut page(), "Up Right Up Left Up Ctrl-U b e n Enter Enter Enter Enter");
    assert_eq!(chosen, start("ben", "commercial", "dark"));
    // Letters are the name, wherever they are typed, in place of the one suggested.
    let typed = press(&mut page(), "c a r a Enter Enter Enter Enter");
    assert_eq!(typed, start("cara", "medicare", "safe"));
    // A name is needed.
    let mut nobody = page();
    assert_eq!(press(&mut nobody, "Up Up Up Ctrl-U Down Down Down Enter"), None);
    assert_eq!((nobody.row, nobody.said.is_empty()), (FirstRow::Name, false));
    let pasted = Message::Paste { text: "dora\n".into(), at: 0 };
    assert_eq!(nobody.update(&pasted), None);
    assert_eq!(press(&mut nobody, "Up Up Enter"), start("dora", "medicare", "safe"));
    let ended = page().update(&Message::Ended { signal: 15 });
    assert_eq!(ended, Some(Answer::Ended { signal: 15 }));
}

#[test]
fn the_page_at_every_size() {
    for (width, height) in [(120, 40), (80, 24), (200, 60), (40, 12)] {
        let area = Rect::new(0, 0, width, height);
        let mut buffer = Buffer::empty(area);
        draw_first(&page(), area, &mut buffer);
        insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(
                format!("first-{width}x{height}"),
                format!("{}\n{}", text(&buffer), styles(&buffer))
            );
        });
    }
    for width in 1..60 {
        for height in 1..30 {
            for row in FirstRow::ALL {
                let area = Rect::new(0, 0, width, height);
                draw_first(&First { row, ..page() }, area, &mut Buffer::empty(area));
            }
        }
    }
}
