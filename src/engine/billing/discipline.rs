//! Who treated: credentials of the signature, modifiers, headings.

use crate::engine::section::Section;
use crate::model::{Code, Discipline, SectionKind, Span};

/// A signature is short; what a heading governs beyond this many bytes is something else.
const LONGEST: usize = 300;

/// Who the text says treated and signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Who {
    /// Discipline of the first who signed; else what modifiers or headings tell.
    pub discipline: Option<Discipline>,
    /// An assistant signed, alone or with a therapist.
    pub assistant: Option<Discipline>,
    /// A therapist signed besides.
    pub therapist: Option<Discipline>,
    /// Words of the first credential in a signature.
    pub credential: Option<Span>,
    /// A line that is a signature, with or without a credential.
    pub signature: Option<Span>,
}

/// Reads who treated from a note.
pub fn read(text: &str, sections: &[Section]) -> Who {
    let mut who = Who::default();
    for section in sections.iter().filter(|section| section.kind == SectionKind::Signature) {
        let span = section.heading.join(section.body);
        if span.len() > LONGEST {
            continue;
        }
        who.take(text, span, Place::Signature);
    }
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            lines.push((start, line.trim_end()));
        }
        start += line.len();
    }
    for &(at, line) in &lines {
        if is_signature(line) {
            who.take(text, Span::new(at, at + line.len()), Place::Signature);
        }
    }
    if who.credential.is_none() {
        // A name and a credential at the very end sign as well.
        for &(at, line) in lines.iter().rev().take(3) {
            let by_patient = || line.trim_start().to_ascii_lowercase().starts_with("patient");
            if let Some(from) = name_and_title(line).filter(|_| !by_patient()) {
                who.take(text, Span::new(at + from, at + line.len()), Place::NameAndTitle);
                break;
            }
        }
    }
    if who.discipline.is_none() {
        who.discipline = from_modifiers(text).or_else(|| from_headings(&lines));
    }
    who
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Signature,
    NameAndTitle,
}

impl Who {
    fn take(&mut self, text: &str, span: Span, place: Place) {
        let words = span.of(text);
        let mut first_here = None;
        for (at, credential) in credentials(words) {
            let from = span.start as usize + at;
            first_here = first_here.or(Some(from));
            self.discipline = self.discipline.or(Some(credential));
            match credential {
                Discipline::Pta | Discipline::Cota => {
                    self.assistant = self.assistant.or(Some(credential));
                }
                _ => self.therapist = self.therapist.or(Some(credential)),
            }
            self.credential = self.credential.or_else(|| {
                let length = credential_length(&words[at..]);
                Some(Span::new(from, from + length))
            });
        }
        let named = place == Place::Signature && words.split_whitespace().count() > 1;
        if named || first_here.is_some() {
            self.signature = self.signature.or(Some(span));
        }
    }
}

/// Finds a name and a credential at the end of a line: "… T. Sample, PT, DPT 11/02/2026".
///
/// Nothing but further titles and a date may follow; the name is one to three words with capitals.
fn name_and_title(line: &str) -> Option<usize> {
    // Only behind the last word in small letters may a title stand.
    let begins_word =
        |at: &usize| *at == 0 || line[..*at].ends_with(|before: char| before.is_whitespace());
    let mut small = line.rmatch_indices(|c: char| c.is_lowercase()).map(|(at, _)| at);
    let from = small.find(begins_word).unwrap_or(0);
    let (at, _) = credentials(&line[from..]).next()?;
    let at = from + at;
    let head = line[..at].trim_end();
    let comma = head.ends_with(',');
    let name = head.trim_end_matches(',');
    let mut from = name.len();
    let mut words = 0;
    for word in name.rsplit(' ').take(3) {
        let titled = word.starts_with(|c: char| c.is_uppercase()) && !word.contains(':');
        if !titled || word.len() > 1 && word.ends_with('.') && word.len() > 3 {
            break;
        }
        words += 1;
        from -= word.len();
        from = name[..from].trim_end().len();
    }
    let whole_line = name[..from].trim().is_empty();
    let title_follows = line[at..].split_whitespace().count() <= 5;
    (words > 0 && title_follows && (comma || whole_line && words == 2)).then_some(from)
}

/// Labels that make a line a signature by themselves.
const SIGNED: &[&str] = &[
    "signed",
    "sign ",
    "esign",
    "signature",
    "electronically signed",
    "e-signed",
    "/s/",
    "digitally signed",
    "authenticated by",
];

/// Labels that sign when a sign or "by" follows.
const SIGNERS: &[&str] = &[
    "therapist",
    "treating therapist",
    "treating clinician",
    "clinician",
    "provider",
    "treated",
    "cosigned",
    "co-signed",
    "co-signature",
    "cosignature",
    "therapist signature",
    "provider signature",
    "clinician signature",
    "documented",
];

fn is_signature(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_ascii_alphabetic() && c != '/');
    // All labels begin with one of these letters, or with a slash.
    let first = line.bytes().next().unwrap_or_default().to_ascii_lowercase();
    if !b"acdepst/".contains(&first) {
        return false;
    }
    let rest = |label: &str| {
        let head = line.get(..label.len()).filter(|_| label.as_bytes()[0] == first)?;
        head.eq_ignore_ascii_case(label).then(|| line[label.len()..].trim_start())
    };
    SIGNED.iter().any(|label| rest(label).is_some())
        || SIGNERS.iter().any(|label| {
            rest(label).is_some_and(|rest| rest.starts_with([':', '-']) || rest.starts_with("by "))
        })
}

fn credential_length(words: &str) -> usize {
    words.bytes().take_while(|byte| may_belong_to_credential(char::from(*byte))).count()
}

/// Finds credentials in capitals, with their place.
fn credentials(words: &str) -> impl Iterator<Item = (usize, Discipline)> {
    let mut next = 0;
    words.split(|c: char| !may_belong_to_credential(c)).filter_map(move |word| {
        let at = next;
        next += word.len();
        next += words[next..].chars().next().map_or(0, char::len_utf8);
        Some((at, credential(word)?))
    })
}

fn may_belong_to_credential(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '/' | '-')
}

fn credential(word: &str) -> Option<Discipline> {
    match word.trim_end_matches('-') {
        "PT" | "DPT" | "MPT" | "MSPT" | "RPT" | "PT/DPT" | "PT/L" => Some(Discipline::Pt),
        "PTA" | "LPTA" | "PTA/L" => Some(Discipline::Pta),
        "OT" | "OTR" | "OTR/L" | "OTD" | "MOT" | "OT/L" | "MOTR/L" => Some(Discipline::Ot),
        "COTA" | "COTA/L" | "OTA" | "OTA/L" => Some(Discipline::Cota),
        "SLP" | "CCC-SLP" | "CCC/SLP" | "SLP-CCC" | "MS-CCC-SLP" => Some(Discipline::Slp),
        _ => None,
    }
}

/// GP, GO or GN right beside a code.
fn from_modifiers(text: &str) -> Option<Discipline> {
    let bytes = text.as_bytes();
    let modifier = |at: &usize| matches!(bytes.get(at + 1), Some(b'P' | b'O' | b'N'));
    let mut read = 0;
    for at in memchr::memchr_iter(b'G', bytes).filter(modifier) {
        // Only lines that may hold one are read, each once.
        if at < read {
            continue;
        }
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        read = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
        let mut after_code = false;
        for word in text[start..read].split(|c: char| !c.is_ascii_alphanumeric()) {
            after_code |= Code::parse(word).is_some();
            match word {
                "GP" if after_code => return Some(Discipline::Pt),
                "GO" if after_code => return Some(Discipline::Ot),
                "GN" if after_code => return Some(Discipline::Slp),
                _ => {}
            }
        }
    }
    None
}

/// "Physical Therapy Daily Note", "Discipline: OT" among the first lines.
fn from_headings(lines: &[(usize, &str)]) -> Option<Discipline> {
    for (_, line) in lines.iter().take(5) {
        if let Some(rest) = behind(line, "discipline") {
            let rest = rest.trim_start_matches([':', ' ', '=']);
            let word = rest.split(|c: char| c.is_whitespace() || c == ',').next()?;
            if let Some(discipline) = Discipline::parse(word) {
                return Some(discipline);
            }
        }
        let begins =
            |word: &str| line.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        let heads = |words: &[&str]| words.iter().any(|word| begins(word));
        if heads(&[
            "physical therapy",
            "pt daily",
            "pt treatment",
            "pt note",
            "pt progress",
            "pt eval",
        ]) {
            return Some(Discipline::Pt);
        }
        if heads(&[
            "occupational therapy",
            "ot daily",
            "ot treatment",
            "ot note",
            "ot progress",
            "ot eval",
        ]) {
            return Some(Discipline::Ot);
        }
        if heads(&["speech therapy", "speech-language", "speech language", "slp ", "st daily"]) {
            return Some(Discipline::Slp);
        }
    }
    None
}

/// Returns what stands behind the first mention of a word, given in small letters.
fn behind<'l>(line: &'l str, word: &str) -> Option<&'l str> {
    let first = *word.as_bytes().first()?;
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), line.as_bytes()).find_map(|at| {
        let head = line.get(at..at + word.len())?;
        if head.eq_ignore_ascii_case(word) { line.get(at + word.len()..) } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_of_the_signature_tell_the_discipline() {
        for (text, want) in [
            ("Signed: T. Sample, PT", Some(Discipline::Pt)),
            ("Bridges 3x10\nJane Roe, PTA", Some(Discipline::Pta)),
            ("Electronically signed by R. Muster, OTR/L", Some(Discipline::Ot)),
            ("/s/ K. Specimen, COTA/L, co-signed P. Proxy, OTR/L", Some(Discipline::Cota)),
            ("Therapist: A. Person, M.S., CCC-SLP", Some(Discipline::Slp)),
            ("Billed: 97530 x1 GO", Some(Discipline::Ot)),
            ("Physical Therapy Daily Note\nBridges", Some(Discipline::Pt)),
            ("PT reports less pain, PT happy", None),
            ("Timed 38 min, total 38 min.   T. Sample, PT", Some(Discipline::Pt)),
            ("Next visit pans. Timed minutes forty. K. Specimen, OTR/L", Some(Discipline::Ot)),
            ("T. Sample, PT, DPT     11/02/2026", Some(Discipline::Pt)),
            ("A. Dummy PT", Some(Discipline::Pt)),
            ("Lifts boxes in OT", None),
            ("Patient signature: J. Doe, PT", None),
        ] {
            assert_eq!(read(text, &[]).discipline, want, "{text}");
        }
    }

    #[test]
    fn an_assistant_beside_a_therapist_is_seen() {
        let who = read("Signed: J. Roe, PTA\nCo-signed: T. Sample, PT, DPT", &[]);
        assert_eq!((who.assistant, who.therapist), (Some(Discipline::Pta), Some(Discipline::Pt)));
        let who = read("Signed: J. Roe", &[]);
        assert!(who.signature.is_some() && who.credential.is_none());
    }
}
