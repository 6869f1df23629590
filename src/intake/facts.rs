//! Facts that stand beside a note: one list of field names for JSON, CSV, front matter and claims.

use serde_json::Value;

use super::problem::{Fault, quoted};
use crate::model::{BilledLine, Code, Discipline, NoteMeta, Setting};

/// What one line or row says: a key, a text and facts beside them.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) key: String,
    pub(super) text: String,
    pub(super) meta: NoteMeta,
    /// Fields that could not be read; the note stays.
    pub(super) faults: Vec<Fault>,
}

/// Puts one field into the facts of a note; unknown names are kept, empty values are absent.
pub(super) fn set(meta: &mut NoteMeta, name: &str, value: &Value) -> Result<(), Fault> {
    if name == "billed" {
        meta.billed = billed(value)?;
        return Ok(());
    }
    let Some(word) = word(value) else { return Ok(()) };
    match name {
        "discipline" => meta.discipline = Some(known(&word, Discipline::parse, DISCIPLINES)?),
        "setting" => meta.setting = Some(known(&word, Setting::parse, SETTINGS)?),
        "payer" => meta.payer = Some(word),
        "date" => meta.date = Some(word),
        "therapist" => meta.therapist = Some(word),
        "patient" => meta.patient = Some(word),
        _ => {
            meta.extra.insert(name.to_owned(), word);
        }
    }
    Ok(())
}

const DISCIPLINES: (&str, &str) = ("discipline", "write PT, PTA, OT, COTA or SLP");
const SETTINGS: (&str, &str) = ("setting", "write practitioner or facility");
const SHORT_FORM: &str = "write code, x, units and modifiers, as 97530x2:GP";

fn known<T>(
    word: &str,
    parse: fn(&str) -> Option<T>,
    (field, remedy): (&str, &str),
) -> Result<T, Fault> {
    parse(word).ok_or_else(|| Fault::new(format!("{} is no {field}", quoted(word)), remedy))
}

/// Returns a single value as text; `None` when it is empty or null.
pub(super) fn word(value: &Value) -> Option<String> {
    let word = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (!word.is_empty()).then_some(word)
}

fn billed(value: &Value) -> Result<Vec<BilledLine>, Fault> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => text
            .split(|c: char| c.is_whitespace() || c == ';' || c == ',')
            .filter(|item| !item.is_empty())
            .map(short_form)
            .collect(),
        Value::Array(items) => items
            .iter()
            .map(|item| match item {
                Value::String(text) => short_form(text.trim()),
                Value::Object(fields) => {
                    let part = |name: &str| fields.get(name).and_then(word).unwrap_or_default();
                    let modifiers = match fields.get("modifiers") {
                        Some(Value::Array(list)) => {
                            list.iter().filter_map(word).collect::<Vec<_>>().join(" ")
                        }
                        other => other.and_then(word).unwrap_or_default(),
                    };
                    billed_line(&part("code"), &part("units"), &modifiers)
                }
                _ => Err(Fault::new("a billed line is neither a table nor a word", SHORT_FORM)),
            })
            .collect(),
        _ => Err(Fault::new("`billed` is no list", SHORT_FORM)),
    }
}

/// Reads `97530x2:GP:59`.
fn short_form(item: &str) -> Result<BilledLine, Fault> {
    let (service, modifiers) = item.split_once(':').unwrap_or((item, ""));
    let (code, units) = service
        .split_once(['x', 'X'])
        .ok_or_else(|| Fault::new(format!("{} gives no units", quoted(item)), SHORT_FORM))?;
    billed_line(code, units, modifiers)
}

/// Makes a billed line of its parts; modifiers are separated by blanks, colons or commas.
pub(super) fn billed_line(code: &str, units: &str, modifiers: &str) -> Result<BilledLine, Fault> {
    let code = Code::parse(&code.trim().to_ascii_uppercase()).ok_or_else(|| {
        Fault::new(
            format!("{} is no code", quoted(code)),
            "write five characters, as 97530, and keep each line's own column",
        )
    })?;
    let units = units.trim().parse().map_err(|_| {
        Fault::new(
            format!("the units of {code} are no whole number"),
            "write the units billed, as 2",
        )
    })?;
    let modifiers = modifiers
        .split(|c: char| c.is_whitespace() || c == ':' || c == ',')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let word = word.to_ascii_uppercase();
            if word.len() == 2 && word.bytes().all(|b| b.is_ascii_alphanumeric()) {
                Ok(word)
            } else {
                Err(Fault::new(
                    format!("{} is no modifier", quoted(&word)),
                    "write two characters each, separated by blanks or colons, as GP:59",
                ))
            }
        })
        .collect::<Result<_, _>>()?;
    Ok(BilledLine { code, units, modifiers })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(code: Code, units: u32, modifiers: &[&str]) -> BilledLine {
        BilledLine { code, units, modifiers: modifiers.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn billed_lines_are_read_in_every_form() {
        let expected = vec![line(Code::TASK, 2, &["GP", "59"]), line(Code::EXERCISE, 1, &[])];
        for value in [
            json!("97530x2:GP:59 97110x1"),
            json!("97530X2:gp:59; 97110x1:"),
            json!(["97530x2:GP:59", "97110x1"]),
            json!([
                {"code": "97530", "units": 2, "modifiers": ["GP", "59"]},
                {"code": 97110, "units": "1"}
            ]),
            json!([
                {"code": "97530", "units": 2, "modifiers": "GP 59"},
                {"code": "97110", "units": 1, "modifiers": null}
            ]),
        ] {
            assert_eq!(billed(&value).unwrap(), expected, "{value}");
        }
    }

    #[test]
    fn bad_billed_lines_say_what_is_wrong() {
        for (value, words) in [
            (json!("97530"), "gives no units"),
            (json!("97530xtwo"), "units of 97530"),
            (json!("9753x2"), "`9753` is no code"),
            (json!("97530x2:GPX"), "`GPX` is no modifier"),
            (json!([7]), "neither a table nor a word"),
            (json!(true), "no list"),
            (json!([{"code": "97530"}]), "units of 97530"),
        ] {
            let fault = billed(&value).unwrap_err();
            assert!(fault.message.contains(words), "{value}: {}", fault.message);
        }
    }

    #[test]
    fn fields_go_where_they_belong_and_unknown_ones_are_kept() {
        let mut meta = NoteMeta::default();
        for (name, value) in [
            ("discipline", json!("cota")),
            ("setting", json!("Hospital")),
            ("payer", json!(" medicare ")),
            ("patient", json!(17)),
            ("date", json!("")),
            ("therapist", json!(null)),
            ("visit", json!(12)),
        ] {
            set(&mut meta, name, &value).unwrap();
        }
        assert_eq!(meta.discipline, Some(Discipline::Cota));
        assert_eq!(meta.setting, Some(Setting::Facility));
        assert_eq!(meta.payer.as_deref(), Some("medicare"));
        assert_eq!(meta.patient.as_deref(), Some("17"));
        assert_eq!((meta.date, meta.therapist), (None, None));
        assert_eq!(meta.extra["visit"], "12");
    }

    #[test]
    fn an_unknown_discipline_is_a_fault_that_repeats_no_sentence() {
        let mut meta = NoteMeta::default();
        let short = set(&mut meta, "discipline", &json!("MD")).unwrap_err();
        assert_eq!(short.message, "`MD` is no discipline");
        let long = set(&mut meta, "setting", &json!("pt walked 40 ft")).unwrap_err();
        assert_eq!(long.message, "that value is no setting");
    }
}
