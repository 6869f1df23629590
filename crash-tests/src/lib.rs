//! Test-only: a recording VFS below `SQLite`, and the disks that a power cut could leave of its trace.

pub mod disk;
pub mod vfs;
