//! Drawing: the whole screen from the state, without changing either.

mod bars;
mod blind;
mod board;
mod dialogs;
mod finder;
mod findings;
mod first;
mod form;
pub(in crate::tui) mod note;
mod pen;
mod points;
mod queries;
mod query;
mod queue;
mod settings;
mod time;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::app::{App, Layer, MenuKind, Screen};
use super::layout::{LEAST, Pane, Panes};
use super::target::Hit;
use super::theme::Role;
use pen::Pen;

pub(in crate::tui) use bars::{hints, layer_hints};
pub(in crate::tui) use board::board_text;
pub(in crate::tui) use dialogs::dialog_text;
pub use first::draw_first;
pub(in crate::tui) use points::rows_below_head;

/// Draws the screen.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    draw_into(app, frame.area(), frame.buffer_mut());
}

/// Draws the screen into an empty buffer; nothing outside the area is touched.
pub fn draw_into(app: &App, area: Rect, buffer: &mut Buffer) {
    paint(app, area, buffer, None);
}

/// Returns what the places of the screen stand for to a click, those above others last.
pub(in crate::tui) fn targets(app: &App) -> Vec<Hit> {
    let mut hits = Vec::new();
    paint(app, app.area, &mut Buffer::empty(app.area), Some(&mut hits));
    hits
}

fn paint(app: &App, area: Rect, buffer: &mut Buffer, hits: Option<&mut Vec<Hit>>) {
    // The menu of themes shows each one while the cursor is on it.
    let theme = match app.layers.last() {
        Some(Layer::Menu(menu)) if menu.kind == MenuKind::Theme => {
            app.settings.themes.get(menu.cursor)
        }
        _ => None,
    };
    let looks = theme.map_or(&app.settings.looks, |(_, looks)| looks);
    let mut pen =
        Pen::new(buffer, area, looks, app.settings.ascii).counting(app.settings.ambiguous);
    if let Some(hits) = hits {
        pen = pen.telling(hits);
    }
    if looks.style(Role::Plain) != Style::new() {
        pen.clear();
    }
    let Some(panes) = Panes::of(area, app.focus) else {
        let words = format!(
            "rubric needs {} by {}; this window is {} by {}. Nothing is lost.",
            LEAST.0, LEAST.1, area.width, area.height
        );
        for (row, text) in
            pen::Text::wrapped(&words, usize::from(area.width), 0, Role::Plain).iter().enumerate()
        {
            pen.text(row, 0, text);
        }
        return;
    };
    if app.is_locked() {
        locked(app, &mut pen, panes);
        return;
    }
    bars::header(app, &mut pen.part(panes.header));
    match app.screen {
        Screen::Review => review(app, &mut pen, panes),
        Screen::Queue => {
            bars::title(&mut pen.part(panes.rule), "[Queue]", &app.settings.queue);
            queue::full(app, &mut pen.part(panes.body));
        }
        Screen::Findings => {
            let what = app.open.as_ref().map_or_else(String::new, |open| {
                format!("{} segment {}", open.note.key, open.segment + 1)
            });
            bars::title(&mut pen.part(panes.rule), "[Findings]", &what);
            points::draw(app, &mut pen.part(panes.body));
        }
        Screen::Board => {
            bars::title(&mut pen.part(panes.rule), "[Board]", &app.settings.queue);
            board::draw(app, &mut pen.part(panes.body));
        }
    }
    bars::message(app, &mut pen.part(panes.message));
    bars::hint_row(app, &mut pen.part(panes.hints));
    let body = panes.body.union(panes.rule);
    for layer in &app.layers {
        if !matches!(layer, Layer::Select) {
            pen.cover();
        }
        if !matches!(layer, Layer::Prompt(_) | Layer::Select) {
            pen.part(body).dim();
            draw_layer(app, layer, area, &mut pen);
        }
    }
}

fn draw_layer(app: &App, layer: &Layer, area: Rect, pen: &mut Pen<'_>) {
    match layer {
        Layer::Change(form) => form::draw(app, form, area, pen),
        Layer::Queries(list) => queries::draw(list, area, pen),
        Layer::Query(form) => query::draw(app, form, area, pen),
        Layer::Help(finder) => finder::help(app, finder, area, pen),
        Layer::Palette(finder) => finder::palette(app, finder, area, pen),
        Layer::Settings(cursor) => settings::draw(app, *cursor, area, pen),
        Layer::Compared => blind::compared(app, area, pen),
        _ => dialogs::draw(app, layer, area, pen),
    }
}

/// Covers everything: no note, no key of a note, no message about one.
fn locked(app: &App, pen: &mut Pen<'_>, panes: Panes) {
    pen.put(0, 1, "rubric  Locked", Role::Suggestion);
    let mut body = pen.part(panes.body);
    let words = "Nobody pressed a key for some time. Nothing you chose or typed is lost.";
    for (row, text) in pen::Text::wrapped(words, body.wide(), 1, Role::Plain).iter().enumerate() {
        body.text(row + 1, 1, text);
    }
    if let Some(Layer::Locked(field)) = app.layers.last() {
        let start = body.put(4, 1, "Your name as coder: ", Role::Suggestion);
        bars::field(&mut body, 4, start, field.text(), field.cursor(), true);
    } else {
        body.put(4, 1, "y quit   n stay", Role::Suggestion);
    }
    bars::message(app, &mut pen.part(panes.message));
    pen.part(panes.hints).put(0, 1, "Enter goes on  Ctrl-C quit", Role::Plain);
}

fn review(app: &App, pen: &mut Pen<'_>, panes: Panes) {
    pen.part(panes.rule).rule(0);
    for pane in Pane::ALL {
        let Some(area) = panes.get(pane) else { continue };
        bars::pane_title(app, pane, &mut pen.part(Rect { height: 1, y: panes.rule.y, ..area }));
        let mut part = pen.part(area);
        match pane {
            Pane::Queue => queue::pane(app, &mut part),
            Pane::Note => note::draw(app, &mut part),
            Pane::Findings if app.is_hidden() => blind::answer(app, &mut part),
            Pane::Findings => findings::draw(app, &mut part),
        }
        if area.x > panes.body.x {
            pen.down(area.x - 1, panes.rule.y, panes.body.bottom());
        }
    }
}
