//! Text in columns for people, and quotes of notes that cannot steer the terminal.

use std::io::Write;

use unicode_width::UnicodeWidthStr as _;

/// Rows whose cells stand under each other, two blanks apart.
#[derive(Debug, Default)]
pub(super) struct Columns {
    rows: Vec<Vec<String>>,
    right: Vec<usize>,
}

impl Columns {
    /// Begins with a row of headings.
    pub(super) fn new<const N: usize>(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned).to_vec()], right: Vec::new() }
    }

    /// Begins without headings.
    pub(super) fn plain() -> Self {
        Self::default()
    }

    /// Sets these columns flush right, as numbers are.
    pub(super) fn numbers(mut self, columns: impl IntoIterator<Item = usize>) -> Self {
        self.right.extend(columns);
        self
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Writes the rows, each behind the same indent.
    pub(super) fn write(&self, out: &mut dyn Write, indent: &str) -> std::io::Result<()> {
        let count = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..count).map(width).collect();
        for row in &self.rows {
            let mut line = indent.to_owned();
            for (column, cell) in row.iter().enumerate() {
                let gap = " ".repeat(widths[column].saturating_sub(cell.width()));
                let parts = if self.right.contains(&column) {
                    [gap.as_str(), cell.as_str()]
                } else {
                    [cell.as_str(), &gap]
                };
                line.extend(parts);
                line.push_str("  ");
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Returns words of a note in double quotes, on one line, without control characters, cut when long.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 110;
    let tame: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = tame.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = words.chars().take(LONGEST).collect();
    let dots = if short.len() < words.len() { "…" } else { "" };
    format!("\"{short}{dots}\"")
}

/// Returns a share in whole percent with its figures, as `12 of 15 (80 %)`.
pub(super) fn share(part: usize, whole: usize) -> String {
    match whole {
        0 => "0 of 0".to_owned(),
        _ => format!("{part} of {whole} ({} %)", (part * 100 + whole / 2) / whole),
    }
}

/// Returns a count with its noun, as `1 note` or `2 notes`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_under_each_other() {
        let mut columns = Columns::new(["code", "n"]).numbers([1]);
        columns.row(["97530".to_owned(), "7".to_owned()]);
        columns.row(["none".to_owned(), "12".to_owned()]);
        let mut out = Vec::new();
        columns.write(&mut out, " ").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), " code    n\n 97530   7\n none   12\n");
    }

    #[test]
    fn quotes_are_tame() {
        assert_eq!(quoted("a\u{1b}[2J\n  b"), "\"a [2J b\"");
        assert!(quoted(&"x".repeat(300)).ends_with("…\""));
        assert_eq!(share(2, 3), "2 of 3 (67 %)");
        assert_eq!(share(0, 0), "0 of 0");
    }
}
