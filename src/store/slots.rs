//! A small map by review slot: one entry nearly always, so a list does better than a tree.

/// Values by slot, in the order of the slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slots<T>(Vec<(u8, T)>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Slots<T> {
    fn place(&self, slot: u8) -> Result<usize, usize> {
        self.0.binary_search_by_key(&slot, |entry| entry.0)
    }

    pub(crate) fn get(&self, slot: u8) -> Option<&T> {
        self.place(slot).ok().map(|at| &self.0[at].1)
    }

    pub(crate) fn get_mut(&mut self, slot: u8) -> Option<&mut T> {
        self.place(slot).ok().map(|at| &mut self.0[at].1)
    }

    pub(crate) fn insert(&mut self, slot: u8, value: T) {
        match self.place(slot) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => {
                // A list that grows by itself takes room for four at once.
                self.0.reserve_exact(1);
                self.0.insert(at, (slot, value));
            }
        }
    }

    pub(crate) fn remove(&mut self, slot: u8) {
        if let Ok(at) = self.place(slot) {
            self.0.remove(at);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u8, &T)> {
        self.0.iter().map(|(slot, value)| (*slot, value))
    }
}

impl<T: Default> Slots<T> {
    /// Returns the entry of a slot, made if it is not there.
    pub(crate) fn entry(&mut self, slot: u8) -> &mut T {
        let at = self.place(slot).unwrap_or_else(|at| {
            self.0.reserve_exact(1);
            self.0.insert(at, (slot, T::default()));
            at
        });
        &mut self.0[at].1
    }
}
