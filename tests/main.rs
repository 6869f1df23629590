//! The one test binary of the package.

#![allow(clippy::unwrap_used)]

mod billing;
