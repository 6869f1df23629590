//! Canonical JSON (RFC 8785, whole numbers only): one value, one spelling, so that hashes hold for ever.

use std::fmt::Write as _;

use serde_json::Value;

use super::scan::plain_length;

/// Whole numbers from here on cannot be read back exactly by every JSON reader.
pub(super) const TOO_LARGE: u64 = 1 << 53;

/// Why a value has no canonical spelling here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCanonical {
    /// A number with a fraction or an exponent.
    #[error("a number of an event must be whole")]
    Fraction,
    /// A number of 2^53 or more.
    #[error("a number of an event must stay below 2^53")]
    TooLarge,
}

/// Writes a value with sorted keys, no blanks and the shortest escapes.
pub fn to_canonical(value: &Value) -> Result<String, NotCanonical> {
    let mut out = String::with_capacity(1024);
    write_value(&mut out, value)?;
    Ok(out)
}

/// Reads a text and returns the value only if the text is its canonical spelling.
///
/// Duplicate keys, blanks, other escapes and fractions all spell something else, so one
/// comparison finds them.
pub fn from_canonical(text: &str) -> Option<Value> {
    let value: Value = serde_json::from_str(text).ok()?;
    (to_canonical(&value).ok()? == text).then_some(value)
}

fn write_value(out: &mut String, value: &Value) -> Result<(), NotCanonical> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let size = number
                .as_i64()
                .map(i64::unsigned_abs)
                .or_else(|| number.as_u64())
                .ok_or(NotCanonical::Fraction)?;
            if size >= TOO_LARGE {
                return Err(NotCanonical::TooLarge);
            }
            let _ = write!(out, "{number}");
        }
        Value::String(text) => write_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(out, item)?;
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            // RFC 8785 sorts by UTF-16 code units, which differs from byte order beyond U+FFFF.
            if !fields.is_sorted_by(|(a, _), (b, _)| a < b && a.is_ascii() && b.is_ascii()) {
                fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            }
            out.push('{');
            for (i, (key, field)) in fields.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_string(out, key);
                out.push(':');
                write_value(out, field)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    if plain_length(text.as_bytes()) == text.len() {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if c < ' ' => {
                out.push_str("\\u00");
                out.push_str(&super::chain::hex(&[c as u8]));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::scan::is_canonical;
    use super::*;

    #[test]
    fn keys_are_sorted_and_escapes_are_shortest() {
        let value = json!({"b": [1, -2, null, true], "a": "\u{1}\u{1f}\n\"\\é€😀", "Z": {}});
        let text = to_canonical(&value).unwrap();
        assert_eq!(
            text,
            "{\"Z\":{},\"a\":\"\\u0001\\u001f\\n\\\"\\\\é€😀\",\"b\":[1,-2,null,true]}"
        );
        assert_eq!(from_canonical(&text), Some(value));
    }

    #[test]
    fn keys_sort_by_utf16_units_as_rfc_8785_asks() {
        let value = json!({"\u{fb33}": 1, "\u{1f600}": 2});
        assert_eq!(to_canonical(&value).unwrap(), "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }

    proptest::proptest! {
        #[test]
        fn scanning_says_what_reading_says(
            seed in proptest::collection::vec(0_usize..21, 1..14),
            at in 0_usize..200,
            byte in 0_u8..128,
        ) {
            const PARTS: [&str; 21] = [
                "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"é\"", "\"\\n\"", "\"\\u0001\"", "0", "-1",
                "12", "null", "true", "\"😀\"", "{\"a\":1}", "[0,-7]", "{\"a\":[],\"b\":\"x\"}", "\"\\u000a\"",
            ];
            let joined: String = seed.iter().map(|part| PARTS[*part]).collect();
            let sound =
                r#"{"a":[1,-2,"x\u001f\\"],"b":{"é":null,"😀":9007199254740991}}"#.to_owned();
            proptest::prop_assert!(is_canonical(&sound));
            let mut bytes = sound.clone().into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let changed = String::from_utf8(bytes).unwrap_or_default();
            for text in [joined, sound, changed] {
                proptest::prop_assert_eq!(is_canonical(&text), from_canonical(&text).is_some(), "{}", text);
            }
        }
    }

    #[test]
    fn keys_that_begin_alike_are_told_apart() {
        let keys = ["", "a", "an", "another", "another_", "another_1", "another_10", "another_2"];
        for (at, first) in keys.iter().enumerate() {
            for (other, second) in keys.iter().enumerate() {
                let text = format!("{{\"{first}\":1,\"{second}\":2}}");
                assert_eq!(is_canonical(&text), at < other, "{text}");
                assert_eq!(from_canonical(&text).is_some(), at < other, "{text}");
            }
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            r#"{"a":1,"a":1}"#,
            r#"{"b":1,"a":1}"#,
            r#"{"a": 1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e2}"#,
            r#"{"a":-0}"#,
            r#"{"a":9007199254740992}"#,
            r#"{"a":"\u0061"}"#,
            r#"{"a":"\/"}"#,
        ] {
            assert_eq!(from_canonical(text), None, "{text}");
            assert!(!is_canonical(text), "{text}");
        }
        assert_eq!(to_canonical(&json!(1.5)), Err(NotCanonical::Fraction));
        assert_eq!(to_canonical(&json!(TOO_LARGE)), Err(NotCanonical::TooLarge));
    }
}
