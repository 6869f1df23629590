//! Folders and single files.

use super::{Folder, keys, texts};
use rubric::intake::{Batch, Catalog, Indexer, Options};

#[test]
fn a_folder_is_read_with_its_subfolders_in_the_order_of_paths() {
    let folder = Folder::new(&[
        ("b.txt", b"B"),
        ("a/z.md", b"Z"),
        ("a/deep/er/m.TXT", b"M"),
        ("c.md", b"C"),
        ("README.md", b"about"),
        ("c.key.toml", b"x = 1"),
        ("claims.csv", b"key,code,units\n"),
        (".hidden.txt", b"no"),
        (".git/description.txt", b"no"),
    ]);
    let catalog = folder.open(&[""]).unwrap();
    assert_eq!(keys(&catalog), ["m", "z", "b", "c"]);
    assert_eq!(texts(&catalog), ["M", "Z", "B", "C"]);
    assert_eq!(folder.local(&catalog.source(0)), "DIR/a/deep/er/m.TXT");
    assert_eq!(catalog.problems(), []);
}

#[test]
fn single_files_keep_the_order_in_which_they_were_named_and_may_have_any_name() {
    let folder = Folder::new(&[("z.txt", b"Z"), ("README.md", b"R"), ("a.note", b"A")]);
    let catalog = folder.open(&["z.txt", "README.md", "a.note"]).unwrap();
    assert_eq!(keys(&catalog), ["z", "README", "a"]);
}

#[test]
fn equal_names_are_made_unique_told_and_none_is_lost() {
    let folder = Folder::new(&[
        ("a/visit.txt", b"1"),
        ("b/visit.txt", b"2"),
        ("c/visit (2).txt", b"3"),
        ("d/visit.md", b"4"),
    ]);
    let catalog = folder.open(&[""]).unwrap();
    assert_eq!(keys(&catalog), ["visit", "visit (2)", "visit (2) (2)", "visit (3)"]);
    assert_eq!(texts(&catalog), ["1", "2", "3", "4"]);
    assert_eq!(catalog.load(1).unwrap().key, "visit (2)");
    let problems = folder.problems(&catalog);
    assert_eq!(problems.len(), 3);
    assert_eq!(
        problems[0],
        "DIR/b/visit.txt: the key `visit` is used more than once; \
         this note is called `visit (2)`\n  help: give each note its own key"
    );
}

#[test]
fn text_keeps_its_line_ends_and_its_digest_is_that_of_the_text() {
    let folder = Folder::new(&[("a.txt", b"\xef\xbb\xbfabc"), ("b.txt", b"x\r\ny\rz\n")]);
    let catalog = folder.open(&[""]).unwrap();
    let note = catalog.load(0).unwrap();
    assert_eq!(note.text, "abc");
    assert_eq!(
        note.fingerprint,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(note.meta.encoding.as_deref(), Some("UTF-8 with BOM"));
    assert_eq!(catalog.load(1).unwrap().text, "x\r\ny\rz\n");
    assert_eq!(catalog.load(1).unwrap().meta.encoding, None);
}

#[test]
fn encodings_are_recognised_and_shown() {
    let wide: Vec<u8> = "\u{feff}90° ok".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = Folder::new(&[("a.txt", b"Pt\x92s knee 90\xb0"), ("b.txt", &wide)]);
    let catalog = folder.open(&[""]).unwrap();
    assert_eq!(texts(&catalog), ["Pt’s knee 90°", "90° ok"]);
    let shown = |index: usize| catalog.load(index).unwrap().meta.encoding.unwrap();
    assert_eq!([shown(0), shown(1)], ["windows-1252", "UTF-16LE"]);
}

#[test]
fn front_matter_is_taken_off_and_fills_the_facts() {
    let text = "\u{feff}+++\r\ndiscipline = \"PTA\"\r\nclinic = \"north\"\r\n+++\r\nS: sore\r\n";
    let folder = Folder::new(&[("a.txt", text.as_bytes())]);
    let loaded = folder.open(&["a.txt"]).unwrap().read(0).unwrap();
    assert_eq!(loaded.note.text, "S: sore\r\n");
    assert_eq!(loaded.note.meta.discipline.unwrap().as_str(), "PTA");
    assert_eq!(loaded.note.meta.extra["clinic"], "north");
    assert_eq!(loaded.problems, []);
}

#[test]
fn broken_front_matter_is_shown_with_a_caret_and_the_note_is_still_read() {
    let folder = Folder::new(&[
        ("a.txt", b"+++\ndiscipline = PT\n+++\nS: sore\n"),
        ("b.txt", b"+++\ndiscipline = \"PT\"\nS: sore\n"),
    ]);
    let catalog = folder.open(&[""]).unwrap();
    let broken = catalog.read(0).unwrap();
    assert_eq!(broken.note.text, "S: sore\n");
    assert_eq!(broken.note.meta.discipline, None);
    let told = folder.local(&broken.problems[0].to_string());
    assert!(told.starts_with("DIR/a.txt:2:14: front matter: "), "{told}");
    assert!(told.contains("2 | discipline = PT\n  |              ^"), "{told}");
    assert!(told.contains("\n  help: mend the block"), "{told}");

    let open = catalog.read(1).unwrap();
    assert_eq!(open.note.text, "+++\ndiscipline = \"PT\"\nS: sore\n");
    assert!(folder.local(&open.problems[0].to_string()).starts_with("DIR/b.txt:1:1: "));
}

#[test]
fn new_files_are_found_and_put_at_the_end() {
    let folder = Folder::new(&[("b.txt", b"B"), ("sub/c.txt", b"C")]);
    let mut catalog = folder.open(&[""]).unwrap();
    assert!(catalog.newcomers().iter().all(Batch::is_empty));
    let before = catalog.folder_times();
    folder.write("a.txt", b"A");
    folder.write("sub/b.txt", b"another B");
    // A coarse clock may give the folder its old time; a new folder is always seen.
    folder.write("new/d.txt", b"D");
    let batches = catalog.newcomers();
    assert_eq!(batches.iter().map(Batch::len).sum::<usize>(), 3);
    for batch in batches {
        catalog.add(batch);
    }
    assert_eq!(keys(&catalog), ["b", "c", "a", "d", "b (2)"]);
    assert_eq!(texts(&catalog), ["B", "C", "A", "D", "another B"]);
    assert_ne!(catalog.folder_times(), before);
    assert!(catalog.newcomers().iter().all(Batch::is_empty));
}

#[test]
fn pieces_added_one_by_one_make_the_same_catalog() {
    let line = |n| format!("{{\"key\":\"k{n}\",\"text\":\"t{n}\"}}\n");
    let text = (0..10_000).map(line).collect::<Vec<_>>().concat();
    let folder = Folder::new(&[("a.txt", b"A"), ("n.jsonl", text.as_bytes()), ("z.txt", b"Z")]);
    let paths = ["a.txt", "n.jsonl", "z.txt"].map(|name| folder.path(name));
    let options = Options::default();
    let (mut catalog, mut sizes) = (Catalog::new(&paths, &options), Vec::new());
    let worker = std::thread::spawn({
        let indexer = Indexer::new(&paths, &options);
        move || indexer.collect::<Vec<_>>()
    });
    for batch in worker.join().unwrap() {
        catalog.add(batch.unwrap());
        sizes.push(catalog.len());
        assert_eq!(catalog.key(0), "a");
    }
    assert!(sizes.len() > 2 && sizes.is_sorted(), "{sizes:?}");
    assert_eq!(catalog.len(), 10_002);
    assert_eq!(keys(&catalog), keys(&Catalog::open(&paths, &options).unwrap()));
    assert_eq!(catalog.load(10_001).unwrap().text, "Z");
}

#[test]
fn many_threads_may_read_at_once() {
    fn shared<T: Send + Sync>(_: &T) {}
    let folder = Folder::new(&[("a.txt", b"A")]);
    shared(&folder.open(&[""]).unwrap());
}
