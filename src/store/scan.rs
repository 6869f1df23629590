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

/// A one in each byte of a word, and the highest bit of each.
const ONES: u64 = u64::MAX / 255;
const HIGH: u64 = ONES * 0x80;

/// The text is no JSON where a value was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// Walks over a text as long as it is canonical; `None` means that it is not.
pub(crate) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Where the scanner stands.
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0 }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    #[inline]
    fn byte(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let found = self.bytes.get(self.at..self.at + word.len())?;
        (found == word).then(|| self.at += word.len())
    }

    /// Walks over any value.
    #[inline]
    pub(crate) fn skip(&mut self, depth: u8) -> Option<()> {
        match self.peek()? {
            b'"' => self.skip_string(),
            b'-' | b'0'..=b'9' => self.number().map(|_| ()),
            _ => self.nested(depth),
        }
    }

    fn nested(&mut self, depth: u8) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match self.peek()? {
            b'{' => self.object(|scanner, _| scanner.skip(depth + 1)),
            b'[' => self.list(depth),
            b'n' => self.word(b"null"),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            _ => None,
        }
    }

    /// Walks over any value and returns it as it is spelled.
    pub(crate) fn raw(&mut self, walk: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        let start = self.at;
        walk(self)?;
        self.text.get(start..self.at)
    }

    /// Walks over any value; returns it if it is a text.
    pub(crate) fn text(&mut self, depth: u8) -> Result<Option<Cow<'a, str>>, Broken> {
        if self.peek() != Some(b'"') {
            return self.skip(depth).map(|()| None).ok_or(Broken);
        }
        let start = self.at + 1;
        let string = self.string().ok_or(Broken)?;
        if string.escaped {
            return string.plain().map(|text| Some(Cow::Owned(text))).ok_or(Broken);
        }
        let text = self.text.get(start..self.at - 1).ok_or(Broken)?;
        Ok(Some(Cow::Borrowed(text)))
    }

    /// Walks over any value; returns it if it is a number.
    pub(crate) fn int(&mut self, depth: u8) -> Result<Option<i64>, Broken> {
        match self.peek() {
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
        if depth <= DEEPEST && self.peek()? == b'{' { self.object(field) } else { self.skip(depth) }
    }

    #[inline]
    fn object(&mut self, mut field: impl FnMut(&mut Self, &'a [u8]) -> Option<()>) -> Option<()> {
        self.byte(b'{')?;
        if self.byte(b'}').is_some() {
            return Some(());
        }
        let mut last = self.string()?;
        loop {
            self.byte(b':')?;
            field(self, last.inside)?;
            match self.next()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
            let key = self.string()?;
            if !sorts_before(&last, &key) {
                return None;
            }
            last = key;
        }
    }

    fn list(&mut self, depth: u8) -> Option<()> {
        self.byte(b'[')?;
        if self.byte(b']').is_some() {
            return Some(());
        }
        loop {
            self.skip(depth + 1)?;
            match self.next()? {
                b',' => {}
                b']' => return Some(()),
                _ => return None,
            }
        }
    }

    #[inline]
    fn number(&mut self) -> Option<i64> {
        let negative = self.byte(b'-').is_some();
        let start = self.at;
        let mut size: u64 = 0;
        while let Some(digit) = self.peek().map(|byte| byte.wrapping_sub(b'0'))
            && digit < 10
        {
            // Too many digits are refused below, whatever they come to.
            size = size.wrapping_mul(10).wrapping_add(u64::from(digit));
            self.at += 1;
        }
        let digits = self.at - start;
        let led_by_zero = self.bytes.get(start) == Some(&b'0');
        // 2^53 has 16 digits.
        if digits == 0 || digits > 16 || size >= TOO_LARGE {
            return None;
        }
        if led_by_zero && (digits > 1 || negative) {
            return None;
        }
        let size = size.cast_signed();
        Some(if negative { -size } else { size })
    }

    #[inline]
    fn string(&mut self) -> Option<Quoted<'a>> {
        self.byte(b'"')?;
        let before = self.bytes.get(self.at..)?;
        let Some(first) = before.first_chunk() else { return self.any_string(before) };
        let special = specials(*first);
        let length = if special == 0 { plain_length(before) } else { first_special(special) };
        if before.get(length) != Some(&b'"') {
            return self.any_string(before);
        }
        self.at += length + 1;
        let begin = u64::from_be_bytes(*first) & FIRST_LETTERS[length.min(8)];
        Some(Quoted { inside: &before[..length], begin, escaped: false })
    }

    /// Walks over a string of which nothing is asked.
    #[inline]
    fn skip_string(&mut self) -> Option<()> {
        let start = self.at + 1;
        let before = self.bytes.get(start..)?;
        let length = match before.first_chunk().map(|eight| specials(*eight)) {
            Some(special) if special != 0 => first_special(special),
            _ => plain_length(before),
        };
        if before.get(length) == Some(&b'"') {
            self.at = start + length + 1;
            return Some(());
        }
        self.string().map(|_| ())
    }

    /// Walks over a string that has escapes, or stands at the end of the text.
    #[cold]
    fn any_string(&mut self, before: &'a [u8]) -> Option<Quoted<'a>> {
        let (start, mut escaped) = (self.at, false);
        loop {
            self.at += plain_length(self.bytes.get(self.at..)?);
            match self.next()? {
                b'"' => break,
                b'\\' => self.escape()?,
                _ => return None,
            }
            escaped = true;
        }
        Some(Quoted { inside: &before[..self.at - start - 1], begin: 0, escaped })
    }

    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'"' | b'\\' | b'b' | b't' | b'n' | b'f' | b'r' => Some(()),
            b'u' => {
                self.word(b"00")?;
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

/// What is kept of eight letters for so many of them.
const FIRST_LETTERS: [u64; 9] = {
    let mut masks = [u64::MAX; 9];
    let mut letters = 0;
    while letters < 8 {
        masks[letters] = !(u64::MAX >> (8 * letters));
        letters += 1;
    }
    masks
};

/// What stands between two quotes.
struct Quoted<'a> {
    inside: &'a [u8],
    /// Its first eight letters as a number, zero behind its end; 0 if they are not looked at.
    begin: u64,
    escaped: bool,
}

impl Quoted<'_> {
    /// Reads the text that is meant.
    fn plain(&self) -> Option<String> {
        serde_json::from_slice(&[b"\"", self.inside, b"\""].concat()).ok()
    }
}

/// Counts the bytes before the first quote, backslash or control character, eight at a time.
pub(super) fn plain_length(bytes: &[u8]) -> usize {
    let (eights, rest) = bytes.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let special = specials(*eight);
        if special != 0 {
            return at * 8 + first_special(special);
        }
    }
    let special = |byte: &u8| matches!(*byte, b'"' | b'\\' | 0..=0x1f);
    eights.len() * 8 + rest.iter().take_while(|byte| !special(byte)).count()
}

/// Marks quotes, backslashes and control characters, and perhaps bytes behind the first of them.
#[inline]
fn specials(eight: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(eight);
    let control = word.wrapping_sub(ONES * 0x20);
    let quote = (word ^ (ONES * u64::from(b'"'))).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * u64::from(b'\\'))).wrapping_sub(ONES);
    (control | quote | backslash) & !word & HIGH
}

#[inline]
fn first_special(special: u64) -> usize {
    (special.trailing_zeros() / 8) as usize
}

/// Tells whether a key stands before another in UTF-16 code units.
#[inline]
fn sorts_before(a: &Quoted<'_>, b: &Quoted<'_>) -> bool {
    // Most neighbours differ in their first letters already.
    let ascii = (a.begin | b.begin) & HIGH == 0;
    if ascii && a.begin != b.begin && a.begin != 0 && b.begin != 0 {
        return a.begin < b.begin;
    }
    sorts_before_to_the_end(a, b)
}

fn sorts_before_to_the_end(a: &Quoted<'_>, b: &Quoted<'_>) -> bool {
    if !a.escaped && !b.escaped && a.inside.is_ascii() && b.inside.is_ascii() {
        return a.inside < b.inside;
    }
    match (a.plain(), b.plain()) {
        (Some(a), Some(b)) => a.encode_utf16().lt(b.encode_utf16()),
        _ => false,
    }
}
