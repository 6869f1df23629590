//! What `--help` says, of the program and of each of its commands, is agreed on in snapshots.

use std::collections::BTreeMap;

use clap::Command;
use rubric::cli::command;

/// Returns the long help of a command and of all below it, by how they are called.
fn pages(command: &mut Command, called: &str, pages: &mut BTreeMap<String, String>) {
    for below in command.get_subcommands_mut().filter(|one| one.get_name() != "help") {
        let called = format!("{called} {}", below.get_name());
        self::pages(below, &called, pages);
    }
    pages.insert(called.to_owned(), command.render_long_help().to_string());
}

fn all() -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut command = command().term_width(100);
    command.build();
    pages(&mut command, "rubric", &mut found);
    found
}

#[test]
fn help_of_every_command_is_as_agreed() {
    insta::with_settings!({ snapshot_path => "help", prepend_module_to_snapshot => false }, {
        for (called, page) in all() {
            insta::assert_snapshot!(called.replace(' ', "-"), page);
        }
    });
}

#[test]
fn help_of_every_command_has_an_example_that_parses() {
    for (called, page) in all() {
        let examples: Vec<&str> =
            page.lines().map(str::trim).filter(|line| line.starts_with(&called)).collect();
        assert!(!examples.is_empty(), "`{called} --help` shows no example");
        for example in examples {
            // What the shell does with it, and words set apart, are not ours to parse.
            let end = ["  ", " >", " |", " #"].iter().filter_map(|mark| example.find(mark)).min();
            let call = &example[..end.unwrap_or(example.len())];
            let parsed = command().try_get_matches_from(call.split_whitespace());
            assert!(parsed.is_ok(), "`{example}`, an example of `{called} --help`, does not parse");
        }
    }
}
