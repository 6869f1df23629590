//! What checks and projections need of an event: borrowed from its body, in one walk over it.

use std::borrow::Cow;

use serde_json::Value;

use super::error::StoreError;
use super::events::{Event, Kind};
use super::scan::Scanner;

type Text<'a> = Option<Cow<'a, str>>;

/// The parts of an event that others are checked against; `None` is missing or of another type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Facts<'a> {
    pub(crate) seq: i64,
    pub(crate) id: &'a str,
    pub(crate) kind: Option<Kind>,
    pub(crate) actor: Text<'a>,
    pub(crate) session: Text<'a>,
    pub(crate) at: Option<i64>,
    pub(crate) note_key: Text<'a>,
    pub(crate) digest: Text<'a>,
    /// Review slot from 1 to 9; events without one speak of slot 1.
    pub(crate) slot: Option<u8>,
    pub(crate) fence: Option<i64>,
    pub(crate) until: Option<i64>,
    pub(crate) amends: Option<i64>,
    pub(crate) target: Option<i64>,
    pub(crate) field: Text<'a>,
    pub(crate) rule: Text<'a>,
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    /// Kind of the decision that the event makes.
    pub(crate) decision_kind: Text<'a>,
    /// The decision that the event makes, as it is spelled; only of a body that was walked over.
    pub(crate) decision: Option<&'a str>,
    /// The decision it puts aside, as it is spelled; only of a body that was walked over.
    pub(crate) before: Option<&'a str>,
    /// Commitments of its free texts, by field.
    pub(crate) texts: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Whether the columns that the table makes of the body have types that it allows.
    pub(crate) fits_columns: bool,
}

impl<'a> Facts<'a> {
    fn of(seq: i64, id: &'a str) -> Self {
        Self { seq, id, slot: Some(1), fits_columns: true, ..Self::default() }
    }

    /// Walks over a body; `None` if it is no object in its canonical spelling.
    pub(crate) fn scan(seq: i64, id: &'a str, body: &'a str) -> Option<Self> {
        let mut facts = Self::of(seq, id);
        if !body.starts_with('{') {
            return None;
        }
        let mut scanner = Scanner::new(body);
        scanner.fields(0, |scanner, key| facts.take(scanner, key))?;
        scanner.is_at_end().then_some(facts)
    }

    fn take(&mut self, scanner: &mut Scanner<'a>, key: &[u8]) -> Option<()> {
        match key {
            b"actor" => {
                self.actor = scanner.text(1).ok()?;
                self.fits_columns &= self.actor.is_some();
            }
            b"after" | b"decision" => {
                let mut kind = None;
                self.decision = Some(scanner.raw(|scanner| {
                    scanner.fields(1, |scanner, key| {
                        if key == b"kind" {
                            kind = scanner.text(2).ok()?;
                            return Some(());
                        }
                        scanner.skip(2)
                    })
                })?);
                self.decision_kind = kind;
            }
            b"amends" => {
                self.amends = scanner.int(1).ok()?;
                self.fits_columns &= self.amends.is_some();
            }
            b"at" => self.at = scanner.int(1).ok()?,
            b"before" => self.before = Some(scanner.raw(|scanner| scanner.skip(1))?),
            b"end" => self.end = scanner.int(1).ok()?,
            b"fence" => self.fence = scanner.int(1).ok()?,
            b"field" => self.field = scanner.text(1).ok()?,
            b"kind" => self.kind = scanner.text(1).ok()?.and_then(|kind| Kind::parse(&kind)),
            b"note" => scanner.fields(1, |scanner, key| {
                match key {
                    b"digest" => self.digest = scanner.text(2).ok()?,
                    b"key" => {
                        self.note_key = scanner.text(2).ok()?;
                        self.fits_columns &= self.note_key.is_some();
                    }
                    _ => scanner.skip(2)?,
                }
                Some(())
            })?,
            b"rule" => self.rule = scanner.text(1).ok()?,
            b"session" => self.session = scanner.text(1).ok()?,
            b"slot" => self.slot = scanner.int(1).ok()?.and_then(slot),
            b"start" => self.start = scanner.int(1).ok()?,
            b"target" => self.target = scanner.int(1).ok()?,
            b"text" => scanner.fields(1, |scanner, key| {
                let commitment = scanner.text(2).ok()?.unwrap_or_default();
                self.texts.push((String::from_utf8_lossy(key), commitment));
                Some(())
            })?,
            b"until" => self.until = scanner.int(1).ok()?,
            _ => scanner.skip(1)?,
        }
        Some(())
    }

    /// Reads what can be read of a body that was made a value of, canonical or not.
    pub(crate) fn of_value(seq: i64, id: &'a str, body: &'a Value) -> Self {
        let text = |value: Option<&'a Value>| value.and_then(Value::as_str).map(Cow::Borrowed);
        let int = |name: &str| body.get(name).and_then(Value::as_i64);
        let decision = body.get("decision").or_else(|| body.get("after"));
        let note_key = body.pointer("/note/key");
        let texts = body.get("text").and_then(Value::as_object).into_iter().flatten();
        Self {
            kind: body.get("kind").and_then(Value::as_str).and_then(Kind::parse),
            actor: text(body.get("actor")),
            session: text(body.get("session")),
            at: int("at"),
            note_key: text(note_key),
            digest: text(body.pointer("/note/digest")),
            slot: body.get("slot").map_or(Some(1), |value| value.as_i64().and_then(slot)),
            fence: int("fence"),
            until: int("until"),
            amends: int("amends"),
            target: int("target"),
            field: text(body.get("field")),
            rule: text(body.get("rule")),
            start: int("start"),
            end: int("end"),
            decision_kind: text(decision.and_then(|decision| decision.get("kind"))),
            texts: texts
                .map(|(field, value)| {
                    let commitment = value.as_str().unwrap_or_default();
                    (Cow::Borrowed(field.as_str()), Cow::Borrowed(commitment))
                })
                .collect(),
            fits_columns: note_key.is_none_or(Value::is_string)
                && body.get("actor").is_none_or(Value::is_string)
                && body.get("amends").is_none_or(Value::is_i64),
            ..Self::of(seq, id)
        }
    }

    /// Returns a part that must be there.
    pub(crate) fn told<T>(&self, part: Option<T>, field: &'static str) -> Result<T, StoreError> {
        part.ok_or(StoreError::Unreadable { seq: self.seq, field })
    }
}

fn slot(number: i64) -> Option<u8> {
    u8::try_from(number).ok().filter(|slot| (1..=9).contains(slot))
}

impl Event {
    /// Returns the parts that checks and projections need.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts::of_value(self.seq, &self.id, &self.body)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::canonical::to_canonical;
    use super::*;

    fn bodies() -> Vec<Value> {
        let decision = json!({"kind": "accept", "lines": [{"code": "97530", "units": 2}]});
        let note = json!({"key": "N \"1\" é", "digest": "00ff", "key_id": "k1"});
        vec![
            json!({"kind": "decide", "actor": "anna\n", "at": 5, "note": note, "slot": 2,
                   "fence": 3, "session": "s", "decision": decision, "text": {"comment": "ab"}}),
            json!({"kind": "amend", "actor": "ben", "at": -5, "note": note, "amends": 1,
                   "before": decision, "after": {"kind": "defer"}}),
            json!({"kind": "suppress", "actor": "b", "rule": "VG", "start": 1, "end": 9}),
            json!({"kind": "redact", "actor": "b", "target": 4, "field": "why", "until": 7}),
            json!({"kind": "no such", "actor": 7, "at": "x", "note": [], "slot": 10, "text": 3}),
            json!({"note": {"key": 4}, "amends": null, "slot": null, "after": []}),
            json!({}),
        ]
    }

    #[test]
    fn a_walk_finds_what_a_reading_finds() {
        for body in bodies() {
            let text = to_canonical(&body).unwrap();
            let walked = Facts::scan(4, "id", &text).unwrap();
            let read = Facts::of_value(4, "id", &body);
            assert_eq!(Facts { decision: None, before: None, ..walked.clone() }, read, "{text}");
            let spelled = |value: Option<&Value>| value.map(|value| to_canonical(value).unwrap());
            let decision = body.get("decision").or_else(|| body.get("after"));
            assert_eq!(walked.decision.map(str::to_owned), spelled(decision));
            assert_eq!(walked.before.map(str::to_owned), spelled(body.get("before")));
        }
    }

    #[test]
    fn other_spellings_and_other_values_are_not_walked_over() {
        for text in ["[]", "7", "", "{\"b\":1,\"a\":2}", "{\"a\":1} ", "{\"a\":1.5}", "{\"a\":1"] {
            assert!(Facts::scan(1, "", text).is_none(), "{text}");
        }
    }
}
