//! Links between events: amendments point back to what they amend, fences grow, one person has one slot.

use std::rc::Rc;

use super::checks::Findings;
use super::error::StoreError;
use super::events::Kind;
use super::facts::Facts;
use super::projections::Words;
use super::slots::Slots;
use super::told::NoteNumber;
use super::verify::Check;

/// A decision that a later event may point to.
#[derive(Debug)]
struct Decided {
    seq: i64,
    note: NoteNumber,
    slot: u8,
    amends: Option<i64>,
}

/// What is known of a slot while the events pass by.
#[derive(Debug, Default)]
struct Slot {
    fence: i64,
    owner: Option<Rc<str>>,
    standing: Option<i64>,
}

/// What is known of a note while the events pass by.
#[derive(Debug, Default)]
struct Note {
    slots: Slots<Slot>,
    /// Who answered in which slot.
    answers: Vec<(Rc<str>, u8)>,
}

/// The state that the links of later events are checked against.
#[derive(Debug, Default)]
pub(crate) struct Links {
    /// In the order of their numbers.
    decisions: Vec<Decided>,
    notes: Vec<Note>,
}

impl Links {
    /// Checks one event against those before it; `earlier` reads the body of one of them.
    pub(crate) fn check(
        &mut self,
        facts: &Facts<'_>,
        note: Option<NoteNumber>,
        words: &mut Words,
        findings: &mut Findings,
        earlier: impl Fn(i64) -> Result<String, StoreError>,
    ) {
        let Some(kind) = facts.kind else {
            findings.event(Check::Body, facts, "kind", "is not known");
            return;
        };
        if kind == Kind::Redact
            && !facts.target.is_some_and(|target| (1..facts.seq).contains(&target))
        {
            findings.event(Check::Amendments, facts, "target", "does not point back");
        }
        let (Some(note), Some(slot)) = (note, facts.slot) else { return };
        if self.notes.len() <= note as usize {
            self.notes.resize_with(note as usize + 1, Note::default);
        }
        match kind {
            Kind::Decide | Kind::Amend | Kind::Withdraw => {
                if kind == Kind::Decide {
                    self.deciding(facts, note, slot, words, findings);
                }
                self.decision(facts, kind, note, slot, findings, earlier);
            }
            Kind::LeaseTake | Kind::LeaseSteal => {
                let slot = self.notes[note as usize].slots.entry(slot);
                let fence = facts.fence.unwrap_or(0);
                if fence <= slot.fence {
                    findings.event(Check::Leases, facts, "fence", "does not grow");
                }
                slot.fence = fence;
                slot.owner = facts.actor.as_deref().map(|actor| words.keep(actor));
            }
            Kind::LeaseRenew | Kind::LeaseRelease => {
                let slot = self.notes[note as usize].slots.entry(slot);
                if facts.fence.unwrap_or(0) != slot.fence
                    || facts.actor.as_deref() != slot.owner.as_deref()
                {
                    findings.event(Check::Leases, facts, "fence", "is not that of the lease");
                }
            }
            Kind::LeaseExpire => {
                let slot = self.notes[note as usize].slots.entry(slot);
                if facts.fence.unwrap_or(0) != slot.fence {
                    findings.event(Check::Leases, facts, "fence", "is not that of the lease");
                }
            }
            _ => {}
        }
    }

    fn decided(&self, seq: i64) -> Option<&Decided> {
        let at = self.decisions.binary_search_by_key(&seq, |decided| decided.seq).ok()?;
        self.decisions.get(at)
    }

    fn decision(
        &mut self,
        facts: &Facts<'_>,
        kind: Kind,
        note: NoteNumber,
        number: u8,
        findings: &mut Findings,
        earlier: impl Fn(i64) -> Result<String, StoreError>,
    ) {
        let amends = facts.amends;
        let target = amends.and_then(|seq| self.decided(seq));
        let target = target.map(|target| (target.note, target.slot, target.amends));
        let slot = self.notes[note as usize].slots.entry(number);
        if kind == Kind::Decide {
            if slot.standing.is_some() {
                findings.event(Check::Amendments, facts, "kind", "decides what is decided already");
            }
        } else {
            let problem = match target {
                None => Some("does not point back to a decision"),
                Some((other, slot, _)) if (other, slot) != (note, number) => {
                    Some("points to another note")
                }
                Some(_) if slot.standing != amends => Some("points to what did not stand any more"),
                Some(_) if !names_before(facts, earlier) => {
                    Some("does not name the decision before")
                }
                Some(_) => None,
            };
            if let Some(problem) = problem {
                findings.event(Check::Amendments, facts, "amends", problem);
            }
        }
        if kind == Kind::Withdraw {
            slot.standing = target.and_then(|(.., before)| before);
            return;
        }
        slot.standing = Some(facts.seq);
        self.decisions.push(Decided { seq: facts.seq, note, slot: number, amends });
    }

    fn deciding(
        &mut self,
        facts: &Facts<'_>,
        note: NoteNumber,
        number: u8,
        words: &mut Words,
        findings: &mut Findings,
    ) {
        let actor = words.keep(facts.actor.as_deref().unwrap_or_default());
        let fence = facts.fence.unwrap_or(0);
        let note = &mut self.notes[note as usize];
        let slot = note.slots.entry(number);
        if fence < slot.fence || fence < 1 {
            findings.event(Check::Leases, facts, "fence", "is older than that of the lease");
        } else if fence == slot.fence && slot.owner.as_ref() != Some(&actor) {
            findings.event(Check::Leases, facts, "fence", "belongs to another coder");
        }
        slot.fence = fence.max(slot.fence);
        slot.owner = Some(Rc::clone(&actor));
        match note.answers.iter().find(|(who, _)| *who == actor) {
            Some((_, slot)) if *slot != number => {
                findings.event(Check::Leases, facts, "slot", "is the second slot of one person");
            }
            Some(_) => {}
            None => {
                note.answers.reserve_exact(1);
                note.answers.push((actor, number));
            }
        }
    }
}

/// Tells whether an event names the decision that it amends or takes back.
///
/// Both are in their canonical spelling, so what is the same is spelled the same.
fn names_before(facts: &Facts<'_>, earlier: impl Fn(i64) -> Result<String, StoreError>) -> bool {
    let (Some(before), Some(amends)) = (facts.before, facts.amends) else { return false };
    earlier(amends).is_ok_and(|body| {
        Facts::scan(amends, "", &body).is_some_and(|target| target.decision == Some(before))
    })
}
