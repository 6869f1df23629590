//! Where the head of a line ends without a colon.

use crate::knowledge::Lexicon;
use crate::model::Status;

/// Tells whether a dash stands in place of the colon: "Goals - return to roofing".
///
/// Only behind headings that say of what stands under them that it is no work of today; behind
/// others a dash joins a second label.
pub(super) fn ends(lexicon: &Lexicon, known: Option<usize>, bytes: &[u8], at: usize) -> bool {
    let dash = bytes[at..].starts_with(b"- ") && at > 0 && bytes[at - 1] == b' ';
    let status = known.and_then(|known| lexicon.headings[known].status);
    dash && status.is_some_and(|status| status != Status::Performed)
}
