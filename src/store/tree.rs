//! The RFC 6962 tree over the event hashes: roots, inclusion proofs, consistency proofs, and their checks.

use sha2::{Digest as _, Sha256};

use super::chain::Digest;

/// Returns the hash of a leaf.
pub fn leaf_hash(data: &[u8]) -> Digest {
    Digest::new(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
}

fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left.as_bytes());
    bytes[33..].copy_from_slice(right.as_bytes());
    Digest::of(&bytes)
}

/// Roots of the full subtrees of a growing tree, largest first: all that appending needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Digest>,
}

impl Frontier {
    /// Takes up a tree where it was left; `None` if the peaks do not fit its size.
    pub fn resume(size: u64, peaks: Vec<Digest>) -> Option<Self> {
        (usize::try_from(size.count_ones()).ok()? == peaks.len()).then_some(Self { size, peaks })
    }

    /// Returns the roots of the full subtrees, largest first.
    pub fn peaks(&self) -> &[Digest] {
        &self.peaks
    }

    /// Adds a leaf hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut node = leaf;
        // Each trailing one bit of the old size is a full subtree that the new leaf completes.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// Returns how many leaves were added.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root of all leaves added so far.
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        match peaks.next() {
            None => Digest::new(Sha256::digest([]).into()),
            Some(last) => peaks.fold(*last, |right, left| node_hash(left, &right)),
        }
    }
}

/// The tree over leaf hashes, with all its full subtrees, so that proofs need only look up.
#[derive(Debug, Clone)]
pub struct Tree {
    /// Level k holds the roots of the full subtrees of 2^k leaves; level 0 the leaves.
    levels: Vec<Vec<Digest>>,
}

impl Tree {
    /// Builds the tree.
    pub fn new(leaves: Vec<Digest>) -> Self {
        let mut levels = vec![leaves];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let above = below.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
            levels.push(above);
        }
        Self { levels }
    }

    /// Returns the number of leaves.
    pub fn size(&self) -> usize {
        self.levels[0].len()
    }

    /// Returns the root over the first `size` leaves; `None` if there are fewer.
    pub fn root(&self, size: usize) -> Option<Digest> {
        (size <= self.size()).then(|| self.root_of(0, size))
    }

    /// Returns the root over the leaves from `start` to before `end`, as the standard splits them.
    fn root_of(&self, start: usize, end: usize) -> Digest {
        let size = end - start;
        if size == 0 {
            return Digest::new(Sha256::digest([]).into());
        }
        if size.is_power_of_two() {
            let level = size.trailing_zeros();
            return self.levels[level as usize][start >> level];
        }
        let middle = start + split(size);
        node_hash(&self.root_of(start, middle), &self.root_of(middle, end))
    }

    /// Returns the proof that leaf `index` stands among the first `size`; `None` if it does not.
    pub fn inclusion_proof(&self, index: usize, size: usize) -> Option<Vec<Digest>> {
        if index >= size || size > self.size() {
            return None;
        }
        let (mut start, mut end) = (0, size);
        let mut proof = Vec::new();
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                proof.push(self.root_of(middle, end));
                end = middle;
            } else {
                proof.push(self.root_of(start, middle));
                start = middle;
            }
        }
        proof.reverse();
        Some(proof)
    }

    /// Returns the proof that the tree of the first `old` leaves grew into that of the first `new`.
    pub fn consistency_proof(&self, old: usize, new: usize) -> Option<Vec<Digest>> {
        if old == 0 || old > new || new > self.size() {
            return None;
        }
        let (mut start, mut end) = (0, new);
        let mut proof = Vec::new();
        while old < end {
            let middle = start + split(end - start);
            if old <= middle {
                proof.push(self.root_of(middle, end));
                end = middle;
            } else {
                proof.push(self.root_of(start, middle));
                start = middle;
            }
        }
        // The old root itself is known to whoever checks.
        if start > 0 {
            proof.push(self.root_of(start, end));
        }
        proof.reverse();
        Some(proof)
    }
}

/// Returns the largest power of two below `size`; `size` must be 2 or more.
fn split(size: usize) -> usize {
    size.next_power_of_two() / 2
}

/// Checks that a leaf stands at `index` in the tree of `size` leaves with this root.
pub fn check_inclusion(
    leaf: Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Checks that the tree of `old` leaves is the beginning of the tree of `new` leaves.
pub fn check_consistency(
    old: u64,
    new: u64,
    proof: &[Digest],
    old_root: &Digest,
    new_root: &Digest,
) -> bool {
    if old == 0 || old > new {
        return false;
    }
    if old == new {
        return proof.is_empty() && old_root == new_root;
    }
    let mut rest = proof.iter();
    let first = if old.is_power_of_two() { Some(old_root) } else { rest.next() };
    let Some(first) = first else { return false };
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *old_root && new_hash == *new_root
}
