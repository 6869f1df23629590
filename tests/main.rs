//! The one test binary of the package.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit;
mod intake;
mod keywords;
