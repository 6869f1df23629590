//! The board: figures with their numbers, bars for the eye.

use ratatui::layout::Rect;

use crate::review::counted;
use crate::review::figures::{Count, ENOUGH, Figures, percent};

use super::super::app::App;
use super::super::grid;
use super::super::theme::Role;
use super::pen::{Pen, Text, to_u16};

pub(super) fn draw(app: &App, pen: &mut Pen<'_>) {
    let Some(figures) = &app.figures else {
        pen.put(0, 1, "Counting the log.", Role::Plain);
        return;
    };
    let so_far = if figures.event < figures.events {
        format!(
            "counting: event {} of {}   Esc stops",
            counted(figures.event),
            counted(figures.events)
        )
    } else {
        format!("counted from the log, event {}", counted(figures.event))
    };
    let head = format!(" range {}   {so_far}", app.range.words());
    pen.put(0, 0, &grid::cut(&head, pen.wide()), Role::Faint);
    let wide = pen.wide();
    let parts: Vec<Rect> = if wide >= 110 {
        split(pen.area, &[wide / 3 - 1, wide / 3 + 4])
    } else if wide >= 70 {
        split(pen.area, &[wide / 2 - 1])
    } else {
        split(pen.area, &[])
    };
    let width = |at: usize| usize::from(parts[at.min(parts.len() - 1)].width).saturating_sub(2);
    let work = work(app, figures, width(0), pen.ascii);
    let agreement = agreement(figures, width(1), pen.ascii);
    let findings = findings(app, figures, width(parts.len() - 1), pen.ascii);
    let columns: Vec<Vec<Text>> = match parts.len() {
        3 => vec![work, agreement, findings],
        2 => vec![work, [agreement, vec![Text::blank()], findings].concat()],
        _ => vec![[work, vec![Text::blank()], agreement, vec![Text::blank()], findings].concat()],
    };
    for (area, rows) in parts.iter().zip(columns) {
        // The row under the cursor stays in view, with what stands around it.
        let here = |row: &Text| row.left.first().is_some_and(|(words, _)| words.starts_with('>'));
        let high = usize::from(area.height);
        let top = rows.iter().position(here).map_or(0, |at| (at + 4).saturating_sub(high));
        pen.part(*area).rows(&rows, top);
    }
}

/// Returns the board as text, to be copied: all panels below each other.
pub(in crate::tui) fn board_text(app: &App) -> String {
    const WIDE: usize = 72;
    let Some(figures) = &app.figures else { return String::new() };
    let ascii = app.settings.ascii;
    let panels = [
        work(app, figures, WIDE, ascii),
        agreement(figures, WIDE, ascii),
        findings(app, figures, WIDE, ascii),
    ];
    let mut text =
        format!("{}, {}, event {}\n", app.settings.queue, app.range.words(), figures.event);
    for row in panels.join(&Text::blank()) {
        let left: String = row.left.iter().map(|(words, _)| words.as_str()).collect();
        // The cursor is no part of what is told.
        let left = left.replacen('>', " ", usize::from(left.starts_with('>')));
        let right = row.right.map_or_else(String::new, |(words, _)| format!("  {words}"));
        text.push_str(format!("{left}{right}").trim_end());
        text.push('\n');
    }
    text
}

fn split(area: Rect, widths: &[usize]) -> Vec<Rect> {
    let mut rest = Rect { y: area.y + 2, height: area.height.saturating_sub(2), ..area };
    let mut parts = Vec::new();
    for wide in widths {
        let wide = to_u16(*wide).min(rest.width);
        parts.push(Rect { width: wide, ..rest });
        rest = Rect { x: rest.x + wide + 1, width: rest.width.saturating_sub(wide + 1), ..rest };
    }
    parts.push(rest);
    parts
}

/// Returns columns of one row: eight heights, or digits; at least the lowest for any value above 0.
fn sparkline(values: &[u64], ascii: bool) -> String {
    const HEIGHTS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    const DIGITS: [char; 9] = [' ', '1', '2', '3', '4', '5', '6', '7', '8'];
    let largest = values.iter().copied().max().unwrap_or_default().max(1);
    let signs = if ascii { DIGITS } else { HEIGHTS };
    let height = |value: &u64| usize::try_from((value * 8).div_ceil(largest)).unwrap_or(8).min(8);
    values.iter().map(|value| signs[height(value)]).collect()
}

/// Shows values of days or hours as columns, with the least and the largest in numbers.
fn graph(name: &str, unit: (&str, &str), values: &[u64], wide: usize, ascii: bool) -> Vec<Text> {
    let (Some(least), Some(most)) = (values.iter().min(), values.iter().max()) else {
        return Vec::new();
    };
    let shown = &values[values.len().saturating_sub(wide.saturating_sub(2))..];
    let (from, to) = unit;
    let words = format!(" {from} to {to}, least {least}, most {most}");
    let mut rows = vec![Text::blank(), Text::of(format!(" {name}"), Role::Suggestion)];
    rows.push(Text::plain(format!(" {}", sparkline(shown, ascii))));
    rows.extend(Text::wrapped(&words, wide, 1, Role::Plain));
    rows
}

/// Returns a bar scaled to the largest; at least one block for any value above 0.
fn bar(value: u64, largest: u64, room: usize, ascii: bool) -> String {
    if value == 0 || largest == 0 || room == 0 {
        return String::new();
    }
    let blocks = usize::try_from(value * room as u64 / largest).unwrap_or(room).clamp(1, room);
    if ascii { "#" } else { "█" }.repeat(blocks)
}

fn bars(app: &App, counts: &[Count], rate: bool, wide: usize, ascii: bool) -> Vec<Text> {
    let longest = counts.iter().map(|count| grid::width(&count.name)).max().unwrap_or_default();
    let name = longest.clamp(10, wide.saturating_sub(18).clamp(10, 30));
    let all: u64 = counts.iter().map(|count| count.count).sum();
    let largest = counts.iter().map(|count| count.count).max().unwrap_or_default();
    let chosen = app.board_rows().get(app.board_cursor).map(|count| count.name.clone());
    counts
        .iter()
        .map(|count| {
            let here = chosen.as_deref() == Some(count.name.as_str());
            let sign = if here { ">" } else { " " };
            let share =
                if rate { format!("{:>6}", percent(count.count, all)) } else { String::new() };
            let head = format!(
                "{sign}{}{:>7}{share} ",
                grid::padded(&grid::cut(&count.name, name), name),
                counted(count.count)
            );
            let room = wide.saturating_sub(grid::width(&head)).min(20);
            let role = if here { Role::Suggestion } else { Role::Plain };
            Text::of(format!("{head}{}", bar(count.count, largest, room, ascii)), role)
        })
        .collect()
}

fn work(app: &App, figures: &Figures, wide: usize, ascii: bool) -> Vec<Text> {
    let all: u64 = figures.decisions.iter().map(|count| count.count).sum();
    let open: u64 = figures.open_by_age.iter().map(|count| count.count).sum();
    let head = |name: &str, count: u64| {
        Text::of(format!(" {name}"), Role::Suggestion).right(counted(count), Role::Plain)
    };
    let left = u64::from(app.total.saturating_sub(app.decided.count()));
    let mut rows = vec![
        head("Today", figures.today),
        Text::plain(format!(
            " {} of {} notes decided, {} open",
            counted(app.decided.count()),
            counted(app.total),
            counted(left)
        )),
        Text::blank(),
        head("Decisions", all),
    ];
    rows.extend(bars(app, &figures.decisions, true, wide, ascii));
    rows.push(Text::blank());
    let (read, all) = figures.notes;
    rows.push(head(
        if read < all { "Open by age, notes read so far" } else { "Open by age" },
        open,
    ));
    rows.extend(bars(app, &figures.open_by_age, false, wide, ascii));
    rows.push(Text::blank());
    let seconds = figures.seconds.map_or_else(
        || "too few".to_owned(),
        |(median, tenth)| format!("median {median} s, 9 of 10 under {tenth} s"),
    );
    rows.extend(Text::wrapped(&format!(" Time on a note  {seconds}"), wide, 3, Role::Plain));
    let (unlooked, accepts) = figures.unlooked;
    let words = format!(
        " Accepted without e or n  {unlooked} of {accepts}{}",
        if accepts >= ENOUGH {
            format!(" = {}", percent(unlooked, accepts))
        } else {
            String::new()
        }
    );
    rows.extend(Text::wrapped(&words, wide, 3, Role::Plain));
    rows.push(Text::plain(format!(
        " Undone {}   amended later {}",
        figures.undone, figures.amended
    )));
    let (waiting, answered, closed) = figures.queries;
    let oldest = figures.oldest_query.map_or_else(String::new, |days| format!(", oldest {days} d"));
    let words = format!(" Queries waiting {waiting}{oldest}, answered {answered}, closed {closed}");
    rows.extend(Text::wrapped(&words, wide, 3, Role::Plain));
    rows
}

fn agreement(figures: &Figures, wide: usize, ascii: bool) -> Vec<Text> {
    let mut rows = vec![Text::of(" Suggested (down), decided (across)", Role::Suggestion)];
    let columns: Vec<String> =
        figures.decided.iter().map(|name| format!("{:>5}", grid::cut(name, 5))).collect();
    let columns = columns.join(" ");
    rows.push(Text::of(format!(" {:<6} {columns}", ""), Role::Faint));
    for (name, counts) in &figures.matrix {
        let cells: Vec<String> = counts.iter().map(|count| format!("{count:>5}")).collect();
        rows.push(Text::plain(format!(" {:<6} {}", grid::cut(name, 6), cells.join(" "))));
    }
    rows.push(Text::blank());
    if let Some(kept) = figures.kept {
        let words = format!(" Kept as suggested {} of {}{}.", kept.kept, kept.all, kept.words());
        rows.extend(Text::wrapped(&words, wide, 1, Role::Plain));
        let words = " Kept is not the same as right: blind rounds and audits tell that.";
        rows.extend(Text::wrapped(words, wide, 1, Role::Faint));
    }
    if let Some(blind) = figures.blind {
        let words = format!(" Blind answers {}: agree {}{}.", blind.all, blind.kept, blind.words());
        rows.extend(Text::wrapped(&words, wide, 1, Role::Plain));
    }
    let codes: Vec<String> = figures
        .by_code()
        .iter()
        .filter(|count| count.count > 0)
        .map(|count| format!("{} {}", count.name, count.count))
        .collect();
    if !codes.is_empty() {
        let words = format!(" Decided by code: {}", codes.join("  "));
        rows.extend(Text::wrapped(&words, wide, 1, Role::Plain));
    }
    if let (Some((first, _)), Some((last, _))) = (figures.by_hour.first(), figures.by_hour.last()) {
        let mut hours = vec![0; usize::from(last - first) + 1];
        for (hour, count) in &figures.by_hour {
            hours[usize::from(hour - first)] = *count;
        }
        let names = (format!("{first:02}h"), format!("{last:02}h"));
        let names = (names.0.as_str(), names.1.as_str());
        rows.extend(graph("Decisions by hour", names, &hours, wide, ascii));
    }
    if let (Some((first, _)), Some((last, _))) = (figures.by_day.first(), figures.by_day.last()) {
        let days: Vec<u64> = figures.by_day.iter().map(|(_, count)| *count).collect();
        let short = |day: &str| day.get(5..).unwrap_or_default().to_owned();
        let names = (short(first), short(last));
        let names = (names.0.as_str(), names.1.as_str());
        rows.extend(graph("Decisions by day", names, &days, wide, ascii));
    }
    rows
}

fn findings(app: &App, figures: &Figures, wide: usize, ascii: bool) -> Vec<Text> {
    let mut rows = vec![Text::of(" Warnings, notes that have them", Role::Suggestion)];
    let (read, all) = figures.notes;
    if read < all {
        // Counts over a part of the notes must not pass for counts over all of them.
        let words = format!(" from {} of {} notes, those read so far", counted(read), counted(all));
        rows.extend(Text::wrapped(&words, wide, 1, Role::Faint));
    }
    rows.extend(bars(app, &figures.warnings, false, wide, ascii));
    rows.push(Text::blank());
    let (more, less, same) = figures.units;
    let words = format!(" Units billed: more {more}, less {less}, same {same}");
    rows.extend(Text::wrapped(&words, wide, 3, Role::Plain));
    if figures.outcomes.iter().any(|count| count.count > 0) {
        rows.push(Text::blank());
        rows.push(Text::of(" Segments by what came of them", Role::Suggestion));
        rows.extend(bars(app, &figures.outcomes, true, wide, ascii));
    }
    if !figures.abstained.is_empty() {
        rows.push(Text::of(" without a code, by the reason", Role::Faint));
        rows.extend(bars(app, &figures.abstained, false, wide, ascii));
    }
    if !figures.therapists.is_empty() {
        rows.push(Text::blank());
        rows.push(Text::of(" By therapist: warned of notes", Role::Suggestion));
    }
    for one in &figures.therapists {
        let counts = format!("{} of {}", counted(one.warned), counted(one.notes));
        let name = grid::cut(&one.name, wide.saturating_sub(counts.len() + 2)).into_owned();
        rows.push(Text::plain(format!(" {name}")).right(counts, Role::Plain));
    }
    rows
}
