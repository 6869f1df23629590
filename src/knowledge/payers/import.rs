//! Pair and limit files as CMS publishes them, made into a payer file of one's own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::model::{Code, Setting};

use super::{Pair, PayerProfile};

/// What is wrong with a file of CMS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// No line of the file looks like a row.
    #[error("no row with {wanted} is found; give the text or CSV file as CMS publishes it")]
    NoRows {
        /// What a row holds.
        wanted: &'static str,
    },
    /// A row holds something unexpected.
    #[error("line {line}: {message}")]
    Row {
        /// Line, from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
}

/// Reads a pair file: column 1, column 2, an old flag, effective date, deletion date, indicator.
///
/// Only pairs in force are kept (deletion date `*` or empty, indicator 0 or 1), and only those of
/// codes the profile knows: the whole file has millions of rows.
pub fn pairs(
    text: &str,
    setting: Setting,
    profile: &PayerProfile,
) -> Result<Vec<Pair>, ImportError> {
    let known: BTreeSet<Code> = profile
        .codes()
        .map(|(code, _)| code)
        .chain(profile.pairs().flat_map(|pair| [pair.column1, pair.column2]))
        .collect();
    let mut found = Vec::new();
    let mut rows = 0;
    for (index, line) in text.lines().enumerate() {
        let cells = cells(line);
        let codes = cells
            .first()
            .and_then(|c| Code::parse(c))
            .zip(cells.get(1).and_then(|c| Code::parse(c)));
        let Some((column1, column2)) = codes else { continue };
        rows += 1;
        if !known.contains(&column1) || !known.contains(&column2) {
            continue;
        }
        let fault =
            |message: &str| ImportError::Row { line: index + 1, message: message.to_owned() };
        let deleted = cells.get(4).ok_or_else(|| fault("a deletion date is wanted in column 5"))?;
        let indicator = cells.get(5).ok_or_else(|| fault("an indicator is wanted in column 6"))?;
        let bypassable = match indicator.as_str() {
            "0" => false,
            "1" => true,
            "9" => continue,
            _ => return Err(fault("the indicator is none of 0, 1 and 9")),
        };
        if deleted.is_empty() || deleted == "*" {
            found.push(Pair {
                column1,
                column2,
                bypassable,
                setting: Some(setting),
                modifier_on: None,
                words: None,
            });
        }
    }
    if rows == 0 {
        return Err(ImportError::NoRows { wanted: "two codes" });
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Reads a unit limit file: code, units a day, and more; only codes the profile knows are kept.
pub fn limits(text: &str, profile: &PayerProfile) -> Result<BTreeMap<Code, u32>, ImportError> {
    let mut found = BTreeMap::new();
    let mut rows = 0;
    for (index, line) in text.lines().enumerate() {
        let cells = cells(line);
        let Some(code) = cells.first().and_then(|cell| Code::parse(cell)) else { continue };
        rows += 1;
        if profile.code(code).is_none() {
            continue;
        }
        let units = cells.get(1).and_then(|cell| cell.parse().ok()).ok_or(ImportError::Row {
            line: index + 1,
            message: "units a day are wanted in column 2".to_owned(),
        })?;
        found.insert(code, units);
    }
    if rows == 0 {
        return Err(ImportError::NoRows { wanted: "a code and its units" });
    }
    Ok(found)
}

/// What was read from the files of one quarter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// Pairs of all settings that were given; when there are any, they replace those of the base.
    pub pairs: Vec<Pair>,
    /// Limits for practitioners.
    pub practitioner: BTreeMap<Code, u32>,
    /// Limits for facilities.
    pub facility: BTreeMap<Code, u32>,
}

/// Writes a payer file that extends a profile with imported tables; `date` is that of the tables.
pub fn payer_file(name: &str, date: &str, base: &PayerProfile, imported: &Imported) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "schema  = \"rubric.payer/1\"\nname    = \"{name}\"\ntitle   = \"{}, tables of {date}\"\n\
         date    = \"{date}\"\nextends = \"{}\"\ncite    = [\"CMS files imported by the user\"]\n",
        base.title, base.name
    );
    if !imported.pairs.is_empty() {
        out.push_str("base_pairs = \"drop\"\n");
    }
    out.push_str("\n[codes]\n");
    for (code, facts) in base.codes() {
        let limit = |of: &BTreeMap<Code, u32>, setting| {
            of.get(&code).copied().or_else(|| facts.most_units(setting))
        };
        let imported_any =
            imported.practitioner.contains_key(&code) || imported.facility.contains_key(&code);
        let (Some(practitioner), Some(facility), true) = (
            limit(&imported.practitioner, Setting::Practitioner),
            limit(&imported.facility, Setting::Facility),
            imported_any,
        ) else {
            continue;
        };
        let timing = facts.timing.as_str();
        let needs = facts.needs.map(|code| format!(", needs = \"{code}\"")).unwrap_or_default();
        let instead =
            facts.instead.map(|code| format!(", instead = \"{code}\"")).unwrap_or_default();
        let therapy = if facts.therapy { "" } else { ", therapy = false" };
        let _ = writeln!(
            out,
            "{code} = {{ name = \"{}\", timing = \"{timing}\", limit = [{practitioner}, {facility}]{therapy}{needs}{instead} }}",
            facts.name
        );
    }
    let mut groups: BTreeMap<(Code, bool, Option<Setting>), Vec<String>> = BTreeMap::new();
    for pair in &imported.pairs {
        let group = groups.entry((pair.column1, pair.bypassable, pair.setting)).or_default();
        group.push(format!("\"{}\"", pair.column2));
    }
    for ((column1, bypassable, setting), column2) in groups {
        let _ = write!(
            out,
            "\n[[pairs]]\ncolumn1 = [\"{column1}\"]\ncolumn2 = [{}]\nindicator = {}\n",
            column2.join(", "),
            u8::from(bypassable)
        );
        if let Some(setting) = setting {
            let _ = writeln!(out, "setting = \"{}\"", setting.as_str());
        }
    }
    out
}

/// Splits a row at tabs, else at commas; quotes around a cell are taken off.
fn cells(line: &str) -> Vec<String> {
    let separator = if line.contains('\t') { '\t' } else { ',' };
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for sign in line.trim_end_matches('\r').chars() {
        if sign == '"' {
            quoted = !quoted;
        } else if sign == separator && !quoted {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(sign);
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{BUILT_IN, Payers};
    use super::*;

    const PAIRS: &str = "CPT only copyright\nColumn 1\tColumn 2\t*=In existence\tEffective Date\tDeletion Date\tModifier\tRationale\n\
        97530\t97537\t\t20200101\t*\t1\tmore extensive\n\
        97140\t97530\t\t19960101\t20191231\t1\tmutually exclusive\n\
        97530\t97116\t\t20201001\t20201001\t9\twithdrawn\n\
        97140\t97124\t\t19960101\t*\t0\tmutually exclusive\n\
        11111\t22222\t\t20200101\t*\t1\tnot ours\n";
    const LIMITS: &str = "\"HCPCS/CPT Code\",\"Practitioner Services MUE Values\",\"MUE Adjudication Indicator\"\n\
        97110,\"6\",\"3 Date of Service Edit: Clinical\"\n97530,7,3\n00100,1,2\n";

    #[test]
    fn files_of_cms_become_a_payer_file_that_replaces_the_tables() {
        let payers = Payers::built_in().unwrap();
        let base = payers.get("medicare").unwrap();
        let pairs = pairs(PAIRS, Setting::Practitioner, base).unwrap();
        assert_eq!(pairs.len(), 2);
        let practitioner = limits(LIMITS, base).unwrap();
        assert_eq!(practitioner.len(), 2);
        let imported = Imported { pairs, practitioner, facility: BTreeMap::new() };
        let text = payer_file("medicare-2026q4", "2026-10-01", base, &imported);
        let payers = Payers::read(&[BUILT_IN[0], ("mine.toml", text.as_str())]).unwrap();
        let mine = payers.get("medicare-2026q4").unwrap();
        let code = |text: &str| Code::parse(text).unwrap();
        assert_eq!(mine.version(), "medicare-2026q4 2026-10-01");
        assert_eq!(mine.pairs().count(), 2);
        assert!(mine.pair(code("97530"), code("97537"), Setting::Practitioner).is_some());
        assert!(mine.pair(code("97530"), code("97542"), Setting::Practitioner).is_none());
        assert_eq!(mine.code(code("97530")).unwrap().limit, Some([7, 6]));
    }

    #[test]
    fn a_file_without_rows_or_with_a_bad_row_is_refused() {
        let payers = Payers::built_in().unwrap();
        let base = payers.get("medicare").unwrap();
        assert!(matches!(
            pairs("nothing here", Setting::Facility, base),
            Err(ImportError::NoRows { .. })
        ));
        let fault = pairs("97530\t97537\t\t2020\t*\t7\n", Setting::Facility, base).unwrap_err();
        assert_eq!(fault.to_string(), "line 1: the indicator is none of 0, 1 and 9");
        assert!(limits("97530,many\n", base).is_err());
    }
}
