//! What kind of report a text is: an operative or medical report is no therapy note.
//!
//! Surgeons carry, place, lift and bridge as well. Where a report speaks the language of the
//! operating room or the ward and hardly a word of therapy, nothing in it is suggested.

use super::marks::Marks;
use super::text::Shadow;
use crate::knowledge::Lexicon;

/// What kind of report a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// A therapy note, or a text too short to tell.
    Therapy,
    /// An operative or medical report.
    Medical,
}

/// So many different words of the operating room or the ward make a medical report, ...
const ENOUGH: usize = 3;

/// ... and so many more for each word of therapy and each activity that was performed.
const WEIGHT_OF_THERAPY: usize = 3;

/// Reads the nature of a text from the words found in it; `activities` counts the different
/// activities that were performed.
pub(crate) fn nature(
    lexicon: &Lexicon,
    shadow: &Shadow,
    marks: &Marks,
    activities: usize,
) -> Nature {
    let different = |name: &str| {
        let set = lexicon.set_names.get(name).copied();
        let members = set.into_iter().flat_map(|set| marks.of_set(set));
        let mut words: Vec<&str> = members.map(|mark| shadow.words(mark.start, mark.end)).collect();
        words.sort_unstable_by(|a, b| {
            let small = |byte: u8| byte.to_ascii_lowercase();
            a.bytes().map(small).cmp(b.bytes().map(small))
        });
        words.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        words.len()
    };
    let medical = different("medical-word");
    let enough = |therapy: usize| medical >= ENOUGH + WEIGHT_OF_THERAPY * therapy;
    let therapy = activities + marks.labels.len();
    // Most notes hold too little of it, whatever other words of therapy they hold.
    if enough(therapy) && enough(therapy + different("therapy-word")) {
        Nature::Medical
    } else {
        Nature::Therapy
    }
}
