//! The one test binary of the package.

// `allow-unwrap-in-tests` covers test functions, not their helpers.
#![allow(clippy::unwrap_used)]

mod intake;
