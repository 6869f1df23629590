//! `rubric keywords show`, `explain`, `expand` and `why-not`.

use super::{Files, SQUAT, keywords, read, rubric};

#[test]
fn rules_are_listed_by_category_code_and_section() {
    let ran = rubric(["keywords", "show", "--code", "97116", "--category", "other-service"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.starts_with("id "), "{}", ran.out);
    assert!(
        ran.out.lines().skip(1).all(|line| line.starts_with("OS-") || line.contains(" rules of "))
    );
    let ran = rubric(["keywords", "show", "FT-0101"]);
    assert_eq!(ran.out.lines().count(), 3);
    assert!(ran.out.contains("sit-to-stand practice"), "{}", ran.out);
    let ran = rubric(["keywords", "show", "--section", "home-program", "--category", "exercise"]);
    assert!(ran.out.contains("hep"), "{}", ran.out);
    assert!(ran.out.contains("never here"), "{}", ran.out);
    let files = keywords(SQUAT);
    for command in ["show", "explain", "expand"] {
        let ran = rubric(["keywords", command, "FT-9999", "--keywords", &files.name("")]);
        assert_eq!(ran.status, 2);
        assert!(ran.err.contains("help: "), "{}", ran.err);
    }
}

#[test]
fn the_built_in_files_can_be_written_edited_and_used() {
    let files = Files::new(&[]);
    let folder = files.name("mine");
    let write = || rubric(["keywords", "show", "--write", &folder]);
    let ran = write();
    assert_eq!(ran.status, 0, "{}", ran.err);
    for name in ["manifest.toml", "terms/exercise-lower.toml", "payers/medicare.toml", "README.md"]
    {
        assert!(files.path("mine").join(name).is_file(), "{name}");
    }
    assert_eq!(write().status, 0, "the same files again change nothing");
    let manifest = files.path("mine/manifest.toml");
    let edited = read(&manifest).replace("margin = 3", "margin = 4");
    std::fs::write(&manifest, &edited).unwrap();
    let ran = write();
    assert_eq!(ran.status, 2, "an edited file is never overwritten");
    assert!(ran.err.contains("nothing was written"), "{}", ran.err);
    assert_eq!(read(&manifest), edited);
    let ran = rubric(["keywords", "show", "EX-0001", "--keywords", &folder]);
    assert_eq!(ran.status, 0, "{}", ran.err);
}

#[test]
fn an_entry_is_explained_in_words() {
    let files = keywords(SQUAT);
    let folder = files.name("");
    let ran = rubric(["keywords", "explain", "EX-0001", "--keywords", &folder]);
    insta::assert_snapshot!(ran.out, @r#"
    EX-0001  squat
      exercise; stable, core; since 2026.11.0; terms/exercise-some.toml:3

      Points     97110 +5
                 counts only when it was itself done today
                 +1 in interventions
                 never in subjective, history, goals, plan, home-program
      Why        Squats in sets strengthen the legs.
      Words      [mini] squat[s]
      Examples   "Mini squats 3x10." [interventions] -> matches "Mini squats"; comes out as 97110
                 "Bridges." -> no match
      Sources    clinical usage
    "#);
    for id in ["CX-0001", "SE-0001"] {
        let ran = rubric(["keywords", "explain", id, "--keywords", &folder]);
        assert!(ran.out.starts_with(id) && ran.out.contains("performed"), "{}", ran.out);
    }
    let ran = rubric(["keywords", "explain", "predicate", "no-measure-in-sentence"]);
    assert!(ran.out.contains("only if its sentence holds no measure"), "{}", ran.out);
    assert_eq!(rubric(["keywords", "explain", "predicate", "moon-is-full"]).status, 2);
}

#[test]
fn phrases_are_written_out() {
    let files = keywords(SQUAT);
    let ran = rubric(["keywords", "expand", "EX-0001", "--keywords", &files.name("")]);
    assert_eq!(ran.out, "mini squat\nmini squats\nsquat\nsquats\n");
    // Pins sets, choices, options and inflections of the built-in files.
    let ran = rubric(["keywords", "expand", "EX-0001"]);
    insta::assert_snapshot!("expand-EX-0001", ran.out);
    let ran = rubric(["keywords", "expand", "FT-0201"]);
    insta::assert_snapshot!("expand-FT-0201", ran.out);
    let ran = rubric(["keywords", "expand", "AB-0101"]);
    assert_eq!(ran.out, "spt\n");
}

#[test]
fn a_note_is_told_what_it_lacks_for_a_code() {
    let keywords = keywords(SQUAT);
    let note = "Interventions:\n- Mini squats 3x10\nPlan: squats next visit\n";
    let files = Files::new(&[("note.txt", note)]);
    let why_not = |code: &str, segment: &str| {
        let (folder, path) = (keywords.name(""), files.name("note.txt"));
        rubric(["keywords", "why-not", code, &path, "--segment", segment, "--keywords", &folder])
    };
    let ran = why_not("97530", "1");
    insta::assert_snapshot!(ran.out, @r#"
    Intervention 1, line 2: "Mini squats 3x10"
      comes out as 97110, suggested
      97530 has 0 of 6 points
      why not: no functional task here
    "#);
    assert_eq!(why_not("97110", "7").status, 2);
    assert_eq!(why_not("12345", "1").status, 2);
    let (folder, path) = (keywords.name(""), files.name("note.txt"));
    let ran = rubric(["keywords", "why-not", "97110", &path, "--keywords", &folder]);
    assert!(ran.out.contains("97110 is supported: 6 points, 5 needed"), "{}", ran.out);
    assert!(ran.out.contains("EX-0001 \"squats\": planned"), "{}", ran.out);
}
