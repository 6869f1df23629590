//! What holds at every size, for every text, in every mode.

use std::collections::BTreeSet;

use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use rubric::model::Span;
use rubric::review::queue::Decided;
use rubric::review::{Filter, NoteId, Order, Queue};
use rubric::tui::app::{Blind, FormFocus, Layer};
use rubric::tui::field::{Field, Lines};
use rubric::tui::grid;
use rubric::tui::key::Key;
use rubric::tui::message::Effect;
use rubric::tui::theme::{Role, Theme};
use rubric::tui::view::draw_into;
use rubric::tui::{App, Message};

use crate::support::desk::MemoryDesk;
use crate::support::screen::{Person, paint, settings};

/// Keys that lead to each mode from N-0412.
pub(crate) const MODES: [&str; 30] = [
    "n",
    "w",
    "n n 1",
    "l",
    "e",
    "b",
    "n n c",
    "n n c Tab",
    "c Tab Tab",
    "q",
    "q Tab",
    "?",
    "? x",
    ":",
    ": t",
    "t",
    "h",
    "i",
    "Space A",
    "Ctrl-C",
    "s",
    "v",
    "y",
    "/",
    "5",
    "w -",
    "Q",
    "Q a",
    "n n 1 c Tab Tab Ctrl-U C Q Tab",
    ": r u l e : Enter",
];

fn every_size() -> Vec<(u16, u16)> {
    let mut sizes = Vec::new();
    for width in [1, 5, 39, 40, 46, 69, 70, 109, 110, 160, 200] {
        for height in [1, 3, 11, 12, 24, 60] {
            sizes.push((width, height));
        }
    }
    sizes
}

#[test]
fn every_mode_draws_at_every_size_and_only_inside_its_area() {
    for keys in MODES {
        let mut person = Person::on_sample(120, 40);
        person.press(keys);
        for (width, height) in every_size() {
            person.send(Message::Resized { width, height });
            // A frame round the area is filled with a mark that nothing may touch.
            let whole = Rect::new(0, 0, width + 6, height + 4);
            let mut buffer = Buffer::filled(whole, Cell::new("#"));
            let area = Rect::new(3, 2, width, height);
            draw_into(&person.app, area, &mut buffer);
            for y in 0..whole.height {
                for x in 0..whole.width {
                    if !area.contains((x, y).into()) {
                        let seen = buffer[(x, y)].symbol();
                        assert_eq!(seen, "#", "{keys} {width}x{height} at {x},{y}");
                    }
                }
            }
        }
    }
}

#[test]
fn enter_records_only_on_a_button_that_says_so() {
    for keys in MODES {
        let mut person = Person::on_sample(120, 40);
        person.press(keys);
        let button = match person.app.layer() {
            Some(Layer::Change(form)) => form.focus == FormFocus::Record,
            _ => false,
        };
        person.press("Enter");
        assert!(button || person.desk.log.is_empty(), "{keys}: {:?}", person.desk.acts());
    }
    let mut person = Person::new();
    person.press("Enter Enter Tab Enter Esc Tab Enter Enter Esc");
    assert!(person.desk.log.is_empty());
}

#[test]
fn no_theme_leaves_the_named_colours_and_mono_has_none() {
    for theme in Theme::ALL {
        for keys in ["n n 1", "w", "e", "n n c", "q", "?", "b", "Ctrl-C"] {
            let mut person = Person::on_sample(120, 40);
            person.app.settings.looks = theme.into();
            person.press(keys);
            let buffer = paint(&person.app, 120, 40);
            for cell in buffer.content() {
                for colour in [cell.fg, cell.bg] {
                    assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{theme:?}");
                    assert!(theme != Theme::Mono || colour == Color::Reset, "{keys}");
                }
            }
        }
    }
}

/// Relative luminance of an ANSI name in the palettes of Campbell, xterm and VGA.
fn palette(colour: Color) -> [(u8, u8, u8); 3] {
    match colour {
        Color::Black => [(12, 12, 12), (0, 0, 0), (0, 0, 0)],
        Color::Blue => [(0, 55, 218), (0, 0, 238), (0, 0, 170)],
        Color::Red => [(197, 15, 31), (205, 0, 0), (170, 0, 0)],
        Color::Magenta => [(136, 23, 152), (205, 0, 205), (170, 0, 170)],
        Color::Gray => [(204, 204, 204), (229, 229, 229), (170, 170, 170)],
        Color::LightRed => [(231, 72, 86), (255, 0, 0), (255, 85, 85)],
        Color::LightGreen => [(22, 198, 12), (0, 255, 0), (85, 255, 85)],
        Color::LightYellow => [(249, 241, 165), (255, 255, 0), (255, 255, 85)],
        Color::LightBlue => [(59, 120, 255), (92, 92, 255), (85, 85, 255)],
        Color::LightCyan => [(97, 214, 214), (0, 255, 255), (85, 255, 255)],
        Color::White => [(242, 242, 242), (255, 255, 255), (255, 255, 255)],
        other => panic!("not used by a theme: {other:?}"),
    }
}

fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let part = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.03928 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
}

/// Least contrast of two colours over the palettes.
fn contrast(one: Color, two: Color) -> f64 {
    let pairs = palette(one).into_iter().zip(palette(two));
    pairs
        .map(|(a, b)| {
            let (a, b) = (luminance(a), luminance(b));
            (a.max(b) + 0.05) / (a.min(b) + 0.05)
        })
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn colours_keep_their_contrast_on_the_backgrounds_they_are_for() {
    for role in Role::ALL {
        let fg = |theme: Theme| theme.style(role).fg;
        if let Some(colour) = fg(Theme::Safe) {
            for back in [Color::Black, Color::White] {
                assert!(contrast(colour, back) >= 3.0, "safe {role:?} on {back:?}");
            }
        }
        for theme in [Theme::Dark, Theme::CbDark] {
            if let Some(colour) = fg(theme) {
                assert!(contrast(colour, Color::Black) >= 4.0, "{theme:?} {role:?}");
            }
        }
        for theme in [Theme::Light, Theme::CbLight] {
            if let Some(colour) = fg(theme) {
                assert!(contrast(colour, Color::White) >= 4.5, "{theme:?} {role:?}");
            }
        }
        let style = Theme::Contrast.style(role);
        let (front, back) = (style.fg.unwrap(), style.bg.unwrap());
        assert!(contrast(front, back) >= 7.0, "contrast {role:?} {}", contrast(front, back));
    }
}

#[test]
fn marks_of_the_note_can_be_told_apart_without_colour() {
    let roles = [Role::Task, Role::Exercise, Role::Neuro, Role::SelfCare, Role::NotCounted];
    let looks: BTreeSet<u16> = roles
        .iter()
        .map(|role| Theme::Mono.style(*role).add_modifier.bits())
        .chain([Modifier::empty().bits()])
        .collect();
    assert_eq!(looks.len(), roles.len() + 1);
}

#[test]
fn words_under_a_span_are_the_words_on_the_screen() {
    let text = crate::support::sample::TEXT;
    for wide in [1, 3, 17, 35, 48, 110] {
        let rows = grid::wrap(text, wide);
        for mention in crate::support::sample::analysis().mentions {
            assert_eq!(spelled(text, &rows, mention.span), mention.span.of(text), "at {wide}");
        }
    }
}

/// Spells the cells of the screen that lie under a span.
fn spelled(text: &str, rows: &[grid::Row], span: Span) -> String {
    let mut out = String::new();
    for row in rows {
        for cell in grid::cells(text, row.start..row.end, row.indent) {
            if span.range().contains(&cell.bytes.start) {
                out.push_str(&cell.shown);
            }
        }
    }
    out
}

#[test]
fn sums_of_points_are_the_scores() {
    for segment in crate::support::sample::analysis().segments {
        for finding in segment.codes {
            let sum: i32 = finding.evidence.iter().map(|evidence| evidence.points).sum();
            assert_eq!(sum, finding.score);
        }
    }
}

#[test]
fn a_million_notes_cost_no_more_than_the_rows_in_view() {
    let mut app = App::new(settings(), 1_000_000);
    let mut asked = 0;
    for effect in app.start() {
        if let Effect::Rows(ids) = effect {
            asked = asked.max(ids.len());
        }
    }
    for at in 0..2000 {
        let key = if at % 3 == 0 { Key::PageDown } else { Key::Char('j') };
        for effect in app.update(Message::Key { key, at: at * 1000 }) {
            if let Effect::Rows(ids) = effect {
                asked = asked.max(ids.len());
                let rows = ids.into_iter().map(|id| (id, rubric::review::Row::default()));
                let _ = app.update(Message::Rows(rows.collect()));
            }
        }
    }
    assert!(asked <= 120 && app.kept_rows() <= 600, "{asked} {}", app.kept_rows());
    assert!(app.queue().window().len() <= 24);
}

fn keys() -> impl Strategy<Value = Key> {
    let chars: Vec<Key> =
        "acqd12345 0ufnpwjkoAeDFxthilbzrsvymg/:?-".chars().map(Key::Char).collect();
    prop_oneof![
        6 => proptest::sample::select(chars),
        3 => proptest::sample::select(vec![
            Key::Enter, Key::Esc, Key::Tab, Key::BackTab, Key::Up, Key::Down, Key::Left,
            Key::Right, Key::PageUp, Key::PageDown, Key::Home, Key::End, Key::Backspace,
        ]),
        1 => any::<char>().prop_map(Key::Char),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_keys_at_any_size_neither_panic_nor_record_without_an_answer(
        keys in proptest::collection::vec(keys(), 0..60),
        width in 1u16..210,
        height in 1u16..70,
        blind in any::<bool>(),
    ) {
        let mut settings = settings();
        if blind {
            settings.blind = Blind::Evidence;
        }
        let mut person = Person::at(settings, MemoryDesk::sample(16), 120, 40);
        for (at, key) in keys.into_iter().enumerate() {
            if at == 20 {
                person.send(Message::Resized { width, height });
            }
            let before = person.desk.log.len();
            person.at += 1000;
            person.send(Message::Key { key, at: person.at });
            prop_assert!(
                person.desk.log.len() == before || !person.said().is_empty(),
                "something was recorded in silence"
            );
        }
        paint(&person.app, width, height);
    }

    #[test]
    fn wrapped_rows_cover_the_text_in_order(text in "\\PC{0,40}|[ a-z\n\t\u{1b}\u{202e}\u{301}字👩‍👩‍👧é<>x0-9-]{0,120}", wide in 1usize..90) {
        let rows = grid::wrap(&text, wide);
        prop_assert_eq!(&rows, &grid::wrap(&text, wide));
        let mut covered = vec![false; text.len()];
        let mut last = 0;
        for row in &rows {
            prop_assert!(text.is_char_boundary(row.start) && text.is_char_boundary(row.end));
            prop_assert!(row.start >= last && row.end >= row.start);
            last = row.end;
            covered[row.start..row.end].fill(true);
            let cells = grid::cells(&text, row.start..row.end, row.indent);
            let drawn: Vec<_> = cells.iter().collect();
            let blank = |c: &&&grid::Cell<'_>| c.shown.trim().is_empty();
            let trailing = drawn.iter().rev().take_while(blank).count();
            let kept = &drawn[..drawn.len() - trailing];
            let used: usize = row.indent + kept.iter().map(|cell| cell.width).sum::<usize>();
            prop_assert!(used <= wide || kept.len() <= 1 || row.indent + kept[0].width > wide,
                "{used} > {wide}");
        }
        for (at, byte) in text.bytes().enumerate() {
            prop_assert!(covered[at] || byte == b'\n' || byte == b'\r', "byte {at} is lost");
        }
    }

    #[test]
    fn nothing_of_a_text_reaches_the_terminal_as_a_command(text in "[\u{0}-\u{2f}\u{7f}-\u{a0}\u{ad}\u{200b}-\u{202f}\u{2060}-\u{206f}a-c]{0,60}") {
        let seen = grid::visible(&text);
        prop_assert!(seen.chars().all(|c| !c.is_control()), "{seen:?}");
        let bidi = '\u{202a}'..='\u{202e}';
        prop_assert!(!seen.chars().any(|c| bidi.contains(&c)));
        prop_assert!(grid::width(&grid::cut(&text, 10)) <= 10);
    }

    #[test]
    fn the_queue_is_a_plain_list_with_a_window(
        len in 0u32..300,
        height in 1usize..40,
        moves in proptest::collection::vec(-50isize..50, 0..40),
    ) {
        let mut queue = Queue::new(Order::All(len));
        queue.set_height(height);
        let mut plain = 0usize;
        for by in moves {
            queue.step(by);
            plain = plain.saturating_add_signed(by).min((len as usize).saturating_sub(1));
            prop_assert_eq!(queue.cursor(), plain);
            let window = queue.window();
            prop_assert!(len == 0 || window.contains(&plain));
            prop_assert!(window.len() <= height && window.end <= len as usize);
        }
    }

    #[test]
    fn a_filter_keeps_the_note_or_takes_the_next_below(
        len in 1u32..200,
        at in 0usize..200,
        kept in proptest::collection::btree_set(0u32..200, 0..60),
    ) {
        let mut queue = Queue::new(Order::All(len));
        queue.go(at);
        let before = queue.selected().unwrap();
        let picked: Vec<NoteId> = kept.into_iter().filter(|id| *id < len).map(NoteId).collect();
        let same = queue.arrange(Order::Picked(picked.clone()));
        prop_assert_eq!(same, picked.contains(&before));
        if same {
            prop_assert_eq!(queue.selected(), Some(before));
        } else if let Some(next) = picked.iter().find(|id| **id > before && id.0 < before.0 + 64) {
            prop_assert_eq!(queue.selected(), Some(*next));
        }
    }

    #[test]
    fn the_next_open_note_is_the_one_a_plain_search_finds(
        len in 1u32..300,
        from in 0usize..300,
        decided in proptest::collection::btree_set(0u32..300, 0..280),
    ) {
        let mut set = Decided::default();
        decided.iter().filter(|id| **id < len).for_each(|id| set.set(NoteId(*id), true));
        let from = from % len as usize;
        let open = |at: &usize| !decided.contains(&u32::try_from(*at).unwrap());
        let below = (from + 1..len as usize).find(open);
        let plain = below.or_else(|| (0..len as usize).find(open));
        let ids = (0..len).map(NoteId).collect();
        for order in [Order::All(len), Order::Picked(ids)] {
            prop_assert_eq!(set.next_open(&order, from).map(|found| found.0), plain);
        }
    }

    #[test]
    fn filters_and_fields_take_any_text(text in "\\PC{0,60}", keys in proptest::collection::vec(keys(), 0..30)) {
        if let Err(fault) = Filter::parse(&text) {
            prop_assert!(text.get(fault.start..fault.end).is_some() && !fault.message.is_empty());
        }
        let mut field = Field::new(Lines::Many, &text);
        for key in keys {
            field.key(key);
            prop_assert!(field.text().is_char_boundary(field.cursor()));
        }
    }
}

#[test]
fn a_hostile_note_is_shown_but_never_sent_as_a_command() {
    let hostile =
        "- Sit\u{1b}[31m to\tstand\u{202e}x10\u{200b}\u{9b}2J 字字 👩‍👩‍👧 e\u{301}\r\nPt\u{7} ok";
    let mut desk = MemoryDesk::sample(2);
    let (note, analysis) = desk.notes[0].clone();
    let (mut note, mut analysis) = ((*note).clone(), (*analysis).clone());
    note.text = hostile.into();
    note.key = "N\u{1b}[2J".into();
    note.meta.therapist = Some("T.\u{202e} Sample".into());
    let whole = Span::new(0, hostile.find('\r').unwrap());
    for segment in &mut analysis.segments {
        segment.span = whole;
        segment.minutes_span = None;
        for finding in &mut segment.codes {
            finding.evidence.iter_mut().for_each(|evidence| {
                evidence.span = whole;
                evidence.cue = None;
            });
        }
    }
    analysis.mentions.iter_mut().for_each(|mention| mention.span = whole);
    (analysis.time.timed_span, analysis.time.total_span) = (None, None);
    desk.notes[0] = (note.into(), analysis.into());
    for keys in ["n", "e", "l", "i", "c", "q", "t", "g 1", "Space A", "y 5 y 5"] {
        for width in [40, 80, 120] {
            let mut person = Person::at(
                settings(),
                MemoryDesk { notes: desk.notes.clone(), ..MemoryDesk::default() },
                width,
                24,
            );
            person.press(keys);
            for cell in paint(&person.app, width, 24).content() {
                let bad = cell
                    .symbol()
                    .chars()
                    .any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}'));
                assert!(!bad, "{keys} {:?}", cell.symbol());
            }
        }
    }
    let person = Person::at(settings(), desk, 120, 40);
    let seen = crate::support::screen::text(&paint(&person.app, 120, 40));
    for shown in ["<1B>[31m", "<U+202E>", "<U+200B>", "字字", "<07> ok"] {
        assert!(seen.contains(shown), "{shown}\n{seen}");
    }
}

#[test]
fn empty_queues_and_empty_notes_say_so() {
    let person = Person::at(settings(), MemoryDesk::default(), 80, 24);
    assert!(
        crate::support::screen::text(&paint(&person.app, 80, 24))
            .contains("No notes in this view.")
    );
    let mut desk = MemoryDesk::sample(1);
    let mut note = (*desk.notes[0].0).clone();
    note.text.clear();
    let mut analysis = (*desk.notes[0].1).clone();
    analysis.segments.clear();
    analysis.mentions.clear();
    analysis.lines.clear();
    desk.notes[0] = (note.into(), analysis.into());
    let mut person = Person::at(settings(), desk, 80, 24);
    for keys in ["a", "c", "Esc", "q", "Esc", "e", "Esc", "t", "Esc", "n", "w"] {
        person.press(keys);
    }
    let seen = crate::support::screen::text(&paint(&person.app, 80, 24));
    assert!(
        seen.contains("This note is empty.") && seen.contains("No interventions found."),
        "{seen}"
    );
    assert!(person.desk.log.is_empty());
}
