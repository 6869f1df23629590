//! A text field: characters, a cursor, and the way back within it.

use unicode_segmentation::UnicodeSegmentation;

use super::key::Key;

/// How many lines a field may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lines {
    /// One; line breaks of a paste become blanks.
    #[default]
    One,
    /// Many; Enter is a new line.
    Many,
}

/// A text that is being typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    text: String,
    cursor: usize,
    lines: Lines,
    past: Vec<(String, usize)>,
    future: Vec<(String, usize)>,
}

impl Field {
    /// Makes a field with the cursor at the end of its text.
    pub fn new(lines: Lines, text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.len(), lines, ..Self::default() }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the byte before which the cursor stands.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Replaces the text.
    pub fn set(&mut self, text: &str) {
        self.remember();
        text.clone_into(&mut self.text);
        self.cursor = self.text.len();
    }

    /// Puts text in at the cursor; control characters but line ends are left out.
    pub fn insert(&mut self, text: &str) {
        self.remember();
        let clean: String = text
            .replace("\r\n", "\n")
            .chars()
            .map(|c| match c {
                '\r' | '\n' if self.lines == Lines::Many => '\n',
                '\r' | '\n' | '\t' => ' ',
                c => c,
            })
            .filter(|c| *c == '\n' || !c.is_control())
            .collect();
        self.text.insert_str(self.cursor, &clean);
        self.cursor += clean.len();
    }

    /// Takes a key; tells whether the field used it.
    pub fn key(&mut self, key: Key) -> bool {
        match key {
            Key::Char(c) => self.insert(c.encode_utf8(&mut [0; 4])),
            Key::Enter if self.lines == Lines::Many => self.insert("\n"),
            Key::Backspace => self.delete(self.before(), self.cursor),
            Key::Delete => self.delete(self.cursor, self.after()),
            Key::Ctrl('u') => self.delete(0, self.text.len()),
            Key::Ctrl('w') => self.delete(self.word_before(), self.cursor),
            Key::Left => self.cursor = self.before(),
            Key::Right => self.cursor = self.after(),
            Key::Home | Key::Ctrl('a') => self.cursor = self.line_start(),
            Key::End | Key::Ctrl('e') => self.cursor = self.line_end(),
            Key::Up if self.lines == Lines::Many => return self.vertical(true),
            Key::Down if self.lines == Lines::Many => return self.vertical(false),
            Key::Ctrl('z') => self.travel(true),
            Key::Ctrl('y') => self.travel(false),
            _ => return false,
        }
        true
    }

    fn remember(&mut self) {
        self.past.push((self.text.clone(), self.cursor));
        self.future.clear();
    }

    fn travel(&mut self, back: bool) {
        let (from, to) = if back {
            (&mut self.past, &mut self.future)
        } else {
            (&mut self.future, &mut self.past)
        };
        if let Some((text, cursor)) = from.pop() {
            to.push((std::mem::replace(&mut self.text, text), self.cursor));
            self.cursor = cursor;
        }
    }

    fn delete(&mut self, from: usize, to: usize) {
        if from < to {
            self.remember();
            self.text.replace_range(from..to, "");
            self.cursor = from;
        }
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let next = self.text[self.cursor..].graphemes(true).next();
        self.cursor + next.map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        let kept = self.text[..self.cursor].trim_end();
        kept.rfind(char::is_whitespace)
            .map_or(0, |at| at + kept[at..].chars().next().map_or(1, char::len_utf8))
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.cursor..].find('\n').map_or(self.text.len(), |at| self.cursor + at)
    }

    fn vertical(&mut self, up: bool) -> bool {
        let column = self.text[self.line_start()..self.cursor].graphemes(true).count();
        let start = if up {
            let Some(before) = self.line_start().checked_sub(1) else { return false };
            self.text[..before].rfind('\n').map_or(0, |at| at + 1)
        } else if self.line_end() < self.text.len() {
            self.line_end() + 1
        } else {
            return false;
        };
        let end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        let line = &self.text[start..end];
        self.cursor = start + line.grapheme_indices(true).nth(column).map_or(line.len(), |g| g.0);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_moving_and_the_way_back() {
        let mut field = Field::new(Lines::One, "");
        field.insert("one two\nthree\u{1b}");
        assert_eq!(field.text(), "one two three");
        field.key(Key::Ctrl('w'));
        assert_eq!(field.text(), "one two ");
        field.key(Key::Ctrl('z'));
        assert_eq!(field.text(), "one two three");
        field.key(Key::Home);
        field.key(Key::Delete);
        assert_eq!((field.text(), field.cursor()), ("ne two three", 0));
        assert!(!field.key(Key::Enter) && !field.key(Key::Up));
    }

    #[test]
    fn clusters_are_never_cut_and_lines_keep_the_column() {
        let mut field = Field::new(Lines::Many, "e\u{301}a\nbc");
        field.key(Key::Up);
        assert_eq!(field.cursor(), 4);
        field.key(Key::Left);
        field.key(Key::Backspace);
        assert_eq!(field.text(), "a\nbc");
        assert!(!field.key(Key::Up) && field.key(Key::Down));
    }
}
