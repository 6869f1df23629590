//! Tables of labelled text: TSV or CSV with a header, lines of `#` left out.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// A table in memory.
#[derive(Debug)]
pub(in crate::cli) struct Table {
    path: PathBuf,
    headers: Vec<String>,
    /// Rows, each with as many cells as there are headers.
    pub(in crate::cli) rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub(in crate::cli) struct Row {
    /// Line in the file, from 1.
    pub(in crate::cli) line: u64,
    /// Its cells.
    pub(in crate::cli) cells: Vec<String>,
}

impl Table {
    /// Reads a file: tabs part the cells where its header holds one, else commas.
    pub(in crate::cli) fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes =
            std::fs::read(path).with_context(|| format!("{}: cannot be read", path.display()))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let at = error.valid_up_to();
            anyhow::anyhow!("{}: byte {at} is no UTF-8\n  help: save it as UTF-8", path.display())
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let header = text.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
        let tabs = header.contains('\t');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if tabs { b'\t' } else { b',' })
            // Notes are full of inch marks: a quote in a cell between tabs is just a quote.
            .quoting(!tabs)
            .comment(Some(b'#'))
            .flexible(true)
            .from_reader(text.as_bytes());
        let fault = |error: &csv::Error| anyhow::anyhow!("{}: {error}", path.display());
        let headers: Vec<String> = reader
            .headers()
            .map_err(|error| fault(&error))?
            .iter()
            .map(|name| name.trim().to_ascii_lowercase())
            .collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| fault(&error))?;
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != headers.len() {
                bail!(
                    "{}:{line}: the row has {} cells, the header {}\n  \
                     help: part the cells as the header does",
                    path.display(),
                    record.len(),
                    headers.len()
                );
            }
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
        Ok(Self { path: path.to_owned(), headers, rows })
    }

    /// Returns the position of a column.
    pub(in crate::cli) fn column(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|header| header == name)
    }

    /// Returns the position of the first of these columns that is there.
    pub(in crate::cli) fn any_column(&self, names: &[&str]) -> anyhow::Result<usize> {
        names.iter().find_map(|name| self.column(name)).with_context(|| {
            format!(
                "{}: has no column `{}`\n  help: name the columns in the first row",
                self.path.display(),
                names.join("` or `")
            )
        })
    }
}
