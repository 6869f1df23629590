//! Payer profiles: unit rule, code pairs, limits and modifiers of one payer at one date.

mod file;
pub mod import;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::model::{Code, Discipline, Setting, UnitRule};

/// Profiles compiled into the program: file name and text.
pub const BUILT_IN: [(&str, &str); 2] = [
    ("payers/medicare.toml", include_str!("../../keywords/payers/medicare.toml")),
    ("payers/commercial.toml", include_str!("../../keywords/payers/commercial.toml")),
];

/// Name of the profile that is used when nothing names one.
pub const DEFAULT: &str = "medicare";

/// What is wrong with a payer file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayerError {
    /// The file is no TOML, or holds a field or value nobody knows.
    #[error("{file}:{line}:{column}: {message}")]
    Parse {
        /// Name of the file.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The file extends a profile that is not there, or that extends this one.
    #[error(
        "{file}: extends `{base}`, which no payer file names; add that file or take `extends` out"
    )]
    UnknownBase {
        /// Name of the file.
        file: String,
        /// The profile it wants.
        base: String,
    },
    /// No file names the default profile.
    #[error(
        "no payer file names `{DEFAULT}`, the payer of notes that name none; add medicare.toml"
    )]
    NoDefault,
    /// Two files name the same profile.
    #[error("{file}: payer `{name}` is already defined by another file; give it another name")]
    Twice {
        /// Name of the second file.
        file: String,
        /// The profile.
        name: String,
    },
    /// A profile that extends nothing leaves a needed field out.
    #[error("{file}: `{field}` is missing; set it, or extend a profile that has it")]
    Missing {
        /// Name of the file.
        file: String,
        /// The field.
        field: &'static str,
    },
}

/// How strongly a payer asks for something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Demand {
    /// A claim without it is returned or denied.
    Required,
    /// Good to have.
    Recommended,
    /// Not asked for.
    Off,
}

/// How time counts for a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Timing {
    /// By 15 minutes, in the pool.
    Pooled,
    /// By time, outside of the pool.
    Block,
    /// Once, however long.
    Untimed,
}

impl Timing {
    /// Returns the name as it stands in payer files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pooled => "pooled",
            Self::Block => "block",
            Self::Untimed => "untimed",
        }
    }
}

/// What a payer says of one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFacts {
    /// Label in the project's own words.
    pub name: String,
    /// How time counts.
    pub timing: Timing,
    /// Units a day: practitioner, facility.
    pub limit: Option<[u32; 2]>,
    /// Whether each line needs the modifier of the plan of care.
    pub therapy: bool,
    /// The code it may only be added to.
    pub needs: Option<Code>,
    /// The code this payer wants in its place.
    pub instead: Option<Code>,
}

impl CodeFacts {
    /// Returns the most units a day in a setting.
    pub fn most_units(&self, setting: Setting) -> Option<u32> {
        let [practitioner, facility] = self.limit?;
        Some(match setting {
            Setting::Practitioner => practitioner,
            Setting::Facility => facility,
        })
    }
}

/// An active pair of codes: column 1 is paid, column 2 only as the indicator allows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The code that is paid.
    pub column1: Code,
    /// The code that is denied without a valid modifier.
    pub column2: Code,
    /// Whether a modifier may bypass it (indicator 1) or never (indicator 0).
    pub bypassable: bool,
    /// Setting it holds in; `None` for both.
    pub setting: Option<Setting>,
    /// The code that carries the modifier by this payer's habit; either code when absent.
    pub modifier_on: Option<Code>,
    /// A word more.
    pub words: Option<String>,
}

/// What became of a pair that people think exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairHistory {
    /// Both codes, in ascending order.
    pub codes: (Code, Code),
    /// What became of it.
    pub words: String,
    /// Whether a note with both codes says so.
    pub on_note: bool,
}

/// Yearly amounts above which KX is wanted, in US dollars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// Physical therapy and speech-language pathology together.
    pub pt_slp: u32,
    /// Occupational therapy.
    pub ot: u32,
    /// Where the amounts come from.
    pub cite: String,
}

impl Threshold {
    /// Returns the amount for a discipline.
    pub fn of(&self, discipline: Discipline) -> u32 {
        match discipline {
            Discipline::Ot | Discipline::Cota => self.ot,
            Discipline::Pt | Discipline::Pta | Discipline::Slp => self.pt_slp,
        }
    }
}

/// The rules of one payer at one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayerProfile {
    /// Name, as in `medicare`.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// Date of its pair and limit tables.
    pub date: String,
    /// Where it comes from.
    pub cite: Vec<String>,
    /// How minutes become units.
    pub unit_rule: UnitRule,
    /// Whether minutes must be stated by code.
    pub minutes_per_code: Demand,
    /// Whether GP, GO, GN must stand on each therapy line.
    pub discipline_modifier: Demand,
    /// Whether CQ, CO must stand on services of assistants.
    pub assistant_modifier: Demand,
    /// The modifier preferred where two codes need distinct minutes.
    pub distinct_modifier: String,
    /// Modifiers that bypass an active pair.
    pub bypass: BTreeSet<String>,
    /// Codes a speech-language pathologist does not report.
    pub not_slp: BTreeSet<Code>,
    codes: BTreeMap<Code, CodeFacts>,
    pairs: BTreeMap<(Code, Code), Vec<Pair>>,
    history: Vec<PairHistory>,
    thresholds: BTreeMap<u16, Threshold>,
}

impl PayerProfile {
    /// Returns name and date, as every report states them.
    pub fn version(&self) -> String {
        format!("{} {}", self.name, self.date)
    }

    /// Returns what the payer says of a code.
    pub fn code(&self, code: Code) -> Option<&CodeFacts> {
        self.codes.get(&code)
    }

    /// Returns all codes the profile knows.
    pub fn codes(&self) -> impl Iterator<Item = (Code, &CodeFacts)> {
        self.codes.iter().map(|(&code, facts)| (code, facts))
    }

    /// Returns the code this payer wants for a service: mostly the code itself.
    pub fn billed_as(&self, code: Code) -> Code {
        self.code(code).and_then(|facts| facts.instead).unwrap_or(code)
    }

    /// Tells whether minutes of a code count in the pool of 15-minute units.
    pub fn is_pooled(&self, code: Code) -> bool {
        self.code(code).is_some_and(|facts| facts.timing == Timing::Pooled)
    }

    /// Tells whether a code is billed once, however long it took.
    pub fn is_untimed(&self, code: Code) -> bool {
        self.code(code).is_some_and(|facts| facts.timing == Timing::Untimed)
    }

    /// Returns the active pair of two codes in a setting, in either order.
    pub fn pair(&self, one: Code, other: Code, setting: Setting) -> Option<&Pair> {
        self.pairs
            .get(&in_order(one, other))?
            .iter()
            .find(|pair| pair.setting.is_none_or(|only| only == setting))
    }

    /// Returns all active pairs, by codes.
    pub fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs.values().flatten()
    }

    /// Returns what became of a pair of codes, in either order.
    pub fn history(&self, one: Code, other: Code) -> Option<&PairHistory> {
        let codes = in_order(one, other);
        self.history.iter().find(|entry| entry.codes == codes)
    }

    /// Returns the threshold of a year.
    pub fn threshold(&self, year: u16) -> Option<&Threshold> {
        self.thresholds.get(&year)
    }
}

fn in_order(one: Code, other: Code) -> (Code, Code) {
    (one.min(other), one.max(other))
}

/// All payer profiles at hand, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payers {
    profiles: BTreeMap<String, PayerProfile>,
    default: PayerProfile,
}

impl Payers {
    /// Reads the profiles compiled into the program.
    pub fn built_in() -> Result<Self, PayerError> {
        Self::read(&BUILT_IN)
    }

    /// Reads payer files, given as name and text; a file may extend another one in any order.
    pub fn read<N: AsRef<str>, T: AsRef<str>>(files: &[(N, T)]) -> Result<Self, PayerError> {
        let profiles = file::compile(files)?;
        let default = profiles.get(DEFAULT).cloned().ok_or(PayerError::NoDefault)?;
        Ok(Self { profiles, default })
    }

    /// Returns the profile used when nothing names one.
    pub fn default_profile(&self) -> &PayerProfile {
        &self.default
    }

    /// Returns a profile by its name, in any case.
    pub fn get(&self, name: &str) -> Option<&PayerProfile> {
        self.profiles.get(&name.trim().to_ascii_lowercase())
    }

    /// Returns the profiles, by name.
    pub fn iter(&self) -> impl Iterator<Item = &PayerProfile> {
        self.profiles.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Code {
        Code::parse(text).unwrap()
    }

    #[test]
    fn built_in_profiles_hold_the_pairs_of_their_date() {
        let payers = Payers::built_in().unwrap();
        let medicare = payers.get("Medicare").unwrap();
        let commercial = payers.get("commercial").unwrap();
        let practice = Setting::Practitioner;
        assert_eq!(medicare.version(), "medicare 2024-07-01");
        assert!(medicare.pair(code("97530"), code("97140"), practice).is_none());
        assert!(medicare.history(code("97140"), code("97530")).unwrap().on_note);
        assert!(commercial.pair(code("97140"), code("97530"), practice).unwrap().bypassable);
        let pair = medicare.pair(code("97530"), code("97150"), practice).unwrap();
        assert_eq!((pair.column1, pair.bypassable), (code("97150"), true));
        assert!(!medicare.pair(code("97161"), code("97750"), practice).unwrap().bypassable);
        assert!(medicare.pair(code("97161"), code("97750"), Setting::Facility).unwrap().bypassable);
        assert_eq!(medicare.threshold(2024).unwrap().of(Discipline::Cota), 2330);
        assert_eq!(medicare.code(code("97112")).unwrap().most_units(Setting::Facility), Some(6));
        assert!(commercial.is_pooled(Code::TASK) && commercial.is_untimed(code("97150")));
    }

    #[test]
    fn a_fault_names_file_line_and_column() {
        let text = BUILT_IN[1].1.replace("unit_rule = \"cms\"", "unit_rule = \"ama\"");
        let files = [BUILT_IN[0], ("mine.toml", text.as_str())];
        let fault = Payers::read(&files).unwrap_err().to_string();
        assert!(fault.starts_with("mine.toml:"), "{fault}");
        assert!(fault.contains("unknown variant `ama`"), "{fault}");

        let text = BUILT_IN[1].1.replace("title   =", "titel   =");
        let fault = Payers::read(&[BUILT_IN[0], ("mine.toml", text.as_str())]).unwrap_err();
        assert!(fault.to_string().contains("unknown field `titel`"), "{fault}");

        let text = BUILT_IN[1].1.replace("extends = \"medicare\"", "extends = \"other\"");
        let fault = Payers::read(&[BUILT_IN[0], ("mine.toml", text.as_str())]).unwrap_err();
        assert!(matches!(fault, PayerError::UnknownBase { .. }), "{fault}");
    }

    #[test]
    fn a_pair_of_ones_own_replaces_that_of_the_base() {
        let text = "schema = \"rubric.payer/1\"\nname = \"mine\"\ntitle = \"Mine\"\ndate = \"2026-01-01\"\n\
                    extends = \"medicare\"\n[[pairs]]\ncolumn1 = [\"97530\"]\ncolumn2 = [\"97537\"]\n\
                    indicator = 0\n[codes]\n97110 = { name = \"exercise\", timing = \"pooled\", limit = [4, 4] }\n";
        let text = text.replace("[[pairs]]", "[[pairs]] # replaces");
        let payers = Payers::read(&[BUILT_IN[0], ("mine.toml", text.as_str())]).unwrap();
        let mine = payers.get("mine").unwrap();
        let pair = mine.pair(Code::TASK, code("97537"), Setting::Facility).unwrap();
        assert!(!pair.bypassable);
        assert!(mine.pair(Code::TASK, code("97542"), Setting::Facility).unwrap().bypassable);
        assert_eq!(mine.code(Code::EXERCISE).unwrap().limit, Some([4, 4]));
        assert_eq!(mine.code(Code::NEURO).unwrap().limit, Some([4, 6]));
    }
}
