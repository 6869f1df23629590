//! Acts of a chart audit: a frame taken in, a sample drawn, two answers settled.

use serde_json::{Map, Value, json};

use crate::model::{Decision, Versions};

use super::AuditLog;
use super::append::Recorded;
use super::error::StoreError;
use super::events::{Draft, EventId, Kind, Stamp};
use super::key::NoteRef;
use super::projections::NoteProjection;
use super::record::{about, decision_value, versions_value};

/// A list of notes or claims, taken in before a sample is drawn from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Digest of the list, hex.
    pub digest: String,
    /// Number of entries.
    pub count: u64,
    /// Total billed, in cents, if the list has amounts.
    pub total_cents: Option<u64>,
}

/// A sample, with all it takes to draw it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// How it was drawn.
    pub method: String,
    /// Seed, as it was recorded before the frame could be seen.
    pub seed: String,
    /// Digest of the frame, hex.
    pub frame_digest: String,
    /// Digest of the entries drawn, in their order, hex.
    pub result_digest: String,
    /// Number of entries drawn.
    pub size: u64,
}

impl AuditLog {
    /// Records that a frame was taken in.
    pub fn record_frame(
        &mut self,
        event_id: &EventId,
        frame: &Frame,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let draft = Draft::new(event_id, Kind::FrameImport)
            .with("digest", frame.digest.as_str())
            .with("count", frame.count)
            .with("total_cents", frame.total_cents);
        self.write(|writer| writer.append(draft, at))
    }

    /// Records that a sample was drawn.
    pub fn record_sample(
        &mut self,
        event_id: &EventId,
        sample: &Sample,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let draft = Draft::new(event_id, Kind::SampleDraw)
            .with("method", sample.method.as_str())
            .with("seed", sample.seed.as_str())
            .with("frame_digest", sample.frame_digest.as_str())
            .with("result_digest", sample.result_digest.as_str())
            .with("size", sample.size);
        self.write(|writer| writer.append(draft, at))
    }

    /// Settles two or more answers to one note; refused until all that were begun are in.
    ///
    /// The answers stay as they are; the settled decision is read from the history of the note.
    pub fn adjudicate(
        &mut self,
        event_id: &EventId,
        note: &NoteRef,
        decision: &Decision,
        versions: &Versions,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        self.write(|writer| {
            let state =
                NoteProjection::load(writer.conn, &note.key).map_err(writer.context.sqlite())?;
            let open = state.leases.iter().any(|(slot, lease)| {
                state.decisions.get(slot).is_none() && lease.expires_at > at.utc_ms
            });
            if open || state.decisions.len() < 2 {
                return Err(StoreError::Blind);
            }
            let answers: Map<String, Value> = state
                .decisions
                .iter()
                .map(|(slot, row)| (slot.to_string(), json!(row.seq)))
                .collect();
            let draft = about(writer, event_id, Kind::Adjudicate, note)
                .with("answers", answers)
                .with("versions", versions_value(versions))
                .with("decision", decision_value(decision))
                .with_text("comment", decision.comment.as_deref());
            writer.append(draft, at)
        })
    }
}
