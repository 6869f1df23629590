//! The first words of all headings, so that most lines need no look-up.

use serde::{Deserialize, Serialize};

/// A sieve: lets every heading through, and few other words.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FirstWords(Vec<u64>);

/// Places in the sieve.
const BITS: usize = 8192;

impl FirstWords {
    /// Makes the sieve of these headings; each is folded.
    pub fn new<'h>(headings: impl Iterator<Item = &'h String>) -> Self {
        let mut words = Self(vec![0; BITS / 64]);
        for heading in headings {
            let place = place(heading.as_bytes());
            words.0[place / 64] |= 1 << (place % 64);
        }
        words
    }

    /// Tells whether a heading may begin as this text does, whatever its case.
    pub fn may_begin(&self, text: &[u8]) -> bool {
        // What is no letter and no digit may fold to something else.
        if text.first().is_none_or(|first| !first.is_ascii_alphanumeric()) {
            return true;
        }
        let place = place(text);
        self.0.get(place / 64).is_some_and(|bits| bits >> (place % 64) & 1 == 1)
    }
}

fn place(text: &[u8]) -> usize {
    let word = text.iter().take_while(|byte| byte.is_ascii_alphanumeric());
    let hash = word.fold(0_usize, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(usize::from(byte.to_ascii_lowercase()))
    });
    (hash ^ hash >> 13) % BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_pass_and_most_other_words_do_not() {
        let headings = ["plan of care".to_owned(), "97110".to_owned(), "hep".to_owned()];
        let words = FirstWords::new(headings.iter());
        assert!(words.may_begin(b"Plan:") && words.may_begin(b"97110 x2"));
        assert!(!words.may_begin(b"Patient walked") && !words.may_begin(b"plank"));
    }
}
