//! Guards against keys nobody meant: held keys, pastes, keys typed before the screen was read.

use std::collections::{BTreeMap, BTreeSet};

use super::key::Key;

/// Limits in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A decision key counts again only after so long without it.
    pub held_ms: u64,
    /// Decision keys do nothing for so long after the screen changed.
    pub fresh_ms: u64,
    /// How long the input thread waits for the rest of a burst.
    pub burst_ms: u64,
    /// A paste ends after so long without a key.
    pub quiet_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { held_ms: 800, fresh_ms: 150, burst_ms: 8, quiet_ms: 50 }
    }
}

impl Limits {
    /// Returns the limits with each raised to its least value.
    #[must_use]
    pub fn at_least(self) -> Self {
        Self {
            held_ms: self.held_ms.max(300),
            fresh_ms: self.fresh_ms.max(50),
            burst_ms: self.burst_ms.max(4),
            quiet_ms: self.quiet_ms.max(50),
        }
    }
}

/// Why a key that decides did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It was held down.
    Held,
    /// The screen had only just changed.
    Fresh,
}

/// What the guards remember.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    limits: Limits,
    pressed: BTreeMap<Key, u64>,
    down: BTreeSet<Key>,
    releases: bool,
    fresh_at: Option<u64>,
    muted_until: Option<u64>,
}

impl Guard {
    /// Makes guards with limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits: limits.at_least(), ..Self::default() }
    }

    /// The screen changed under the person's hands.
    pub fn changed(&mut self, at: u64) {
        self.fresh_at = Some(at);
    }

    /// A key went up; only some terminals tell.
    pub fn released(&mut self, key: Key) {
        self.releases = true;
        self.down.remove(&key);
    }

    /// A paste was seen: what follows without a pause belongs to it.
    pub fn pasted(&mut self, at: u64) {
        self.muted_until = Some(at + self.limits.quiet_ms);
    }

    /// Tells whether a key still belongs to a paste.
    pub fn muted(&mut self, at: u64) -> bool {
        let muted = self.muted_until.is_some_and(|until| at < until);
        if muted {
            self.pasted(at);
        }
        muted
    }

    /// Notes a click on a key that is shown; a click has no release, so time alone decides.
    pub fn click(&mut self, key: Key, at: u64) -> Result<(), Refused> {
        let releases = std::mem::replace(&mut self.releases, false);
        let verdict = self.press(key, at);
        self.releases = releases;
        self.down.remove(&key);
        verdict
    }

    /// Notes a press and tells whether it may decide; every press counts, also one that may not.
    pub fn press(&mut self, key: Key, at: u64) -> Result<(), Refused> {
        let before = self.pressed.insert(key, at);
        let was_down = !self.down.insert(key);
        let held = if self.releases {
            was_down
        } else {
            before.is_some_and(|before| at.saturating_sub(before) < self.limits.held_ms)
        };
        let fresh =
            self.fresh_at.is_some_and(|then| at.saturating_sub(then) < self.limits.fresh_ms);
        match (held, fresh) {
            (true, _) => Err(Refused::Held),
            (false, true) => Err(Refused::Fresh),
            (false, false) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key held for five seconds: first wait, then a press each 30 ms.
    fn held(guard: &mut Guard, first_wait: u64) -> usize {
        let mut times = vec![1000];
        times.extend((1000 + first_wait..6000).step_by(30));
        times.into_iter().filter(|at| guard.press(Key::Char('a'), *at).is_ok()).count()
    }

    #[test]
    fn a_held_key_decides_once() {
        for wait in [250, 500, 660] {
            assert_eq!(held(&mut Guard::default(), wait), 1);
        }
    }

    #[test]
    fn where_releases_are_told_only_a_release_frees_the_key() {
        let mut guard = Guard::default();
        guard.released(Key::Char('x'));
        assert_eq!(held(&mut guard, 900), 1);
        guard.released(Key::Char('a'));
        assert_eq!(guard.press(Key::Char('a'), 6100), Ok(()));
    }

    #[test]
    fn a_fresh_screen_takes_no_decision() {
        let mut guard = Guard::default();
        guard.changed(1000);
        assert_eq!(guard.press(Key::Char('a'), 1100), Err(Refused::Fresh));
        let mut guard = Guard::default();
        guard.changed(1000);
        assert_eq!(guard.press(Key::Char('a'), 1200), Ok(()));
    }

    #[test]
    fn a_paste_ends_with_silence() {
        let mut guard = Guard::default();
        guard.pasted(1000);
        assert!(guard.muted(1040) && guard.muted(1080) && !guard.muted(1200));
    }
}
