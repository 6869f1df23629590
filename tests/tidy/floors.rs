//! Arrows between floors point down only, and siblings do not know each other.

use regex::Regex;

use super::{File, files, none};

/// Modules by floor.
const FLOORS: [(&str, u8); 11] = [
    ("model", 0),
    ("knowledge", 1),
    ("engine", 2),
    ("intake", 2),
    ("store", 2),
    ("stats", 2),
    ("review", 3),
    ("chart_audit", 3),
    ("training", 3),
    ("tui", 4),
    ("cli", 4),
];

/// Floors that give the same answer for the same input.
const PURE: [&str; 3] = ["model", "engine", "stats"];

/// Sideways arrows that are meant: files below the first may use the second.
///
/// The command line opens the screen, and shows words of a note the same way.
const DOORS: [(&str, &str); 1] = [("src/cli/", "tui")];

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

fn allowed(path: &str, from: &str, to: &str) -> bool {
    match (floor(from), floor(to)) {
        (Some(_), Some(_)) if from == to => true,
        (Some(own), Some(other)) if other < own => true,
        (Some(_), Some(_)) => DOORS.iter().any(|(file, to_)| path.starts_with(file) && *to_ == to),
        // What is no floor is the door itself: `lib.rs` and `main.rs`.
        _ => true,
    }
}

/// Returns the modules of the crate that a file names, with the line that names them.
fn named(file: &File) -> Vec<(usize, String)> {
    let from_root = Regex::new(r"\bcrate::(\{|[a-z_]+)").unwrap();
    let from_here = Regex::new(r"\b((?:super::)+)([a-z_]+)").unwrap();
    let depth = depth(&file.path);
    let mut found = Vec::new();
    for (at, line) in file.text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for one in from_root.captures_iter(code) {
            found.push((at + 1, one[1].to_owned()));
        }
        for one in from_here.captures_iter(code) {
            if one[1].len() / "super::".len() >= depth {
                found.push((at + 1, one[2].to_owned()));
            }
        }
    }
    found
}

/// Returns how many `super` lead from the module of a file to the root of the crate.
fn depth(path: &str) -> usize {
    path.split('/').count() - 1 - usize::from(path.ends_with("/mod.rs"))
}

/// Returns the floor's module that a file belongs to.
fn module(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs")
}

#[test]
fn imports_point_down() {
    let mut faults = Vec::new();
    for file in files("src").iter().filter(|file| file.is_rust()) {
        let from = module(&file.path);
        for (line, to) in named(file) {
            let path = &file.path;
            if to == "{" {
                faults.push(format!("{path}:{line}: one `use crate::…` root a statement"));
            } else if !allowed(path, from, &to) {
                faults.push(format!("{path}:{line}: {from} must not know {to}"));
            }
        }
    }
    none(&faults, "move the code up to the floor that may know both, or hand the value in");
}

#[test]
fn every_module_of_the_crate_has_its_floor() {
    let faults: Vec<String> = files("src")
        .iter()
        .map(|file| module(&file.path).to_owned())
        .filter(|name| floor(name).is_none() && name != "lib" && name != "main")
        .collect();
    none(&faults, "give the module a floor in tests/tidy/floors.rs and in src/lib.rs");
}

#[test]
fn values_need_only_std_and_serde() {
    let import = Regex::new(r"^\s*(?:pub(?:\([a-z ]+\))? )?use (?:::)?([a-z_]+)").unwrap();
    let mut faults = Vec::new();
    for file in files("src/model") {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(root) = import.captures(line).map(|one| one[1].to_owned())
                && !["std", "serde", "super", "self", "crate"].contains(&root.as_str())
                && !file.text.contains(&format!("mod {root};"))
            {
                faults.push(format!("{}:{}: model must not know {root}", file.path, at + 1));
            }
        }
    }
    none(&faults, "model holds plain values; put the work on a floor above");
}

#[test]
fn pure_floors_deny_files_clock_environment_and_chance() {
    let mut faults = Vec::new();
    for name in PURE {
        let heads = [format!("src/{name}/mod.rs"), format!("src/{name}.rs")];
        for file in files("src").iter().filter(|file| heads.contains(&file.path)) {
            if !file.text.contains("\n#![deny(clippy::disallowed_methods)]\n") {
                faults.push(format!("{}: the head denies nothing", file.path));
            }
        }
    }
    none(&faults, "add #![deny(clippy::disallowed_methods)] below the `//!` head");
}

#[test]
fn the_check_itself_sees_upward_sideways_and_hidden_arrows() {
    let file = |path: &str, text: &str| File { path: path.into(), text: text.into() };
    let upward = file("src/model/note.rs", "use crate::engine::Engine; // crate::tui\n");
    assert_eq!(named(&upward), [(1, "engine".to_owned())]);
    assert!(!allowed(&upward.path, "model", "engine"));
    assert!(!allowed("src/store/open.rs", "store", "intake"));
    assert!(!allowed("src/tui/run.rs", "tui", "cli"));
    assert!(allowed("src/engine/mod.rs", "engine", "knowledge"));
    assert!(allowed("src/cli/review.rs", "cli", "tui"));
    let hidden = file("src/store/open.rs", "fn f() -> super::super::engine::Engine {}\n");
    assert_eq!(named(&hidden), [(1, "engine".to_owned())]);
    let near = file("src/store/deep/open.rs", "use super::super::engine::Engine;\n");
    assert_eq!(named(&near), []);
}
