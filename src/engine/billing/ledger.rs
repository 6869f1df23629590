//! Whose minutes are whose: segments, headings, claims and grids, each minute counted once.

mod place;

use std::collections::BTreeMap;

use crate::model::{Abstention, Code, Minutes, Outcome, Segment, Span};

use super::BillingInput;
use super::claim::Claim;
use super::minutes::{TimeKind, TimeMention};

use place::{
    Group, Own, Place, Placed, by_segment, heading_groups, is_elsewhere, once, section_at,
    segment_at, segment_minutes, tells_results,
};

/// What the note gives for one code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Minutes; `None` when none are stated.
    pub minutes: Option<Minutes>,
    /// Words that state the first of them.
    pub minutes_span: Option<Span>,
    /// Segments whose evidence decided for the code.
    pub activities: Vec<Span>,
    /// Segments decided for the code without minutes of their own or of a heading.
    pub untold: Vec<Span>,
}

/// A segment between two codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The codes it may be.
    pub choices: Vec<Code>,
    /// Its minutes.
    pub minutes: Option<Minutes>,
    /// Its words.
    pub span: Span,
}

/// Two statements of the same time that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The code both speak of.
    pub code: Code,
    /// What the claim, grid or heading states.
    pub stated: Minutes,
    /// What its parts add up to.
    pub parts: Minutes,
    /// Words of the statement.
    pub span: Span,
}

/// Clock ranges of two parts that share time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// Words of the later range.
    pub span: Span,
    /// Minutes that stood in both.
    pub minutes: Minutes,
}

/// All time of a note, each minute once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Minutes of each segment, with the words that state them.
    pub segment_minutes: Vec<Option<(Minutes, Span)>>,
    /// By code: everything decided or claimed.
    pub entries: BTreeMap<Code, Entry>,
    /// Segments between two codes.
    pub open: Vec<Open>,
    /// Minutes of segments without any code.
    pub loose: Minutes,
    /// Stated total of timed minutes.
    pub timed: Option<(Minutes, Span)>,
    /// Stated total of treatment time.
    pub total: Option<(Minutes, Span)>,
    /// Time from coming in to going out.
    pub visit: Option<(Minutes, Span)>,
    /// Statements that differ from the sum of their parts.
    pub differences: Vec<Difference>,
    /// Clock ranges that share time.
    pub overlaps: Vec<Overlap>,
    /// Time that cannot be read as one number.
    pub unclear: Vec<Span>,
}

/// Minutes with the words that state them, if any.
type Stated = Option<(Minutes, Span)>;

impl Ledger {
    /// Returns the sum of all minutes of codes in the pool and of open segments.
    pub fn parts(&self, is_pooled: impl Fn(Code) -> bool) -> Option<Minutes> {
        let coded = self.entries.iter().filter(|(code, _)| is_pooled(**code));
        let coded = coded.filter_map(|(_, entry)| entry.minutes);
        let open = self.open.iter().filter_map(|open| open.minutes);
        let all: Vec<Minutes> = coded.chain(open).collect();
        (!all.is_empty()).then(|| all.into_iter().sum())
    }

    /// Returns the sum of the parts, if nothing delivered is without minutes.
    pub fn whole_parts(&self, is_pooled: impl Fn(Code) -> bool) -> Option<Minutes> {
        if self.has_untold() { None } else { self.parts(is_pooled) }
    }

    /// Tells whether something delivered has no minutes.
    pub fn has_untold(&self) -> bool {
        self.entries.values().any(|entry| !entry.untold.is_empty())
            || self.open.iter().any(|open| open.minutes.is_none())
    }
}

/// Enters all stated times of a note.
pub fn enter(input: &BillingInput<'_>, times: &[TimeMention], claim: &Claim) -> Ledger {
    let mut ledger = Ledger::default();
    let times = &with_visit(times);
    let placed = once(times, input, claim, &mut ledger);
    ledger.enter_totals(times, input);

    let own: Vec<Option<Own>> =
        by_segment(&placed, input.segments.len()).iter().map(|own| segment_minutes(own)).collect();
    ledger.segment_minutes = own.iter().map(|own| own.map(|own| (own.minutes, own.span))).collect();
    // Where some activities have no time at all, "bike 8 min" is how it was done, not its share.
    let some_untold = own.iter().any(Option::is_none);
    let own: Vec<Stated> = own
        .iter()
        .map(|own| own.filter(|own| !(own.dose && some_untold)).map(|own| (own.counted, own.span)))
        .collect();
    let headings = heading_groups(&placed, input);
    // Minutes over a single activity are its minutes.
    for group in &headings {
        let label = segment_at(input.segments, group.span);
        let only = match group.governed[..] {
            [only] => Some(only),
            // A label that governs nothing is its own segment.
            [] => label,
            _ => None,
        };
        if let Some(only) = only {
            ledger.segment_minutes[only].get_or_insert((group.minutes, group.span));
        }
    }
    let mut parts: BTreeMap<Code, Minutes> = BTreeMap::new();
    ledger.enter_segments(input, claim, (&own, &headings), &mut parts);
    ledger.enter_headings(input, (&own, &headings), &mut parts);
    ledger.enter_claims(input, &placed, &parts);
    // A row of a grid that says what was done has its own minutes.
    for row in placed.iter().filter(|row| row.time.kind == TimeKind::Grid) {
        if let (Some(at), Some(minutes)) = (segment_at(input.segments, row.time.span), row.counted)
        {
            ledger.segment_minutes[at].get_or_insert((minutes, row.time.span));
        }
    }
    // The minutes of a hot pack or a pump are told, and pay for nothing.
    for time in times.iter().filter(|time| time.kind == TimeKind::NonBillable) {
        if let (Some(at), Some(minutes)) = (segment_at(input.segments, time.span), time.minutes)
            && input.segments[at].code().is_some_and(|code| !input.profile.is_pooled(code))
        {
            let told = ledger.segment_minutes[at].get_or_insert((minutes, time.span));
            // "2 min rest between, untimed, 12 min": the whole, not its rest.
            if told.0 < minutes {
                *told = (minutes, time.span);
            }
        }
    }
    ledger.close(input, &headings);
    ledger
}

/// Knows the clock range that is as long as the stated total as that of the visit, not of a part.
fn with_visit(times: &[TimeMention]) -> Vec<TimeMention> {
    let totals = [TimeKind::TimedTotal, TimeKind::TreatmentTotal];
    let is_total = |time: &TimeMention| {
        times.iter().any(|one| totals.contains(&one.kind) && one.minutes == time.minutes)
    };
    let parts = times.iter().filter(|time| time.kind == TimeKind::Activity).count();
    let visit = |time: &TimeMention| {
        parts > 1 && time.kind == TimeKind::Activity && time.clock.is_some() && is_total(time)
    };
    times
        .iter()
        .map(|time| {
            let kind = if visit(time) { TimeKind::VisitSpan } else { time.kind };
            TimeMention { kind, ..*time }
        })
        .collect()
}

impl Ledger {
    fn enter_totals(&mut self, times: &[TimeMention], input: &BillingInput<'_>) {
        let here = |time: &&TimeMention| {
            !section_at(input.sections, time.span)
                .is_some_and(|(_, section)| is_elsewhere(section.kind))
        };
        let stated = |kind: TimeKind| {
            let of_kind = |time: &&TimeMention| time.kind == kind && time.minutes.is_some();
            let first = times.iter().filter(of_kind).find(here);
            let found = first.or_else(|| times.iter().rfind(of_kind))?;
            Some((found.minutes?, found.span))
        };
        self.timed = stated(TimeKind::TimedTotal);
        self.total = stated(TimeKind::TreatmentTotal);
        self.visit = stated(TimeKind::VisitSpan).or_else(|| {
            // One range outside of all activities is that of the visit; several are of its parts.
            let mut bare = times.iter().filter(here).filter(|time| {
                time.clock.is_some()
                    && time.kind == TimeKind::Activity
                    && segment_at(input.segments, time.span).is_none()
            });
            let only = bare.next()?;
            bare.next().is_none().then_some((only.minutes?, only.span))
        });
    }

    fn enter_segments(
        &mut self,
        input: &BillingInput<'_>,
        claim: &Claim,
        (own, headings): (&[Stated], &[Group]),
        parts: &mut BTreeMap<Code, Minutes>,
    ) {
        let mut under_heading = vec![false; input.segments.len()];
        for group in headings.iter().filter(|group| !all_told(own, &group.governed)) {
            for &at in &group.governed {
                under_heading[at] = true;
            }
        }
        let billed = claim.units();
        for (index, segment) in input.segments.iter().enumerate() {
            let stated = own[index];
            let governed = under_heading[index];
            let decided = segment.code().or_else(|| settled(segment, &billed));
            let decided = decided.map(|code| input.profile.billed_as(code));
            if let Some(code) = decided {
                let entry = self.entries.entry(code).or_default();
                entry.activities.push(segment.span);
                match stated.filter(|_| !governed) {
                    Some((minutes, span)) => {
                        entry.minutes_span = entry.minutes_span.or(Some(span));
                        let sum = parts.entry(code).or_default();
                        *sum = sum.plus(minutes);
                    }
                    None if !governed && !tells_results(segment.section) => {
                        entry.untold.push(segment.span);
                    }
                    None => {}
                }
            } else if segment.outcome == Outcome::Consider {
                let minutes = stated.filter(|_| !governed).map(|(minutes, _)| minutes);
                if minutes.is_some() || !governed {
                    self.open.push(Open { choices: choices(segment), minutes, span: segment.span });
                }
            } else if let Some((minutes, span)) = stated.filter(|_| !governed) {
                match segment.claim.filter(|_| claims_time(segment)) {
                    Some(code) => {
                        let entry = self.entries.entry(code).or_default();
                        entry.minutes_span = entry.minutes_span.or(Some(span));
                        let sum = parts.entry(code).or_default();
                        *sum = sum.plus(minutes);
                    }
                    None => self.loose = self.loose.plus(minutes),
                }
            }
        }
    }

    fn enter_headings(
        &mut self,
        input: &BillingInput<'_>,
        (own, headings): (&[Stated], &[Group]),
        parts: &mut BTreeMap<Code, Minutes>,
    ) {
        for group in headings {
            let sum: Minutes =
                group.governed.iter().filter_map(|&at| own[at].map(|(minutes, _)| minutes)).sum();
            let whole = all_told(own, &group.governed);
            if sum > group.minutes || whole && sum < group.minutes {
                self.differences.push(Difference {
                    code: group.code,
                    stated: group.minutes,
                    parts: sum,
                    span: group.span,
                });
            }
            if whole {
                continue;
            }
            let governed = group.governed.iter().map(|&at| &input.segments[at]);
            let code = evidenced(governed, group.code).unwrap_or(group.code);
            let entry = self.entries.entry(code).or_default();
            entry.minutes_span = entry.minutes_span.or(Some(group.span));
            let sum = parts.entry(code).or_default();
            *sum = sum.plus(group.minutes);
        }
    }

    /// Settles what the whole of the note tells about its parts.
    fn close(&mut self, input: &BillingInput<'_>, headings: &[Group]) {
        // "Ther act 10 min: sit to stand …": one line, one segment, nothing to divide.
        for group in headings {
            let same_line = |at: usize| {
                let between = group.span.range().end..input.segments[at].span.range().start;
                input.text.get(between).is_some_and(|between| !between.contains('\n'))
            };
            if let [only] = group.governed[..]
                && same_line(only)
                && let Some(minutes) = self.segment_minutes.get_mut(only)
                && minutes.is_none()
            {
                *minutes = Some((group.minutes, group.span));
            }
        }
        // Parts that make up the stated total leave no time for anything else.
        let parts = self.parts(|code| input.profile.is_pooled(code));
        if self.timed.is_some_and(|(timed, _)| Some(timed) == parts) {
            for entry in self.entries.values_mut() {
                entry.untold.clear();
            }
            self.open.retain(|open| open.minutes.is_some());
        }
    }

    /// Gives the time of a claim whose label stands over another code's activities to that code.
    fn by_evidence(
        &self,
        claimed: BTreeMap<Code, (Minutes, Span)>,
        input: &BillingInput<'_>,
    ) -> BTreeMap<Code, (Minutes, Span)> {
        let mut given: BTreeMap<Code, (Minutes, Span)> = BTreeMap::new();
        for (label, (minutes, span)) in claimed {
            let has_own =
                self.entries.get(&label).is_some_and(|entry| !entry.activities.is_empty());
            let labelled = input.segments.iter().filter(|segment| {
                segment.claim == Some(label)
                    || section_at(input.sections, segment.span)
                        .is_some_and(|(_, section)| section.claim == Some(label))
            });
            let other = if has_own { None } else { evidenced(labelled, label) };
            let sum = given.entry(other.unwrap_or(label)).or_insert((Minutes::default(), span));
            sum.0 = sum.0.plus(minutes);
        }
        given
    }

    /// Enters claims and grids, which go before the parts of the same code.
    fn enter_claims(
        &mut self,
        input: &BillingInput<'_>,
        placed: &[Placed],
        parts: &BTreeMap<Code, Minutes>,
    ) {
        let sums = |wanted: fn(TimeKind) -> bool| {
            let mut sums: BTreeMap<Code, (Minutes, Span)> = BTreeMap::new();
            for placed in placed {
                if let (Place::Claim(code), Some(minutes), true) =
                    (placed.place, placed.counted, wanted(placed.time.kind))
                {
                    let sum = sums.entry(code).or_insert((Minutes::default(), placed.time.span));
                    sum.0 = sum.0.plus(minutes);
                }
            }
            sums
        };
        let mut claimed = sums(|kind| kind != TimeKind::Grid);
        // A grid goes before claims elsewhere in the text, which say the same once more.
        for (code, (minutes, span)) in sums(|kind| kind == TimeKind::Grid) {
            if let Some((other, _)) = claimed.insert(code, (minutes, span))
                && other != minutes
            {
                self.differences.push(Difference { code, stated: minutes, parts: other, span });
            }
        }
        let claimed = self.by_evidence(claimed, input);
        let all_claimed: Minutes = claimed.values().map(|&(minutes, _)| minutes).sum();
        let all_parts: Minutes = parts.values().copied().sum();
        for (&code, &(minutes, span)) in &claimed {
            let entry = self.entries.entry(code).or_default();
            let partly = !entry.untold.is_empty();
            match parts.get(&code) {
                Some(&sum) if sum > minutes || sum < minutes && !partly => {
                    self.differences.push(Difference { code, stated: minutes, parts: sum, span });
                }
                _ => {}
            }
            entry.minutes = Some(minutes);
            entry.minutes_span = Some(span);
            entry.untold.clear();
        }
        // A claim that accounts for all the time leaves none for codes it does not name.
        let accounts_for_all = !claimed.is_empty() && all_claimed >= all_parts && {
            let named = claimed.keys().any(|code| parts.contains_key(code));
            named || self.timed.is_some_and(|(timed, _)| timed == all_claimed)
        };
        for (code, &minutes) in parts {
            let entry = self.entries.entry(*code).or_default();
            if entry.minutes.is_none() && !accounts_for_all {
                entry.minutes = Some(minutes);
            }
        }
        self.differences.sort_by_key(|difference| (difference.span, difference.code));
    }
}

/// Returns the one other code that all segments under a label support.
///
/// The label is a claim to check: the time it states is the time of what stands under it.
fn evidenced<'a>(segments: impl Iterator<Item = &'a Segment>, label: Code) -> Option<Code> {
    // A bare label, or a row of a grid taken for one, is no evidence either way.
    let bare = [Abstention::LabelWithoutContent, Abstention::NoPerformedActivity];
    let telling = segments
        .filter(|segment| !segment.outcome.reason().is_some_and(|reason| bare.contains(&reason)));
    let mut codes: Vec<Option<Code>> = telling.map(Segment::code).collect();
    codes.dedup();
    match codes[..] {
        [Some(only)] if only != label => Some(only),
        _ => None,
    }
}

fn all_told(own: &[Stated], governed: &[usize]) -> bool {
    !governed.is_empty() && governed.iter().all(|&at| own[at].is_some())
}

/// A label without evidence still claims its time; what was not done today does not.
fn claims_time(segment: &Segment) -> bool {
    matches!(
        segment.outcome,
        Outcome::Abstain(
            Abstention::LabelWithoutContent
                | Abstention::OnlyVague
                | Abstention::Conflict
                | Abstention::NoPerformedActivity
        )
    )
}

/// Returns the codes a segment hangs between.
fn choices(segment: &Segment) -> Vec<Code> {
    let supported = segment.codes.iter().filter(|finding| finding.supported);
    supported.map(|finding| finding.code).take(2).collect()
}

/// Returns the code of an open segment that its label, or the claim, settles.
fn settled(segment: &Segment, billed: &BTreeMap<Code, u32>) -> Option<Code> {
    if segment.outcome != Outcome::Consider {
        return None;
    }
    let choices = choices(segment);
    if let Some(label) = segment.claim
        && choices.contains(&label)
    {
        return Some(label);
    }
    let mut matching = choices.into_iter().filter(|code| billed.contains_key(code));
    let only = matching.next()?;
    matching.next().is_none().then_some(only)
}
