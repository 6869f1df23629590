//! Helpers of the tests: the engine of the built-in files, a sample note built by hand, a desk in
//! memory, a real one in a folder of its own, keys and pictures.

pub(crate) mod desk;
pub(crate) mod office;
pub(crate) mod pty;
pub(crate) mod sample;
pub(crate) mod screen;

use rubric::engine::Engine;
use rubric::knowledge::{load, load_payers};

/// Compiles the engine of the built-in files.
pub(crate) fn engine() -> Engine {
    Engine::new(load(None).unwrap(), load_payers(None).unwrap())
}
