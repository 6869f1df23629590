//! Keyword files and payer tables, checked and compiled.

pub mod payers;
