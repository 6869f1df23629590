//! Sources that cannot be read are told and stop nothing.

use std::path::PathBuf;

use super::{Folder, keys};
use rubric::intake::{Catalog, Options};

#[test]
fn a_path_that_does_not_exist_is_an_error_with_its_name() {
    let folder = Folder::new(&[("a.txt", b"A")]);
    let error = folder.open(&["a.txt", "no/such"]).unwrap_err().to_string();
    let error = folder.local(&error);
    assert!(error.starts_with("DIR/no/such: there is no such file or folder\n  help: "), "{error}");
    let error = Catalog::open(&[], &Options::default()).unwrap_err().to_string();
    assert!(error.starts_with("no notes were named"), "{error}");
}

#[test]
fn an_empty_folder_is_an_error_that_says_what_else_is_there() {
    let folder = Folder::new(&[("b/claims.csv", b"key\n"), ("b/notes.jsonl", b"")]);
    std::fs::create_dir(folder.path("a")).unwrap();
    let told = |name: &str| folder.local(&folder.open(&[name]).unwrap_err().to_string());
    assert!(told("a").contains("DIR/a: the folder is empty"), "{}", told("a"));
    assert!(told("b").contains("DIR/b: the folder has no .txt or .md file, only 2 others"));
    assert!(told("b").contains("name .jsonl and .csv files themselves"));
}

#[test]
fn an_empty_folder_beside_notes_is_only_listed() {
    let folder = Folder::new(&[("a.txt", b"A")]);
    std::fs::create_dir(folder.path("b")).unwrap();
    let catalog = folder.open(&["b", "a.txt"]).unwrap();
    assert_eq!(keys(&catalog), ["a"]);
    assert!(folder.problems(&catalog)[0].starts_with("DIR/b: the folder is empty"));
}

#[test]
fn a_note_over_the_limit_is_listed_and_not_read() {
    let folder = Folder::new(&[("a.txt", b"A"), ("c.txt", b"C")]);
    // A sparse file: 200 MB that take no room and would take long to read.
    std::fs::File::create(folder.path("b.txt")).unwrap().set_len(200_000_000).unwrap();
    let catalog = folder.open(&[""]).unwrap();
    assert_eq!(keys(&catalog), ["a", "c"]);
    assert_eq!(
        folder.problems(&catalog),
        ["DIR/b.txt: holds 200 MB in one note; the limit is 4 MB\n  \
          help: leave it out, or split it into one note each"]
    );
    let named = folder.open(&["b.txt"]).unwrap_err().to_string();
    assert!(named.contains("holds 200 MB"), "{named}");
    let small = Options { max_note_bytes: 0, ..Options::default() };
    assert!(folder.open_with(&["a.txt"], &small).is_err());
}

#[test]
fn a_file_that_grew_after_it_was_listed_is_not_read() {
    let folder = Folder::new(&[("a.txt", b"A")]);
    let options = Options { max_note_bytes: 100, ..Options::default() };
    let catalog = folder.open_with(&[""], &options).unwrap();
    folder.write("a.txt", &[b'x'; 101]);
    assert!(catalog.load(0).unwrap_err().message.starts_with("holds 0.1 MB"));
}

#[test]
fn binary_files_and_other_formats_are_problems_of_their_note() {
    let folder = Folder::new(&[
        ("a.txt", b"\x7fELF\x02\x01\0\0\0"),
        ("b.txt", b"%PDF-1.7\n"),
        ("c.txt", b"good"),
    ]);
    let catalog = folder.open(&[""]).unwrap();
    let told: Vec<_> = catalog
        .notes()
        .map(|note| match note {
            Ok(loaded) => loaded.note.text,
            Err(problem) => folder.local(&problem.to_string()),
        })
        .collect();
    assert!(told[0].starts_with("DIR/a.txt: is a binary file, not text\n  help: "));
    assert!(told[1].starts_with("DIR/b.txt: is a PDF file, not plain text"));
    assert_eq!(told[2], "good");
}

#[test]
fn a_note_that_went_away_is_told_when_it_is_asked_for() {
    let folder = Folder::new(&[("a.txt", b"A"), ("b.txt", b"B")]);
    let catalog = folder.open(&[""]).unwrap();
    std::fs::remove_file(folder.path("a.txt")).unwrap();
    let problem = catalog.load(0).unwrap_err();
    assert_eq!(problem.message, "is not there any more");
    assert_eq!(catalog.load(1).unwrap().text, "B");
    assert_eq!(catalog.load(2).unwrap_err().message, "there is no such note");
    assert_eq!((catalog.key(2), catalog.source(2)), (String::new(), String::new()));
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    use super::super::permissions_hold_nothing;
    use super::*;

    fn make_pipe(path: &std::path::Path) {
        let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
        assert!(made.success());
    }

    #[test]
    fn pipes_sockets_and_devices_are_told_and_never_opened() {
        let folder = Folder::new(&[("a.txt", b"A")]);
        make_pipe(&folder.path("pipe.txt"));
        let socket = UnixListener::bind(folder.path("socket.md")).unwrap();
        symlink("/dev/zero", folder.path("zero.txt")).unwrap();
        let catalog = folder.open(&[""]).unwrap();
        assert_eq!(keys(&catalog), ["a"]);
        let problems = folder.problems(&catalog);
        for (problem, words) in problems.iter().zip([
            "DIR/pipe.txt: is a named pipe and was not opened",
            "DIR/socket.md: is a socket and was not opened",
            "DIR/zero.txt: is a device and was not opened",
        ]) {
            assert!(problem.starts_with(words), "{problem}");
        }
        assert_eq!(problems.len(), 3);
        for name in ["pipe.txt", "socket.md", "zero.txt"] {
            let error = folder.open(&[name]).unwrap_err().to_string();
            assert!(error.contains("read with `-`"), "{error}");
        }
        drop(socket);
    }

    #[test]
    fn a_note_that_became_a_pipe_is_not_opened_either() {
        let folder = Folder::new(&[("a.txt", b"A")]);
        let catalog = folder.open(&[""]).unwrap();
        fs::remove_file(folder.path("a.txt")).unwrap();
        make_pipe(&folder.path("a.txt"));
        assert!(catalog.load(0).unwrap_err().message.contains("named pipe"));
    }

    #[test]
    fn pipes_as_tables_or_claims_are_not_opened() {
        let folder = Folder::new(&[("a.txt", b"A")]);
        make_pipe(&folder.path("p.jsonl"));
        make_pipe(&folder.path("p.csv"));
        let catalog = folder.open(&["p.jsonl", "p.csv", "a.txt"]).unwrap();
        assert_eq!(catalog.problems().len(), 2);
        let claims = Options { claims: Some(folder.path("p.csv")), ..Options::default() };
        let error = folder.open_with(&["a.txt"], &claims).unwrap_err().to_string();
        assert!(error.contains("named pipe"), "{error}");
    }

    #[test]
    fn files_and_folders_without_permission_are_told_and_the_rest_is_read() {
        // Root reads everything: without the file mode holding there is nothing to see here.
        if permissions_hold_nothing() {
            return;
        }
        let folder = Folder::new(&[("a.txt", b"A"), ("b.txt", b"B"), ("sub/c.txt", b"C")]);
        fs::set_permissions(folder.path("a.txt"), Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(folder.path("sub"), Permissions::from_mode(0o000)).unwrap();
        let catalog = folder.open(&[""]).unwrap();
        let problems = folder.problems(&catalog);
        let unreadable = catalog.load(0).unwrap_err();
        fs::set_permissions(folder.path("sub"), Permissions::from_mode(0o700)).unwrap();
        assert_eq!(keys(&catalog), ["a", "b"]);
        assert!(problems[0].starts_with("DIR/sub: may not be read\n"), "{problems:?}");
        assert_eq!(unreadable.message, "may not be read");
        assert_eq!(catalog.load(1).unwrap().text, "B");
    }

    #[test]
    fn links_are_followed_but_not_in_circles_and_broken_ones_are_told() {
        let folder = Folder::new(&[("real/a.txt", b"A")]);
        symlink(folder.path("real"), folder.path("again")).unwrap();
        symlink(folder.path(""), folder.path("real/loop")).unwrap();
        symlink("nowhere", folder.path("gone.txt")).unwrap();
        let catalog = folder.open(&[""]).unwrap();
        assert_eq!(keys(&catalog), ["a", "a (2)"]);
        let problems = folder.problems(&catalog).join("\n");
        assert!(problems.contains("DIR/gone.txt: is not there"), "{problems}");
        assert!(problems.contains("DIR/real/loop: is a link back to a folder above"), "{problems}");
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        let folder = Folder::new(&[("a\u{1b}[2J.txt", b"\0")]);
        let catalog = folder.open(&[""]).unwrap();
        assert!(!catalog.load(0).unwrap_err().to_string().contains('\u{1b}'));
        let missing = Catalog::open(&[PathBuf::from("\u{1b}]0;x")], &Options::default());
        assert!(!missing.unwrap_err().to_string().contains('\u{1b}'));
    }
}
