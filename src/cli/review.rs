//! `rubric review`: the screen over a queue of notes, or the same review in lines.

mod first;
mod queue;

use std::io::{IsTerminal as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::channel;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::engine::Engine;
use crate::engine::billing::units::allocate;
use crate::intake::Options;
use crate::knowledge::payers::PayerProfile;
use crate::model::{Code, Minutes, UnitRule};
use crate::review::office::{Listing, Wait};
use crate::review::{Book, Modifiers, News, Office, Setup, Sort, UnitsOf};
use crate::store::disk::{Encryption, encryption};
use crate::store::{AuditLog, default_state_dir};
use crate::tui::app::{Blind, Takes};
use crate::tui::{App, Left, Message, Seat, Settings};

use super::config::Config;
use super::person::{self, LogArguments};
use queue::{Last, Queue};

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
    /// Colours: auto, safe, dark, light, cb-dark, cb-light, contrast, mono, or own (theme.toml)
    #[arg(long, value_name = "NAME", value_parser = super::config::themes(), hide_possible_values = true)]
    theme: Option<String>,
    /// Draw with ASCII signs only
    #[arg(long)]
    ascii: bool,
    /// Hide the program's findings until your own answer is recorded
    #[arg(long, value_name = "WHAT", num_args = 0..=1, default_missing_value = "evidence")]
    blind: Option<Hidden>,
    /// Review slot: 2 is a second review that sees nothing of the first before its own answer
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=9))]
    slot: Option<u8>,
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

fn parse_sort(name: &str) -> Result<Sort, String> {
    Sort::ALL
        .into_iter()
        .find(|sort| sort.words() == name)
        .ok_or_else(|| format!("one of {}", Sort::ALL.map(Sort::words).join(", ")))
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
    let mut queue = Queue::of(arguments)?;
    let plain = arguments.plain || dumb || queue.config.yes("plain") == Some(true);
    needs_terminal(plain, from_stdin)?;
    let options = Options { claims: queue.claims.clone(), ..Options::default() };
    let wait = if plain { Wait::ForAll } else { Wait::ForSome };
    let listing = Listing::begin(&queue.paths, &options, wait)?;
    let is_first = !queue.place.log.exists();
    let (sender, receiver) = channel();
    let mut seat = Seat::new((sender.clone(), receiver));
    if !plain && first::is_first(&queue) {
        let mut settings = Settings::new("", "", UnitsOf::new(|_, _| Vec::new()));
        apply(&mut settings, &queue.config, arguments);
        let begun = first::ask(&mut seat, &mut queue, &listing, &settings, folder)?;
        let words = match begun.words() {
            Ok(words) => words,
            Err(left) => return Ok(left),
        };
        // The receiver is here, so this cannot fail.
        let _ = sender.send(Message::Progress(words));
    }
    let coder = person::coder(queue.coder.as_deref())?;
    let (engine, profile, log) = open_all(folder, &queue, &coder)?;
    let name = coder.id.clone();
    let mut settings = settings(&queue, arguments, &name, &profile, &engine);
    let to_screen = sender.clone();
    let setup = Setup {
        engine,
        payer: queue.payer.clone(),
        listing,
        log,
        slot: queue.slot,
        coder: coder.id,
        state_dir: queue.place.state_dir.clone(),
        clock: Arc::new(person::now),
    };
    let tell: crate::review::office::Tell = Arc::new(move |news| {
        // The screen may be gone already; then nobody is left to tell.
        let _ = to_screen.send(message(news));
    });
    let mut office = Office::open(setup, (!plain).then_some(tell))?;
    office.keep_settings_by(Box::new(settle));
    office.keep_views_by(Box::new(|views| named(super::config::keep_views(views))));
    settings.read_only = office.read_only();
    let mut app = App::new(settings, office.total());
    if office.is_listing() {
        app.expect_more();
    }
    let (views, fault) = super::config::views();
    app.add_views(views);
    if let Some(fault) = fault {
        let _ = sender.send(Message::Progress(fault));
    }
    match office.resume() {
        Some(resume) => app.take_up(resume),
        None => match sort(queue.config.set("queue.sort")) {
            Some(sort) => app.show(None, None, Some(sort)),
            None => app.sort_by_default(Sort::Risk),
        },
    }
    app.show(None, arguments.filter.clone(), arguments.sort);
    if let Some(fault) = queue.config.faults.first() {
        let words = fault.to_string().replace("\n ", ";");
        let _ =
            sender.send(Message::Progress(format!("{words} (`rubric config check` says more)")));
    }
    if let Some(words) = unlisted(office.problems().len()) {
        // The receiver is here, so this cannot fail.
        let _ = sender.send(Message::Progress(words));
    }
    let left = if plain {
        crate::tui::run_plain(app, &mut office, &mut std::io::stdin().lock(), out)
            .map(|()| Left::Quit)
    } else {
        crate::tui::run(app, &mut office, seat)
    };
    queue.remember(name);
    let (problems, recorded) = (office.problems(), office.recorded());
    let closed = office.close()?;
    let left = left.context("the terminal failed; nothing recorded is lost");
    if let Ok(Left::Ended { signal }) = left {
        // As the shell counts programs that a signal ended; nobody may be there to read words.
        let _ = person::tell(&closed);
        return Ok(ExitCode::from(128 + signal));
    }
    person::tell(&closed)?;
    if is_first && encryption(&queue.place.log) == Encryption::Plain {
        writeln!(std::io::stderr(), "{NOT_ENCRYPTED}")?;
    }
    left?;
    if !plain {
        writeln!(out, "{}", parting(recorded, &queue.place.log))?;
    }
    for problem in &problems {
        writeln!(std::io::stderr(), "{problem}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses what cannot work: a screen without a terminal, lines of commands where notes come in.
fn needs_terminal(plain: bool, from_stdin: bool) -> anyhow::Result<()> {
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
    Ok(())
}

/// Keeps a setting in the person's file and names the file; a fault becomes one line.
fn settle(name: &str, value: &str) -> Result<String, String> {
    named(super::config::keep(&[(name, value)]))
}

/// Names the file that was written; a fault becomes one line.
fn named(kept: anyhow::Result<PathBuf>) -> Result<String, String> {
    kept.map(|file| file.display().to_string())
        .map_err(|error| format!("{error:#}").replace('\n', "; "))
}

/// Makes the engine, finds the payer and opens the log.
///
/// A log that is there is opened beside the engine, for each takes some milliseconds of the start; a
/// new one is made last, when nothing stands against the review any more.
fn open_all(
    folder: Option<&Path>,
    queue: &Queue,
    coder: &crate::store::Coder,
) -> anyhow::Result<(Arc<Engine>, PayerProfile, AuditLog)> {
    let open_log = || AuditLog::open(&queue.place, coder.clone(), person::now());
    std::thread::scope(|scope| {
        let engine = scope.spawn(|| super::engine(folder).map(Arc::new));
        let early = queue.place.log.exists().then(open_log);
        let engine = engine.join();
        let engine = engine.map_err(|_| anyhow::anyhow!("the keyword files broke the start"))??;
        let profile = profile(&engine, queue.payer.as_deref())?;
        let log = early.unwrap_or_else(open_log)?;
        Ok((engine, profile, log))
    })
}

/// Returns the settings of a coder's review under a payer, with the files in force as a book.
fn settings(
    queue: &Queue,
    arguments: &Arguments,
    coder: &str,
    profile: &PayerProfile,
    engine: &Arc<Engine>,
) -> Settings {
    let mut settings = Settings::new(coder, queue.name(), units_of(profile));
    settings.payer = profile.version();
    settings.modifiers = Modifiers::of(profile);
    settings.book = Book::of(Arc::clone(engine));
    apply(&mut settings, &queue.config, arguments);
    if let Some(row) = settings.rows.iter_mut().find(|row| row.name == "payer") {
        row.takes = Takes::OneOf(engine.payers().iter().map(|payer| payer.name.clone()).collect());
    }
    settings
}

/// Sets what flags, environment and files of settings say, in this order.
fn apply(settings: &mut Settings, config: &Config, arguments: &Arguments) {
    settings.themes = config.themes();
    settings.rows = config.rows();
    for row in settings.rows.clone() {
        settings.set(row.name, &row.value);
    }
    settings.looks = config.looks(arguments.theme.as_deref());
    settings.ascii = arguments.ascii || config.yes("ascii").unwrap_or_else(|| !speaks_utf8());
    settings.keys = config.keys.clone();
    settings.blind = match (arguments.blind, config.text("blind")) {
        (Some(Hidden::Evidence), _) | (None, Some("evidence")) => Blind::Evidence,
        (Some(Hidden::Bare), _) | (None, Some("bare")) => Blind::Bare,
        (None, _) => Blind::Off,
    };
}

fn sort(name: Option<&str>) -> Option<Sort> {
    name.and_then(|name| parse_sort(name).ok())
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

/// Said once, when a log has begun.
const NOT_ENCRYPTED: &str = "the audit log has begun; the system names no encryption of its disk\n\
    encrypt the disk: whoever takes the computer can read log and notes";

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
        News::Listed { total, whole } => Message::Listed { total, whole },
        News::Grew { total } => Message::QueueGrew { total },
        News::Read(id) => Message::NoteRead(id),
        News::Figures { range, figures } => Message::Figures { range, figures },
        News::Exported(written) => Message::Exported(written),
        News::Working(progress) => Message::Working(progress),
        News::Progress(words) => Message::Progress(words),
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
