//! `rubric review`: the screen over a queue of notes, or the same review in lines.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::channel;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use crate::engine::Engine;
use crate::engine::billing::units::allocate;
use crate::intake::Options;
use crate::knowledge::payers::PayerProfile;
use crate::model::{Code, Minutes, UnitRule};
use crate::review::office::{Listing, Wait};
use crate::review::{News, Office, Setup, Sort, UnitsOf};
use crate::store::{AuditLog, LogPlace, default_state_dir};
use crate::tui::app::Blind;
use crate::tui::looks::Looks;
use crate::tui::theme::Theme;
use crate::tui::{App, Message, Settings};

use super::person::{self, LogArguments};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  rubric review notes-samples
  rubric review --claims claims.csv november/*.txt
  rubric review                        the queue you were in last")]
pub(super) struct Arguments {
    /// Files and folders of notes; `-` reads JSON lines from standard input
    paths: Vec<PathBuf>,
    /// Table of billed lines by key of the note
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    #[command(flatten)]
    log: LogArguments,
    /// Payer of notes that name none
    #[arg(long, value_name = "NAME")]
    payer: Option<String>,
    /// The review in lines, for screen readers and plain terminals
    #[arg(long)]
    plain: bool,
    /// Colours
    #[arg(long, value_name = "NAME", value_parser = parse_theme, env = "RUBRIC_THEME", hide_env_values = true)]
    theme: Option<Theme>,
    /// Draw with ASCII signs only
    #[arg(long)]
    ascii: bool,
    /// Hide the program's findings until your own answer is recorded
    #[arg(long, value_name = "WHAT", num_args = 0..=1, default_missing_value = "evidence")]
    blind: Option<Hidden>,
    /// Show only notes that pass, as: open code:97530
    #[arg(long, value_name = "TERMS")]
    filter: Option<String>,
    /// Order of the queue
    #[arg(long, value_name = "ORDER", value_parser = parse_sort)]
    sort: Option<Sort>,
}

/// What is hidden from the coder at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Hidden {
    /// Codes, points, warnings
    Evidence,
    /// All marks as well
    Bare,
}

fn parse_theme(name: &str) -> Result<Theme, String> {
    Theme::parse(name).ok_or_else(|| format!("one of {}", Theme::ALL.map(Theme::name).join(", ")))
}

fn parse_sort(name: &str) -> Result<Sort, String> {
    Sort::ALL
        .into_iter()
        .find(|sort| sort.words() == name)
        .ok_or_else(|| format!("one of {}", Sort::ALL.map(Sort::words).join(", ")))
}

/// The queue that was reviewed last, for the next start without paths.
#[derive(Debug, Serialize, Deserialize)]
struct Last {
    paths: Vec<PathBuf>,
    claims: Option<PathBuf>,
    log: PathBuf,
    payer: Option<String>,
    coder: String,
}

impl Last {
    fn file(state_dir: &Path) -> PathBuf {
        state_dir.join("places").join("last.json")
    }

    fn read(state_dir: &Path) -> Option<Self> {
        serde_json::from_str(&std::fs::read_to_string(Self::file(state_dir)).ok()?).ok()
    }

    /// Keeps it beside the places in queues; the folder is made by the first of them.
    fn write(&self, state_dir: &Path) -> anyhow::Result<()> {
        let file = Self::file(state_dir);
        let folder = file.parent().context("no folder")?;
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        new.write_all(serde_json::to_string_pretty(self)?.as_bytes())?;
        new.persist(&file)?;
        Ok(())
    }
}

/// Runs `rubric` without a subcommand: the last queue goes on, or a few words help.
pub(super) fn alone(folder: Option<&Path>, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let last = default_state_dir().ok().and_then(|dir| Last::read(&dir));
    let terminal = std::io::stdout().is_terminal() && std::io::stdin().is_terminal();
    if terminal && last.is_some_and(|last| last.log.exists()) {
        #[derive(clap::Parser)]
        struct Alone {
            #[command(flatten)]
            arguments: Arguments,
        }
        let alone = <Alone as clap::Parser>::parse_from(["rubric"]);
        return run(&alone.arguments, folder, out);
    }
    writeln!(
        std::io::stderr(),
        "rubric shows what each part of a therapy note supports: 97110, 97112, 97530, 97535\n\n  \
         rubric review notes-samples               review notes on the screen\n  \
         rubric analyse --format jsonl notes/      analyse notes for another program\n  \
         rubric log verify                         check that the audit log is whole\n\n\
         try: rubric review notes-samples; all commands: rubric --help"
    )?;
    Ok(ExitCode::from(super::COULD_NOT_RUN))
}

pub(super) fn run(
    arguments: &Arguments,
    folder: Option<&Path>,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    let from_stdin = arguments.paths.iter().any(|path| path.as_os_str() == "-");
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let plain = arguments.plain || dumb;
    if plain && from_stdin {
        anyhow::bail!(
            "standard input cannot give both notes and commands\n\
             save the notes to a file, or review them on the screen"
        );
    }
    let terminal =
        std::io::stdout().is_terminal() && (from_stdin || std::io::stdin().is_terminal());
    if !plain && !terminal {
        anyhow::bail!(
            "`rubric review` needs a terminal, and there is none\n\
             for pipes and files use `rubric analyse`; for lines in place of a screen, \
             `rubric review --plain`"
        );
    }
    let queue = Queue::of(arguments)?;
    let coder = person::coder(queue.coder.as_deref())?;
    let options = Options { claims: queue.claims.clone(), ..Options::default() };
    let wait = if plain { Wait::ForAll } else { Wait::ForSome };
    let listing = Listing::begin(&queue.paths, &options, wait)?;
    let engine = Arc::new(super::engine(folder)?);
    let profile = profile(&engine, queue.payer.as_deref())?;
    let name = coder.id.clone();
    let mut settings = Settings::new(name.clone(), queue.name(), units_of(&profile));
    settings.payer = profile.version();
    settings.looks = Looks::from(Theme::for_environment(
        arguments.theme,
        std::env::var("NO_COLOR").ok().as_deref(),
        std::env::var("COLORFGBG").ok().as_deref(),
    ));
    settings.ascii = arguments.ascii || !speaks_utf8();
    settings.blind = match arguments.blind {
        None => Blind::Off,
        Some(Hidden::Evidence) => Blind::Evidence,
        Some(Hidden::Bare) => Blind::Bare,
    };

    let log = AuditLog::open(&queue.place, coder.clone(), person::now())?;
    let (sender, receiver) = channel();
    let to_screen = sender.clone();
    let setup = Setup {
        engine,
        payer: queue.payer.clone(),
        listing,
        log,
        coder: coder.id,
        state_dir: queue.place.state_dir.clone(),
        clock: Arc::new(person::now),
    };
    let tell: crate::review::office::Tell = Arc::new(move |news| {
        // The screen may be gone already; then nobody is left to tell.
        let _ = to_screen.send(message(news));
    });
    let mut office = Office::open(setup, (!plain).then_some(tell))?;
    settings.read_only = office.read_only();
    let mut app = App::new(settings, office.total());
    if let Some(resume) = office.resume() {
        app.take_up(resume);
    }
    app.show(None, arguments.filter.clone(), arguments.sort);
    if let Some(words) = unlisted(office.problems().len()) {
        // The receiver is here, so this cannot fail.
        let _ = sender.send(Message::Progress(words));
    }
    let left = if plain {
        crate::tui::run_plain(app, &mut office, &mut std::io::stdin().lock(), out)
    } else {
        crate::tui::run(app, &mut office, (sender, receiver))
    };
    queue.remember(name);
    let (problems, recorded) = (office.problems(), office.recorded());
    office.close()?;
    left.context("the terminal failed; nothing recorded is lost")?;
    if !plain {
        writeln!(out, "{}", parting(recorded, &queue.place.log))?;
    }
    for problem in &problems {
        writeln!(std::io::stderr(), "{problem}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says at the start that something could not be listed; what it is follows at the end.
fn unlisted(problems: usize) -> Option<String> {
    match problems {
        0 => None,
        1 => Some("1 problem with the sources of notes; it is named when you leave.".to_owned()),
        many => Some(format!(
            "{many} problems with the sources of notes; they are named when you leave."
        )),
    }
}

fn parting(recorded: usize, log: &Path) -> String {
    let decisions =
        if recorded == 1 { "1 decision".to_owned() } else { format!("{recorded} decisions") };
    format!("{decisions} recorded in {}\n`rubric review` goes on where you were", log.display())
}

fn message(news: News) -> Message {
    match news {
        News::Known(ids) => Message::Known(ids),
        News::Arranged { generation, order } => Message::Arranged { generation, order },
        News::Decided(decided) => Message::Decided { ids: decided },
        News::Grew { total } => Message::QueueGrew { total },
        News::Progress(words) => Message::Progress(words),
    }
}

/// What is reviewed: as named, or as it was the last time.
struct Queue {
    paths: Vec<PathBuf>,
    claims: Option<PathBuf>,
    payer: Option<String>,
    /// Name of the coder, if one was given now or then.
    coder: Option<String>,
    place: LogPlace,
}

impl Queue {
    fn of(arguments: &Arguments) -> anyhow::Result<Self> {
        let mut place = arguments.log.place()?;
        if !arguments.paths.is_empty() {
            return Ok(Self {
                paths: arguments.paths.clone(),
                claims: arguments.claims.clone(),
                payer: arguments.payer.clone(),
                coder: arguments.log.coder.clone(),
                place,
            });
        }
        let last = Last::read(&place.state_dir).context(
            "no notes were named, and none were reviewed before\n\
             name a folder or files: rubric review notes-samples",
        )?;
        if arguments.log.log.is_none() {
            place.log = last.log;
        }
        Ok(Self {
            paths: last.paths,
            claims: arguments.claims.clone().or(last.claims),
            payer: arguments.payer.clone().or(last.payer),
            coder: arguments.log.coder.clone().or(Some(last.coder)),
            place,
        })
    }

    /// Returns the name of the queue: its folder or file, and how many more there are.
    fn name(&self) -> String {
        let names: BTreeSet<&PathBuf> = self.paths.iter().collect();
        let first = self.paths.first().map_or_else(String::new, |path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            path.file_name().map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            )
        });
        match names.len() {
            0 | 1 => first,
            more => format!("{first} and {} more", more - 1),
        }
    }

    /// Keeps what was reviewed, unless it came through a pipe; failing at it is no fault of the review.
    fn remember(&self, coder: String) {
        if self.paths.iter().any(|path| path.as_os_str() == "-") {
            return;
        }
        let absolute = |path: &PathBuf| std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let last = Last {
            paths: self.paths.iter().map(absolute).collect(),
            claims: self.claims.as_ref().map(absolute),
            log: absolute(&self.place.log),
            payer: self.payer.clone(),
            coder,
        };
        let _ = last.write(&self.place.state_dir);
    }
}

fn profile(engine: &Engine, name: Option<&str>) -> anyhow::Result<PayerProfile> {
    let payers = engine.payers();
    let Some(name) = name else { return Ok(payers.default_profile().clone()) };
    payers.get(&name.to_ascii_lowercase()).cloned().with_context(|| {
        let known: Vec<&str> = payers.iter().map(|profile| profile.name.as_str()).collect();
        format!("there is no payer profile of that name\nname one of {}", known.join(", "))
    })
}

/// Returns the engine's unit rule; a code outside the pool of a payer's timed codes is one unit.
fn units_of(profile: &PayerProfile) -> UnitsOf {
    let profile = profile.clone();
    UnitsOf::new(move |rule: UnitRule, lines: &[(Code, Option<Minutes>)]| {
        let timed: Vec<(Code, Minutes)> = lines
            .iter()
            .filter(|(code, _)| profile.is_pooled(*code))
            .filter_map(|(code, minutes)| Some((*code, (*minutes)?)))
            .collect();
        let given = allocate(rule, &timed).per_code;
        lines
            .iter()
            .map(|(code, minutes)| {
                if profile.is_untimed(*code) {
                    return Some(1);
                }
                minutes.and(given.get(code).copied())
            })
            .collect()
    })
}

/// Tells whether the locale says that more than ASCII can be shown.
pub(super) fn speaks_utf8() -> bool {
    let value = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    value.is_none_or(|value| {
        let value = value.to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}
