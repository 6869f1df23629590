//! Words in quotation marks: they are somebody's own.

use super::cue::{Cue, Stops};
use crate::engine::text::{Shadow, offset};
use crate::knowledge::lexicon::{Side, Strength, Themes};
use crate::model::Status;

/// Finds words in quotation marks: they are somebody's own. A mark behind a digit means inches.
pub(super) fn quoted(shadow: &Shadow, cues: &mut Vec<Cue>) {
    let bytes = shadow.bytes();
    let mut at = 0;
    while let Some(step) = memchr::memchr(b'"', &bytes[at..]) {
        let open = at + step;
        at = open + 1;
        let free = open.checked_sub(1).is_none_or(|before| !bytes[before].is_ascii_alphanumeric());
        if !free || !bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let line = memchr::memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
        let Some(length) = memchr::memchr(b'"', &bytes[at..at + line]) else { continue };
        let end = at + length;
        // One or two words are a name or a cue that was given.
        if bytes[at..end].split(|byte| *byte == b' ').nth(3).is_some() {
            cues.push(Cue {
                start: offset(open),
                end: offset(end + 1),
                status: Status::Reported,
                strength: Strength::Strong,
                side: Side::Before,
                words: 6,
                stop: Stops { clause: true, cue: true, subject: false },
                themes: Themes::ALL,
                reader: None,
            });
        }
        at = end + 1;
    }
}
