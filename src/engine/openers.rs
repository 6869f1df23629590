//! The first two bytes of words: a cheap question about every word before a dear one about few.

/// The pairs of bytes that words of some kind begin with, letters in either case.
pub(crate) struct Openers([u32; 256]);

impl Openers {
    /// Takes first letters, each with the second bytes that it may have; all digits begin as well.
    pub(crate) const fn new(letters: &[(u8, &[u8])]) -> Self {
        let mut pairs = [0; 256];
        let mut digit = b'0';
        while digit <= b'9' {
            pairs[digit as usize] = u32::MAX;
            digit += 1;
        }
        let mut row = 0;
        while row < letters.len() {
            let (first, seconds) = letters[row];
            let mut at = 0;
            while at < seconds.len() {
                pairs[first as usize] |= bit(seconds[at]);
                at += 1;
            }
            pairs[first.to_ascii_uppercase() as usize] = pairs[first as usize];
            row += 1;
        }
        Self(pairs)
    }

    /// Tells whether a word may begin so; few others pass.
    #[inline]
    pub(crate) fn may_begin(&self, first: u8, second: u8) -> bool {
        self.0[usize::from(first)] & bit(second) != 0
    }
}

/// The low bits of a letter are the same in both cases.
const fn bit(second: u8) -> u32 {
    1 << (second & 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_pass_by_their_first_two_bytes() {
        let openers = Openers::new(&[(b't', b"wh"), (b'x', b"0123456789")]);
        for (word, want) in [("Two", true), ("three", true), ("ten", false), ("x4", true)] {
            let bytes = word.as_bytes();
            assert_eq!(openers.may_begin(bytes[0], bytes[1]), want, "{word}");
        }
        assert!(openers.may_begin(b'7', 0) && !openers.may_begin(b't', 0));
    }
}
