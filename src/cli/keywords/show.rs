//! `rubric keywords show`: the rules as loaded, and the built-in files as a folder to edit.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use super::tell;
use crate::cli::columns::{Columns, count};
use crate::knowledge::lexicon::{CATEGORIES, Category, Life, Rule, Tier};
use crate::knowledge::payers::BUILT_IN;
use crate::knowledge::{Lexicon, builtin_files, load};
use crate::model::{Code, SectionKind};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Ids of rules; all if none is named
    ids: Vec<String>,
    /// Only rules of this category, as functional-task
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// Only rules that give points for this code
    #[arg(long, value_name = "CODE")]
    code: Option<String>,
    /// Headings that open this kind of section, and rules that count more or not at all in it
    #[arg(long, value_name = "KIND")]
    section: Option<String>,
    /// Write the built-in files into this folder, to edit them and use them with --keywords
    #[arg(long, value_name = "DIR", conflicts_with_all = ["ids", "category", "code", "section"])]
    write: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if let Some(target) = &arguments.write {
        return write_files(target, out);
    }
    let lexicon = load(folder)?;
    let chosen = Chosen::read(arguments, &lexicon)?;
    if let Some(kind) = chosen.section {
        headings(&lexicon, kind, out)?;
    }
    let mut table = Columns::new(["id", "name", "points", "phrases", "tier", "file"]).numbers([3]);
    let mut shown = 0;
    for (index, rule) in lexicon.rules.iter().enumerate().filter(|(_, rule)| chosen.holds(rule)) {
        let phrases = tell::phrases_of_rule(&lexicon, index).len();
        let points = chosen.points(rule);
        let (id, name) = (rule.id.clone(), rule.name.clone());
        table.row([id, name, points, phrases.to_string(), tier(rule), rule.place.clone()]);
        shown += 1;
    }
    for combo in
        lexicon.combos.iter().filter(|combo| chosen.holds_combo(&combo.id, &combo.supports))
    {
        let (id, name, place) = (combo.id.clone(), combo.name.clone(), combo.place.clone());
        let points = tell::points(&combo.supports);
        table.row([id, name, points, "-".to_owned(), "core".to_owned(), place]);
        shown += 1;
    }
    table.write(out, "")?;
    writeln!(out, "{} of {}", count(shown, "rule"), lexicon.version)?;
    Ok(())
}

/// Which rules are asked for.
struct Chosen<'a> {
    ids: &'a [String],
    category: Option<Category>,
    code: Option<Code>,
    section: Option<SectionKind>,
}

impl<'a> Chosen<'a> {
    fn read(arguments: &'a Arguments, lexicon: &Lexicon) -> anyhow::Result<Self> {
        for id in &arguments.ids {
            let combo = lexicon.combos.iter().any(|combo| combo.id == *id);
            if !combo && tell::rule(lexicon, id).is_none() {
                bail!(
                    "no rule has the id {id}\n  \
                     help: `rubric keywords show` lists all; `explain` knows cues and headings too"
                );
            }
        }
        let category = arguments.category.as_deref().map(|name| {
            Category::parse(name).with_context(|| {
                let names: Vec<&str> = CATEGORIES.iter().map(|row| row.1).collect();
                format!("no category is named {name}\n  help: there are {}", names.join(", "))
            })
        });
        let code = arguments.code.as_deref().map(|code| {
            Code::parse(code)
                .filter(|code| lexicon.codes.contains_key(code))
                .with_context(|| format!("manifest.toml has no code {code}\n  help: as 97530"))
        });
        let section = arguments.section.as_deref().map(section_named);
        Ok(Self {
            ids: &arguments.ids,
            category: category.transpose()?,
            code: code.transpose()?,
            section: section.transpose()?,
        })
    }

    fn holds(&self, rule: &Rule) -> bool {
        let named = |id: &String| *id == rule.id || rule.aliases.contains(id);
        (self.ids.is_empty() || self.ids.iter().any(named))
            && self.category.is_none_or(|category| category == rule.category)
            && self.code.is_none_or(|code| rule.weight(code) != 0 || rule.service == Some(code))
            && self.section.is_none_or(|kind| {
                rule.never.contains(&kind) || rule.boost.iter().any(|(boosted, _)| *boosted == kind)
            })
    }

    fn holds_combo(&self, id: &str, supports: &[(Code, i32)]) -> bool {
        (self.ids.is_empty() || self.ids.iter().any(|one| one == id))
            && self.category.is_none_or(|category| category == Category::Combo)
            && self.code.is_none_or(|code| supports.iter().any(|(one, _)| *one == code))
            && self.section.is_none()
    }

    /// Returns the points of a rule, and how it fares in the section asked for.
    fn points(&self, rule: &Rule) -> String {
        let points = tell::points(&rule.supports);
        let Some(kind) = self.section else { return points };
        let boost = rule.boost.iter().find(|(boosted, _)| *boosted == kind);
        match boost {
            _ if rule.never.contains(&kind) => "never here".to_owned(),
            Some((_, more)) => format!("{points}; {more:+} here"),
            None => points,
        }
    }
}

fn section_named(name: &str) -> anyhow::Result<SectionKind> {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, StrDeserializer};

    let named: StrDeserializer<'_, Error> = name.into_deserializer();
    SectionKind::deserialize(named).map_err(|error| anyhow::anyhow!("no such section: {error}"))
}

fn tier(rule: &Rule) -> String {
    let tier = match rule.tier {
        Tier::Core => "core",
        Tier::Strict => "strict",
        Tier::Preview => "preview",
    };
    match rule.life {
        Life::Stable => tier.to_owned(),
        Life::Preview => format!("{tier}, on trial"),
        Life::Deprecated => format!("{tier}, deprecated"),
    }
}

fn headings(lexicon: &Lexicon, kind: SectionKind, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "Headings that open a section of kind {}:", kind.as_str())?;
    for (index, heading) in lexicon.headings.iter().enumerate() {
        if heading.kind != Some(kind) {
            continue;
        }
        let words = lexicon.heading_words.iter().filter(|(_, at)| **at == index);
        let words: Vec<&str> = words.map(|(words, _)| words.as_str()).collect();
        let status = heading.status.map_or_else(String::new, |status| {
            format!("; what stands in it is {}", status.as_str())
        });
        let claim = heading.claims.map_or_else(String::new, |code| format!("; it claims {code}"));
        writeln!(out, "  {}  {}{status}{claim}", heading.id, words.join(", "))?;
    }
    writeln!(out, "\nRules that count more, or never, in such a section:")
}

/// Writes the built-in files; a file that was changed is never overwritten.
fn write_files(target: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let mut files: Vec<(String, String)> =
        builtin_files().into_iter().map(|file| (file.name, file.text)).collect();
    files.extend(BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    files.push(("README.md".to_owned(), include_str!("../../../keywords/README.md").to_owned()));
    for (name, text) in &files {
        let path = target.join(name);
        match fs::read_to_string(&path) {
            Ok(there) if there != *text => bail!(
                "{}: this file is there and differs from the built-in one; nothing was written\n  \
                 help: name an empty folder",
                path.display()
            ),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => bail!("{}: cannot be read: {error}", path.display()),
        }
    }
    for (name, text) in &files {
        let path = target.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)
                .with_context(|| format!("{}: cannot be made", parent.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    writeln!(out, "{} written to {}", count(files.len(), "file"), target.display())?;
    writeln!(out, "Edit them, then: rubric keywords check --keywords {}", target.display())?;
    Ok(())
}
