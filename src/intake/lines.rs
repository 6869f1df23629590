//! One line of JSON: its key without reading the rest where that is possible, or the whole note.

use std::borrow::Cow;
use std::fmt;

use memchr::{memchr2, memmem, memrchr2};
use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use super::decode;
use super::facts::{self, Record};
use super::problem::Fault;

const SHAPE: &str = "write one object a line, as {\"key\": \"visit-1\", \"text\": \"…\"}";

/// Returns the key of a line; most lines begin or end with it and are not parsed for it.
pub(super) fn key(line: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if let Some(key) = quick_key(line) {
        return Ok(Cow::Borrowed(key));
    }
    let decoded;
    let text = if let Ok(text) = std::str::from_utf8(line) {
        text
    } else {
        decoded = decode::decode(line.to_vec())?.text;
        &decoded
    };
    let names: Names = serde_json::from_str(text).map_err(|error| broken(&error))?;
    named(&names.key, &names.id).map(Cow::Owned)
}

/// Reads a key that is the first or the last field and has no escapes, on a line that is closed.
fn quick_key(line: &[u8]) -> Option<&str> {
    let fields = line.trim_ascii().strip_prefix(b"{")?.strip_suffix(b"}")?.trim_ascii();
    let (key, alias, rest) = first_field(fields).or_else(|| last_field(fields))?;
    let key = key.trim_ascii();
    // `key` wins over `id`, so it must not stand elsewhere.
    let other = alias && memmem::find(rest, b"\"key\"").is_some();
    if key.is_empty() || key.iter().any(u8::is_ascii_control) || other {
        return None;
    }
    std::str::from_utf8(key).ok()
}

/// Returns the value of a leading key, whether its name is `id`, and what follows.
fn first_field(fields: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let (rest, alias) = match fields.strip_prefix(b"\"key\"") {
        Some(rest) => (rest, false),
        None => (fields.strip_prefix(b"\"id\"")?, true),
    };
    let value =
        rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start().strip_prefix(b"\"")?;
    let end = memchr2(b'"', b'\\', value)?;
    let after = value[end..].strip_prefix(b"\"")?.trim_ascii_start();
    matches!(after.first(), Some(b',') | None).then_some((&value[..end], alias, after))
}

/// Returns the value of a key at the end, whether its name is `id`, and what goes before.
///
/// A quote that is not escaped cannot stand inside of a string, so no text can look like this.
fn last_field(fields: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let value = fields.strip_suffix(b"\"")?;
    let start = memrchr2(b'"', b'\\', value)?;
    let before = value[..=start].strip_suffix(b"\"")?.trim_ascii_end();
    let before = before.strip_suffix(b":")?.trim_ascii_end();
    let (before, alias) = match before.strip_suffix(b"\"key\"") {
        Some(before) => (before, false),
        None => (before.strip_suffix(b"\"id\"")?, true),
    };
    let before = before.trim_ascii_end();
    before.ends_with(b",").then_some((&value[start + 1..], alias, before))
}

#[derive(Deserialize)]
struct Names {
    #[serde(default)]
    key: Value,
    #[serde(default)]
    id: Value,
}

fn named(key: &Value, id: &Value) -> Result<String, Fault> {
    facts::word(key)
        .or_else(|| facts::word(id))
        .ok_or_else(|| Fault::new("the note has no `key` (or `id`)", SHAPE))
}

/// Says where the JSON breaks; the words of the parser are left out, they may repeat the note.
fn broken(error: &serde_json::Error) -> Fault {
    let message = match error.classify() {
        serde_json::error::Category::Data => "is no JSON object with single fields".to_owned(),
        serde_json::error::Category::Eof => "the JSON stops before its end".to_owned(),
        _ => format!("the JSON breaks at column {}", error.column()),
    };
    Fault::new(message, SHAPE)
}

/// Reads the whole note of a line.
pub(super) fn record(line: Vec<u8>) -> Result<Record, Fault> {
    let decoded = decode::decode(line)?;
    let fields: Fields = serde_json::from_str(&decoded.text).map_err(|error| broken(&error))?;
    let mut record = Record { key: named(&fields.key, &fields.id)?, ..Record::default() };
    let mut rest = fields.rest;
    record.text = match (fields.text, fields.note) {
        (Some(text), note) => {
            rest.extend(note.map(|note| ("note".to_owned(), note)));
            text
        }
        (None, Some(note)) => note,
        (None, None) => return Err(Fault::new("the note has no `text` (or `note`)", SHAPE)),
    }
    .as_str()
    .map(str::to_owned)
    .ok_or_else(|| Fault::new("the `text` is no string", SHAPE))?;
    record.faults.extend(decoded.doubt);
    for (name, value) in &rest {
        record.faults.extend(facts::set(&mut record.meta, name, value).err());
    }
    record.meta.encoding = decoded.encoding;
    Ok(record)
}

/// All fields of a line, the text unparsed further.
#[derive(Default)]
struct Fields {
    key: Value,
    id: Value,
    text: Option<Value>,
    note: Option<Value>,
    rest: Vec<(String, Value)>,
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            match name.as_str() {
                "key" if fields.key.is_null() => fields.key = value,
                "id" if fields.id.is_null() => fields.id = value,
                "text" if fields.text.is_none() => fields.text = Some(value),
                "note" if fields.note.is_none() => fields.note = Some(value),
                "key" | "id" | "text" | "note" => {
                    return Err(serde::de::Error::custom("a field stands twice"));
                }
                _ => fields.rest.push((name, value)),
            }
        }
        if let (false, Some(id)) = (fields.key.is_null(), facts::word(&fields.id)) {
            fields.rest.push(("id".to_owned(), Value::String(id)));
        }
        Ok(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Discipline};

    #[test]
    fn a_key_at_either_end_is_read_without_the_rest() {
        for line in [
            "{\"key\":\"a\",\"text\":\"x\"}",
            " { \"key\" : \" a \" , \"text\":1}\r",
            "{\"id\":\"a\",\"text\":\"x\"}",
            "{\"text\":\"x\",\"key\":\"a\"}",
            "{\"text\":\"x\" , \"id\" : \"a\" }",
            "{\"text\":\",\\\"key\\\":\\\"b\",\"key\":\"a\"}",
        ] {
            assert_eq!(quick_key(line.as_bytes()), Some("a"), "{line}");
            assert_eq!(key(line.as_bytes()).unwrap(), "a");
        }
        for line in [
            "{\"id\":\"a\",\"key\":\"b\"}",
            "{\"key\":\"a\\n\"}",
            "{\"key\":7}",
            "{\"key\":\"\"}",
            "{\"a\":\"x\",\"key\":\"a\",\"text\":\"x\"}",
            "{\"key\":\"a\",\"text\":\"cut",
            "{\"text\":\"x\",\"more\":{\"key\":\"a\"}}",
            "{\"text\":\"x\",\"key\":\"a\\\"b\"}",
            "{\"text\":\"x,\\\"key\":\"a\"}",
        ] {
            assert_eq!(quick_key(line.as_bytes()), None, "{line}");
        }
    }

    #[test]
    fn both_ways_to_the_key_agree() {
        for (line, expected) in [
            ("{\"key\":\"a\",\"id\":\"b\",\"text\":\"\"}", "a"),
            ("{\"id\":\"b\",\"key\":\"a\",\"text\":\"\"}", "a"),
            ("{\"text\":\"\",\"id\":17}", "17"),
            ("{\"id\":\"b\",\"text\":\"\"}", "b"),
            ("{\"key\":\" a\\u0062 \",\"text\":\"\"}", "ab"),
        ] {
            assert_eq!(key(line.as_bytes()).unwrap(), expected);
            assert_eq!(record(line.as_bytes().to_vec()).unwrap().key, expected);
        }
    }

    #[test]
    fn a_line_gives_text_facts_and_unknown_fields() {
        let line = "{\"key\":\"a\",\"note\":\"S: 90°\\r\\n\",\"discipline\":\"PT\",\"visit\":3,\
                    \"billed\":[{\"code\":\"97530\",\"units\":2}],\"setting\":\"moon\"}";
        let record = record(line.as_bytes().to_vec()).unwrap();
        assert_eq!(record.text, "S: 90°\r\n");
        assert_eq!(record.meta.discipline, Some(Discipline::Pt));
        assert_eq!(record.meta.billed[0].code, Code::TASK);
        assert_eq!(record.meta.extra["visit"], "3");
        assert_eq!(record.faults[0].message, "`moon` is no setting");
    }

    #[test]
    fn a_line_in_windows_1252_is_decoded_and_said_so() {
        let record = record(b"{\"key\":\"a\",\"text\":\"knee 90\xb0\"}".to_vec()).unwrap();
        assert_eq!(record.text, "knee 90°");
        assert_eq!(record.meta.encoding.as_deref(), Some("windows-1252"));
    }

    #[test]
    fn broken_lines_are_named_without_their_words() {
        for (line, words) in [
            ("{\"key\":\"a\",\"text\":\"secret", "stops before its end"),
            ("{\"key\":\"a\" \"text\":\"secret\"}", "breaks at column 12"),
            ("\"secret\"", "no JSON object"),
            ("[\"secret\"]", "no JSON object"),
            ("{\"key\":\"a\"}", "no `text`"),
            ("{\"text\":\"secret\"}", "no `key`"),
            ("{\"key\":\"a\",\"text\":[\"secret\"]}", "no string"),
            ("{\"key\":\"a\",\"text\":\"secret\",\"text\":\"b\"}", "single fields"),
        ] {
            let fault = record(line.as_bytes().to_vec()).unwrap_err();
            assert!(fault.message.contains(words), "{line}: {}", fault.message);
            assert!(!fault.message.contains("secret"));
        }
    }
}
