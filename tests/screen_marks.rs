//! Marks in the text of a note: where they overlap, what they cover, and that no sign is cut by them.

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use rubric::model::{Mention, Span, Status, Theme};

use crate::support::desk::MemoryDesk;
use crate::support::sample::span;
use crate::support::screen::{Person, paint, settings, text};

/// Opens a note of one line with activities found at these words, in its only segment.
fn with_mentions(line: &str, found: &[(Theme, Status, &str)]) -> Person {
    let mut desk = MemoryDesk::sample(1);
    let (mut note, mut analysis) = ((*desk.notes[0].0).clone(), (*desk.notes[0].1).clone());
    line.clone_into(&mut note.text);
    let whole = Span::new(0, line.len());
    analysis.segments.truncate(1);
    for segment in &mut analysis.segments {
        (segment.span, segment.minutes_span) = (whole, None);
        segment.codes.clear();
    }
    let one = analysis.mentions[0].clone();
    analysis.mentions = found
        .iter()
        .map(|(theme, status, words)| Mention {
            theme: *theme,
            status: *status,
            span: span(line, words),
            segment: Some(0),
            ..one.clone()
        })
        .collect();
    analysis.warnings.clear();
    (analysis.time.timed_span, analysis.time.total_span) = (None, None);
    desk.notes[0] = (note.into(), analysis.into());
    Person::at(settings(), desk, 120, 40)
}

/// Returns the modifiers of the first cells that spell the words.
fn looks(buffer: &Buffer, words: &str) -> Vec<Modifier> {
    let signs: Vec<&str> = words.split("").filter(|sign| !sign.is_empty()).collect();
    let cells = buffer.content();
    let at = cells
        .windows(signs.len())
        .position(|part| part.iter().zip(&signs).all(|(cell, sign)| cell.symbol() == *sign));
    let at = at.unwrap_or_else(|| panic!("not on the screen: {words}\n{}", text(buffer)));
    cells[at..at + signs.len()].iter().map(|cell| cell.modifier).collect()
}

#[test]
fn where_marks_overlap_their_looks_add_up_and_their_letters_stand_side_by_side() {
    let line = "- Sit to stand with ball squeeze x10";
    let person = with_mentions(
        line,
        &[
            (Theme::FunctionalTask, Status::Performed, "Sit to stand with ball"),
            (Theme::Neuromuscular, Status::Performed, "stand with ball squeeze"),
        ],
    );
    let buffer = paint(&person.app, 120, 40);
    let task = Modifier::BOLD | Modifier::UNDERLINED;
    let neuro = Modifier::BOLD | Modifier::ITALIC;
    assert!(looks(&buffer, "Sit to ").iter().all(|look| *look == task));
    assert!(looks(&buffer, "stand with ball").iter().all(|look| *look == task | neuro));
    assert!(looks(&buffer, " squeeze").iter().all(|look| *look == neuro));
    assert!(looks(&buffer, " x10").iter().all(Modifier::is_empty));
    assert!(text(&buffer).contains("TN - Sit to stand"), "{}", text(&buffer));

    // With a third kind one letter stays, and a sign says that there is more.
    let person = with_mentions(
        line,
        &[
            (Theme::FunctionalTask, Status::Performed, "Sit to stand with ball"),
            (Theme::Neuromuscular, Status::Performed, "stand with ball squeeze"),
            (Theme::Exercise, Status::Performed, "ball squeeze x10"),
        ],
    );
    let seen = text(&paint(&person.app, 120, 40));
    assert!(seen.contains("T+ - Sit to stand"), "{seen}");
}

#[test]
fn what_does_not_count_is_told_apart_by_how_it_does_not() {
    let line = "- Squats held today, step-ups next visit, bridges x10";
    let person = with_mentions(
        line,
        &[
            (Theme::Exercise, Status::NotDone, "Squats"),
            (Theme::Exercise, Status::Planned, "step-ups"),
            (Theme::Exercise, Status::Performed, "bridges"),
        ],
    );
    let buffer = paint(&person.app, 120, 40);
    let has = |words: &str, look: Modifier| looks(&buffer, words).iter().all(|l| l.contains(look));
    assert!(has("Squats", Modifier::CROSSED_OUT) && !has("Squats", Modifier::UNDERLINED));
    assert!(has("step-ups", Modifier::ITALIC) && !has("step-ups", Modifier::CROSSED_OUT));
    assert!(has("bridges", Modifier::UNDERLINED) && !has("bridges", Modifier::DIM));
}

#[test]
fn the_cells_of_a_mark_spell_its_words_whatever_stands_beside_them() {
    for line in [
        "- Sit<>stand x10",
        "- 90° knee flexion, Sit<>stand x10",
        "- 歩行 Sit<>stand 字 x10",
        "- caf\u{65}\u{301} Sit<>stand\u{301} x10",
    ] {
        let person =
            with_mentions(line, &[(Theme::FunctionalTask, Status::Performed, "Sit<>stand")]);
        let buffer = paint(&person.app, 120, 40);
        let look = Modifier::BOLD | Modifier::UNDERLINED;
        // The letter in the margin, titles and words of the findings are not underlined.
        let spelled: String = buffer
            .content()
            .iter()
            .filter(|cell| cell.modifier.contains(look))
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        let marked = if line.contains("stand\u{301}") { "Sit<>stand\u{301}" } else { "Sit<>stand" };
        assert_eq!(spelled, marked, "{line}\n{}", text(&buffer));
    }
}
