//! The note: number of the line, bar of the current segment, letters in the margin, marked text.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::{Severity, Span, Status, Theme as Kind};

use super::super::app::{App, Blind, OpenNote};
use super::super::grid::{self, Row};
use super::super::theme::Role;
use super::pen::Pen;

/// Columns before the text: number, bar, two letters, blank.
pub(in crate::tui) const GUTTER: usize = 7;

/// Returns the columns of the text in a pane, at most so many.
pub(in crate::tui) fn text_width(pane: usize, widest: usize) -> usize {
    pane.saturating_sub(GUTTER + 1).clamp(1, widest.max(1))
}

/// A part of the text with a role.
struct Mark {
    span: Span,
    role: Role,
    letter: char,
    strong: bool,
    /// What is added to the look of its role, by its status.
    cue: Modifier,
}

/// Returns the look of what was seen and does not count: what is still to come leans, what was not
/// done today or not with this patient is struck out, a name of a test is only dim.
fn cue(status: Status) -> Modifier {
    match status {
        Status::Planned | Status::Goal | Status::HomeProgram => Modifier::ITALIC,
        Status::NotDone | Status::History | Status::Reported | Status::OtherPerson => {
            Modifier::CROSSED_OUT
        }
        Status::TestName | Status::Performed | Status::Unstated => Modifier::empty(),
    }
}

pub(super) fn draw(app: &App, pen: &mut Pen<'_>) {
    let Some(open) = &app.open else {
        empty(app, pen);
        return;
    };
    if open.note.text.trim().is_empty() {
        pen.put(0, 1, "This note is empty.", Role::Plain);
        return;
    }
    let wide = text_width(pen.wide(), app.settings.note_width);
    let rows = open.rows(wide);
    let top = open.top.min(rows.len().saturating_sub(1));
    let shown = &rows[top..(top + pen.high()).min(rows.len())];
    let marks = marks_in_view(app, open, shown);
    let current = open.current().map(|segment| segment.span);
    let turned = turned(app, open, shown);
    for (at, row) in shown.iter().enumerate() {
        if row.first {
            pen.put(at, 0, &format!("{:>3}", row.line), Role::Faint);
            let letters = letters(app, &open.note.text, row, &marks);
            put_letters(pen, at, &letters);
        }
        let here = Span::new(row.start, row.end.max(row.start));
        if current.is_some_and(|span| span.overlaps(here)) {
            pen.put(at, 3, if pen.ascii { "|" } else { "▌" }, Role::Suggestion);
        }
        text_row(pen, at, &open.note.text, row, &marks, &turned, wide);
    }
}

fn empty(app: &App, pen: &mut Pen<'_>) {
    let rows = match (&app.unreadable, app.queue.is_empty()) {
        (Some((_, problem)), _) => vec![
            problem.why.clone(),
            problem.place.clone(),
            problem.remedy.clone(),
            "d puts it off with a reason, r tries again, o goes to the next open note.".to_owned(),
        ],
        (None, true) => vec![
            "No notes in this view.".to_owned(),
            "v shows other views, / changes the filter.".to_owned(),
        ],
        (None, false) => vec!["Reading the note.".to_owned()],
    };
    for (at, words) in rows.iter().enumerate() {
        let wide = pen.wide().saturating_sub(2);
        pen.put(at, 1, &grid::cut(words, wide), Role::Plain);
    }
}

/// Tells whether a mention counts: it was done, or nothing speaks against it inside a segment.
fn counts(status: Status, in_segment: bool) -> bool {
    status == Status::Performed || (status == Status::Unstated && in_segment)
}

fn marks_in_view(app: &App, open: &OpenNote, rows: &[Row]) -> Vec<Mark> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Vec::new() };
    let text = &open.note.text;
    let start = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last.end..].find('\n').map_or(text.len(), |at| last.end + at);
    let view = Span::new(start, end);
    let hidden = app.is_hidden();
    if hidden && app.settings.blind == Blind::Bare {
        return Vec::new();
    }
    let current = open.current().map(|segment| segment.index);
    let mut marks: Vec<Mark> = open
        .analysis
        .mentions
        .iter()
        .filter(|mention| mention.span.overlaps(view))
        .map(|mention| {
            let counted = counts(mention.status, mention.segment.is_some());
            let (role, letter) = match mention.theme {
                _ if hidden => (Role::Plain, '='),
                _ if !counted => (Role::NotCounted, '-'),
                Kind::FunctionalTask => (Role::Task, 'T'),
                Kind::Exercise => (Role::Exercise, 'E'),
                Kind::Neuromuscular => (Role::Neuro, 'N'),
                Kind::SelfCare => (Role::SelfCare, 'S'),
                Kind::OtherService => (Role::Other, 'X'),
            };
            let strong = counted && mention.segment.is_some() && mention.segment == current;
            let cue = if counted || hidden { Modifier::empty() } else { cue(mention.status) };
            Mark { span: mention.span, role, letter, strong: strong && !hidden, cue }
        })
        .collect();
    if !hidden {
        marks.extend(
            open.analysis
                .warnings
                .iter()
                .filter(|warning| !app.is_suppressed(&warning.rule))
                .filter_map(|warning| Some((warning, warning.span?)))
                .filter(|(_, span)| span.overlaps(view))
                .map(|(warning, span)| {
                    let (role, letter) = match warning.severity {
                        Severity::Error => (Role::Error, '!'),
                        Severity::Warning => (Role::Warning, '?'),
                        Severity::Info => (Role::Plain, ' '),
                    };
                    Mark { span, role, letter, strong: false, cue: Modifier::empty() }
                }),
        );
    }
    marks
}

/// Order of the letters in the margin.
const LETTERS: [char; 9] = ['!', 'T', 'E', 'N', 'S', 'X', '?', '-', '='];

fn letters(app: &App, text: &str, row: &Row, marks: &[Mark]) -> Vec<char> {
    let end = text[row.start..].find('\n').map_or(text.len(), |at| row.start + at);
    let line = Span::new(row.start, end);
    let mut found: Vec<char> = LETTERS
        .into_iter()
        .filter(|letter| {
            marks.iter().any(|mark| mark.letter == *letter && mark.span.overlaps(line))
        })
        .collect();
    if app.is_hidden() {
        found.retain(|letter| *letter == '=');
    }
    if found.len() > 2 {
        found.truncate(1);
        found.push('+');
    }
    found
}

fn put_letters(pen: &mut Pen<'_>, row: usize, letters: &[char]) {
    for (at, letter) in letters.iter().enumerate() {
        let role = match letter {
            '!' => Role::Error,
            'T' => Role::Task,
            'E' => Role::Exercise,
            'N' => Role::Neuro,
            'S' => Role::SelfCare,
            '?' => Role::Suggestion,
            '-' => Role::NotCounted,
            _ => Role::Plain,
        };
        let mut buffer = [0; 4];
        // Letters keep their weight but not the underline, which belongs to words.
        let mut style = pen.theme.style(role);
        style.add_modifier -= Modifier::UNDERLINED | Modifier::REVERSED;
        pen.put_styled(row, 4 + at, letter.encode_utf8(&mut buffer), style);
    }
}

/// Words that stand out from their marks: what a cursor is on, what was found, what is chosen.
struct Turned {
    /// Reversed, whatever they were.
    cursor: Option<Span>,
    /// Reversed back where they were reversed, so that they stand out from any mark.
    chosen: Vec<Range<usize>>,
    /// One of the chosen, in bold.
    current: Option<Range<usize>>,
}

impl Turned {
    /// Returns the look at a byte, from that of its marks.
    fn turn(&self, mut style: Style, byte: usize) -> Style {
        if self.cursor.is_some_and(|span| span.range().contains(&byte)) {
            style.add_modifier |= Modifier::REVERSED;
        }
        if self.chosen.iter().any(|chosen| chosen.contains(&byte)) {
            style.add_modifier ^= Modifier::REVERSED;
            style.add_modifier -= Modifier::DIM;
        }
        if self.current.as_ref().is_some_and(|current| current.contains(&byte)) {
            style.add_modifier |= Modifier::BOLD;
        }
        style
    }
}

fn turned(app: &App, open: &OpenNote, rows: &[Row]) -> Turned {
    let warning = open.current_warning().and_then(|warning| warning.span);
    let mention = open.mention.and_then(|at| open.analysis.mentions.get(at)).map(|m| m.span);
    let cursor = warning.or(mention).filter(|_| !app.is_hidden());
    let found = &open.found;
    let selection = open.selection.as_ref().map(super::super::app::Selection::span);
    let (start, end) = (rows.first().map_or(0, |r| r.start), rows.last().map_or(0, |r| r.end));
    let first = found.places.partition_point(|place| place.end <= start);
    let places = found.places[first..].iter().take_while(|place| place.start < end);
    let chosen = places.cloned().chain(selection).collect();
    Turned { cursor, chosen, current: found.places.get(found.at).cloned() }
}

/// Colour goes to the first of these that covers a cell; modifiers add up.
const ORDER: [Role; 9] = [
    Role::Error,
    Role::Warning,
    Role::Task,
    Role::Exercise,
    Role::Neuro,
    Role::SelfCare,
    Role::Other,
    Role::NotCounted,
    Role::Plain,
];

fn text_row(
    pen: &mut Pen<'_>,
    at: usize,
    text: &str,
    row: &Row,
    marks: &[Mark],
    turned: &Turned,
    wide: usize,
) {
    let here = Span::new(row.start, row.end.max(row.start));
    let mut covering: Vec<&Mark> = marks.iter().filter(|m| m.span.overlaps(here)).collect();
    covering.sort_by_key(|mark| ORDER.iter().position(|role| *role == mark.role));
    let mut column = GUTTER + row.indent;
    for piece in pieces(text, row, &covering, turned) {
        let style = turned.turn(style_at(pen, &covering, piece.start), piece.start);
        let room = (GUTTER + wide).saturating_sub(column);
        let words = &text[piece.clone()];
        // Nearly all is ASCII: its columns are its bytes, and no cells have to be made.
        if grid::is_printable(words) {
            column = pen.put_styled(at, column, &words[..words.len().min(room)], style);
            continue;
        }
        let mut run = String::new();
        let start = column;
        for cell in grid::cells_as(text, piece, column - GUTTER, pen.ambiguous) {
            if column + cell.width > GUTTER + wide {
                break;
            }
            run.push_str(&cell.shown);
            column += cell.width;
        }
        pen.put_styled(at, start, &run, style);
    }
}

/// Cuts a row wherever a look may begin or end, but never inside of what is one sign to a reader.
fn pieces(text: &str, row: &Row, covering: &[&Mark], turned: &Turned) -> Vec<Range<usize>> {
    let spans = covering.iter().map(|mark| mark.span).chain(turned.cursor).map(Span::range);
    let chosen = turned.chosen.iter().chain(&turned.current).cloned();
    let edges = spans.chain(chosen).flat_map(|span| [span.start, span.end]);
    let mut cuts: Vec<usize> = edges.filter(|at| (row.start..row.end).contains(at)).collect();
    let words = &text[row.start..row.end];
    if !grid::is_printable(words) {
        let signs = || words.grapheme_indices(true).map(|(at, _)| row.start + at);
        for cut in &mut cuts {
            *cut = signs().find(|sign| *sign >= *cut).unwrap_or(row.end);
        }
    }
    cuts.extend([row.start, row.end]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

fn style_at(pen: &Pen<'_>, covering: &[&Mark], byte: usize) -> Style {
    let mut style = pen.theme.style(Role::Plain);
    let mut coloured = false;
    for mark in covering.iter().filter(|mark| mark.span.range().contains(&byte)) {
        let own = pen.theme.style(mark.role);
        style.add_modifier |= own.add_modifier | mark.cue;
        if mark.strong {
            style.add_modifier |= Modifier::BOLD;
        }
        if mark.letter == '=' {
            style.add_modifier |= Modifier::UNDERLINED;
        }
        if !coloured && (own.fg.is_some() || own.bg.is_some()) {
            (style.fg, style.bg, coloured) = (own.fg, own.bg, true);
        }
    }
    style
}
