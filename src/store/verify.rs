//! Verifying a log: every check in its order, on a connection that changes nothing.

use std::fmt;

use rusqlite::Connection;
use serde::Serialize;

use super::append::sorted;
use super::checks;
use super::error::StoreError;
use super::heads::{self, Head};
use super::open;
use super::place::LogPlace;

/// What is checked, in the order of checking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// The database file is sound in itself.
    Integrity,
    /// Tables and guards are those of a log.
    Schema,
    /// Events are numbered without gaps.
    Numbers,
    /// Each body is in its canonical spelling.
    Body,
    /// Each hash is that of its event.
    Hash,
    /// Each event names the hash of the one before.
    Chain,
    /// No event id stands twice.
    Ids,
    /// Each text fits its commitment, each missing one its redaction.
    Texts,
    /// No event carries a signature of an unknown key; this version knows none.
    Signatures,
    /// Amendments point back to what they amend.
    Amendments,
    /// Leases hold: fences grow, one person has one slot.
    Leases,
    /// Projections say what the events say.
    Projections,
    /// The log goes on from every head known from outside.
    Heads,
}

impl Check {
    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Integrity => "integrity",
            Self::Schema => "schema",
            Self::Numbers => "numbers",
            Self::Body => "body",
            Self::Hash => "hash",
            Self::Chain => "chain",
            Self::Ids => "ids",
            Self::Texts => "texts",
            Self::Signatures => "signatures",
            Self::Amendments => "amendments",
            Self::Leases => "leases",
            Self::Projections => "projections",
            Self::Heads => "heads",
        }
    }
}

/// Something that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The check that failed.
    pub check: Check,
    /// Number of the event.
    pub seq: Option<i64>,
    /// Id of the event as it stands now.
    pub event_id: Option<String>,
    /// Field of the event.
    pub field: Option<String>,
    /// Who recorded the event, as it says now.
    pub actor: Option<String>,
    /// What is wrong.
    pub problem: String,
}

/// What is counted on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Events.
    pub events: u64,
    /// Decisions, amendments and withdrawals left out.
    pub decisions: u64,
    /// Amendments.
    pub amendments: u64,
    /// Decisions and amendments taken back.
    pub withdrawals: u64,
    /// Free texts that are there.
    pub texts: u64,
    /// Free texts removed by a redaction.
    pub redactions: u64,
    /// Events whose clock stood before that of the event before.
    pub clock_regressions: u64,
}

/// A head known from outside, and whether the log goes on from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// Who remembers: a coder, or `expected` for a head from paper.
    pub who: String,
    /// Number of events seen.
    pub size: u64,
    /// When, in UTC milliseconds; 0 for a head from paper.
    pub at: i64,
    /// Whether the log goes on from it.
    pub holds: bool,
}

/// A head that somebody read from paper: `SIZE:HASH`, the hash of the last event or the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Number of events.
    pub size: u64,
    /// Hash of the last of them or root over them, hex.
    pub hash: String,
}

impl Expected {
    /// Reads `SIZE:HASH`.
    pub fn parse(text: &str) -> Option<Self> {
        let (size, hash) = text.split_once(':')?;
        let hash = super::chain::Digest::from_hex(&hash.to_ascii_lowercase())?.to_string();
        Some(Self { size: size.parse().ok()?, hash })
    }
}

/// The result of verifying, and the exit status it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Consistent, and it goes on from at least one head known from outside.
    Consistent,
    /// Tampering or inconsistency found.
    Tampered,
    /// Consistent, but no outside head is known: a cut or rewritten log would look the same.
    Unwitnessed,
}

impl Verdict {
    /// Exit status when verifying could not run at all; 2 is wrong usage, 1 is never used.
    pub const COULD_NOT_RUN: u8 = 3;

    /// Returns the exit status.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Consistent => 0,
            Self::Tampered => 4,
            Self::Unwitnessed => 5,
        }
    }
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// In a word.
    pub verdict: Verdict,
    /// Id of the log.
    pub log: String,
    /// What was counted.
    pub counts: Counts,
    /// Root of the tree over all events, hex.
    pub root: String,
    /// Hash of the last event, hex.
    pub last_hash: String,
    /// Lowest number of an event that is not as it was recorded.
    pub first_bad_seq: Option<i64>,
    /// Who saw that event whole, last.
    pub last_witness: Option<Witness>,
    /// The findings, by check and number; the first 50 of them.
    pub findings: Vec<Finding>,
    /// Number of all findings.
    pub found: u64,
    /// Heads known from outside.
    pub witnesses: Vec<Witness>,
}

impl VerifyReport {
    /// Returns the report as one JSON object.
    pub fn to_json(&self) -> String {
        // Plain values only: nothing in here can fail to be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// Verifies a log; changes nothing. An error means that it could not run.
pub fn verify(place: &LogPlace, expected: Option<&Expected>) -> Result<VerifyReport, StoreError> {
    open::check_header(&place.log)?;
    let conn = open::to_read(&place.log, place.patience)?;
    // One transaction: a log that others write to meanwhile is judged at one moment.
    let tx = conn.unchecked_transaction().map_err(sorted(&place.log))?;
    verify_connection(&tx, place, expected)
}

/// Verifies what a connection shows, against the heads remembered for a place.
pub(crate) fn verify_connection(
    conn: &Connection,
    place: &LogPlace,
    expected: Option<&Expected>,
) -> Result<VerifyReport, StoreError> {
    let log = open::log_id(conn, &place.log).unwrap_or_default();
    let mut heads = heads::known(place, &log)?;
    if let Some(expected) = expected {
        heads.push(Head {
            log: log.clone(),
            size: expected.size,
            root: expected.hash.clone(),
            last_hash: expected.hash.clone(),
            at: 0,
            coder: "expected".to_owned(),
        });
    }
    let outcome = checks::run(conn, &place.log, &heads)?;
    let first_bad_seq = outcome.findings.iter().filter_map(|finding| finding.seq).min();
    let last_witness = first_bad_seq.and_then(|seq| {
        let saw = |witness: &&Witness| witness.size >= seq.unsigned_abs();
        outcome.witnesses.iter().filter(saw).max_by_key(|witness| witness.at).cloned()
    });
    let verdict = if outcome.found > 0 {
        Verdict::Tampered
    } else if outcome.witnesses.is_empty() {
        Verdict::Unwitnessed
    } else {
        Verdict::Consistent
    };
    Ok(VerifyReport {
        verdict,
        log,
        counts: outcome.counts,
        root: outcome.root.to_string(),
        last_hash: outcome.last_hash.to_string(),
        first_bad_seq,
        last_witness,
        findings: outcome.findings,
        found: outcome.found,
        witnesses: outcome.witnesses,
    })
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = &self.counts;
        writeln!(f, "log        {}", self.log)?;
        writeln!(f, "events     {}", c.events)?;
        writeln!(
            f,
            "decisions  {}, amended {}, withdrawn {}",
            c.decisions, c.amendments, c.withdrawals
        )?;
        let plural = if c.redactions == 1 { "redaction" } else { "redactions" };
        writeln!(f, "texts      {}, {} {plural}", c.texts, c.redactions)?;
        if c.clock_regressions > 0 {
            writeln!(f, "clock      went back {} times; order is by number", c.clock_regressions)?;
        }
        writeln!(f, "head       {}:{}", c.events, self.root)?;
        for witness in &self.witnesses {
            let holds = if witness.holds { "holds" } else { "DOES NOT HOLD" };
            writeln!(f, "witness    {} saw {} events: {holds}", witness.who, witness.size)?;
        }
        for finding in &self.findings {
            write!(f, "{:<10} ", finding.check.as_str())?;
            if let Some(seq) = finding.seq {
                write!(f, "event {seq}")?;
                if let Some(actor) = &finding.actor {
                    write!(f, " by {actor}")?;
                }
                if let Some(field) = &finding.field {
                    write!(f, ", {field}")?;
                }
                write!(f, ": ")?;
            }
            writeln!(f, "{}", finding.problem)?;
        }
        let listed = self.findings.len() as u64;
        if self.found > listed {
            writeln!(f, "           and {} more", self.found - listed)?;
        }
        if let Some(witness) = &self.last_witness {
            writeln!(f, "last seen whole by {} ({} events)", witness.who, witness.size)?;
        }
        f.write_str(match self.verdict {
            Verdict::Consistent => "consistent: nothing recorded was changed",
            Verdict::Tampered => "NOT CONSISTENT: the log is not as it was recorded",
            Verdict::Unwitnessed => {
                "consistent, but no head is known from outside: a cut or rewritten log would look the same\n\
                 compare with a head that somebody kept: rubric log verify --expect SIZE:HASH"
            }
        })
    }
}
