//! The queue: a pane of it, and the whole screen; only the rows in view are built.

use crate::review::row::Facts;
use crate::review::{NoteId, Row, State};

use super::super::app::{App, Blind};
use super::super::grid;
use super::super::theme::Role;
use super::pen::{Pen, Text};

/// The queue as one pane.
pub(super) fn pane(app: &App, pen: &mut Pen<'_>) {
    let view = format!(" view {}  sort {}", app.view_name(), sort_words(app));
    pen.put(0, 0, &grid::cut(&view, pen.wide()), Role::Faint);
    pen.put(1, 0, &grid::cut(&count_words(app, "  "), pen.wide()), Role::Faint);
    let wide = pen.wide();
    for (at, place) in app.queue.window().enumerate() {
        let Some(id) = app.queue.order().get(place) else { continue };
        let selected = place == app.queue.cursor();
        let row = app.rows.get(&id);
        let left = format!(
            "{}{}{} {:<8}{}{:<3}",
            if selected { '>' } else { ' ' },
            if app.marks.contains(&id) { '+' } else { ' ' },
            row.map_or(' ', |row| state_sign(app, id, row)),
            grid::cut(row.map_or("", |row| row.key.as_str()), if wide >= 40 { 18 } else { 8 }),
            row.map_or(' ', |row| after_sign(app, id, row)),
            row.and_then(|row| row.discipline).map_or("", crate::model::Discipline::as_str),
        );
        let counts = row.map_or_else(String::new, |row| counts(app, row));
        let role = if selected { Role::Suggestion } else { Role::Plain };
        pen.text(at + 2, 0, &Text::of(left, role).right(counts, Role::Plain));
    }
    if app.queue.is_empty() {
        pen.put(2, 1, "no notes in this view", Role::Plain);
    }
}

fn sort_words(app: &App) -> String {
    let back = if app.shown.reverse { ", reversed" } else { "" };
    format!("{}{back}", app.shown.sort.words())
}

fn count_words(app: &App, gap: &str) -> String {
    let hidden = app.hidden_marks();
    let hidden = if hidden > 0 { format!(", {hidden} hidden") } else { String::new() };
    format!(" {} shown{gap}{} marked{hidden}", app.queue.len(), app.marks.len())
}

fn state_sign(app: &App, id: NoteId, row: &Row) -> char {
    if row.problem.is_some() {
        return '!';
    }
    if app.decided.has(id) != (row.state != State::Open) {
        // Decided here a moment ago, while the row's facts are still on their way.
        return if app.decided.has(id) { 'a' } else { '.' };
    }
    match row {
        Row { stale: true, .. } => '~',
        Row { taken: Some(_), .. } => '@',
        row => row.state.letter(),
    }
}

fn after_sign(app: &App, id: NoteId, row: &Row) -> char {
    if app.draft(id).is_some() {
        '*'
    } else if row.flagged {
        'f'
    } else {
        ' '
    }
}

/// Returns `o1 !1 ?2`, each in its own column; 9 stands for nine or more. Blind mode shows none.
fn counts(app: &App, row: &Row) -> String {
    let Some(facts) = row.facts.as_ref().filter(|_| app.settings.blind == Blind::Off) else {
        return String::new();
    };
    let cell = |sign: char, count: u32| match count {
        0 => "  ".to_owned(),
        count => format!("{sign}{}", count.min(9)),
    };
    format!("{} {} {}", cell('o', facts.open), cell('!', facts.errors), cell('?', facts.warnings))
}

/// The queue on the whole screen.
pub(super) fn full(app: &App, pen: &mut Pen<'_>) {
    let head = format!(
        " filter: {}   view {}   sort {}",
        app.filter_words(),
        app.view_name(),
        sort_words(app)
    );
    let right =
        format!("{} of {}  {}", app.queue.len(), app.total, count_words(app, "   ").trim_start());
    let right = right.split_once("  ").map_or(right.clone(), |(a, b)| {
        format!("{a}   {}", b.split_once("   ").map_or(b, |(_, marked)| marked))
    });
    pen.text(0, 0, &Text::plain(head).right(right, Role::Plain));
    let wide = pen.wide() >= 110;
    let narrow = pen.wide() < 70;
    let titles = match (wide, narrow) {
        (true, _) => format!(
            "   S {:<10} {:<10} {:<4} {:<11} {:<12} {:<19}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3}  {:<11} State",
            "Key",
            "Date",
            "Disc",
            "Payer",
            "Therapist",
            "Suggests",
            "opn",
            "err",
            "wrn",
            "min",
            "s/b",
            "rsk",
            "Who"
        ),
        (_, true) => {
            format!("   S {:<10} {:<4} {:>3} {:>3} {:>3}", "Key", "Disc", "opn", "err", "wrn")
        }
        _ => format!(
            "   S {:<10} {:<5} {:<3} {:<18}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3} Who",
            "Key", "Date", "Dsc", "Suggests", "opn", "err", "wrn", "min", "s/b", "rsk"
        ),
    };
    pen.put(1, 0, &titles, Role::Faint);
    for (at, place) in app.queue.window().enumerate() {
        let Some(id) = app.queue.order().get(place) else { continue };
        let selected = place == app.queue.cursor();
        let signs = format!(
            "{}{} {} ",
            if selected { '>' } else { ' ' },
            if app.marks.contains(&id) { '+' } else { ' ' },
            app.rows.get(&id).map_or(' ', |row| state_sign(app, id, row)),
        );
        let Some(row) = app.rows.get(&id) else {
            pen.put(at + 2, 0, &signs, Role::Faint);
            continue;
        };
        let body = if wide {
            wide_row(app, id, row)
        } else if narrow {
            narrow_row(app, id, row)
        } else {
            short_row(app, id, row)
        };
        let role = if selected { Role::Suggestion } else { Role::Plain };
        let text = grid::cut(&format!("{signs}{body}"), pen.wide()).into_owned();
        pen.put(at + 2, 0, &text, role);
    }
    if app.queue.is_empty() {
        pen.put(
            3,
            1,
            "No notes in this view. v shows other views, / changes the filter.",
            Role::Plain,
        );
    }
}

/// Figures of one row as cells; empty while unknown or hidden.
struct Cells {
    suggests: String,
    open: String,
    errors: String,
    warnings: String,
    minutes: String,
    units: String,
    risk: String,
}

fn cells(app: &App, facts: Option<&Facts>) -> Cells {
    let Some(facts) = facts.filter(|_| app.settings.blind == Blind::Off) else {
        return Cells {
            suggests: String::new(),
            open: String::new(),
            errors: String::new(),
            warnings: String::new(),
            minutes: String::new(),
            units: String::new(),
            risk: String::new(),
        };
    };
    let sign = |sign: char, count: u32| match count {
        0 => String::new(),
        count => format!("{sign}{}", count.min(9)),
    };
    let number = |value: Option<u32>| value.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let mut codes: Vec<String> = facts.suggests.iter().map(ToString::to_string).collect();
    if facts.open > 0 {
        codes.push("open".to_owned());
    }
    if codes.is_empty() {
        codes.push("-".to_owned());
    }
    Cells {
        suggests: codes.join(" "),
        open: sign('o', facts.open),
        errors: sign('!', facts.errors),
        warnings: sign('?', facts.warnings),
        minutes: facts.minutes.map_or_else(|| "-".to_owned(), |minutes| minutes.to_string()),
        units: format!("{}/{}", number(facts.supported), number(facts.billed)),
        risk: facts.risk.to_string(),
    }
}

fn who(row: &Row) -> String {
    match (&row.taken, &row.who) {
        (Some((who, until)), _) => format!("{who} {until}"),
        (None, Some(who)) => who.clone(),
        (None, None) => String::new(),
    }
}

fn wide_row(app: &App, id: NoteId, row: &Row) -> String {
    let cells = cells(app, row.facts.as_ref());
    let text = |field: &Option<String>, wide: usize| {
        grid::cut(field.as_deref().unwrap_or(""), wide).into_owned()
    };
    let state = row.problem.as_deref().unwrap_or_else(|| row.state.word());
    format!(
        "{:<9}{} {:<10} {:<4} {:<11} {:<12} {:<19}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3}  {:<11} {state}",
        grid::cut(&row.key, 9),
        after_sign(app, id, row),
        text(&row.date, 10),
        row.discipline.map_or("", crate::model::Discipline::as_str),
        text(&row.payer, 11),
        text(&row.therapist, 12),
        grid::cut(&cells.suggests, 18),
        cells.open,
        cells.errors,
        cells.warnings,
        cells.minutes,
        cells.units,
        cells.risk,
        grid::cut(&who(row), 11),
    )
}

fn short_row(app: &App, id: NoteId, row: &Row) -> String {
    let cells = cells(app, row.facts.as_ref());
    let date = row.date.as_deref().unwrap_or("");
    let date = date.get(5..).filter(|_| date.len() == 10).unwrap_or(date);
    format!(
        "{:<9}{} {:<5} {:<3} {:<18}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3} {}",
        grid::cut(&row.key, 9),
        after_sign(app, id, row),
        grid::cut(date, 5),
        row.discipline.map_or("", crate::model::Discipline::as_str),
        grid::cut(&cells.suggests, 17),
        cells.open,
        cells.errors,
        cells.warnings,
        cells.minutes,
        cells.units,
        cells.risk,
        grid::cut(&who(row), 11),
    )
}

fn narrow_row(app: &App, id: NoteId, row: &Row) -> String {
    let cells = cells(app, row.facts.as_ref());
    format!(
        "{:<9}{} {:<4} {:>3} {:>3} {:>3} {}",
        grid::cut(&row.key, 9),
        after_sign(app, id, row),
        row.discipline.map_or("", crate::model::Discipline::as_str),
        cells.open,
        cells.errors,
        cells.warnings,
        row.state.word(),
    )
}
