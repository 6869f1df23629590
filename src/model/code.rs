//! Billing codes and who stands behind a note: discipline and setting.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A five-character procedure code such as `97530` or `G0283`.
///
/// Only the number is kept; descriptors belong to their owner and are never shipped.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code([u8; 5]);

impl Code {
    /// Exercise for strength, endurance, motion or flexibility.
    pub const EXERCISE: Self = Self(*b"97110");
    /// Retraining of balance, coordination, posture or movement sense.
    pub const NEURO: Self = Self(*b"97112");
    /// Practice of functional tasks.
    pub const TASK: Self = Self(*b"97530");
    /// Training in self-care or home management.
    pub const SELF_CARE: Self = Self(*b"97535");
    /// The four codes that `rubric` tells apart, in ascending order.
    pub const FOUR: [Self; 4] = [Self::EXERCISE, Self::NEURO, Self::TASK, Self::SELF_CARE];

    /// Reads a code: five digits, a letter and four digits, or four digits and a `T`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 5] = text.as_bytes().try_into().ok()?;
        let [first, middle @ .., last] = bytes;
        let edges =
            matches!((first, last), (b'0'..=b'9', b'0'..=b'9' | b'T') | (b'A'..=b'Z', b'0'..=b'9'));
        (edges && middle.iter().all(u8::is_ascii_digit)).then_some(Self(bytes))
    }

    /// Returns the code as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("?????")
    }

    /// Tells whether this is one of the four codes the program tells apart.
    pub fn is_target(self) -> bool {
        Self::FOUR.contains(&self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is not a code: five digits are wanted, as 97530"
            ))
        })
    }
}

/// Who treated: therapist or assistant of one of the three disciplines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Discipline {
    /// Physical therapist.
    Pt,
    /// Physical therapist assistant.
    Pta,
    /// Occupational therapist.
    Ot,
    /// Occupational therapy assistant.
    Cota,
    /// Speech-language pathologist.
    Slp,
}

impl Discipline {
    /// Reads a discipline in any case; `OTA` is read as `COTA`, `ST` as `SLP`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_uppercase().as_str() {
            "PT" | "DPT" => Some(Self::Pt),
            "PTA" => Some(Self::Pta),
            "OT" | "OTR" | "OTR/L" => Some(Self::Ot),
            "COTA" | "COTA/L" | "OTA" => Some(Self::Cota),
            "SLP" | "ST" | "CCC-SLP" => Some(Self::Slp),
            _ => None,
        }
    }

    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pt => "PT",
            Self::Pta => "PTA",
            Self::Ot => "OT",
            Self::Cota => "COTA",
            Self::Slp => "SLP",
        }
    }

    /// Returns the modifier of the plan of care that the discipline works under.
    pub fn modifier(self) -> &'static str {
        match self {
            Self::Pt | Self::Pta => "GP",
            Self::Ot | Self::Cota => "GO",
            Self::Slp => "GN",
        }
    }

    /// Returns the modifier for services of an assistant, if this is one.
    pub fn assistant_modifier(self) -> Option<&'static str> {
        match self {
            Self::Pta => Some("CQ"),
            Self::Cota => Some("CO"),
            Self::Pt | Self::Ot | Self::Slp => None,
        }
    }
}

/// Where the service was given; it decides which pair and unit limits hold.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// Private practice.
    #[default]
    Practitioner,
    /// Hospital outpatient department or another facility.
    Facility,
}

impl Setting {
    /// Reads a setting in any case; `hospital` is read as facility.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "practitioner" | "private" | "office" => Some(Self::Practitioner),
            "facility" | "hospital" | "outpatient hospital" => Some(Self::Facility),
            _ => None,
        }
    }

    /// Returns the name as it stands in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Practitioner => "practitioner",
            Self::Facility => "facility",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_five_characters() {
        assert_eq!(Code::parse("97530"), Some(Code::TASK));
        assert_eq!(Code::parse("G0283").map(|c| c.to_string()), Some("G0283".into()));
        assert_eq!(Code::parse("9753"), None);
        assert_eq!(Code::parse("97a30"), None);
    }
}
