//! Exports: what leaves the house, as CSV or JSON, recorded before the first byte is written.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::AuditLog;
use super::append::Recorded;
use super::error::StoreError;
use super::events::{Draft, EventId, Kind, Stamp};
use super::heads::Head;
use super::history::{HistoryEntry, TextState};

/// How an export is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table; cells that a spreadsheet would take as formulas are defused.
    Csv,
    /// One JSON object with all events and their texts.
    Json,
}

impl Format {
    /// Returns the name as it stands in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}

/// How an export names notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// By their keys.
    Keys,
    /// By numbers made for this export alone; digests, hashes and free texts are left out.
    Numbers,
}

impl Naming {
    /// Returns the name as it stands in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Numbers => "numbers",
        }
    }
}

/// What is asked of an export.
#[derive(Debug, Clone)]
pub struct ExportOrder {
    /// Table or JSON.
    pub format: Format,
    /// Keys or numbers.
    pub naming: Naming,
    /// Who gets it, as the person says; kept as a free text of the event.
    pub to: String,
}

/// Columns of the table, in order.
const COLUMNS: [&str; 14] = [
    "seq", "time", "coder", "os_user", "kind", "note", "digest", "slot", "amends", "decision",
    "lines", "before", "reason", "text",
];

impl AuditLog {
    /// Records an export and then writes all events up to it.
    pub fn export(
        &mut self,
        event_id: &EventId,
        order: &ExportOrder,
        out: &mut dyn Write,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let head = self.head(at)?;
        let draft = Draft::new(event_id, Kind::Export)
            .with("what", "events")
            .with("count", head.size)
            .with("format", order.format.as_str())
            .with("naming", order.naming.as_str())
            .with_text("why", Some(&order.to));
        let recorded = self.write(|writer| writer.append(draft, at))?;
        self.write_events(&head, order, out).map(|()| recorded)
    }

    /// Writes all events of a copy that was opened to be read; nothing can be recorded in it.
    pub fn export_copy(
        &self,
        order: &ExportOrder,
        out: &mut dyn Write,
        at: Stamp,
    ) -> Result<(), StoreError> {
        self.write_events(&self.head(at)?, order, out)
    }

    fn write_events(
        &self,
        head: &Head,
        order: &ExportOrder,
        out: &mut dyn Write,
    ) -> Result<(), StoreError> {
        match order.format {
            Format::Csv => self.write_csv(head, order.naming, out),
            Format::Json => self.write_json(head, order.naming, out),
        }
    }

    /// Records that figures leave the house, counted from all events so far, before they do.
    pub fn record_figures_export(
        &mut self,
        event_id: &EventId,
        format: &str,
        to: &str,
        at: Stamp,
    ) -> Result<Recorded, StoreError> {
        let head = self.head(at)?;
        let draft = Draft::new(event_id, Kind::Export)
            .with("what", "figures")
            .with("count", head.size)
            .with("format", format)
            .with_text("why", Some(to).filter(|to| !to.is_empty()));
        self.write(|writer| writer.append(draft, at))
    }

    fn write_csv(
        &self,
        head: &Head,
        naming: Naming,
        out: &mut dyn Write,
    ) -> Result<(), StoreError> {
        let mut names = Names::new(naming);
        let mut table = csv::Writer::from_writer(out);
        table.write_record(COLUMNS).map_err(not_written)?;
        self.for_each_event(head.size, |_, entry| {
            let key = names.of(&entry.note_key)?;
            let digest = if naming == Naming::Keys { entry.digest.as_str() } else { "" };
            let decision = entry.after.as_ref().map_or("", |decision| decision.kind.as_str());
            let reason = entry.after.as_ref().and_then(|decision| decision.reason.clone());
            let texts = if naming == Naming::Keys { texts(&entry) } else { String::new() };
            let row = [
                entry.seq.to_string(),
                time(entry.at),
                entry.by.clone(),
                entry.os_user.clone(),
                entry.kind.as_str().to_owned(),
                key,
                digest.to_owned(),
                entry.slot.to_string(),
                entry.amends.map(|seq| seq.to_string()).unwrap_or_default(),
                decision.to_owned(),
                entry.after.as_ref().map(lines).unwrap_or_default(),
                entry
                    .before
                    .as_ref()
                    .map(|before| format!("{} {}", before.kind.as_str(), lines(before)))
                    .unwrap_or_default(),
                reason.unwrap_or_default(),
                texts,
            ];
            table.write_record(row.map(|cell| defused(&cell))).map_err(not_written)
        })?;
        let mut footer = vec![format!("# head {}:{} log {}", head.size, head.root, head.log)];
        footer.resize(COLUMNS.len(), String::new());
        table.write_record(footer).map_err(not_written)?;
        table.flush().map_err(not_written)
    }

    fn write_json(
        &self,
        head: &Head,
        naming: Naming,
        out: &mut dyn Write,
    ) -> Result<(), StoreError> {
        let mut names = Names::new(naming);
        write!(out, "{{\"schema\":\"rubric.log-export/1\",\"events\":[").map_err(not_written)?;
        self.for_each_event(head.size, |row, entry| {
            let mut body = row.body;
            let value = match naming {
                Naming::Keys => json!({
                    "seq": entry.seq, "event_id": entry.event_id, "prev_hash": row.prev_hash,
                    "hash": row.hash, "body": body, "texts": kept_texts(&entry),
                }),
                Naming::Numbers => {
                    if let Some(note) = body.get_mut("note") {
                        *note = json!({"number": names.of(&entry.note_key)?});
                    }
                    if let Some(fields) = body.as_object_mut() {
                        fields.remove("text");
                    }
                    json!({"seq": entry.seq, "body": body})
                }
            };
            let comma = if entry.seq > 1 { "," } else { "" };
            write!(out, "{comma}\n{value}").map_err(not_written)
        })?;
        write!(out, "\n],\"head\":{}}}\n", json!(head)).map_err(not_written)?;
        out.flush().map_err(not_written)
    }

    /// Reads the events up to a number, in order.
    fn for_each_event(
        &self,
        size: u64,
        mut take: impl FnMut(Row, HistoryEntry) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for seq in 1..=size.cast_signed() {
            let event = super::append::read_event(&self.conn, self.context.sqlite(), seq)?;
            let (prev, hash): ([u8; 32], [u8; 32]) = self
                .conn
                .prepare_cached("SELECT prev_hash, hash FROM event WHERE seq = ?1")
                .and_then(|mut rows| rows.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?))))
                .map_err(self.context.sqlite())?;
            let entry = self.entry(&event)?;
            let (prev_hash, hash) = (super::chain::hex(&prev), super::chain::hex(&hash));
            take(Row { body: event.body, prev_hash, hash }, entry)?;
        }
        Ok(())
    }
}

/// The parts of an event that its history entry does not hold.
struct Row {
    body: Value,
    prev_hash: String,
    hash: String,
}

/// Names of notes in one export.
struct Names {
    naming: Naming,
    given: BTreeMap<String, String>,
}

impl Names {
    fn new(naming: Naming) -> Self {
        Self { naming, given: BTreeMap::new() }
    }

    /// Returns the name of a note; a number is drawn at random, so nothing leads back from it.
    fn of(&mut self, key: &str) -> Result<String, StoreError> {
        if key.is_empty() || self.naming == Naming::Keys {
            return Ok(key.to_owned());
        }
        if let Some(name) = self.given.get(key) {
            return Ok(name.clone());
        }
        let name = super::chain::hex(&super::key::random_bytes()?[..8]);
        self.given.insert(key.to_owned(), name.clone());
        Ok(name)
    }
}

fn not_written(error: impl Into<io::Error>) -> StoreError {
    StoreError::Export { why: error.into().to_string() }
}

/// Returns a cell that no spreadsheet takes as a formula.
fn defused(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn time(at: Stamp) -> String {
    jiff::Timestamp::from_millisecond(at.utc_ms).map(|at| at.to_string()).unwrap_or_default()
}

fn lines(decision: &crate::model::Decision) -> String {
    let line = |line: &crate::model::DecidedLine| {
        let units = line.units.map(|units| format!(" x{units}")).unwrap_or_default();
        let code = format!("{}{units}", line.code);
        line.modifiers.iter().fold(code, |words, word| words + " " + word)
    };
    decision.lines.iter().map(line).collect::<Vec<_>>().join("; ")
}

fn texts(entry: &HistoryEntry) -> String {
    let text = |(field, text): (&String, &TextState)| match text {
        TextState::Kept(text) => format!("{field}: {text}"),
        TextState::Redacted { by, seq, .. } => format!("{field}: redacted by {by}, event {seq}"),
        TextState::Missing => format!("{field}: missing"),
    };
    entry.texts.iter().map(text).collect::<Vec<_>>().join("\n")
}

fn kept_texts(entry: &HistoryEntry) -> BTreeMap<&str, Option<&str>> {
    entry
        .texts
        .iter()
        .map(|(field, text)| match text {
            TextState::Kept(text) => (field.as_str(), Some(text.as_str())),
            TextState::Redacted { .. } | TextState::Missing => (field.as_str(), None),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_defused() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(defused(cell), format!("'{cell}"));
        }
        assert_eq!(defused("97530 x2"), "97530 x2");
    }
}
