//! The review screen.
