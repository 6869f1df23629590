//! Folding: how phrases and notes are brought to one form before they are compared.
//!
//! Runs of white space become one blank, a hyphen inside a word becomes a blank, blanks beside the
//! signs `<`, `>` and `/` go, and typographic characters become their plain forms. Case is kept:
//! the automaton ignores it, and abbreviations need it.

/// Tells whether a byte belongs to a word; every non-ASCII letter does.
#[inline]
pub const fn is_word_byte(byte: u8) -> bool {
    WORD_BYTES[byte as usize]
}

/// One look-up in place of a chain of comparisons: notes are asked byte by byte.
const WORD_BYTES: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0_u8;
    loop {
        word[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    word
};

/// Tells whether a character is a sign that needs no blank beside it.
pub const fn is_sign(byte: u8) -> bool {
    matches!(byte, b'<' | b'>' | b'/')
}

/// Returns the plain form of a typographic character; `None` keeps the character.
///
/// Soft hyphens and byte order marks fold to nothing.
pub const fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{2032}' | '\u{00B4}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{2033}' => "\"",
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2014}' | '\u{2212}' => "-",
        '\u{00A0}' | '\u{2002}' | '\u{2003}' | '\u{2007}' | '\u{2009}' | '\u{202F}' => " ",
        '\u{00AD}' | '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{FEFF}' => "",
        '\u{00D7}' | '\u{2715}' => "x",
        '\u{2192}' => "->",
        '\u{2190}' => "<-",
        '\u{2194}' | '\u{21C4}' => "<->",
        '\u{2026}' => "...",
        _ => return None,
    })
}

/// Whether folding looks at what stands around a byte; all others but blanks it keeps.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0_u8;
    loop {
        special[byte as usize] =
            is_sign(byte) || matches!(byte, b'-' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x80..);
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    special
};

/// So many bytes are looked at together.
const STEP: usize = 16;

/// Returns the length of the run at the start that folds to itself; it ends with no blank.
#[expect(clippy::needless_bitwise_bool, reason = "compared at once, without a branch for each")]
fn plain_run(bytes: &[u8]) -> usize {
    let mut start = 0;
    if !bytes.starts_with(b" ") {
        while bytes[start..].first_chunk().is_some_and(is_plain) {
            start += STEP;
        }
    }
    // One condition a byte that hardly ever holds: a blank stays when it stands alone between words.
    let mut before = start.checked_sub(1).map_or(b' ', |before| bytes[before]);
    let stop = bytes[start..].iter().position(|byte| {
        let twice = (*byte == b' ') & (before == b' ');
        before = *byte;
        SPECIAL[usize::from(*byte)] | twice
    });
    let end = stop.map_or(bytes.len(), |stop| start + stop);
    end - usize::from(bytes[..end].ends_with(b" "))
}

/// Tells whether bytes fold to themselves, told by comparisons that are made for all at once; the
/// last byte only says what follows.
#[expect(clippy::needless_bitwise_bool, reason = "compared at once, without a branch for each")]
fn is_plain(bytes: &[u8; STEP + 1]) -> bool {
    let mut plain = true;
    for (byte, next) in bytes.iter().zip(&bytes[1..]) {
        let twice = (*byte == b' ') & (*next == b' ');
        let sign = (*byte == b'-') | (*byte == b'/') | (*byte == b'<') | (*byte == b'>');
        plain &= !(twice | sign | (*byte < b' ') | (*byte >= 0x80));
    }
    plain
}

/// What the folder has just written; the next character depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Start,
    Sign,
    Other,
}

/// Folds text piece by piece and tells its sink where each folded byte comes from.
///
/// `emit(folded, origin)` is called with folded text: that of one original character that begins at
/// byte `origin`, or a run of the text that folds to itself and begins there. Blanks are held back
/// until it is clear that no sign follows.
#[derive(Debug)]
pub struct Folder {
    last: Last,
    blank: Option<usize>,
}

impl Default for Folder {
    fn default() -> Self {
        Self { last: Last::Start, blank: None }
    }
}

impl Folder {
    /// Folds one stretch of text that begins at byte `base` of the original.
    pub fn fold(&mut self, text: &str, base: usize, mut emit: impl FnMut(&str, usize)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let run = plain_run(&bytes[at..]);
            if run > 0 {
                self.word(&text[at..at + run], base + at, &mut emit);
                at += run;
                continue;
            }
            let byte = bytes[at];
            if byte < 0x80 {
                self.ascii(text, at, base + at, &mut emit);
                at += 1;
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            match plain(c) {
                None => self.word(&text[at..at + c.len_utf8()], base + at, &mut emit),
                Some(" ") => self.gap(base + at),
                Some("-") => self.hyphen(bytes, at, c.len_utf8(), base + at, &mut emit),
                Some("") => {}
                Some(form) => {
                    for sign in 0..form.len() {
                        self.plain_byte(&form[sign..=sign], base + at, &mut emit);
                    }
                }
            }
            at += c.len_utf8();
        }
    }

    /// Notes a blank (a line wrap, for instance) before the next stretch.
    pub fn gap(&mut self, origin: usize) {
        if !matches!(self.last, Last::Start | Last::Sign) && self.blank.is_none() {
            self.blank = Some(origin);
        }
    }

    /// Forgets held blanks: a new line begins.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    fn ascii(&mut self, text: &str, at: usize, origin: usize, emit: &mut impl FnMut(&str, usize)) {
        match text.as_bytes()[at] {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C => self.gap(origin),
            b'-' => self.hyphen(text.as_bytes(), at, 1, origin, emit),
            _ => self.plain_byte(&text[at..=at], origin, emit),
        }
    }

    /// Takes one character of one byte.
    fn plain_byte(&mut self, sign: &str, origin: usize, emit: &mut impl FnMut(&str, usize)) {
        if sign.bytes().all(is_sign) {
            self.blank = None;
            emit(sign, origin);
            self.last = Last::Sign;
        } else {
            self.word(sign, origin, emit);
        }
    }

    fn word(&mut self, text: &str, origin: usize, emit: &mut impl FnMut(&str, usize)) {
        if let Some(blank) = self.blank.take()
            && self.last != Last::Sign
        {
            emit(" ", blank);
        }
        emit(text, origin);
        self.last = Last::Other;
    }

    /// A hyphen joins words (blank), parts of an arrow or a range of numbers (kept), or is a dash.
    fn hyphen(
        &mut self,
        bytes: &[u8],
        at: usize,
        width: usize,
        origin: usize,
        emit: &mut impl FnMut(&str, usize),
    ) {
        let before = at.checked_sub(1).map_or(b' ', |i| bytes[i]);
        let after = bytes.get(at + width).copied().unwrap_or(b' ');
        if before.is_ascii_digit() && after.is_ascii_digit() {
            self.word("-", origin, emit);
        } else if after == b'>' || before == b'<' {
            self.blank = None;
            emit("-", origin);
            self.last = Last::Sign;
        } else if is_word_byte(before) {
            self.gap(origin);
        } else {
            self.word("-", origin, emit);
        }
    }
}

/// Folds a phrase and lower-cases it: the form in which phrases are compared.
pub fn fold_phrase(phrase: &str) -> String {
    let mut folded = String::with_capacity(phrase.len());
    Folder::default().fold(phrase, 0, |text, _| folded.push_str(text));
    folded.make_ascii_lowercase();
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_hyphens_and_signs_fold_to_one_form() {
        for (given, folded) in [
            ("Sit-to-Stand", "sit to stand"),
            ("sit  to\n stand", "sit to stand"),
            ("sit \u{2194} stand", "sit<->stand"),
            ("sit <> stand", "sit<>stand"),
            ("sit\u{2011}to\u{00A0}stand", "sit to stand"),
            ("5-10 reps", "5-10 reps"),
            ("80 -> 95", "80->95"),
            ("3 \u{00D7} 10", "3 x 10"),
            ("pt\u{2019}s", "pt's"),
            ("30-second chair", "30 second chair"),
            ("stairs - training", "stairs - training"),
        ] {
            assert_eq!(fold_phrase(given), folded, "{given}");
        }
    }
}
