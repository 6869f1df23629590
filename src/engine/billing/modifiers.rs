//! CQ and CO: how the units of a code fall on a therapist and an assistant who shared its minutes.

use crate::model::{Minutes, Span};

use super::minutes::TimeMention;

/// Minutes of one code by who gave them; minutes given together count as the therapist's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shares {
    /// The therapist alone, or both together.
    pub therapist: Minutes,
    /// The assistant alone.
    pub assistant: Minutes,
}

impl Shares {
    /// Returns the sum of both.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            therapist: self.therapist.plus(other.therapist),
            assistant: self.assistant.plus(other.assistant),
        }
    }

    /// Tells whether the assistant gave more than a tenth of the whole, as for untimed codes.
    pub fn marks_whole(self) -> bool {
        exceeds_tenth(self.assistant.floor(), self.therapist.floor())
    }
}

/// Units of one code without and with the modifier of an assistant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SplitUnits {
    /// Units of the therapist.
    pub plain: u32,
    /// Units that carry CQ or CO.
    pub assistant: u32,
}

/// Gives the units of a timed code to therapist and assistant.
///
/// Whole blocks of 15 minutes go to who gave them. Of what is left, the therapist takes a unit with
/// eight minutes or more, even if the assistant contributed; the assistant's share of another unit
/// marks it when it is more than a tenth.
pub fn split(units: u32, shares: Shares) -> SplitUnits {
    let (therapist, assistant) = (shares.therapist.floor(), shares.assistant.floor());
    let plain = units.min(therapist / 15);
    let marked = (units - plain).min(assistant / 15);
    let mut split = SplitUnits { plain, assistant: marked };
    let (mut rest, assistant_rest) = (therapist - plain * 15, assistant - marked * 15);
    for _ in 0..units - plain - marked {
        if rest >= 8 || !exceeds_tenth(assistant_rest, rest) {
            split.plain += 1;
            rest = 0;
        } else {
            split.assistant += 1;
        }
    }
    split
}

fn exceeds_tenth(assistant: u32, therapist: u32) -> bool {
    assistant * 10 > assistant + therapist
}

/// Reads who gave the minutes inside some words: "PTA 10 min, PT 5 min".
///
/// `None` unless every statement of time there names a provider and one of them is an assistant.
pub fn shares(text: &str, within: Span, times: &[TimeMention]) -> Option<Shares> {
    let mut shares = Shares::default();
    let mut floor = within.start as usize;
    for time in times.iter().filter(|time| within.contains(time.span)) {
        let minutes = time.minutes?;
        let before = text.get(floor..time.span.start as usize)?;
        let after = text.get(time.span.end as usize..within.end as usize)?;
        let share = match provider_before(before).or_else(|| provider_after(after))? {
            Provider::Therapist => Shares { therapist: minutes, ..Shares::default() },
            Provider::Assistant => Shares { assistant: minutes, ..Shares::default() },
        };
        shares = shares.plus(share);
        floor = time.span.end as usize;
    }
    (shares.assistant > Minutes::default()).then_some(shares)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Provider {
    Therapist,
    Assistant,
}

fn provider_before(words: &str) -> Option<Provider> {
    let trimmed = |words: &str| words.trim_end_matches([' ', ':', '-', '(']).len();
    let mut words = &words[..trimmed(words)];
    for filler in [" x", " for"] {
        words = words.strip_suffix(filler).unwrap_or(words);
    }
    // Nothing but blanks between them: a comma ends what belongs to an earlier time.
    let words = &words[..trimmed(words)];
    provider(words.rsplit(|c: char| !c.is_ascii_alphanumeric()).next()?)
}

fn provider_after(words: &str) -> Option<Provider> {
    let mut first = words.split(|c: char| !c.is_ascii_alphanumeric());
    provider(first.find(|word| !matches!(*word, "" | "by" | "with"))?)
}

fn provider(word: &str) -> Option<Provider> {
    match word {
        "PT" | "OT" | "DPT" | "OTR" | "together" | "both" => Some(Provider::Therapist),
        "PTA" | "COTA" | "OTA" => Some(Provider::Assistant),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::minutes;
    use super::*;

    fn whole(assistant: u32, therapist: u32) -> Shares {
        Shares { therapist: Minutes::whole(therapist), assistant: Minutes::whole(assistant) }
    }

    #[test]
    fn published_examples_of_shared_units_come_out() {
        for (units, assistant, therapist, want) in [
            (1, 10, 5, (0, 1)),
            (2, 23, 13, (1, 1)),
            (3, 22, 23, (2, 1)),
            (2, 19, 10, (1, 1)),
            (2, 12, 14, (1, 1)),
            (2, 30, 0, (0, 2)),
            (2, 0, 30, (2, 0)),
            (1, 1, 14, (1, 0)),
            (1, 7, 8, (1, 0)),
        ] {
            let got = split(units, whole(assistant, therapist));
            assert_eq!((got.plain, got.assistant), want, "{assistant} + {therapist}");
        }
        assert!(whole(4, 30).marks_whole() && !whole(3, 30).marks_whole());
    }

    #[test]
    fn shares_are_read_only_when_every_time_names_its_provider() {
        let read = |text: &str| {
            shares(text, Span::new(0, text.len()), &minutes::read(text))
                .map(|got| (got.assistant.floor(), got.therapist.floor()))
        };
        assert_eq!(read("97110: PTA 23 min, PT 13 min, bridges 3x10"), Some((23, 13)));
        assert_eq!(read("Bridges 3x10, 10 min by COTA, 5 min with OT"), Some((10, 5)));
        assert_eq!(read("Bridges 3x10, PTA 10 min, stretch 5 min"), None);
        assert_eq!(read("Bridges 3x10, PT 10 min"), None);
    }
}
