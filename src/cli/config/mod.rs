//! `rubric config`: where settings come from, what is in force, and whether the files are sound.

mod file;
mod resolve;
mod table;
mod views;
mod write;

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

pub(super) use resolve::{Config, Origin, own_file};
use table::SETTINGS;
pub(super) use views::{keep_views, views};
pub(super) use write::keep;

#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show the settings in force
    #[command(after_help = "Examples:\n  rubric config show --origin --queue notes-samples")]
    Show(Shown),
    /// Name the files of settings
    #[command(after_help = "Examples:\n  rubric config path")]
    Path,
    /// Look the files over; every fault with its line and what to do
    #[command(after_help = "Examples:\n  rubric config check")]
    Check,
    /// Write a first file, in which every setting is explained and switched off
    #[command(after_help = "Examples:\n  rubric config init")]
    Init,
    /// Change one setting in your file; comments stay
    #[command(after_help = "Examples:\n  rubric config set lock.minutes 5")]
    Set {
        /// Name, as `theme` or `lock.minutes`
        name: String,
        /// Value without quotes
        value: String,
    },
    /// List the keys in force with the names of their actions, for keys.toml
    #[command(after_help = "Examples:\n  rubric config keys")]
    Keys,
}

#[derive(Debug, Args)]
struct Shown {
    /// Settings that hold for this queue, with the file beside it
    #[arg(long, value_name = "PATH")]
    queue: Option<PathBuf>,
    /// Say where each value comes from
    #[arg(long)]
    origin: bool,
    /// How the settings are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How the settings are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Returns the help: examples, then every setting from the table.
fn after_help() -> String {
    let mut help = String::from(
        "Examples:\n  rubric config --origin\n  rubric config set theme cb-dark\n  \
         rubric config check\n  rubric config keys\n\n\
         A flag wins over the environment, that over rubric.toml beside the queue, that over your\n\
         file. Beside your file, keys.toml holds keys (accept = \"a\") and theme.toml colours\n\
         (base = \"dark\", then [roles], task = \"LightBlue\"). The environment names a setting\n\
         in capitals: RUBRIC_LOCK_MINUTES; RUBRIC_CONFIG names another file.\n\nSettings:\n",
    );
    for setting in SETTINGS {
        let default = if setting.default.is_empty() { "-" } else { setting.default };
        let _ = writeln!(help, "  {:<15} {:<9} {}", setting.name, default, setting.help);
    }
    help
}

/// Returns what may be said of a theme on the command line.
pub(super) fn themes() -> PossibleValuesParser {
    PossibleValuesParser::new(table::themes())
}

/// Returns the names of the themes, as the settings take them.
pub(super) fn theme_names() -> Vec<&'static str> {
    table::themes()
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    match &arguments.what {
        None => show(&arguments.shown, out),
        Some(What::Show(shown)) => show(shown, out),
        Some(What::Path) => path(out),
        Some(What::Check) => check(out),
        Some(What::Init) => write::init(out),
        Some(What::Set { name, value }) => write::set(name, value, out),
        Some(What::Keys) => keys(out),
    }
}

#[derive(Serialize)]
struct Told<'a> {
    name: &'a str,
    value: Option<&'a str>,
    origin: String,
    default: &'a str,
    help: &'a str,
}

fn show(shown: &Shown, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let config = Config::load(shown.queue.as_deref());
    let told: Vec<Told<'_>> = SETTINGS
        .iter()
        .map(|setting| Told {
            name: setting.name,
            value: config.text(setting.name),
            origin: config.origin(setting.name).to_string(),
            default: setting.default,
            help: setting.help,
        })
        .collect();
    if shown.format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&told)?)?;
    } else {
        for one in &told {
            let value = match (one.value, table::setting(one.name)) {
                (Some(value), Some(setting)) => file::written(setting, value),
                _ => "(by this computer)".to_owned(),
            };
            let line = format!("{:<15} = {value}", one.name);
            let origin = if shown.origin { format!("   # {}", one.origin) } else { String::new() };
            writeln!(out, "{line:<40}{origin}")?;
        }
    }
    tell(&config)
}

/// Tells the faults on standard error; they do not stand in the way of showing the rest.
fn tell(config: &Config) -> anyhow::Result<ExitCode> {
    for fault in &config.faults {
        writeln!(std::io::stderr(), "{fault}")?;
    }
    Ok(if config.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn path(out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let own = own_file()?;
    for (file, what) in [
        (own.clone(), "settings"),
        (own.with_file_name("keys.toml"), "keys"),
        (own.with_file_name("theme.toml"), "colours"),
        (own.with_file_name("views.toml"), "views"),
    ] {
        let there = if file.exists() { "" } else { ", not there" };
        writeln!(out, "{}   ({what}{there})", file.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check(out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let config = Config::load(None);
    if config.faults.is_empty() {
        let own = own_file()?;
        let there = if own.exists() { "sound" } else { "not there; the defaults hold" };
        writeln!(out, "{}: {there}", own.display())?;
        return Ok(ExitCode::SUCCESS);
    }
    for fault in &config.faults {
        writeln!(out, "{fault}")?;
    }
    let count = config.faults.len();
    writeln!(
        out,
        "{count} fault{}; what they concern has its default",
        if count == 1 { "" } else { "s" }
    )?;
    Ok(ExitCode::from(1))
}

fn keys(out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let config = Config::load(None);
    let mut told = Vec::new();
    for row in crate::tui::keymap::KEYMAP {
        let line = (row.action, row.help);
        if !told.contains(&line) {
            told.push(line);
            let keys = config.keys.shown(row);
            writeln!(out, "{keys:<14} {:<18} {}", row.action.name(), row.help)?;
        }
    }
    tell(&config)
}
