//! Where each statement of time stands: in a segment, in a heading, beside a code.

use std::collections::BTreeMap;

use crate::engine::billing::BillingInput;
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

pub(super) fn place(input: &BillingInput<'_>, time: &TimeMention) -> Place {
    let counts =
        matches!(time.kind, TimeKind::Activity | TimeKind::Claim | TimeKind::Dose | TimeKind::Grid);
    if !counts {
        return Place::Nowhere;
    }
    if time.kind == TimeKind::Grid {
        return time.code.map_or(Place::Nowhere, Place::Claim);
    }
    let inside = |segment: &Segment| segment.span.contains(time.span);
    if let Some(index) = input.segments.iter().position(inside) {
        let bare =
            input.segments[index].outcome == Outcome::Abstain(Abstention::LabelWithoutContent);
        return match time.code {
            Some(code) if bare => Place::Claim(code),
            _ => Place::Segment(index),
        };
    }
    let section = section_at(input.sections, time.span);
    if let Some((index, section)) = section {
        if is_elsewhere(section.kind) {
            return Place::Nowhere;
        }
        let own = time.code.is_none() || time.code == section.claim;
        if let Some(code) = section.claim.filter(|_| own) {
            return Place::Heading(index, code);
        }
        let in_heading = section.heading.contains(time.span);
        if let Some(code) = time.code.filter(|_| in_heading) {
            return Place::Heading(index, code);
        }
    }
    time.code.map_or(Place::Nowhere, Place::Claim)
}

pub(super) fn section_at(sections: &[Section], span: Span) -> Option<(usize, &Section)> {
    sections.iter().enumerate().find(|(_, section)| {
        section.heading.contains(span) || section.body.contains(span) || {
            section.heading.join(section.body).contains(span) && section.body.start >= span.end
        }
    })
}

/// Returns the times with shared clock time taken off the later of two ranges.
///
/// Grids and claims outside of segments repeat what the segments say, so the two groups are
/// compared each within itself.
pub(super) fn once(
    times: &[TimeMention],
    input: &BillingInput<'_>,
    ledger: &mut Ledger,
) -> Vec<TimeMention> {
    let mut once = times.to_vec();
    let mut seen: [Vec<(u32, u32)>; 2] = [Vec::new(), Vec::new()];
    let mut order: Vec<usize> = (0..once.len()).collect();
    order.sort_by_key(|&at| (once[at].clock, at));
    for at in order {
        let time = &mut once[at];
        if time.minutes.is_none() && time.kind != TimeKind::Dose {
            let elsewhere = section_at(input.sections, time.span)
                .is_some_and(|(_, section)| is_elsewhere(section.kind));
            if !elsewhere
                && time.kind != TimeKind::Prescription
                && time.kind != TimeKind::NonBillable
            {
                ledger.unclear.push(time.span);
            }
        }
        let Some((from, to)) = time.clock else { continue };
        let (TimeKind::Activity | TimeKind::Claim | TimeKind::Grid, Some(minutes)) =
            (time.kind, time.minutes)
        else {
            continue;
        };
        let inside = input.segments.iter().any(|segment| segment.span.contains(time.span));
        if !inside && time.code.is_none() {
            continue;
        }
        let seen = &mut seen[usize::from(inside)];
        let covered = seen.iter().map(|&(_, end)| end).max().unwrap_or(0);
        let shared = covered.min(to).saturating_sub(from);
        seen.push((from, to));
        if shared > 0 {
            let left = minutes.in_tenths().saturating_sub(shared * 10);
            time.minutes = Some(Minutes::tenths(left));
            ledger.overlaps.push(Overlap { span: time.span, minutes: Minutes::whole(shared) });
        }
    }
    ledger.overlaps.sort_by_key(|overlap| overlap.span);
    ledger.unclear.sort();
    once
}

/// Adds up what is stated for a segment itself.
///
/// Times that stand alone between signs are the time of the segment; times inside words are
/// parts of it and count only without those; doses count only when nothing else is stated.
pub(super) fn segment_minutes(placed: &[(Place, TimeMention)], index: usize) -> Option<Own> {
    let own = placed
        .iter()
        .filter(|(place, time)| *place == Place::Segment(index) && time.minutes.is_some());
    let own: Vec<&TimeMention> = own.map(|(_, time)| time).collect();
    let is_alone = |time: &TimeMention| time.kind == TimeKind::Claim || time.alone;
    let tiers: [&dyn Fn(&TimeMention) -> bool; 3] = [
        &|time| time.kind != TimeKind::Dose && is_alone(time),
        &|time| time.kind == TimeKind::Activity,
        &|time| time.kind == TimeKind::Dose,
    ];
    tiers.iter().enumerate().find_map(|(tier, belongs)| {
        let chosen: Vec<&&TimeMention> = own.iter().filter(|time| belongs(time)).collect();
        let span = chosen.iter().map(|time| time.span).reduce(Span::join)?;
        let minutes = chosen.iter().filter_map(|time| time.minutes).sum();
        Some(Own { minutes, span, dose: tier == 2 })
    })
}

/// Minutes of a segment itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    pub(super) minutes: Minutes,
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

pub(super) fn heading_groups(
    placed: &[(Place, TimeMention)],
    input: &BillingInput<'_>,
) -> Vec<Group> {
    let mut groups: BTreeMap<(usize, Code), Group> = BTreeMap::new();
    for (place, time) in placed {
        let (Place::Heading(section, code), Some(minutes)) = (*place, time.minutes) else {
            continue;
        };
        let body = input.sections[section].body;
        let group = groups.entry((section, code)).or_insert_with(|| Group {
            code,
            minutes: Minutes::default(),
            span: time.span,
            governed: input
                .segments
                .iter()
                .enumerate()
                .filter(|(_, segment)| body.contains(segment.span))
                .map(|(index, _)| index)
                .collect(),
        });
        group.minutes = group.minutes.plus(minutes);
    }
    groups.into_values().collect()
}
