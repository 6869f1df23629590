//! Warnings of the engine, one file a family.

pub(crate) mod wording;
