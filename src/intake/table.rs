//! Rows of a CSV file: columns by name, one note a row.

use std::borrow::Cow;

use csv::ByteRecord;
use serde_json::Value;

use super::decode;
use super::facts::{self, Record};
use super::problem::Fault;

/// Returns a reader of rows that leaves their number of cells alone.
pub(super) fn reader<R: std::io::Read>(delimiter: u8, from: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(from)
}

/// Says that the file breaks the rules of CSV or could not be read.
pub(super) fn unreadable(error: &csv::Error) -> Fault {
    match error.kind() {
        csv::ErrorKind::Io(error) => super::place::refused(error),
        _ => Fault::new("is no CSV", "export it as comma separated values with quoted text"),
    }
}

/// Names of the columns, and which of them hold key and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    columns: Vec<String>,
    key: usize,
    text: usize,
    delimiter: u8,
}

impl Header {
    /// Finds the columns that a note needs.
    pub(super) fn of(row: &ByteRecord, delimiter: u8) -> Result<Self, Fault> {
        let columns = names(row)?;
        let key = column(&columns, &["key", "id"])?;
        let text = column(&columns, &["text", "note"])?;
        Ok(Self { columns, key, text, delimiter })
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Returns the key of a row; `None` for a row of empty cells.
    pub(super) fn key(&self, row: &ByteRecord) -> Result<Option<String>, Fault> {
        if row.iter().all(<[u8]>::is_empty) {
            return Ok(None);
        }
        if row.iter().skip(self.columns.len()).any(|cell| !cell.is_empty()) {
            return Err(Fault::new(
                format!("the row has {} cells, the header {}", row.len(), self.columns.len()),
                "put text with commas, quotes or line ends between double quotes",
            ));
        }
        if row.len() <= self.text {
            return Err(Fault::new(
                format!("the row has only {} cells and no text", row.len()),
                "give each row all columns of the header",
            ));
        }
        let key = facts::word(&Value::String(cell(row, self.key)?.into_owned()));
        key.map(Some).ok_or_else(|| {
            Fault::new(
                format!("the cell under `{}` is empty", self.columns[self.key]),
                "give each note its own key",
            )
        })
    }

    /// Reads the note of a row.
    pub(super) fn record(&self, row: &ByteRecord) -> Result<Record, Fault> {
        let key = self.key(row)?.ok_or_else(|| {
            Fault::new("the row is empty now", "list the notes again: the file has changed")
        })?;
        let text = decode::decode(row.get(self.text).unwrap_or_default().to_vec())?;
        let mut record = Record { key, text: text.text, ..Record::default() };
        record.faults.extend(text.doubt);
        for (index, name) in self.columns.iter().enumerate() {
            if index == self.key || index == self.text || name.is_empty() {
                continue;
            }
            let value = Value::String(cell(row, index)?.into_owned());
            record.faults.extend(facts::set(&mut record.meta, name, &value).err());
        }
        record.meta.encoding = text.encoding;
        Ok(record)
    }
}

/// Returns the names of the columns, trimmed and in lower case.
pub(super) fn names(row: &ByteRecord) -> Result<Vec<String>, Fault> {
    let names: Vec<String> = (0..row.len())
        .map(|index| Ok(cell(row, index)?.trim().to_lowercase()))
        .collect::<Result<_, Fault>>()?;
    for (index, name) in names.iter().enumerate() {
        if !name.is_empty() && names[..index].contains(name) {
            return Err(Fault::new(
                format!("the header has two columns {}", super::problem::quoted(name)),
                "give each column its own name",
            ));
        }
    }
    Ok(names)
}

/// Finds a column by the first of its names that is there.
pub(super) fn column(columns: &[String], wanted: &[&str]) -> Result<usize, Fault> {
    let place = |name: &&str| columns.iter().position(|column| column == name);
    wanted.iter().find_map(place).ok_or_else(|| {
        let wanted: Vec<String> = wanted.iter().map(|name| format!("`{name}`")).collect();
        Fault::new(
            format!(
                "none of the {} columns in the first row is {}",
                columns.len(),
                wanted.join(" or ")
            ),
            "write the names of the columns into the first row, parted by commas",
        )
    })
}

/// Returns a cell as text; a cell that is not there is empty.
pub(super) fn cell(row: &ByteRecord, index: usize) -> Result<Cow<'_, str>, Fault> {
    let bytes = row.get(index).unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => Ok(Cow::Owned(decode::decode(bytes.to_vec())?.text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    fn row(cells: &[&str]) -> ByteRecord {
        ByteRecord::from(cells)
    }

    #[test]
    fn columns_are_found_by_name_in_any_order_and_case() {
        let header = Header::of(&row(&["Note", " ID ", "Billed", "Visit"]), b',').unwrap();
        let cells = row(&["S: sore\r\nO: 90°", "a", "97530x2:GP 97110x1:GP", "7"]);
        let record = header.record(&cells).unwrap();
        assert_eq!((record.key.as_str(), record.text.as_str()), ("a", "S: sore\r\nO: 90°"));
        assert_eq!(record.meta.billed[1].code, Code::EXERCISE);
        assert_eq!(record.meta.extra["visit"], "7");
    }

    #[test]
    fn missing_columns_are_named_and_the_row_is_not_repeated() {
        let fault = Header::of(&row(&["secret words", "text"]), b',').unwrap_err();
        assert_eq!(fault.message, "none of the 2 columns in the first row is `key` or `id`");
        let fault = Header::of(&row(&["key"]), b',').unwrap_err();
        assert!(fault.message.contains("`text` or `note`"));
        assert!(Header::of(&row(&["key", "text", "Key"]), b',').is_err());
    }

    #[test]
    fn rows_that_do_not_fit_are_refused_and_empty_ones_passed_over() {
        let header = Header::of(&row(&["key", "text", "payer"]), b',').unwrap();
        assert_eq!(header.key(&row(&["", "", ""])).unwrap(), None);
        assert_eq!(header.key(&row(&["a", "b"])).unwrap().as_deref(), Some("a"));
        assert_eq!(header.key(&row(&["a", "b", "c", ""])).unwrap().as_deref(), Some("a"));
        for (cells, words) in [
            (&["a", "b", "c", "d"][..], "4 cells, the header 3"),
            (&["a"], "only 1 cells"),
            (&["", "b", "c"], "under `key` is empty"),
        ] {
            assert!(header.key(&row(cells)).unwrap_err().message.contains(words));
        }
    }
}
