//! Modifiers that a coder types, checked against the payer before they stand on a line.

use std::collections::BTreeSet;

use crate::knowledge::payers::PayerProfile;
use crate::model::Discipline;

/// Most modifiers of one line of a claim.
const MOST: usize = 4;

/// Modifiers that say something of the service whoever pays: reduced, repeated, telehealth, waivers.
const COMMON: [&str; 18] = [
    "22", "32", "33", "52", "53", "76", "77", "93", "95", "96", "97", "CR", "GA", "GQ", "GT", "GX",
    "GY", "GZ",
];

/// The modifiers that one payer takes on therapy lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modifiers {
    payer: String,
    known: BTreeSet<String>,
}

impl Modifiers {
    /// Returns those of a payer profile.
    pub fn of(profile: &PayerProfile) -> Self {
        let mut known: BTreeSet<String> = COMMON.into_iter().map(str::to_owned).collect();
        let all =
            [Discipline::Pt, Discipline::Pta, Discipline::Ot, Discipline::Cota, Discipline::Slp];
        for who in all {
            known.insert(who.modifier().to_owned());
            known.extend(who.assistant_modifier().map(str::to_owned));
        }
        known.insert("KX".to_owned());
        known.insert(profile.distinct_modifier.clone());
        known.extend(profile.bypass.iter().cloned());
        Self { payer: profile.version(), known }
    }

    /// Reads what was typed: modifiers in upper case, or why the line cannot take them.
    pub fn read(&self, typed: &str) -> Result<Vec<String>, String> {
        let wanted: Vec<String> = typed
            .to_uppercase()
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ';'))
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        for (at, one) in wanted.iter().enumerate() {
            if one.len() != 2 || !one.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(format!("a modifier has two letters or digits: {one}"));
            }
            if wanted[..at].contains(one) {
                return Err(format!("{one} stands twice"));
            }
            if !self.known.is_empty() && !self.known.contains(one) {
                return Err(format!("{} does not know {one}", self.payer));
            }
        }
        let has = |one: &str| wanted.iter().any(|other| other == one);
        if ["GP", "GO", "GN"].into_iter().filter(|plan| has(plan)).count() > 1 {
            return Err("one plan of care a line: GP, GO or GN".to_owned());
        }
        for (assistant, plan) in [("CQ", "GP"), ("CO", "GO")] {
            if has(assistant) && !has(plan) {
                return Err(format!("{assistant} needs {plan} beside it"));
            }
        }
        if wanted.len() > MOST {
            return Err(format!("a line takes {MOST} modifiers at most"));
        }
        Ok(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn medicare() -> Modifiers {
        let known = ["GP", "GO", "CQ", "CO", "KX", "59", "XS"].map(str::to_owned);
        Modifiers { payer: "medicare 2026".to_owned(), known: known.into() }
    }

    #[test]
    fn what_the_payer_takes_is_read_in_upper_case() {
        assert_eq!(medicare().read("gp, cq:59").unwrap(), ["GP", "CQ", "59"]);
        assert_eq!(medicare().read("  ").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_it_does_not_take_is_refused_with_the_reason() {
        for (typed, why) in [
            ("GPX", "two letters or digits"),
            ("é", "two letters or digits"),
            ("GP GP", "twice"),
            ("GP ZZ", "medicare 2026 does not know ZZ"),
            ("GP GO", "one plan of care"),
            ("GO CQ", "CQ needs GP"),
            ("GP CQ KX 59 XS", "4 modifiers at most"),
        ] {
            let said = medicare().read(typed).unwrap_err();
            assert!(said.contains(why), "{typed}: {said}");
        }
    }
}
