//! Minutes, units, lines, claims and their warnings.

mod bill;
mod minutes;
mod properties;
mod rules;
mod support;
mod units;
