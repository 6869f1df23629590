//! What each byte of a database file is for, by the file format of `SQLite`; tells apart what carries no meaning.

use std::collections::BTreeMap;

/// What a byte is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// Part of the contents, or of what leads to them.
    Contents,
    /// Kept by `SQLite` for itself; the reason why contents do not depend on it.
    Notes(&'static str),
    /// Never read; the reason.
    Unused(&'static str),
}

/// Bytes of the header on which no content depends: first, one past the last, reason.
const NOTES: [(usize, usize, &str); 8] = [
    (18, 19, "version for writers: read-only programs go on, writers refuse"),
    (24, 28, "counter of changes, for caches of other programs"),
    (40, 44, "counter of changes of the schema, for prepared statements"),
    (44, 47, "layout of rows, of which only the last byte is read"),
    (48, 52, "suggested size of the cache"),
    (56, 60, "encoding of texts, of which only the last two bits are read"),
    (72, 92, "kept for later versions of the format"),
    (92, 100, "number and version of the last writer"),
];

struct File<'a> {
    bytes: &'a [u8],
    page: usize,
    uses: Vec<Use>,
    /// Whether rows of the tree have their number as key: the schema's own have not.
    numbered: bool,
}

/// Tells what each byte is for; `roots` are the first pages of all tables and indexes.
pub(crate) fn uses(bytes: &[u8], roots: &[usize]) -> Vec<Use> {
    let page = number(bytes, 16, 2);
    let page = if page == 1 { 65_536 } else { page };
    assert_eq!(bytes[20], 0, "no bytes are kept at the ends of pages");
    let uses = vec![Use::Unused("a page of no table"); bytes.len()];
    let mut file = File { bytes, page, uses, numbered: true };
    file.free_pages();
    for root in roots {
        file.tree(*root);
    }
    file.numbered = false;
    file.tree(1);
    file.mark(0, 100, Use::Contents);
    for (from, to, why) in NOTES {
        file.mark(from, to, Use::Notes(why));
    }
    file.uses
}

fn number(bytes: &[u8], at: usize, length: usize) -> usize {
    bytes[at..at + length].iter().fold(0, |number, byte| number << 8 | usize::from(*byte))
}

impl File<'_> {
    fn mark(&mut self, from: usize, to: usize, what: Use) {
        self.uses[from..to].fill(what);
    }

    fn start(&self, page: usize) -> usize {
        (page - 1) * self.page
    }

    fn free_pages(&mut self) {
        let mut trunk = number(self.bytes, 32, 4);
        while trunk != 0 {
            let start = self.start(trunk);
            let leaves = number(self.bytes, start + 4, 4);
            self.mark(start, start + self.page, Use::Unused("end of a list of free pages"));
            self.mark(start, start + 8 + leaves * 4, Use::Contents);
            for leaf in 0..leaves {
                let leaf = self.start(number(self.bytes, start + 8 + leaf * 4, 4));
                self.mark(leaf, leaf + self.page, Use::Unused("a free page"));
            }
            trunk = number(self.bytes, start, 4);
        }
    }

    fn tree(&mut self, page: usize) {
        let start = self.start(page);
        let head = start + if page == 1 { 100 } else { 0 };
        let kind = self.bytes[head];
        let leaf = matches!(kind, 10 | 13);
        let length = if leaf { 8 } else { 12 };
        let cells = number(self.bytes, head + 3, 2);
        let content = match number(self.bytes, head + 5, 2) {
            0 => 65_536,
            at => at,
        };
        let pointers = head + length;
        self.mark(start, start + self.page, Use::Unused("fragment between cells"));
        self.mark(head, pointers + cells * 2, Use::Contents);
        self.mark(
            pointers + cells * 2,
            start + content,
            Use::Unused("room not yet taken in a page"),
        );
        let mut block = number(self.bytes, head + 1, 2);
        while block != 0 {
            let at = start + block;
            self.mark(
                at,
                at + number(self.bytes, at + 2, 2),
                Use::Unused("room given back in a page"),
            );
            self.mark(at, at + 4, Use::Contents);
            block = number(self.bytes, at, 2);
        }
        for cell in 0..cells {
            self.cell(start + number(self.bytes, pointers + cell * 2, 2), kind);
        }
        if !leaf {
            self.tree(number(self.bytes, head + 8, 4));
        }
    }

    fn varint(&self, at: usize) -> (usize, usize) {
        let mut value = 0;
        for length in 0..8 {
            let byte = usize::from(self.bytes[at + length]);
            value = value << 7 | (byte & 0x7f);
            if byte < 0x80 {
                return (value, at + length + 1);
            }
        }
        (value << 8 | usize::from(self.bytes[at + 8]), at + 9)
    }

    fn cell(&mut self, start: usize, kind: u8) {
        let mut at = start;
        if matches!(kind, 2 | 5) {
            self.tree(number(self.bytes, at, 4));
            at += 4;
        }
        if kind == 5 {
            let (_, end) = self.varint(at);
            return self.mark(start, end, Use::Contents);
        }
        let (payload, key) = self.varint(at);
        let at = if kind == 13 { self.varint(key).1 } else { key };
        let most = if kind == 13 { self.page - 35 } else { (self.page - 12) * 64 / 255 - 23 };
        let least = (self.page - 12) * 32 / 255 - 23;
        let local = if payload <= most {
            payload
        } else {
            let fitting = least + (payload - least) % (self.page - 4);
            if fitting <= most { fitting } else { least }
        };
        let end = at + local + if local < payload { 4 } else { 0 };
        self.mark(start, end.max(start + 4), Use::Contents);
        if kind == 13 && self.numbered {
            let (_, first) = self.varint(at);
            let why = "type of the number in its row, which is read from the key";
            self.mark(first, first + 1, Use::Notes(why));
        } else if kind == 13 {
            let why = "number of a table or guard, to which nothing refers";
            self.mark(key, at, Use::Notes(why));
        }
        if local < payload {
            self.overflow(number(self.bytes, at + local, 4), payload - local);
        }
    }

    fn overflow(&mut self, mut page: usize, mut left: usize) {
        while page != 0 && left > 0 {
            let start = self.start(page);
            let here = left.min(self.page - 4);
            self.mark(start, start + 4 + here, Use::Contents);
            self.mark(start + 4 + here, start + self.page, Use::Unused("end of an overflow page"));
            left -= here;
            page = number(self.bytes, start, 4);
        }
    }
}

/// Counts bytes by use.
pub(crate) fn counts(uses: &[Use]) -> BTreeMap<Use, usize> {
    let mut counts = BTreeMap::new();
    for what in uses {
        *counts.entry(*what).or_default() += 1;
    }
    counts
}
