//! The audit log: one test or more for each promise, named by its number.

mod attacks;
mod opening;
mod recording;
mod support;
mod verifying;
