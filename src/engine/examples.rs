//! Runs the examples that keyword files carry through the whole pipeline.

use super::scan::{self, Automaton};
use super::text::Shadow;
use super::{AutomatonError, Engine, Language};
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Example, Tier, Want};
use crate::model::{Mention, Outcome, SectionKind, Segment, Status};

/// An example that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The rule, cue or heading.
    pub id: String,
    /// File and line of the example.
    pub place: String,
    /// What was wanted and what came, with the rules that fired.
    pub message: String,
}

/// Runs all examples; returns what fails, and how many held.
pub fn run(engine: &Engine) -> (Vec<Failure>, usize) {
    let mut failures = Vec::new();
    let mut held = 0;
    for (id, tests) in all(engine.lexicon()) {
        for example in tests {
            let language = engine.read(&placed(example));
            for want in &example.wants {
                match check(engine, id, example, want, &language) {
                    Ok(()) => held += 1,
                    Err(message) => failures.push(Failure {
                        id: id.clone(),
                        place: example.place.clone(),
                        message: format!(
                            "\"{}\": {message}; {}",
                            example.text,
                            fired(engine, &language)
                        ),
                    }),
                }
            }
        }
    }
    (failures, held)
}

/// Returns id and place of the rules and combinations that none of their own examples makes match.
pub fn unreached(engine: &Engine) -> Vec<(&str, &str)> {
    let lexicon = engine.lexicon();
    let hits = |tests: &[Example], reached: &dyn Fn(&Language) -> bool| {
        let wants = |test: &Example| test.wants.iter().any(|want| matches!(want, Want::Hit(_)));
        // A `hit` is proved where the examples run; only rules without one are read again.
        tests.iter().any(wants) || tests.iter().any(|test| reached(&engine.read(&placed(test))))
    };
    let rules = lexicon.rules.iter().enumerate().filter(|(at, rule)| {
        let on = rule.tier == Tier::Core;
        on && !hits(&rule.tests, &|language| language.found.iter().any(|one| one.rule == *at))
    });
    let combos = lexicon.combos.iter().enumerate().filter(|(at, combo)| {
        let on = combo.tier == Tier::Core;
        on && !hits(&combo.tests, &|language| language.combos.iter().any(|one| one.1 == *at))
    });
    let rules = rules.map(|(_, rule)| (rule.id.as_str(), rule.place.as_str()));
    let combos = combos.map(|(_, combo)| (combo.id.as_str(), combo.place.as_str()));
    rules.chain(combos).collect()
}

/// Looks for the texts of all phrases once more, in all examples, with an automaton that shares no
/// code with the index; returns where the two differ.
pub fn recount(engine: &Engine) -> Result<Vec<Failure>, AutomatonError> {
    let index = &engine.lexicon().index;
    let automaton = Automaton::new(index).map_err(|error| AutomatonError(error.to_string()))?;
    let mut failures = Vec::new();
    for (id, tests) in all(engine.lexicon()) {
        for example in tests {
            let bytes = Shadow::new(&placed(example)).text.into_bytes();
            let (read, counted) = (scan::texts(index, &bytes), automaton.texts(&bytes));
            if read != counted {
                let (read, counted) = (read.len(), counted.len());
                failures.push(Failure {
                    id: id.clone(),
                    place: example.place.clone(),
                    message: format!(
                        "\"{}\": the index finds {read} texts, the automaton {counted} or others",
                        example.text
                    ),
                });
            }
        }
    }
    Ok(failures)
}

/// Returns everything that carries examples: id and examples.
fn all(lexicon: &Lexicon) -> impl Iterator<Item = (&String, &Vec<Example>)> {
    let rules = lexicon.rules.iter().map(|one| (&one.id, &one.tests));
    let combos = lexicon.combos.iter().map(|one| (&one.id, &one.tests));
    let cues = lexicon.cues.iter().map(|one| (&one.id, &one.tests));
    let absorbers = lexicon.absorbers.iter().map(|one| (&one.id, &one.tests));
    let headings = lexicon.headings.iter().map(|one| (&one.id, &one.tests));
    let readings = lexicon.abbreviations.iter().map(|one| (&one.id, &one.tests));
    rules.chain(combos).chain(cues).chain(absorbers).chain(headings).chain(readings)
}

/// Puts the text under the heading that the example asks for.
fn placed(example: &Example) -> String {
    let heading = match example.section {
        None | Some(SectionKind::Unknown) => return example.text.clone(),
        Some(SectionKind::Interventions) => "Interventions:\n- ",
        Some(SectionKind::Subjective) => "Subjective: ",
        Some(SectionKind::History) => "PLOF: ",
        Some(SectionKind::Objective) => "Objective: ",
        Some(SectionKind::Tests) => "Tests: ",
        Some(SectionKind::HomeProgram) => "HEP: ",
        Some(SectionKind::Education) => "Education: ",
        Some(SectionKind::Response) => "Response: ",
        Some(SectionKind::Assessment) => "Assessment: ",
        Some(SectionKind::Goals) => "Goals: ",
        Some(SectionKind::Plan) => "Plan: ",
        Some(SectionKind::Billing) => "Billing: ",
        Some(SectionKind::Signature) => "Signature: ",
    };
    format!("{heading}{}", example.text)
}

fn check(
    engine: &Engine,
    id: &str,
    example: &Example,
    want: &Want,
    language: &Language,
) -> Result<(), String> {
    let text = placed(example);
    // A wording rule hits when its warning fires; silence beside a measure is a miss.
    let spoken = super::rules::wording::spoken(engine.lexicon(), language);
    let quotes: Vec<&str> = language
        .found
        .iter()
        .enumerate()
        .filter(|(at, one)| {
            let rule = &engine.lexicon().rules[one.rule];
            rule.id == id && (rule.warn.is_none() || spoken.contains(at))
        })
        .map(|(_, one)| one.span.of(&text))
        .collect();
    match want {
        Want::Hit(wanted) if quotes == *wanted => Ok(()),
        Want::Hit(wanted) => Err(format!("wanted the hits {wanted:?}, got {quotes:?}")),
        Want::Miss if quotes.is_empty() => Ok(()),
        Want::Miss => Err(format!("wanted no hit, got {quotes:?}")),
        Want::TodoHit(wanted) if quotes == *wanted => {
            Err("this known gap is closed: write it as `hit`".into())
        }
        Want::TodoMiss if quotes.is_empty() => {
            Err("this known gap is closed: write it as `miss`".into())
        }
        Want::Status(phrase, status) => {
            let got = status_of(engine, id, phrase.as_deref(), language, &text);
            if got == Some(*status) {
                Ok(())
            } else {
                let got = got.map_or("no such mention", Status::as_str);
                Err(format!("wanted the status {}, got {got}", status.as_str()))
            }
        }
        Want::Outcome(wanted) => {
            let got = outcome(&language.segments);
            let same = *wanted == got
                || wanted.split_once('/').is_some_and(|(a, b)| format!("{b}/{a}") == got);
            if same { Ok(()) } else { Err(format!("wanted the outcome {wanted}, got {got}")) }
        }
        Want::Warning(wanted) => {
            let names = warnings(engine, language);
            let fires = if wanted == "none" {
                !names.iter().any(|(rule, _)| rule == id)
            } else {
                names.iter().any(|(rule, name)| rule == wanted || name == wanted)
            };
            if fires { Ok(()) } else { Err(format!("wanted the warning {wanted}, got {names:?}")) }
        }
        Want::TodoHit(_) | Want::TodoMiss | Want::Reading(_) => Ok(()),
    }
}

/// Returns the status of a rule's hit, or of the mention over a phrase.
fn status_of(
    engine: &Engine,
    id: &str,
    phrase: Option<&str>,
    language: &Language,
    text: &str,
) -> Option<Status> {
    let Some(phrase) = phrase else {
        let found = &language.found;
        return found
            .iter()
            .find(|one| engine.lexicon().rules[one.rule].id == id)
            .map(|one| one.status);
    };
    mention_over(&language.mentions, phrase, text).map(|one| one.status)
}

/// Returns the mention that covers most of a phrase of the text.
pub fn mention_over<'m>(mentions: &'m [Mention], phrase: &str, text: &str) -> Option<&'m Mention> {
    let at = text
        .find(phrase)
        .or_else(|| text.to_ascii_lowercase().find(&phrase.to_ascii_lowercase()))?;
    let span = crate::model::Span::new(at, at + phrase.len());
    mentions
        .iter()
        .filter(|one| one.span.overlaps(span))
        .max_by_key(|one| one.span.end.min(span.end) - one.span.start.max(span.start))
}

/// Returns the outcome of the segments as keyword files write it.
fn outcome(segments: &[Segment]) -> String {
    let Some(segment) = segments.first() else { return "none".into() };
    match segment.outcome {
        Outcome::Suggest | Outcome::Other => {
            segment.code().map_or("none".into(), |c| c.to_string())
        }
        Outcome::Consider => {
            let shown: Vec<String> = segment
                .codes
                .iter()
                .filter(|one| one.supported)
                .map(|one| one.code.to_string())
                .collect();
            shown.join("/")
        }
        Outcome::Abstain(_) => "none".into(),
    }
}

/// Returns rule and name of the warnings that keyword files raise.
fn warnings(engine: &Engine, language: &Language) -> Vec<(String, String)> {
    super::rules::wording::raised(engine.lexicon(), language)
        .map(|(id, name)| (id.to_owned(), name.to_owned()))
        .collect()
}

fn fired(engine: &Engine, language: &Language) -> String {
    let rules: Vec<&str> =
        language.found.iter().map(|one| engine.lexicon().rules[one.rule].id.as_str()).collect();
    if rules.is_empty() { "no rule fired".into() } else { format!("fired: {}", rules.join(" ")) }
}
