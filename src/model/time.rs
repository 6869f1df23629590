//! Minutes as the note states them, units by rule, and the lines they add up to.

use serde::{Deserialize, Serialize};

use super::{Code, Span};

/// A number of minutes in tenths, so that `7.5` is kept and sums stay exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Minutes(u32);

impl Minutes {
    /// Makes whole minutes.
    pub const fn whole(minutes: u32) -> Self {
        Self(minutes * 10)
    }

    /// Makes minutes from tenths of a minute.
    pub const fn tenths(tenths: u32) -> Self {
        Self(tenths)
    }

    /// Returns whole minutes, rounded down: a started minute is not a minute.
    pub const fn floor(self) -> u32 {
        self.0 / 10
    }

    /// Returns the value in tenths of a minute.
    pub const fn in_tenths(self) -> u32 {
        self.0
    }

    /// Returns the sum.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::iter::Sum for Minutes {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self(0), Self::plus)
    }
}

impl std::fmt::Display for Minutes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_multiple_of(10) {
            f.pad(&(self.0 / 10).to_string())
        } else {
            f.pad(&format!("{}.{}", self.0 / 10, self.0 % 10))
        }
    }
}

impl Serialize for Minutes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(10) {
            serializer.serialize_u32(self.0 / 10)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 10.0)
        }
    }
}

/// How minutes become units.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum UnitRule {
    /// All timed minutes of a discipline and day are pooled (Medicare).
    #[default]
    Cms,
    /// Each code by itself passes its midpoint (some commercial payers).
    PerCode,
}

impl UnitRule {
    /// Returns the name as it stands in files and machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cms => "cms",
            Self::PerCode => "per-code",
        }
    }

    /// Returns the other rule.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Cms => Self::PerCode,
            Self::PerCode => Self::Cms,
        }
    }
}

/// Timed units of a note under one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct UnitTotal {
    /// The rule.
    pub rule: UnitRule,
    /// Timed units of all codes together; `None` when no minutes are known.
    pub total: Option<u32>,
}

/// A code with what the note supports and what was billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The code.
    pub code: Code,
    /// Minutes the note gives for it; `None` when it gives none.
    pub minutes: Option<Minutes>,
    /// Units supported under the payer's rule; `None` when that cannot be said.
    pub units: Option<u32>,
    /// Units billed; `None` when nothing was billed under the code.
    pub billed_units: Option<u32>,
    /// Modifiers billed, else those the discipline calls for.
    pub modifiers: Vec<String>,
}

/// Time of the whole note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeSummary {
    /// Timed minutes: stated, else the sum of the parts.
    pub timed_minutes: Option<Minutes>,
    /// Words that state the timed total.
    pub timed_span: Option<Span>,
    /// Total treatment minutes, as stated.
    pub total_minutes: Option<Minutes>,
    /// Words that state the total treatment time.
    pub total_span: Option<Span>,
    /// Units under the payer's rule.
    pub units: UnitTotal,
    /// Units under the other rule.
    pub units_other_rule: UnitTotal,
    /// Equally right ways to give out the units, when minutes tie; each lists (code, units).
    pub alternatives: Vec<Vec<(Code, u32)>>,
}
