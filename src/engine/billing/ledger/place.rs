//! Where each statement of time stands: in a segment, in a heading, beside a code.

use std::collections::BTreeMap;

use crate::engine::billing::BillingInput;
use crate::engine::billing::claim::Claim;
use crate::engine::billing::minutes::{TimeKind, TimeMention};
use crate::engine::section::Section;
use crate::model::{Abstention, Code, Minutes, Outcome, SectionKind, Segment, Span};

use super::{Ledger, Overlap};

/// Sections whose times are no treatment of today.
pub(super) fn is_elsewhere(kind: SectionKind) -> bool {
    matches!(
        kind,
        SectionKind::Subjective
            | SectionKind::History
            | SectionKind::HomeProgram
            | SectionKind::Goals
            | SectionKind::Plan
    )
}

/// Sections that tell how it went: what they name was counted where it was done.
pub(super) fn tells_results(kind: SectionKind) -> bool {
    matches!(kind, SectionKind::Assessment | SectionKind::Response | SectionKind::Tests)
}

/// Where a statement of time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Segment(usize),
    /// In the heading of a section with a claim, or alone in its body.
    Heading(usize, Code),
    /// Beside a code, outside of segments.
    Claim(Code),
    Nowhere,
}

/// A statement of time with its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub(super) place: Place,
    pub(super) time: TimeMention,
    /// Its minutes less those that stand under an earlier one as well.
    pub(super) counted: Option<Minutes>,
}

/// Places one time; `beside_total` says that a total stands on its line, as in a line of charges.
fn place(
    input: &BillingInput<'_>,
    claim: &Claim,
    lines: &Lines,
    time: &TimeMention,
    beside_total: bool,
) -> Place {
    let counts = matches!(
        time.kind,
        TimeKind::Activity
            | TimeKind::Claim
            | TimeKind::Dose
            | TimeKind::Grid
            | TimeKind::Evaluation
    );
    if !counts {
        return Place::Nowhere;
    }
    if time.kind == TimeKind::Grid {
        return time.code.map_or(Place::Nowhere, Place::Claim);
    }
    if let Some(index) = segment_at(input.segments, time.span) {
        let segment = &input.segments[index];
        let bare = segment.outcome == Outcome::Abstain(Abstention::LabelWithoutContent);
        return match time.code {
            Some(code) if bare && segment.claim != Some(code) => Place::Claim(code),
            // "Shirt on in 3 min" in a response is a result, not treatment time.
            None if tells_results(segment.section) => Place::Nowhere,
            _ => Place::Segment(index),
        };
    }
    if let Some((index, section)) = section_at(input.sections, time.span) {
        if is_elsewhere(section.kind) && !beside_total {
            return Place::Nowhere;
        }
        let in_heading = !section.body.contains(time.span);
        let own = time.code.is_none_or(|code| section.claim.is_none_or(|claim| claim == code));
        let by_itself = || lines.is_whole(input.text, time.span);
        if let Some(code) = section.claim.or(time.code).filter(|_| own)
            && (in_heading || section.claim.is_some() && by_itself())
        {
            return Place::Heading(index, code);
        }
    }
    let evaluation = || if time.kind == TimeKind::Evaluation { evaluation(claim) } else { None };
    time.code.or_else(evaluation).map_or(Place::Nowhere, Place::Claim)
}

/// Where lines end; asked for every time, so that a line of any length costs no search.
struct Lines {
    newlines: Vec<usize>,
}

impl Lines {
    fn new(text: &str) -> Self {
        Self { newlines: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    /// Tells whether a span holds no end of a line.
    fn is_one(&self, span: Span) -> bool {
        let next = self.newlines.partition_point(|newline| *newline < span.range().start);
        self.newlines.get(next).is_none_or(|newline| *newline >= span.range().end)
    }

    /// Tells whether a line says hardly more than the time: "Minutes: 15".
    fn is_whole(&self, text: &str, span: Span) -> bool {
        const LABEL: usize = 12;
        let range = span.range();
        let next = self.newlines.partition_point(|newline| *newline < range.start);
        let start = next.checked_sub(1).map_or(0, |before| self.newlines[before] + 1);
        let next = self.newlines.partition_point(|newline| *newline < range.end);
        let end = self.newlines.get(next).copied().unwrap_or(text.len());
        text[start..end].trim().len() <= span.len() + LABEL
    }
}

/// Returns the one evaluation or re-evaluation that was billed.
fn evaluation(claim: &Claim) -> Option<Code> {
    let billed = claim.units();
    let is_evaluation = |code: &Code| ("97161"..="97168").contains(&code.as_str());
    let mut found = billed.into_keys().filter(is_evaluation);
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

pub(super) fn section_at(sections: &[Section], span: Span) -> Option<(usize, &Section)> {
    let whole = |section: &Section| section.heading.join(section.body);
    let first = sections.partition_point(|section| whole(section).end < span.end);
    let near = sections.iter().enumerate().skip(first);
    near.take_while(|(_, section)| whole(section).start <= span.start).find(|(_, section)| {
        section.heading.contains(span)
            || section.body.contains(span)
            || whole(section).contains(span) && section.body.start >= span.end
    })
}

/// Returns the position of the segment that holds a span.
pub(super) fn segment_at(segments: &[Segment], span: Span) -> Option<usize> {
    let first = segments.partition_point(|segment| segment.span.end < span.end);
    let mut near = segments[first..].iter().take_while(|one| one.span.start <= span.start);
    near.position(|segment| segment.span.contains(span)).map(|at| first + at)
}

/// Places all times, with shared clock time taken off the later of two ranges.
///
/// Grids and claims outside of segments repeat what the segments say, so the two groups are
/// compared each within itself.
pub(super) fn once(
    times: &[TimeMention],
    input: &BillingInput<'_>,
    claim: &Claim,
    ledger: &mut Ledger,
) -> Vec<Placed> {
    let totals: Vec<Span> = times
        .iter()
        .filter(|time| time.kind == TimeKind::TimedTotal)
        .map(|time| time.span)
        .collect();
    let lines = Lines::new(if times.is_empty() { "" } else { input.text });
    // Of all totals the nearest on either side stand on the line, if any does.
    let beside_total = |span: Span| {
        let next = totals.partition_point(|total| total.start <= span.start);
        let near = &totals[next.saturating_sub(1)..totals.len().min(next + 1)];
        near.iter().any(|total| lines.is_one(span.join(*total)))
    };
    let placed = |&time: &TimeMention| Placed {
        place: place(input, claim, &lines, &time, beside_total(time.span)),
        time,
        counted: time.minutes,
    };
    let mut placed: Vec<Placed> = times.iter().map(placed).collect();
    let mut covered = [0, 0];
    let mut order: Vec<usize> = (0..placed.len()).collect();
    order.sort_by_key(|&at| (placed[at].time.clock, at));
    for at in order {
        let Placed { place, time, counted } = &mut placed[at];
        if time.minutes.is_none() && is_unclear(input, time) {
            ledger.unclear.push(time.span);
        }
        let (Some((from, to)), Some(minutes)) = (time.clock, time.minutes) else { continue };
        let covered = match place {
            Place::Segment(_) => &mut covered[0],
            Place::Heading(..) | Place::Claim(_) => &mut covered[1],
            Place::Nowhere => continue,
        };
        let shared = to.min(*covered).saturating_sub(from);
        *covered = to.max(*covered);
        if shared > 0 {
            let left = minutes.in_tenths().saturating_sub(shared * 10);
            *counted = Some(Minutes::tenths(left));
            ledger.overlaps.push(Overlap { span: time.span, minutes: Minutes::whole(shared) });
        }
    }
    ledger.overlaps.sort_by_key(|overlap| overlap.span);
    ledger.unclear.sort();
    placed
}

fn is_unclear(input: &BillingInput<'_>, time: &TimeMention) -> bool {
    !matches!(time.kind, TimeKind::Dose | TimeKind::Prescription | TimeKind::NonBillable)
        && !section_at(input.sections, time.span)
            .is_some_and(|(_, section)| is_elsewhere(section.kind))
}

/// Adds up what is stated for a segment itself.
///
/// Clock ranges come first; then times that stand alone between signs, which are the time of the
/// whole segment; then times inside words, which are parts of it; doses only when nothing else is
/// stated.
pub(super) fn segment_minutes(own: &[&Placed]) -> Option<Own> {
    let tiers: [fn(&TimeMention) -> bool; 4] = [
        |time| time.clock.is_some(),
        |time| time.kind == TimeKind::Claim || time.kind != TimeKind::Dose && time.alone,
        |time| time.kind != TimeKind::Dose,
        |time| time.kind == TimeKind::Dose,
    ];
    tiers.iter().enumerate().find_map(|(tier, belongs)| {
        let chosen: Vec<&&Placed> = own.iter().filter(|placed| belongs(&placed.time)).collect();
        let span = chosen.iter().map(|placed| placed.time.span).reduce(Span::join)?;
        Some(Own {
            minutes: chosen.iter().filter_map(|placed| placed.time.minutes).sum(),
            counted: chosen.iter().filter_map(|placed| placed.counted).sum(),
            span,
            dose: tier == 3,
        })
    })
}

/// Gives each segment the stated minutes that stand in it.
pub(super) fn by_segment(placed: &[Placed], segments: usize) -> Vec<Vec<&Placed>> {
    let mut own = vec![Vec::new(); segments];
    for one in placed.iter().filter(|placed| placed.time.minutes.is_some()) {
        if let Place::Segment(index) = one.place {
            own[index].push(one);
        }
    }
    own
}

/// Minutes of a segment itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    /// As stated.
    pub(super) minutes: Minutes,
    /// Less what stands under an earlier activity as well.
    pub(super) counted: Minutes,
    pub(super) span: Span,
    /// Only the dose of a machine or a hold.
    pub(super) dose: bool,
}

/// Minutes of a heading with what it governs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) code: Code,
    pub(super) minutes: Minutes,
    pub(super) span: Span,
    /// Segments under the heading.
    pub(super) governed: Vec<usize>,
}

pub(super) fn heading_groups(placed: &[Placed], input: &BillingInput<'_>) -> Vec<Group> {
    let mut groups: BTreeMap<(usize, Code), Group> = BTreeMap::new();
    for Placed { place, time, counted } in placed {
        let (Place::Heading(section, code), Some(minutes)) = (*place, *counted) else {
            continue;
        };
        let body = input.sections[section].body;
        let group = groups.entry((section, code)).or_insert_with(|| Group {
            code,
            minutes: Minutes::default(),
            span: time.span,
            governed: {
                let first = input.segments.partition_point(|one| one.span.start < body.start);
                let inside =
                    input.segments[first..].iter().take_while(|one| one.span.start <= body.end);
                let inside = inside.enumerate().filter(|(_, one)| body.contains(one.span));
                inside.map(|(at, _)| first + at).collect()
            },
        });
        group.minutes = group.minutes.plus(minutes);
    }
    groups.into_values().collect()
}
