//! Cuts folded text into words and signs, and numbers the words that phrases are made of.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::fold::is_word_byte;

/// Number of a word that no phrase holds. Signs are numbered by their byte, and this byte is none.
pub const UNKNOWN: u32 = 0xFF;

/// Words are numbered from here on.
const FIRST_WORD: u32 = 0x100;

/// A word or a sign: a run of word bytes, or any other byte but a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Its number.
    pub number: u32,
}

/// All words of phrases, numbered.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Spelling", into = "Spelling")]
pub struct Vocabulary {
    spelling: Spelling,
    /// Hash table of the keys of words, 0 where a place is empty. Numbers lie apart from it: most
    /// words of a note are asked for in vain, and so they touch half the memory.
    keys: Vec<u64>,
    numbers: Vec<u32>,
    shift: u32,
}

/// The words one after the other, and where each ends.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Spelling {
    letters: Vec<u8>,
    ends: Vec<u32>,
}

impl Spelling {
    fn word(&self, at: usize) -> &[u8] {
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.letters[from..self.ends[at] as usize]
    }
}

impl From<Vocabulary> for Spelling {
    fn from(vocabulary: Vocabulary) -> Self {
        vocabulary.spelling
    }
}

impl From<Spelling> for Vocabulary {
    fn from(spelling: Spelling) -> Self {
        let bits = (spelling.ends.len() * 3).next_power_of_two().max(16).trailing_zeros();
        let (keys, numbers) = (vec![0; 1 << bits], vec![UNKNOWN; 1 << bits]);
        let mut vocabulary = Self { spelling, keys, numbers, shift: u64::BITS - bits };
        for at in 0..vocabulary.spelling.ends.len() {
            let word = vocabulary.spelling.word(at);
            let key = Chunk::read(word, 0).whole_key(word, 0).0;
            let mut place = vocabulary.place(key);
            while vocabulary.keys[place] != 0 {
                place = (place + 1) & (vocabulary.keys.len() - 1);
            }
            vocabulary.keys[place] = key;
            vocabulary.numbers[place] = u32::try_from(at).map_or(UNKNOWN, |at| at + FIRST_WORD);
        }
        vocabulary
    }
}

impl Vocabulary {
    /// Numbers words in the order given; each is folded, in small letters, and comes once.
    pub fn new<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut spelling = Spelling::default();
        for word in words {
            spelling.letters.extend_from_slice(word.as_bytes());
            spelling.ends.push(u32::try_from(spelling.letters.len()).unwrap_or(u32::MAX));
        }
        Self::from(spelling)
    }

    /// Returns one more than the highest number.
    pub fn len(&self) -> usize {
        FIRST_WORD as usize + self.spelling.ends.len()
    }

    /// Tells whether no word is numbered.
    pub fn is_empty(&self) -> bool {
        self.spelling.ends.is_empty()
    }

    /// Spells a word or a sign.
    pub fn spell(&self, number: u32) -> String {
        let word = match number.checked_sub(FIRST_WORD) {
            Some(at) => String::from_utf8_lossy(self.spelling.word(at as usize)),
            None => return char::from_u32(number).map_or_else(String::new, String::from),
        };
        word.into_owned()
    }

    /// Cuts folded text into numbered words and signs; `each` gets them in order.
    #[inline]
    pub fn cut(&self, bytes: &[u8], mut each: impl FnMut(Token)) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if byte == b' ' {
                at += 1;
            } else if is_word_byte(byte) {
                let (key, end) = Chunk::read(bytes, at).whole_key(bytes, at);
                each(token(at, end, self.number(key, &bytes[at..end])));
                at = end;
            } else {
                each(token(at, at + 1, u32::from(byte)));
                at += 1;
            }
        }
    }

    #[inline]
    fn number(&self, key: u64, word: &[u8]) -> u32 {
        let mut place = self.place(key);
        while let Some(&known) = self.keys.get(place)
            && known != 0
        {
            if known == key {
                let number = self.numbers[place];
                let spelt = || self.spelling.word((number - FIRST_WORD) as usize);
                if word.len() <= 8 || spelt().eq_ignore_ascii_case(word) {
                    return number;
                }
            }
            place = (place + 1) & (self.keys.len() - 1);
        }
        UNKNOWN
    }

    fn place(&self, key: u64) -> usize {
        usize::try_from(mix(key) >> self.shift).unwrap_or(0)
    }
}

/// Tells where the words and signs of a folded text stand, slowly; for texts of phrases.
pub fn pieces(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| is_word_byte(**byte)).count();
        if bytes[at] != b' ' {
            pieces.push(at..at + run.max(1));
        }
        at += run.max(1);
    }
    pieces
}

fn token(start: usize, end: usize, number: u32) -> Token {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Token { start: offset(start), end: offset(end), number }
}

const fn mix(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Eight bytes of text at once: how many of them belong to the word, and they in small letters.
#[derive(Clone, Copy)]
struct Chunk {
    run: usize,
    small: u64,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x80 * ONES;

/// Sets the high bit of each byte that is at least `least`; all bytes are below 128.
const fn at_least(bytes: u64, least: u8) -> u64 {
    (bytes + (0x80 - least as u64) * ONES) & HIGH
}

impl Chunk {
    #[inline]
    fn read(bytes: &[u8], at: usize) -> Self {
        let eight = if let Some(chunk) = bytes[at..].first_chunk::<8>() {
            u64::from_le_bytes(*chunk)
        } else {
            let mut chunk = [0; 8];
            chunk[..bytes.len() - at].copy_from_slice(&bytes[at..]);
            u64::from_le_bytes(chunk)
        };
        let low = eight & !HIGH;
        let small = low | (0x20 * ONES);
        let letters = at_least(small, b'a') & !at_least(small, b'z' + 1) & !eight;
        let digits = at_least(low, b'0') & !at_least(low, b'9' + 1);
        let underscores = !at_least(low ^ (u64::from(b'_') * ONES), 1) & HIGH;
        let word = (letters | digits | underscores | eight) & HIGH;
        let run = ((!word & HIGH).trailing_zeros() / 8) as usize;
        let kept = if run == 8 { u64::MAX } else { (1 << (run * 8)) - 1 };
        Self { run, small: (eight | (letters >> 2)) & kept }
    }

    /// Returns the key of the whole word that begins at `at` with this chunk, and its end.
    ///
    /// Up to eight letters the key is the word itself. The key of a longer word begins with a byte
    /// that no word holds: it is never that of a short one, and no key is 0.
    #[inline]
    fn whole_key(self, bytes: &[u8], at: usize) -> (u64, usize) {
        let mut key = self.small;
        let mut end = at + self.run;
        let mut run = self.run;
        while run == 8 && bytes.get(end).is_some_and(|byte| is_word_byte(*byte)) {
            let next = Self::read(bytes, end);
            run = next.run;
            end += run;
            key = (mix(key) ^ next.small).rotate_left(23);
        }
        (if end - at > 8 { key & !0xFF | 1 } else { key }, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(vocabulary: &Vocabulary, text: &str) -> Vec<(String, u32)> {
        let mut tokens = Vec::new();
        vocabulary.cut(text.as_bytes(), |one| {
            tokens.push((text[one.start as usize..one.end as usize].to_owned(), one.number));
        });
        tokens
    }

    #[test]
    fn words_and_signs_are_numbered() {
        let known = ["sit", "stand", "proprioceptive", "neurodevelopmental", "caf\u{e9}"];
        let vocabulary = Vocabulary::new(known.into_iter());
        let got = cut(&vocabulary, "SIT<>Stand, Proprioceptive neurodevelopment Caf\u{e9} _x1");
        let want = [
            ("SIT", 256),
            ("<", 60),
            (">", 62),
            ("Stand", 257),
            (",", 44),
            ("Proprioceptive", 258),
            ("neurodevelopment", UNKNOWN),
            ("Caf\u{e9}", 260),
            ("_x1", UNKNOWN),
        ];
        let want: Vec<_> = want.iter().map(|(word, at)| ((*word).to_owned(), *at)).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn every_byte_belongs_to_the_word_that_folding_says() {
        let vocabulary = Vocabulary::default();
        for byte in 0..=u8::MAX {
            let text = [b'a', byte, b'a'];
            let mut count = 0;
            vocabulary.cut(&text, |_| count += 1);
            let want = if is_word_byte(byte) { 1 } else { 2 + usize::from(byte != b' ') };
            assert_eq!(count, want, "{byte}");
        }
    }
}
