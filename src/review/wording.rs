//! Rules for the wording of a query to a therapist: what blocks it and what is worth a second look.

/// A rule that a wording breaks, with the word that breaks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Id, `Q1` to `Q12`.
    pub rule: &'static str,
    /// What is wrong, in words.
    pub message: String,
    /// Whether it stops the recording.
    pub blocks: bool,
}

/// What is checked.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The question.
    pub question: &'a str,
    /// Answers offered, without the two fixed ones.
    pub answers: &'a [&'a str],
    /// Whether an open field is among them.
    pub open_field: bool,
    /// Words of the note that are cited.
    pub quote: &'a str,
    /// Answers offered without a sign in the note.
    pub unsupported: usize,
}

const MONEY: [&str; 20] = [
    "bill",
    "billed",
    "billing",
    "billable",
    "unit",
    "units",
    "pay",
    "paid",
    "payment",
    "payer",
    "reimburse",
    "reimbursement",
    "deny",
    "denied",
    "denial",
    "audit",
    "audited",
    "productivity",
    "medicare",
    "insurance",
];
const LEADING: [&str; 9] = [
    "please document",
    "document that",
    "should",
    "agree",
    "confirm that",
    "isn't it",
    "wasn't it",
    "would you say",
    "must",
];
const LABELS: [&str; 6] = [
    "therapeutic activities",
    "therapeutic activity",
    "therapeutic exercise",
    "neuromuscular re-education",
    "neuromuscular reeducation",
    "self-care management",
];
const BLAME: [&str; 6] =
    ["failed to", "forgot", "incorrect", "wrong", "deficient", "non-compliant"];

/// Returns the rules broken, first those that stop the recording.
pub fn check(wording: Wording<'_>) -> Vec<Broken> {
    let said = std::iter::once(wording.question).chain(wording.answers.iter().copied());
    let lower = said.collect::<Vec<_>>().join(" \u{b7} ").to_lowercase();
    let mut broken = Vec::new();
    let mut say = |rule, blocks, message: String| broken.push(Broken { rule, message, blocks });
    if wording.quote.trim().is_empty() {
        say("Q1", true, "cites nothing from the note".to_owned());
    }
    if wording.question.trim().is_empty() {
        say("Q2", true, "there is no question".to_owned());
    }
    if let Some(code) = words(&lower).find(|word| is_code(word)) {
        say("Q2", true, format!("names a code: {code}"));
    }
    if let Some(label) = LABELS.iter().find(|label| lower.contains(**label)) {
        say("Q2", true, format!("names a code by its label: {label}"));
    }
    if let Some(word) = words(&lower).find(|word| MONEY.contains(word)) {
        say("Q3", true, format!("speaks of payment or review: {word}"));
    }
    if let Some(phrase) = LEADING.iter().find(|phrase| holds(&lower, phrase)) {
        say("Q4", true, format!("leads to an answer: {phrase}"));
    }
    if wording.answers.len() < 2 && !wording.open_field {
        say("Q4", true, "offers a single answer: switch on another".to_owned());
    }
    if wording.unsupported > 0 {
        say("Q5", false, "an answer is offered without a sign of it in the note".to_owned());
    }
    if lower.contains('!') {
        say("Q12", false, "has an exclamation mark".to_owned());
    }
    if let Some(phrase) = BLAME.iter().find(|phrase| lower.contains(**phrase)) {
        say("Q12", false, format!("sounds like blame: {phrase}"));
    }
    broken.sort_by_key(|rule| !rule.blocks);
    broken
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty())
}

fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix('g').unwrap_or(word);
    word.len() == 5 && digits.len() >= 4 && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Tells whether a phrase stands in the text as whole words.
fn holds(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + phrase.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(question: &str, answers: &[&str]) -> Vec<&'static str> {
        let wording =
            Wording { question, answers, open_field: false, quote: "Step-ups", unsupported: 0 };
        check(wording).into_iter().filter(|b| b.blocks).map(|b| b.rule).collect()
    }

    #[test]
    fn each_rule_blocks_by_its_word_and_is_silent_without_it() {
        let two = ["practice of a daily task", "exercise for strength"];
        assert!(broken("What was this activity done for?", &two).is_empty());
        assert_eq!(broken("Was this 97530?", &two), ["Q2"]);
        assert_eq!(broken("Was it therapeutic activities?", &two), ["Q2"]);
        assert_eq!(broken("How many units was it?", &two), ["Q3"]);
        assert_eq!(broken("Please document that it was a task.", &two), ["Q4"]);
        assert_eq!(broken("What was it done for?", &two[..1]), ["Q4"]);
        assert_eq!(broken("", &two), ["Q2"]);
        assert!(broken("What happened at the community center?", &two).is_empty());
    }
}
