//! Figures of the board, counted from the events of the log in one pass.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::civil::Date;

use crate::model::{Decision, DecisionKind, Via};
use crate::review::desk::NoteId;
use crate::review::figures::{Count, Figures, Range};
use crate::review::row::State;
use crate::store::{AuditLog, HistoryEntry, Kind, Stamp, StoreError};

use super::agreed::Agreed;
use super::standing::Standing;
use super::stock::Stock;
use super::words;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Days that are shown one by one.
const DAYS_LISTED: usize = 30;
/// Events after which somebody may want to hear how far it is.
const LOOK: u64 = 512;
/// Rules that are listed.
const RULES_LISTED: usize = 20;

/// What the log says of each note of the queue.
type Standings = BTreeMap<NoteId, Standing>;

/// Hears of the figures so far, which are made only when asked for, and tells whether to go on.
pub(super) type Hear<'a> = &'a mut dyn FnMut(&dyn Fn() -> Figures) -> ControlFlow<()>;

/// Counts everything the board shows.
pub(super) fn count(
    log: &AuditLog,
    range: Range,
    now: Stamp,
    notes: Option<(&Stock, &Standings)>,
) -> Result<Figures, StoreError> {
    let mut figures = count_log(log, range, now, &mut |_| ControlFlow::Continue(()))?;
    if let Some((stock, standings)) = notes {
        add_notes(&mut figures, stock, standings);
    }
    Ok(figures)
}

/// Counts what the log tells, and lets hear of it on the way.
pub(super) fn count_log(
    log: &AuditLog,
    range: Range,
    now: Stamp,
    hear: Hear<'_>,
) -> Result<Figures, StoreError> {
    let mut tally = Tally::default();
    tally.figures.events = log.head(now)?.size;
    log.each_entry(1, |event| {
        tally.figures.event = event.seq.unsigned_abs();
        tally.follow_query(&event);
        if event.after.is_some() && within(event.at, Range::Today, now) {
            tally.figures.today += 1;
        }
        if within(event.at, range, now) {
            tally.take(&event);
        }
        if tally.figures.event.is_multiple_of(LOOK) {
            return hear(&|| tally.clone().finish(now));
        }
        ControlFlow::Continue(())
    })?;
    Ok(tally.finish(now))
}

/// Adds what is known of the notes of the queue; the figures say of how many that is.
pub(super) fn add_notes(figures: &mut Figures, stock: &Stock, all: &Standings) {
    figures.notes = stock.known();
    let open = |id| all.get(&id).is_none_or(|standing| standing.state() == State::Open);
    let mut ages = [0_u64; 4];
    for age in stock.ages().into_iter().filter(|(id, _)| open(*id)).map(|(_, age)| age) {
        ages[match age {
            0 => 0,
            1..=3 => 1,
            4..=7 => 2,
            _ => 3,
        }] += 1;
    }
    if ages.iter().any(|count| *count > 0) {
        figures.open_by_age = [
            ("today", "open age<1"),
            ("1-3 days", "open age>0 age<4"),
            ("4-7 days", "open age>3 age<8"),
            ("older", "open age>7"),
        ]
        .into_iter()
        .zip(ages)
        .map(|((name, filter), count)| named(name, count, filter))
        .collect();
    }
    let mut warnings: Vec<Count> = stock
        .by_rule()
        .into_iter()
        .map(|(rule, count)| named(&stock.rule(&rule), count, &format!("rule:{rule}")))
        .collect();
    warnings.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    warnings.truncate(RULES_LISTED);
    figures.warnings = warnings;
    (figures.outcomes, figures.abstained) = stock.outcomes();
    figures.therapists = stock.by_therapist();
}

fn named(name: &str, count: u64, filter: &str) -> Count {
    Count { name: name.to_owned(), count, filter: filter.to_owned() }
}

fn within(at: Stamp, range: Range, now: Stamp) -> bool {
    match range {
        Range::Today => words::day(at) == words::day(now),
        Range::Week => at.utc_ms > now.utc_ms - 7 * DAY_MS,
        Range::Month => at.utc_ms > now.utc_ms - 30 * DAY_MS,
        Range::All => true,
    }
}

#[derive(Clone, Default)]
struct Tally {
    figures: Figures,
    kinds: [u64; 4],
    hours: BTreeMap<u8, u64>,
    days: BTreeMap<Date, u64>,
    seconds: Vec<u64>,
    agreed: Agreed,
    /// Queries that wait for an answer, with the time of asking.
    waiting: BTreeMap<String, i64>,
}

impl Tally {
    /// Follows each query from asking to its end, whatever the range.
    fn follow_query(&mut self, event: &HistoryEntry) {
        let asks = event.after.as_ref().is_some_and(|after| after.kind == DecisionKind::Query);
        if asks {
            self.waiting.insert(event.note_key.clone(), event.at.utc_ms);
        } else if event.after.is_some() || event.kind == Kind::Withdraw {
            self.waiting.remove(&event.note_key);
        }
    }

    fn take(&mut self, event: &HistoryEntry) {
        let asked = event.before.as_ref().is_some_and(|before| before.kind == DecisionKind::Query);
        match event.kind {
            Kind::Withdraw => {
                self.figures.undone += 1;
                self.figures.queries.2 += u64::from(asked);
            }
            Kind::Amend => {
                self.figures.amended += 1;
                let kind = event.after.as_ref().map(|after| after.kind);
                match kind {
                    Some(DecisionKind::Accept | DecisionKind::Change) if asked => {
                        self.figures.queries.1 += 1;
                    }
                    Some(DecisionKind::Defer) if asked => self.figures.queries.2 += 1,
                    _ => {}
                }
            }
            _ => {}
        }
        self.agreed.take(event);
        if let Some(decision) = &event.after {
            if let Some(hour) = words::hour(event.at) {
                *self.hours.entry(hour).or_default() += 1;
            }
            if let Some(day) = words::day(event.at) {
                *self.days.entry(day).or_default() += 1;
            }
            self.decided(decision);
        }
    }

    fn decided(&mut self, decision: &Decision) {
        self.kinds[decision.kind as usize] += 1;
        if decision.via != Via::Bulk {
            self.seconds.push(decision.elapsed_ms / 1000);
        }
        if decision.kind == DecisionKind::Accept {
            self.figures.unlooked.1 += 1;
            self.figures.unlooked.0 += u64::from(!decision.evidence_seen);
        }
    }

    fn finish(mut self, now: Stamp) -> Figures {
        let mut figures = self.figures;
        figures.decisions = [
            ("accept", "accepted"),
            ("change", "changed"),
            ("query", "queried"),
            ("defer", "deferred"),
        ]
        .into_iter()
        .zip(self.kinds)
        .map(|((name, filter), count)| named(name, count, filter))
        .collect();
        figures.by_hour = self.hours.into_iter().collect();
        figures.by_day = by_day(&self.days);
        self.seconds.sort_unstable();
        let at = |tenths: usize| self.seconds.get(self.seconds.len() * tenths / 10).copied();
        figures.seconds = at(5).zip(at(9));
        figures.queries.0 = self.waiting.len() as u64;
        let oldest = self.waiting.values().min();
        figures.oldest_query =
            oldest.map(|at| (now.utc_ms - at).max(0) / DAY_MS).map(i64::unsigned_abs);
        self.agreed.finish(&mut figures);
        figures
    }
}

/// Lists the days from the first decision to the last, those without any as well.
fn by_day(days: &BTreeMap<Date, u64>) -> Vec<(String, u64)> {
    let (Some((first, _)), Some((last, _))) = (days.first_key_value(), days.last_key_value())
    else {
        return Vec::new();
    };
    let mut listed: Vec<(String, u64)> =
        std::iter::successors(Some(*last), |day| day.yesterday().ok())
            .take_while(|day| day >= first)
            .take(DAYS_LISTED)
            .map(|day| (day.to_string(), days.get(&day).copied().unwrap_or_default()))
            .collect();
    listed.reverse();
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_without_a_decision_are_listed_between_others() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let days = BTreeMap::from([(day("2026-10-30"), 3), (day("2026-11-02"), 1)]);
        let listed: Vec<(String, u64)> = by_day(&days);
        let counts: Vec<u64> = listed.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [3, 0, 0, 1]);
        assert_eq!((listed[1].0.as_str(), by_day(&BTreeMap::new())), ("2026-10-31", Vec::new()));
        let long = BTreeMap::from([(day("2020-01-01"), 3), (day("2026-11-02"), 1)]);
        assert_eq!(by_day(&long).len(), DAYS_LISTED);
    }
}
