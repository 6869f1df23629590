# Lists what can be done here.
default:
    @just --list

# Runs every check that a change must pass.
check:
    .ci/run

# Runs the tests.
test *ARGS:
    cargo test {{ARGS}}

# Opens the review of the sample notes, or of what is named.
review *ARGS='notes-samples':
    cargo run --release -- review {{ARGS}}

# Measures engine, screen, queue and log.
bench *ARGS:
    cargo bench {{ARGS}}

# Writes snapshots and the tables of README.md anew; look at the difference before you keep it.
renew:
    RUBRIC_RENEW=1 INSTA_UPDATE=always cargo test

# Runs the long checks of the audit log at full size; takes about an hour.
long:
    RUBRIC_LONG=1 CARGO_PROFILE_RELEASE_LTO=off cargo test --release --test suite -- --nocapture --test-threads=1 audit::flips audit::kills audit::processes

# Cuts the power under the audit log at every write.
crash:
    cargo test --workspace --test crash
