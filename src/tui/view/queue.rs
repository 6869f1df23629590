//! The queue: a pane of it, and the whole screen; only the rows in view are built.

use std::fmt::Write as _;
use std::iter::repeat_n;

use crate::model::Discipline;
use crate::review::counted;
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
    // In a narrow pane long keys take the place of the discipline, which stands in the note.
    let longest = longest_key(app);
    let bare = pen.wide() < 40 && longest > 8;
    let key = longest.clamp(
        8,
        if pen.wide() >= 40 {
            18
        } else if bare {
            12
        } else {
            8
        },
    );
    for (at, place) in app.queue.window().enumerate() {
        let Some(id) = app.queue.order().get(place) else { continue };
        let selected = place == app.queue.cursor();
        let row = app.rows.get(&id);
        // Row for row at each key: written into one text, not put together of many.
        let mut left = String::with_capacity(pen.wide());
        left.push(if selected { '>' } else { ' ' });
        left.push(if app.marks.contains(&id) { '+' } else { ' ' });
        left.push(row.map_or(' ', |row| state_sign(app, id, row)));
        left.push(' ');
        let name = grid::cut_middle(row.map_or("", |row| row.key.as_str()), key);
        left.push_str(&name);
        left.extend(repeat_n(' ', key.saturating_sub(grid::width(&name))));
        left.push(row.map_or(' ', |row| after_sign(app, id, row)));
        if !bare {
            let discipline = row.and_then(|row| row.discipline);
            let _ = write!(left, "{:<3}", discipline.map_or("", Discipline::as_str));
        }
        let counts = row.map_or_else(String::new, |row| counts(app, row));
        let role = if selected { Role::Suggestion } else { Role::Plain };
        let room = pen.wide().saturating_sub(counts.len() + usize::from(!counts.is_empty()));
        pen.put(at + 2, 0, &grid::cut(&left, room), role);
        pen.put_right(at + 2, &counts, Role::Plain);
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
    format!(" {} shown{gap}{} marked{hidden}", counted(app.queue.len()), counted(app.marks.len()))
}

fn state_sign(app: &App, id: NoteId, row: &Row) -> char {
    if row.problem.is_some() && row.state == State::Open && !app.decided.has(id) {
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
    let mut cells = String::with_capacity(8);
    for (sign, count) in [('o', facts.open), ('!', facts.errors), ('?', facts.warnings)] {
        if !cells.is_empty() {
            cells.push(' ');
        }
        let digit = char::from_digit(count.min(9), 10).filter(|_| count > 0);
        cells.extend(digit.map_or([' ', ' '], |digit| [sign, digit]));
    }
    cells
}

/// The queue on the whole screen.
pub(super) fn full(app: &App, pen: &mut Pen<'_>) {
    let head = format!(
        " filter: {}   view {}   sort {}",
        app.filter_words(),
        app.view_name(),
        sort_words(app)
    );
    let right = format!(
        "{} of {}  {}",
        counted(app.queue.len()),
        counted(app.total),
        count_words(app, "   ").trim_start()
    );
    let right = right.split_once("  ").map_or(right.clone(), |(a, b)| {
        format!("{a}   {}", b.split_once("   ").map_or(b, |(_, marked)| marked))
    });
    pen.text(0, 0, &Text::plain(head).right(right, Role::Plain));
    let columns = Columns::fit(app, pen.wide());
    pen.put(1, 0, &format!("   S {}", columns.titles()), Role::Faint);
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
        let body = columns.row(app, id, row);
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

/// Which columns the queue has in a window, and how wide the key is.
struct Columns {
    shape: Shape,
    key: usize,
    suggests: usize,
    payer: usize,
    who: usize,
    date: bool,
    /// Columns of the therapist; none where nothing would stand in it.
    therapist: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Wide,
    Short,
    Narrow,
}

/// Least width of a key.
const LEAST_KEY: usize = 9;
/// Least width of the codes: that of their title.
const LEAST_CODES: usize = 8;
/// Width of two codes, which stay when a long key needs room.
const TWO_CODES: usize = 12;
/// Least width of a therapist's name.
const SHORT_NAME: usize = 9;

impl Columns {
    /// Gives the key what the rows in view need and the window has, and leaves out columns in which
    /// nothing would stand.
    fn fit(app: &App, wide: usize) -> Self {
        let shape = match wide {
            110.. => Shape::Wide,
            70.. => Shape::Short,
            _ => Shape::Narrow,
        };
        let date = rows(app).any(|row| row.date.is_some());
        let therapist = rows(app).any(|row| row.therapist.is_some());
        // Codes take what those in view need; what is left of their column goes to the key.
        let most = if shape == Shape::Wide { 18 } else { 17 };
        let codes = rows(app).map(|row| grid::width(&cells(app, row.facts.as_ref()).suggests));
        let suggests = codes.max().unwrap_or_default().clamp(LEAST_CODES, most);
        let payer = rows(app).map(|row| row.payer.as_deref().map_or(0, grid::width));
        let payer = payer.max().unwrap_or_default().clamp(5, 11);
        let who =
            rows(app).map(|row| grid::width(&who(row))).max().unwrap_or_default().clamp(4, 11);
        let therapist = if therapist { 12 } else { 0 };
        let mut fitted = Self { shape, key: LEAST_KEY, suggests, payer, who, date, therapist };
        // Room for the word of the last column, which is longer than its title.
        let last = if shape == Shape::Short { 3 } else { 5 };
        let spare = |fitted: &Self| {
            wide.saturating_sub(5 + grid::width(&fitted.titles()) + last).saturating_sub(1)
        };
        // The key tells notes apart: codes and names give way to it before it is cut.
        let wanted = longest_key(app).max(LEAST_KEY) - LEAST_KEY;
        let short = wanted.saturating_sub(spare(&fitted));
        let from_codes = short.min(fitted.suggests.saturating_sub(TWO_CODES));
        fitted.suggests -= from_codes;
        let from_name = (short - from_codes).min(fitted.therapist.saturating_sub(SHORT_NAME));
        fitted.therapist -= from_name;
        let spare = spare(&fitted);
        Self { key: LEAST_KEY + wanted.min(spare), ..fitted }
    }

    fn titles(&self) -> String {
        let key = grid::padded("Key", self.key + 1);
        let suggests = grid::padded("Suggests", self.suggests + 1);
        let (payer, who) = (grid::padded("Payer", self.payer), grid::padded("Who", self.who));
        match self.shape {
            Shape::Wide => format!(
                "{key} {}{:<4} {payer} {}{suggests}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3}  {who} State",
                column(self.date, "Date", 10),
                "Disc",
                column(self.therapist > 0, "Therapist", self.therapist),
                "opn",
                "err",
                "wrn",
                "min",
                "s/b",
                "rsk",
            ),
            Shape::Short => format!(
                "{key} {}{:<3} {suggests}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3} Who",
                column(self.date, "Date", 5),
                "Dsc",
                "opn",
                "err",
                "wrn",
                "min",
                "s/b",
                "rsk"
            ),
            Shape::Narrow => format!("{key} {:<4} {:>3} {:>3} {:>3}", "Disc", "opn", "err", "wrn"),
        }
    }

    fn row(&self, app: &App, id: NoteId, row: &Row) -> String {
        let cells = cells(app, row.facts.as_ref());
        let key = grid::padded(&grid::cut_middle(&row.key, self.key), self.key);
        let sign = after_sign(app, id, row);
        let payer = grid::cut(row.payer.as_deref().unwrap_or(""), self.payer);
        let payer = grid::padded(&payer, self.payer);
        let has = who(row);
        let who = grid::padded(&grid::cut(&has, self.who), self.who);
        let suggests = grid::cut(&cells.suggests, self.suggests);
        let suggests = grid::padded(&suggests, self.suggests + 1);
        let discipline = row.discipline.map_or("", crate::model::Discipline::as_str);
        let date = row.date.as_deref().unwrap_or("");
        match self.shape {
            Shape::Wide => format!(
                "{key}{sign} {}{discipline:<4} {payer} {}{suggests}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3}  {who} {}",
                column(self.date, date, 10),
                column(self.therapist > 0, row.therapist.as_deref().unwrap_or(""), self.therapist),
                cells.open,
                cells.errors,
                cells.warnings,
                cells.minutes,
                cells.units,
                cells.risk,
                row.problem.as_deref().unwrap_or_else(|| row.state.word()),
            ),
            Shape::Short => format!(
                "{key}{sign} {}{discipline:<3} {suggests}{:>3} {:>3} {:>3} {:>3} {:>5} {:>3} {}",
                column(self.date, date.get(5..).filter(|_| date.len() == 10).unwrap_or(date), 5),
                cells.open,
                cells.errors,
                cells.warnings,
                cells.minutes,
                cells.units,
                cells.risk,
                grid::cut(row.problem.as_deref().unwrap_or(&has), 11),
            ),
            Shape::Narrow => format!(
                "{key}{sign} {discipline:<4} {:>3} {:>3} {:>3} {}",
                cells.open,
                cells.errors,
                cells.warnings,
                row.state.word(),
            ),
        }
    }
}

/// Returns the rows in view, as far as they are known.
fn rows(app: &App) -> impl Iterator<Item = &Row> {
    let ids = app.queue.window().filter_map(|place| app.queue.order().get(place));
    ids.filter_map(|id| app.rows.get(&id))
}

fn longest_key(app: &App) -> usize {
    rows(app).map(|row| grid::width(&row.key)).max().unwrap_or_default()
}

/// Returns a cell with the blank after it, or nothing for a column that is left out.
fn column(shown: bool, text: &str, wide: usize) -> String {
    if shown { grid::padded(&grid::cut(text, wide), wide + 1) } else { String::new() }
}
