//! Links between events: amendments point back to what they amend, fences grow, one person has one slot.

use std::collections::BTreeMap;

use super::checks::Findings;
use super::error::StoreError;
use super::events::{Event, Kind};
use super::record::decided;
use super::verify::Check;

/// A decision that a later event may point to.
#[derive(Debug)]
struct Decided {
    note: String,
    slot: u8,
}

/// What is known of a slot while the events pass by.
#[derive(Debug, Default)]
struct Slot {
    fence: i64,
    owner: String,
    standing: Option<i64>,
}

/// The state that the links of later events are checked against.
#[derive(Debug, Default)]
pub(crate) struct Links {
    decisions: BTreeMap<i64, (Decided, Option<i64>)>,
    slots: BTreeMap<(String, u8), Slot>,
    answers: BTreeMap<(String, String), u8>,
}

impl Links {
    /// Checks one event against those before it; `earlier` reads one of them again.
    pub(crate) fn check(
        &mut self,
        event: &Event,
        findings: &mut Findings,
        earlier: impl Fn(i64) -> Result<Event, StoreError>,
    ) {
        let Ok(kind) = event.kind() else {
            findings.event(Check::Body, event, "kind", "is not known");
            return;
        };
        if kind == Kind::Redact
            && !event.int("/target", "target").is_ok_and(|target| (1..event.seq).contains(&target))
        {
            findings.event(Check::Amendments, event, "target", "does not point back");
        }
        let (Ok(note), Ok(slot)) = (event.text("/note/key", "note"), event.slot()) else { return };
        let place = (note.to_owned(), slot);
        match kind {
            Kind::Decide | Kind::Amend | Kind::Withdraw => {
                self.decision(event, kind, place, findings, earlier);
            }
            Kind::LeaseTake | Kind::LeaseSteal => self.taking(event, place, findings),
            Kind::LeaseRenew | Kind::LeaseRelease => self.holding(event, place, findings),
            _ => {}
        }
    }

    fn decision(
        &mut self,
        event: &Event,
        kind: Kind,
        place: (String, u8),
        findings: &mut Findings,
        earlier: impl Fn(i64) -> Result<Event, StoreError>,
    ) {
        if kind == Kind::Decide {
            self.deciding(event, &place, findings);
        }
        let (note, number) = place.clone();
        let slot = self.slots.entry(place).or_default();
        let amends = event.int("/amends", "amends").ok();
        if kind == Kind::Decide {
            if slot.standing.is_some() {
                findings.event(Check::Amendments, event, "kind", "decides what is decided already");
            }
        } else {
            let target = amends.and_then(|amends| self.decisions.get(&amends));
            let problem = match target {
                None => Some("does not point back to a decision"),
                Some((target, _)) if target.note != note || target.slot != number => {
                    Some("points to another note")
                }
                Some(_) if slot.standing != amends => Some("points to what did not stand any more"),
                Some(_) if !names_before(event, amends, earlier) => {
                    Some("does not name the decision before")
                }
                Some(_) => None,
            };
            if let Some(problem) = problem {
                findings.event(Check::Amendments, event, "amends", problem);
            }
        }
        if kind == Kind::Withdraw {
            slot.standing = amends
                .and_then(|amends| self.decisions.get(&amends))
                .and_then(|(_, earlier)| *earlier);
            return;
        }
        self.decisions.insert(event.seq, (Decided { note, slot: number }, amends));
        slot.standing = Some(event.seq);
    }

    fn deciding(&mut self, event: &Event, place: &(String, u8), findings: &mut Findings) {
        let actor = event.text("/actor", "actor").unwrap_or_default().to_owned();
        let fence = event.int("/fence", "fence").unwrap_or(0);
        let slot = self.slots.entry(place.clone()).or_default();
        if fence < slot.fence || fence < 1 {
            findings.event(Check::Leases, event, "fence", "is older than that of the lease");
        } else if fence == slot.fence && slot.owner != actor {
            findings.event(Check::Leases, event, "fence", "belongs to another coder");
        }
        slot.fence = fence.max(slot.fence);
        slot.owner.clone_from(&actor);
        let answer = self.answers.entry((place.0.clone(), actor)).or_insert(place.1);
        if *answer != place.1 {
            findings.event(Check::Leases, event, "slot", "is the second slot of one person");
        }
    }

    fn taking(&mut self, event: &Event, place: (String, u8), findings: &mut Findings) {
        let fence = event.int("/fence", "fence").unwrap_or(0);
        let slot = self.slots.entry(place).or_default();
        if fence <= slot.fence {
            findings.event(Check::Leases, event, "fence", "does not grow");
        }
        slot.fence = fence;
        event.text("/actor", "actor").unwrap_or_default().clone_into(&mut slot.owner);
    }

    fn holding(&mut self, event: &Event, place: (String, u8), findings: &mut Findings) {
        let slot = self.slots.entry(place).or_default();
        let fence = event.int("/fence", "fence").unwrap_or(0);
        let actor = event.text("/actor", "actor").unwrap_or_default();
        if fence != slot.fence || actor != slot.owner {
            findings.event(Check::Leases, event, "fence", "is not that of the lease");
        }
    }
}

/// Tells whether an event names the decision that it amends or takes back.
fn names_before(
    event: &Event,
    amends: Option<i64>,
    earlier: impl Fn(i64) -> Result<Event, StoreError>,
) -> bool {
    // Both are read again: the pass over all events keeps no whole decisions.
    let (Some(target), Ok(event)) = (amends.and_then(|seq| earlier(seq).ok()), earlier(event.seq))
    else {
        return false;
    };
    decided(&target).is_ok_and(|decision| event.body.get("before") == Some(decision))
}
