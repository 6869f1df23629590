//! What internal auditors ask of many notes at once.

pub mod clones;
