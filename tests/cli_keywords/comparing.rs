//! `rubric keywords diff` and `stats`.

use super::{Files, SQUAT, keywords, rubric};

const NOTE: &str = "Interventions:\n- Mini squats 3x10\n- Lunges 2x10\n";

#[test]
fn every_change_is_told_with_the_rule_it_comes_from() {
    let old = keywords(SQUAT);
    let new = keywords(&SQUAT.replace("\"97110\" = 5", "\"97110\" = 2"));
    let notes = Files::new(&[("a.txt", NOTE), ("b.txt", "Nothing of the kind.")]);
    let (a, b, folder) = (old.name(""), new.name(""), notes.name(""));
    let ran = rubric(["keywords", "diff", &a, &b, "--notes", &folder]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    let line =
        "line 2  outcome: suggest 97110 -> abstain A2  \"Mini squats 3x10\"\n      by EX-0001";
    assert!(ran.out.contains(line), "{}", ran.out);
    assert!(
        ran.out.contains("1 of 2 notes changed: 1 outcome, 0 scores, 0 statuses"),
        "{}",
        ran.out
    );
    let ran = rubric(["keywords", "diff", &a, &b, "--notes", &folder, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["schema"], "rubric.keywords-diff/1");
    assert_eq!(json["summary"]["by_rule"]["EX-0001"], 1);
    let ran = rubric(["keywords", "diff", &a, &a, "--notes", &folder]);
    assert!(
        ran.out.ends_with("0 of 2 notes changed: 0 outcomes, 0 scores, 0 statuses, 0 warnings\n")
    );
}

#[test]
fn points_and_statuses_that_change_are_told() {
    let old = keywords(SQUAT);
    let new =
        keywords(&SQUAT.replace("\"97110\" = 5", "\"97110\" = 6").replace("squat[s]", "squats"));
    let notes = Files::new(&[("a.txt", "Interventions:\n- Mini squats 3x10\nPlan: one squat\n")]);
    let (a, b, folder) = (old.name(""), new.name(""), notes.name(""));
    let ran = rubric(["keywords", "diff", &a, &b, "--notes", &folder]);
    assert!(ran.out.contains("line 2  score: 97110 6 -> 97110 7"), "{}", ran.out);
    assert!(ran.out.contains("line 3  status: planned -> not seen  \"squat\""), "{}", ran.out);
}

#[test]
fn silent_rules_and_unknown_words_are_listed() {
    let both = format!("{SQUAT}{}", SQUAT.replace("EX-0001", "EX-0002").replace("quat", "tep up"));
    let keywords = keywords(&both);
    let files = Files::new(&[
        ("notes/a.txt", NOTE),
        ("names.csv", "name\nMini Squat\nDumbbell Snatch\n"),
        ("icf.tsv", "# a licence\nterm\ticf\nsquats\td410\nshave\td520\ndrink beer\td570\n"),
    ]);
    let (folder, notes) = (keywords.name(""), files.name("notes"));
    let (names, icf) = (files.name("names.csv"), files.name("icf.tsv"));
    let ran = rubric([
        "keywords",
        "stats",
        "--notes",
        &notes,
        "--words",
        &names,
        &icf,
        "--keywords",
        &folder,
    ]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.contains("In 1 note: 1 of 2 (50 %) rules fired"), "{}", ran.out);
    assert!(ran.out.contains("exercise (1): EX-0002"), "{}", ran.out);
    assert!(ran.out.contains("known to some rule: 1 of 2 (50 %)"), "{}", ran.out);
    assert!(ran.out.contains("unknown in all words: \"Dumbbell Snatch\""), "{}", ran.out);
    assert!(ran.out.contains("1 terms of other chapters were left out"), "{}", ran.out);
    let row = |chapter: &str| {
        let line = ran.out.lines().find(|line| line.trim_start().starts_with(chapter)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row("d410"), "d410 changing body position functional-task 0 of 1 (0 %) 1 0");
    assert_eq!(row("d520"), "d520 care of body parts self-care 0 of 1 (0 %) 0 1");
}
