//! Parts of the compiled vocabulary in words: points, windows, sets, examples.

use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{
    Example, Role, Rule, Scope, SetId, Side, Unless, Want, Window, Within,
};
use crate::model::Code;

/// Words of a set that are written out before the rest is only counted.
const WRITTEN_OUT: usize = 12;

/// Returns points by code, as `97530 +4, 97110 +1`.
pub(super) fn points(supports: &[(Code, i32)]) -> String {
    let each: Vec<String> =
        supports.iter().map(|(code, points)| format!("{code} {points:+}")).collect();
    if each.is_empty() { "-".to_owned() } else { each.join(", ") }
}

/// Returns the phrases that have a role, as their authors wrote them.
pub(super) fn phrases_of(lexicon: &Lexicon, role: impl Fn(&Role) -> bool) -> Vec<usize> {
    (0..lexicon.phrases.len()).filter(|at| lexicon.roles[*at].iter().any(&role)).collect()
}

/// Returns the phrases of a rule that are read everywhere, and those of its guarded abbreviations.
pub(super) fn phrases_of_rule(lexicon: &Lexicon, index: usize) -> Vec<usize> {
    phrases_of(lexicon, |role| match role {
        Role::Rule(rule) | Role::Guarded(rule, _) => *rule == index,
        _ => false,
    })
}

/// Returns the position of a rule.
pub(super) fn rule(lexicon: &Lexicon, id: &str) -> Option<usize> {
    let named = |rule: &Rule| rule.id == id || rule.aliases.iter().any(|alias| alias == id);
    lexicon.rules.iter().position(named)
}

/// Returns what must stand near, in words.
pub(super) fn window(lexicon: &Lexicon, window: &Window) -> String {
    let readers = window.readers.iter().map(|reader| reader.as_str().to_owned());
    let sets = window.sets.iter().map(|set| set_words(lexicon, *set));
    let what: Vec<String> = readers.chain(sets).collect();
    let side = match window.side {
        Side::Before => " before it",
        Side::After => " behind it",
        Side::Both => "",
    };
    let reach = match window.within {
        Within::Words(words) => format!("within {words} words{side}"),
        Within::Scope(Scope::Clause) => format!("in the same clause{side}"),
        Within::Scope(Scope::Sentence) => format!("in the same sentence{side}"),
        Within::Scope(Scope::Line) => format!("on the same line{side}"),
        Within::Scope(Scope::Segment) => format!("in the same intervention{side}"),
    };
    format!("{} {reach}", what.join(" | "))
}

/// Returns what kills a match, in words.
pub(super) fn unless(lexicon: &Lexicon, unless: &Unless) -> String {
    match unless {
        Unless::Over(set) => format!("inside: {}", set_words(lexicon, *set)),
        Unless::Pattern(regex) => format!("inside the pattern {regex}"),
        Unless::Near(near) => format!("near: {}", window(lexicon, near)),
    }
}

fn set_words(lexicon: &Lexicon, set: SetId) -> String {
    let members = (0..lexicon.phrases.len()).filter(|at| lexicon.sets[*at].contains(&set));
    let words: Vec<usize> = members.collect();
    let more = words.len().saturating_sub(WRITTEN_OUT);
    let shown = words.iter().take(WRITTEN_OUT).map(|at| lexicon.phrases[*at].written.as_str());
    let shown = shown.collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

/// Returns an example and what it asserts, in one line.
pub(super) fn example(example: &Example) -> String {
    let section = example.section.map_or_else(String::new, |kind| format!(" [{}]", kind.as_str()));
    let wants: Vec<String> = example.wants.iter().map(want).collect();
    format!("\"{}\"{section} -> {}", example.text, wants.join("; "))
}

fn want(want: &Want) -> String {
    let quotes = |list: &[String]| {
        list.iter().map(|quote| format!("\"{quote}\"")).collect::<Vec<_>>().join(", ")
    };
    match want {
        Want::Hit(list) => format!("matches {}", quotes(list)),
        Want::Miss => "no match".to_owned(),
        Want::Status(None, status) => status.as_str().to_owned(),
        Want::Status(Some(phrase), status) => format!("\"{phrase}\" is {}", status.as_str()),
        Want::Outcome(code) => format!("comes out as {code}"),
        Want::Warning(name) if name == "none" => "does not warn".to_owned(),
        Want::Warning(name) => format!("warns of {name}"),
        Want::Reading(reading) if reading == "unread" => "left unread".to_owned(),
        Want::Reading(reading) => format!("read as {reading}"),
        Want::TodoHit(list) => format!("should match {} (known gap)", quotes(list)),
        Want::TodoMiss => "should not match (known gap)".to_owned(),
    }
}
