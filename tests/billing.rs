//! Minutes, units, lines, claims and their warnings.

mod bill;
mod minutes;
mod rules;
mod support;
mod units;
