//! Examples of keyword files: what a `[[*.test]]` table asserts.

use super::forms::TestForm;
use super::lexicon::{Example, Want};
use super::parse::SourceFile;

/// Turns the test tables of one entry into examples.
pub(crate) fn examples(tests: Vec<TestForm>, file: usize, files: &[SourceFile]) -> Vec<Example> {
    tests.into_iter().map(|test| example(test, &files[file])).collect()
}

fn example(test: TestForm, file: &SourceFile) -> Example {
    let at = test.text.span().start.min(file.text.len());
    let line = file.text[..at].matches('\n').count() + 1;
    let phrase = test.phrase.or(test.governs);
    let mut wants = Vec::new();
    if !test.hit.is_empty() {
        wants.push(Want::Hit(test.hit));
    }
    if test.miss {
        wants.push(Want::Miss);
    }
    if let Some(status) = test.status {
        wants.push(Want::Status(phrase, status));
    }
    wants.extend(test.code.map(Want::Outcome));
    wants.extend(test.warn.map(Want::Warning));
    wants.extend(test.reading.map(Want::Reading));
    if !test.todo_hit.is_empty() {
        wants.push(Want::TodoHit(test.todo_hit));
    }
    if test.todo_miss {
        wants.push(Want::TodoMiss);
    }
    Example {
        text: test.text.into_inner(),
        section: test.section,
        wants,
        place: format!("{}:{line}", file.name),
    }
}
