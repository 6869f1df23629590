//! The checks of `verify`: one pass over the events, then texts, projections and heads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, Error};

use super::append::{read_body, sorted};
use super::chain::{Digest, text_commitment};
use super::error::StoreError;
use super::events::Kind;
use super::facts::Facts;
use super::heads::Head;
use super::indexes::Keys;
use super::rows::{self, Batch, Columns};
use super::told::Told;
use super::tree::Frontier;
use super::verify::{Check, Counts, Finding, Witness};
use super::{links, schema, soundness};

/// Most findings that are listed; all are counted.
const MOST: usize = 50;

/// What the checks come to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) counts: Counts,
    pub(crate) root: Digest,
    pub(crate) last_hash: Digest,
    pub(crate) findings: Vec<Finding>,
    pub(crate) found: u64,
    pub(crate) witnesses: Vec<Witness>,
}

/// Findings as they come.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    list: Vec<Finding>,
    found: u64,
}

impl Findings {
    pub(crate) fn add(&mut self, finding: Finding) {
        self.found += 1;
        if self.list.len() < MOST {
            self.list.push(finding);
        }
    }

    /// Adds a finding about the file or a table.
    pub(crate) fn whole(&mut self, check: Check, problem: impl Into<String>) {
        self.add(Finding {
            check,
            seq: None,
            event_id: None,
            field: None,
            actor: None,
            problem: problem.into(),
        });
    }

    /// Adds a finding about a number under which nothing readable stands.
    fn number(&mut self, check: Check, seq: i64, field: &str, problem: impl Into<String>) {
        self.add(Finding {
            check,
            seq: Some(seq),
            event_id: None,
            field: Some(field.to_owned()),
            actor: None,
            problem: problem.into(),
        });
    }

    /// Adds a finding about an event.
    pub(crate) fn event(&mut self, check: Check, event: &Facts<'_>, field: &str, problem: &str) {
        self.add(Finding {
            check,
            seq: Some(event.seq),
            event_id: Some(event.id.to_owned()),
            field: Some(field.to_owned()),
            actor: event.actor.as_deref().map(ToOwned::to_owned),
            problem: problem.to_owned(),
        });
    }

    /// Counts the findings so far.
    pub(crate) fn count(&self) -> u64 {
        self.found
    }

    /// Tells whether a finding with these words is there.
    pub(crate) fn has(&self, check: Check, problem: &str) -> bool {
        self.list.iter().any(|found| found.check == check && found.problem == problem)
    }
}

/// Runs all checks. An error means that the file could not be read at all.
pub(crate) fn run(conn: &Connection, path: &Path, heads: &[Head]) -> Result<Outcome, StoreError> {
    let mut findings = Findings::default();
    soundness::pages(conn, path, &mut findings)?;
    shape(conn, path, &mut findings)?;
    let mut pass = Pass::new(heads);
    match pass.events(conn, path, &mut findings) {
        Ok(()) => {}
        Err(StoreError::Damaged { why, .. }) => {
            findings.whole(Check::Integrity, why);
            pass.keys.give_up();
        }
        Err(error) => return Err(error),
    }
    pass.texts(conn, path, &mut findings)?;
    match pass.repeats(conn, path, &mut findings)? {
        Repeats::Agree => {}
        Repeats::NotWalked => soundness::rows(path, &mut findings)?,
        Repeats::Differ => {
            soundness::rows(path, &mut findings)?;
            if findings.count() == 0 {
                findings.whole(Check::Integrity, "the indexes differ from their rows");
            }
        }
    }
    let witnesses = pass.witnesses(heads, &mut findings);
    // Stable: within a check, findings keep the order of the events.
    findings.list.sort_by_key(|finding| finding.check);
    Ok(Outcome {
        counts: pass.counts,
        root: pass.frontier.root(),
        last_hash: pass.previous,
        findings: findings.list,
        found: findings.found,
        witnesses,
    })
}

fn shape(conn: &Connection, path: &Path, findings: &mut Findings) -> Result<(), StoreError> {
    if !schema::is_as_made(conn).map_err(sorted(path))? {
        findings.whole(Check::Schema, "tables or guards were changed by another program");
    }
    Ok(())
}

/// What comes of comparing indexes and tables with what the events told, row by row.
enum Repeats {
    Agree,
    Differ,
    /// Of an older schema, which has other indexes.
    NotWalked,
}

/// One pass over the events.
struct Pass {
    counts: Counts,
    frontier: Frontier,
    previous: Digest,
    last_at: i64,
    links: links::Links,
    told: Told,
    /// Whether every event could be taken into the projections.
    told_all: bool,
    keys: Keys,
    /// Commitments by event and field, with the event's actor.
    commitments: BTreeMap<(i64, String), (String, String)>,
    /// Fields that a redaction removed.
    redacted: BTreeSet<(i64, String)>,
    /// Sizes of known heads, with root and last hash at that size.
    at_size: BTreeMap<u64, Option<(Digest, Digest)>>,
}

impl Pass {
    fn new(heads: &[Head]) -> Self {
        Self {
            counts: Counts::default(),
            frontier: Frontier::default(),
            previous: Digest::ZERO,
            last_at: i64::MIN,
            links: links::Links::default(),
            told: Told::default(),
            told_all: true,
            keys: Keys::default(),
            commitments: BTreeMap::new(),
            redacted: BTreeSet::new(),
            at_size: heads.iter().map(|head| (head.size, None)).collect(),
        }
    }

    fn events(
        &mut self,
        conn: &Connection,
        path: &Path,
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        let mut statement = conn.prepare(rows::SELECT).map_err(sorted(path))?;
        let mut rows = statement.query([]).map_err(sorted(path))?;
        let mut batch = Batch::default();
        let mut expected = 1;
        while batch.fill(&mut rows).map_err(sorted(path))? {
            batch.judge(|judged| {
                let seq = judged.seq;
                if seq != expected {
                    let problem = if seq == expected + 1 {
                        "is missing".to_owned()
                    } else {
                        format!("and all up to {} are missing", seq - 1)
                    };
                    findings.number(Check::Numbers, expected, "seq", problem);
                    self.keys.give_up();
                }
                expected = seq + 1;
                self.counts.events += 1;
                if let Some(columns) = judged.columns {
                    self.event(seq, &columns, conn, path, findings);
                } else {
                    findings.number(Check::Body, seq, "row", "cannot be read");
                    self.told_all = false;
                    self.keys.give_up();
                }
            });
        }
        Ok(())
    }

    fn event(
        &mut self,
        seq: i64,
        columns: &Columns<'_>,
        conn: &Connection,
        path: &Path,
        findings: &mut Findings,
    ) {
        let Some(facts) = &columns.facts else {
            // What can still be read of the body names the event and its actor.
            let value = rows::ruins(columns.body);
            let facts = Facts::of_value(seq, columns.id, &value);
            findings.event(Check::Body, &facts, "body", "is not in its canonical spelling");
            self.told_all = false;
            return self.canonical_event(&facts, columns, conn, path, findings);
        };
        if !facts.fits_columns {
            findings.event(Check::Body, facts, "body", "has parts of another type");
        }
        self.canonical_event(facts, columns, conn, path, findings);
    }

    fn canonical_event(
        &mut self,
        facts: &Facts<'_>,
        columns: &Columns<'_>,
        conn: &Connection,
        path: &Path,
        findings: &mut Findings,
    ) {
        if !columns.hash_fits {
            findings.event(Check::Hash, facts, "hash", "is not that of number, id and body");
        }
        if columns.prev != self.previous {
            let problem = "is not the hash of the event before";
            findings.event(Check::Chain, facts, "prev_hash", problem);
        }
        self.previous = columns.hash;
        self.frontier.push(columns.leaf);
        if let Some(entry) = self.at_size.get_mut(&self.frontier.size()) {
            *entry = Some((self.frontier.root(), columns.hash));
        }
        if columns.uuid.is_none() {
            findings.event(Check::Ids, facts, "event_id", "is not a UUID of version 7");
        }
        if columns.signed {
            findings.event(Check::Signatures, facts, "sig", "is of no known key");
        }
        self.count(facts);
        self.note_texts(facts);
        let note = facts.note_key.as_deref().map(|key| self.told.number(key));
        self.keys.push(columns.uuid, columns.hash, facts.kind, note);
        let earlier = |seq| read_body(conn, sorted(path), seq);
        self.links.check(facts, note, &mut self.told.words, findings, earlier);
        if let Some(note) = note {
            self.told_all &= self.told.apply(note, facts, earlier).is_ok();
        }
    }

    fn count(&mut self, facts: &Facts<'_>) {
        match facts.kind {
            Some(Kind::Decide) => self.counts.decisions += 1,
            Some(Kind::Amend) => self.counts.amendments += 1,
            Some(Kind::Withdraw) => self.counts.withdrawals += 1,
            _ => {}
        }
        if let Some(at) = facts.at {
            self.counts.clock_regressions += u64::from(at < self.last_at);
            self.last_at = at;
        }
    }

    fn note_texts(&mut self, facts: &Facts<'_>) {
        for (field, commitment) in &facts.texts {
            let actor = facts.actor.as_deref().unwrap_or_default().to_owned();
            let place = (facts.seq, field.clone().into_owned());
            self.commitments.insert(place, (commitment.clone().into_owned(), actor));
        }
        if facts.kind == Some(Kind::Redact)
            && let (Some(target), Some(field)) = (facts.target, facts.field.as_deref())
        {
            self.redacted.insert((target, field.to_owned()));
        }
    }

    fn texts(
        &mut self,
        conn: &Connection,
        path: &Path,
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        let mut statement = conn
            .prepare("SELECT seq, field, salt, text FROM event_text ORDER BY seq, field")
            .map_err(sorted(path))?;
        let mut rows = statement.query([]).map_err(sorted(path))?;
        let mut last = (0, String::new());
        while let Some(row) = rows.next().map_err(sorted(path))? {
            self.counts.texts += 1;
            let seq: i64 = row.get(0).map_err(sorted(path))?;
            let field: String = row.get(1).map_err(sorted(path))?;
            let place = (seq, field);
            if place <= last {
                self.keys.give_up();
            }
            last.clone_from(&place);
            let committed = self.commitments.remove(&place);
            let redacted = self.redacted.contains(&place);
            let (seq, field) = place;
            let (Ok(salt), Ok(text)) = (row.get::<_, Vec<u8>>(2), row.get::<_, String>(3)) else {
                findings.number(Check::Texts, seq, &field, "cannot be read");
                continue;
            };
            let problem = match committed {
                None => Some("is not part of the event"),
                Some((commitment, _)) => {
                    let fits = text_commitment(&salt, &text).to_string() == commitment;
                    if !fits || salt.len() != 32 {
                        Some("is not the text that was recorded")
                    } else if redacted {
                        Some("was redacted, but is still there")
                    } else {
                        None
                    }
                }
            };
            if let Some(problem) = problem {
                findings.number(Check::Texts, seq, &field, problem);
            }
        }
        for ((seq, field), (_, actor)) in std::mem::take(&mut self.commitments) {
            if self.redacted.contains(&(seq, field.clone())) {
                self.counts.redactions += 1;
                continue;
            }
            findings.add(Finding {
                check: Check::Texts,
                seq: Some(seq),
                event_id: None,
                field: Some(field),
                actor: Some(actor),
                problem: "is gone without a redaction".to_owned(),
            });
        }
        Ok(())
    }

    /// Compares what the events told with what indexes and tables repeat of it.
    fn repeats(
        &self,
        conn: &Connection,
        path: &Path,
        findings: &mut Findings,
    ) -> Result<Repeats, StoreError> {
        if !self.told_all {
            findings.whole(Check::Projections, "cannot be told from the events");
            return Ok(Repeats::Differ);
        }
        let newest = schema::version(conn).map_err(sorted(path))? == schema::NEWEST;
        // What cannot be read here is named by the slow ways below.
        if newest
            && let Some(notes) = self.keys.agree(conn, &self.told).unwrap_or(None)
            && self.told.stands_in_tables(conn, &notes).unwrap_or(false)
        {
            return Ok(Repeats::Agree);
        }
        match self.told.differing(conn) {
            Ok(0) => {}
            Ok(notes) => {
                let problem = format!("the tables of {notes} notes differ from the events");
                findings.whole(Check::Projections, problem);
            }
            // A value of another type, which no projection holds.
            Err(Error::FromSqlConversionFailure(..) | Error::InvalidColumnType(..)) => {
                findings.whole(Check::Projections, "hold what no event says");
            }
            Err(error) => return Err(StoreError::sqlite(path, &error)),
        }
        Ok(if newest { Repeats::Differ } else { Repeats::NotWalked })
    }

    /// Compares each head with what the log is at that size.
    fn witnesses(&self, heads: &[Head], findings: &mut Findings) -> Vec<Witness> {
        let mut witnesses = Vec::new();
        for head in heads {
            let now = self.at_size.get(&head.size).copied().flatten();
            // A head from paper names one hash only: root or last.
            let holds = now.is_some_and(|(root, last)| {
                let (root, last) = (root.to_string(), last.to_string());
                if head.root == head.last_hash {
                    head.root == root || head.root == last
                } else {
                    head.root == root && head.last_hash == last
                }
            });
            if !holds {
                let (who, seen, size) = (&head.coder, head.size, self.counts.events);
                findings.whole(
                    Check::Heads,
                    if size < seen {
                        format!("log went back from {seen} to {size}; last head seen by {who}")
                    } else {
                        format!("the first {seen} events are not those that {who} saw")
                    },
                );
            }
            let who = head.coder.clone();
            witnesses.push(Witness { who, size: head.size, at: head.at, holds });
        }
        witnesses
    }
}
