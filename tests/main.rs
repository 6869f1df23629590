//! The one test binary of the package.

#![allow(clippy::unwrap_used, clippy::expect_used)]
#![expect(unreachable_pub, reason = "a test binary exports nothing")]

mod audit;
mod billing;
mod clones;
mod intake;
mod keys;
mod keys_queue;
mod keywords;
mod plain;
mod screen_properties;
mod screen_pty;
mod screens;
mod support;
