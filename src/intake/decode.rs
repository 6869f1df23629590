//! Bytes of a note become text: UTF-8 first, else UTF-16 or a guessed code page that is shown.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

use super::problem::Fault;

/// Text of a note and how it was stored.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// Name of the encoding when it is not plain UTF-8.
    pub(super) encoding: Option<String>,
    /// Told beside the note when some bytes could not be read.
    pub(super) doubt: Option<Fault>,
}

/// First bytes of files that hold text in a wrapping which is not read here.
const WRAPPINGS: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF file"),
    (b"{\\rtf", "an RTF file"),
    (b"PK\x03\x04", "a Word or ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"\x1f\x8b", "a compressed file"),
];

/// Names the wrapping that a file begins with.
pub(super) fn wrapping(head: &[u8]) -> Option<Fault> {
    let (_, what) = WRAPPINGS.iter().find(|(magic, _)| head.starts_with(magic))?;
    Some(Fault::new(
        format!("is {what}, not plain text"),
        "export the notes as plain text, JSON lines or CSV",
    ))
}

/// Tells whether a file begins with a mark of UTF-16, so that its lines cannot be cut at bytes.
pub(super) fn begins_as_utf16(head: &[u8]) -> bool {
    Encoding::for_bom(head).is_some_and(|(encoding, _)| encoding != UTF_8)
}

/// Turns bytes into text; a fault names what the file is when it is no text.
pub(super) fn decode(bytes: Vec<u8>) -> Result<Decoded, Fault> {
    if let Some(fault) = wrapping(&bytes) {
        return Err(fault);
    }
    let decoded = match Encoding::for_bom(&bytes) {
        Some((encoding, bom)) if encoding == UTF_8 => without_utf8_mark(bytes, bom),
        Some((encoding, bom)) => whole(encoding, &bytes[bom..]),
        None if memchr(0, &bytes).is_some() => utf16_without_mark(&bytes)
            .map(|encoding| whole(encoding, &bytes))
            .filter(|decoded| decoded.doubt.is_none())
            .ok_or_else(binary)?,
        None => unmarked(bytes),
    };
    if is_text(&decoded.text) { Ok(decoded) } else { Err(binary()) }
}

fn without_utf8_mark(mut bytes: Vec<u8>, bom: usize) -> Decoded {
    bytes.drain(..bom);
    let plain = unmarked(bytes);
    Decoded { encoding: plain.encoding.or(Some("UTF-8 with BOM".to_owned())), ..plain }
}

fn unmarked(bytes: Vec<u8>) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text, encoding: None, doubt: None },
        Err(error) => legacy(&error.into_bytes()),
    }
}

/// Decodes bytes that are not UTF-8: damaged UTF-8, or a code page by its letters.
fn legacy(bytes: &[u8]) -> Decoded {
    let (mut read, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        read += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if read >= 2 * broken {
        return Decoded {
            text: String::from_utf8_lossy(bytes).into_owned(),
            encoding: Some("UTF-8, damaged".to_owned()),
            doubt: Some(unreadable(broken)),
        };
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // The notes are billed in the United States: Western code pages are likely, others possible.
    whole(detector.guess(Some(b"us"), Utf8Detection::Deny), bytes)
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let doubt = damaged.then(|| unreadable(text.matches('\u{fffd}').count()));
    Decoded { text: text.into_owned(), encoding: Some(encoding.name().to_owned()), doubt }
}

fn unreadable(places: usize) -> Fault {
    Fault::new(
        format!("{places} places could not be decoded and show as \u{fffd}"),
        "export the note again as UTF-8",
    )
}

fn binary() -> Fault {
    Fault::new("is a binary file, not text", "leave it out, or export the note as plain text")
}

/// Recognises UTF-16 without a mark: in English text every second byte is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = head.len() * 2 / 5;
    match (even, odd) {
        (0, odd) if odd > most => Some(UTF_16LE),
        (even, 0) if even > most => Some(UTF_16BE),
        _ => None,
    }
}

/// Text has no NUL and hardly any control characters beside blanks and line ends.
fn is_text(text: &str) -> bool {
    let mut head_end = text.len().min(8192);
    while !text.is_char_boundary(head_end) {
        head_end += 1;
    }
    let head = &text.as_bytes()[..head_end];
    let controls = head.iter().filter(|b| **b < 0x20 && !(9..=13).contains(*b)).count();
    controls * 20 <= head.len() && memchr(0, text.as_bytes()).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_and_name(bytes: &[u8]) -> (String, Option<String>) {
        let decoded = decode(bytes.to_vec()).unwrap();
        assert_eq!(decoded.doubt, None);
        (decoded.text, decoded.encoding)
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn utf8_is_read_with_and_without_mark_and_line_ends_are_kept() {
        assert_eq!(text_and_name(b"90\xc2\xb0\r\nok"), ("90°\r\nok".to_owned(), None));
        let marked = text_and_name(b"\xef\xbb\xbf90\xc2\xb0\r\n");
        assert_eq!(marked, ("90°\r\n".to_owned(), Some("UTF-8 with BOM".to_owned())));
        assert_eq!(text_and_name(b""), (String::new(), None));
    }

    #[test]
    fn windows_1252_is_recognised_by_each_of_its_usual_signs() {
        let windows = Some("windows-1252".to_owned());
        for (bytes, text) in [
            (&b"Knee flexion 110\xb0 today"[..], "Knee flexion 110° today"),
            (b"Pt\x92s gait \x96 slow", "Pt’s gait – slow"),
            (b"\x93I can\x92t\x94 she said", "“I can’t” she said"),
            (b"1\xbd miles, \xb15 lb, 3\xd710", "1½ miles, ±5 lb, 3×10"),
            (b"\x95 squats\r\n\x95 steps", "• squats\r\n• steps"),
            (b"Se\xf1ora Mu\xf1oz, caf\xe9", "Señora Muñoz, café"),
            (b"ROM 90\xb0/100\xb0", "ROM 90°/100°"),
        ] {
            assert_eq!(text_and_name(bytes), (text.to_owned(), windows.clone()));
        }
    }

    #[test]
    fn utf16_is_recognised_with_and_without_mark() {
        for (name, to_bytes, mark) in [
            ("UTF-16LE", u16::to_le_bytes as fn(u16) -> [u8; 2], [0xff, 0xfe]),
            ("UTF-16BE", u16::to_be_bytes, [0xfe, 0xff]),
        ] {
            let bare = utf16("Sit to stand 2x10, 90°\r\n", to_bytes);
            let expected = ("Sit to stand 2x10, 90°\r\n".to_owned(), Some(name.to_owned()));
            assert_eq!(text_and_name(&bare), expected);
            assert_eq!(text_and_name(&[&mark[..], &bare].concat()), expected);
        }
    }

    #[test]
    fn a_damaged_byte_in_utf8_is_told_and_does_not_turn_the_rest_into_another_code_page() {
        let decoded = decode(b"Pt\xe2\x80\x99s knee 90\xc2\xb0, 100\xc2\xb0 \xe2\x80".to_vec());
        let decoded = decoded.unwrap();
        assert!(decoded.text.starts_with("Pt’s knee 90°, 100° "));
        assert!(decoded.doubt.unwrap().message.starts_with("1 places"));
    }

    #[test]
    fn files_that_are_no_text_are_named() {
        for (bytes, word) in [
            (&b"\x7fELF\x02\x01\x01\0\0\0\0"[..], "binary"),
            (b"\x01\x02\x03\x04\x05\x06", "binary"),
            (b"%PDF-1.7 ...", "PDF"),
            (b"{\\rtf1 note}", "RTF"),
            (b"PK\x03\x04\0\0", "Word"),
        ] {
            assert!(decode(bytes.to_vec()).unwrap_err().message.contains(word));
        }
    }
}
