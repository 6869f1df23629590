//! Order, cursor and window of the queue: arithmetic that never looks at more than the rows in view.

use std::ops::Range;

use super::desk::NoteId;

/// Which notes are listed, in which order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// All notes, as they came in: nothing is stored for them.
    All(u32),
    /// Those that passed a filter or were sorted.
    Picked(Vec<NoteId>),
}

impl Order {
    /// Returns how many notes are listed.
    pub fn len(&self) -> usize {
        match self {
            Self::All(count) => *count as usize,
            Self::Picked(ids) => ids.len(),
        }
    }

    /// Tells whether no note is listed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the note at a place.
    pub fn get(&self, place: usize) -> Option<NoteId> {
        match self {
            Self::All(count) => u32::try_from(place).ok().filter(|at| at < count).map(NoteId),
            Self::Picked(ids) => ids.get(place).copied(),
        }
    }

    /// Returns the place of a note; only asked after a filter or a jump, never on a move.
    pub fn place(&self, id: NoteId) -> Option<usize> {
        match self {
            Self::All(count) => (id.0 < *count).then_some(id.0 as usize),
            Self::Picked(ids) => ids.iter().position(|other| *other == id),
        }
    }
}

impl Order {
    /// Returns the place of the first of some notes that is listed; one look at the list for all.
    fn first_of(&self, wanted: &[NoteId]) -> Option<usize> {
        let Self::Picked(ids) = self else {
            return wanted.iter().find_map(|id| self.place(*id));
        };
        let (least, most) = (wanted.iter().min()?, wanted.iter().max()?);
        let mut best: Option<(usize, usize)> = None;
        for (place, id) in ids.iter().enumerate().filter(|(_, id)| (least..=most).contains(id)) {
            if let Some(rank) = wanted.iter().position(|other| other == id)
                && best.is_none_or(|(before, _)| rank < before)
            {
                best = Some((rank, place));
            }
        }
        best.map(|(_, place)| place)
    }
}

/// The list with its cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    order: Order,
    cursor: usize,
    top: usize,
    height: usize,
}

impl Queue {
    /// Makes a queue with the cursor on its first note.
    pub fn new(order: Order) -> Self {
        Self { order, cursor: 0, top: 0, height: 1 }
    }

    /// Returns the order.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// Returns how many notes are listed.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Tells whether no note is listed.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Returns the place of the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Returns the note under the cursor.
    pub fn selected(&self) -> Option<NoteId> {
        self.order.get(self.cursor)
    }

    /// Returns the places in view.
    pub fn window(&self) -> Range<usize> {
        self.top..(self.top + self.height).min(self.len())
    }

    /// Returns the notes in view, and some pages each way.
    pub fn near(&self, pages: usize) -> Vec<NoteId> {
        let around = pages * self.height;
        let from = self.top.saturating_sub(around);
        let to = (self.top + self.height + around).min(self.len());
        (from..to).filter_map(|place| self.order.get(place)).collect()
    }

    /// Learns how many rows are in view.
    pub fn set_height(&mut self, height: usize) {
        self.height = height.max(1);
        self.follow();
    }

    /// Moves the cursor by places, stopping at both ends; tells whether it moved.
    pub fn step(&mut self, by: isize) -> bool {
        let last = self.len().saturating_sub(1);
        let to = self.cursor.saturating_add_signed(by).min(last);
        self.go(to)
    }

    /// Moves by pages.
    pub fn page(&mut self, by: isize) -> bool {
        let rows = isize::try_from(self.height).unwrap_or(isize::MAX);
        self.step(by.saturating_mul(rows.saturating_sub(1).max(1)))
    }

    /// Puts the cursor on a place; tells whether it moved.
    pub fn go(&mut self, place: usize) -> bool {
        let before = self.cursor;
        self.cursor = place.min(self.len().saturating_sub(1));
        self.follow();
        before != self.cursor
    }

    /// Takes a new order and keeps the cursor on its note, or on the nearest one below it.
    ///
    /// Returns whether the note is still listed.
    pub fn arrange(&mut self, order: Order) -> bool {
        let kept = self.selected();
        let below: Vec<NoteId> = (self.cursor..self.len().min(self.cursor + 64))
            .filter_map(|place| self.order.get(place))
            .collect();
        let old_place = self.cursor;
        self.order = order;
        let same = kept.and_then(|id| self.order.place(id));
        let place = same.or_else(|| self.order.first_of(&below)).unwrap_or(old_place);
        self.cursor = place.min(self.len().saturating_sub(1));
        self.follow();
        kept.is_none() || same.is_some()
    }

    /// Takes in notes that came later, if the whole queue is listed.
    pub fn grow(&mut self, total: u32) {
        if let Order::All(count) = &mut self.order {
            *count = total.max(*count);
        }
    }

    fn follow(&mut self) {
        let margin = 2.min(self.height.saturating_sub(1) / 2);
        let last_top = self.len().saturating_sub(self.height);
        if self.cursor < self.top + margin {
            self.top = self.cursor.saturating_sub(margin);
        } else if self.cursor + margin >= self.top + self.height {
            self.top = (self.cursor + margin + 1).saturating_sub(self.height);
        }
        self.top = self.top.min(last_top);
    }
}

/// Which notes are decided: one bit a note, changed in place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decided {
    words: Vec<u64>,
    count: u32,
}

impl Decided {
    /// Tells whether a note is decided.
    pub fn has(&self, id: NoteId) -> bool {
        let (word, bit) = place_of(id);
        self.words.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Notes whether a note is decided.
    pub fn set(&mut self, id: NoteId, decided: bool) {
        let (word, bit) = place_of(id);
        if self.has(id) == decided {
            return;
        }
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] ^= bit;
        self.count = if decided { self.count + 1 } else { self.count.saturating_sub(1) };
    }

    /// Returns how many notes are decided.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Returns the place of the next open note below a place, going round once, and whether it did.
    ///
    /// A queue listed whole is searched 64 notes at a step; the search stops at the first open note.
    pub fn next_open(&self, order: &Order, from: usize) -> Option<(usize, bool)> {
        let len = order.len();
        let found = match order {
            Order::All(_) => self.first_clear(from + 1, len).or_else(|| self.first_clear(0, len)),
            Order::Picked(ids) => {
                let open = |id: &NoteId| !self.has(*id);
                let below = ids.get(from + 1..).and_then(|rest| rest.iter().position(open));
                below.map(|at| at + from + 1).or_else(|| ids.iter().position(open))
            }
        }?;
        Some((found, found <= from))
    }

    fn first_clear(&self, from: usize, to: usize) -> Option<usize> {
        let mut at = from;
        while at < to {
            let bits = self.words.get(at / 64).copied().unwrap_or_default() >> (at % 64);
            let skip = bits.trailing_ones() as usize;
            let rest = 64 - at % 64;
            if skip < rest {
                return Some(at + skip).filter(|at| *at < to);
            }
            at += rest;
        }
        None
    }
}

fn place_of(id: NoteId) -> (usize, u64) {
    ((id.0 / 64) as usize, 1 << (id.0 % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_open_note_is_found_below_and_round_once() {
        let mut decided = Decided::default();
        for id in 0..200 {
            decided.set(NoteId(id), id != 5);
        }
        let all = Order::All(200);
        assert_eq!(decided.next_open(&all, 0), Some((5, false)));
        assert_eq!(decided.next_open(&all, 150), Some((5, true)));
        assert_eq!(decided.next_open(&all, 5), Some((5, true)));
        let picked = Order::Picked(vec![NoteId(9), NoteId(5), NoteId(7)]);
        assert_eq!(decided.next_open(&picked, 1), Some((1, true)));
        decided.set(NoteId(5), true);
        assert_eq!(decided.next_open(&all, 3), None);
        assert_eq!(decided.count(), 200);
    }
}
