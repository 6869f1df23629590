//! The audit log: one test or more for each promise, named by its number.

mod attacks;
mod leasing;
mod leaving;
mod opening;
mod proving;
mod recording;
mod support;
mod verifying;
