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

/// The text is no JSON where a value was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// Walks over a text as long as it is canonical; `None` means that it is not.
pub(crate) struct Scanner<'a> {
    /// All of it, to name places in.
    text: &'a str,
    /// What is still before the scanner.
    rest: &'a [u8],
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, rest: text.as_bytes() }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    #[inline]
    fn byte(&mut self, wanted: u8) -> Option<()> {
        match self.rest {
            [first, rest @ ..] if *first == wanted => {
                self.rest = rest;
                Some(())
            }
            _ => None,
        }
    }

    #[inline]
    fn word(&mut self, word: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    /// Walks over any value.
    pub(crate) fn skip(&mut self, depth: u8) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.rest.first()? {
            b'"' => self.string().map(|_| ()),
            b'{' => self.object(depth, |scanner, _| scanner.skip(depth + 1)),
            b'[' => self.list(depth),
            b'n' => self.word(b"null"),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            _ => self.number().map(|_| ()),
        }
    }

    /// Walks over any value and returns it as it is spelled.
    pub(crate) fn raw(&mut self, walk: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        let start = self.at();
        walk(self)?;
        self.text.get(start..self.at())
    }

    /// Walks over any value; returns it if it is a text.
    pub(crate) fn text(&mut self, depth: u8) -> Result<Option<Cow<'a, str>>, Broken> {
        if self.rest.first() != Some(&b'"') {
            return self.skip(depth).map(|()| None).ok_or(Broken);
        }
        let string = self.string().ok_or(Broken)?;
        if string.escaped {
            return string.plain().map(|text| Some(Cow::Owned(text))).ok_or(Broken);
        }
        let end = self.at() - 1;
        let text = self.text.get(end - string.inside.len()..end).ok_or(Broken)?;
        Ok(Some(Cow::Borrowed(text)))
    }

    /// Walks over any value; returns it if it is a number.
    pub(crate) fn int(&mut self, depth: u8) -> Result<Option<i64>, Broken> {
        match self.rest.first() {
            Some(b'-' | b'0'..=b'9') => self.number().map(Some),
            _ => self.skip(depth).map(|()| None),
        }
        .ok_or(Broken)
    }

    /// Walks over any value; calls `field` for each field if it is an object.
    ///
    /// `field` is given the key as it is spelled, and has to walk over the value.
    pub(crate) fn fields(
        &mut self,
        depth: u8,
        field: impl FnMut(&mut Self, &'a [u8]) -> Option<()>,
    ) -> Option<()> {
        if *self.rest.first()? == b'{' { self.object(depth, field) } else { self.skip(depth) }
    }

    fn object(
        &mut self,
        depth: u8,
        mut field: impl FnMut(&mut Self, &'a [u8]) -> Option<()>,
    ) -> Option<()> {
        self.byte(b'{')?;
        if depth > DEEPEST || self.byte(b'}').is_some() {
            return (depth <= DEEPEST).then_some(());
        }
        let mut last = Quoted { inside: b"", escaped: false };
        let mut first = true;
        loop {
            let key = self.string()?;
            if !first && !sorts_before(last, key) {
                return None;
            }
            (last, first) = (key, false);
            self.byte(b':')?;
            field(self, key.inside)?;
            let (next, rest) = self.rest.split_first()?;
            self.rest = rest;
            match next {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
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

    #[inline]
    fn number(&mut self) -> Option<i64> {
        let negative = self.byte(b'-').is_some();
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        // 2^53 has 16 digits.
        if digits == 0 || digits > 16 || (digits > 1 && self.rest[0] == b'0') {
            return None;
        }
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        let size = number.iter().fold(0, |size, digit| size * 10 + i64::from(digit - b'0'));
        if size.unsigned_abs() >= TOO_LARGE || (negative && size == 0) {
            return None;
        }
        Some(if negative { -size } else { size })
    }

    #[inline]
    fn string(&mut self) -> Option<Quoted<'a>> {
        self.byte(b'"')?;
        let inside = self.rest;
        let length = plain_length(inside);
        if inside.get(length) == Some(&b'"') {
            self.rest = &inside[length + 1..];
            return Some(Quoted { inside: &inside[..length], escaped: false });
        }
        self.escaped_string(inside)
    }

    fn escaped_string(&mut self, inside: &'a [u8]) -> Option<Quoted<'a>> {
        loop {
            self.rest = &self.rest[plain_length(self.rest)..];
            if self.byte(b'"').is_some() {
                let length = inside.len() - self.rest.len() - 1;
                return Some(Quoted { inside: &inside[..length], escaped: true });
            }
            self.byte(b'\\')?;
            self.escape()?;
        }
    }

    fn escape(&mut self) -> Option<()> {
        let (kind, rest) = self.rest.split_first()?;
        self.rest = rest;
        match kind {
            b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r' => Some(()),
            b'u' => {
                self.word(b"00")?;
                let (digits, rest) = self.rest.split_at_checked(2)?;
                self.rest = rest;
                let digits = str::from_utf8(digits).ok()?;
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
    inside: &'a [u8],
    escaped: bool,
}

impl Quoted<'_> {
    /// Reads the text that is meant.
    fn plain(&self) -> Option<String> {
        serde_json::from_slice(&[b"\"", self.inside, b"\""].concat()).ok()
    }
}

/// Counts the bytes before the first quote, backslash or control character, eight at a time.
#[inline]
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH: u64 = ONES * 0x80;
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let quote = zero(word ^ (ONES * u64::from(b'"')));
        let backslash = zero(word ^ (ONES * u64::from(b'\\')));
        // A borrow can only mark bytes behind the first one that is marked rightly.
        let found = control | quote | backslash;
        if found != 0 {
            return at * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    let special = |byte: &u8| matches!(*byte, b'"' | b'\\' | 0..=0x1f);
    eights.len() * 8 + rest.iter().take_while(|byte| !special(byte)).count()
}

/// Tells whether a key stands before another in UTF-16 code units.
#[inline]
fn sorts_before(a: Quoted<'_>, b: Quoted<'_>) -> bool {
    // Most neighbours differ in their first letter already.
    if let ([first, ..], [second, ..]) = (a.inside, b.inside)
        && first != second
        && (first | second) < 0x80
        && !a.escaped
        && !b.escaped
    {
        return first < second;
    }
    let different = a.inside.iter().zip(b.inside).find(|(a, b)| a != b);
    match different {
        _ if a.escaped || b.escaped => {}
        // The one is how the other begins.
        None => return a.inside.len() < b.inside.len(),
        Some((a, b)) if a.is_ascii() && b.is_ascii() => return a < b,
        Some(_) => {}
    }
    match (a.plain(), b.plain()) {
        (Some(a), Some(b)) => a.encode_utf16().lt(b.encode_utf16()),
        _ => false,
    }
}
