//! The general words: words that name no activity by themselves, known in any case.

use serde::{Deserialize, Serialize};

/// Words behind a hash table, so that a word of a note is looked up as it stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct GeneralWords {
    /// In small letters, in order.
    words: Vec<String>,
    /// By hash: the position of a word and one more, 0 where a place is empty.
    places: Vec<u32>,
}

impl From<GeneralWords> for Vec<String> {
    fn from(general: GeneralWords) -> Self {
        general.words
    }
}

impl From<Vec<String>> for GeneralWords {
    fn from(words: Vec<String>) -> Self {
        let mut places = vec![0; (words.len() * 2).next_power_of_two()];
        for (at, word) in (1_u32..).zip(&words) {
            let mut place = hash(word) & (places.len() - 1);
            while places[place] != 0 {
                place = (place + 1) & (places.len() - 1);
            }
            places[place] = at;
        }
        Self { words, places }
    }
}

impl GeneralWords {
    /// Tells whether a word is general, whatever its case.
    pub fn holds(&self, word: &str) -> bool {
        let mut place = hash(word) & (self.places.len().saturating_sub(1));
        while let Some(at) = self.places.get(place).and_then(|at| at.checked_sub(1)) {
            if self.words[at as usize].eq_ignore_ascii_case(word) {
                return true;
            }
            place = (place + 1) & (self.places.len() - 1);
        }
        false
    }
}

fn hash(word: &str) -> usize {
    let mix =
        |hash: usize, byte: u8| hash.wrapping_mul(31) ^ usize::from(byte.to_ascii_lowercase());
    let hash = word.bytes().fold(word.len(), mix);
    hash ^ hash >> 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_in_any_case() {
        let words = ["a", "patient's", "today", "well"].map(str::to_owned);
        let general = GeneralWords::from(words.to_vec());
        for (word, want) in
            [("Patient's", true), ("TODAY", true), ("a", true), ("patient", false), ("", false)]
        {
            assert_eq!(general.holds(word), want, "{word}");
        }
        assert!(!GeneralWords::default().holds("today"));
    }
}
