//! CSV and TSV files with columns by name.

use super::{Folder, keys, texts};

#[test]
fn columns_are_found_by_name_and_text_may_have_lines() {
    let text = "\u{feff}Billed,Note,ID,Discipline,Payer,Visit\r\n\
        97530x2:GP 97110x1:GP:59,\"S: \"\"sore\"\"\r\nO: 3\"\" step, gait\",a,pt,medicare,7\r\n\
        \r\n\
        ,second,b,,,\r\n\
        ,,,,,\r\n\
        ,third,b,,,\r\n";
    let folder = Folder::new(&[("n.csv", text.as_bytes())]);
    let catalog = folder.open(&["n.csv"]).unwrap();
    assert_eq!(keys(&catalog), ["a", "b", "b (2)"]);
    assert_eq!(texts(&catalog), ["S: \"sore\"\r\nO: 3\" step, gait", "second", "third"]);
    let note = catalog.load(0).unwrap();
    assert_eq!(note.meta.billed.len(), 2);
    assert_eq!(note.meta.billed[1].modifiers, ["GP", "59"]);
    assert_eq!(note.meta.discipline.unwrap().as_str(), "PT");
    assert_eq!(note.meta.extra["visit"], "7");
    let sources: Vec<_> = (0..3).map(|index| folder.local(&catalog.source(index))).collect();
    assert_eq!(sources, ["DIR/n.csv:2", "DIR/n.csv:5", "DIR/n.csv:7"]);
    assert_eq!(folder.problems(&catalog).len(), 1);
}

#[test]
fn bad_rows_and_bad_cells_are_told_with_their_line() {
    let text = "key,text,billed\na,A,97530\nb,B,,extra\n,C,\nd\ne,E,97530x1\n";
    let folder = Folder::new(&[("n.csv", text.as_bytes())]);
    let catalog = folder.open(&["n.csv"]).unwrap();
    assert_eq!(keys(&catalog), ["a", "e"]);
    let problems = folder.problems(&catalog);
    for (problem, words) in problems.iter().zip([
        "DIR/n.csv:3: the row has 4 cells, the header 3\n  help: put text with commas",
        "DIR/n.csv:4: the cell under `key` is empty",
        "DIR/n.csv:5: the row has only 1 cells and no text",
    ]) {
        assert!(problem.starts_with(words), "{problem}");
    }
    assert_eq!(problems.len(), 3);
    let loaded = catalog.read(0).unwrap();
    let told = folder.local(&loaded.problems[0].to_string());
    assert!(told.starts_with("DIR/n.csv:2: `97530` gives no units"), "{told}");
    assert_eq!(loaded.note.text, "A");
}

#[test]
fn a_table_without_the_columns_is_told_and_the_rest_is_read() {
    let folder = Folder::new(&[
        ("a.txt", b"A"),
        ("no-key.csv", b"name,text\nx,y\n"),
        ("no-text.csv", b"key,body\nx,y\n"),
        ("empty.csv", b""),
    ]);
    let catalog = folder.open(&["no-key.csv", "no-text.csv", "empty.csv", "a.txt"]).unwrap();
    let problems = folder.problems(&catalog);
    for (problem, words) in problems.iter().zip([
        "DIR/no-key.csv: none of the 2 columns in the first row is `key` or `id`",
        "DIR/no-text.csv: none of the 2 columns in the first row is `text` or `note`",
        "DIR/empty.csv: the file is empty",
    ]) {
        assert!(problem.starts_with(words), "{problem}");
    }
    let alone = folder.open(&["no-key.csv"]).unwrap_err().to_string();
    assert!(alone.contains("write the names of the columns into the first row"), "{alone}");
}

#[test]
fn rows_over_the_limit_are_listed_and_later_rows_are_read() {
    let text = format!("key,text\na,\"{}\"\nb,B\n", "long, words\n".repeat(500_000));
    let folder = Folder::new(&[("n.csv", text.as_bytes())]);
    let catalog = folder.open(&["n.csv"]).unwrap();
    assert_eq!(keys(&catalog), ["b"]);
    assert_eq!(texts(&catalog), ["B"]);
    assert_eq!(folder.local(&catalog.source(0)), "DIR/n.csv:500003");
    let problems = folder.problems(&catalog);
    assert!(problems[0].starts_with("DIR/n.csv:2: holds 6.1 MB in one note"), "{problems:?}");
    assert!(problems[0].contains("double quote that is never closed"));
}

#[test]
fn tabs_utf16_and_windows_1252_are_read() {
    let wide: Vec<u8> =
        "\u{feff}key\ttext\r\na\t90°\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = Folder::new(&[("a.tsv", &wide), ("b.csv", b"key,text\nb,Pt\x92s knee 90\xb0\n")]);
    let catalog = folder.open(&["a.tsv", "b.csv"]).unwrap();
    assert_eq!(texts(&catalog), ["90°", "Pt’s knee 90°"]);
    assert_eq!(catalog.load(1).unwrap().meta.encoding.as_deref(), Some("windows-1252"));
}
