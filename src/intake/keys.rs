//! Keys met so far, by digest only, so that a million of them stay small and duplicates are seen at once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};

use super::problem::{Fault, tame};

/// Digests of keys in order of arrival, and an open-addressed table of their places.
///
/// 8 bytes a key and 4 bytes a slot, at most three quarters full; a `HashSet<u64>` of a million keys
/// holds 19 MB, this 16. Two different keys of one digest (3 in 100 million lists of a million) would
/// only rename a note without need.
#[derive(Debug, Default)]
pub(super) struct Keys {
    digests: Vec<u64>,
    slots: Vec<u32>,
    /// Last number given to a key that is used more than once.
    numbers: BTreeMap<u64, u32>,
}

impl Keys {
    /// Takes a key in; returns the number that makes it unique when it was there before.
    pub(super) fn take(&mut self, key: &str) -> Option<u32> {
        let digest = digest(key);
        if self.insert(digest) {
            return None;
        }
        let mut number = self.numbers.get(&digest).copied().unwrap_or(1);
        loop {
            number += 1;
            if self.insert(self::digest(&numbered(key, number))) {
                self.numbers.insert(digest, number);
                return Some(number);
            }
        }
    }

    /// Tells whether a key was taken in.
    pub(super) fn contains(&self, key: &str) -> bool {
        !self.slots.is_empty() && self.slots[self.slot(digest(key))] != 0
    }

    fn insert(&mut self, digest: u64) -> bool {
        if (self.digests.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let slot = self.slot(digest);
        if self.slots[slot] != 0 {
            return false;
        }
        self.digests.push(digest);
        self.slots[slot] = u32::try_from(self.digests.len()).unwrap_or(u32::MAX);
        true
    }

    /// Returns the slot that holds the digest, or the free one where it belongs.
    fn slot(&self, digest: u64) -> usize {
        let mask = self.slots.len() - 1;
        let low = usize::try_from(digest & 0xffff_ffff).unwrap_or_default();
        let mut slot = low & mask;
        while self.slots[slot] != 0 && self.digests[self.slots[slot] as usize - 1] != digest {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let length = (self.slots.len() * 2).max(64);
        // The old table goes before the new one comes: the digests hold all that is needed.
        self.slots = Vec::new();
        self.slots = vec![0; length];
        for index in 0..self.digests.len() {
            let slot = self.slot(self.digests[index]);
            self.slots[slot] = u32::try_from(index + 1).unwrap_or(u32::MAX);
        }
    }
}

/// Returns the key with its number, as `visit-7 (2)`.
pub(super) fn numbered(key: &str, number: u32) -> String {
    format!("{key} ({number})")
}

/// Says that a key was taken.
pub(super) fn renamed(key: &str, new: &str) -> Fault {
    Fault::new(
        format!(
            "the key `{}` is used more than once; this note is called `{}`",
            tame(key),
            tame(new)
        ),
        "give each note its own key",
    )
}

fn digest(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_use_gets_a_number_that_is_free() {
        let mut keys = Keys::default();
        assert!(!keys.contains("a"));
        assert_eq!(keys.take("a"), None);
        assert_eq!(keys.take("a (2)"), None);
        assert_eq!(keys.take("a"), Some(3));
        assert_eq!(keys.take("a"), Some(4));
        assert_eq!(keys.take("a (3)"), Some(2));
        assert!(keys.contains("a (4)"));
        assert!(!keys.contains("b"));
    }

    #[test]
    fn a_hundred_thousand_keys_are_told_apart_and_known_again() {
        let mut keys = Keys::default();
        for number in 0..100_000 {
            assert_eq!(keys.take(&format!("note-{number}")), None);
        }
        for number in 0..100_000 {
            assert!(keys.contains(&format!("note-{number}")));
        }
        assert!(!keys.contains("note-100000"));
    }

    #[test]
    fn one_key_for_all_notes_is_not_slow() {
        let mut keys = Keys::default();
        assert_eq!(keys.take("same"), None);
        for number in 2..50_000 {
            assert_eq!(keys.take("same"), Some(number));
        }
    }
}
