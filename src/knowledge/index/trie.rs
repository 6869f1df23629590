//! A tree of rows of words, walked word by word.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Sieve, Step, position};
use crate::knowledge::tokens::UNKNOWN;

/// A tree of rows of words; the branches of a node lie side by side, sorted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Trie {
    /// By number of the first word: its node and one more, 0 for none.
    pub(super) first: Vec<u32>,
    /// All nodes, and one behind them where the branches of the last one end.
    nodes: Vec<Node>,
    /// Of each node in turn: word and blank, and the node they lead to.
    branches: Vec<(u32, u32)>,
}

/// A place in a tree; whatever decides whether a note goes on from it lies side by side.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Node {
    /// Its text and one more, 0 for none.
    text: u32,
    /// Where its branches begin.
    branches: u32,
    /// Words and signs that lead on.
    onward: Sieve,
}

impl Trie {
    #[inline]
    pub(super) fn first(&self, number: u32) -> Option<usize> {
        self.first.get(number as usize)?.checked_sub(1).map(|node| node as usize)
    }

    #[inline]
    pub(super) fn text(&self, node: usize) -> Option<u32> {
        self.nodes[node].text.checked_sub(1)
    }

    #[inline]
    pub(super) fn branches(&self, node: usize) -> &[(u32, u32)] {
        &self.branches[self.nodes[node].branches as usize..self.nodes[node + 1].branches as usize]
    }

    #[inline]
    pub(super) fn next(&self, node: usize, number: u32, blank: bool) -> Option<usize> {
        if number == UNKNOWN || self.nodes[node].onward.0 & Sieve::bit(number) == 0 {
            return None;
        }
        let branches = self.branches(node);
        let label = number << 1 | u32::from(blank);
        let at = branches.binary_search_by_key(&label, |branch| branch.0).ok()?;
        Some(branches[at].1 as usize)
    }
}

/// A tree under construction.
#[derive(Debug, Default)]
pub(super) struct Builder {
    first: BTreeMap<u32, u32>,
    texts: Vec<u32>,
    branches: Vec<BTreeMap<u32, u32>>,
}

impl Builder {
    fn node(&mut self) -> u32 {
        self.texts.push(0);
        self.branches.push(BTreeMap::new());
        position(self.texts.len() - 1)
    }

    pub(super) fn enter(&mut self, row: &[Step], text: u32) {
        let Some(((first, _), rest)) = row.split_first() else { return };
        let mut node = if let Some(node) = self.first.get(first) {
            *node
        } else {
            let node = self.node();
            self.first.insert(*first, node);
            node
        };
        for (number, blank) in rest {
            let label = number << 1 | u32::from(*blank);
            node = if let Some(next) = self.branches[node as usize].get(&label) {
                *next
            } else {
                let next = self.node();
                self.branches[node as usize].insert(label, next);
                next
            };
        }
        self.texts[node as usize] = text + 1;
    }

    pub(super) fn finish(self, numbers: usize) -> Trie {
        let mut trie = Trie { first: vec![0; numbers], ..Trie::default() };
        for (number, node) in self.first {
            trie.first[number as usize] = node + 1;
        }
        for (text, row) in self.texts.into_iter().zip(self.branches) {
            let onward = row.keys().fold(0, |bits, label| bits | Sieve::bit(label >> 1));
            let branches = position(trie.branches.len());
            trie.nodes.push(Node { text, branches, onward: Sieve(onward) });
            trie.branches.extend(row);
        }
        let branches = position(trie.branches.len());
        trie.nodes.push(Node { text: 0, branches, onward: Sieve(0) });
        trie
    }
}
