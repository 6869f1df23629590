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
    /// By payer.
    Payer,
    /// By the code suggested first.
    Code,
    /// Most segments first.
    Size,
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
    /// Tells whether an order comes from what the program found, so that a blind review has no use
    /// of it.
    pub fn tells_findings(self) -> bool {
        matches!(self, Self::Risk | Self::Code | Self::Lead | Self::Errors)
    }

    /// All orders, as the menu lists them.
    pub const ALL: [Self; 11] = [
        Self::Risk,
        Self::Oldest,
        Self::Newest,
        Self::Therapist,
        Self::Payer,
        Self::Code,
        Self::Size,
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
            Self::Payer => "payer",
            Self::Code => "code",
            Self::Size => "size",
            Self::Lead => "lead",
            Self::Minutes => "minutes",
            Self::Errors => "errors",
            Self::Imported => "imported",
        }
    }

    /// Returns the rank of a row in this order; rows whose facts are unknown come last.
    pub fn rank(self, row: &Row) -> Rank {
        let facts = row.facts.as_ref();
        let more = |number: i64| Rank::Number(-number);
        let rank = match self {
            Self::Risk => facts.map(|f| more(i64::from(f.risk))),
            Self::Oldest => row.date.clone().map(Rank::Words),
            Self::Newest => row.date.clone().map(|date| Rank::Back(std::cmp::Reverse(date))),
            Self::Therapist => row.therapist.clone().map(Rank::Words),
            Self::Payer => row.payer.clone().map(Rank::Words),
            Self::Code => {
                facts.and_then(|f| f.suggests.first()).map(|code| Rank::Words(code.to_string()))
            }
            Self::Size => facts.map(|f| more(i64::from(f.segments))),
            Self::Lead => facts.and_then(|f| f.lead).map(|lead| Rank::Number(i64::from(lead))),
            Self::Minutes => {
                facts.and_then(|f| f.minutes).map(|minutes| more(i64::from(minutes.in_tenths())))
            }
            Self::Errors => facts.map(|f| more(i64::from(f.errors) << 32 | i64::from(f.warnings))),
            Self::Imported => Some(Rank::Same),
        };
        rank.unwrap_or(Rank::Unknown)
    }

    /// Compares two rows; equals stand by key, or as they came in.
    pub fn compare(self, a: &Row, b: &Row) -> std::cmp::Ordering {
        let first = self.rank(a).cmp(&self.rank(b));
        if self == Self::Imported { first } else { first.then_with(|| a.key.cmp(&b.key)) }
    }
}

/// Where a row stands in an order: smaller is further up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// All rows are equal: they stay as they came in.
    Same,
    /// By a number.
    Number(i64),
    /// By words.
    Words(String),
    /// By words, last ones first.
    Back(std::cmp::Reverse<String>),
    /// What the order goes by is not known.
    Unknown,
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
