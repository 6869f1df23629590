//! The rows around the panes: header, titles, message, hints.

use std::fmt::Write as _;
use std::ops::Range;

use crate::review::counted;

use ratatui::layout::Rect;

use super::super::app::{App, Blind, Layer, PromptKind, Screen, Tone};
use super::super::grid;
use super::super::keymap::{self, Binding};
use super::super::layout::Pane;
use super::super::theme::Role;
use super::pen::{Pen, to_u16};

/// Row 1: what is open, where one is, who one is.
pub(super) fn header(app: &App, pen: &mut Pen<'_>) {
    let settings = &app.settings;
    let screen = match app.screen {
        Screen::Review => "Review",
        Screen::Queue => "Queue",
        Screen::Findings => "Findings",
        Screen::Board => "Board",
    };
    let blind = if settings.blind == Blind::Off { "" } else { " BLIND" };
    let only = if settings.read_only.is_some() { "  READ ONLY" } else { "" };
    let place = counted((app.queue.cursor() + 1).min(app.queue.len().max(1)));
    let shown = counted(app.queue.len());
    let more = if app.listing { "…" } else { "" };
    let open = format!("{}{more}", counted(app.total.saturating_sub(app.decided.count())));
    let counts = if pen.wide() >= 110 {
        format!(
            "{}   note {place} of {shown}{more}   decided {}   open {open}",
            settings.queue,
            counted(app.decided.count())
        )
    } else {
        format!("{place} of {shown}{more}  open {open}")
    };
    let left = format!(" rubric  {screen}{blind}{only}  {counts}");
    let mut right: Vec<&str> = Vec::new();
    let discipline = app.open.as_ref().and_then(|open| open.analysis.discipline);
    if app.mouse {
        right.push("mouse on: drag copies");
    }
    right.extend(discipline.map(crate::model::Discipline::as_str));
    right.extend([&settings.payer, &settings.coder, &settings.role].map(String::as_str));
    right.retain(|word| !word.is_empty());
    let mut words = right.join("  ");
    while grid::width(&words) + grid::width(&left) + 2 > pen.wide() && right.len() > 1 {
        right.remove(0);
        words = right.join("  ");
    }
    pen.put(0, 0, &grid::cut(&left, pen.wide()), Role::Suggestion);
    if grid::width(&words) + grid::width(&left) + 2 <= pen.wide() {
        pen.put_right(0, &words, Role::Plain);
    }
}

/// Row 2 of a full screen.
pub(super) fn title(pen: &mut Pen<'_>, name: &str, what: &str) {
    pen.rule(0);
    let column = pen.put(0, 1, name, Role::Suggestion);
    pen.put(0, column, &format!(" {what} "), Role::Plain);
}

/// Title of one pane; the focused one stands in brackets.
pub(super) fn pane_title(app: &App, pane: Pane, pen: &mut Pen<'_>) {
    let focused = app.focus.pane == pane;
    let name = match pane {
        Pane::Findings if app.is_hidden() => "Your answer",
        pane => pane.title(),
    };
    let mut words = if focused { format!("[{name}]") } else { format!(" {name} ") };
    if pen.wide() == usize::from(app.area.width) && app.area.width < 70 {
        let at = Pane::ALL.iter().position(|other| *other == pane).unwrap_or_default();
        let _ = write!(words, " {} of 3", at + 1);
    }
    if let (Pane::Note, Some(open)) = (pane, &app.open) {
        let high = app.panes().and_then(|panes| panes.note).map_or(0, |area| area.height.into());
        let rows = open.row_count();
        let mut part = String::new();
        if open.top > 0 || rows > high {
            let last = (open.top + high).min(rows);
            part = format!("  {}-{last} of {rows}", open.top + 1);
        }
        // The key gives way to the rows that are shown: it stands in the queue as well.
        let room = pen.wide().saturating_sub(4 + grid::width(&words) + part.len());
        let _ = write!(words, " {}{part} ", grid::cut_middle(&open.note.key, room.max(8)));
    }
    let role = if focused { Role::Suggestion } else { Role::Plain };
    pen.put(0, 1, &grid::cut(&words, pen.wide().saturating_sub(1)), role);
}

/// The last thing that happened, or the line that is typed.
pub(super) fn message(app: &App, pen: &mut Pen<'_>) {
    if let Some(Layer::Prompt(prompt)) = app.layers.last() {
        let start = pen.put(0, 1, &format!("{}: ", prompt.kind.label()), Role::Suggestion);
        let count = format!("{} of {}", counted(app.queue.len()), counted(app.total));
        let fault = app.filter_fault.as_ref().filter(|_| prompt.kind == PromptKind::Filter);
        field(pen, 0, start, prompt.field.text(), prompt.field.cursor(), true);
        if let Some(fault) = fault {
            let before = prompt.field.text().get(..fault.start).unwrap_or_default();
            let bad = prompt.field.text().get(fault.start..fault.end).unwrap_or_default();
            pen.put(0, start + grid::width(before), bad, Role::Warning);
            let used = start + grid::width(prompt.field.text()) + 3;
            pen.put(0, used, &fault.message, Role::Suggestion);
        } else if let Some(refused) = app.refused_just_now() {
            // What was not taken says why where it is typed.
            pen.put_right(0, refused, Role::Suggestion);
        } else if prompt.kind == PromptKind::Filter {
            pen.put_right(0, &count, Role::Plain);
        } else {
            pen.put_right(0, &app.found_words(), Role::Suggestion);
        }
        return;
    }
    let said = &app.said;
    let (words, role) = match said.tone {
        Tone::Done => (said.text.clone(), Role::Plain),
        Tone::Refused => (said.text.clone(), Role::Suggestion),
        Tone::Error => (format!("! {}", said.text), Role::Error),
    };
    let room = pen.wide().saturating_sub(1);
    let words = if grid::width(&words) > room { without_lines(&words) } else { words };
    pen.put(0, 1, &keeping_the_way_back(&words, room), role);
    // The row itself is the gauge: what is done of it is reversed.
    let done = app.working.as_ref().and_then(|work| work.filled(pen.wide()));
    let done = Rect { width: to_u16(done.unwrap_or_default()), ..pen.area };
    pen.part(done).reverse(0);
}

/// Cuts a message before its last words, set apart by blanks: they say how to take it back.
fn keeping_the_way_back(words: &str, room: usize) -> String {
    match words.rsplit_once("   ") {
        Some((done, back)) if grid::width(words) > room && grid::width(back) + 20 <= room => {
            let done = grid::cut(done, room - grid::width(back) - 3);
            format!("{done}   {back}")
        }
        _ => grid::cut(words, room).into_owned(),
    }
}

/// Leaves the lines in brackets out of a message that is too long for its row.
fn without_lines(words: &str) -> String {
    match (words.find(" ("), words.find(')')) {
        (Some(from), Some(to)) if from < to => {
            format!("{}{}", &words[..from], &words[to + 1..])
        }
        _ => words.to_owned(),
    }
}

/// Writes a text field with its cursor; the part round the cursor is shown if it is too long.
pub(super) fn field(
    pen: &mut Pen<'_>,
    row: usize,
    column: usize,
    text: &str,
    cursor: usize,
    focused: bool,
) {
    let room = pen.wide().saturating_sub(column + 1);
    let (before, after) = text.split_at(cursor.min(text.len()));
    let mut shown = before;
    while grid::width(shown) > room {
        let mut letters = shown.chars();
        letters.next();
        shown = letters.as_str();
    }
    let at = pen.put(row, column, shown, Role::Plain);
    let end = pen.put(row, at, after, Role::Plain);
    if focused {
        let under = after.chars().next().map_or_else(|| "_".to_owned(), |c| c.to_string());
        pen.put(row, at, &under, Role::Cursor);
    } else {
        pen.put(row, end, "_", Role::Faint);
    }
}

/// Returns the keys possible now with the columns they take, most used first.
pub(in crate::tui) fn hints(app: &App, width: u16) -> Vec<(&'static Binding, Range<u16>)> {
    let place = app.place();
    let keys = &app.settings.keys;
    let mut rows: Vec<&'static Binding> = keymap::hinted(place)
        .filter(|row| (row.test)(app).is_none() && !keys.hint(row).is_empty())
        .collect();
    let help = rows.iter().position(|row| row.action == super::super::action::Action::Help);
    let help = help.map(|at| rows.remove(at));
    let reserved = help.map_or(0, |row| grid::width(&keys.hint(row)) + 2);
    let mut found = Vec::new();
    let mut at = 1;
    for row in rows {
        let wide = grid::width(&keys.hint(row));
        if at + wide + reserved > usize::from(width) {
            break;
        }
        found.push((row, to_u16(at)..to_u16(at + wide)));
        at += wide + 2;
    }
    if let Some(row) = help {
        let wide = grid::width(&keys.hint(row));
        if at + wide <= usize::from(width) {
            found.push((row, to_u16(at)..to_u16(at + wide)));
        }
    }
    found
}

/// Row h: what can be pressed now.
pub(super) fn hint_row(app: &App, pen: &mut Pen<'_>) {
    if let Some(words) = layer_hints(app) {
        pen.put(0, 1, &grid::cut(words, pen.wide().saturating_sub(1)), Role::Plain);
        return;
    }
    let keys = &app.settings.keys;
    for (row, columns) in hints(app, to_u16(pen.wide())) {
        let text = keys.hint(row);
        let (key, words) = text.split_once(' ').unwrap_or((&text, ""));
        let at = pen.put(0, usize::from(columns.start), key, Role::Key);
        pen.put(0, at, &format!(" {words}"), Role::Plain);
    }
}

/// Keys that belong to typing and forms, which no row of the keymap stands for.
pub(in crate::tui) fn layer_hints(app: &App) -> Option<&'static str> {
    Some(match app.layers.last()? {
        Layer::Change(_) => {
            "Tab next field  1-8 reason  m minutes  Enter on a button  Esc keeps the draft"
        }
        Layer::Query(_) => {
            "Tab next field  1-9 template  Space answer on/off  Enter on a button  Esc back"
        }
        Layer::Defer(_) => "1-4 reason  Enter takes the one under the cursor  Esc back",
        Layer::Bulk(_) => "type the number, then Enter  i takes hidden notes in  Esc cancel",
        Layer::Prompt(prompt) if prompt.kind == PromptKind::Find => {
            "type to find  Enter or Down next place  Up previous place  Esc closes"
        }
        Layer::Select => {
            "Left/Right word  Up/Down row  Space starts here  Enter copies  Esc back  ? help"
        }
        Layer::Prompt(_) => "Enter takes it  Tab completes  Ctrl-U clears  Esc closes  F1 help",
        Layer::Settings(_) => "Left/Right changes  Enter types or changes  Esc closes",
        Layer::Menu(_) => "1-9 or Up/Down and Enter choose  Esc closes",
        Layer::Help(_) | Layer::Palette(_) => {
            "type to find  Up/Down choose  Enter does it  Esc closes"
        }
        Layer::History { .. } => "Up/Down entry  Enter details  y copy  Esc close",
        Layer::Compared => "e points  c change (a second entry)  Enter next note  Esc stay",
        Layer::Summary => "b board  v views  Esc stay  Ctrl-C quit",
        Layer::Blocked => "r try again  y copy what you decided  Ctrl-C quit without recording it",
        Layer::Quit => "y quit  n stay",
        _ => return None,
    })
}
