//! The shadow text: a folded copy of the note with a map back, cut into items, sentences, clauses.
//!
//! An item is a line as its author meant it: a bullet with its wrapped lines, or one line of a
//! flowsheet. A match may span a wrapped line, never two items.

mod lines;

use std::cell::OnceCell;

use crate::knowledge::fold::Folder;
use crate::model::Span;

pub(crate) use lines::has_blanks;
use lines::{RawLine, continues, lines, starts_with_clock};

/// The folded text with its structure. Offsets are of shadow bytes unless they are called original.
#[derive(Debug, Default)]
pub(crate) struct Shadow {
    pub text: String,
    /// Where a run of shadow bytes begins, and the original byte of its first.
    runs: Vec<(u32, u32)>,
    pub items: Vec<Item>,
    /// Ends of clauses and sentences, in order.
    pub breaks: Vec<Break>,
    /// Where sentences end, and where items end: `breaks` of at least these levels.
    sentences: Vec<u32>,
    ends: Vec<u32>,
    /// Where blanks stand; counted when they are first asked for.
    blanks: OnceCell<Vec<u32>>,
}

/// A line as its author meant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    /// Shadow range of its words, marker left out.
    pub start: u32,
    pub end: u32,
    /// Original range, marker included.
    pub original: Span,
    pub marker: Marker,
    /// Blanks before it.
    pub indent: u32,
    /// Whether an empty line stands before it.
    pub after_gap: bool,
    /// Whether it begins with a time of day, as the lines of a log do.
    pub clock: bool,
}

/// What an item begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Marker {
    None,
    Bullet,
}

/// The end of a clause, sentence or item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Break {
    pub at: u32,
    pub level: Level,
}

/// How deep a break cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Clause,
    Sentence,
    Item,
}

impl Shadow {
    /// Folds a note.
    pub(crate) fn new(text: &str) -> Self {
        let mut shadow = Self::default();
        shadow.refill(text);
        shadow
    }

    /// Folds another note, in the room of the one before.
    pub(crate) fn refill(&mut self, text: &str) {
        self.clear();
        self.text.reserve(text.len() + 1);
        let lines = lines(text);
        // Where a line is longer than any wrap column, the note is not wrapped.
        let longest = lines.iter().map(RawLine::len).max().unwrap_or(0);
        let width = if longest <= 100 { longest } else { 0 };
        let mut folder = Folder::default();
        let mut previous: Option<&RawLine<'_>> = None;
        let mut after_gap = false;
        for line in &lines {
            if line.content.is_empty() {
                after_gap = true;
                previous = None;
                continue;
            }
            let wrapped =
                previous.is_some_and(|before| continues(before, line, width, &self.items));
            if wrapped {
                folder.gap(line.content_at);
            } else {
                self.close_item();
                folder.reset();
                self.items.push(Item {
                    start: offset(self.text.len()),
                    end: 0,
                    original: Span::new(line.at, line.at),
                    marker: line.marker,
                    indent: offset(line.indent),
                    after_gap,
                    clock: starts_with_clock(line.content),
                });
                after_gap = false;
            }
            self.fold(&mut folder, line);
            if let Some(item) = self.items.last_mut() {
                item.original.end = offset(line.content_at + line.content.len());
            }
            previous = Some(line);
        }
        self.close_item();
        self.find_breaks();
    }

    fn clear(&mut self) {
        let Self { text, runs, items, breaks, sentences, ends, blanks } = self;
        text.clear();
        runs.clear();
        items.clear();
        breaks.clear();
        sentences.clear();
        ends.clear();
        blanks.take();
    }

    fn fold(&mut self, folder: &mut Folder, line: &RawLine<'_>) {
        let Self { text, runs, .. } = self;
        let mut expected = usize::MAX;
        folder.fold(line.content, line.content_at, |folded, origin| {
            if origin != expected {
                runs.push((offset(text.len()), offset(origin)));
            }
            text.push_str(folded);
            expected = origin + folded.len();
        });
    }

    fn close_item(&mut self) {
        if let Some(item) = self.items.last_mut() {
            item.end = offset(self.text.len());
            self.text.push('\n');
        }
    }

    /// Returns the original range of a shadow range, on character boundaries.
    pub(crate) fn original(&self, start: u32, end: u32, text: &str) -> Span {
        let next = self.run_behind(start);
        let from = text.floor_char_boundary(self.origin(start, next) as usize);
        if end <= start {
            return Span::new(from, from);
        }
        // Nearly all words lie in one run.
        let same = self.runs.get(next).is_none_or(|(shadow, _)| end <= *shadow);
        let next = if same { next } else { self.run_behind(end - 1) };
        // The end of an item has no byte of its own in the note; it stands on the last one.
        let last = self.origin(end - 1, next) as usize;
        Span::new(from, text.ceil_char_boundary(last + 1).max(from))
    }

    /// Returns the position of the first run that begins behind an offset.
    fn run_behind(&self, at: u32) -> usize {
        self.runs.partition_point(|(shadow, _)| *shadow <= at)
    }

    /// Returns the original of an offset, given the position of the run behind its own.
    fn origin(&self, at: u32, next: usize) -> u32 {
        next.checked_sub(1).map_or(at, |run| self.runs[run].1 + (at - self.runs[run].0))
    }

    /// Returns the shadow offset of the first shadow byte at or after an original offset.
    pub(crate) fn shadow_at(&self, original: u32) -> u32 {
        let run = self.runs.partition_point(|(_, origin)| *origin <= original);
        let Some(run) = run.checked_sub(1) else { return 0 };
        let (shadow, origin) = self.runs[run];
        let next = self.runs.get(run + 1).map_or(offset(self.text.len()), |(shadow, _)| *shadow);
        (shadow + (original - origin)).min(next)
    }

    /// Returns the words of a shadow range.
    pub(crate) fn words(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Returns the bytes of the folded text.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Returns the end of a range cut to so many bytes, between two characters.
    pub(crate) fn cut(&self, start: u32, end: u32, most: u32) -> u32 {
        let mut cut = end.min(start + most);
        while cut < end && self.bytes().get(cut as usize).is_some_and(|byte| byte & 0xC0 == 0x80) {
            cut -= 1;
        }
        cut
    }

    /// Returns the range around an offset between breaks of at least that level.
    pub(crate) fn around(&self, at: u32, level: Level) -> (u32, u32) {
        let ends = match level {
            Level::Clause => {
                let next = self.breaks.partition_point(|one| one.at <= at);
                let before = next.checked_sub(1).map(|before| self.breaks[before].at);
                let after = self.breaks.get(next).map(|one| one.at);
                return (before.unwrap_or(0), after.unwrap_or(offset(self.text.len())));
            }
            Level::Sentence => &self.sentences,
            Level::Item => &self.ends,
        };
        let next = ends.partition_point(|end| *end <= at);
        let before = next.checked_sub(1).map(|before| ends[before]);
        let after = ends.get(next).copied();
        (before.unwrap_or(0), after.unwrap_or(offset(self.text.len())))
    }

    /// Returns how many words lie between two offsets, in either order.
    pub(crate) fn words_between(&self, a: u32, b: u32) -> u32 {
        let (from, to) = if a <= b { (a, b) } else { (b, a) };
        if to - from < 256 {
            let between = &self.bytes()[from as usize..to as usize];
            return between.iter().map(|byte| u32::from(*byte == b' ')).sum();
        }
        let blanks = self.blanks();
        let before = |at: u32| blanks.partition_point(|blank| *blank < at);
        offset(before(to) - before(from))
    }

    /// Returns the range around `start..end` outside of which more than so many words lie between.
    pub(crate) fn within_words(&self, start: u32, end: u32, words: u32) -> (u32, u32) {
        let blanks = self.blanks();
        let before = blanks.partition_point(|blank| *blank < start);
        let from = before.checked_sub(words as usize + 1).map_or(0, |at| blanks[at]);
        let behind = blanks.partition_point(|blank| *blank < end);
        let to = blanks.get(behind + words as usize).copied();
        (from, to.map_or(offset(self.text.len()), |blank| blank + 1))
    }

    fn blanks(&self) -> &[u32] {
        self.blanks.get_or_init(|| {
            let bytes = self.bytes().iter().enumerate();
            bytes.filter(|(_, byte)| **byte == b' ').map(|(at, _)| offset(at)).collect()
        })
    }

    /// Adds clause breaks where words such as "but" end a clause.
    pub(crate) fn add_clause_breaks(&mut self, at: impl Iterator<Item = u32>) {
        let before = self.breaks.len();
        self.breaks.extend(at.map(|at| Break { at, level: Level::Clause }));
        if self.breaks.len() > before {
            self.breaks.sort_unstable();
        }
    }

    /// Writes words in place of misspellings; the map still points at what the note says.
    pub(crate) fn correct<'w>(&mut self, words: impl Iterator<Item = (u32, u32, &'w str)>) {
        let old = std::mem::take(self);
        let mut from = 0;
        let mut shifts = Vec::new();
        for (start, end, word) in words.filter(|(start, end, _)| start < end) {
            if start < from {
                continue;
            }
            self.copy(&old, from, start);
            let width = end - start;
            for at in 0..word.len() {
                let last = at + 1 == word.len();
                let origin = if last { end - 1 } else { start + offset(at).min(width - 1) };
                let origin = old.origin(origin, old.run_behind(origin));
                self.runs.push((offset(self.text.len() + at), origin));
            }
            self.text.push_str(word);
            shifts.push((end, offset(self.text.len())));
            from = end;
        }
        self.copy(&old, from, offset(old.text.len()));
        let shifted = |at: u32| {
            let next = shifts.partition_point(|(before, _)| *before <= at);
            next.checked_sub(1).map_or(at, |i| shifts[i].1 + (at - shifts[i].0))
        };
        self.items = old.items;
        for item in &mut self.items {
            item.start = shifted(item.start);
            item.end = shifted(item.end);
        }
        self.find_breaks();
    }

    fn copy(&mut self, old: &Self, from: u32, to: u32) {
        if from >= to {
            return;
        }
        let at = offset(self.text.len());
        let first = old.run_behind(from);
        self.runs.push((at, old.origin(from, first)));
        let inside = old.runs[first..].iter().take_while(|(shadow, _)| *shadow < to);
        self.runs.extend(inside.map(|(shadow, origin)| (at + (shadow - from), *origin)));
        self.text.push_str(old.words(from, to));
    }

    fn find_breaks(&mut self) {
        let bytes = self.text.as_bytes();
        for at in stops(bytes) {
            let next = bytes.get(at + 1).copied().unwrap_or(b'\n');
            let level = match bytes[at] {
                b'\n' => Level::Item,
                b'.' | b'!' | b'?' if matches!(next, b' ' | b'\n') && ends_sentence(bytes, at) => {
                    Level::Sentence
                }
                b';' => Level::Clause,
                _ => continue,
            };
            let end = offset(at + 1);
            self.breaks.push(Break { at: end, level });
            if level >= Level::Sentence {
                self.sentences.push(end);
            }
            if level >= Level::Item {
                self.ends.push(end);
            }
        }
    }
}

/// Returns where a clause, sentence or item may end. Three signs can be looked for many bytes at a
/// time, so the two rare ones are looked for apart.
fn stops(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut frequent = memchr::memchr3_iter(b'\n', b'.', b';', bytes).peekable();
    let mut rare = memchr::memchr2_iter(b'!', b'?', bytes).peekable();
    std::iter::from_fn(move || match (frequent.peek(), rare.peek()) {
        (Some(one), Some(other)) if one < other => frequent.next(),
        (Some(_), None) => frequent.next(),
        _ => rare.next(),
    })
}

/// A full stop after a unit or title does not end a sentence when a small letter follows.
fn ends_sentence(bytes: &[u8], at: usize) -> bool {
    const TITLES: &[&[u8]] = &[b"dr", b"mr", b"mrs", b"ms", b"vs", b"e.g", b"i.e"];
    const UNITS: &[&[u8]] = &[
        b"min", b"mins", b"lb", b"lbs", b"ft", b"sec", b"secs", b"in", b"approx", b"no", b"ex",
        b"wt", b"ext", b"flex", b"abd", b"add", b"rt", b"lt", b"reps", b"pt", b"incl",
    ];
    // Longer words are neither.
    const LONGEST: usize = 6;
    let before = &bytes[at.saturating_sub(LONGEST + 1)..at];
    let word = match before.iter().rposition(u8::is_ascii_whitespace) {
        Some(blank) => &before[blank + 1..],
        None if before.len() > LONGEST => return true,
        None => before,
    };
    let one_of = |known: &[&[u8]]| known.iter().any(|one| one.eq_ignore_ascii_case(word));
    let list_number = (1..=2).contains(&word.len()) && word.iter().all(u8::is_ascii_digit);
    let small_letter = bytes.get(at + 2).is_some_and(u8::is_ascii_lowercase);
    !(list_number || one_of(TITLES) || small_letter && one_of(UNITS))
}

pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<String> {
        let shadow = Shadow::new(text);
        shadow.items.iter().map(|item| shadow.words(item.start, item.end).to_owned()).collect()
    }

    #[test]
    fn wrapped_lines_join_and_bullets_do_not() {
        assert_eq!(items("- Sit to\n  stand x5\n- Bridges"), ["Sit to stand x5", "Bridges"]);
        assert_eq!(items("Bridges 3x10\nClams 3x12"), ["Bridges 3x10", "Clams 3x12"]);
        assert_eq!(items("S: ok\nO: fine"), ["S: ok", "O: fine"]);
    }

    #[test]
    fn every_match_maps_back() {
        let text = "a \u{2013} Sit\u{2011}to\u{2011}Stand \u{00D7}10";
        let shadow = Shadow::new(text);
        let at = shadow.words(0, offset(shadow.text.len())).find("Sit to Stand").unwrap();
        let span = shadow.original(offset(at), offset(at + 12), text);
        assert_eq!(span.of(text), "Sit\u{2011}to\u{2011}Stand");
    }

    #[test]
    fn sentences_end_where_they_end() {
        let shadow = Shadow::new("Held 10 sec. and rest. Then 2.5 lb; done");
        let ends: Vec<_> = shadow.breaks.iter().map(|one| one.at).collect();
        assert_eq!(ends, [22, 35, 41]);
    }
}
