//! Negations with their own objects: "no pain or dizziness with stairs" says nothing against the stairs.

use super::cue::{Cue, Stops};
use crate::engine::marks::Marks;
use crate::engine::text::{Level, Shadow};
use crate::knowledge::lexicon::{Absorber, SetId, Side, Themes};

/// Finds negations with their own objects; adds the weak cue that a linked activity gets from them.
pub(super) fn absorb(
    absorber: &Absorber,
    shadow: &Shadow,
    marks: &Marks,
    eaten: &mut Vec<(u32, u32)>,
    cues: &mut Vec<Cue>,
) {
    for head in marks.of_set(absorber.heads) {
        let (_, limit) = shadow.around(head.start, Level::Clause);
        let Some(mut end) = object(absorber, shadow, marks, head.end, limit) else { continue };
        // Further objects of the same negation: "no pain, dizziness or LOB noted".
        while let Some(join) = next_to(shadow, marks, absorber.joins, end, limit) {
            if let Some(further) = object(absorber, shadow, marks, join, limit) {
                end = further;
            } else {
                end = join;
                break;
            }
        }
        eaten.push((head.start, end));
        let link = next_to(shadow, marks, absorber.links, end, limit);
        cues.push(Cue {
            start: head.start,
            end,
            status: absorber.status,
            strength: absorber.strength,
            side: if link.is_some() { Side::After } else { Side::Both },
            words: 12,
            stop: Stops { clause: true, cue: false, subject: false },
            themes: Themes::ALL,
            reader: None,
        });
    }
}

/// Returns the end of an object that stands right behind `at`, skip words between.
fn object(absorber: &Absorber, shadow: &Shadow, marks: &Marks, at: u32, limit: u32) -> Option<u32> {
    let mut at = at;
    for _ in 0..4 {
        if let Some(end) = next_to(shadow, marks, absorber.objects, at, limit) {
            return Some(end);
        }
        at = next_to(shadow, marks, absorber.skips, at, limit)?;
    }
    None
}

/// Returns the end of the longest member of a set that begins right behind `at`.
fn next_to(shadow: &Shadow, marks: &Marks, set: SetId, at: u32, limit: u32) -> Option<u32> {
    let start = at + u32::from(shadow.bytes().get(at as usize) == Some(&b' '));
    marks.members_at(set, start, limit).map(|mark| mark.end).max()
}
