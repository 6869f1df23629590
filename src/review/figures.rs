//! Figures of the board: counted from the log by the desk, carried here as plain values.

/// How far back the figures reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Range {
    /// Today.
    Today,
    /// The last seven days.
    #[default]
    Week,
    /// The last thirty days.
    Month,
    /// Everything.
    All,
}

impl Range {
    /// All ranges, from short to long.
    pub const ALL: [Self; 4] = [Self::Today, Self::Week, Self::Month, Self::All];

    /// Returns the words in the header.
    pub fn words(self) -> &'static str {
        match self {
            Self::Today => "today",
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::All => "all",
        }
    }

    /// Returns the range one step shorter or longer.
    #[must_use]
    pub fn step(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|range| *range == self).unwrap_or_default();
        Self::ALL[at.saturating_add_signed(by).min(Self::ALL.len() - 1)]
    }
}

/// A named count, with the filter that shows the notes behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Count {
    /// Words of the row.
    pub name: String,
    /// The count.
    pub count: u64,
    /// Filter that lists the notes behind it; empty when there is none.
    pub filter: String,
}

/// How many segments were kept as suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kept {
    /// Segments kept.
    pub kept: u64,
    /// Segments decided.
    pub all: u64,
    /// Interval of the rate in tenths of a percent, where there are enough for one.
    pub interval: Option<(u32, u32)>,
}

impl Kept {
    /// Returns the rate with its interval, or that there are too few for one.
    pub fn words(&self) -> String {
        match self.interval {
            Some((low, high)) if self.all >= ENOUGH => format!(
                " = {} ({}.{} to {}.{})",
                percent(self.kept, self.all),
                low / 10,
                low % 10,
                high / 10,
                high % 10
            ),
            _ => format!(": too few for a rate ({ENOUGH} needed)"),
        }
    }
}

/// Notes of one therapist, and how many of them have warnings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Therapist {
    /// Name, as the source writes it.
    pub name: String,
    /// Notes.
    pub notes: u64,
    /// Notes with errors or warnings.
    pub warned: u64,
    /// Filter that lists the notes with warnings.
    pub filter: String,
}

/// Least number behind a rate.
pub const ENOUGH: u64 = 30;

/// Writes a share in whole percent.
pub fn percent(part: u64, all: u64) -> String {
    match all {
        0 => "-".to_owned(),
        all => format!("{} %", (part * 100 + all / 2) / all),
    }
}

/// Everything the board shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Event up to which was counted.
    pub event: u64,
    /// Events there are; more than were counted as long as it goes on.
    pub events: u64,
    /// Notes of the queue that were read for this, and all of them.
    pub notes: (u64, u64),
    /// Decisions by outcome.
    pub decisions: Vec<Count>,
    /// Decisions by hour: hour and count.
    pub by_hour: Vec<(u8, u64)>,
    /// Decisions by day, oldest first, days without any among them; at most the last thirty.
    pub by_day: Vec<(String, u64)>,
    /// Decisions of today, whatever the range.
    pub today: u64,
    /// Open notes by age.
    pub open_by_age: Vec<Count>,
    /// Median and ninth tenth of the seconds on a note.
    pub seconds: Option<(u64, u64)>,
    /// Accepts without a look at the points, and all accepts.
    pub unlooked: (u64, u64),
    /// Decisions undone.
    pub undone: u64,
    /// Decisions amended later.
    pub amended: u64,
    /// Queries: waiting, answered, closed.
    pub queries: (u64, u64, u64),
    /// Days the oldest query waits.
    pub oldest_query: Option<u64>,
    /// Names of the columns: what was decided.
    pub decided: Vec<String>,
    /// Rows: what was suggested, and how it was decided.
    pub matrix: Vec<(String, Vec<u64>)>,
    /// Segments kept as suggested.
    pub kept: Option<Kept>,
    /// Segments answered as suggested before the suggestion was seen.
    pub blind: Option<Kept>,
    /// Segments of the queue by what came of them.
    pub outcomes: Vec<Count>,
    /// Segments without a code, by the reason, most frequent first.
    pub abstained: Vec<Count>,
    /// Notes by warning.
    pub warnings: Vec<Count>,
    /// Notes by therapist, in the order of names.
    pub therapists: Vec<Therapist>,
    /// Notes billed with more, fewer, equal units than supported.
    pub units: (u64, u64, u64),
}

impl Figures {
    /// Counts the decided segments by code: the sums of the columns of the table.
    pub fn by_code(&self) -> Vec<Count> {
        self.decided
            .iter()
            .enumerate()
            .map(|(at, name)| Count {
                name: name.clone(),
                count: self.matrix.iter().filter_map(|(_, row)| row.get(at)).sum(),
                filter: String::new(),
            })
            .collect()
    }
}
