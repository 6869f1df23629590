//! Inflections: the few forms of a verb or noun that charts use, made by table and rule.

use serde::Deserialize;

/// What kind of word a lemma is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PartOfSpeech {
    /// Adds third person, past, participle and -ing.
    Verb,
    /// Adds the plural.
    Noun,
}

/// Irregular forms; everything else follows the rules below.
const IRREGULAR: &[(&str, &[&str])] = &[
    ("put", &["puts", "putting"]),
    ("set", &["sets", "setting"]),
    ("get", &["gets", "got", "gotten", "getting"]),
    ("cut", &["cuts", "cutting"]),
    ("run", &["runs", "ran", "running"]),
    ("go", &["goes", "went", "gone", "going"]),
    ("do", &["does", "did", "done", "doing"]),
    ("take", &["takes", "took", "taken", "taking"]),
    ("hold", &["holds", "held", "holding"]),
    ("stand", &["stands", "stood", "standing"]),
    ("sit", &["sits", "sat", "sitting"]),
    ("lie", &["lies", "lay", "lain", "lying"]),
    ("bend", &["bends", "bent", "bending"]),
    ("kneel", &["kneels", "knelt", "kneeled", "kneeling"]),
    ("rise", &["rises", "rose", "risen", "rising"]),
    ("throw", &["throws", "threw", "thrown", "throwing"]),
    ("catch", &["catches", "caught", "catching"]),
    ("swing", &["swings", "swung", "swinging"]),
    ("hang", &["hangs", "hung", "hanged", "hanging"]),
    ("write", &["writes", "wrote", "written", "writing"]),
    ("drive", &["drives", "drove", "driven", "driving"]),
    ("sweep", &["sweeps", "swept", "sweeping"]),
    ("make", &["makes", "made", "making"]),
    ("bring", &["brings", "brought", "bringing"]),
    ("wear", &["wears", "wore", "worn", "wearing"]),
    ("wash", &["washes", "washed", "washing"]),
    ("feed", &["feeds", "fed", "feeding"]),
    ("eat", &["eats", "ate", "eaten", "eating"]),
    ("drink", &["drinks", "drank", "drunk", "drinking"]),
    ("buy", &["buys", "bought", "buying"]),
    ("pay", &["pays", "paid", "paying"]),
    ("shake", &["shakes", "shook", "shaken", "shaking"]),
    ("dig", &["digs", "dug", "digging"]),
    ("ride", &["rides", "rode", "ridden", "riding"]),
    ("leave", &["leaves", "left", "leaving"]),
    ("slide", &["slides", "slid", "sliding"]),
    ("ascend", &["ascends", "ascended", "ascending"]),
    ("open", &["opens", "opened", "opening"]),
    ("transfer", &["transfers", "transferred", "transferring", "transfered", "transfering"]),
    ("propel", &["propels", "propelled", "propelling"]),
    ("shelf", &["shelves"]),
    ("knife", &["knives"]),
    ("child", &["children"]),
    ("foot", &["feet"]),
    ("person", &["persons", "people"]),
];

/// Returns the word with all its forms, the word first.
pub(crate) fn inflect(word: &str, pos: PartOfSpeech) -> Vec<String> {
    // Only the first word of a lemma of several words bends: "pick up", "picked up".
    let (head, tail) = word
        .split_once(' ')
        .map_or((word, String::new()), |(head, tail)| (head, format!(" {tail}")));
    let forms: Vec<String> = match (IRREGULAR.iter().find(|(lemma, _)| *lemma == head), pos) {
        (Some((_, forms)), _) => forms.iter().map(|form| (*form).to_owned()).collect(),
        (None, PartOfSpeech::Noun) => vec![with_s(head)],
        (None, PartOfSpeech::Verb) => {
            let past = with_ed(head);
            vec![with_s(head), past, with_ing(head)]
        }
    };
    std::iter::once(head.to_owned()).chain(forms).map(|form| format!("{form}{tail}")).collect()
}

fn with_s(word: &str) -> String {
    if let Some(stem) = consonant_y(word) {
        format!("{stem}ies")
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) {
        format!("{word}es")
    } else {
        format!("{word}s")
    }
}

fn with_ed(word: &str) -> String {
    if let Some(stem) = consonant_y(word) {
        format!("{stem}ied")
    } else if word.ends_with('e') {
        format!("{word}d")
    } else {
        format!("{}ed", doubled(word))
    }
}

fn with_ing(word: &str) -> String {
    match word.strip_suffix('e') {
        Some(stem) if !word.ends_with("ee") && !word.ends_with("ye") => format!("{stem}ing"),
        _ => format!("{}ing", doubled(word)),
    }
}

fn consonant_y(word: &str) -> Option<&str> {
    let stem = word.strip_suffix('y')?;
    (!stem.ends_with(['a', 'e', 'i', 'o', 'u'])).then_some(stem)
}

/// Doubles the last consonant of a short word: step, stepped; don, donned.
fn doubled(word: &str) -> String {
    let bytes = word.as_bytes();
    let vowel = |byte: u8| b"aeiou".contains(&byte);
    let double = matches!(bytes, [.., a, b, c]
        if !vowel(*c) && !b"wxyh".contains(c) && vowel(*b) && !vowel(*a)
        && bytes.iter().filter(|byte| vowel(**byte)).count() == 1);
    match (double, bytes.last()) {
        (true, Some(last)) => format!("{word}{}", char::from(*last)),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_and_nouns_bend() {
        let verb = |word| inflect(word, PartOfSpeech::Verb).join(" ");
        assert_eq!(verb("lift"), "lift lifts lifted lifting");
        assert_eq!(verb("carry"), "carry carries carried carrying");
        assert_eq!(verb("step"), "step steps stepped stepping");
        assert_eq!(verb("reach"), "reach reaches reached reaching");
        assert_eq!(verb("retrieve"), "retrieve retrieves retrieved retrieving");
        assert_eq!(verb("throw"), "throw throws threw thrown throwing");
        assert_eq!(verb("pick up"), "pick up picks up picked up picking up");
        assert_eq!(verb("load"), "load loads loaded loading");
        assert_eq!(inflect("box", PartOfSpeech::Noun).join(" "), "box boxes");
        assert_eq!(inflect("shelf", PartOfSpeech::Noun).join(" "), "shelf shelves");
    }
}
