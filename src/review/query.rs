//! Queries to a therapist: neutral templates, answers by what the note gives signs of.

use super::wording::{self, Broken, Wording};
use crate::model::{Abstention, Analysis, Code, Note, Outcome, Segment, Span};

/// One template of a query; order and words of the answers never follow the scores.
#[derive(Debug, Clone, Copy)]
pub struct Template {
    /// What it is about.
    pub matter: &'static str,
    /// Name in the log.
    pub id: &'static str,
    /// The question.
    pub question: &'static str,
    /// Answers before the two fixed ones; none means an open field.
    pub answers: &'static [&'static str],
}

/// All templates, in the order of their digits.
pub const TEMPLATES: [Template; 10] = [
    template("activity not described", "activity", "What was done in this time?", &[]),
    template(
        "purpose of an activity",
        "purpose",
        "What was this activity done for?",
        &[
            "practice of a daily task (which one: ______)",
            "exercise for strength, endurance, motion or flexibility",
            "balance, coordination or movement control",
            "self-care or home-management training",
        ],
    ),
    template(
        "carried out or not",
        "carried-out",
        "What happened with this activity on this date?",
        &[
            "carried out",
            "carried out in part (what: ______)",
            "not carried out",
            "planned for later",
        ],
    ),
    template("who did it", "who", "Who took part in this activity, and what did each do?", &[]),
    template(
        "minutes missing",
        "minutes-missing",
        "From what was recorded at the time: how many minutes went to each of these?",
        &["minutes: ______", "not recorded"],
    ),
    template(
        "minutes disagree",
        "minutes-disagree",
        "The stated total and the parts add up differently. Which describes the session?",
        &["the stated total", "the parts", "both need correction (how: ______)"],
    ),
    template(
        "at the same time",
        "same-time",
        "How were these given?",
        &[
            "one after the other",
            "at the same time",
            "partly at the same time",
            "with other patients present",
        ],
    ),
    template("response", "response", "How did the patient respond?", &[]),
    template(
        "part of the therapist",
        "skilled-part",
        "What did the therapist do during this activity?",
        &[],
    ),
    template(
        "who signed",
        "signature",
        "Who gave this treatment, and with which credentials?",
        &[],
    ),
];

/// Returns the matter of a query from the reason that stands for it in the log.
pub fn matter_of(reason: &str) -> Option<&'static str> {
    let id = reason.strip_prefix("query-")?;
    TEMPLATES.iter().find(|template| template.id == id).map(|template| template.matter)
}

/// The two answers that are always there, last.
pub const FIXED: [&str; 2] = ["other (please describe: ______)", "unable to determine"];

const fn template(
    matter: &'static str,
    id: &'static str,
    question: &'static str,
    answers: &'static [&'static str],
) -> Template {
    Template { matter, id, question, answers }
}

/// One answer offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Its words.
    pub words: &'static str,
    /// Whether it is offered.
    pub on: bool,
    /// Whether the note gives a sign of it.
    pub sign: bool,
}

/// A query that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryDraft {
    /// Place of the template.
    pub template: usize,
    /// Segment it is about, if it is about one.
    pub segment: Option<usize>,
    /// Words cited; the quote itself is never stored.
    pub span: Span,
    /// Answers of the template.
    pub answers: Vec<Answer>,
    /// Whether signs of the answers stay hidden.
    pub blind: bool,
}

impl QueryDraft {
    /// Starts the query that fits a segment best, or the whole note without one.
    pub fn new(note: &Note, analysis: &Analysis, segment: Option<usize>) -> Self {
        let about = segment.and_then(|at| analysis.segments.get(at));
        let template = about.map_or_else(|| for_note(analysis), for_segment);
        let span = about.map_or_else(|| first_line(&note.text), |segment| segment.span);
        let mut draft = Self { template, segment, span, answers: Vec::new(), blind: false };
        draft.choose(analysis, template);
        draft
    }

    /// Starts a query that tells nothing of what the program found: for an answer given blind.
    pub fn blind(note: &Note, analysis: &Analysis, segment: Option<usize>) -> Self {
        let about = segment.and_then(|at| analysis.segments.get(at));
        let span = about.map_or_else(|| first_line(&note.text), |segment| segment.span);
        let mut draft = Self { template: 0, segment, span, answers: Vec::new(), blind: true };
        draft.choose(analysis, 0);
        draft
    }

    /// Takes another template, with the answers that the note gives signs of.
    pub fn choose(&mut self, analysis: &Analysis, template: usize) {
        let Some(chosen) = TEMPLATES.get(template) else { return };
        self.template = template;
        let about = self.segment.and_then(|at| analysis.segments.get(at));
        self.answers = chosen
            .answers
            .iter()
            .enumerate()
            .map(|(at, words)| {
                let sign = self.blind
                    || template != 1
                    || about.is_none_or(|segment| has_sign(segment, at));
                Answer { words, on: sign, sign }
            })
            .collect();
    }

    /// Returns the question of the template.
    pub fn question(&self) -> &'static str {
        TEMPLATES[self.template].question
    }

    /// Returns the answers offered, the two fixed ones last.
    pub fn offered(&self) -> Vec<&'static str> {
        self.answers.iter().filter(|a| a.on).map(|a| a.words).chain(FIXED).collect()
    }

    /// Checks the wording.
    pub fn check(&self, note: &Note, question: &str) -> Vec<Broken> {
        let on: Vec<&str> = self.answers.iter().filter(|a| a.on).map(|a| a.words).collect();
        wording::check(Wording {
            question,
            answers: &on,
            open_field: TEMPLATES[self.template].answers.is_empty(),
            quote: self.span.of(&note.text),
            unsupported: self.answers.iter().filter(|a| a.on && !a.sign).count(),
        })
    }

    /// Returns what is recorded: question and answers, never words of the note.
    pub fn recorded(&self, question: &str) -> String {
        let answers: Vec<String> =
            self.offered().iter().map(|words| format!("[ ] {words}")).collect();
        format!("{}\n{}", question.trim(), answers.join("\n"))
    }
}

/// Tells whether a segment gives a sign of the purpose at a place of the template's answers.
fn has_sign(segment: &Segment, answer: usize) -> bool {
    let code = [Code::TASK, Code::EXERCISE, Code::NEURO, Code::SELF_CARE][answer.min(3)];
    segment
        .codes
        .iter()
        .any(|finding| finding.code == code && finding.evidence.iter().any(|e| e.points > 0))
}

fn for_segment(segment: &Segment) -> usize {
    match segment.outcome {
        Outcome::Abstain(
            Abstention::OnlyVague | Abstention::LabelWithoutContent | Abstention::Unreadable,
        ) => 0,
        Outcome::Abstain(
            Abstention::NoPerformedActivity | Abstention::Conflict | Abstention::NotToday,
        ) => 2,
        Outcome::Abstain(Abstention::OtherPersonOnly) => 3,
        Outcome::Consider => 1,
        Outcome::Suggest | Outcome::Other if segment.minutes.is_none() => 4,
        Outcome::Suggest | Outcome::Other => 8,
    }
}

fn for_note(analysis: &Analysis) -> usize {
    let has = |name: &str| analysis.warnings.iter().any(|warning| warning.name == name);
    if has("missing-signature") {
        9
    } else if has("missing-timed-minutes") {
        4
    } else if has("minutes-mismatch") || has("timed-exceeds-total") {
        5
    } else if has("overlapping-minutes") || has("group-not-one-on-one") {
        6
    } else if has("vague-response") || has("missing-response") {
        7
    } else {
        0
    }
}

fn first_line(text: &str) -> Span {
    let start = text.len() - text.trim_start().len();
    let end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    Span::new(start, end.max(start))
}
