//! The machine form of an analysis: one object a note, keys in fixed order, schema `rubric.analysis/1`.

use serde::Serialize;

use crate::model::{
    Analysis, Code, Cue, Line, Minutes, Note, Segment, Severity, Span, UnitTotal, Versions,
};

/// One note with its analysis.
#[derive(Debug, Serialize)]
pub(super) struct Report<'a> {
    schema: &'static str,
    note: Head<'a>,
    versions: &'a Versions,
    segments: Vec<SegmentView<'a>>,
    mentions: Vec<MentionView<'a>>,
    lines: Vec<LineView<'a>>,
    time: TimeView,
    warnings: Vec<WarningView<'a>>,
}

#[derive(Debug, Serialize)]
struct Head<'a> {
    key: &'a str,
    source: &'a str,
    fingerprint: &'a str,
    discipline: Option<&'static str>,
    payer: &'a str,
}

#[derive(Debug, Serialize)]
struct SegmentView<'a> {
    index: usize,
    byte_start: u32,
    byte_end: u32,
    char_start: usize,
    char_end: usize,
    line: u32,
    quote: &'a str,
    section: &'static str,
    status: &'static str,
    minutes: Option<Minutes>,
    outcome: &'static str,
    reason: Option<&'static str>,
    codes: Vec<CodeView<'a>>,
    ask: Option<&'a str>,
    claim: Option<Code>,
}

#[derive(Debug, Serialize)]
struct CodeView<'a> {
    code: Code,
    outcome: &'static str,
    score: i32,
    lead: i32,
    evidence: Vec<EvidenceView<'a>>,
    why_not: &'a [String],
}

#[derive(Debug, Serialize)]
struct EvidenceView<'a> {
    term: &'a str,
    points: i32,
    status: &'static str,
    quote: &'a str,
    byte_start: u32,
    byte_end: u32,
    cue: Option<CueView<'a>>,
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct CueView<'a> {
    quote: &'a str,
    byte_start: u32,
    byte_end: u32,
    source: &'static str,
}

#[derive(Debug, Serialize)]
struct MentionView<'a> {
    term: &'a str,
    theme: &'static str,
    status: &'static str,
    quote: &'a str,
    byte_start: u32,
    byte_end: u32,
    char_start: usize,
    char_end: usize,
    cue: Option<CueView<'a>>,
    segment: Option<usize>,
}

#[derive(Debug, Serialize)]
struct LineView<'a> {
    code: Code,
    minutes: Option<Minutes>,
    units: Option<u32>,
    billed_units: Option<u32>,
    modifiers: &'a [String],
}

#[derive(Debug, Serialize)]
struct TimeView {
    timed_minutes: Option<Minutes>,
    total_minutes: Option<Minutes>,
    units: UnitTotal,
    units_other_rule: UnitTotal,
}

#[derive(Debug, Serialize)]
struct WarningView<'a> {
    rule: &'a str,
    name: &'a str,
    severity: Severity,
    byte_start: Option<u32>,
    byte_end: Option<u32>,
    char_start: Option<usize>,
    char_end: Option<usize>,
    line: Option<usize>,
    quote: Option<&'a str>,
    message: &'a str,
    remedy: &'a str,
    denials: &'a [String],
}

impl<'a> Report<'a> {
    /// Puts an analysis into its machine form.
    pub(super) fn new(note: &'a Note, analysis: &'a Analysis) -> Self {
        let text = Text::new(&note.text);
        Self {
            schema: "rubric.analysis/1",
            note: Head {
                key: &note.key,
                source: &note.source,
                fingerprint: &note.fingerprint,
                discipline: analysis.discipline.map(crate::model::Discipline::as_str),
                payer: &analysis.payer,
            },
            versions: &analysis.versions,
            segments: analysis.segments.iter().map(|one| text.segment(one)).collect(),
            mentions: analysis
                .mentions
                .iter()
                .map(|one| MentionView {
                    term: &one.term,
                    theme: one.theme.as_str(),
                    status: one.status.as_str(),
                    quote: one.span.of(&note.text),
                    byte_start: one.span.start,
                    byte_end: one.span.end,
                    char_start: text.chars(one.span.start),
                    char_end: text.chars(one.span.end),
                    cue: text.cue(one.cue.as_ref()),
                    segment: one.segment,
                })
                .collect(),
            lines: analysis.lines.iter().map(line).collect(),
            time: TimeView {
                timed_minutes: analysis.time.timed_minutes,
                total_minutes: analysis.time.total_minutes,
                units: analysis.time.units,
                units_other_rule: analysis.time.units_other_rule,
            },
            warnings: analysis
                .warnings
                .iter()
                .map(|one| WarningView {
                    rule: &one.rule,
                    name: &one.name,
                    severity: one.severity,
                    byte_start: one.span.map(|span| span.start),
                    byte_end: one.span.map(|span| span.end),
                    char_start: one.span.map(|span| text.chars(span.start)),
                    char_end: one.span.map(|span| text.chars(span.end)),
                    line: one.span.map(|span| text.line(span)),
                    quote: one.span.map(|span| span.of(&note.text)),
                    message: &one.message,
                    remedy: &one.remedy,
                    denials: &one.denials,
                })
                .collect(),
        }
    }
}

fn line(one: &Line) -> LineView<'_> {
    LineView {
        code: one.code,
        minutes: one.minutes,
        units: one.units,
        billed_units: one.billed_units,
        modifiers: &one.modifiers,
    }
}

/// The text of a note with what turns byte offsets into characters and lines.
struct Text<'a> {
    text: &'a str,
    /// Bytes that begin no character, in order; empty for plain ASCII.
    continued: Vec<u32>,
}

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Self {
        let continued = if text.is_ascii() {
            Vec::new()
        } else {
            let bytes = (0_u32..).zip(text.bytes());
            bytes.filter(|(_, byte)| byte & 0xC0 == 0x80).map(|(at, _)| at).collect()
        };
        Self { text, continued }
    }

    /// Returns the Unicode scalar values before a byte offset.
    fn chars(&self, at: u32) -> usize {
        at as usize - self.continued.partition_point(|one| *one < at)
    }

    fn line(&self, span: Span) -> usize {
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    fn cue(&self, cue: Option<&Cue>) -> Option<CueView<'a>> {
        cue.map(|cue| CueView {
            quote: cue.span.of(self.text),
            byte_start: cue.span.start,
            byte_end: cue.span.end,
            source: cue.source.as_str(),
        })
    }

    fn segment(&self, one: &'a Segment) -> SegmentView<'a> {
        SegmentView {
            index: one.index,
            byte_start: one.span.start,
            byte_end: one.span.end,
            char_start: self.chars(one.span.start),
            char_end: self.chars(one.span.end),
            line: one.line,
            quote: one.span.of(self.text),
            section: one.section.as_str(),
            status: one.status.as_str(),
            minutes: one.minutes,
            outcome: one.outcome.as_str(),
            reason: one.outcome.reason().map(crate::model::Abstention::id),
            codes: one
                .codes
                .iter()
                .map(|code| CodeView {
                    code: code.code,
                    outcome: if code.supported { one.outcome.as_str() } else { "abstain" },
                    score: code.score,
                    lead: code.lead,
                    evidence: code
                        .evidence
                        .iter()
                        .map(|evidence| EvidenceView {
                            term: &evidence.term,
                            points: evidence.points,
                            status: evidence.status.as_str(),
                            quote: evidence.span.of(self.text),
                            byte_start: evidence.span.start,
                            byte_end: evidence.span.end,
                            cue: self.cue(evidence.cue.as_ref()),
                            name: &evidence.name,
                        })
                        .collect(),
                    why_not: &code.why_not,
                })
                .collect(),
            ask: one.ask.as_deref(),
            claim: one.claim,
        }
    }
}
