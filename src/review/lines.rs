//! Lines of a claim under a draft: minutes move with the codes, units follow by the payer's rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::{Choice, Draft};
use crate::model::{Analysis, Code, Minutes, UnitRule};

/// A function that gives out units; see [`UnitsOf`].
type GiveOut = dyn Fn(UnitRule, &[(Code, Option<Minutes>)]) -> Vec<Option<u32>> + Send + Sync;

/// Gives out units to codes with minutes under a rule; the engine's function, handed in as a value.
///
/// The answer has one value for each code, in the same order; `None` where minutes are unknown.
#[derive(Clone)]
pub struct UnitsOf(Arc<GiveOut>);

impl UnitsOf {
    /// Takes the function.
    pub fn new(
        give_out: impl Fn(UnitRule, &[(Code, Option<Minutes>)]) -> Vec<Option<u32>>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        Self(Arc::new(give_out))
    }

    /// Gives out units under a rule.
    pub fn units(&self, rule: UnitRule, minutes: &[(Code, Option<Minutes>)]) -> Vec<Option<u32>> {
        (self.0)(rule, minutes)
    }
}

impl UnitsOf {
    /// Tells whether the minutes of a code make 15-minute units: then half an hour gives two.
    pub fn pools(&self, code: Code) -> bool {
        self.units(UnitRule::Cms, &[(code, Some(Minutes::whole(30)))]).first() == Some(&Some(2))
    }
}

impl std::fmt::Debug for UnitsOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UnitsOf")
    }
}

/// One line as shown and as drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// The code.
    pub code: Code,
    /// Minutes and units that the program showed; `None` for a line the draft adds.
    pub shown: Option<(Option<Minutes>, Option<u32>)>,
    /// Minutes under the draft.
    pub minutes: Option<Minutes>,
    /// Units by the rule under the draft.
    pub rule_units: Option<u32>,
    /// Units under the draft.
    pub units: Option<u32>,
    /// Modifiers under the draft.
    pub modifiers: Vec<String>,
    /// Units billed.
    pub billed: Option<u32>,
    /// Whether the draft leaves anything to this line.
    pub alive: bool,
}

impl DraftLine {
    /// Tells whether the draft differs from what was shown.
    pub fn changed(&self) -> bool {
        match self.shown {
            None => self.alive,
            Some((minutes, units)) => !self.alive || (minutes, units) != (self.minutes, self.units),
        }
    }
}

/// Returns the lines under a draft, by code; billed lines without support stay as lines not alive.
pub fn draft_lines(analysis: &Analysis, draft: &Draft, units_of: &UnitsOf) -> Vec<DraftLine> {
    let moved = move_minutes(analysis, draft);
    let values = draft.values();
    let mut lines: Vec<DraftLine> = moved
        .into_iter()
        .map(|(code, (minutes, alive))| {
            let shown = analysis.lines.iter().find(|line| line.code == code);
            let supported = shown.filter(|line| line.minutes.is_some() || line.units.is_some());
            DraftLine {
                code,
                shown: supported.map(|line| (line.minutes, line.units)),
                minutes: values.minutes.get(&code).copied().or(minutes),
                rule_units: None,
                units: None,
                modifiers: values.modifiers.get(&code).cloned().unwrap_or_else(|| {
                    shown.map_or_else(|| calls_for(analysis), |line| line.modifiers.clone())
                }),
                billed: shown.and_then(|line| line.billed_units),
                alive,
            }
        })
        .collect();
    let same = values.choices.is_empty() && values.minutes.is_empty();
    let units = if same {
        lines.iter().filter(|l| l.alive).map(|l| l.shown.and_then(|s| s.1)).collect()
    } else {
        let wanted: Vec<_> =
            lines.iter().filter(|l| l.alive).map(|l| (l.code, l.minutes)).collect();
        units_of.units(analysis.time.units.rule, &wanted)
    };
    for (line, units) in lines.iter_mut().filter(|l| l.alive).zip(units) {
        line.rule_units = units;
        line.units = values.units.get(&line.code).copied().or(units);
    }
    lines
}

fn calls_for(analysis: &Analysis) -> Vec<String> {
    analysis.discipline.map(|d| vec![d.modifier().to_owned()]).unwrap_or_default()
}

/// Minutes by code after the choices, with whether anything is left under the code.
fn move_minutes(analysis: &Analysis, draft: &Draft) -> BTreeMap<Code, (Option<Minutes>, bool)> {
    let mut sums: BTreeMap<Code, (Option<Minutes>, bool)> = analysis
        .lines
        .iter()
        .map(|line| (line.code, (line.minutes, line.minutes.is_some() || line.units.is_some())))
        .collect();
    for segment in &analysis.segments {
        let Some(choice) = draft.choice(segment.index) else { continue };
        if choice.code() == segment.code() && choice != Choice::NotBillable {
            continue;
        }
        if let Some(sum) = segment.code().and_then(|code| sums.get_mut(&code)) {
            sum.0 = match (sum.0, segment.minutes) {
                // What is left to others that state none is unknown, not nothing.
                (Some(all), Some(part)) => {
                    let left = all.in_tenths().saturating_sub(part.in_tenths());
                    (left > 0).then(|| Minutes::tenths(left))
                }
                (all, None) => all,
                (None, Some(_)) => None,
            };
        }
        if let Some(code) = choice.code() {
            let sum = sums.entry(code).or_insert((None, true));
            sum.1 = true;
            sum.0 = match (sum.0, segment.minutes) {
                (Some(all), Some(part)) => Some(all.plus(part)),
                (None, part) => part,
                (all, None) => all,
            };
        }
    }
    if !draft.values().choices.is_empty() {
        for (code, sum) in &mut sums {
            let holds = analysis.segments.iter().any(|segment| {
                draft.choice(segment.index).map_or(segment.code(), Choice::code) == Some(*code)
            });
            let had = analysis.segments.iter().any(|segment| segment.code() == Some(*code));
            if had && !holds {
                *sum = (None, false);
            }
        }
    }
    sums
}
