//! Payer files as TOML, checked, laid over the profile they extend.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Code, Setting, UnitRule};

use super::{
    CodeFacts, Demand, Pair, PairHistory, PayerError, PayerProfile, Threshold, Timing, in_order,
};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "schema")]
    _schema: Schema,
    name: String,
    title: String,
    date: String,
    extends: Option<String>,
    #[serde(default)]
    base_pairs: BasePairs,
    #[serde(default)]
    cite: Vec<String>,
    unit_rule: Option<UnitRule>,
    minutes_per_code: Option<Demand>,
    discipline_modifier: Option<Demand>,
    assistant_modifier: Option<Demand>,
    distinct_modifier: Option<String>,
    bypass: Option<BTreeSet<String>>,
    not_slp: Option<BTreeSet<Code>>,
    #[serde(default)]
    codes: BTreeMap<Code, FileCode>,
    #[serde(default)]
    pairs: Vec<FilePairs>,
    #[serde(default)]
    history: Vec<FileHistory>,
    #[serde(default)]
    threshold: Vec<FileThreshold>,
}

#[derive(Debug, Deserialize)]
enum Schema {
    #[serde(rename = "rubric.payer/1")]
    One,
}

/// What becomes of the pairs of the profile that is extended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum BasePairs {
    /// They hold, unless a pair of the file takes the place of one.
    #[default]
    Keep,
    /// Only the pairs of the file hold.
    Drop,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileCode {
    name: String,
    timing: Timing,
    limit: Option<[u32; 2]>,
    #[serde(default = "yes")]
    therapy: bool,
    needs: Option<Code>,
    instead: Option<Code>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePairs {
    column1: Vec<Code>,
    column2: Vec<Code>,
    indicator: Indicator,
    setting: Option<Setting>,
    modifier_on: Option<Code>,
    words: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Indicator {
    bypassable: bool,
}

impl<'de> Deserialize<'de> for Indicator {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u8::deserialize(deserializer)? {
            0 => Ok(Self { bypassable: false }),
            1 => Ok(Self { bypassable: true }),
            other => Err(serde::de::Error::custom(format!(
                "`{other}` is no indicator of an active pair: 0 (never bypassed) or 1 is wanted"
            ))),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileHistory {
    codes: Vec<Code>,
    words: String,
    #[serde(default)]
    note: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileThreshold {
    year: u16,
    pt_slp: u32,
    ot: u32,
    cite: String,
}

/// Reads and compiles payer files; bases before what extends them.
pub(super) fn compile<N: AsRef<str>, T: AsRef<str>>(
    files: &[(N, T)],
) -> Result<BTreeMap<String, PayerProfile>, PayerError> {
    let mut waiting: Vec<(&str, File)> = Vec::with_capacity(files.len());
    for (name, text) in files {
        let file = parse(name.as_ref(), text.as_ref())?;
        if waiting.iter().any(|(_, other)| other.name == file.name) {
            return Err(PayerError::Twice { file: name.as_ref().to_owned(), name: file.name });
        }
        waiting.push((name.as_ref(), file));
    }
    let mut done: BTreeMap<String, PayerProfile> = BTreeMap::new();
    while !waiting.is_empty() {
        let ready = |(_, file): &(&str, File)| {
            file.extends.as_ref().is_none_or(|base| done.contains_key(base))
        };
        let Some(at) = waiting.iter().position(ready) else {
            let (name, file) = waiting.swap_remove(0);
            let base = file.extends.unwrap_or_default();
            return Err(PayerError::UnknownBase { file: name.to_owned(), base });
        };
        let (name, file) = waiting.remove(at);
        let base = file.extends.as_ref().and_then(|base| done.get(base)).cloned();
        let profile = lay_over(name, file, base.as_ref())?;
        done.insert(profile.name.clone(), profile);
    }
    Ok(done)
}

fn parse(name: &str, text: &str) -> Result<File, PayerError> {
    let fault = |at: usize, message: String| {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        PayerError::Parse {
            file: name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message,
        }
    };
    let file: File = toml::from_str(text).map_err(|error| {
        fault(error.span().map_or(0, |span| span.start), error.message().to_owned())
    })?;
    let place = |word: &str| text.find(word).unwrap_or_default();
    if file.name.is_empty() || file.name != file.name.to_ascii_lowercase() {
        return Err(fault(place("name"), "`name` is one word in lower case".to_owned()));
    }
    if !is_date(&file.date) {
        return Err(fault(place("date"), "`date` reads YYYY-MM-DD".to_owned()));
    }
    for history in &file.history {
        if history.codes.len() < 2 {
            let message = "`codes` of a history names two codes or more".to_owned();
            return Err(fault(place(&history.words), message));
        }
    }
    Ok(file)
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn lay_over(
    name: &str,
    file: File,
    base: Option<&PayerProfile>,
) -> Result<PayerProfile, PayerError> {
    let missing = |field: &'static str| PayerError::Missing { file: name.to_owned(), field };
    let mut codes = base.map(|b| b.codes.clone()).unwrap_or_default();
    codes.extend(file.codes.into_iter().map(|(code, facts)| {
        let FileCode { name, timing, limit, therapy, needs, instead } = facts;
        (code, CodeFacts { name, timing, limit, therapy, needs, instead })
    }));

    let inherited = base.filter(|_| file.base_pairs == BasePairs::Keep);
    let mut pairs = inherited.map(|b| b.pairs.clone()).unwrap_or_default();
    let mut own: BTreeMap<(Code, Code), Vec<Pair>> = BTreeMap::new();
    for group in &file.pairs {
        for (&column1, &column2) in
            group.column1.iter().flat_map(|one| group.column2.iter().map(move |two| (one, two)))
        {
            own.entry(in_order(column1, column2)).or_default().push(Pair {
                column1,
                column2,
                bypassable: group.indicator.bypassable,
                setting: group.setting,
                modifier_on: group.modifier_on,
                words: group.words.clone(),
            });
        }
    }
    pairs.extend(own);

    let mut history: Vec<PairHistory> = Vec::new();
    for entry in &file.history {
        let Some((&first, rest)) = entry.codes.split_first() else { continue };
        history.extend(rest.iter().map(|&other| PairHistory {
            codes: in_order(first, other),
            words: entry.words.clone(),
            on_note: entry.note,
        }));
    }
    // What became of a pair at the base is known here too, but is not this payer's own word on a note.
    let inherited = base.map(|b| b.history.clone()).unwrap_or_default();
    history.extend(inherited.into_iter().map(|entry| PairHistory { on_note: false, ..entry }));

    let mut thresholds = base.map(|b| b.thresholds.clone()).unwrap_or_default();
    thresholds.extend(file.threshold.into_iter().map(|entry| {
        let FileThreshold { year, pt_slp, ot, cite } = entry;
        (year, Threshold { pt_slp, ot, cite })
    }));

    Ok(PayerProfile {
        unit_rule: file.unit_rule.or(base.map(|b| b.unit_rule)).ok_or(missing("unit_rule"))?,
        minutes_per_code: file
            .minutes_per_code
            .or(base.map(|b| b.minutes_per_code))
            .ok_or(missing("minutes_per_code"))?,
        discipline_modifier: file
            .discipline_modifier
            .or(base.map(|b| b.discipline_modifier))
            .ok_or(missing("discipline_modifier"))?,
        assistant_modifier: file
            .assistant_modifier
            .or(base.map(|b| b.assistant_modifier))
            .ok_or(missing("assistant_modifier"))?,
        distinct_modifier: file
            .distinct_modifier
            .or(base.map(|b| b.distinct_modifier.clone()))
            .ok_or(missing("distinct_modifier"))?,
        bypass: file.bypass.or(base.map(|b| b.bypass.clone())).ok_or(missing("bypass"))?,
        not_slp: file.not_slp.or(base.map(|b| b.not_slp.clone())).unwrap_or_default(),
        name: file.name,
        title: file.title,
        date: file.date,
        cite: file.cite,
        codes,
        pairs,
        history,
        thresholds,
    })
}
