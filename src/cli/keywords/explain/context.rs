//! What combinations, cues, negations, headings and abbreviations look for, in words.

use super::Sheet;
use crate::cli::keywords::tell;
use crate::knowledge::Lexicon;
use crate::knowledge::lexicon::{Member, Reader, Role, SetId, Side, Stands, Stop, Strength};

pub(super) fn combo(lexicon: &Lexicon, id: &str, sheet: &mut Sheet<'_>) -> std::io::Result<bool> {
    let Some(combo) = lexicon.combos.iter().find(|combo| combo.id == id) else { return Ok(false) };
    sheet.head(&combo.id, &combo.name, &format!("combo; {}", combo.place))?;
    let member = |member: &Member| match member {
        Member::Match(category, None) => category.as_str().to_owned(),
        Member::Match(category, Some(status)) => {
            format!("{}, {}", category.as_str(), status.as_str())
        }
        Member::Set(set) => set_name(lexicon, *set),
    };
    sheet.line("Points", &tell::points(&combo.supports))?;
    let all: Vec<String> = combo.all.iter().map(member).collect();
    sheet.lines("All of", &all)?;
    let none: Vec<String> = combo.none.iter().map(member).collect();
    sheet.lines("None of", &none)?;
    sheet.line("Why", &combo.explain)?;
    sheet.line("Ask", combo.ask.as_deref().unwrap_or_default())?;
    sheet.line("Warns", combo.warn.as_deref().unwrap_or_default())?;
    sheet.examples(&combo.tests)?;
    sheet.line("Sources", &combo.cite.join("; "))?;
    Ok(true)
}

fn set_name(lexicon: &Lexicon, set: SetId) -> String {
    let named = lexicon.set_names.iter().find(|(_, id)| **id == set);
    named.map_or_else(|| "words of the rule".to_owned(), |(name, _)| format!("{{{name}}}"))
}

pub(super) fn cue(lexicon: &Lexicon, id: &str, sheet: &mut Sheet<'_>) -> std::io::Result<bool> {
    let Some(at) = lexicon.cues.iter().position(|cue| cue.id == id) else { return Ok(false) };
    let cue = &lexicon.cues[at];
    sheet.head(&cue.id, &cue.name, &format!("cue of status; {}", cue.place))?;
    let strength = match cue.strength {
        Strength::Final => "overrules the section and every other cue",
        Strength::Strong => "overrules the section",
        Strength::Weak => "counts only where the section says nothing",
    };
    sheet.line("Gives", &format!("{}; {strength}", cue.status.as_str()))?;
    let side = match cue.side {
        Side::Before => "back over",
        Side::After => "forward over",
        Side::Both => "either way over",
    };
    let stops = cue.stop.iter().map(|stop| match stop {
        Stop::Clause => "the end of the clause",
        Stop::Cue => "another cue",
        Stop::Subject => "a new subject",
    });
    let stops: Vec<&str> = stops.collect();
    let until =
        if stops.is_empty() { "the end of the sentence".to_owned() } else { stops.join(", ") };
    let stands = match cue.stands {
        Stands::Anywhere => "",
        Stands::Opening => "where a line, sentence, clause or part between commas begins",
    };
    sheet.line("Stands", stands)?;
    sheet.line("Reaches", &format!("{side} {} words, up to {until}", cue.words))?;
    let words = tell::phrases_of(lexicon, |role| *role == Role::Cue(at));
    let words: Vec<String> = words.iter().map(|at| lexicon.phrases[*at].written.clone()).collect();
    sheet.lines("Words", &words)?;
    let readers: Vec<&str> = cue.readers.iter().copied().map(Reader::as_str).collect();
    sheet.line("Numbers", &readers.join(", "))?;
    let requires: Vec<String> =
        cue.requires.iter().map(|window| tell::window(lexicon, window)).collect();
    sheet.lines("Only with", &requires)?;
    let unless: Vec<String> = cue.unless.iter().map(|one| tell::unless(lexicon, one)).collect();
    sheet.lines("Not when", &unless)?;
    sheet.examples(&cue.tests)?;
    Ok(true)
}

pub(super) fn absorber(
    lexicon: &Lexicon,
    id: &str,
    sheet: &mut Sheet<'_>,
) -> std::io::Result<bool> {
    let Some(one) = lexicon.absorbers.iter().find(|one| one.id == id) else { return Ok(false) };
    sheet.head(&one.id, &one.name, &format!("negation with its own object; {}", one.place))?;
    let heads = set_name(lexicon, one.heads);
    let objects = set_name(lexicon, one.objects);
    sheet.line("Takes", &format!("{heads} with {objects}: it says nothing of the activity"))?;
    sheet.line("Gives", &format!("{} to an activity linked to it", one.status.as_str()))?;
    sheet.examples(&one.tests)?;
    Ok(true)
}

pub(super) fn heading(lexicon: &Lexicon, id: &str, sheet: &mut Sheet<'_>) -> std::io::Result<bool> {
    let Some(at) = lexicon.headings.iter().position(|one| one.id == id) else { return Ok(false) };
    let heading = &lexicon.headings[at];
    let kind = heading.kind.map_or("inside its section", |kind| kind.as_str());
    sheet.head(&heading.id, kind, &format!("heading; {}", heading.place))?;
    sheet.line("Gives", heading.status.map_or("", |status| status.as_str()))?;
    sheet.line("Claims", heading.claims.as_ref().map_or("", |code| code.as_str()))?;
    let words = lexicon.heading_words.iter().filter(|(_, index)| **index == at);
    let words: Vec<String> = words.map(|(words, _)| words.clone()).collect();
    sheet.lines("Words", &words)?;
    sheet.examples(&heading.tests)?;
    Ok(true)
}

pub(super) fn abbreviation(
    lexicon: &Lexicon,
    id: &str,
    sheet: &mut Sheet<'_>,
) -> std::io::Result<bool> {
    let Some(at) = lexicon.abbreviations.iter().position(|one| one.id == id) else {
        return Ok(false);
    };
    let one = &lexicon.abbreviations[at];
    let words = tell::phrases_of(lexicon, |role| *role == Role::Abbreviation(at));
    let folded = words.first().map(|at| lexicon.phrases[*at].written.as_str());
    let text = one.exact.as_deref().or(folded).unwrap_or_default();
    sheet.head(&one.id, text, &format!("abbreviation; {}", one.place))?;
    let readings: Vec<String> = one
        .readings
        .iter()
        .map(|reading| {
            let near = reading.near.as_ref().map_or_else(
                || "everywhere else".to_owned(),
                |near| format!("with {}", tell::window(lexicon, near)),
            );
            format!("{}: {near}", reading.means)
        })
        .collect();
    sheet.lines("Read as", &readings)?;
    sheet.examples(&one.tests)?;
    Ok(true)
}
