//! The billing side of a note: its minutes, units, lines and billed claim.

pub mod claim;
pub mod discipline;
pub mod minutes;
pub mod units;
