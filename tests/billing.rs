//! Minutes, units, lines, claims and their warnings.

mod minutes;
mod units;
