//! Text on the grid of a terminal: what a character shows, how wide it is, where lines wrap.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns between tab stops.
const TAB: usize = 4;

/// How many columns a character takes whose width East Asian terminals see otherwise, as `°` or `×`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Ambiguous {
    /// One.
    #[default]
    One,
    /// Two.
    Two,
}

impl Ambiguous {
    /// Returns the columns of a grapheme that is drawn as it stands.
    pub fn width(self, grapheme: &str) -> usize {
        match self {
            Self::One => grapheme.width(),
            Self::Two => grapheme.width_cjk(),
        }
    }
}

/// One row of wrapped text: a byte range of the text and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// First byte.
    pub start: usize,
    /// One past the last byte, without the line end.
    pub end: usize,
    /// Blank columns before it.
    pub indent: usize,
    /// Line of the text, from 1.
    pub line: usize,
    /// Whether the line begins here.
    pub first: bool,
}

/// One grapheme as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// Bytes of the text.
    pub bytes: Range<usize>,
    /// What is drawn.
    pub shown: Cow<'a, str>,
    /// Columns it takes.
    pub width: usize,
}

/// Returns how a grapheme is drawn at a column: tabs as blanks, commands and unseen marks by name.
pub fn shown(grapheme: &str, column: usize, ambiguous: Ambiguous) -> (Cow<'_, str>, usize) {
    if grapheme == "\t" {
        let width = TAB - column % TAB;
        return (Cow::Borrowed(&"    "[..width]), width);
    }
    let plain = grapheme.len() == 1 && !grapheme.as_bytes()[0].is_ascii_control();
    if plain {
        return (Cow::Borrowed(grapheme), 1);
    }
    let width = ambiguous.width(grapheme);
    let emoji = grapheme.chars().next().is_some_and(|c| c >= '\u{2190}');
    let unseen = |c: char| is_unseen(c) && !(emoji && matches!(c, '\u{200d}' | '\u{fe0f}'));
    if width > 0 && !grapheme.chars().any(unseen) {
        return (Cow::Borrowed(grapheme), width);
    }
    let mut named = String::new();
    for c in grapheme.chars() {
        let code = u32::from(c);
        if c.is_ascii_control() {
            let _ = write!(named, "<{code:02X}>");
        } else if unseen(c) || width == 0 {
            let _ = write!(named, "<U+{code:04X}>");
        } else {
            named.push(c);
        }
    }
    let width = ambiguous.width(&named);
    (Cow::Owned(named), width)
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Returns the cells of a range of the text, the first standing at a column.
pub fn cells(text: &str, range: Range<usize>, column: usize) -> Vec<Cell<'_>> {
    cells_as(text, range, column, Ambiguous::One)
}

/// Returns the cells of a range of the text as a terminal counts them.
pub fn cells_as(
    text: &str,
    range: Range<usize>,
    column: usize,
    ambiguous: Ambiguous,
) -> Vec<Cell<'_>> {
    let mut at = column;
    let start = range.start;
    let part = text.get(range).unwrap_or_default();
    part.grapheme_indices(true)
        .map(|(offset, grapheme)| {
            let (shown, width) = shown(grapheme, at, ambiguous);
            at += width;
            let from = start + offset;
            Cell { bytes: from..from + grapheme.len(), shown, width }
        })
        .collect()
}

/// Tells whether every character is drawn as it stands and takes one column.
///
/// That is nearly all that is ever drawn: telling it apart spares two thirds of the time of a frame.
pub fn is_simple(text: &str) -> bool {
    is_printable(text)
        || text.chars().all(
            |c| matches!(c, ' '..='~' | '…' | '\u{2500}'..='\u{257f}' | '\u{2580}'..='\u{259f}'),
        )
}

/// Tells whether a text is of printable ASCII alone: as many columns as bytes.
pub fn is_printable(text: &str) -> bool {
    // Without a way out in the middle many bytes are looked at in one step.
    text.bytes().fold(true, |so_far, b| so_far & (0x20..0x7f).contains(&b))
}

/// Returns the columns of a text that is drawn as it stands.
fn columns(visible: &str) -> usize {
    if is_simple(visible) { visible.chars().count() } else { visible.width() }
}

/// Returns a text as it may be drawn: nothing in it reaches the terminal as a command.
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_simple(text) {
        return Cow::Borrowed(text);
    }
    let mut column = 0;
    let mut out = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        let (shown, width) = shown(grapheme, column, Ambiguous::One);
        column += width;
        out.push_str(&shown);
    }
    Cow::Owned(out)
}

/// Returns the columns a text takes when drawn.
pub fn width(text: &str) -> usize {
    if is_printable(text) { text.len() } else { columns(&visible(text)) }
}

/// Cuts a text to a width; where something is cut, `…` stands at its end.
pub fn cut(text: &str, wide: usize) -> Cow<'_, str> {
    if text.len() <= wide && is_printable(text) {
        return Cow::Borrowed(text);
    }
    let seen = visible(text);
    if columns(&seen) <= wide {
        return seen;
    }
    let mut out = String::new();
    let mut column = 0;
    for grapheme in seen.graphemes(true) {
        let next = column + grapheme.width();
        if next + 1 > wide {
            break;
        }
        out.push_str(grapheme);
        column = next;
    }
    if wide > 0 {
        out.push('…');
    }
    Cow::Owned(out)
}

/// Cuts a name to a width in its middle: names of notes often differ only at their ends.
pub fn cut_middle(text: &str, wide: usize) -> Cow<'_, str> {
    let seen = visible(text);
    if columns(&seen) <= wide {
        return seen;
    }
    let tail_wide = wide.saturating_sub(1) / 2;
    let head = cut(text, wide.saturating_sub(tail_wide)).into_owned();
    let mut tail = Vec::new();
    let mut column = 0;
    for grapheme in seen.graphemes(true).rev() {
        column += grapheme.width();
        if column > tail_wide {
            break;
        }
        tail.push(grapheme);
    }
    tail.reverse();
    Cow::Owned(head + &tail.concat())
}

/// Fills a text with blanks up to a width.
pub fn padded(text: &str, wide: usize) -> String {
    let blanks = wide.saturating_sub(width(text));
    format!("{text}{:blanks$}", "")
}

/// Returns the bytes of the cell at a column of a row; past its last cell none, at its end.
pub fn bytes_at(text: &str, row: &Row, column: usize, ambiguous: Ambiguous) -> Range<usize> {
    let mut at = row.indent;
    for cell in cells_as(text, row.start..row.end, row.indent, ambiguous) {
        at += cell.width;
        if column < at {
            return cell.bytes;
        }
    }
    row.end..row.end
}

/// Returns the word that holds a byte; nothing between words.
pub fn word_at(text: &str, byte: usize) -> Range<usize> {
    let byte = byte.min(text.len());
    let start = text[..byte]
        .rfind(char::is_whitespace)
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let end = text[byte..].find(char::is_whitespace).map_or(text.len(), |at| byte + at);
    if byte == end { byte..byte } else { start..end }
}

/// Returns the next word that begins at a byte or after it; nothing at the end of the text.
pub fn word_after(text: &str, byte: usize) -> Range<usize> {
    let byte = byte.min(text.len());
    match text[byte..].find(|c: char| !c.is_whitespace()) {
        Some(at) => word_at(text, byte + at),
        None => byte..byte,
    }
}

/// Returns the last word that ends at a byte or before it; nothing at the start of the text.
pub fn word_before(text: &str, byte: usize) -> Range<usize> {
    let before = text[..byte.min(text.len())].trim_end();
    match before.char_indices().next_back() {
        Some((at, _)) => word_at(text, at),
        None => byte..byte,
    }
}

/// Wraps a text at a width; rows cover every byte but line ends, in order.
pub fn wrap(text: &str, wide: usize) -> Vec<Row> {
    wrap_as(text, wide, Ambiguous::One)
}

/// Wraps a text at a width as a terminal counts it.
pub fn wrap_as(text: &str, wide: usize, ambiguous: Ambiguous) -> Vec<Row> {
    let wide = wide.max(1);
    let mut rows = Vec::new();
    let mut start = 0;
    for (index, raw) in text.split('\n').enumerate() {
        let body = raw.strip_suffix('\r').unwrap_or(raw);
        let line = Line { text, start, end: start + body.len(), number: index + 1 };
        wrap_line(&line, wide, ambiguous, &mut rows);
        start += raw.len() + 1;
    }
    rows
}

/// Returns the column at which the text of a list item begins, so that its rows stand below it.
fn hanging(line: &str, wide: usize) -> usize {
    let body = line.trim_start_matches(' ');
    let blanks = line.len() - body.len();
    let number = body.bytes().take_while(u8::is_ascii_digit).count();
    let marker = match body.as_bytes() {
        [b'-' | b'*' | b'+', b' ', ..] => 2,
        _ if body.starts_with("• ") => 2,
        [..] if (1..=2).contains(&number)
            && matches!(body.as_bytes().get(number..number + 2), Some([b'.' | b')', b' '])) =>
        {
            number + 2
        }
        _ => 0,
    };
    if blanks + marker <= wide / 2 { blanks + marker } else { 0 }
}

/// One line of a text.
struct Line<'a> {
    text: &'a str,
    start: usize,
    end: usize,
    number: usize,
}

fn wrap_line(of: &Line<'_>, wide: usize, ambiguous: Ambiguous, rows: &mut Vec<Row>) {
    let Line { text, start, end, number: line } = *of;
    let cells = |range, column| cells_as(text, range, column, ambiguous);
    // Nearly every word is ASCII: its columns are its bytes, and no cells have to be made.
    let columns = |range: Range<usize>, column| match text.get(range.clone()) {
        Some(part) if is_printable(part) => part.len(),
        _ => cells(range, column).iter().map(|cell| cell.width).sum(),
    };
    let indent = hanging(&text[start..end], wide);
    let mut row = Row { start, end: start, indent: 0, line, first: true };
    let mut column = 0;
    let mut at = start;
    let mut next_row = |row: &mut Row, at: usize| {
        rows.push(Row { end: at, ..*row });
        *row = Row { start: at, end: at, indent, line, first: false };
        indent
    };
    while at < end {
        let (word, blanks) = next_word(&text[at..end]);
        let word_width = columns(at..at + word, column);
        if column + word_width > wide && column > row.indent {
            column = next_row(&mut row, at);
        }
        if column + word_width <= wide {
            column += word_width;
        } else {
            for bound in text[at..at + word].split_word_bounds() {
                let from = bound.as_ptr() as usize - text.as_ptr() as usize;
                let parts = cells(from..from + bound.len(), column);
                let whole: usize = parts.iter().map(|cell| cell.width).sum();
                if column + whole > wide && column > row.indent && whole <= wide - indent {
                    column = next_row(&mut row, from);
                }
                for cell in parts {
                    if column + cell.width > wide && column > row.indent {
                        column = next_row(&mut row, cell.bytes.start);
                    }
                    column += cell.width;
                }
            }
        }
        at += word;
        // Blanks at the end of a row hang over; they are never drawn past the edge.
        column += columns(at..at + blanks, column);
        at += blanks;
    }
    rows.push(Row { end, ..row });
}

/// Returns the bytes of the next word and of the blanks after it.
fn next_word(text: &str) -> (usize, usize) {
    let word = text.find([' ', '\t']).unwrap_or(text.len());
    let blanks = text[word..].find(|c| c != ' ' && c != '\t').unwrap_or(text.len() - word);
    (word, blanks)
}
