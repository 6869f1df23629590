//! Walking over canonical JSON without making values of it: fast, and strict about the spelling.

use std::borrow::Cow;

use super::canonical::TOO_LARGE;

/// As deep as the reader of values goes.
const DEEPEST: u8 = 127;

/// Tells whether a text is canonical.
#[cfg(test)]
pub(crate) fn is_canonical(text: &str) -> bool {
    let mut scanner = Scanner::new(text);
    scanner.skip(0).is_some() && scanner.is_at_end()
}

/// Walks over a text as long as it is canonical; `None` means that it is not.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn byte(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// Walks over any value.
    pub(crate) fn skip(&mut self, depth: u8) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'"' => self.string().map(|_| ()),
            b'{' => self.object(depth, |scanner, _| scanner.skip(depth + 1)),
            b'[' => self.list(depth),
            b'n' => self.word("null"),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            _ => self.number().map(|_| ()),
        }
    }

    /// Walks over any value and returns it as it is spelled.
    pub(crate) fn raw(&mut self, walk: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        let start = self.at;
        walk(self)?;
        self.text.get(start..self.at)
    }

    /// Walks over any value; returns it if it is a text.
    pub(crate) fn text(&mut self, depth: u8) -> Option<Option<Cow<'a, str>>> {
        if self.peek()? != b'"' {
            return self.skip(depth).map(|()| None);
        }
        let string = self.string()?;
        if !string.escaped {
            return Some(Some(Cow::Borrowed(string.inside)));
        }
        let quoted = format!("\"{}\"", string.inside);
        serde_json::from_str(&quoted).ok().map(|text: String| Some(Cow::Owned(text)))
    }

    /// Walks over any value; returns it if it is a number.
    pub(crate) fn int(&mut self, depth: u8) -> Option<Option<i64>> {
        match self.peek()? {
            b'-' | b'0'..=b'9' => self.number().map(Some),
            _ => self.skip(depth).map(|()| None),
        }
    }

    /// Walks over any value; calls `field` for each field if it is an object.
    ///
    /// `field` is given the key as it is spelled, and has to walk over the value.
    pub(crate) fn fields(
        &mut self,
        depth: u8,
        field: impl FnMut(&mut Self, &'a str) -> Option<()>,
    ) -> Option<()> {
        if self.peek()? == b'{' { self.object(depth, field) } else { self.skip(depth) }
    }

    fn object(
        &mut self,
        depth: u8,
        mut field: impl FnMut(&mut Self, &'a str) -> Option<()>,
    ) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.byte(b'{')?;
        if self.byte(b'}').is_some() {
            return Some(());
        }
        let mut last: Option<Quoted<'a>> = None;
        loop {
            let key = self.string()?;
            if last.is_some_and(|last| !sorts_before(last, key)) {
                return None;
            }
            last = Some(key);
            self.byte(b':')?;
            field(self, key.inside)?;
            if self.byte(b'}').is_some() {
                return Some(());
            }
            self.byte(b',')?;
        }
    }

    fn list(&mut self, depth: u8) -> Option<()> {
        self.byte(b'[')?;
        if self.byte(b']').is_some() {
            return Some(());
        }
        loop {
            self.skip(depth + 1)?;
            if self.byte(b']').is_some() {
                return Some(());
            }
            self.byte(b',')?;
        }
    }

    fn number(&mut self) -> Option<i64> {
        let negative = self.byte(b'-').is_some();
        let start = self.at;
        let mut size: u64 = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            size = size.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            self.at += 1;
        }
        let digits = self.at - start;
        let plain = digits == 1 || (digits > 1 && self.text.as_bytes()[start] != b'0');
        if !plain || size >= TOO_LARGE || (negative && size == 0) {
            return None;
        }
        let size = i64::try_from(size).ok()?;
        Some(if negative { -size } else { size })
    }

    fn string(&mut self) -> Option<Quoted<'a>> {
        self.byte(b'"')?;
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += plain_length(self.text.as_bytes().get(self.at..)?);
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    self.escape()?;
                    escaped = true;
                }
                _ => return None,
            }
        }
        let inside = self.text.get(start..self.at)?;
        self.at += 1;
        Some(Quoted { inside, escaped })
    }

    fn escape(&mut self) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r' => Some(()),
            b'u' => {
                self.word("00")?;
                let digits = self.text.get(self.at..self.at + 2)?;
                self.at += 2;
                let control = u8::from_str_radix(digits, 16).ok()?;
                let has_short_form = matches!(control, 8 | 9 | 10 | 12 | 13);
                (control < 0x20 && !has_short_form && digits == super::chain::hex(&[control]))
                    .then_some(())
            }
            _ => None,
        }
    }
}

/// What stands between two quotes.
#[derive(Clone, Copy)]
struct Quoted<'a> {
    inside: &'a str,
    escaped: bool,
}

/// Counts the bytes before the first quote, backslash or control character, eight at a time.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut length = 0;
    let mut eights = bytes.chunks_exact(8);
    for eight in &mut eights {
        let word = eight.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        // A borrow can only mark bytes behind the first one that is marked rightly.
        let found = control | quote | backslash;
        if found != 0 {
            return length + (found.trailing_zeros() / 8) as usize;
        }
        length += 8;
    }
    let special = |byte: &u8| matches!(*byte, b'"' | b'\\' | 0..=0x1f);
    length + eights.remainder().iter().take_while(|byte| !special(byte)).count()
}

/// Tells whether a key stands before another in UTF-16 code units.
fn sorts_before(a: Quoted<'_>, b: Quoted<'_>) -> bool {
    let simple = |key: Quoted<'_>| !key.escaped && key.inside.is_ascii();
    if simple(a) && simple(b) {
        return a.inside < b.inside;
    }
    let plain = |key: Quoted<'_>| serde_json::from_str::<String>(&format!("\"{}\"", key.inside));
    match (plain(a), plain(b)) {
        (Ok(a), Ok(b)) => a.encode_utf16().lt(b.encode_utf16()),
        _ => false,
    }
}
