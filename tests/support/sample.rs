//! The synthetic note N-0412 with the analysis its mock-up shows, and a plain second one.

use std::sync::Arc;

use rubric::model::{
    Abstention, Analysis, BilledLine, Code, CodeFinding, Cue, CueSource, Discipline, Evidence,
    Line, Mention, Minutes, Note, NoteMeta, Outcome, SectionKind, Segment, Setting, Severity, Span,
    Status, Theme, TimeSummary, UnitRule, UnitTotal, Versions, Warning,
};

/// Text of N-0412.
pub const TEXT: &str = "Daily note   DOS 11/17/2026   PT   visit 7 of 12
Subjective: Pt reports she did her squats at home yesterday. Pain 3/10 R knee.

Interventions:
- Sit<>stand x10 from 17\" chair with CGA, cues for foot placement, to rise safely from toilet, 12 min
- Bridges 3x10, clamshells 3x12 yellow band, for hip strength, 10 min
- Step-ups 6 in 2x10 carrying laundry basket, 8 min
- Tandem stance on foam 3x30 s, TC for ankle strategy, 2 LOB, 8 min

Assessment: Tolerated treatment well. 5xSTS 14.2 s (16.0 s on 11/03).
HEP: bridges 3x10 daily.
Plan: progress to 8 in steps next visit.

Timed code minutes: 38. Total treatment time: 45 min.
Billed: 97530 x2 GP, 97110 x1 GP
Signed: T. Sample, PT";

/// Returns the span of words that stand once in the text.
pub fn span(text: &str, words: &str) -> Span {
    let start = text.find(words).unwrap_or_else(|| panic!("not in the text: {words}"));
    Span::new(start, start + words.len())
}

fn cue(words: &str) -> Cue {
    Cue { span: span(TEXT, words), source: CueSource::Local }
}

fn evidence(term: &str, name: &str, points: i32, words: &str, cue: Option<Cue>) -> Evidence {
    Evidence {
        term: term.into(),
        name: name.into(),
        points,
        status: Status::Performed,
        span: span(TEXT, words),
        cue,
    }
}

fn finding(
    code: Code,
    floor: i32,
    lead: i32,
    evidence: Vec<Evidence>,
    why: &[&str],
) -> CodeFinding {
    CodeFinding {
        code,
        score: evidence.iter().map(|e| e.points).sum(),
        lead,
        floor,
        supported: why.is_empty(),
        evidence,
        why_not: why.iter().map(|w| (*w).to_owned()).collect(),
    }
}

fn segment(index: usize, line: u32, words: &str, minutes: u32, said: &str) -> Segment {
    let whole = span(TEXT, words);
    let at = whole.start as usize + words.find(said).unwrap();
    Segment {
        index,
        span: whole,
        line,
        section: SectionKind::Interventions,
        status: Status::Performed,
        minutes: Some(Minutes::whole(minutes)),
        minutes_span: Some(Span::new(at, at + said.len())),
        claim: None,
        outcome: Outcome::Suggest,
        codes: Vec::new(),
        ask: None,
    }
}

fn segments() -> Vec<Segment> {
    let mut one = segment(
        0,
        5,
        "- Sit<>stand x10 from 17\" chair with CGA, cues for foot placement, to rise safely from toilet, 12 min",
        12,
        "12 min",
    );
    one.codes = vec![
        finding(
            Code::TASK,
            6,
            6,
            vec![
                evidence("FT-0001", "sit-to-stand practice", 5, "Sit<>stand", Some(cue("x10"))),
                evidence("PU-0003", "purpose: a daily task", 3, "to rise safely from", None),
                evidence("SK-0002", "skilled cueing", 2, "cues for", None),
                evidence("PL-0004", "everyday place", 2, "toilet", None),
            ],
            &[],
        ),
        finding(
            Code::EXERCISE,
            5,
            -6,
            vec![
                evidence("DS-0002", "sets and repetitions", 2, "x10", None),
                evidence("FT-0001", "sit-to-stand practice", 4, "Sit<>stand", Some(cue("x10"))),
            ],
            &["no exercise for strength, motion, endurance"],
        ),
        finding(Code::NEURO, 5, -12, vec![], &["nothing counted"]),
    ];
    let mut two = segment(
        1,
        6,
        "- Bridges 3x10, clamshells 3x12 yellow band, for hip strength, 10 min",
        10,
        "10 min",
    );
    two.codes = vec![
        finding(
            Code::EXERCISE,
            5,
            8,
            vec![
                evidence("EX-0101", "bridges", 4, "Bridges", Some(cue("3x12"))),
                evidence("EX-0102", "clamshells", 4, "clamshells", None),
                evidence("PU-0101", "purpose: strength", 3, "for hip strength", None),
            ],
            &[],
        ),
        finding(
            Code::TASK,
            6,
            -8,
            vec![evidence("EX-0101", "bridges", 3, "Bridges", None)],
            &["no task of daily life is named"],
        ),
    ];
    vec![one, two, step_ups(), balance()]
}

fn step_ups() -> Segment {
    let mut three =
        segment(2, 7, "- Step-ups 6 in 2x10 carrying laundry basket, 8 min", 8, "8 min");
    three.outcome = Outcome::Consider;
    three.ask = Some("Strengthening set or task practice? The note gives no purpose.".into());
    three.codes = vec![
        finding(
            Code::TASK,
            6,
            1,
            vec![
                evidence("EX-0113", "step-ups", 1, "Step-ups", None),
                evidence(
                    "FT-0207",
                    "carries a household object",
                    5,
                    "carrying laundry basket",
                    None,
                ),
                evidence("FC-0011", "everyday object", 2, "laundry basket", None),
            ],
            &[],
        ),
        finding(
            Code::EXERCISE,
            5,
            -1,
            vec![
                evidence("EX-0113", "step-ups", 5, "Step-ups", None),
                evidence("DS-0002", "sets and repetitions", 2, "2x10", None),
            ],
            &[],
        ),
        finding(Code::NEURO, 5, -8, vec![], &["no balance, posture or coordination activity here"]),
        finding(Code::SELF_CARE, 6, -8, vec![], &["no self-care or home-management activity here"]),
    ];
    three
}

fn balance() -> Segment {
    let mut four = segment(
        3,
        8,
        "- Tandem stance on foam 3x30 s, TC for ankle strategy, 2 LOB, 8 min",
        8,
        "8 min",
    );
    four.codes = vec![finding(
        Code::NEURO,
        5,
        6,
        vec![
            evidence("NM-0007", "balance: tandem stance", 5, "Tandem stance", None),
            evidence("NM-0011", "unstable surface", 3, "on foam", None),
            evidence("NM-0020", "ankle strategy", 3, "ankle strategy", None),
        ],
        &[],
    )];
    four
}

fn mention(theme: Theme, status: Status, words: &str, segment: Option<usize>) -> Mention {
    Mention { term: "M".into(), theme, status, span: span(TEXT, words), cue: None, segment }
}

fn mentions() -> Vec<Mention> {
    use Status::{HomeProgram, Performed, Planned, TestName};
    use Theme::{Exercise, FunctionalTask, Neuromuscular};
    vec![
        mention(Exercise, HomeProgram, "squats at home", None),
        mention(FunctionalTask, Performed, "Sit<>stand", Some(0)),
        mention(FunctionalTask, Performed, "to rise safely from", Some(0)),
        mention(FunctionalTask, Performed, "toilet", Some(0)),
        mention(Exercise, Performed, "Bridges", Some(1)),
        mention(Exercise, Performed, "clamshells", Some(1)),
        mention(Exercise, Performed, "Step-ups", Some(2)),
        mention(FunctionalTask, Performed, "carrying laundry basket", Some(2)),
        mention(Neuromuscular, Performed, "Tandem stance", Some(3)),
        mention(FunctionalTask, TestName, "5xSTS", None),
        mention(Exercise, HomeProgram, "bridges 3x10 daily", None),
        mention(Exercise, Planned, "8 in steps", None),
    ]
}

fn line(code: Code, minutes: u32, units: u32, billed: Option<u32>) -> Line {
    Line {
        code,
        minutes: Some(Minutes::whole(minutes)),
        units: Some(units),
        billed_units: billed,
        modifiers: vec!["GP".into()],
    }
}

fn warning(rule: &str, name: &str, severity: Severity, words: &str, message: &str) -> Warning {
    Warning {
        rule: rule.into(),
        name: name.into(),
        severity,
        span: Some(span(TEXT, words)),
        message: message.into(),
        remedy: "Compare the minutes with the claim.".into(),
        denials: vec!["CO-16".into()],
    }
}

/// Returns the analysis of N-0412.
pub fn analysis() -> Analysis {
    Analysis {
        discipline: Some(Discipline::Pt),
        payer: "medicare".into(),
        setting: Setting::Practitioner,
        versions: Versions {
            program: "0.1.0".into(),
            keywords: "therapy-en-us 2026.11.0".into(),
            payer: "medicare 2026".into(),
        },
        segments: segments(),
        mentions: mentions(),
        lines: vec![
            line(Code::EXERCISE, 10, 1, Some(1)),
            line(Code::NEURO, 8, 1, None),
            line(Code::TASK, 12, 1, Some(2)),
        ],
        time: TimeSummary {
            timed_minutes: Some(Minutes::whole(38)),
            timed_span: Some(span(TEXT, "Timed code minutes: 38")),
            total_minutes: Some(Minutes::whole(45)),
            total_span: Some(span(TEXT, "Total treatment time: 45 min")),
            units: UnitTotal { rule: UnitRule::Cms, total: Some(3) },
            units_other_rule: UnitTotal { rule: UnitRule::PerCode, total: Some(3) },
            alternatives: vec![],
        },
        warnings: vec![
            warning(
                "U1",
                "units-over-billed",
                Severity::Error,
                "97530 x2",
                "97530 billed x2, minutes support x1",
            ),
            warning(
                "U2",
                "missed-code",
                Severity::Warning,
                "Tandem stance",
                "97112 8 min, not billed",
            ),
            warning(
                "VG-0001",
                "vague-response",
                Severity::Warning,
                "Tolerated treatment well",
                "\"Tolerated treatment well\": no measure",
            ),
        ],
    }
}

/// Returns the note N-0412.
pub fn note() -> Note {
    let billed = |code, units| BilledLine { code, units, modifiers: vec!["GP".into()] };
    Note {
        key: "N-0412".into(),
        source: "notes-samples/N-0412.txt".into(),
        text: TEXT.into(),
        fingerprint: "4f1ca902".into(),
        meta: NoteMeta {
            discipline: Some(Discipline::Pt),
            payer: Some("medicare".into()),
            date: Some("2026-11-17".into()),
            therapist: Some("T. Sample, PT".into()),
            billed: vec![billed(Code::TASK, 2), billed(Code::EXERCISE, 1)],
            ..NoteMeta::default()
        },
    }
}

/// Returns a note with one clear segment and no warnings.
pub fn clean(key: &str) -> (Arc<Note>, Arc<Analysis>) {
    let mut note = note();
    let mut found = analysis();
    note.key = key.into();
    note.fingerprint = format!("fp-{key}");
    note.meta.billed.clear();
    found.segments.truncate(2);
    found.warnings.clear();
    found.mentions.retain(|mention| mention.segment.is_some_and(|at| at < 2));
    found.lines = vec![line(Code::EXERCISE, 10, 1, None), line(Code::TASK, 12, 1, None)];
    found.time.timed_minutes = Some(Minutes::whole(22));
    found.time.units.total = Some(2);
    found.time.units_other_rule.total = Some(2);
    (Arc::new(note), Arc::new(found))
}

/// Returns N-0412 with its analysis.
pub fn open() -> (Arc<Note>, Arc<Analysis>) {
    (Arc::new(note()), Arc::new(analysis()))
}

/// Returns a note whose segment abstains because it is only a label.
pub fn vague(key: &str) -> (Arc<Note>, Arc<Analysis>) {
    let (note, found) = clean(key);
    let mut found = (*found).clone();
    found.segments[1].outcome = Outcome::Abstain(Abstention::LabelWithoutContent);
    found.segments[1].codes.clear();
    found.lines.remove(0);
    (note, Arc::new(found))
}
