//! The audit log: one test or more for each promise, named by its number.

mod attacks;
mod golden;
mod leasing;
mod leaving;
mod model;
mod opening;
mod processes;
mod proving;
mod recording;
mod support;
mod verifying;
