//! The claims file: billed lines and facts by key of the note, several rows a key.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;
use serde_json::Value;

use super::place::{self, Bytes};
use super::problem::{Fault, IntakeError, Problem, quoted, tame};
use super::{decode, facts, rows, table};
use crate::model::NoteMeta;

/// Largest claims file; it is held in memory.
const MAX_BYTES: u64 = 1_000_000_000;

/// Facts by key.
#[derive(Debug, Default)]
pub(super) struct Claims {
    source: String,
    by_key: BTreeMap<String, Claim>,
}

#[derive(Debug)]
struct Claim {
    /// Line of the first row.
    line: u64,
    meta: NoteMeta,
}

impl Claims {
    /// Reads the file; all bad rows are told at once.
    pub(super) fn read(path: &Path) -> Result<Self, IntakeError> {
        let whole =
            |fault: Fault| IntakeError::Claims { problems: vec![place::problem(path, fault)] };
        if !path.exists() {
            return Err(whole(Fault::new("is not there", "check the name of the claims file")));
        }
        let bytes = place::read(path, MAX_BYTES).map_err(whole)?;
        let text = decode::decode(bytes).map_err(whole)?.text;
        let mut claims = Self { source: place::shown(path), by_key: BTreeMap::new() };
        let bytes = Bytes::Memory(Arc::from(text.into_bytes()));
        let mut reader = table::reader(b',', bytes.from(0));
        let mut row = ByteRecord::new();
        let mut columns: Option<Columns> = None;
        let mut problems = Vec::new();
        while reader.read_byte_record(&mut row).map_err(|error| whole(table::unreadable(&error)))? {
            let line = rows::line_of(&row, &bytes);
            let source = format!("{}:{line}", claims.source);
            match &columns {
                None => match Columns::of(&row) {
                    Ok(found) => columns = Some(found),
                    Err(fault) => {
                        return Err(IntakeError::Claims { problems: vec![fault.at(source)] });
                    }
                },
                Some(columns) => {
                    problems.extend(claims.add(columns, &row, line).err().map(|f| f.at(source)));
                }
            }
        }
        if columns.is_none() {
            let fault =
                Fault::new("is empty", "write `key,code,units,modifiers` into its first row");
            return Err(whole(fault));
        }
        if problems.is_empty() { Ok(claims) } else { Err(IntakeError::Claims { problems }) }
    }

    fn add(&mut self, columns: &Columns, row: &ByteRecord, line: u64) -> Result<(), Fault> {
        if row.iter().all(<[u8]>::is_empty) {
            return Ok(());
        }
        if row.len() > columns.names.len() {
            return Err(Fault::new(
                format!("the row has {} cells, the header {}", row.len(), columns.names.len()),
                "part modifiers by blanks or colons, not by commas",
            ));
        }
        let cell = |index: usize| table::cell(row, index);
        let key = cell(columns.key)?.trim().to_owned();
        if key.is_empty() {
            return Err(Fault::new("the key is empty", "write the key of the note"));
        }
        let mut meta = NoteMeta::default();
        for (index, name) in columns.names.iter().enumerate() {
            if !columns.is_own(index) && !name.is_empty() {
                facts::set(&mut meta, name, &Value::String(cell(index)?.into_owned()))?;
            }
        }
        let (code, units) = (cell(columns.code)?, cell(columns.units)?);
        let modifiers = columns.modifiers.map_or(Ok("".into()), cell)?;
        if !(code.trim().is_empty() && units.trim().is_empty()) {
            meta.billed.push(facts::billed_line(&code, &units, &modifiers)?);
        }
        if let Some(claim) = self.by_key.get_mut(&key) {
            return join(&mut claim.meta, meta, claim.line);
        }
        self.by_key.insert(key, Claim { line, meta });
        Ok(())
    }

    /// Puts the facts of a key over those of the note: the claim is what was really billed.
    pub(super) fn apply(&self, key: &str, meta: &mut NoteMeta) {
        let Some(Claim { meta: claim, .. }) = self.by_key.get(key) else { return };
        if !claim.billed.is_empty() {
            meta.billed.clone_from(&claim.billed);
        }
        over(&mut meta.discipline, claim.discipline.as_ref());
        over(&mut meta.setting, claim.setting.as_ref());
        over(&mut meta.payer, claim.payer.as_ref());
        over(&mut meta.date, claim.date.as_ref());
        over(&mut meta.therapist, claim.therapist.as_ref());
        over(&mut meta.patient, claim.patient.as_ref());
        meta.extra.extend(claim.extra.clone());
    }

    /// Returns a problem for each key that no note has, by line.
    pub(super) fn unmatched(&self, known: impl Fn(&str) -> bool) -> Vec<Problem> {
        let mut lost: Vec<_> = self.by_key.iter().filter(|(key, _)| !known(key)).collect();
        lost.sort_by_key(|(_, claim)| claim.line);
        if lost.len() > TOLD_ONE_BY_ONE {
            let keys: Vec<String> = lost
                .iter()
                .take(TOLD_ONE_BY_ONE)
                .map(|(key, _)| format!("`{}`", tame(key)))
                .collect();
            let message =
                format!("{} keys have no note here: {}, ...", lost.len(), keys.join(", "));
            let remedy =
                "nothing to do if only some of the notes were named; else compare the keys";
            return vec![Fault::new(message, remedy).at(self.source.as_str())];
        }
        lost.into_iter()
            .map(|(key, claim)| {
                Fault::new(
                    format!("no note has the key `{}`", tame(key)),
                    "compare the key with the file name or the `key` field of the note",
                )
                .at(format!("{}:{}", self.source, claim.line))
            })
            .collect()
    }
}

/// So many claims without a note are told one by one; more of them in one sentence.
const TOLD_ONE_BY_ONE: usize = 3;

fn over<T: Clone>(field: &mut Option<T>, claim: Option<&T>) {
    if let Some(claim) = claim {
        *field = Some(claim.clone());
    }
}

/// Joins a further row of a key; facts may be given once or repeated, not changed.
fn join(claim: &mut NoteMeta, row: NoteMeta, first: u64) -> Result<(), Fault> {
    same("discipline", &mut claim.discipline, row.discipline, first)?;
    same("setting", &mut claim.setting, row.setting, first)?;
    same("payer", &mut claim.payer, row.payer, first)?;
    same("date", &mut claim.date, row.date, first)?;
    same("therapist", &mut claim.therapist, row.therapist, first)?;
    same("patient", &mut claim.patient, row.patient, first)?;
    claim.billed.extend(row.billed);
    claim.extra.extend(row.extra);
    Ok(())
}

fn same<T: PartialEq>(
    name: &str,
    field: &mut Option<T>,
    value: Option<T>,
    first: u64,
) -> Result<(), Fault> {
    match (&field, value) {
        (Some(old), Some(new)) if *old != new => Err(Fault::new(
            format!("{} differs from line {first} of the same key", quoted(name)),
            "give all rows of a note the same facts",
        )),
        (None, Some(new)) => {
            *field = Some(new);
            Ok(())
        }
        _ => Ok(()),
    }
}

struct Columns {
    names: Vec<String>,
    key: usize,
    code: usize,
    units: usize,
    modifiers: Option<usize>,
}

impl Columns {
    fn of(row: &ByteRecord) -> Result<Self, Fault> {
        let names = table::names(row)?;
        let key = table::column(&names, &["key", "id"])?;
        let code = table::column(&names, &["code"])?;
        let units = table::column(&names, &["units"])?;
        let modifiers = names.iter().position(|name| name == "modifiers");
        Ok(Self { names, key, code, units, modifiers })
    }

    fn is_own(&self, index: usize) -> bool {
        [self.key, self.code, self.units].contains(&index) || self.modifiers == Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Code;

    fn read(text: &str) -> Result<Claims, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("claims.csv");
        std::fs::write(&path, text).unwrap();
        Claims::read(&path)
            .map_err(|error| error.to_string().replace(&*folder.path().to_string_lossy(), "DIR"))
    }

    fn meta(claims: &Claims, key: &str) -> NoteMeta {
        let mut meta = NoteMeta::default();
        claims.apply(key, &mut meta);
        meta
    }

    #[test]
    fn several_rows_of_a_key_become_its_lines_in_order() {
        let claims = read(
            "\u{feff}Key,Code,Units,Modifiers,Payer,Batch\r\na,97530,2,GP 59,medicare,7\r\n\
             b,97535,1,GO:CO,,\r\n\r\na,97110,1,gp,,\r\n",
        )
        .unwrap();
        let a = meta(&claims, "a");
        assert_eq!(a.billed.len(), 2);
        assert_eq!((a.billed[0].code, a.billed[0].units), (Code::TASK, 2));
        assert_eq!(a.billed[0].modifiers, ["GP", "59"]);
        assert_eq!(a.billed[1].modifiers, ["GP"]);
        assert_eq!(a.payer.as_deref(), Some("medicare"));
        assert_eq!(a.extra["batch"], "7");
        assert_eq!(meta(&claims, "b").billed[0].modifiers, ["GO", "CO"]);
        assert_eq!(meta(&claims, "c"), NoteMeta::default());
    }

    #[test]
    fn a_claim_wins_over_the_note_and_leaves_the_rest() {
        let claims = read("key,code,units,payer\na,97530,2,aetna\n").unwrap();
        let mut meta = NoteMeta {
            payer: Some("medicare".to_owned()),
            date: Some("2026-11-04".to_owned()),
            ..NoteMeta::default()
        };
        claims.apply("a", &mut meta);
        assert_eq!(meta.payer.as_deref(), Some("aetna"));
        assert_eq!(meta.date.as_deref(), Some("2026-11-04"));
    }

    #[test]
    fn all_bad_rows_are_told_with_line_and_remedy() {
        let error = read(
            "key,code,units,modifiers,payer\r\na,97530,2,GP,medicare\r\n\r\na,9753,1,GP,\r\n\
             b,97110,two,GP,\r\nc,97110,1,GPX,\r\n,97110,1,GP,\r\nd,97110,1,GP,59,x\r\n\
             a,97110,1,GP,aetna\r\n",
        )
        .unwrap_err();
        for words in [
            "claims.csv:4: `9753` is no code",
            "claims.csv:5: the units of 97110 are no whole number",
            "claims.csv:6: `GPX` is no modifier",
            "claims.csv:7: the key is empty",
            "claims.csv:8: the row has 6 cells, the header 5",
            "claims.csv:9: `payer` differs from line 2",
            "  help: part modifiers by blanks or colons",
        ] {
            assert!(error.contains(words), "{words}\n{error}");
        }
    }

    #[test]
    fn a_file_without_the_columns_or_without_rows_is_refused() {
        assert!(read("key,cpt,units\n").unwrap_err().contains("claims.csv:1: none of the 3"));
        assert!(read("").unwrap_err().contains("is empty"));
        let missing = Claims::read(Path::new("no/such/claims.csv")).unwrap_err().to_string();
        assert!(missing.contains("no/such/claims.csv: is not there"), "{missing}");
    }

    #[test]
    fn keys_that_no_note_has_are_listed_by_line() {
        let claims = read("key,code,units\nz,97530,2\na,97530,2\nb,97530,1\n").unwrap();
        let lost = claims.unmatched(|key| key == "a");
        let places: Vec<_> = lost.iter().map(|p| p.source.rsplit(':').next().unwrap()).collect();
        assert_eq!(places, ["2", "4"]);
        assert_eq!(lost[0].message, "no note has the key `z`");
    }
}
