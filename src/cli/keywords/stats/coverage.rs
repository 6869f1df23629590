//! Lists of words against the rules: which words name an activity that some rule knows.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use crate::cli::columns::{Columns, quoted, share};
use crate::cli::eval::table::Table;
use crate::engine::Engine;
use crate::model::{Status, Theme};

/// Chapters of the ICF, what they hold, and the theme their terms belong to; `None`: any theme.
///
/// The longest beginning counts, and a chapter without a row is not looked up: d570 holds mostly
/// substance use and medication.
const CHAPTERS: [(&str, &str, Option<Theme>); 18] = [
    ("d410", "changing body position", Some(Theme::FunctionalTask)),
    ("d415", "keeping a body position", None),
    ("d420", "transfers", Some(Theme::FunctionalTask)),
    ("d430", "lifting and carrying", Some(Theme::FunctionalTask)),
    ("d435", "moving things with the legs", None),
    ("d440", "fine hand use", Some(Theme::FunctionalTask)),
    ("d445", "hand and arm use", Some(Theme::FunctionalTask)),
    ("d450", "walking", Some(Theme::OtherService)),
    ("d455", "moving around", Some(Theme::OtherService)),
    ("d460", "moving around in places", Some(Theme::OtherService)),
    ("d465", "moving with equipment", Some(Theme::OtherService)),
    ("d4", "other mobility", None),
    ("d510", "washing", Some(Theme::SelfCare)),
    ("d520", "care of body parts", Some(Theme::SelfCare)),
    ("d530", "toileting", Some(Theme::SelfCare)),
    ("d540", "dressing", Some(Theme::SelfCare)),
    ("d55", "eating and drinking", Some(Theme::SelfCare)),
    ("d6", "home life", Some(Theme::SelfCare)),
];

/// What became of the words of one group.
#[derive(Default)]
struct Group {
    wanted: Option<Theme>,
    words: usize,
    /// By theme, or `none`.
    by_theme: BTreeMap<&'static str, usize>,
    unknown: Vec<String>,
}

/// Looks up all words of a file, by ICF chapter if it names one.
pub(super) fn look_up(
    engine: &Engine,
    path: &Path,
    list: usize,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let table = Table::read(path)?;
    let words = table.any_column(&["term", "name", "text"])?;
    let icf = table.column("icf");
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let mut left_out = 0;
    for row in &table.rows {
        let Some((name, wanted)) =
            icf.map_or(Some(("all words".to_owned(), None)), |icf| chapter(&row.cells[icf]))
        else {
            left_out += 1;
            continue;
        };
        let group = groups.entry(name).or_default();
        group.wanted = wanted;
        group.words += 1;
        let word = &row.cells[words];
        let themes = themes(engine, word);
        // Several activities in one term: the wanted one decides, else the first by name.
        let theme = wanted.filter(|theme| themes.contains(theme)).or(themes.first().copied());
        *group.by_theme.entry(theme.map_or("none", Theme::as_str)).or_default() += 1;
        if theme.is_none() {
            group.unknown.push(word.clone());
        }
    }
    writeln!(out, "\nCoverage of {}", path.display())?;
    tell(&groups, icf.is_some(), out)?;
    if left_out > 0 {
        writeln!(out, "{left_out} terms of other chapters were left out")?;
    }
    for (name, group) in groups.iter().filter(|(_, group)| !group.unknown.is_empty() && list > 0) {
        let shown: Vec<String> = group.unknown.iter().take(list).map(|word| quoted(word)).collect();
        let more = group.unknown.len().saturating_sub(list);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        writeln!(out, "  unknown in {name}: {}{rest}", shown.join(", "))?;
    }
    Ok(())
}

fn chapter(icf: &str) -> Option<(String, Option<Theme>)> {
    let rows = CHAPTERS.iter().filter(|row| icf.trim().starts_with(row.0));
    let (code, name, theme) = rows.max_by_key(|row| row.0.len())?;
    Some((format!("{code} {name}"), *theme))
}

/// Returns the themes of the activities that a term names as a bullet of treatment.
fn themes(engine: &Engine, term: &str) -> Vec<Theme> {
    let language = engine.read(&format!("Interventions:\n- {term}\n"));
    let named = language.mentions.iter().filter(|one| one.status != Status::TestName);
    let themes: std::collections::BTreeSet<Theme> = named.map(|one| one.theme).collect();
    themes.into_iter().collect()
}

fn tell(
    groups: &BTreeMap<String, Group>,
    chapters: bool,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if !chapters {
        for group in groups.values() {
            let unknown = group.by_theme.get("none").copied().unwrap_or(0);
            writeln!(out, "  known to some rule: {}", share(group.words - unknown, group.words))?;
            for (theme, number) in &group.by_theme {
                writeln!(out, "    {theme}: {number}")?;
            }
        }
        return Ok(());
    }
    let mut table =
        Columns::new(["chapter", "belongs to", "so read", "read as another", "unknown"]);
    for (name, group) in groups {
        let unknown = group.by_theme.get("none").copied().unwrap_or(0);
        let known = group.words - unknown;
        let right = group
            .wanted
            .map_or(known, |theme| group.by_theme.get(theme.as_str()).copied().unwrap_or(0));
        table.row([
            name.clone(),
            group.wanted.map_or("any activity", Theme::as_str).to_owned(),
            share(right, group.words),
            (known - right).to_string(),
            unknown.to_string(),
        ]);
    }
    table.numbers([3, 4]).write(out, "  ")
}
