//! Lines of a note as they stand: bullets, labels, and which line goes on with the one before.

use super::{Item, Marker};

/// A line of the note.
pub(super) struct RawLine<'t> {
    pub(super) at: usize,
    pub(super) indent: usize,
    pub(super) marker: Marker,
    pub(super) content: &'t str,
    pub(super) content_at: usize,
}

impl RawLine<'_> {
    pub(super) fn len(&self) -> usize {
        self.content_at - self.at + self.content.len()
    }
}

/// Cuts a note into its lines.
pub(super) fn lines(text: &str) -> Vec<RawLine<'_>> {
    let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).count();
    let mut lines = Vec::with_capacity(newlines + 1);
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let raw = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest, |end| &rest[..=end]);
        let line = raw.trim_end();
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let marker_len = marker(body);
        let content = body[marker_len..].trim_start();
        lines.push(RawLine {
            at,
            indent,
            // A mark of a Markdown heading is no bullet.
            marker: match body.as_bytes().first() {
                Some(b'#') | None => Marker::None,
                Some(_) if marker_len > 0 => Marker::Bullet,
                Some(_) => Marker::None,
            },
            content,
            content_at: at + line.len() - content.len(),
        });
        at += raw.len();
    }
    lines
}

/// Returns the bytes of a bullet or number at the start of a line.
fn marker(body: &str) -> usize {
    let mut chars = body.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    let rest = &body[first.len_utf8()..];
    match first {
        '\u{2022}' | '\u{25CF}' | '\u{25AA}' | '\u{25E6}' | '\u{2023}' | '\u{00B7}'
        | '\u{F0B7}' => first.len_utf8(),
        '-' | '*' | '+' | '\u{2013}' | '\u{2014}'
            if rest.starts_with([' ', '\t']) || rest.starts_with(char::is_alphabetic) =>
        {
            first.len_utf8()
        }
        '#' => body.len() - body.trim_start_matches('#').len(),
        '[' if ["[x]", "[X]", "[ ]"].iter().any(|box_| body.starts_with(box_)) => 3,
        '0'..='9' => {
            let digits = body.bytes().take_while(u8::is_ascii_digit).count();
            let after = &body[digits..];
            let numbered = digits <= 2 && (after.starts_with(". ") || after.starts_with(") "));
            if numbered { digits + 1 } else { 0 }
        }
        _ => 0,
    }
}

/// Tells whether a line goes on with the line before it.
///
/// `width` is the column at which the note wraps, 0 if its lines are not wrapped: then only a line
/// that breaks off in the middle of a phrase goes on.
pub(super) fn continues(
    before: &RawLine<'_>,
    line: &RawLine<'_>,
    width: usize,
    items: &[Item],
) -> bool {
    if line.marker == Marker::Bullet || before.content.ends_with([':', ';']) {
        return false;
    }
    let Some(item) = items.last() else { return false };
    // Rows of a table; a cell may go on below, alone and indented.
    if has_blanks::<3>(before.content) {
        let row = has_blanks::<3>(line.content);
        return !row && line.indent > item.indent as usize;
    }
    if starts_with_label(line.content) {
        return false;
    }
    if line.indent > item.indent as usize && (item.marker == Marker::Bullet || item.clock) {
        return true;
    }
    if breaks_off(before.content) {
        return true;
    }
    if before.content.ends_with(['.', '!', '?']) && item.marker == Marker::None {
        return false;
    }
    let first_word = line.content.split_whitespace().next().unwrap_or_default();
    let full = before.len() + 1 + first_word.len();
    // A note wrapped by hand is uneven; a capital letter may as well begin a new line.
    let slack = if first_word.starts_with(char::is_uppercase) { 0 } else { 12 };
    width > 0 && before.len() >= 40 && full + slack > width
}

/// Tells whether so many blanks, two or three, stand side by side, as between columns.
#[expect(clippy::needless_bitwise_bool, reason = "compared at once, without a branch for each")]
pub(crate) fn has_blanks<const COUNT: usize>(line: &str) -> bool {
    let bytes = line.as_bytes();
    let behind = |step: usize| bytes.get(step..).unwrap_or_default();
    let side_by_side = bytes.iter().zip(behind(1)).zip(behind(COUNT - 1));
    // To the end, whatever is found: so many bytes are compared at a time. Few lines hold any.
    side_by_side.fold(false, |found, ((one, next), last)| {
        found | ((*one == b' ') & (*next == b' ') & (*last == b' '))
    })
}

/// Tells whether a line ends where no line of a list would end.
fn breaks_off(content: &str) -> bool {
    let last = content.rsplit(' ').next().unwrap_or_default().to_ascii_lowercase();
    content.ends_with([',', '/', '+', '&'])
        || matches!(
            last.as_str(),
            "and"
                | "or"
                | "with"
                | "w/"
                | "to"
                | "for"
                | "the"
                | "of"
                | "a"
                | "an"
                | "in"
                | "at"
                | "from"
                | "on"
        )
}

/// Tells whether a line begins with a code, or with a few words and a colon: it stands by itself.
fn starts_with_label(content: &str) -> bool {
    let first = content.split([' ', ':', '\t', ',']).next().unwrap_or_default();
    if crate::model::Code::parse(first).is_some() || starts_with_clock(content) {
        return true;
    }
    let head = content.get(..content.len().min(40)).unwrap_or(content);
    let colon = head.find(": ").or_else(|| content.strip_suffix(':').map(str::len));
    colon.is_some_and(|at| {
        at <= 32 && content.starts_with(char::is_uppercase) && content[..at].split(' ').count() <= 4
    })
}

/// `8:15-8:30 am ...`: a line of a log.
pub(super) fn starts_with_clock(content: &str) -> bool {
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &content.as_bytes()[digits..];
    (1..=2).contains(&digits)
        && matches!(rest, [b':', a, b, ..] if a.is_ascii_digit() && b.is_ascii_digit())
}
