//! The tables of the README are those of the program.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use rubric::cli::command;
use rubric::engine::rules::RULES;
use rubric::tui::keymap::{Binding, Group, KEYMAP, Place};

/// Environment variable that has the README written anew.
const RENEW: &str = "RUBRIC_RENEW";

#[test]
fn readme_tables_are_generated() {
    let path = super::root().join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let mut wanted = readme.clone();
    for (name, table) in [("commands", commands()), ("keys", keys()), ("rules", rules())] {
        wanted = with(&wanted, name, &table);
    }
    if std::env::var_os(RENEW).is_some() {
        fs::write(&path, &wanted).unwrap();
    } else {
        assert!(
            readme == wanted,
            "README.md differs from the program; renew it with `{RENEW}=1 cargo test readme`"
        );
    }
}

#[test]
fn readme_shows_every_command_once_with_an_example() {
    let readme = fs::read_to_string(super::root().join("README.md")).unwrap();
    let missing: Vec<String> = command()
        .get_subcommands()
        .filter(|one| !one.is_hide_set())
        .map(|one| format!("rubric {}", one.get_name()))
        .filter(|call| !readme.lines().any(|line| line.trim_start().starts_with(call.as_str())))
        .collect();
    super::none(&missing, "give the command an example in README.md");
}

/// Puts a table between its markers.
fn with(readme: &str, name: &str, table: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let start = readme.find(&open).expect("README.md has the opening marker") + open.len();
    let end = start + readme[start..].find(&close).expect("README.md has the closing marker");
    format!("{}\n{table}\n{}", &readme[..start], &readme[end..])
}

fn commands() -> String {
    let mut table = "| command | does |\n| --- | --- |\n".to_owned();
    for one in command().get_subcommands().filter(|one| !one.is_hide_set()) {
        let about = one.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(table, "| `rubric {}` | {about} |", one.get_name()).unwrap();
    }
    table
}

fn keys() -> String {
    let mut table = String::new();
    for group in Group::ALL {
        writeln!(table, "| {} | | where |\n| --- | --- | --- |", group.name()).unwrap();
        for row in KEYMAP.iter().filter(|row| row.group == group) {
            let keys: Vec<String> = row.keys.split(' ').map(|key| format!("`{key}`")).collect();
            writeln!(table, "| {} | {} | {} |", keys.join(" "), row.help, places(row)).unwrap();
        }
        table.push('\n');
    }
    table.truncate(table.trim_end().len());
    table + "\n"
}

/// Names the places of a row; a row that holds nearly everywhere says so.
fn places(row: &Binding) -> String {
    let all: BTreeMap<Place, &str> =
        KEYMAP.iter().flat_map(|row| row.places).map(|place| (*place, place.name())).collect();
    if row.places.len() == all.len() {
        return "everywhere".to_owned();
    }
    let missing: Vec<&str> = all
        .iter()
        .filter(|(place, _)| !row.places.contains(place))
        .map(|(_, name)| *name)
        .collect();
    if missing.len() <= 2 {
        return format!("everywhere but {}", missing.join(", "));
    }
    if missing.len() < row.places.len() {
        return "nearly everywhere".to_owned();
    }
    row.places.iter().map(|place| place.name()).collect::<Vec<_>>().join(", ")
}

fn rules() -> String {
    let mut table = "| id | name | weight | finds |\n| --- | --- | --- | --- |\n".to_owned();
    for rule in RULES {
        writeln!(
            table,
            "| {} | `{}` | {} | {} |",
            rule.id,
            rule.name,
            rule.severity.as_str(),
            rule.title
        )
        .unwrap();
    }
    table
}
