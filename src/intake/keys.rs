//! Keys met so far, by digest only, so that a million of them stay small and duplicates are seen at once.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};

use super::problem::{Fault, tame};

/// Digests of keys in 256 small open-addressed tables, each at most four fifths full.
///
/// About 12 bytes a key: a `HashSet<u64>` of a million keys holds 19 MB and 28 while it grows, this 13
/// at all times, for its tables grow one by one and by half. Two different keys of one digest (3 in 100
/// million lists of a million) would only rename a note without need.
#[derive(Debug)]
pub(super) struct Keys {
    tables: Vec<Table>,
    /// Last number given to a key that is used more than once.
    numbers: BTreeMap<u64, u32>,
}

impl Default for Keys {
    fn default() -> Self {
        Self { tables: vec![Table::default(); 256], numbers: BTreeMap::new() }
    }
}

impl Keys {
    /// Takes a key in; returns the number that makes it unique when it was there before.
    pub(super) fn take(&mut self, key: &str) -> Option<u32> {
        self.take_digested(key, digest(key))
    }

    /// Takes a key in whose digest is known.
    pub(super) fn take_digested(&mut self, key: &str, digest: u64) -> Option<u32> {
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
        let digest = digest(key);
        self.tables[table_of(digest)].holds(digest)
    }

    /// Looks at the slots of many digests at once, without a decision between them.
    ///
    /// One by one each look waits for memory by itself, together they wait at once: a million keys
    /// take about 100 ms instead of 170.
    pub(super) fn fetch(&self, digests: &[u64]) {
        let seen = digests.iter().fold(0, |seen, digest| {
            let table = &self.tables[table_of(*digest)];
            seen ^ table.slots.get(table.home(*digest)).copied().unwrap_or_default()
        });
        std::hint::black_box(seen);
    }

    fn insert(&mut self, digest: u64) -> bool {
        self.tables[table_of(digest)].insert(digest)
    }
}

fn table_of(digest: u64) -> usize {
    usize::from(digest.to_be_bytes()[0])
}

/// Digests side by side; 0 is a free slot.
#[derive(Debug, Clone, Default)]
struct Table {
    slots: Vec<u64>,
    used: usize,
}

impl Table {
    fn insert(&mut self, digest: u64) -> bool {
        if (self.used + 1) * 5 > self.slots.len() * 4 {
            let more = (self.slots.len() + self.slots.len() / 2).max(16);
            let old = std::mem::replace(&mut self.slots, vec![0; more]);
            for digest in old.into_iter().filter(|digest| *digest != 0) {
                let slot = self.slot(digest);
                self.slots[slot] = digest;
            }
        }
        let slot = self.slot(digest);
        let new = self.slots[slot] == 0;
        self.slots[slot] = digest;
        self.used += usize::from(new);
        new
    }

    fn holds(&self, digest: u64) -> bool {
        !self.slots.is_empty() && self.slots[self.slot(digest)] == digest
    }

    /// Returns the slot that holds the digest, or the free one where it belongs.
    fn slot(&self, digest: u64) -> usize {
        let mut slot = self.home(digest);
        while self.slots[slot] != 0 && self.slots[slot] != digest {
            slot = if slot + 1 == self.slots.len() { 0 } else { slot + 1 };
        }
        slot
    }

    /// Returns the low half of the digest, scaled to the number of slots.
    fn home(&self, digest: u64) -> usize {
        let scaled = ((digest & 0xffff_ffff) * self.slots.len() as u64) >> 32;
        usize::try_from(scaled).unwrap_or_default()
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

/// Returns a short digest of a key without regard to capitals, to look one up among a million.
pub(super) fn short(key: &str) -> u32 {
    key.bytes().fold(0x811c_9dc5, |sum, byte| {
        (sum ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    })
}

/// Parts a key from the number that made it unique.
pub(super) fn unnumbered(key: &str) -> Option<(&str, u32)> {
    let (key, number) = key.strip_suffix(')')?.rsplit_once(" (")?;
    Some((key, number.parse().ok()?))
}

/// Returns the digest of a key.
pub(super) fn digest(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(key.as_bytes());
    hasher.finish().max(1)
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
