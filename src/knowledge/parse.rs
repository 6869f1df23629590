//! Reads keyword files: text to forms, entry by entry, so that one bad entry hides no other.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::forms::{
    AbsorberForm, CueForm, Manifest, ReadingsForm, RuleForm, SectionForm, TerminatorForm,
};

/// A keyword file: its name inside the folder, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Path relative to the keyword folder, as `terms/exercise-lower.toml`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// Something wrong in a keyword file, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
    /// The lines about it with a caret.
    pub picture: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Where an entry stands, for later faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub file: usize,
    pub bytes: Range<usize>,
}

/// Collects faults with their places.
#[derive(Debug)]
pub(crate) struct Faults<'f> {
    files: &'f [SourceFile],
    list: Vec<Fault>,
}

impl<'f> Faults<'f> {
    pub(crate) fn new(files: &'f [SourceFile]) -> Self {
        Self { files, list: Vec::new() }
    }

    pub(crate) fn push(&mut self, file: usize, bytes: Range<usize>, message: impl Into<String>) {
        let source = &self.files[file];
        self.list.push(fault(&source.name, &source.text, bytes, message.into()));
    }

    pub(crate) fn at(&mut self, place: &Place, message: impl Into<String>) {
        self.push(place.file, place.bytes.clone(), message);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn into_list(mut self) -> Vec<Fault> {
        self.list.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        self.list
    }
}

/// Makes a fault with its line, column and picture.
pub(crate) fn fault(file: &str, text: &str, bytes: Range<usize>, message: String) -> Fault {
    let start = bytes.start.min(text.len());
    let (line, column) = position(text, start);
    let end = bytes.end.clamp(start, text.len());
    let snippet =
        Snippet::source(text).path(file).annotation(AnnotationKind::Primary.span(start..end));
    let report = &[Level::ERROR.primary_title(message.as_str()).element(snippet)];
    Fault {
        file: file.to_owned(),
        line,
        column,
        picture: Renderer::plain().render(report).clone(),
        message,
    }
}

/// Returns line and column of a byte, both from 1; columns count characters.
pub(crate) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// An entry with its place.
#[derive(Debug, Clone)]
pub(crate) struct Entry<T> {
    pub form: T,
    pub place: Place,
}

/// All entries of all files.
#[derive(Debug, Default)]
pub(crate) struct Forms {
    pub manifest: Option<Manifest>,
    pub sets: BTreeMap<String, Entry<Vec<Spanned<String>>>>,
    pub typos: BTreeMap<String, Vec<String>>,
    pub rules: Vec<Entry<RuleForm>>,
    pub sections: Vec<Entry<SectionForm>>,
    pub cues: Vec<Entry<CueForm>>,
    pub absorbers: Vec<Entry<AbsorberForm>>,
    pub terminators: Vec<Entry<TerminatorForm>>,
    pub abbreviations: Vec<Entry<ReadingsForm>>,
}

/// Reads all files; what cannot be read becomes a fault, the rest goes on.
pub(crate) fn parse(files: &[SourceFile], faults: &mut Faults<'_>) -> Forms {
    let mut forms = Forms::default();
    for (index, file) in files.iter().enumerate() {
        let (table, errors) = DeTable::parse_recoverable(&file.text);
        let broken = !errors.is_empty();
        for error in errors {
            faults.push(index, error.span().unwrap_or(0..0), error.message());
        }
        if broken {
            continue;
        }
        if file.name == "manifest.toml" {
            forms.manifest =
                entry(index, Spanned::new(0..0, DeValue::Table(table.into_inner())), faults)
                    .map(|entry| entry.form);
        } else {
            file_entries(index, table.into_inner(), &mut forms, faults);
        }
    }
    forms
}

fn file_entries(file: usize, table: DeTable<'_>, forms: &mut Forms, faults: &mut Faults<'_>) {
    for (key, value) in table {
        let at = key.span();
        match key.get_ref().as_ref() {
            "rule" => entries(file, value, &mut forms.rules, faults),
            "section" => entries(file, value, &mut forms.sections, faults),
            "cue" => entries(file, value, &mut forms.cues, faults),
            "absorber" => entries(file, value, &mut forms.absorbers, faults),
            "terminator" => entries(file, value, &mut forms.terminators, faults),
            "abbreviation" => entries(file, value, &mut forms.abbreviations, faults),
            "set" => sets(file, &value, forms, faults),
            "typo" => {
                if let Some(Entry { form, .. }) = entry(file, value, faults) {
                    let form: BTreeMap<String, Vec<String>> = form;
                    forms.typos.extend(form);
                }
            }
            other => faults.push(
                file,
                at,
                format!(
                    "unknown table `{other}`; a keyword file holds [[rule]], [[section]], [[cue]], \
                 [[absorber]], [[terminator]], [[abbreviation]], [set] or [typo]"
                ),
            ),
        }
    }
}

fn entries<T: DeserializeOwned>(
    file: usize,
    value: Spanned<DeValue<'_>>,
    into: &mut Vec<Entry<T>>,
    faults: &mut Faults<'_>,
) {
    let span = value.span();
    let DeValue::Array(array) = value.into_inner() else {
        faults.push(
            file,
            span,
            "this must be a list of tables: write it with double brackets, as [[rule]]",
        );
        return;
    };
    into.extend(array.into_iter().filter_map(|value| entry(file, value, faults)));
}

fn entry<T: DeserializeOwned>(
    file: usize,
    value: Spanned<DeValue<'_>>,
    faults: &mut Faults<'_>,
) -> Option<Entry<T>> {
    let bytes = value.span();
    match T::deserialize(ValueDeserializer::from(value)) {
        Ok(form) => Some(Entry { form, place: Place { file, bytes } }),
        Err(error) => {
            faults.push(file, error.span().unwrap_or(bytes), error.message());
            None
        }
    }
}

fn sets(file: usize, value: &Spanned<DeValue<'_>>, forms: &mut Forms, faults: &mut Faults<'_>) {
    let DeValue::Table(table) = value.get_ref() else {
        faults.push(file, value.span(), "[set] must be a table of lists");
        return;
    };
    for (name, list) in table {
        let at = name.span();
        let name = name.get_ref().to_string();
        let Some(read) = entry(file, list.clone(), faults) else { continue };
        let read = Entry { form: read.form, place: Place { file, bytes: at.clone() } };
        if forms.sets.insert(name.clone(), read).is_some() {
            faults.push(
                file,
                at,
                format!("the set `{name}` is defined twice; give one another name"),
            );
        }
    }
}
