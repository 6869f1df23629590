//! A desk in memory: notes, an append-only list of entries, faults on request.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rubric::model::{Analysis, Code, DecisionKind, Minutes, Note, UnitRule};
use rubric::review::desk::Arrangement;
use rubric::review::figures::{Count, Figures, Kept, Range, Therapist};
use rubric::review::filter::Context;
use rubric::review::{
    Act, Desk, Entry, Filter, HistoryEntry, Lease, NoteId, OpenQueries, OpenQuery, Opened, Order,
    Problem, ProblemKind, Receipt, Resume, Row, Sort, State, View, When,
};

use super::sample;

/// Notes and a log in memory.
#[derive(Default)]
pub struct MemoryDesk {
    /// Notes with their analyses.
    pub notes: Vec<(Arc<Note>, Arc<Analysis>)>,
    /// State by note.
    pub states: BTreeMap<NoteId, State>,
    /// Everything recorded, in order.
    pub log: Vec<Entry>,
    /// Fault of the next record.
    pub fault: Option<ProblemKind>,
    /// Leases of others.
    pub taken: BTreeSet<NoteId>,
    /// Flags.
    pub flagged: BTreeSet<NoteId>,
    /// What was kept.
    pub kept: Option<Resume>,
    /// Notes that cannot be read.
    pub gone: BTreeSet<NoteId>,
    /// Leases given back.
    pub released: Vec<NoteId>,
    /// Notes opened, in order.
    pub opens: Vec<NoteId>,
    /// Whether orders are answered later, as those that take reading.
    pub arranges_later: bool,
    /// The order to be answered later.
    pub arranged_later: Option<(u64, Result<Order, Problem>)>,
    /// Notes whose source is slow.
    pub slow: BTreeSet<NoteId>,
    /// Settings kept, in order.
    pub settled: Vec<(String, String)>,
    /// Views kept last.
    pub views: Vec<View>,
    /// Answers given, by ticket.
    pub done: BTreeMap<u64, Vec<Receipt>>,
}

impl MemoryDesk {
    /// Returns a queue of `count` notes; number 12 is N-0412, number 15 abstains.
    pub fn sample(count: u32) -> Self {
        let notes = (1..=count)
            .map(|number| match number {
                12 => sample::open(),
                15 => sample::vague("N-0415"),
                number => sample::clean(&format!("N-{:04}", number + 400)),
            })
            .collect();
        Self { notes, ..Self::default() }
    }

    /// Returns the acts recorded as words.
    pub fn acts(&self) -> Vec<String> {
        self.log
            .iter()
            .map(|entry| match &entry.act {
                Act::Decide(decision) => format!("{} {}", decision.kind.as_str(), entry.note.key),
                Act::Amend { seq, decision } => {
                    format!("amend {seq} {} {}", decision.kind.as_str(), entry.note.key)
                }
                Act::SecondOpinion(decision) => {
                    format!("second {} {}", decision.kind.as_str(), entry.note.key)
                }
                Act::Withdraw { seq } => format!("withdraw {seq}"),
                Act::Flag { .. } => format!("flag {}", entry.note.key),
                Act::Unflag => format!("unflag {}", entry.note.key),
                Act::Suppress { rule, .. } => format!("suppress {rule}"),
                Act::Unsuppress { rule } => format!("unsuppress {rule}"),
            })
            .collect()
    }

    fn history(&self, id: NoteId) -> Vec<HistoryEntry> {
        let entries = self.log.iter().enumerate().filter(|(_, entry)| entry.note.id == id);
        entries.map(|(at, entry)| words(at as u64 + 1, entry)).rev().collect()
    }

    fn arranged(&mut self, wanted: &Arrangement) -> Result<Order, Problem> {
        let filter = Filter::parse(&wanted.filter).map_err(|fault| Problem {
            kind: ProblemKind::Refused,
            why: fault.message,
            place: String::new(),
            remedy: String::new(),
        })?;
        let total = u32::try_from(self.notes.len()).unwrap();
        if filter.is_empty() && wanted.sort == Sort::Imported && !wanted.reverse {
            return Ok(Order::All(total));
        }
        let ids: Vec<NoteId> = (0..total).map(NoteId).collect();
        let mut rows = self.rows(&ids);
        rows.retain(|(id, row)| {
            let text = self.notes[id.0 as usize].0.text.to_lowercase();
            let context = Context {
                coder: &wanted.coder,
                marked: wanted.marked.contains(id),
                text: &|word| text.contains(word),
            };
            filter.passes(row, context)
        });
        rows.sort_by(|a, b| wanted.sort.compare(&a.1, &b.1));
        if wanted.reverse {
            rows.reverse();
        }
        Ok(Order::Picked(rows.into_iter().map(|(id, _)| id).collect()))
    }
}

fn words(seq: u64, entry: &Entry) -> HistoryEntry {
    let (what, short) = match &entry.act {
        Act::Decide(decision) => (decision.kind.as_str().to_owned(), String::new()),
        Act::Amend { seq, .. } => ("amend".to_owned(), format!("of {seq}")),
        Act::Withdraw { seq } => ("withdraw".to_owned(), format!("of {seq}")),
        Act::Flag { .. } => ("flag".to_owned(), String::new()),
        _ => ("note".to_owned(), String::new()),
    };
    HistoryEntry {
        seq,
        when: "today 14:05".into(),
        who: "anna".into(),
        what,
        short,
        detail: vec!["points not looked at".into()],
    }
}

impl Desk for MemoryDesk {
    fn fetch(&mut self, id: NoteId) -> When {
        if self.slow.contains(&id) { When::Later } else { When::Now }
    }

    fn open(&mut self, id: NoteId) -> Result<Opened, Problem> {
        self.opens.push(id);
        let found = self.notes.get(id.0 as usize).filter(|_| !self.gone.contains(&id));
        let (note, analysis) = found.cloned().ok_or_else(|| Problem {
            kind: ProblemKind::Unreadable,
            why: "The note cannot be read.".into(),
            place: "notes-samples/gone.txt".into(),
            remedy: "Look for it at its source.".into(),
        })?;
        let lease = if self.taken.contains(&id) {
            Lease::Taken { who: "ben".into(), until: "14:32".into() }
        } else {
            Lease::Held
        };
        let state = self.states.get(&id).copied().unwrap_or_default();
        let mut suppressed = BTreeSet::new();
        for entry in self.log.iter().filter(|entry| entry.note.id == id) {
            match &entry.act {
                Act::Suppress { rule, .. } => suppressed.insert(rule.clone()),
                Act::Unsuppress { rule } => suppressed.remove(rule),
                _ => false,
            };
        }
        Ok(Opened { id, note, analysis, state, history: self.history(id), lease, suppressed })
    }

    fn release(&mut self, id: NoteId) {
        self.released.push(id);
    }

    fn rows(&mut self, ids: &[NoteId]) -> Vec<(NoteId, Row)> {
        ids.iter()
            .filter_map(|id| {
                let (note, analysis) = self.notes.get(id.0 as usize)?;
                let mut row = Row::of(note, analysis);
                row.state = self.states.get(id).copied().unwrap_or_default();
                row.flagged = self.flagged.contains(id);
                row.who = (row.state != State::Open).then(|| "anna".to_owned());
                row.taken = self.taken.contains(id).then(|| ("ben".into(), "14:32".into()));
                Some((*id, row))
            })
            .collect()
    }

    fn decided(&mut self) -> Vec<NoteId> {
        self.states.iter().filter(|(_, s)| **s != State::Open).map(|(id, _)| *id).collect()
    }

    fn arrange(&mut self, generation: u64, wanted: &Arrangement) -> Option<Result<Order, Problem>> {
        let order = self.arranged(wanted);
        if self.arranges_later && wanted.sort != Sort::Imported {
            self.arranged_later = Some((generation, order));
            return None;
        }
        Some(order)
    }

    fn stop(&mut self) {}

    fn find(&mut self, key: &str) -> Option<NoteId> {
        let at = self.notes.iter().position(|(note, _)| note.key.eq_ignore_ascii_case(key))?;
        u32::try_from(at).ok().map(NoteId)
    }

    fn record(&mut self, ticket: u64, entries: &[Entry]) -> Result<Vec<Receipt>, Problem> {
        if let Some(receipts) = self.done.get(&ticket) {
            return Ok(receipts.clone());
        }
        if let Some(kind) = self.fault.take() {
            return Err(Problem {
                kind,
                why: "no space left on device".into(),
                place: "~/.local/share/rubric/audit.db".into(),
                remedy: "Free some space.".into(),
            });
        }
        let mut receipts = Vec::new();
        for entry in entries {
            let id = entry.note.id;
            match &entry.act {
                Act::Decide(decision) | Act::Amend { decision, .. } => {
                    self.states.insert(id, State::Decided(decision.kind));
                }
                Act::Withdraw { .. } => {
                    self.states.insert(id, State::Open);
                }
                Act::Flag { .. } => {
                    self.flagged.insert(id);
                }
                Act::Unflag => {
                    self.flagged.remove(&id);
                }
                Act::SecondOpinion(_) | Act::Suppress { .. } | Act::Unsuppress { .. } => {}
            }
            self.log.push(entry.clone());
            let seq = self.log.len() as u64;
            receipts.push(Receipt {
                id,
                seq,
                event_id: format!("event-{seq}"),
                entry: words(seq, entry),
            });
        }
        self.done.insert(ticket, receipts.clone());
        Ok(receipts)
    }

    fn open_queries(&mut self) -> Result<OpenQueries, Problem> {
        let asked = self.log.iter().enumerate().filter_map(|(at, entry)| match &entry.act {
            Act::Decide(decision) | Act::Amend { decision, .. }
                if decision.kind == DecisionKind::Query
                    && self.states.get(&entry.note.id)
                        == Some(&State::Decided(DecisionKind::Query)) =>
            {
                Some(OpenQuery {
                    id: Some(entry.note.id),
                    key: entry.note.key.clone(),
                    seq: at as u64 + 1,
                    who: "anna".into(),
                    when: "today 14:05".into(),
                    days: 0,
                    matter: decision
                        .reason
                        .as_deref()
                        .and_then(rubric::review::query::matter_of)
                        .unwrap()
                        .into(),
                    words: decision
                        .comment
                        .iter()
                        .flat_map(|c| c.lines())
                        .map(Into::into)
                        .collect(),
                    edited: false,
                })
            }
            _ => None,
        });
        let waiting = asked.collect();
        Ok(OpenQueries { waiting, more: 0 })
    }

    fn figures(&mut self, _range: Range) -> Result<Figures, Problem> {
        let count = |name: &str, count, filter: &str| Count {
            name: name.into(),
            count,
            filter: filter.into(),
        };
        Ok(Figures {
            events: 812,
            notes: (240, 240),
            event: 812,
            decisions: vec![
                count("accept", 112, "accepted"),
                count("change", 21, "changed"),
                count("query", 14, "queried"),
                count("defer", 9, "deferred"),
            ],
            by_hour: vec![(8, 3), (9, 26), (11, 12)],
            open_by_age: vec![
                count("today", 31, "open age<1"),
                count("1-3 days", 28, "open age>0"),
            ],
            seconds: Some((48, 160)),
            unlooked: (17, 112),
            undone: 6,
            amended: 2,
            queries: (9, 4, 1),
            oldest_query: Some(6),
            decided: ["97110", "97112", "97530", "97535", "none"].map(str::to_owned).to_vec(),
            matrix: vec![
                ("97110".into(), vec![141, 2, 9, 0, 3]),
                ("97530".into(), vec![6, 0, 97, 3, 2]),
            ],
            kept: Some(Kept { kept: 307, all: 342, interval: Some((860, 926)) }),
            warnings: vec![count("VG-0001", 61, "rule:VG-0001"), count("U1", 38, "rule:U1")],
            blind: Some(Kept { kept: 19, all: 24, interval: None }),
            outcomes: vec![
                count("suggest", 71, "outcome:suggest"),
                count("consider", 12, "outcome:consider"),
                count("abstain", 11, "outcome:abstain"),
                count("other", 6, "outcome:other"),
            ],
            abstained: vec![count("A2", 7, "reason:A2"), count("A6", 4, "reason:A6")],
            units: (19, 11, 103),
            today: 11,
            by_day: [3, 0, 41, 26, 52, 23, 11]
                .into_iter()
                .enumerate()
                .map(|(at, count)| (format!("2026-11-{:02}", at + 15), count))
                .collect(),
            therapists: [("K. Specimen", 70, 21), ("T. Sample", 86, 40)]
                .map(|(name, notes, warned)| Therapist {
                    name: name.into(),
                    notes,
                    warned,
                    filter: String::new(),
                })
                .into(),
        })
    }

    fn settle(&mut self, name: &str, value: &str) -> Result<String, Problem> {
        self.settled.push((name.to_owned(), value.to_owned()));
        Ok("config.toml".to_owned())
    }

    fn keep_views(&mut self, views: &[View]) -> Result<String, Problem> {
        self.views = views.to_vec();
        Ok("views.toml".to_owned())
    }

    fn keep(&mut self, resume: &Resume) {
        self.kept = Some(resume.clone());
    }
}

/// Gives out units by both rules, for timed codes only: enough for the tests.
pub fn units_of(rule: UnitRule, lines: &[(Code, Option<Minutes>)]) -> Vec<Option<u32>> {
    let minutes: Vec<Option<u32>> = lines.iter().map(|(_, m)| m.map(Minutes::floor)).collect();
    if rule == UnitRule::PerCode {
        let unit = |m: u32| m / 15 + u32::from(m % 15 >= 8);
        return minutes.iter().map(|m| m.map(unit)).collect();
    }
    let all: u32 = minutes.iter().flatten().sum();
    let total = all / 15 + u32::from(all % 15 >= 8);
    let mut units: Vec<Option<u32>> = minutes.iter().map(|m| m.map(|m| m / 15)).collect();
    let mut left = total.saturating_sub(units.iter().flatten().sum());
    let mut order: Vec<usize> = (0..lines.len()).filter(|at| minutes[*at].is_some()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(minutes[*at].unwrap() % 15));
    for at in order {
        if left > 0 {
            units[at] = units[at].map(|n| n + 1);
            left -= 1;
        }
    }
    units
}
