//! Helpers of the tests: a sample note built by hand, a desk in memory, keys and pictures.

pub mod desk;
pub mod sample;
pub mod screen;
