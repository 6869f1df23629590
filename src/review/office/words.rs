//! Events, times and faults in words for a person.

use std::path::Path;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::intake;
use crate::model::Decision;
use crate::review::decide::{REASONS, lines_in_words};
use crate::review::desk::{HistoryEntry, Problem, ProblemKind};
use crate::store::{self, Kind, Stamp, StoreError, TextState};

/// Makes a sentence of words that begin small.
pub(super) fn sentence(words: &str) -> String {
    let words = words.trim();
    let mut letters = words.chars();
    let mut made: String = letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if !made.is_empty() && !made.ends_with(['.', '!', '?']) {
        made.push('.');
    }
    made
}

/// Refuses a request.
pub(super) fn refused(why: &str) -> Problem {
    Problem {
        kind: ProblemKind::Refused,
        why: sentence(why),
        place: String::new(),
        remedy: String::new(),
    }
}

/// Says why a note cannot be read.
pub(super) fn unreadable(problem: &intake::Problem) -> Problem {
    Problem {
        kind: ProblemKind::Unreadable,
        why: sentence(&problem.message),
        place: problem.source.clone(),
        remedy: sentence(&problem.remedy),
    }
}

/// Says why the log did not take something.
pub(super) fn problem(error: &StoreError, log: &Path) -> Problem {
    let kind = match error {
        StoreError::LeaseHeld { .. }
        | StoreError::LeaseLost { .. }
        | StoreError::SamePerson { .. }
        | StoreError::NotHeld
        | StoreError::NoFreeSlot => ProblemKind::LeaseLost,
        StoreError::WrongEvent { .. }
        | StoreError::EventIdTaken
        | StoreError::NoEventId
        | StoreError::Body(_)
        | StoreError::Blind => ProblemKind::Refused,
        _ => ProblemKind::Store,
    };
    let place = log.display().to_string();
    let said = error.to_string();
    let (why, remedy) = said.split_once('\n').unwrap_or((&said, ""));
    let why = why.strip_prefix(&format!("{place}: ")).unwrap_or(why);
    // The picture of a failed write joins these words into sentences of its own.
    let why = if kind == ProblemKind::Store { why.to_owned() } else { sentence(why) };
    Problem { kind, why, place, remedy: sentence(remedy) }
}

fn local(at: Stamp) -> Option<Zoned> {
    let offset = Offset::from_seconds(at.offset_minutes * 60).ok()?;
    Some(Timestamp::from_millisecond(at.utc_ms).ok()?.to_zoned(TimeZone::fixed(offset)))
}

/// Returns the day of a moment where it was made.
pub(super) fn day(at: Stamp) -> Option<Date> {
    local(at).map(|at| at.date())
}

/// Returns the hour of a moment where it was made.
pub(super) fn hour(at: Stamp) -> Option<u8> {
    local(at).and_then(|at| u8::try_from(at.hour()).ok())
}

/// Writes hours and minutes.
pub(super) fn clock_time(at: Stamp) -> String {
    local(at).map(|at| at.strftime("%H:%M").to_string()).unwrap_or_default()
}

/// Writes a moment, with its day unless that is today.
pub(super) fn moment(at: Stamp, now: Stamp) -> String {
    let Some(when) = local(at) else { return String::new() };
    if day(now) == Some(when.date()) {
        return format!("today {}", when.strftime("%H:%M"));
    }
    when.strftime("%Y-%m-%d %H:%M").to_string()
}

/// Reads a date as sources write it: `2026-11-02`, `11/02/2026`, `11/2/26`.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = text.get(..10).unwrap_or(text);
    if let Ok(date) = day.parse::<Date>() {
        return Some(date);
    }
    let mut parts = text.split(['/', '-', '.']).map(str::trim);
    let month: i8 = parts.next()?.parse().ok()?;
    let day: i8 = parts.next()?.parse().ok()?;
    let year: i16 = parts.next()?.parse().ok()?;
    let year = if year < 100 { year + 2000 } else { year };
    Date::new(year, month, day).ok().filter(|_| parts.next().is_none())
}

/// Writes a date so that later ones sort later; `None` for what is no date.
pub(super) fn iso_date(text: &str) -> Option<String> {
    date(text).map(|date| date.to_string())
}

/// Returns the days from a date to a moment; `None` for what is no date or lies ahead.
pub(super) fn age(text: &str, now: Stamp) -> Option<u32> {
    let days = date(text)?.until(day(now)?).ok()?.get_days();
    u32::try_from(days).ok()
}

/// Tells an event of a note; `None` for events that only say who had it when.
pub(super) fn entry(event: &store::HistoryEntry, now: Stamp) -> Option<HistoryEntry> {
    if event.kind == Kind::View {
        return None;
    }
    let what = match (&event.after, event.kind) {
        (Some(decision), Kind::Decide) => decision.kind.as_str().to_owned(),
        _ => event.kind.as_str().to_owned(),
    };
    let short = match (&event.after, event.amends) {
        (Some(decision), Some(seq)) => format!("{} {}", in_short(decision), of(seq)),
        (Some(decision), None) => in_short(decision),
        (None, Some(seq)) => of(seq),
        (None, None) => String::new(),
    };
    let mut detail = Vec::new();
    if let (Some(before), Some(after)) = (&event.before, &event.after) {
        detail.push(format!("before: {} {}", before.kind.as_str(), lines_in_words(&before.lines)));
        detail.push(format!("after: {} {}", after.kind.as_str(), lines_in_words(&after.lines)));
    }
    if let Some(decision) = &event.after {
        if let Some(reason) = &decision.reason {
            let known = REASONS.iter().find(|known| known.id == reason);
            detail.push(format!("reason: {}", known.map_or(reason.as_str(), |known| known.words)));
        }
        let looked = if decision.evidence_seen { "looked at" } else { "not looked at" };
        detail.push(format!("points {looked}, {} s on the note", decision.elapsed_ms / 1000));
    }
    for (field, text) in &event.texts {
        detail.push(match text {
            TextState::Kept(text) => format!("{field}: {text}"),
            TextState::Redacted { by, at, .. } => {
                format!("{field}: redacted by {by}, {}", moment(*at, now))
            }
            TextState::Missing => format!("{field}: missing; rubric log verify says more"),
        });
    }
    if event.slot > 1 {
        detail.push(format!("in review slot {}", event.slot));
    }
    Some(HistoryEntry {
        seq: event.seq.unsigned_abs(),
        when: moment(event.at, now),
        who: event.by.clone(),
        what,
        short,
        detail,
    })
}

fn of(seq: i64) -> String {
    format!("of event {seq}")
}

fn in_short(decision: &Decision) -> String {
    if decision.lines.is_empty() { String::new() } else { lines_in_words(&decision.lines) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_sources_write_them() {
        for text in ["2026-11-02", "11/02/2026", "11/2/26", "2026-11-02T08:00"] {
            assert_eq!(iso_date(text).as_deref(), Some("2026-11-02"), "{text}");
        }
        assert_eq!(iso_date("last Tuesday"), None);
        let now = Stamp::utc(1_762_300_800_000);
        assert_eq!(age("2025-11-02", now), Some(3));
        assert_eq!(age("2027-01-01", now), None);
    }

    #[test]
    fn faults_are_told_in_parts() {
        let log = Path::new("/x/log.sqlite");
        let full = problem(&StoreError::Full { path: log.to_path_buf() }, log);
        assert_eq!(full.kind, ProblemKind::Store);
        assert_eq!(full.why, "no space left on the disk");
        assert!(full.remedy.starts_with("Free some space") && full.remedy.ends_with('.'));
    }
}
