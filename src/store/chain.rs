//! The hash chain: what is hashed for an event and for a text, byte by byte.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A SHA-256 value of the chain, the tree or a commitment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// What stands before the first event: 32 zero bytes.
    pub const ZERO: Self = Self([0; 32]);

    /// Returns the SHA-256 of some bytes.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Takes 32 bytes as they are.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Takes a slice of exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_value(pair[0])? << 4 | hex_value(pair[1])?;
        }
        Some(Self(bytes))
    }

    /// Returns the 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex(&self.0))
    }
}

/// Writes bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// Returns `lp(x)`: the length as big-endian u64, then the bytes, so that fields cannot run together.
pub(crate) fn length_prefix(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64).to_be_bytes()
}

/// Returns the hash of an event; it covers seq and id as well as the body.
pub fn event_hash(seq: u64, event_id: &str, previous: &Digest, body: &str) -> Digest {
    let mut bytes = Vec::with_capacity(BESIDE_BODY + body.len());
    write_event(&mut bytes, seq, event_id.as_bytes(), previous.as_bytes(), body.as_bytes());
    Digest::of(&bytes)
}

/// Bytes that the hash of an event covers before its id.
pub(crate) const BEFORE_ID: usize = 8 + 14 + 8 + 8;

/// Bytes that the hash of an event covers beside its body.
const BESIDE_BODY: usize = BEFORE_ID + 36 + 8 + 32 + 8;

/// Writes the bytes that the hash of an event covers, one after the other; the body is the last.
pub(crate) fn write_event(
    bytes: &mut Vec<u8>,
    seq: u64,
    event_id: &[u8],
    previous: &[u8],
    body: &[u8],
) {
    write_prefixed(bytes, b"rubric.event/1");
    bytes.extend_from_slice(&seq.to_be_bytes());
    write_prefixed(bytes, event_id);
    write_prefixed(bytes, previous);
    write_prefixed(bytes, body);
}

fn write_prefixed(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend_from_slice(&length_prefix(part));
    bytes.extend_from_slice(part);
}

fn update_prefixed(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update(length_prefix(bytes));
    hasher.update(bytes);
}

/// Returns the commitment that stands in an event for a text kept outside of it.
///
/// Once text and salt are deleted the text cannot be guessed from the commitment.
pub fn text_commitment(salt: &[u8], text: &str) -> Digest {
    let mut hasher = Sha256::new();
    update_prefixed(&mut hasher, b"rubric.text/1");
    update_prefixed(&mut hasher, salt);
    update_prefixed(&mut hasher, text.as_bytes());
    Digest(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting() -> [u8; 32] {
        std::array::from_fn(|i| u8::try_from(i).unwrap())
    }

    #[test]
    fn commitment_and_hashes_equal_the_published_vector() {
        assert_eq!(
            text_commitment(&counting(), "cue wording unclear").to_string(),
            "9f22de2c48a2bc73f50d523cee2cf2ac9678e94007e4464b3077c71613145697"
        );
        let first = event_hash(
            1,
            "01890000-0000-7000-8000-000000000001",
            &Digest::ZERO,
            r#"{"actor":"anna","at":1767225600000,"kind":"open","v":1}"#,
        );
        assert_eq!(
            first.to_string(),
            "6f0c255d8b2e79334e2b0d63d8f5a8bb0f29a3b657e313b40753e853df3caf43"
        );
        let second = event_hash(
            2,
            "01890000-0000-7000-8000-000000000002",
            &first,
            concat!(
                r#"{"actor":"anna","at":1767225660000,"kind":"flag","note":{"digest":"#,
                r#""682f727936da26a9153b5894fa4eab67517d907f8ee884bc633d8b448a1975cd","#,
                r#""key":"N-0001","key_id":"k1"},"text":{"why":"#,
                r#""9f22de2c48a2bc73f50d523cee2cf2ac9678e94007e4464b3077c71613145697"},"v":1}"#
            ),
        );
        assert_eq!(
            second.to_string(),
            "05bcf5c73b3c82bc81fddc76b315af317f4a9e76e01803ffc48ccde3b5d9249f"
        );
    }

    #[test]
    fn hexadecimal_digits_are_read_strictly() {
        let digest = Digest::new(counting());
        assert_eq!(Digest::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_hex(&digest.to_string().to_uppercase()), None);
        assert_eq!(Digest::from_hex("00"), None);
    }
}
