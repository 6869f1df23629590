//! Ways to look at the queue: orders of rows and named views.

use serde::{Deserialize, Serialize};

use super::row::Row;

/// Order of the rows; ties by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Highest risk first.
    Risk,
    /// Oldest date first.
    Oldest,
    /// Newest date first.
    Newest,
    /// By therapist.
    Therapist,
    /// Closest codes first.
    Lead,
    /// Most minutes first.
    Minutes,
    /// Most errors first.
    Errors,
    /// As they came in.
    #[default]
    Imported,
}

impl Sort {
    /// All orders, as the menu lists them.
    pub const ALL: [Self; 8] = [
        Self::Risk,
        Self::Oldest,
        Self::Newest,
        Self::Therapist,
        Self::Lead,
        Self::Minutes,
        Self::Errors,
        Self::Imported,
    ];

    /// Returns the words that stand in the header of the queue.
    pub fn words(self) -> &'static str {
        match self {
            Self::Risk => "risk",
            Self::Oldest => "oldest",
            Self::Newest => "newest",
            Self::Therapist => "therapist",
            Self::Lead => "lead",
            Self::Minutes => "minutes",
            Self::Errors => "errors",
            Self::Imported => "imported",
        }
    }

    /// Compares two rows; rows whose facts are unknown come last.
    pub fn compare(self, a: &Row, b: &Row) -> std::cmp::Ordering {
        use std::cmp::{Ordering::Equal, Reverse};
        let (x, y) = (a.facts.as_ref(), b.facts.as_ref());
        let first = match self {
            Self::Risk => Reverse(x.map(|f| f.risk)).cmp(&Reverse(y.map(|f| f.risk))),
            Self::Oldest => a.date.is_none().cmp(&b.date.is_none()).then(a.date.cmp(&b.date)),
            Self::Newest => b.date.cmp(&a.date),
            Self::Therapist => a.therapist.cmp(&b.therapist),
            Self::Lead => {
                let lead = |f: Option<&super::row::Facts>| f.and_then(|f| f.lead);
                lead(x).unwrap_or(i32::MAX).cmp(&lead(y).unwrap_or(i32::MAX))
            }
            Self::Minutes => {
                let minutes = |f: Option<&super::row::Facts>| f.and_then(|f| f.minutes);
                minutes(y).cmp(&minutes(x))
            }
            Self::Errors => {
                let found = |f: Option<&super::row::Facts>| f.map(|f| (f.errors, f.warnings));
                found(y).cmp(&found(x))
            }
            Self::Imported => return Equal,
        };
        first.then_with(|| a.key.cmp(&b.key))
    }
}

/// A named filter with its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Name, as it stands in the header.
    pub name: String,
    /// Terms of the filter.
    pub filter: String,
    /// Order, if the view brings its own.
    pub sort: Option<Sort>,
}

/// The views that are always there, in the order of their digits.
pub const VIEWS: [(&str, &str, Option<Sort>); 9] = [
    ("open", "open", None),
    ("mine", "mine", None),
    ("errors first", "open", Some(Sort::Errors)),
    ("too close", "open outcome:consider", Some(Sort::Lead)),
    ("units differ", "units<>billed", None),
    ("abstained", "outcome:abstain", None),
    ("queries", "queried", Some(Sort::Oldest)),
    ("edited", "stale", None),
    ("all", "", None),
];

/// Returns the built-in views as values.
pub fn built_in() -> Vec<View> {
    VIEWS
        .iter()
        .map(|(name, filter, sort)| View {
            name: (*name).to_owned(),
            filter: (*filter).to_owned(),
            sort: *sort,
        })
        .collect()
}
