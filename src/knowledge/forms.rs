//! The written form of keyword files: what serde reads, before anything is checked or compiled.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::lemmas::PartOfSpeech;
use crate::model::{Code, SectionKind, Severity, Status, Theme};

/// `manifest.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub schema: u32,
    pub name: String,
    pub version: String,
    #[serde(rename = "language")]
    pub _language: String,
    pub category: BTreeMap<String, CategoryForm>,
    pub code: BTreeMap<Code, CodeForm>,
    pub decide: Decide,
    pub limits: LimitsForm,
}

/// One category of rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CategoryForm {
    pub prefix: String,
    #[serde(rename = "role")]
    pub _role: Option<String>,
    pub severity: Option<Severity>,
    pub performed: Option<PerformedForm>,
    #[serde(default)]
    pub sections: SectionsForm,
}

/// One code of the manifest.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeForm {
    pub label: String,
    pub kind: CodeKind,
    pub timed: bool,
    #[serde(default)]
    pub needs: Vec<String>,
    pub floor: i32,
}

/// Whether a code is one of the four or a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// One of the four that are told apart.
    Target,
    /// A neighbour that is recognised.
    Other,
    /// A property of the session rather than of an activity, as group or water: where a heading
    /// or the intervention says so, it covers whatever was done.
    Session,
}

/// How codes are decided.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decide {
    pub margin: i32,
}

/// Sizes that keep the files and the engine in bounds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsForm {
    pub cue_words: u32,
    pub segment_bytes: u32,
    pub regex_bytes: usize,
    pub phrase_forms: usize,
}

/// When a match counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PerformedForm {
    Required,
    Any,
}

/// Where a match may not count, and where it counts more.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionsForm {
    #[serde(default)]
    pub never: Vec<SectionKind>,
    #[serde(default)]
    pub boost: BTreeMap<SectionKind, i32>,
}

/// A rule of `terms/` or `warnings/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleForm {
    pub id: Spanned<String>,
    pub name: String,
    pub category: Spanned<String>,
    #[serde(default)]
    pub since: Option<String>,
    #[serde(default)]
    pub status: Life,
    #[serde(default)]
    pub tier: Tier,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub supports: BTreeMap<Code, i32>,
    #[serde(default)]
    pub cap: BTreeMap<Code, i32>,
    #[serde(default)]
    pub phrases: Vec<Spanned<String>>,
    #[serde(default)]
    pub lemmas: Vec<LemmaForm>,
    #[serde(default)]
    pub abbreviations: Vec<AbbreviationForm>,
    pub regex: Option<Spanned<String>>,
    #[serde(default)]
    pub readers: Vec<Spanned<String>>,
    #[serde(default)]
    pub requires: Vec<WindowForm>,
    #[serde(default)]
    pub unless: Vec<UnlessForm>,
    #[serde(default)]
    pub shields: Vec<Spanned<String>>,
    #[serde(default)]
    pub assign: Vec<AssignForm>,
    pub performed: Option<PerformedForm>,
    pub sections: Option<SectionsForm>,
    #[serde(default)]
    pub also_in: Vec<Spanned<String>>,
    pub service: Option<Code>,
    pub shield: Option<ShieldForm>,
    #[serde(default)]
    pub all: Vec<MemberForm>,
    #[serde(default)]
    pub none: Vec<MemberForm>,
    pub same: Option<Scope>,
    pub warn: Option<String>,
    pub only_if: Option<Spanned<String>>,
    #[serde(default)]
    pub alone: bool,
    #[serde(default)]
    pub bare: bool,
    pub severity: Option<Severity>,
    pub remedy: Option<String>,
    #[serde(default)]
    pub denials: Vec<String>,
    #[serde(default)]
    pub explain: String,
    pub ask: Option<String>,
    #[serde(default)]
    pub cite: Vec<String>,
    #[serde(default)]
    pub test: Vec<TestForm>,
}

/// Life of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Life {
    /// Kept.
    #[default]
    Stable,
    /// On trial.
    Preview,
    /// On its way out.
    Deprecated,
}

/// Who gets a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Everybody.
    #[default]
    Core,
    /// Who asks for it.
    Strict,
    /// Nobody yet.
    Preview,
}

/// A word inflected at build.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LemmaForm {
    pub word: Spanned<String>,
    pub pos: PartOfSpeech,
}

/// An abbreviation of a rule, read only when a guard stands near.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AbbreviationForm {
    pub text: Spanned<String>,
    #[serde(default)]
    pub case: CaseForm,
    #[serde(default)]
    pub near: Vec<Spanned<String>>,
    pub within: Option<Spanned<String>>,
}

/// Whether the case of an abbreviation counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CaseForm {
    #[default]
    Any,
    Exact,
}

/// Something that must stand near.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowForm {
    pub set: Option<Spanned<String>>,
    #[serde(default)]
    pub sets: Vec<Spanned<String>>,
    #[serde(default)]
    pub phrases: Vec<Spanned<String>>,
    pub reader: Option<Spanned<String>>,
    #[serde(default)]
    pub readers: Vec<Spanned<String>>,
    pub within: Option<Spanned<String>>,
    #[serde(default)]
    pub side: Side,
    pub same: Option<Scope>,
}

/// Something that kills a match.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UnlessForm {
    pub phrase: Option<Spanned<String>>,
    pub regex: Option<Spanned<String>>,
    #[serde(default)]
    pub near: Vec<Spanned<String>>,
    #[serde(default)]
    pub sets: Vec<Spanned<String>>,
    pub within: Option<Spanned<String>>,
    #[serde(default)]
    pub side: Side,
}

/// A value pulled into a match.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignForm {
    #[serde(rename = "name")]
    pub _name: String,
    pub reader: Option<Spanned<String>>,
    pub set: Option<Spanned<String>>,
    pub within: Option<Spanned<String>>,
}

/// What a shield does to the matches it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ShieldForm {
    Drop,
    Test,
}

/// A member of a combination.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberForm {
    pub category: Option<Spanned<String>>,
    pub status: Option<Status>,
    pub set: Option<Spanned<String>>,
}

/// On which side of a match a window lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Only before.
    Before,
    /// Only after.
    After,
    /// Either side.
    #[default]
    Both,
}

/// How far "together" reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Up to the next clause mark.
    Clause,
    /// Up to the end of the sentence.
    Sentence,
    /// The line of the note.
    Line,
    /// The whole intervention.
    Segment,
}

/// An example that a rule carries.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestForm {
    pub text: Spanned<String>,
    pub section: Option<SectionKind>,
    #[serde(default)]
    pub hit: Vec<String>,
    #[serde(default)]
    pub miss: bool,
    pub status: Option<Status>,
    pub code: Option<String>,
    pub warn: Option<String>,
    #[serde(default)]
    pub todo_hit: Vec<String>,
    #[serde(default)]
    pub todo_miss: bool,
    pub governs: Option<String>,
    pub phrase: Option<String>,
    pub reading: Option<String>,
}

/// A heading of `sections.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionForm {
    pub id: Spanned<String>,
    /// Absent: a heading inside a section, which goes on as what it was.
    pub kind: Option<SectionKind>,
    pub headings: Vec<Spanned<String>>,
    pub status: Option<Status>,
    pub claims: Option<Code>,
    /// Whether the heading is also read inside running text as a label of its code.
    #[serde(default)]
    pub label: bool,
    #[serde(default)]
    pub test: Vec<TestForm>,
}

/// A cue of `contexts.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CueForm {
    pub id: Spanned<String>,
    pub name: String,
    pub status: Status,
    pub strength: Strength,
    #[serde(default)]
    pub phrases: Vec<Spanned<String>>,
    #[serde(default)]
    pub readers: Vec<Spanned<String>>,
    #[serde(default)]
    pub stands: Stands,
    /// The activities that it speaks of; of all where none is named.
    #[serde(default)]
    pub themes: Vec<Theme>,
    pub reach: ReachForm,
    #[serde(default)]
    pub requires: Vec<WindowForm>,
    #[serde(default)]
    pub unless: Vec<UnlessForm>,
    #[serde(default)]
    pub test: Vec<TestForm>,
}

/// Where a cue must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    /// Anywhere.
    #[default]
    Anywhere,
    /// Where a line, a sentence, a clause or a part between commas begins.
    Opening,
}

/// How much a cue weighs against its section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// Overrules the section and every other cue.
    Final,
    /// Overrules the section.
    Strong,
    /// Counts only where the section says nothing.
    Weak,
}

/// How far a cue reaches.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReachForm {
    #[serde(default)]
    pub side: Side,
    pub words: u32,
    #[serde(default)]
    pub stop: Vec<Stop>,
}

/// What ends the reach of a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stop {
    /// The end of the clause; without it the reach goes to the end of the sentence.
    Clause,
    /// Another cue of another status.
    Cue,
    /// A new subject.
    Subject,
}

/// A negation with its own object.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AbsorberForm {
    pub id: Spanned<String>,
    pub name: String,
    pub heads: Spanned<String>,
    #[serde(default)]
    pub skips: Vec<Spanned<String>>,
    pub objects: Spanned<String>,
    #[serde(default)]
    pub joins: Vec<Spanned<String>>,
    pub then: ThenForm,
    #[serde(default)]
    pub test: Vec<TestForm>,
}

/// What an absorbed negation says of the activity it is linked to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThenForm {
    pub links: Vec<Spanned<String>>,
    pub status: Status,
    pub strength: Strength,
}

/// A word that ends the reach of cues.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TerminatorForm {
    #[serde(rename = "id")]
    pub id: Spanned<String>,
    pub phrases: Vec<Spanned<String>>,
}

/// An abbreviation with several readings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadingsForm {
    pub id: Spanned<String>,
    pub text: Spanned<String>,
    #[serde(default)]
    pub case: CaseForm,
    pub readings: Vec<ReadingForm>,
    pub otherwise: Option<String>,
    #[serde(default)]
    pub test: Vec<TestForm>,
}

/// One reading of an abbreviation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReadingForm {
    pub means: Spanned<String>,
    #[serde(default)]
    pub near: Vec<Spanned<String>>,
    pub within: Option<Spanned<String>>,
    #[serde(rename = "use")]
    pub used: Use,
}

/// What a reading is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Use {
    /// Matched as if its meaning were written out.
    Term,
    /// The label of a code.
    Label,
    /// Nothing; it only keeps other readings away.
    None,
}
