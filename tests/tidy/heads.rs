//! Every file opens with one sentence and stays short.

use super::{File, files, none};

/// Longest file that one person reads in one go.
const LONGEST: usize = 500;

/// Longest `main.rs`: it is a door.
const DOOR: usize = 40;

fn rust() -> Vec<File> {
    ["src", "tests", "benches", "crash-tests/src", "crash-tests/tests"]
        .into_iter()
        .filter(|folder| super::root().join(folder).is_dir())
        .flat_map(files)
        .filter(File::is_rust)
        .collect()
}

/// Returns the first paragraph of the `//!` head.
fn head(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

/// Tells what is wrong with a head; `None` if it is one sentence.
fn fault(head: &str) -> Option<&'static str> {
    if head.is_empty() {
        return Some("does not open with a `//!` sentence");
    }
    if !head.ends_with('.') {
        return Some("its first sentence has no full stop");
    }
    let inner = &head[..head.len() - 1];
    let second = inner
        .match_indices(". ")
        .any(|(at, _)| inner[at + 2..].chars().next().is_some_and(char::is_uppercase));
    second.then_some("opens with more than one sentence; leave an empty `//!` line after the first")
}

#[test]
fn files_open_with_one_sentence() {
    let faults: Vec<String> = rust()
        .iter()
        .filter_map(|file| fault(&head(&file.text)).map(|fault| format!("{}: {fault}", file.path)))
        .collect();
    none(&faults, "say in one sentence what lives there");
}

#[test]
fn files_are_short() {
    let keywords = files("keywords");
    let faults: Vec<String> = rust()
        .iter()
        .chain(keywords.iter().filter(|file| file.ends("toml")))
        .filter(|file| file.lines() > LONGEST)
        .map(|file| format!("{}: {} lines, {LONGEST} at most", file.path, file.lines()))
        .collect();
    none(&faults, "split it where the subject changes");
}

#[test]
fn the_door_is_small() {
    let main = files("src").into_iter().find(|file| file.path == "src/main.rs").unwrap();
    assert!(main.lines() <= DOOR, "src/main.rs has {} lines, {DOOR} at most", main.lines());
}

#[test]
fn documentation_has_words() {
    let mut faults = Vec::new();
    for file in rust() {
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        for (at, line) in lines.iter().enumerate() {
            let before = at.checked_sub(1).map_or("", |at| lines[at]);
            let after = lines.get(at + 1).copied().unwrap_or_default();
            if *line == "///" && !(before.starts_with("///") && after.starts_with("///")) {
                faults.push(format!("{}:{}", file.path, at + 1));
            }
        }
    }
    none(&faults, "an empty `///` says nothing");
}

#[test]
fn the_check_itself_tells_one_sentence_from_none_and_two() {
    assert_eq!(fault(&head("//! Reads notes,\n//! one by one.\n//!\n//! More. Words.\n")), None);
    assert!(fault(&head("use std::fs;\n")).is_some());
    assert!(fault(&head("//! No stop\n")).is_some());
    assert!(fault(&head("//! One. Two.\n")).is_some());
}
