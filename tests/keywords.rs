//! The built-in keyword files: complete, without faults, and every example holds.

use std::path::Path;

use rubric::engine::{Engine, examples};
use rubric::knowledge::{SourceFile, builtin_files, compile, load_payers, read_folder};

#[test]
fn every_example_of_every_rule_holds() {
    let engine = crate::support::engine();
    let (failures, held) = examples::run(&engine);
    let told: Vec<String> =
        failures.iter().map(|one| format!("{} {}: {}", one.place, one.id, one.message)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(held > 1500, "only {held} examples ran");
}

#[test]
fn the_built_in_files_are_the_files_of_the_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("keywords");
    let mut builtin = builtin_files();
    builtin.sort_by(|a, b| a.name.cmp(&b.name));
    let files = read_folder(&folder).unwrap();
    let names = |files: &[SourceFile]| -> Vec<String> {
        files.iter().map(|file| file.name.clone()).collect()
    };
    assert_eq!(names(&builtin), names(&files));
    // The texts are too long to be shown.
    for (built, found) in builtin.iter().zip(&files) {
        assert!(built == found, "{} was built in before it was changed", found.name);
    }
}

#[test]
fn a_fault_names_file_line_and_column() {
    let mut files = builtin_files();
    let file = files.iter_mut().find(|file| file.name == "terms/neuro-balance.toml").unwrap();
    file.text = file.text.replacen("explain ", "explian ", 1);
    let faults = compile(&files).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    let told = faults[0].to_string();
    assert!(told.starts_with("terms/neuro-balance.toml:"), "{told}");
    assert!(told.contains("unknown field `explian`"), "{told}");
    assert!(faults[0].picture.contains('^'), "{}", faults[0].picture);
}

#[test]
fn the_order_of_files_changes_nothing() {
    let text = "Treatment:\n- Sit<>stand x10 from toilet height with CGA, 12 min\nHEP: squats";
    let mut files = builtin_files();
    let first = Engine::new(compile(&files).unwrap(), load_payers(None).unwrap()).read(text);
    files.reverse();
    let second = Engine::new(compile(&files).unwrap(), load_payers(None).unwrap()).read(text);
    assert_eq!(first.segments, second.segments);
    assert_eq!(first.mentions, second.mentions);
}
