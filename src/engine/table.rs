//! Tables in a note: a line of column names, and the cells of the rows below it.

use super::text::has_blanks;
use crate::model::Span;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// What was done: a code, a label or the activity in words.
    Work,
    Minutes,
    Units,
    Start,
    End,
    /// Sets, repetitions, load.
    Dose,
    Other,
}

/// How the cells of a row are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Separator {
    Sign(char),
    WideBlank,
    Blank,
}

/// The line of column names over a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    separator: Separator,
    /// Columns, and where their names stand in the line.
    columns: Vec<(Column, Span)>,
}

/// Bytes of the longest line of column names.
const LONGEST: usize = 200;

impl Head {
    /// Reads a line as column names: one for what was done, one at least for its time, units or
    /// dose.
    pub(crate) fn read(line: &str) -> Option<Self> {
        // Prose, by far most lines, ends here.
        if line.len() > LONGEST || line.ends_with('.') || line.bytes().any(|b| b.is_ascii_digit()) {
            return None;
        }
        let separator = if line.contains('|') {
            Separator::Sign('|')
        } else if line.contains('\t') {
            Separator::Sign('\t')
        } else if line.contains('·') {
            Separator::Sign('·')
        } else if has_blanks::<2>(line.trim()) {
            Separator::WideBlank
        } else if line.contains(',') {
            Separator::Sign(',')
        } else {
            Separator::Blank
        };
        let mut columns: Vec<(Column, Span)> = Vec::new();
        for span in cells(line, 0, separator) {
            let name = column(span.of(line));
            // Single blanks part words as well: only a line of nothing but names is read so.
            if name == Column::Other && separator == Separator::Blank {
                return None;
            }
            columns.push((name, span));
        }
        // "# | Goal area | Min | Response": the first free name beside minutes is of the work.
        if separator.is_drawn()
            && columns.iter().any(|one| one.0 == Column::Minutes)
            && columns.iter().all(|one| one.0 != Column::Work)
            && let Some(first) = columns.iter_mut().find(|one| names_work(one, line))
        {
            first.0 = Column::Work;
        }
        let known = columns.iter().filter(|one| one.0 != Column::Other).count();
        let head = Self { separator, columns };
        let measured = [Column::Minutes, Column::Units, Column::Start, Column::Dose];
        let fits = head.has(Column::Work) && measured.iter().any(|one| head.has(*one));
        (fits && known >= 2).then_some(head)
    }

    /// Reads a line as column names over what was done, row by row, in drawn columns.
    pub(crate) fn over_work(line: &str) -> Option<Self> {
        // Few lines hold what columns are drawn with; to read the names would cost more. The last
        // sign is the first byte of '·'.
        let may_be_drawn = line.len() <= LONGEST
            && (memchr::memchr3(b'|', b'\t', 0xC2, line.as_bytes()).is_some()
                || has_blanks::<2>(line));
        if !may_be_drawn {
            return None;
        }
        Self::read(line).filter(|head| head.separator.is_drawn())
    }

    /// Cuts a line into cells, each with what its column holds.
    pub(crate) fn row(&self, line: &str, offset: usize) -> Vec<(Column, Span)> {
        let spans = cells(line, offset, self.separator);
        let by_place = self.separator == Separator::WideBlank && spans.len() != self.columns.len();
        let of = |(at, span): (usize, &Span)| {
            let column = if by_place { self.over(*span, offset) } else { self.columns.get(at) };
            (column.map_or(Column::Other, |one| one.0), *span)
        };
        spans.iter().enumerate().map(of).collect()
    }

    /// Returns the column whose name stands over a cell, or nearest to that: cells may be empty.
    fn over(&self, cell: Span, offset: usize) -> Option<&(Column, Span)> {
        let from = cell.start.saturating_sub(u32::try_from(offset).unwrap_or(u32::MAX));
        let to = from + (cell.end - cell.start);
        self.columns.iter().min_by_key(|(_, name)| {
            let gap = name.start.saturating_sub(to).max(from.saturating_sub(name.end));
            (gap, name.start.abs_diff(from))
        })
    }

    fn has(&self, wanted: Column) -> bool {
        self.columns.iter().any(|one| one.0 == wanted)
    }
}

impl Separator {
    /// Tells whether columns can be seen as such, not only told by commas or single blanks.
    fn is_drawn(self) -> bool {
        matches!(self, Self::Sign('|' | '\t' | '·') | Self::WideBlank)
    }
}

/// Tells whether a column of unknown name may be that of the work: more than a number or a date.
fn names_work(one: &(Column, Span), line: &str) -> bool {
    let name = one.1.of(line);
    let lower = name.to_ascii_lowercase();
    one.0 == Column::Other
        && name.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !["date", "dos", "num", "visit", "initial", "therapist", "provider"]
            .iter()
            .any(|other| lower.starts_with(other))
}

/// Beginnings of words in the name of the column that says what was done.
const WORK: [&str; 15] = [
    "cpt",
    "code",
    "procedure",
    "service",
    "intervention",
    "treatment",
    "charge",
    "activit",
    "exercise",
    "modalit",
    "task",
    "item",
    "drill",
    "what",
    "description",
];

fn column(cell: &str) -> Column {
    if cell.split_whitespace().nth(4).is_some() {
        return Column::Other;
    }
    let lower = cell.to_ascii_lowercase();
    let words = || lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let begins =
        |names: &[&str]| words().any(|word| names.iter().any(|name| word.starts_with(name)));
    let says = |names: &[&str]| names.contains(&lower.trim());
    if begins(&["unit"]) {
        Column::Units
    } else if begins(&["start", "begin"]) || says(&["in", "from", "time in"]) {
        Column::Start
    } else if begins(&["stop", "end", "finish"]) || says(&["out", "to", "until", "time out"]) {
        Column::End
    } else if begins(&["min", "duration"]) || says(&["time", "m", "time spent"]) {
        Column::Minutes
    } else if begins(&WORK) {
        Column::Work
    } else if begins(&["dose", "dosage", "set", "rep", "param", "load", "weight", "resistance"]) {
        Column::Dose
    } else {
        Column::Other
    }
}

/// Splits a line into cells; a leading and a trailing separator make no cell.
fn cells(line: &str, offset: usize, separator: Separator) -> Vec<Span> {
    let mut found = Vec::new();
    let mut push = |from: usize, to: usize| {
        let cell = &line[from..to];
        let lead = cell.len() - cell.trim_start().len();
        let trimmed = cell.trim();
        found.push(Span::new(offset + from + lead, offset + from + lead + trimmed.len()));
    };
    match separator {
        Separator::Sign(sign) => {
            let mut from = 0;
            if sign == '|' && line.trim_start().starts_with('|') {
                from = line.find('|').map_or(0, |at| at + 1);
            }
            let first = from;
            for (at, found_sign) in line.match_indices(sign).filter(|&(at, _)| at >= first) {
                push(from, at);
                from = at + found_sign.len();
            }
            if from < line.len() && !(sign == '|' && line[from..].trim().is_empty()) {
                push(from, line.len());
            }
        }
        Separator::WideBlank | Separator::Blank => {
            let wide = if separator == Separator::WideBlank { 2 } else { 1 };
            let bytes = line.as_bytes();
            let mut at = line.len() - line.trim_start().len();
            while at < line.trim_end().len() {
                let mut end = at;
                while end < line.len() {
                    let blanks = bytes[end..].iter().take_while(|b| **b == b' ').count();
                    if blanks >= wide {
                        break;
                    }
                    end += blanks.max(1);
                }
                push(at, end);
                at = end + bytes[end..].iter().take_while(|b| **b == b' ').count();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(line: &str) -> Option<Vec<Column>> {
        Head::read(line).map(|head| head.columns.iter().map(|one| one.0).collect())
    }

    #[test]
    fn names_of_columns_are_told() {
        use Column::{Dose, End, Minutes, Other, Start, Units, Work};
        let cases = [
            ("Activity | Dose | Min | Notes", Some(vec![Work, Dose, Minutes, Other])),
            ("# | Goal area | Min | Response", Some(vec![Other, Work, Minutes, Other])),
            ("Start  Stop   Min  Activity / response", Some(vec![Start, End, Minutes, Work])),
            ("Code Min Units", Some(vec![Work, Minutes, Units])),
            // No table: prose, a signature, administered minutes.
            ("Patient performed exercises, then tasks for minutes.", None),
            ("Therapist   Date   Signature", None),
            ("Administered   Reminder   Seminar", None),
        ];
        for (line, want) in cases {
            assert_eq!(columns(line), want, "{line}");
        }
    }

    #[test]
    fn a_cell_belongs_to_the_name_above_it_where_others_are_empty() {
        let head = Head::read("Exercise        Sets     Min   Remark").unwrap();
        let row = head.row("Box lift                   9   slow", 0);
        let told: Vec<Column> = row.iter().map(|one| one.0).collect();
        assert_eq!(told, [Column::Work, Column::Minutes, Column::Other]);
    }
}
