//! The audit log: one test or more for each promise, named by its number.

mod attacks;
mod copies;
mod flips;
mod golden;
mod kills;
mod leasing;
mod leaving;
mod model;
mod opening;
mod pages;
mod processes;
mod proving;
mod recording;
mod support;
mod verifying;
