//! The compiled vocabulary: rules, cues, sections and sets behind one table of phrases.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::begins::PatternRules;
pub use super::forms::{CodeKind, Life, Scope, Side, Stands, Stop, Strength, Tier, Use};
pub use super::general::GeneralWords;
use super::headings::HeadingSieve;
use super::index::Index;
pub use super::kinds::{CATEGORIES, Category, PREDICATES, READERS, Reader, Themes};
pub use super::pattern::Pattern;
use super::phrases::Phrase;
use super::rows::Rows;
use crate::model::{Code, SectionKind, Severity, Status};

/// Everything the engine knows about words.
#[derive(Debug, Serialize, Deserialize)]
pub struct Lexicon {
    /// Name, version and digest, as printed beside suggestions.
    pub version: String,
    /// Rules that match words or numbers, in the order of their ids.
    pub rules: Vec<Rule>,
    /// Rules over what stands together, in the order of their ids.
    pub combos: Vec<Combo>,
    /// Cues of status.
    pub cues: Vec<CueRule>,
    /// Negations with their own objects.
    pub absorbers: Vec<Absorber>,
    /// Headings and labels.
    pub headings: Vec<Heading>,
    /// Folded words of a heading to its place in `headings`.
    pub heading_words: BTreeMap<String, usize>,
    /// Rejects most of what is no key of `heading_words`.
    pub heading_sieve: HeadingSieve,
    /// Abbreviations with several readings.
    pub abbreviations: Vec<Abbreviation>,
    /// Codes that can be suggested.
    pub codes: BTreeMap<Code, CodeRule>,
    /// A smaller lead shows both codes.
    pub margin: i32,
    /// A longer segment is not read.
    pub segment_bytes: u32,
    /// All phrases as written; a hit names one by its position. The program keeps only their index:
    /// empty in what [`super::ready`] returns for the built-in files.
    #[serde(skip)]
    pub phrases: Vec<Phrase>,
    /// The phrases made ready for notes.
    pub index: Index,
    /// What each phrase is used for, besides being a member of sets. Behind the rows of the phrases
    /// stand those of texts that are several phrases at once.
    pub roles: Rows<Role>,
    /// The sets that each phrase is a member of, in the same rows.
    pub sets: Rows<SetId>,
    /// One more than the highest set.
    pub set_count: u32,
    /// Positions of the rules that read numbers.
    pub number_rules: Vec<usize>,
    /// The rules that have a pattern.
    pub pattern_rules: PatternRules,
    /// Sets by name, for sets that the engine asks for itself.
    pub set_names: BTreeMap<String, SetId>,
    /// Words that name no activity by themselves.
    pub general: GeneralWords,
    /// Usual misspellings and the words they stand for.
    pub typos: Vec<(String, String)>,
}

/// A set of phrases that rules look for near a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SetId(pub u32);

/// What a phrase is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// A match of a rule.
    Rule(usize),
    /// A match of a rule when the guard at this position holds.
    Guarded(usize, usize),
    /// An abbreviation with several readings.
    Abbreviation(usize),
    /// A cue of status.
    Cue(usize),
    /// A member of a set.
    Set(SetId),
    /// Ends the reach of cues.
    Terminator,
    /// The label of a code inside running text.
    Label(usize),
}

/// How far a window reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    /// So many words, inside the sentence.
    Words(u32),
    /// A scope.
    Scope(Scope),
}

/// Something that must, or must not, stand near a match.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Window {
    /// Sets of which a member counts.
    pub sets: Vec<SetId>,
    /// Readers that count.
    pub readers: Vec<Reader>,
    /// How far.
    pub within: Within,
    /// On which side.
    pub side: Side,
}

/// What kills a match.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Unless {
    /// A phrase of the set lies over the match.
    Over(SetId),
    /// A pattern lies over the match.
    Pattern(Pattern),
    /// Something stands near.
    Near(Window),
}

/// Whether a match needs a performed activity to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Counts {
    /// Only when it was itself performed.
    WhenPerformed,
    /// Wherever its segment holds a performed activity.
    WithPerformed,
}

/// When a warning is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnlyIf {
    /// Wherever its words stand.
    Always,
    /// Its sentence holds no measure.
    Unmeasured,
    /// Its sentence holds nothing but general words.
    General,
}

/// What a shield does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShieldKind {
    /// Covered matches disappear.
    Drop,
    /// Covered matches are names of tests.
    Test,
}

/// A rule that matches words or numbers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rule {
    /// Id, stable for ever.
    pub id: String,
    /// Former ids.
    pub aliases: Vec<String>,
    /// What a coder would call it.
    pub name: String,
    /// Its category.
    pub category: Category,
    /// First version of the files that has it.
    pub since: String,
    /// Stable, preview or deprecated.
    pub life: Life,
    /// Core, strict or preview.
    pub tier: Tier,
    /// Points for each code.
    pub supports: Vec<(Code, i32)>,
    /// Most points for a code; absent: the rule counts once.
    pub caps: Vec<(Code, i32)>,
    /// The service it names, for services outside the four.
    pub service: Option<Code>,
    /// Set on shields.
    pub shield: Option<ShieldKind>,
    /// Readers whose readings are matches.
    pub readers: Vec<Reader>,
    /// Pattern whose matches are matches.
    pub regex: Option<Pattern>,
    /// Guards of abbreviations.
    pub guards: Vec<Guard>,
    /// All of these must stand near.
    pub requires: Vec<Window>,
    /// None of these may.
    pub unless: Vec<Unless>,
    /// When it counts.
    pub counts: Counts,
    /// Sections in which it never counts.
    pub never: Vec<SectionKind>,
    /// Points added in a section.
    pub boost: Vec<(SectionKind, i32)>,
    /// Public name of the warning it raises.
    pub warn: Option<String>,
    /// Severity of that warning.
    pub severity: Severity,
    /// When its warning is raised.
    pub only_if: OnlyIf,
    /// The phrase must be the whole sentence.
    pub alone: bool,
    /// A bare word: it gives way to any other rule of its category that it overlaps.
    pub bare: bool,
    /// What would mend it.
    pub remedy: String,
    /// Denials it invites.
    pub denials: Vec<String>,
    /// Why these words support that code.
    pub explain: String,
    /// Question to the therapist when the code stays open.
    pub ask: Option<String>,
    /// Policies and publications.
    pub cite: Vec<String>,
    /// Positions of its phrases.
    pub forms: Vec<usize>,
    /// Examples that must hold; the program does not keep them either.
    #[serde(skip)]
    pub tests: Vec<Example>,
    /// File and line it stands in.
    pub place: String,
}

impl Rule {
    /// Returns the points for a code, 0 if it gives none.
    pub fn weight(&self, code: Code) -> i32 {
        points(&self.supports, code)
    }

    /// Returns the most this rule may add for a code.
    pub fn cap(&self, code: Code) -> i32 {
        self.caps
            .iter()
            .find(|(c, _)| *c == code)
            .map_or_else(|| self.weight(code), |(_, cap)| *cap)
    }
}

fn points(list: &[(Code, i32)], code: Code) -> i32 {
    list.iter().find(|(c, _)| *c == code).map_or(0, |(_, points)| *points)
}

/// What makes an abbreviation readable.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Guard {
    /// The abbreviation as it must be written, if its case counts.
    pub exact: Option<String>,
    /// What must stand near.
    pub near: Option<Window>,
}

/// A rule over what stands together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Combo {
    /// Id.
    pub id: String,
    /// What a coder would call it.
    pub name: String,
    /// Whether it is on.
    pub tier: Tier,
    /// All of these must stand in the scope.
    pub all: Vec<Member>,
    /// None of these may.
    pub none: Vec<Member>,
    /// Where.
    pub scope: Scope,
    /// Points for each code.
    pub supports: Vec<(Code, i32)>,
    /// Warning raised.
    pub warn: Option<String>,
    /// Why.
    pub explain: String,
    /// Question to the therapist.
    pub ask: Option<String>,
    /// Policies and publications.
    pub cite: Vec<String>,
    /// Examples that must hold; the program does not keep them either.
    #[serde(skip)]
    pub tests: Vec<Example>,
    /// File and line it stands in.
    pub place: String,
}

/// One member of a combination.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Member {
    /// A counted match of a category, with that status if one is given.
    Match(Category, Option<Status>),
    /// A member of a set.
    Set(SetId),
}

/// A cue that gives activities their status.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CueRule {
    /// Id.
    pub id: String,
    /// What it says.
    pub name: String,
    /// Status it gives.
    pub status: Status,
    /// Whether it overrules the section.
    pub strength: Strength,
    /// Readings that are cues.
    pub readers: Vec<Reader>,
    /// On which side of the cue the activity stands.
    pub side: Side,
    /// How many words it reaches.
    pub words: u32,
    /// What ends its reach.
    pub stop: Vec<Stop>,
    /// Where it must stand.
    pub stands: Stands,
    /// The activities that it speaks of.
    pub themes: Themes,
    /// All of these must stand near.
    pub requires: Vec<Window>,
    /// What makes it no cue.
    pub unless: Vec<Unless>,
    /// Examples that must hold; the program does not keep them either.
    #[serde(skip)]
    pub tests: Vec<Example>,
    /// File and line it stands in.
    pub place: String,
}

/// A negation that belongs to its own object.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Absorber {
    /// Id.
    pub id: String,
    /// What it says.
    pub name: String,
    /// Negations.
    pub heads: SetId,
    /// Words that may stand between.
    pub skips: SetId,
    /// Objects.
    pub objects: SetId,
    /// Words that join further objects.
    pub joins: SetId,
    /// Words that link it to an activity.
    pub links: SetId,
    /// Status of that activity.
    pub status: Status,
    /// Strength of that status.
    pub strength: Strength,
    /// Examples that must hold; the program does not keep them either.
    #[serde(skip)]
    pub tests: Vec<Example>,
    /// File and line it stands in.
    pub place: String,
}

/// A heading or label.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Heading {
    /// Id.
    pub id: String,
    /// Section it opens; `None`: the section around it goes on.
    pub kind: Option<SectionKind>,
    /// Status it gives.
    pub status: Option<Status>,
    /// Code it claims.
    pub claims: Option<Code>,
    /// Examples that must hold; the program does not keep them either.
    #[serde(skip)]
    pub tests: Vec<Example>,
    /// File and line it stands in.
    pub place: String,
}

/// An abbreviation with several readings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Abbreviation {
    /// Id.
    pub id: String,
    /// The abbreviation as it must be written, if its case counts.
    pub exact: Option<String>,
    /// Readings in the order in which they are tried.
    pub readings: Vec<Reading>,
    /// Examples that must hold; the program does not keep them either.
    #[serde(skip)]
    pub tests: Vec<Example>,
    /// File and line it stands in.
    pub place: String,
}

/// One reading of an abbreviation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reading {
    /// What it means.
    pub means: String,
    /// Rules that match that phrase.
    pub rules: Vec<usize>,
    /// Label of a section, if it is one.
    pub label: Option<usize>,
    /// What must stand near.
    pub near: Option<Window>,
    /// What the reading is used for.
    pub used: Use,
}

/// A code with what it needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CodeRule {
    /// Our own label.
    pub label: String,
    /// One of the four, or a neighbour.
    pub kind: CodeKind,
    /// Whether it is timed in blocks of 15 minutes.
    pub timed: bool,
    /// All of these must be met.
    pub gates: Vec<Gate>,
    /// Points needed.
    pub floor: i32,
}

/// A mandatory finding: any of the categories.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gate {
    /// Categories of which one must be there.
    pub any: Vec<Category>,
    /// With that status, if one is given.
    pub status: Option<Status>,
    /// The gate in words.
    pub words: String,
}

/// An example that a rule, cue or heading carries.
#[derive(Debug, Clone)]
pub struct Example {
    /// Its text.
    pub text: String,
    /// Section it is put into.
    pub section: Option<SectionKind>,
    /// What must come of it.
    pub wants: Vec<Want>,
    /// File and line it stands in.
    pub place: String,
}

/// What an example asserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// Exactly these quotes are matched by the rule.
    Hit(Vec<String>),
    /// The rule does not match.
    Miss,
    /// Status of the hit, or of the phrase if one is given.
    Status(Option<String>, Status),
    /// The outcome: a code, two codes with a slash, or `none`.
    Outcome(String),
    /// The warning that fires; `none`: the rule's own warning does not.
    Warning(String),
    /// Reading of an abbreviation, or `unread`.
    Reading(String),
    /// A known gap: the rule should hit, and does not yet.
    TodoHit(Vec<String>),
    /// A known gap: the rule should miss, and does not yet.
    TodoMiss,
}
