//! Pairs of codes: what a payer says of two codes on one date, and what would bypass it.

use crate::knowledge::payers::{Pair, PairHistory, PayerProfile};
use crate::model::{Code, Setting};

use super::claim::Claim;

/// What a payer says of two codes on one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The codes, as asked.
    pub codes: (Code, Code),
    /// The active pair, if there is one in the setting.
    pub pair: Option<&'a Pair>,
    /// What became of it, if people think there is one.
    pub history: Option<&'a PairHistory>,
    /// Everything in one sentence.
    pub words: String,
}

/// Answers for each two of some codes, in the order given.
pub fn query<'a>(codes: &[Code], setting: Setting, profile: &'a PayerProfile) -> Vec<Answer<'a>> {
    let mut answers = Vec::new();
    for (at, &one) in codes.iter().enumerate() {
        for &other in &codes[at + 1..] {
            let pair = profile.pair(one, other, setting);
            let history = profile.history(one, other);
            let words = match (pair, history) {
                (Some(pair), _) => words(pair, profile),
                (None, Some(history)) => format!("{one} with {other}: {}", history.words),
                (None, None) => {
                    format!("{one} with {other}: no pair in the table of {}", profile.version())
                }
            };
            answers.push(Answer { codes: (one, other), pair, history, words });
        }
    }
    answers
}

/// Says what an active pair means.
pub fn words(pair: &Pair, profile: &PayerProfile) -> String {
    let (column1, column2) = (pair.column1, pair.column2);
    let payer = &profile.name;
    let more = pair.words.as_ref().map(|words| format!(" ({words})")).unwrap_or_default();
    if !pair.bypassable {
        return format!(
            "{column2} is not paid with {column1} ({payer}, indicator 0: no modifier bypasses it){more}"
        );
    }
    let preferred = &profile.distinct_modifier;
    let other = if preferred == "59" { "XU" } else { "59" };
    let on = pair.modifier_on.unwrap_or(column2);
    format!(
        "{column1} with {column2} wants {preferred} or {other} on {on} if separate minutes are documented \
         ({payer}, indicator 1, column 2 is {column2}){more}"
    )
}

/// Returns the billed modifier that bypasses a pair; it may stand on either code.
pub fn bypass<'c>(pair: &Pair, claim: &'c Claim, profile: &PayerProfile) -> Option<&'c str> {
    let on_either = claim.modifiers(pair.column2).into_iter().chain(claim.modifiers(pair.column1));
    on_either.filter(|_| pair.bypassable).find(|modifier| profile.bypass.contains(*modifier))
}
