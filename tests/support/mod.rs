//! What several tests need: the engine of the built-in files.

use rubric::engine::{Engine, Pace};
use rubric::knowledge::{load, load_payers};

/// Compiles the engine of the built-in files.
pub(crate) fn engine() -> Engine {
    Engine::new(load(None).unwrap(), load_payers(None).unwrap(), Pace::OneNote).unwrap()
}
