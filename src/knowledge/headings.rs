//! A sieve of headings, so that most lines need no look-up.

use serde::{Deserialize, Serialize};

/// Lets every heading through, and few other words: asked first by the first word, then by all.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct HeadingSieve {
    firsts: Vec<u64>,
    wholes: Vec<u64>,
}

/// Places in each half of the sieve.
const BITS: usize = 1 << 15;

impl HeadingSieve {
    /// Makes the sieve of these headings; each is folded.
    pub fn new<'h>(headings: impl Iterator<Item = &'h String>) -> Self {
        let mut sieve = Self { firsts: vec![0; BITS / 64], wholes: vec![0; BITS / 64] };
        for heading in headings {
            let place = first_word(heading.as_bytes()).place();
            sieve.firsts[place / 64] |= 1 << (place % 64);
            let place = heading.bytes().fold(Hash::default(), Hash::with).place();
            sieve.wholes[place / 64] |= 1 << (place % 64);
        }
        sieve
    }

    /// Tells whether a heading may begin as this text does, whatever its case.
    pub fn may_begin(&self, text: &[u8]) -> bool {
        // What is no letter and no digit may fold to something else.
        if text.first().is_none_or(|first| !first.is_ascii_alphanumeric()) {
            return true;
        }
        holds(&self.firsts, first_word(text))
    }

    /// Tells whether a heading may have this hash of all its bytes, folded and in small letters.
    pub fn may_be(&self, whole: Hash) -> bool {
        holds(&self.wholes, whole)
    }
}

/// The hash of some bytes, which grows with each byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hash(usize);

impl Hash {
    /// Takes one more byte.
    #[must_use]
    pub fn with(self, byte: u8) -> Self {
        Self(self.0.wrapping_mul(31).wrapping_add(usize::from(byte)))
    }

    fn place(self) -> usize {
        (self.0 ^ self.0 >> 13) % BITS
    }
}

fn holds(bits: &[u64], hash: Hash) -> bool {
    let place = hash.place();
    bits.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
}

fn first_word(text: &[u8]) -> Hash {
    let word = text.iter().take_while(|byte| byte.is_ascii_alphanumeric());
    word.fold(Hash::default(), |hash, byte| hash.with(byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_pass_and_most_other_words_do_not() {
        let headings = ["plan of care".to_owned(), "97110".to_owned(), "hep".to_owned()];
        let sieve = HeadingSieve::new(headings.iter());
        assert!(sieve.may_begin(b"Plan:") && sieve.may_begin(b"97110 x2"));
        assert!(!sieve.may_begin(b"Patient walked") && !sieve.may_begin(b"plank"));
        let hash = |text: &str| text.bytes().fold(Hash::default(), Hash::with);
        assert!(sieve.may_be(hash("plan of care")) && sieve.may_be(hash("hep")));
        assert!(!sieve.may_be(hash("plan of")) && !sieve.may_be(hash("plan")));
    }
}
