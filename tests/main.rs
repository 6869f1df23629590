//! The one test binary of the package.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, unreachable_pub)]

mod keys;
mod keys_queue;
mod plain;
mod screen_properties;
mod screen_pty;
mod screens;
mod support;
