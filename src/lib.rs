//! `rubric` reviews outpatient therapy notes for timed codes: evidence, suggestions, warnings, decisions.
//!
//! Data flows one way: note, sections, segments, evidence, suggestion, screen, decision, log.
//! The modules are floors; an arrow may only point down (`tests/tidy.rs` keeps it so):
//!
//! | floor | module |
//! | --- | --- |
//! | 4 | [`tui`], [`cli`]: what people touch |
//! | 3 | [`review`], [`chart_audit`]: use-cases |
//! | 2 | [`engine`], [`intake`], [`store`]: pure analysis, notes from disk, the audit log |
//! | 1 | [`knowledge`]: keyword files and payer tables, checked and compiled |
//! | 0 | [`model`]: plain values |

pub mod chart_audit;
pub mod cli;
pub mod engine;
pub mod intake;
pub mod knowledge;
pub mod model;
pub mod review;
pub mod store;
pub mod tui;
