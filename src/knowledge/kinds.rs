//! Kinds of rules and readers: the closed lists behind the names in keyword files.

use serde::{Deserialize, Serialize};

use crate::model::Theme;

/// Categories of rules; the prefix of an id is fixed by its category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Category {
    /// 97530.
    FunctionalTask,
    /// 97110.
    Exercise,
    /// 97112.
    Neuromuscular,
    /// 97535.
    SelfCare,
    /// A service outside the four.
    OtherService,
    /// What the therapist's skill added.
    Skill,
    /// Purpose.
    GoalLink,
    /// Real-life place or object.
    FunctionalContext,
    /// Measured response.
    Response,
    /// Sets, repetitions, load.
    Dose,
    /// Removes matches, or makes them names of tests.
    Shield,
    /// What stands together.
    Combo,
    /// Vague wording.
    Vague,
    /// Time that is no treatment.
    NonBillableTime,
    /// Who treated, and how many at once.
    Delivery,
}

/// Category, name in files, prefix of ids.
pub const CATEGORIES: &[(Category, &str, &str)] = &[
    (Category::FunctionalTask, "functional-task", "FT"),
    (Category::Exercise, "exercise", "EX"),
    (Category::Neuromuscular, "neuromuscular", "NM"),
    (Category::SelfCare, "self-care", "SC"),
    (Category::OtherService, "other-service", "OS"),
    (Category::Skill, "skilled-intervention", "SK"),
    (Category::GoalLink, "goal-link", "GL"),
    (Category::FunctionalContext, "functional-context", "FC"),
    (Category::Response, "response", "RS"),
    (Category::Dose, "dose", "DS"),
    (Category::Shield, "shield", "SH"),
    (Category::Combo, "combo", "CB"),
    (Category::Vague, "vague", "VG"),
    (Category::NonBillableTime, "non-billable-time", "NB"),
    (Category::Delivery, "delivery", "DL"),
];

impl Category {
    /// Reads a category by its name in files.
    pub fn parse(name: &str) -> Option<Self> {
        CATEGORIES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Returns the name in files.
    pub fn as_str(self) -> &'static str {
        CATEGORIES.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }

    /// Returns the theme, for categories that name an activity.
    pub fn theme(self) -> Option<Theme> {
        match self {
            Self::FunctionalTask => Some(Theme::FunctionalTask),
            Self::Exercise => Some(Theme::Exercise),
            Self::Neuromuscular => Some(Theme::Neuromuscular),
            Self::SelfCare => Some(Theme::SelfCare),
            Self::OtherService => Some(Theme::OtherService),
            _ => None,
        }
    }
}

/// Kinds of activities, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Themes(u8);

impl Themes {
    /// All activities, and words that name none.
    pub const ALL: Self = Self(u8::MAX);

    /// Returns the kinds named, all where none is.
    pub fn of(named: &[Theme]) -> Self {
        if named.is_empty() {
            return Self::ALL;
        }
        Self(named.iter().fold(0, |bits, theme| bits | 1 << *theme as u8))
    }

    /// Tells whether an activity of that kind is one of them.
    pub fn holds(self, theme: Option<Theme>) -> bool {
        self == Self::ALL || theme.is_some_and(|theme| self.0 & 1 << theme as u8 != 0)
    }
}

/// The warning is raised only beside no measure.
pub(crate) const UNMEASURED: &str = "no-measure-in-sentence";
/// The warning is raised only where nothing is named.
pub(crate) const GENERAL: &str = "general-words-only";

/// Conditions that `only_if` may name, each with what it means.
pub const PREDICATES: &[(&str, &str)] = &[
    (
        UNMEASURED,
        "The warning is raised only if its sentence holds no measure: no number with a unit, level \
         of assistance, pain score, before and after, percentage of cueing, distance, time, count \
         or score of a named test. Beside a measure the same words are no longer vague.",
    ),
    (
        GENERAL,
        "The warning is raised only if every word of its sentence is in the set `general-word`; \
         minutes, units and bare repetitions may stand beside them. A named exercise, object, body \
         part with a finding, distance, load or level of assistance silences it, and so does the \
         sentence behind it in the same line when that one is specific. It gives way to any other \
         warning of vague wording in its sentence.",
    ),
];

/// Readers of numbers and levels; they read the note itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reader {
    /// Sets and repetitions.
    Reps,
    /// Weight or resistance.
    Load,
    /// Minutes.
    Minutes,
    /// Seconds, as in holds.
    Seconds,
    /// Feet, metres, steps.
    Distance,
    /// Level of assistance.
    Assist,
    /// Any number with a unit, or a comparison.
    Measure,
}

/// Reader and its name in files.
pub const READERS: &[(Reader, &str)] = &[
    (Reader::Reps, "@reps"),
    (Reader::Load, "@load"),
    (Reader::Minutes, "@minutes"),
    (Reader::Seconds, "@seconds"),
    (Reader::Distance, "@distance"),
    (Reader::Assist, "@assist"),
    (Reader::Measure, "@measure"),
];

impl Reader {
    /// Reads a reader by its name in files.
    pub fn parse(name: &str) -> Option<Self> {
        READERS.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Returns the name in files.
    pub fn as_str(self) -> &'static str {
        READERS.iter().find(|row| row.0 == self).map_or("", |row| row.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_its_place_in_the_table() {
        let places = CATEGORIES.iter().map(|row| row.0 as usize);
        assert!(places.eq(0..CATEGORIES.len()));
    }
}
