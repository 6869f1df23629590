//! From points to words: evidence that adds up, why not the other codes, the question to ask.

use std::sync::Arc;

use super::context::Judged;
use super::matching::Match;
use super::score::{Scores, Source};
use super::suggest::{Ranked, Verdict};
use super::text::Shadow;
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::Rule;
use crate::model::{Code, CodeFinding, Cue, Evidence, Outcome, Span, Status};

/// Id and name of a rule: kept once, and shared by all findings that tell of it.
#[derive(Debug)]
pub(crate) struct Names {
    pub id: Arc<str>,
    pub name: Arc<str>,
}

impl Names {
    pub(crate) fn of(rule: &Rule) -> Self {
        Self { id: rule.id.as_str().into(), name: rule.name.as_str().into() }
    }
}

/// What a segment's findings are told from.
pub(crate) struct Telling<'t> {
    pub lexicon: &'t Lexicon,
    /// By rule.
    pub names: &'t [Names],
    pub shadow: &'t Shadow,
    pub text: &'t str,
    pub matches: &'t [Match],
    pub judged: &'t [Judged],
    /// Where the matches stand in the note.
    pub spans: &'t [Span],
}

impl<'t> Telling<'t> {
    /// Returns the codes of a segment with their evidence.
    pub(crate) fn codes(
        &self,
        verdict: &Verdict<'_>,
        scores: &Scores,
        whole: Span,
    ) -> Vec<CodeFinding> {
        let mut codes: Vec<CodeFinding> =
            verdict.ranked.iter().map(|ranked| self.code(ranked, scores, whole)).collect();
        // The four codes always get their "why not", also without a single point.
        for code in Code::FOUR {
            if !codes.is_empty() && !codes.iter().any(|one| one.code == code) {
                let rule = self.lexicon.codes.get(&code);
                let best = codes.iter().map(|one| one.score).max().unwrap_or(0);
                codes.push(CodeFinding {
                    code,
                    score: 0,
                    lead: -best,
                    floor: rule.map_or(0, |rule| rule.floor),
                    supported: false,
                    evidence: Vec::new(),
                    why_not: vec![nothing_counted(code).to_owned()],
                });
            }
        }
        codes
    }

    fn code(&self, ranked: &Ranked<'_>, scores: &Scores, whole: Span) -> CodeFinding {
        let of_code = scores.codes().find(|(code, _)| *code == ranked.code);
        let points = of_code.map_or(&[][..], |(_, points)| points);
        let mut evidence: Vec<Evidence> = points
            .iter()
            .map(|one| match one.source {
                Source::Match(at) => self.evidence(at, one.points),
                Source::Combo(index) => {
                    let combo = &self.lexicon.combos[index];
                    Evidence {
                        term: combo.id.as_str().into(),
                        name: combo.name.as_str().into(),
                        points: one.points,
                        status: Status::Performed,
                        span: whole,
                        cue: None,
                    }
                }
            })
            .collect();
        evidence.sort_by(|a, b| (-a.points, a.span, &a.term).cmp(&(-b.points, b.span, &b.term)));
        CodeFinding {
            code: ranked.code,
            score: ranked.score,
            lead: ranked.lead,
            floor: ranked.floor,
            supported: ranked.supported,
            evidence,
            why_not: self.why_not(ranked),
        }
    }

    fn evidence(&self, at: usize, points: i32) -> Evidence {
        let rule = &self.names[self.matches[at].rule];
        Evidence {
            term: rule.id.clone(),
            name: rule.name.clone(),
            points,
            status: self.judged[at].status,
            span: self.spans[at],
            cue: self.cue(at),
        }
    }

    /// Returns the cue of a match in offsets of the note.
    pub(crate) fn cue(&self, at: usize) -> Option<Cue> {
        self.judged[at].cue.map(|seen| Cue {
            span: match seen.source {
                crate::model::CueSource::Local => {
                    self.shadow.original(seen.start, seen.end, self.text)
                }
                // The span of a heading is kept in offsets of the note.
                crate::model::CueSource::Section => Span { start: seen.start, end: seen.end },
            },
            source: seen.source,
        })
    }

    fn why_not(&self, ranked: &Ranked<'_>) -> Vec<String> {
        if ranked.supported {
            return Vec::new();
        }
        let mut reasons = Vec::new();
        for gate in &ranked.unmet {
            reasons.push(format!("needed and not found: {gate}"));
        }
        if ranked.score < ranked.floor {
            reasons.push(format!("{} of {} points needed", ranked.score, ranked.floor));
        }
        if reasons.is_empty() {
            reasons.push(format!(
                "{} points behind the leading code; the margin is {}",
                -ranked.lead, self.lexicon.margin
            ));
        }
        reasons
    }

    /// Returns the question that would settle a segment, from the rules of the codes shown.
    pub(crate) fn ask(
        &self,
        verdict: &Verdict<'_>,
        codes: &[CodeFinding],
        scores: &Scores,
    ) -> Option<String> {
        let mut questions: Vec<&'t str> = Vec::new();
        let mut add = |question: Option<&'t str>| {
            questions.extend(question.filter(|question| !questions.contains(question)));
        };
        for index in &scores.combos {
            add(self.lexicon.combos[*index].ask.as_deref());
        }
        let open = match verdict.outcome {
            Outcome::Consider => 2,
            Outcome::Abstain(_) => 1,
            Outcome::Suggest | Outcome::Other => 0,
        };
        for finding in codes.iter().take(open) {
            let leading = finding.evidence.iter().find_map(|evidence| {
                let rules = &self.lexicon.rules;
                let at = rules.binary_search_by(|rule| (*rule.id).cmp(&evidence.term)).ok()?;
                let rule = &rules[at];
                rule.category.theme().and(rule.ask.as_deref())
            });
            add(leading);
        }
        if questions.is_empty() && matches!(verdict.outcome, Outcome::Abstain(_)) {
            return Some("What was done in this time, and for which purpose?".to_owned());
        }
        questions.truncate(2);
        (!questions.is_empty()).then(|| questions.join(" "))
    }
}

fn nothing_counted(code: Code) -> &'static str {
    match code {
        Code::EXERCISE => "no exercise for strength, endurance, motion or flexibility here",
        Code::NEURO => "no balance, coordination, posture or movement-sense activity here",
        Code::TASK => "no functional task here",
        _ => "no self-care or home-management activity here",
    }
}
