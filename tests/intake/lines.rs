//! JSON lines from files, standard input and streams.

use std::fmt::Write;
use std::io::Cursor;

use super::{Folder, keys, texts};
use rubric::intake::{Catalog, Options, stream};

const LINES: &str = "\u{feff}{\"key\":\"a\",\"text\":\"S: sore\\r\\n\",\"discipline\":\"OT\"}\r\n\
    \n\
    {\"note\":\"second\",\"id\":7,\"billed\":[{\"code\":\"97530\",\"units\":2,\"modifiers\":[\"GP\"]}]}\n\
    {\"key\":\"c\",\"text\":\"cut\n\
    not json\n\
    {\"text\":\"no key\"}\n\
    {\"key\":\"a\",\"text\":\"again\"}";

#[test]
fn each_line_is_a_note_and_bad_lines_stop_nothing() {
    let folder = Folder::new(&[("n.jsonl", LINES.as_bytes())]);
    let catalog = folder.open(&["n.jsonl"]).unwrap();
    assert_eq!(keys(&catalog), ["a", "7", "a (2)"]);
    assert_eq!(texts(&catalog), ["S: sore\r\n", "second", "again"]);
    let sources: Vec<_> = (0..3).map(|index| folder.local(&catalog.source(index))).collect();
    assert_eq!(sources, ["DIR/n.jsonl:1", "DIR/n.jsonl:3", "DIR/n.jsonl:7"]);
    let note = catalog.load(1).unwrap();
    assert_eq!(note.key, "7");
    assert_eq!(note.meta.billed[0].modifiers, ["GP"]);
    let problems = folder.problems(&catalog);
    for (problem, words) in problems.iter().zip([
        "DIR/n.jsonl:4: the JSON stops before its end",
        "DIR/n.jsonl:5: the JSON breaks at column",
        "DIR/n.jsonl:6: the note has no `key` (or `id`)",
        "DIR/n.jsonl:7: the key `a` is used more than once; this note is called `a (2)`",
    ]) {
        assert!(problem.starts_with(words), "{problem}");
    }
    assert_eq!(problems.len(), 4);
}

#[test]
fn a_line_that_breaks_behind_its_key_is_told_when_it_is_read() {
    let lines =
        b"{\"key\":\"a\",\"text\":\"x\" oops}\n{\"key\":\"b\"}\n{\"key\":\"c\",\"text\":\"C\"}";
    let folder = Folder::new(&[("n.jsonl", lines)]);
    let catalog = folder.open(&["n.jsonl"]).unwrap();
    assert_eq!(keys(&catalog), ["a", "b", "c"]);
    let told = |index| folder.local(&catalog.load(index).unwrap_err().to_string());
    assert!(told(0).starts_with("DIR/n.jsonl:1: the JSON breaks at column 23"), "{}", told(0));
    assert!(told(1).starts_with("DIR/n.jsonl:2: the note has no `text`"), "{}", told(1));
    assert_eq!(catalog.load(2).unwrap().text, "C");
}

#[test]
fn standard_input_and_streams_give_the_same_notes() {
    let options = Options::default();
    let held = Catalog::from_reader(Box::new(Cursor::new(LINES)), &options).unwrap();
    assert_eq!(keys(&held), ["a", "7", "a (2)"]);
    assert_eq!(held.source(1), "standard input:3");
    let streamed: Vec<_> = stream(LINES.as_bytes(), "standard input", &options).unwrap().collect();
    let notes: Vec<_> = streamed.iter().filter_map(|note| note.as_ref().ok()).collect();
    assert_eq!(streamed.len() - notes.len(), 3);
    for (index, streamed) in notes.into_iter().enumerate() {
        assert_eq!(streamed.note, held.load(index).unwrap());
    }
    assert_eq!(
        streamed.last().unwrap().as_ref().unwrap().problems[0].message,
        "the key `a` is used more than once; this note is called `a (2)`"
    );
}

#[test]
fn empty_standard_input_is_an_error() {
    let error = Catalog::from_reader(Box::new(std::io::empty()), &Options::default());
    assert!(error.unwrap_err().to_string().starts_with("there is no note to read"));
}

#[test]
fn a_line_over_the_limit_is_listed_and_the_next_one_is_read() {
    let long = format!("{{\"key\":\"a\",\"text\":\"{}\"}}\n", "x".repeat(5_000_000));
    let text = format!("{long}{{\"key\":\"b\",\"text\":\"B\"}}\n");
    let folder = Folder::new(&[("n.jsonl", text.as_bytes())]);
    let catalog = folder.open(&["n.jsonl"]).unwrap();
    assert_eq!(keys(&catalog), ["b"]);
    let problems = folder.problems(&catalog);
    assert!(problems[0].starts_with("DIR/n.jsonl:1: holds 5.1 MB in one note"), "{problems:?}");
    let streamed: Vec<_> = stream(text.as_bytes(), "s", &Options::default()).unwrap().collect();
    assert!(streamed[0].is_err());
    assert_eq!(streamed[1].as_ref().unwrap().note.text, "B");
}

#[test]
fn utf16_and_windows_1252_lines_are_read_and_shown() {
    let wide: Vec<u8> =
        "\u{feff}{\"key\":\"a\",\"text\":\"90°\"}\n{\"key\":\"b\",\"text\":\"č\"}\n"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
    let folder = Folder::new(&[
        ("w.jsonl", &wide),
        ("x.jsonl", b"{\"key\":\"c\",\"text\":\"Pt\x92s 90\xb0\"}\n"),
    ]);
    let catalog = folder.open(&["w.jsonl", "x.jsonl"]).unwrap();
    assert_eq!(texts(&catalog), ["90°", "č", "Pt’s 90°"]);
    assert_eq!(catalog.load(2).unwrap().meta.encoding.as_deref(), Some("windows-1252"));
}

#[test]
fn long_lines_and_gaps_are_read_back_exactly() {
    let bodies: Vec<String> = (0..60_usize).map(|n| "é".repeat(n * n * 40)).collect();
    let mut text = String::new();
    for (n, body) in bodies.iter().enumerate() {
        writeln!(text, "{{\"key\":\"k{n}\",\"text\":\"{body}\"}}").unwrap();
        text.push_str(&"\n".repeat(n % 3));
        text.push_str("broken\n");
    }
    let folder = Folder::new(&[("n.jsonl", text.as_bytes())]);
    let catalog = folder.open(&["n.jsonl"]).unwrap();
    assert_eq!(texts(&catalog), bodies);
    for index in 0..catalog.len() {
        let source = catalog.source(index);
        let line: usize = source.rsplit(':').next().unwrap().parse().unwrap();
        let found = text.lines().nth(line - 1).unwrap();
        assert!(found.starts_with(&format!("{{\"key\":\"k{index}\"")));
    }
}

#[test]
fn a_wrong_file_lists_a_thousand_problems_and_counts_the_rest() {
    let text = "{\"key\":\"a\",\"text\":\"A\"}\n".to_owned() + &"words\n".repeat(5_000);
    let folder = Folder::new(&[("n.jsonl", text.as_bytes()), ("z.jsonl", b"PK\x03\x04zip")]);
    let catalog = folder.open(&["n.jsonl", "z.jsonl"]).unwrap();
    assert_eq!(catalog.problems().len(), 1_001);
    assert!(catalog.problems()[1_000].message.starts_with("4001 more problems"));
    let zip = folder.open(&["z.jsonl"]).unwrap_err().to_string();
    assert!(zip.contains("is a Word or ZIP file"), "{zip}");
}

#[test]
fn duplicates_far_apart_are_found_and_told_at_their_own_line() {
    let line = |n: usize| format!("{{\"key\":\"k{}\",\"text\":\"t{n}\"}}\n", n % 9_990);
    let text = (0..10_000).map(line).collect::<Vec<_>>().concat();
    let row = |n: usize| format!("k{n},\"t\n{n}\"\r\n");
    let table = (9_995..20_000).chain(0..1).map(row).collect::<Vec<_>>().concat();
    let folder = Folder::new(&[
        ("n.jsonl", text.as_bytes()),
        ("n.csv", format!("key,text\r\n{table}").as_bytes()),
        ("k1.txt", b"file"),
    ]);
    let catalog = folder.open(&["n.jsonl", "n.csv", "k1.txt"]).unwrap();
    assert_eq!(catalog.key(9_989), "k9989");
    assert_eq!(catalog.key(9_990), "k0 (2)");
    assert_eq!(catalog.load(9_999).unwrap().key, "k9 (2)");
    let last = catalog.len() - 1;
    assert_eq!((catalog.key(last - 1), catalog.key(last)), ("k0 (3)".into(), "k1 (3)".into()));
    assert_eq!(catalog.load(last).unwrap().text, "file");
    let places: Vec<_> = folder
        .problems(&catalog)
        .iter()
        .map(|problem| problem.split(": ").next().unwrap().to_owned())
        .collect();
    let lines = (9_991..=10_000).map(|line| format!("DIR/n.jsonl:{line}"));
    let rest = [format!("DIR/n.csv:{}", 2 + 10_005 * 2), "DIR/k1.txt".to_owned()];
    assert_eq!(places, lines.chain(rest).collect::<Vec<_>>());
}
