//! Front matter: a TOML block between `+++` lines at the head of a note, read with exact places.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::facts;
use super::problem::{Fault, Problem};
use crate::model::NoteMeta;

const FENCE: &str = "+++";
const REMEDY: &str = "mend the block between the `+++` lines; the note was read without it";

/// A text parted into front matter and note.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parts<'a> {
    /// No front matter: all of it is the note.
    Plain,
    /// The block between the fences, and the note after them.
    Both { block: &'a str, note: &'a str },
    /// The block begins and never ends; nothing can be taken off.
    Open,
}

/// Parts a text at its fences.
pub(super) fn part(text: &str) -> Parts<'_> {
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == FENCE) else {
        return Parts::Plain;
    };
    let mut at = first.len();
    for line in lines {
        if line.trim_end() == FENCE {
            return Parts::Both { block: &text[first.len()..at], note: &text[at + line.len()..] };
        }
        at += line.len();
    }
    Parts::Open
}

/// Says that the block has no end.
pub(super) fn open_block(source: &str) -> Problem {
    Fault::new(
        "the front matter has no second `+++` line",
        "close it with `+++`; the note was read with all its lines",
    )
    .at(format!("{source}:1:1"))
}

/// Reads the block into the facts; a block that is no TOML gives none, a bad value only itself.
pub(super) fn read(block: &str, source: &str, meta: &mut NoteMeta) -> Vec<Problem> {
    let table = match DeTable::parse(block) {
        Ok(table) => table.into_inner(),
        Err(error) => {
            let fault = Fault::new(format!("front matter: {}", one_line(error.message())), REMEDY);
            return vec![placed(fault, block, source, error.span().unwrap_or(0..0))];
        }
    };
    // In the order of the lines, whatever the order of the table.
    let mut fields: Vec<_> = table.iter().collect();
    fields.sort_by_key(|(name, _)| name.span().start);
    fields
        .into_iter()
        .filter_map(|(name, value)| {
            let fault = facts::set(meta, name.get_ref(), &to_json(value.get_ref())).err()?;
            let fault = Fault { message: format!("front matter: {}", fault.message), ..fault };
            Some(placed(fault, block, source, value.span()))
        })
        .collect()
}

fn one_line(message: &str) -> String {
    message.lines().collect::<Vec<_>>().join(", ")
}

/// Adds file, line, column and a picture of the line with a caret.
fn placed(fault: Fault, block: &str, source: &str, span: Range<usize>) -> Problem {
    let start = floor(block, span.start);
    let end = floor(block, span.end.max(span.start)).max(start);
    let before = &block[..start];
    // The block begins in the second line of the file, below the fence.
    let line = before.matches('\n').count() + 2;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let snippet = Snippet::source(block)
        .line_start(2)
        .path(source)
        .annotation(AnnotationKind::Primary.span(start..end));
    // Without a title: the message stands above the picture already.
    let picture = Renderer::plain().render(&[Group::with_level(Level::ERROR).element(snippet)]);
    Problem { picture: Some(picture), ..fault.at(format!("{source}:{line}:{column}")) }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::String(number.as_str().to_owned()), Value::from),
        DeValue::Float(number) => Value::String(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(fields) => fields
            .iter()
            .map(|(name, field)| (name.get_ref().to_string(), to_json(field.get_ref())))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Code, Discipline};

    #[test]
    fn the_block_is_taken_off_with_its_fences_and_line_ends_are_kept() {
        assert_eq!(part("S: sore\n+++\n"), Parts::Plain);
        assert_eq!(part("+++\na = 1\nS: sore"), Parts::Open);
        assert_eq!(
            part("+++\r\na = 1\r\n+++\r\nS: sore\r\n"),
            Parts::Both { block: "a = 1\r\n", note: "S: sore\r\n" }
        );
        assert_eq!(part("+++\n+++"), Parts::Both { block: "", note: "" });
        assert_eq!(part("++++\n"), Parts::Plain);
    }

    #[test]
    fn facts_are_read_and_unknown_ones_kept() {
        let mut meta = NoteMeta::default();
        let block = "discipline = \"OT\"\r\ndate = 2026-11-04\r\nvisit = 12\r\n\
                     billed = [{ code = \"97535\", units = 1, modifiers = [\"GO\", \"CO\"] }]\r\n";
        assert_eq!(read(block, "a.txt", &mut meta), []);
        assert_eq!(meta.discipline, Some(Discipline::Ot));
        assert_eq!(meta.date.as_deref(), Some("2026-11-04"));
        assert_eq!(meta.billed[0].code, Code::SELF_CARE);
        assert_eq!(meta.billed[0].modifiers, ["GO", "CO"]);
        assert_eq!(meta.extra["visit"], "12");
    }

    #[test]
    fn broken_toml_is_shown_with_line_column_and_caret_and_gives_no_facts() {
        let mut meta = NoteMeta::default();
        let problems = read("discipline = \"PT\"\npayer = medicare\n", "a.txt", &mut meta);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].source, "a.txt:3:9");
        let picture = problems[0].picture.as_deref().unwrap();
        assert!(picture.contains("3 | payer = medicare"), "{picture}");
        assert!(picture.contains("  |         ^^^^^^^^"), "{picture}");
        assert_eq!(meta, NoteMeta::default());
    }

    #[test]
    fn a_bad_value_is_shown_and_the_other_facts_stay() {
        let mut meta = NoteMeta::default();
        let problems = read("payer = \"medicare\"\ndiscipline = \"MD\"\n", "a.txt", &mut meta);
        assert_eq!(problems[0].source, "a.txt:3:14");
        assert_eq!(problems[0].message, "front matter: `MD` is no discipline");
        assert_eq!(meta.payer.as_deref(), Some("medicare"));
    }

    #[test]
    fn an_error_at_the_very_end_or_in_an_empty_block_has_a_place() {
        let mut meta = NoteMeta::default();
        for block in ["a = ", "a = \"é", "[", "é", "a = [\n"] {
            let problems = read(block, "a.txt", &mut meta);
            assert!(problems[0].source.starts_with("a.txt:"), "{block}");
        }
        assert_eq!(read("", "a.txt", &mut meta), []);
    }
}
