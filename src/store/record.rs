//! Acts of a coder: decide, amend, withdraw, flag, put a warning aside, begin and end a session.

use serde_json::{Value, json};

use crate::model::{Decision, Versions};

use super::AuditLog;
use super::append::{Recorded, Write, Writer};
use super::error::StoreError;
use super::events::{Draft, Event, EventId, Kind, Stamp};
use super::key::NoteRef;
use super::leases::{check_second_person, give_way};
use super::projections::{LeaseRow, NoteProjection};

/// One decision of a bulk act.
#[derive(Debug, Clone)]
pub struct BulkItem {
    /// Id chosen for its event.
    pub event_id: EventId,
    /// The note.
    pub note: NoteRef,
    /// What was decided for it.
    pub decision: Decision,
    /// Whether the coder had the note open in this session.
    pub opened: bool,
}

/// A warning of a note: rule and place in bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WarningRef {
    /// Id of the rule.
    pub rule: String,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The part of a note that the coder holds, remembered by the open log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hold {
    pub(crate) slot: u8,
    pub(crate) fence: i64,
}

impl AuditLog {
    /// Records a decision, as an amendment if the note carries one already.
    ///
    /// The same event id again is a no-op that answers [`Write::Repeated`]. A note that nobody
    /// holds is taken on the way; one that another coder holds is refused.
    pub fn record(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        decision: &Decision,
        versions: &Versions,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let hold = self.hold(&note.key);
        self.write(|writer| decide(writer, event_id, note, decision, versions, at, hold, None))
    }

    /// Records many decisions in one transaction: all or none.
    pub fn record_all(
        &mut self,
        items: &[BulkItem],
        versions: &Versions,
        at: Stamp,
    ) -> Result<Vec<Recorded>, StoreError> {
        let holds: Vec<_> = items.iter().map(|item| self.hold(&item.note.key)).collect();
        let Some(first) = items.first() else { return Ok(Vec::new()) };
        self.write(|writer| {
            items
                .iter()
                .zip(holds)
                .map(|(item, hold)| {
                    let bulk = json!({
                        "id": first.event_id.as_str(), "size": items.len(), "opened": item.opened,
                    });
                    let (id, note, decision) = (&item.event_id, &item.note, &item.decision);
                    decide(writer, id, note, decision, versions, at, hold, Some(bulk))
                })
                .collect()
        })
    }

    /// Takes back the decision that stands for a note; an earlier one it amended stands again.
    pub fn withdraw(
        &mut self,
        event_id: &EventId,
        seq_of_decision: i64,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        self.write(|writer| withdraw(writer, event_id, seq_of_decision, at))
    }

    /// Takes back many decisions in one transaction: all or none.
    pub fn withdraw_all(
        &mut self,
        acts: &[(EventId, i64)],
        at: Stamp,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.write(|writer| acts.iter().map(|(id, seq)| withdraw(writer, id, *seq, at)).collect())
    }

    /// Flags a note, with a question if there is one.
    pub fn flag(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        question: Option<&str>,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        self.write(|writer| {
            let draft = about(writer, event_id, Kind::Flag, note).with_text("why", question);
            writer.append(draft, at)
        })
    }

    /// Flags many notes with one question in one transaction: all or none.
    pub fn flag_all(
        &mut self,
        notes: &[(EventId, NoteRef)],
        question: Option<&str>,
        at: Stamp,
    ) -> Result<Vec<Recorded>, StoreError> {
        self.write(|writer| {
            let flag = |(id, note): &(EventId, NoteRef)| {
                let draft = about(writer, id, Kind::Flag, note).with_text("why", question);
                writer.append(draft, at)
            };
            notes.iter().map(flag).collect()
        })
    }

    /// Takes the flag off a note.
    pub fn unflag(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        self.write(|writer| writer.append(about(writer, event_id, Kind::Unflag, note), at))
    }

    /// Puts a warning of a note aside, with a reason.
    pub fn suppress(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        warning: &WarningRef,
        reason: &str,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        self.write(|writer| {
            let draft = about_warning(writer, event_id, Kind::Suppress, note, warning);
            writer.append(draft.with_text("why", Some(reason)), at)
        })
    }

    /// Brings a warning back that was put aside.
    pub fn unsuppress(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        warning: &WarningRef,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        self.write(|writer| {
            let draft = about_warning(writer, event_id, Kind::Unsuppress, note, warning);
            writer.append(draft, at)
        })
    }

    /// Begins a session; its id is the id of this event and stands in all that follow.
    pub fn start_session(
        &mut self,
        event_id: &EventId,
        versions: &Versions,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let draft = Draft::new(event_id, Kind::SessionStart)
            .with("session", event_id.as_str())
            .with("versions", versions_value(versions));
        let recorded = self.write(|writer| writer.append(draft, at))?;
        self.context.session = Some(event_id.clone());
        Ok(recorded)
    }

    /// Ends the session.
    pub fn end_session(&mut self, event_id: &EventId, at: Stamp) -> Result<Recorded, StoreError> {
        let draft = Draft::new(event_id, Kind::SessionEnd);
        let recorded = self.write(|writer| writer.append(draft, at))?;
        self.context.session = None;
        Ok(recorded)
    }

    /// Notes that the screen was locked.
    pub fn lock_session(&mut self, event_id: &EventId, at: Stamp) -> Result<Recorded, StoreError> {
        let draft = Draft::new(event_id, Kind::SessionLock);
        self.write(|writer| writer.append(draft, at))
    }
}

/// Begins the draft of an event about a note.
pub(crate) fn about(writer: &Writer<'_>, id: &EventId, kind: Kind, note: &NoteRef) -> Draft {
    Draft::new(id, kind).with(
        "note",
        json!({"key": note.key, "digest": note.digest, "key_id": writer.context.key_id}),
    )
}

fn about_warning(
    writer: &Writer<'_>,
    id: &EventId,
    kind: Kind,
    note: &NoteRef,
    warning: &WarningRef,
) -> Draft {
    about(writer, id, kind, note)
        .with("rule", warning.rule.as_str())
        .with("start", warning.start)
        .with("end", warning.end)
}

pub(crate) fn versions_value(versions: &Versions) -> Value {
    json!({
        "program": versions.program, "keywords": versions.keywords, "payer": versions.payer,
    })
}

/// Returns a decision as it stands in an event: all of it but the comment, which is kept apart.
pub(crate) fn decision_value(decision: &Decision) -> Value {
    let mut value = json!(decision);
    if let Some(fields) = value.as_object_mut() {
        fields.remove("comment");
    }
    value
}

#[expect(clippy::too_many_arguments, reason = "the parts of one event, named one by one")]
pub(crate) fn decide(
    writer: &mut Writer<'_>,
    id: &EventId,
    note: &NoteRef,
    decision: &Decision,
    versions: &Versions,
    at: Stamp,
    hold: Option<Hold>,
    bulk: Option<Value>,
) -> Result<Recorded, StoreError> {
    if let Some(event) = writer.existing(id)? {
        return repeated_decision(writer, &event, note, decision);
    }
    let slot = hold.map_or(writer.context.slot(), |hold| hold.slot);
    let mut state =
        NoteProjection::load(writer.conn, &note.key).map_err(writer.context.sqlite())?;
    if let Some(lease) = state.leases.get_mut(slot)
        && give_way(writer, note, slot, lease, at)?
    {
        lease.expires_at = 0;
    }
    let lease = lease_for(writer, &state, &note.key, slot, hold, at)?;
    let standing = state.decisions.get(slot);
    let kind = if standing.is_some() { Kind::Amend } else { Kind::Decide };
    let mut draft = about(writer, id, kind, note)
        .with("slot", slot)
        .with("fence", lease.fence)
        .with("versions", versions_value(versions))
        .with_text("comment", decision.comment.as_deref());
    if let Some(bulk) = bulk {
        draft = draft.with("bulk", bulk);
    }
    draft = if let Some(standing) = standing {
        let draft = draft
            .with("amends", standing.seq)
            .with("before", decided(&writer.event(standing.seq)?)?.clone())
            .with("after", decision_value(decision));
        writer.told = Some((note.key.clone(), state));
        draft
    } else {
        // The lease must stand before the decision does: the database itself asks for it.
        let mut taken = state.clone();
        taken.leases.insert(slot, lease);
        taken.save(&state, writer.conn, &note.key).map_err(writer.context.sqlite())?;
        writer.told = Some((note.key.clone(), taken));
        draft.with("decision", decision_value(decision))
    };
    writer.append(draft, at)
}

/// Returns the decision that an event made, as it stands in its body.
pub(crate) fn decided(event: &Event) -> Result<&Value, StoreError> {
    let field = if event.kind()? == Kind::Amend { "after" } else { "decision" };
    event.body.get(field).ok_or(StoreError::Unreadable { seq: event.seq, field: "decision" })
}

fn repeated_decision(
    writer: &Writer<'_>,
    event: &Event,
    note: &NoteRef,
    decision: &Decision,
) -> Result<Recorded, StoreError> {
    let same = matches!(event.kind()?, Kind::Decide | Kind::Amend)
        && event.text("/actor", "actor")? == writer.context.coder.id
        && event.text("/note/key", "note")? == note.key
        && event.text("/note/digest", "note")? == note.digest
        && *decided(event)? == decision_value(decision);
    if !same {
        return Err(StoreError::EventIdTaken);
    }
    Ok(Recorded { seq: event.seq, write: Write::Repeated })
}

/// Finds the lease that a decision stands on, or takes a note that nobody holds.
fn lease_for(
    writer: &Writer<'_>,
    state: &NoteProjection,
    key: &str,
    slot: u8,
    hold: Option<Hold>,
    at: Stamp,
) -> Result<LeaseRow, StoreError> {
    let me = &writer.context.coder.id;
    let lease = state.leases.get(slot);
    if let (Some(hold), Some(lease)) = (hold, lease)
        && lease.fence > hold.fence
    {
        return Err(StoreError::LeaseLost { owner: lease.owner.to_string() });
    }
    match lease {
        Some(lease) if *lease.owner == **me => return Ok(lease.clone()),
        Some(lease) if lease.expires_at > at.utc_ms => {
            return Err(StoreError::LeaseHeld {
                owner: lease.owner.to_string(),
                until: lease.expires_at,
            });
        }
        _ => {}
    }
    check_second_person(writer, key, slot)?;
    let fence = lease.map_or(0, |lease| lease.fence) + 1;
    Ok(LeaseRow { owner: me.as_str().into(), fence, expires_at: 0 })
}

fn withdraw(
    writer: &mut Writer<'_>,
    id: &EventId,
    seq: i64,
    at: Stamp,
) -> Result<Recorded, StoreError> {
    let target = writer.event(seq)?;
    let wrong = |why| StoreError::WrongEvent { seq, why };
    if !matches!(target.kind()?, Kind::Decide | Kind::Amend) {
        return Err(wrong("is not a decision"));
    }
    let note: NoteRef = target.part("/note", "note")?;
    let slot = target.slot()?;
    if writer.existing(id)?.is_none() {
        if target.text("/actor", "actor")? != writer.context.coder.id {
            return Err(wrong("is the decision of another coder; amend it instead"));
        }
        let state =
            NoteProjection::load(writer.conn, &note.key).map_err(writer.context.sqlite())?;
        if state.decisions.get(slot).map(|row| row.seq) != Some(seq) {
            return Err(wrong("does not stand any more"));
        }
    }
    let mut draft = about(writer, id, Kind::Withdraw, &note)
        .with("slot", slot)
        .with("amends", seq)
        .with("before", decided(&target)?.clone());
    // The note goes back to what it was, told by the key of that time.
    if let Some(key_id) = target.body.pointer("/note/key_id") {
        draft.fields.insert(
            "note".to_owned(),
            json!({"key": note.key, "digest": note.digest, "key_id": key_id}),
        );
    }
    writer.append(draft, at)
}
