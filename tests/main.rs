//! The one test binary of the package.
