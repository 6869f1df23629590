//! Lints over keyword files: what compiles, and yet misleads an author or a coder.
//!
//! A lint works on the files as they are written, so that each finding has its file, line and
//! column. Faults that keep files from compiling are told by [`compile`](super::compile) itself;
//! examples and rules that nothing reaches need the engine and are found there.

mod entries;
mod shared;

use std::collections::BTreeMap;
use std::ops::Range;

use super::parse::{Faults, Forms, SourceFile, parse, position};
use super::words::Words;

/// What is looked for, and what to do about it.
#[derive(Debug, Clone, Copy)]
pub struct Lint {
    /// Stable name.
    pub name: &'static str,
    /// What is wrong.
    pub about: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

const fn lint(name: &'static str, about: &'static str, remedy: &'static str) -> Lint {
    Lint { name, about, remedy }
}

/// All lints, in the order in which `rubric keywords check` and its documentation list them.
pub const LINTS: [Lint; 17] = [
    lint(
        "fault",
        "the entry cannot be read, or names something that is not there",
        "mend the entry; until then no example runs",
    ),
    lint(
        "example-fails",
        "an example does not come out as it says",
        "change the rule, or the example if it asks for the wrong thing",
    ),
    lint(
        "never-reached",
        "no example of a rule makes the rule match",
        "add an example with `hit`, or take the rule out",
    ),
    lint(
        "matchers-differ",
        "a second matcher finds other words in an example than the first: a fault of the program",
        "report it with the example; until then take its words out",
    ),
    lint(
        "phrase-in-two-categories",
        "the same words stand in rules of two categories, so both get points for them",
        "keep the phrase in one rule, or name the other rule in `also_in` if both are meant",
    ),
    lint(
        "phrase-in-two-rules",
        "the same words stand in two rules of one category, and only the first ever gets them",
        "keep the phrase in one rule, or give the first rule a `requires`",
    ),
    lint(
        "phrase-twice",
        "a phrase adds nothing to another phrase of its rule",
        "take one of them out",
    ),
    lint(
        "phrase-under-shield",
        "a shield has exactly these words, so the phrase never counts",
        "take the phrase out of the rule or out of the shield",
    ),
    lint("weight-out-of-range", "points are integers from -5 to 9", "choose smaller points"),
    lint(
        "cap-under-weight",
        "the most a rule may add is less than it adds at once",
        "raise the cap, or lower the points",
    ),
    lint(
        "missing-explain",
        "nothing says why these words matter",
        "write `explain`: one sentence in your own words",
    ),
    lint(
        "missing-remedy",
        "a warning does not say what would mend the wording",
        "write `remedy`: wording that would do",
    ),
    lint(
        "missing-cite",
        "nothing says where the rule comes from",
        "write `cite`: a policy with its date, a publication, or \"clinical usage\"",
    ),
    lint(
        "missing-positive-test",
        "no example shows what matches",
        "add a [[rule.test]] with `hit`, `status`, `code` or `warn`",
    ),
    lint(
        "missing-negative-test",
        "no example shows what must not match",
        "add a [[rule.test]] with `miss = true`",
    ),
    lint(
        "short-abbreviation",
        "an abbreviation of three letters or less is read without anything near that settles it",
        "write `near`: words or readers that must stand beside it",
    ),
    lint(
        "alias-in-use",
        "a former id is the id, or the former id, of another rule",
        "an id is never used again: take it out of `aliases`",
    ),
];

/// Something an author should mend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// File inside the keyword folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// Name of the lint.
    pub lint: &'static str,
    /// Id of the entry, if it has one.
    pub id: Option<String>,
    /// What is wrong here.
    pub message: String,
}

impl Finding {
    /// Returns what to do about it.
    pub fn remedy(&self) -> &'static str {
        LINTS.iter().find(|one| one.name == self.lint).map_or("", |one| one.remedy)
    }
}

/// Returns what the lints find in files, by place; entries that cannot be read are left out.
pub fn lint_files(files: &[SourceFile]) -> Vec<Finding> {
    // Faults are the compiler's to tell; here they only make entries disappear.
    let mut faults = Faults::new(files);
    let forms = parse(files, &mut faults);
    let Some(limits) = forms.manifest.as_ref().map(|manifest| manifest.limits) else {
        return Vec::new();
    };
    let words = Words::new(&forms, limits, &mut faults);
    let mut report = Report { files, forms: &forms, found: Vec::new() };
    entries::run(&mut report);
    shared::run(&mut report, &words);
    report.found.sort();
    report.found.dedup();
    report.found
}

/// The files under the lints, and what was found in them.
struct Report<'r> {
    files: &'r [SourceFile],
    forms: &'r Forms,
    found: Vec<Finding>,
}

impl Report<'_> {
    fn add(
        &mut self,
        lint: &'static str,
        id: &str,
        file: usize,
        bytes: &Range<usize>,
        message: String,
    ) {
        let SourceFile { name, text } = &self.files[file];
        let at = position(text, bytes.start);
        self.found.push(Finding {
            file: name.clone(),
            line: at.0,
            column: at.1,
            lint,
            id: Some(id.to_owned()),
            message,
        });
    }
}

/// Ids of all entries with the index of their file and their place.
fn ids(forms: &Forms) -> BTreeMap<&str, (usize, Range<usize>)> {
    let rules = forms.rules.iter().map(|one| (&one.form.id, one.place.file));
    let sections = forms.sections.iter().map(|one| (&one.form.id, one.place.file));
    let cues = forms.cues.iter().map(|one| (&one.form.id, one.place.file));
    let absorbers = forms.absorbers.iter().map(|one| (&one.form.id, one.place.file));
    let readings = forms.abbreviations.iter().map(|one| (&one.form.id, one.place.file));
    let all = rules.chain(sections).chain(cues).chain(absorbers).chain(readings);
    all.map(|(id, file)| (id.get_ref().as_str(), (file, id.span()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lints_have_distinct_names_and_say_what_to_do() {
        let names: std::collections::BTreeSet<&str> = LINTS.iter().map(|one| one.name).collect();
        assert_eq!(names.len(), LINTS.len());
        assert!(LINTS.iter().all(|one| !one.about.is_empty() && !one.remedy.is_empty()));
    }
}
