//! Rows of different lengths in one piece of memory.

use std::ops::Index;

use serde::{Deserialize, Serialize};

/// A list of lists that lie one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows<T> {
    items: Vec<T>,
    /// Where each row begins, and where the last one ends.
    bounds: Vec<u32>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { items: Vec::new(), bounds: vec![0] }
    }
}

impl<T> Rows<T> {
    /// Adds a row.
    pub fn push(&mut self, row: impl Iterator<Item = T>) {
        self.items.extend(row);
        self.bounds.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Tells whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns all rows.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).map(|at| &self[at])
    }
}

impl<T> Index<usize> for Rows<T> {
    type Output = [T];

    #[inline]
    fn index(&self, at: usize) -> &[T] {
        &self.items[self.bounds[at] as usize..self.bounds[at + 1] as usize]
    }
}

impl<T> FromIterator<Vec<T>> for Rows<T> {
    fn from_iter<I: IntoIterator<Item = Vec<T>>>(rows: I) -> Self {
        let mut all = Self::default();
        for row in rows {
            all.push(row.into_iter());
        }
        all
    }
}
