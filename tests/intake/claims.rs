//! Claims beside notes, and the sample notes of the project.

use super::{Folder, samples};
use rubric::intake::{Catalog, Options, stream};

fn with_claims(folder: &Folder) -> Options {
    Options { claims: Some(folder.path("claims.csv")), ..Options::default() }
}

#[test]
fn claims_join_notes_of_every_kind_by_key() {
    let folder = Folder::new(&[
        ("claims.csv", b"key,code,units,modifiers,payer\na,97530,2,GP:59,medicare\nb,97110,1,GP,\na,97110,1,GP,\nc,97535,1,GO,\nz,97530,1,,\n"),
        ("a.txt", b"+++\npayer = \"aetna\"\nbilled = [\"97112x4\"]\ndate = \"2026-11-04\"\n+++\nA"),
        ("n.jsonl", b"{\"key\":\"b\",\"text\":\"B\"}\n"),
        ("n.csv", b"key,text\nc,C\nc,again\n"),
    ]);
    let catalog = folder.open_with(&["a.txt", "n.jsonl", "n.csv"], &with_claims(&folder)).unwrap();
    let a = catalog.load(0).unwrap().meta;
    let codes: Vec<_> = a.billed.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(codes, ["97530", "97110"]);
    assert_eq!(a.billed[0].modifiers, ["GP", "59"]);
    assert_eq!(a.payer.as_deref(), Some("medicare"));
    assert_eq!(a.date.as_deref(), Some("2026-11-04"));
    assert_eq!(catalog.load(1).unwrap().meta.billed.len(), 1);
    assert_eq!(catalog.load(2).unwrap().meta.billed[0].modifiers, ["GO"]);
    assert_eq!(catalog.load(3).unwrap().meta.billed, []);
    let problems = folder.problems(&catalog);
    assert!(problems[1].starts_with("DIR/claims.csv:6: no note has the key `z`"), "{problems:?}");
    assert_eq!(problems.len(), 2);
}

#[test]
fn a_stream_takes_claims_and_tells_lost_keys_at_its_end() {
    let folder = Folder::new(&[("claims.csv", b"key,code,units\na,97530,2\nz,97530,1\n")]);
    let lines = &b"{\"key\":\"a\",\"text\":\"A\"}\n"[..];
    let read: Vec<_> = stream(lines, "s", &with_claims(&folder)).unwrap().collect();
    assert_eq!(read[0].as_ref().unwrap().note.meta.billed[0].units, 2);
    assert_eq!(read[1].as_ref().unwrap_err().message, "no note has the key `z`");
    assert_eq!(read.len(), 2);
}

#[test]
fn a_bad_row_is_an_error_with_file_line_and_remedy() {
    let folder = Folder::new(&[("claims.csv", b"key,code,units\na,97-30,2\n"), ("a.txt", b"A")]);
    let error = folder.open_with(&["a.txt"], &with_claims(&folder)).unwrap_err().to_string();
    let error = folder.local(&error);
    assert!(error.contains("DIR/claims.csv:2: `97-30` is no code\n  help: write five"), "{error}");
}

#[test]
fn the_sample_notes_are_all_read_with_their_claims() {
    let claims = Options { claims: Some(samples().join("claims.csv")), ..Options::default() };
    let catalog = Catalog::open(&[samples()], &claims).unwrap();
    assert_eq!(catalog.problems(), []);
    let mut billed = 0;
    for (index, loaded) in catalog.notes().enumerate() {
        let loaded = loaded.unwrap();
        assert_eq!(loaded.problems, [], "{}", loaded.note.key);
        assert_eq!(loaded.note.key, catalog.key(index));
        assert!(!loaded.note.text.starts_with("+++"));
        assert!(samples().join(format!("{}.key.toml", loaded.note.key)).exists());
        billed += usize::from(!loaded.note.meta.billed.is_empty());
    }
    assert!(catalog.len() >= 63 && billed * 3 > catalog.len(), "{billed} of {}", catalog.len());
    let encoding = |key: &str| {
        let index = (0..catalog.len()).find(|index| catalog.key(*index) == key).unwrap();
        catalog.load(index).unwrap().meta.encoding
    };
    assert_eq!(encoding("pt-low-back-codeheads").as_deref(), Some("windows-1252"));
    assert_eq!(encoding("pt-ankle-sport-bullets").as_deref(), Some("UTF-8 with BOM"));
}
