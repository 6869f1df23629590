//! Numbers as people read them: thousands apart, times in words, a gauge of signs.

use std::fmt::Write as _;
use std::time::Duration;

/// Writes a number with commas between thousands.
pub fn counted(value: impl TryInto<u64>) -> String {
    let digits = value.try_into().unwrap_or(u64::MAX).to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// How far long work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// What is done, as: `Reading notes`.
    pub what: String,
    /// How much is done.
    pub done: u64,
    /// How much there is; unknown while it is still being counted.
    pub total: Option<u64>,
    /// Time it took so far.
    pub elapsed: Duration,
}

impl Progress {
    /// Returns how many are done in a second; `None` while too little is done to tell.
    pub fn rate(&self) -> Option<u64> {
        let ms = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        (ms >= 200 && self.done > 0).then(|| self.done.saturating_mul(1000) / ms.max(1))
    }

    /// Returns the seconds that are left at this rate.
    pub fn left(&self) -> Option<u64> {
        let rate = self.rate().filter(|rate| *rate > 0)?;
        Some(self.total?.saturating_sub(self.done).div_ceil(rate))
    }

    /// Says it in words: counts, rate and time left as far as they are known.
    pub fn words(&self) -> String {
        let mut words = format!("{}: {}", self.what, counted(self.done));
        if let Some(total) = self.total {
            let _ = write!(words, " of {}", counted(total));
        }
        if let Some(rate) = self.rate() {
            let _ = write!(words, ", {} a second", counted(rate));
        }
        if let Some(left) = self.left() {
            let _ = write!(words, ", {} left", span(left));
        }
        words
    }

    /// Returns how many of some cells a gauge fills.
    pub fn filled(&self, cells: usize) -> Option<usize> {
        let total = self.total.filter(|total| *total > 0)?;
        let cells_wide = u128::try_from(cells).unwrap_or_default();
        let filled = cells_wide * u128::from(self.done.min(total)) / u128::from(total);
        Some(usize::try_from(filled).unwrap_or(cells).min(cells))
    }
}

/// Writes seconds as people say them.
pub fn span(seconds: u64) -> String {
    match seconds {
        0..=90 => format!("{seconds} s"),
        91..=5_400 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (value, words) in
            [(0_u32, "0"), (999, "999"), (1_000, "1,000"), (1_240_000, "1,240,000")]
        {
            assert_eq!(counted(value), words);
        }
    }

    #[test]
    fn progress_tells_rate_and_time_left_once_they_are_known() {
        let mut now = Progress {
            what: "Reading notes".into(),
            done: 0,
            total: Some(240_000),
            elapsed: Duration::ZERO,
        };
        assert_eq!(now.words(), "Reading notes: 0 of 240,000");
        (now.done, now.elapsed) = (12_000, Duration::from_secs(2));
        assert_eq!(now.words(), "Reading notes: 12,000 of 240,000, 6,000 a second, 38 s left");
        assert_eq!(now.filled(20), Some(1));
        now.total = None;
        assert_eq!(now.words(), "Reading notes: 12,000, 6,000 a second");
        assert_eq!(
            (now.filled(20), span(200), span(7_300)),
            (None, "4 min".into(), "2 h 1 min".into())
        );
    }
}
