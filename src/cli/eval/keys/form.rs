//! The written form of an answer key.

use serde::Deserialize;

/// What a careful coder would say of one note.
#[derive(Debug, Deserialize)]
pub(super) struct Key {
    #[serde(default)]
    pub(super) quality: String,
    /// Warnings that must not fire.
    #[serde(default)]
    pub(super) absent: Vec<String>,
    #[serde(default)]
    pub(super) time: TimeKey,
    #[serde(default)]
    pub(super) segment: Vec<SegmentKey>,
    #[serde(default)]
    pub(super) line: Vec<LineKey>,
    #[serde(default)]
    pub(super) warning: Vec<WarningKey>,
    #[serde(default)]
    pub(super) mention: Vec<MentionKey>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct TimeKey {
    pub(super) timed_minutes: Option<f64>,
    pub(super) total_minutes: Option<f64>,
    /// By the pooled rule.
    pub(super) units: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SegmentKey {
    pub(super) quote: String,
    /// A code, two codes with a slash, or `none`.
    pub(super) code: String,
    pub(super) minutes: Option<f64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct LineKey {
    pub(super) code: String,
    pub(super) minutes: Option<f64>,
    pub(super) units: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WarningKey {
    pub(super) name: String,
    pub(super) quote: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MentionKey {
    pub(super) phrase: String,
    pub(super) status: String,
}
