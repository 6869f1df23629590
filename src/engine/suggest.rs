//! Outcome of a segment: suggest, consider, abstain with a named reason, or another service.

use super::score::Scores;
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Category, CodeKind, Gate};
use crate::model::{Abstention, Code, Outcome, Status};

/// What the points of a segment come to.
#[derive(Debug)]
pub(crate) struct Verdict<'l> {
    pub outcome: Outcome,
    /// Codes with points, best first; those the outcome names come before all others.
    pub ranked: Vec<Ranked<'l>>,
}

/// A code in order of merit.
#[derive(Debug)]
pub(crate) struct Ranked<'l> {
    pub code: Code,
    pub score: i32,
    pub lead: i32,
    pub floor: i32,
    pub unmet: Vec<&'l str>,
    pub supported: bool,
}

/// What is known of a segment besides its points.
#[derive(Debug)]
pub(crate) struct Circumstances {
    /// Statuses of the activities it names, in order, each once.
    pub statuses: Vec<Status>,
    /// A cue contradicts its section.
    pub conflict: bool,
    /// It holds a label and no activity.
    pub label_only: bool,
    /// It is too long to be read, or holds no letters.
    pub unreadable: bool,
}

/// Decides a segment.
pub(crate) fn decide<'l>(
    lexicon: &'l Lexicon,
    scores: &Scores,
    around: &Circumstances,
) -> Verdict<'l> {
    let totals: Vec<(Code, i32)> = scores
        .codes()
        .map(|(code, points)| (code, points.iter().map(|one| one.points).sum()))
        .collect();
    let mut ranked: Vec<Ranked<'_>> = totals
        .iter()
        .filter_map(|(code, score)| {
            let rule = lexicon.codes.get(code)?;
            let best_other = totals
                .iter()
                .filter(|(other, _)| other != code)
                .map(|(_, s)| *s)
                .max()
                .unwrap_or(0);
            let unmet =
                rule.gates.iter().filter(|gate| !met(gate, scores)).map(|g| g.words.as_str());
            Some(Ranked {
                code: *code,
                score: *score,
                lead: score - best_other,
                floor: rule.floor,
                unmet: unmet.collect(),
                supported: false,
            })
        })
        .collect();
    ranked.sort_by_key(|one| (-one.score, one.code));
    if around.unreadable {
        return Verdict { outcome: Outcome::Abstain(Abstention::Unreadable), ranked };
    }
    let able: Vec<usize> = (0..ranked.len())
        .filter(|at| ranked[*at].unmet.is_empty() && ranked[*at].score >= ranked[*at].floor)
        .collect();
    let Some(&first) = able.first() else {
        return Verdict { outcome: Outcome::Abstain(reason(scores, around)), ranked };
    };
    // A group or a pool covers whatever was done in it.
    let session =
        able.iter().copied().find(|at| kind(lexicon, ranked[*at].code) == Some(CodeKind::Session));
    if let Some(at) = session {
        ranked[at].supported = true;
        ranked.sort_by_key(|one| (!one.supported, -one.score, one.code));
        return Verdict { outcome: Outcome::Other, ranked };
    }
    // Rivals within the margin that could stand by themselves are shown beside the best.
    let best = ranked[first].score;
    let close: Vec<usize> = able
        .iter()
        .copied()
        .filter(|at| best - ranked[*at].score < lexicon.margin)
        .take(2)
        .collect();
    for at in &close {
        ranked[*at].supported = true;
    }
    let outcome = match close[..] {
        [only] => match kind(lexicon, ranked[only].code) {
            Some(CodeKind::Other | CodeKind::Session) => Outcome::Other,
            _ => Outcome::Suggest,
        },
        _ => Outcome::Consider,
    };
    ranked.sort_by_key(|one| (!one.supported, -one.score, one.code));
    Verdict { outcome, ranked }
}

fn kind(lexicon: &Lexicon, code: Code) -> Option<CodeKind> {
    lexicon.codes.get(&code).map(|rule| rule.kind)
}

fn met(gate: &Gate, scores: &Scores) -> bool {
    gate.any.iter().any(|category| {
        scores.counted.iter().any(|(one, status)| {
            one == category && gate.status.is_none_or(|wanted| wanted == *status)
        })
    })
}

/// Names the most telling reason: unreadable, conflict, other person, not today, label, vague, none.
fn reason(scores: &Scores, around: &Circumstances) -> Abstention {
    let performed = around.statuses.contains(&Status::Performed);
    let only = |wanted: &[Status]| {
        !around.statuses.is_empty() && around.statuses.iter().all(|status| wanted.contains(status))
    };
    if around.conflict {
        Abstention::Conflict
    } else if only(&[Status::OtherPerson]) {
        Abstention::OtherPersonOnly
    } else if only(&[Status::Planned, Status::Goal, Status::HomeProgram, Status::History]) {
        Abstention::NotToday
    } else if around.label_only && !performed {
        Abstention::LabelWithoutContent
    } else if performed || around.statuses.is_empty() || has_any(scores, Category::Vague) {
        Abstention::OnlyVague
    } else {
        Abstention::NoPerformedActivity
    }
}

fn has_any(scores: &Scores, category: Category) -> bool {
    scores.counted.iter().any(|(one, _)| *one == category)
}
