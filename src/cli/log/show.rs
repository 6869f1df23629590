//! `rubric log show`: events in words, amendments with before, after, who, when and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::model::{DecidedLine, Decision, Minutes};
use crate::store::{HistoryEntry, Stamp, Standing, TextState};

use super::super::person::LogArguments;
use super::{Format, reading};
use crate::tui::grid::visible;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Key of a note
    note: Option<String>,
    /// Only what this coder recorded
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Only the event with this number
    #[arg(long, value_name = "SEQ", conflicts_with_all = ["note", "by"])]
    event: Option<i64>,
    /// Sessions, and who had which note when, as well
    #[arg(long)]
    all: bool,
    /// How events are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Arguments {
    fn wants(&self, entry: &HistoryEntry) -> bool {
        if let Some(seq) = self.event {
            return entry.seq == seq;
        }
        let kind = entry.kind.as_str();
        let daily = kind.starts_with("lease.") || kind.starts_with("session.") || kind == "view";
        (self.all || !daily)
            && self.note.as_ref().is_none_or(|note| *note == entry.note_key)
            && self.by.as_ref().is_none_or(|by| *by == entry.by)
    }
}

pub(super) fn run(
    desk: &LogArguments,
    wanted: &Arguments,
    out: &mut dyn Write,
) -> anyhow::Result<ExitCode> {
    reading(desk, |log| {
        let mut entries = Vec::new();
        let mut take = |entry: HistoryEntry| {
            if wanted.wants(&entry) {
                entries.push(entry);
            }
            ControlFlow::Continue(())
        };
        match (wanted.event, &wanted.note) {
            (Some(seq), _) => log.each_entry(seq, |entry| {
                let _ = take(entry);
                ControlFlow::Break(())
            })?,
            // A blind reviewer is shown no other answer before their own is in.
            (None, Some(note)) => {
                for entry in log.history(note)? {
                    let _ = take(entry);
                }
            }
            (None, None) => log.each_entry(1, take)?,
        }
        match wanted.format {
            Format::Json => {
                let events: Vec<Shown<'_>> = entries.iter().map(Shown::of).collect();
                let all = Listing { schema: "rubric.log-show/1", log: log.id(), events };
                super::write_json(out, &all)?;
            }
            Format::Text if entries.is_empty() => writeln!(out, "nothing recorded fits")?,
            Format::Text => {
                for entry in &entries {
                    write_entry(out, entry)?;
                }
            }
        }
        // That it is only read is as it was asked for.
        let why = log.standing().problem().filter(|_| *log.standing() != Standing::Reading);
        if let Some(why) = why {
            writeln!(std::io::stderr(), "rubric: {why}\nrun `rubric log verify`")?;
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn write_entry(out: &mut dyn Write, entry: &HistoryEntry) -> anyhow::Result<()> {
    let (seq, by, kind) = (entry.seq, visible(&entry.by), entry.kind.as_str());
    write!(out, "event {seq}  {}  {by}  {kind}", time(entry.at))?;
    if let Some(seq) = entry.amends {
        write!(out, " of event {seq}")?;
    }
    if !entry.note_key.is_empty() {
        write!(out, "  {}", visible(&entry.note_key))?;
    }
    if entry.slot > 1 {
        write!(out, "  slot {}", entry.slot)?;
    }
    writeln!(out)?;
    if entry.os_user != entry.by {
        writeln!(out, "  system user: {}", visible(&entry.os_user))?;
    }
    if entry.clock_went_back {
        writeln!(out, "  clock: stood before that of an earlier event")?;
    }
    if let Some(before) = &entry.before {
        writeln!(out, "  before: {} {}", before.kind.as_str(), lines(&before.lines))?;
    }
    if let Some(after) = &entry.after {
        let word = if entry.before.is_some() { "after" } else { "decided" };
        write_decision(out, word, after)?;
    }
    for (field, text) in
        entry.texts.iter().filter(|(field, _)| *field != "comment" || entry.after.is_none())
    {
        writeln!(out, "  {field}: {}", text_words(text))?;
    }
    if let (Some(text), true) = (entry.texts.get("comment"), entry.after.is_some()) {
        writeln!(out, "  comment: {}", text_words(text))?;
    }
    Ok(())
}

fn write_decision(out: &mut dyn Write, word: &str, decision: &Decision) -> anyhow::Result<()> {
    writeln!(out, "  {word}: {} {}", decision.kind.as_str(), lines(&decision.lines))?;
    if !decision.billed.is_empty() {
        writeln!(out, "  billed: {}", lines(&decision.billed))?;
    }
    for (at, segment) in decision.segments.iter().enumerate() {
        let suggested: Vec<String> = segment.suggested.iter().map(ToString::to_string).collect();
        let suggested =
            if suggested.is_empty() { "none".to_owned() } else { suggested.join(" or ") };
        let code = segment.code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        if suggested != code {
            writeln!(out, "  segment {}: suggested {suggested}, decided {code}", at + 1)?;
        }
    }
    if let Some(reason) = &decision.reason {
        writeln!(out, "  reason: {}", visible(reason))?;
    }
    let looked = if decision.evidence_seen { "looked at" } else { "not looked at" };
    writeln!(out, "  points {looked}, {} s on the note", decision.elapsed_ms / 1000)?;
    Ok(())
}

fn lines(lines: &[DecidedLine]) -> String {
    let words: Vec<String> = lines
        .iter()
        .map(|line| {
            let mut words = line.code.to_string();
            if let Some(units) = line.units {
                let _ = write!(words, " x{units}");
            }
            for modifier in &line.modifiers {
                let _ = write!(words, " {}", visible(modifier));
            }
            if let Some(tenths) = line.minutes_tenths {
                let _ = write!(words, " ({} min)", Minutes::tenths(tenths));
            }
            words
        })
        .collect();
    if words.is_empty() { "no lines".to_owned() } else { words.join(", ") }
}

fn text_words(text: &TextState) -> String {
    match text {
        TextState::Kept(text) => text.lines().map(visible).collect::<Vec<_>>().join("\n    "),
        TextState::Redacted { by, at, reason, seq } => {
            let reason = reason.as_deref().map_or_else(|| "no reason kept".into(), visible);
            format!("redacted by {} on {}, event {seq}: {reason}", visible(by), time(*at))
        }
        TextState::Missing => "missing; run `rubric log verify`".to_owned(),
    }
}

/// Writes a moment as the clock of its computer showed it.
pub(super) fn time(at: Stamp) -> String {
    zoned(at).map(|at| at.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

fn zoned(at: Stamp) -> Option<jiff::Zoned> {
    let offset = jiff::tz::Offset::from_seconds(at.offset_minutes * 60).ok()?;
    let at = jiff::Timestamp::from_millisecond(at.utc_ms).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::fixed(offset)))
}

#[derive(Serialize)]
struct Listing<'a> {
    schema: &'static str,
    log: &'a str,
    events: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    seq: i64,
    event_id: &'a str,
    kind: &'static str,
    by: &'a str,
    os_user: &'a str,
    at: String,
    clock_went_back: bool,
    note: Option<&'a str>,
    digest: Option<&'a str>,
    slot: u8,
    amends: Option<i64>,
    before: Option<&'a Decision>,
    after: Option<&'a Decision>,
    texts: BTreeMap<&'a str, ShownText<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
enum ShownText<'a> {
    Kept { text: &'a str },
    Redacted { event: i64, by: &'a str, at: String, reason: Option<&'a str> },
    Missing,
}

impl<'a> Shown<'a> {
    fn of(entry: &'a HistoryEntry) -> Self {
        let some = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        Self {
            seq: entry.seq,
            event_id: &entry.event_id,
            kind: entry.kind.as_str(),
            by: &entry.by,
            os_user: &entry.os_user,
            at: rfc3339(entry.at),
            clock_went_back: entry.clock_went_back,
            note: some(&entry.note_key),
            digest: some(&entry.digest),
            slot: entry.slot,
            amends: entry.amends,
            before: entry.before.as_ref(),
            after: entry.after.as_ref(),
            texts: entry
                .texts
                .iter()
                .map(|(name, text)| (name.as_str(), shown_text(text)))
                .collect(),
        }
    }
}

fn shown_text(text: &TextState) -> ShownText<'_> {
    match text {
        TextState::Kept(text) => ShownText::Kept { text },
        TextState::Redacted { seq, by, at, reason } => {
            ShownText::Redacted { event: *seq, by, at: rfc3339(*at), reason: reason.as_deref() }
        }
        TextState::Missing => ShownText::Missing,
    }
}

fn rfc3339(at: Stamp) -> String {
    zoned(at).map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()).unwrap_or_default()
}
