//! The first start: whether its page is shown, and what becomes of its answers.

use std::path::Path;
use std::process::ExitCode;

use crate::knowledge::load_payers;
use crate::review::office::Listing;
use crate::tui::Seat;
use crate::tui::app::Settings;
use crate::tui::field::{Field, Lines};
use crate::tui::first::{Answer, First, FirstRow};

use super::super::config::{self, Config};
use super::super::person;
use super::Queue;

/// How the page was left.
pub(super) enum Begun {
    /// The review begins, with words about what was kept.
    Yes(String),
    /// The person left.
    No,
    /// The system ended the program.
    Ended(u8),
}

impl Begun {
    /// Returns what the message line says first, or how the program ends without a review.
    pub(super) fn words(self) -> Result<String, ExitCode> {
        match self {
            Self::Yes(words) => Ok(words),
            Self::No => Err(ExitCode::SUCCESS),
            Self::Ended(signal) => Err(ExitCode::from(128 + signal)),
        }
    }
}

/// Tells whether nothing was ever set up here: no settings, no log, no name given now.
pub(super) fn is_first(queue: &Queue) -> bool {
    let settled = config::own_file().is_ok_and(|file| file.exists());
    !settled && queue.coder.is_none() && !queue.place.log.exists()
}

/// Shows the page and takes its answers over; settings that cannot be kept hold for this review.
pub(super) fn ask(
    seat: &mut Seat,
    queue: &mut Queue,
    listing: &Listing,
    settings: &Settings,
    folder: Option<&Path>,
) -> anyhow::Result<Begun> {
    let payers = load_payers(folder)?;
    let payers: Vec<String> = payers.iter().map(|profile| profile.name.clone()).collect();
    let now = queue.payer.as_deref().or(queue.config.text("payer")).unwrap_or_default();
    let payer = payers.iter().position(|payer| payer.eq_ignore_ascii_case(now));
    let themes = queue.config.themes();
    let shown = queue.config.text("theme").unwrap_or_default();
    let theme = themes.iter().position(|(name, _)| name == shown).unwrap_or_default();
    let mut first = First {
        name: Field::new(Lines::One, &person::coder(None)?.id),
        payers,
        payer: payer.unwrap_or_default(),
        themes,
        theme,
        row: FirstRow::Start,
        log: queue.place.log.display().to_string(),
        notes: notes(queue, listing),
        ascii: settings.ascii,
        said: "",
        area: ratatui::layout::Rect::default(),
    };
    let (coder, payer, theme) = match seat.ask(&mut first, settings.limits, &settings.keys)? {
        Answer::Start { coder, payer, theme } => (coder, payer, theme),
        Answer::Quit => return Ok(Begun::No),
        Answer::Ended { signal } => return Ok(Begun::Ended(signal)),
    };
    let kept = config::keep(&[("coder", &coder), ("payer", &payer), ("theme", &theme)]);
    let words = match kept {
        Ok(file) => {
            let paths = queue.paths.first().map(std::path::PathBuf::as_path);
            queue.config = Config::load(paths.filter(|path| path.as_os_str() != "-"));
            format!("Welcome, {coder}. Kept in {}; : settings changes it.", file.display())
        }
        Err(error) => {
            let why = format!("{error:#}").replace('\n', "; ");
            format!("Welcome, {coder}. This holds for now only: {why}")
        }
    };
    (queue.coder, queue.payer) = (Some(coder), Some(payer));
    Ok(Begun::Yes(words))
}

fn notes(queue: &Queue, listing: &Listing) -> String {
    let (count, more) = (listing.len(), if listing.is_whole() { "" } else { " and more" });
    let count = crate::review::counted(count);
    format!("{}: {count} note{}{more}", queue.name(), if count == "1" { "" } else { "s" })
}
