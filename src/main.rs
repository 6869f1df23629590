//! The door: hands the command line to `cli` and turns its answer into an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    rubric::cli::run()
}
