//! A small map by review slot: one entry nearly always, which is kept without room of its own on the heap.

/// Values by slot, in the order of the slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slots<T> {
    /// The entry of the lowest slot.
    first: Option<(u8, T)>,
    /// All others; none without a first.
    rest: Vec<(u8, T)>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { first: None, rest: Vec::new() }
    }
}

impl<T> Slots<T> {
    pub(crate) fn get(&self, slot: u8) -> Option<&T> {
        self.iter().find(|entry| entry.0 == slot).map(|entry| entry.1)
    }

    pub(crate) fn get_mut(&mut self, slot: u8) -> Option<&mut T> {
        let mut entries = self.first.iter_mut().chain(&mut self.rest);
        entries.find(|entry| entry.0 == slot).map(|entry| &mut entry.1)
    }

    pub(crate) fn insert(&mut self, slot: u8, value: T) {
        self.remove(slot);
        self.entry_or(slot, || value);
    }

    fn entry_or(&mut self, slot: u8, make: impl FnOnce() -> T) -> &mut T {
        if let Some(second) = self.first.take_if(|first| slot < first.0) {
            self.rest.insert(0, second);
        }
        if self.first.is_none() {
            return &mut self.first.insert((slot, make())).1;
        }
        if let Some(first) = &mut self.first
            && first.0 == slot
        {
            return &mut first.1;
        }
        let at = self.rest.partition_point(|entry| entry.0 < slot);
        if self.rest.get(at).is_none_or(|entry| entry.0 != slot) {
            self.rest.insert(at, (slot, make()));
        }
        &mut self.rest[at].1
    }

    pub(crate) fn remove(&mut self, slot: u8) {
        if self.first.as_ref().is_some_and(|first| first.0 == slot) {
            self.first = (!self.rest.is_empty()).then(|| self.rest.remove(0));
        } else {
            self.rest.retain(|entry| entry.0 != slot);
        }
    }

    pub(crate) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    /// Returns the entry at a place in the order of the slots.
    pub(crate) fn nth(&self, at: usize) -> Option<(u8, &T)> {
        self.iter().nth(at)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u8, &T)> {
        self.first.iter().chain(&self.rest).map(|(slot, value)| (*slot, value))
    }
}

impl<T: Default> Slots<T> {
    /// Returns the entry of a slot, made if it is not there.
    pub(crate) fn entry(&mut self, slot: u8) -> &mut T {
        self.entry_or(slot, T::default)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    proptest::proptest! {
        #[test]
        fn slots_are_a_sorted_map(acts in proptest::collection::vec((0_u8..3, 1_u8..6), 0..24)) {
            let (mut slots, mut map) = (Slots::default(), BTreeMap::new());
            for (value, (act, slot)) in acts.into_iter().enumerate() {
                match act {
                    0 => {
                        slots.insert(slot, value);
                        map.insert(slot, value);
                    }
                    1 => {
                        slots.remove(slot);
                        map.remove(&slot);
                    }
                    _ => {
                        *slots.entry(slot) += 1;
                        *map.entry(slot).or_default() += 1;
                    }
                }
                let listed: Vec<_> = slots.iter().map(|(slot, value)| (slot, *value)).collect();
                let wanted: Vec<_> = map.iter().map(|(slot, value)| (*slot, *value)).collect();
                proptest::prop_assert_eq!(&listed, &wanted);
                proptest::prop_assert_eq!(slots.len(), wanted.len());
                proptest::prop_assert_eq!(slots.nth(1).map(|(slot, _)| slot), wanted.get(1).map(|w| w.0));
                proptest::prop_assert_eq!(slots.get(slot), map.get(&slot));
                proptest::prop_assert_eq!(slots.get_mut(slot), map.get_mut(&slot));
            }
        }
    }
}
