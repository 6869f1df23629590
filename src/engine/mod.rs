//! The engine: text in, analysis out, a pure function of both.

pub mod billing;
pub mod rules;
pub mod section;
