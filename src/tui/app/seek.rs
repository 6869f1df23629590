//! Looking about in the open note: words that are typed, and what the program found, one by one.

use std::ops::Range;

use crate::model::{Mention, Theme};

use super::super::action::Action;
use super::{App, Layer, PromptKind};

/// Places of the words that are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// All places, from the start of the note on.
    pub places: Vec<Range<usize>>,
    /// The one the cursor is on.
    pub at: usize,
}

impl App {
    /// Looks for what was typed; the first place at or below the top row is shown.
    pub(super) fn find_words(&mut self, wanted: &str) {
        let height = self.note_height();
        let Some(open) = &mut self.open else { return };
        let places = places(&open.note.text, wanted);
        let from = open.row_at(open.top).map_or(0, |row| row.start);
        let at = places.iter().position(|place| place.start >= from).unwrap_or_default();
        let place = places.get(at).cloned();
        open.found = Found { places, at };
        if let Some(place) = place {
            open.reveal(place, height);
        }
    }

    /// Goes to another place of the words that are looked for, round the note.
    pub(super) fn step_found(&mut self, by: isize) {
        let height = self.note_height();
        let Some(open) = &mut self.open else { return };
        let count = open.found.places.len();
        if count == 0 {
            return;
        }
        let at = (open.found.at + count).saturating_add_signed(by) % count;
        open.found.at = at;
        let place = open.found.places[at].clone();
        open.reveal(place, height);
    }

    /// Takes the marks off the places that were found.
    pub(super) fn forget_found(&mut self) {
        if let Some(open) = &mut self.open {
            open.found = Found::default();
        }
    }

    /// Returns how many places were found, in words, while words are looked for.
    pub(in crate::tui) fn found_words(&self) -> String {
        let typed = match self.layers.last() {
            Some(Layer::Prompt(prompt)) if prompt.kind == PromptKind::Find => prompt.field.text(),
            _ => return String::new(),
        };
        let Some(found) = self.open.as_ref().map(|open| &open.found) else { return String::new() };
        match (typed.is_empty(), found.places.len()) {
            (true, _) => String::new(),
            (false, 0) => "not in this note".to_owned(),
            (false, count) => format!("{} of {count}", found.at + 1),
        }
    }

    /// Goes to the next or previous activity the program found, and says what it is.
    pub(super) fn step_mention(&mut self, action: Action) {
        let height = self.note_height();
        let Some(open) = &mut self.open else { return };
        let mut order: Vec<usize> = (0..open.analysis.mentions.len()).collect();
        order.sort_by_key(|at| (open.analysis.mentions[*at].span, *at));
        let count = order.len();
        if count == 0 {
            return;
        }
        let forward = action == Action::NextMention;
        let place = open.mention.and_then(|now| order.iter().position(|at| *at == now));
        let next = match (place, forward) {
            (Some(place), true) => (place + 1) % count,
            (Some(place), false) => (place + count - 1) % count,
            (None, true) => 0,
            (None, false) => count - 1,
        };
        let at = order[next];
        let mention = &open.analysis.mentions[at];
        let words = format!("{} of {count}: {}", next + 1, told(mention, &open.note.text));
        let (span, segment) = (mention.span, mention.segment);
        if let Some(segment) = segment {
            self.go_to_segment(segment);
        }
        if let Some(open) = &mut self.open {
            open.mention = Some(at);
            open.warning = None;
            open.reveal(span.range(), height);
        }
        self.say(words);
    }
}

/// Says what was found, whether it counts, and which words say so.
fn told(mention: &Mention, text: &str) -> String {
    let kind = match mention.theme {
        Theme::FunctionalTask => "task",
        Theme::Exercise => "exercise",
        Theme::Neuromuscular => "neuromuscular",
        Theme::SelfCare => "self-care",
        Theme::OtherService => "other service",
    };
    let status = mention.status.as_str().replace('-', " ");
    let because = mention.cue.as_ref().map_or_else(String::new, |cue| {
        format!(", because of \"{}\"", text.get(cue.span.range()).unwrap_or_default())
    });
    let place = match mention.segment {
        Some(segment) => format!("segment {}", segment + 1),
        None => "counts for nothing".to_owned(),
    };
    format!("{kind} {}: {status}{because}; {place}", mention.term)
}

/// Returns the places of some words in a text; capitals do not matter.
fn places(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let wanted: Vec<char> = wanted.trim().chars().flat_map(char::to_lowercase).collect();
    let Some(first) = wanted.first().copied() else { return Vec::new() };
    let mut found = Vec::new();
    let mut from = 0;
    for (at, letter) in text.char_indices() {
        if at < from || !letter.to_lowercase().eq([first]) {
            continue;
        }
        if let Some(end) = end_of(&text[at..], &wanted) {
            found.push(at..at + end);
            from = at + end;
        }
    }
    found
}

/// Returns where the words end with which a text begins; a line end stands for a blank.
fn end_of(text: &str, wanted: &[char]) -> Option<usize> {
    let mut left = wanted;
    for (at, letter) in text.char_indices() {
        for small in letter.to_lowercase() {
            let small = if small == '\n' { ' ' } else { small };
            match left.split_first() {
                None => return Some(at),
                Some((next, rest)) if *next == small => left = rest,
                Some(_) => return None,
            }
        }
    }
    left.is_empty().then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_capitals_and_never_inside_a_letter() {
        assert_eq!(places("Sit to stand, SIT\nto", "sit"), [0..3, 14..17]);
        assert_eq!(places("a Sit\nto b", "sit to").first(), Some(&(2..8)));
        assert_eq!(places("Über ü", "ü"), [0..2, 6..8]);
        assert_eq!(places("aaa", "aa").len(), 1);
        assert!(places("any", "").is_empty() && places("", "any").is_empty());
    }
}
