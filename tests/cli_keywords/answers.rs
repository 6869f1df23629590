//! `rubric eval`: labelled tables and answer keys.

use super::{Files, SQUAT, keywords, rubric};

#[test]
fn labelled_interventions_are_scored_by_code() {
    let keywords = keywords(SQUAT);
    let rows = "text\tcode\nMini squats 3x10\t97110\nSquats\t97530\nGibberish 12\"\tnone\n";
    let files = Files::new(&[("labels.tsv", rows)]);
    let (folder, path) = (keywords.name(""), files.name("labels.tsv"));
    let ran = rubric(["eval", &path, "--keywords", &folder]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    for wanted in [
        "answer is the label                     2 of 3 (67 %)",
        "97110         1      1           0            1          0",
        "Misses (1)",
        "line 3  \"Squats\"\n      label 97530; the program says: suggest 97110",
        "+6 EX-0001 squat: \"Squats\"",
        "why not: no functional task here",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
    let ran = rubric(["eval", &path, "--keywords", &folder, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["schema"], "rubric.eval/1");
    let report = &json["reports"][0];
    assert_eq!((&report["kind"], &report["right"]), (&"codes".into(), &2.into()));
    assert_eq!(report["confusion"]["97530"]["97110"], 1);
    assert_eq!(report["misses"][0]["codes"][0]["evidence"][0]["rule"], "EX-0001");
}

#[test]
fn labelled_statuses_are_scored() {
    let rows = "text,phrase,status\n\
                \"Pt performed sit to stand x10, CGA.\",sit to stand,performed\n\
                \"Goal: sit to stand x10 in 4 weeks.\",sit to stand,planned\n\
                \"It rained.\",rained,performed\n";
    let files = Files::new(&[("statuses.csv", rows)]);
    let ran = rubric(["eval", &files.name("statuses.csv")]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    for wanted in [
        "status right                      1 of 3 (33 %)",
        "counted, or not, as it should be  2 of 3 (67 %)",
        "\"sit to stand\": label planned; the program says: goal by FT-0101",
        "\"rained\": label performed; the program says: not seen",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
}

#[test]
fn labelled_wording_is_scored() {
    let rows = "text\tlabel\n\
                tolerated treatment well\tvague\n\
                tolerated well\tspecific\n\
                Pain 4/10 before, 2/10 after.\tnone\n";
    let files = Files::new(&[("wording.tsv", rows)]);
    let ran = rubric(["eval", &files.name("wording.tsv")]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    for wanted in [
        "right  2 of 3 (67 %)",
        "vague     1 of 1 (100 %)  1 of 2 (50 %)",
        "VG-0001: \"tolerated well\"",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
}

const NOTE: &str = "Treatment:\n\
    Lifted 10 lb box floor to waist x10 with cues for body mechanics to stock shelves, 12 min.\n\
    SLR 3x10 with 2 lb cuff, 16 min.\n\
    HEP: mini squats 2x10 daily.\n\
    A: Tolerated treatment well.\n\
    Timed code minutes: 28  Total treatment minutes: 28\nT. Sample, PT\n";

const KEY: &str = r#"
about   = "a small note"
quality = "good"
absent  = ["vague-response"]
[time]
timed_minutes = 28
total_minutes = 30
units         = 2
[[segment]]
quote   = "Lifted 10 lb box"
code    = "97530"
minutes = 12
[[segment]]
quote   = "SLR 3x10"
code    = "97110"
minutes = 16
[[line]]
code    = "97530"
minutes = 12
units   = 1
[[warning]]
name = "units-over-billed"
[[mention]]
phrase = "mini squats"
status = "home-program"
"#;

#[test]
fn answer_keys_are_scored_as_a_whole() {
    let claims = "key,code,units,modifiers,payer\nsmall,97530,3,GP,medicare\n";
    let files = Files::new(&[("small.txt", NOTE), ("small.key.toml", KEY), ("claims.csv", claims)]);
    let ran = rubric(["eval", &files.name("")]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    for wanted in [
        "Answer keys of 1 note",
        "answer is the label                     2 of 2 (100 %)",
        "quality good   2 of 2 (100 %)",
        "status right                      1 of 1 (100 %)",
        "minutes of interventions  2 of 2 (100 %)",
        "total minutes of notes    0 of 1 (0 %)",
        "small  total minutes of notes: key 30, the program says 28",
        "small 97110  has minutes or units, and stands in no line of the key",
        "units-over-billed  1 of 1 (100 %)  1 of 1 (100 %)",
        "vague-response fires and must not: small:5 (VG-0001) \"Tolerated treatment well\"",
    ] {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
    let ran = rubric(["eval", &files.name(""), "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let report = &json["reports"][0];
    assert_eq!((&report["kind"], &report["notes"]), (&"keys".into(), &1.into()));
    assert_eq!(report["warnings"]["vague-response"]["wrong"][0]["rule"], "VG-0001");
    assert_eq!(report["figures"]["units of notes"]["right"], 1);
}

#[test]
fn bad_input_says_where_and_what_to_do() {
    let files = Files::new(&[
        ("no-label.tsv", "text\nSquats\n"),
        ("short-row.tsv", "text\tcode\nSquats\n"),
        ("keys/a.key.toml", "quality = 1"),
        ("alone/a.key.toml", ""),
        ("alone/b.txt", "Squats"),
        ("empty/b.txt", "Squats"),
    ]);
    let small = keywords(SQUAT);
    for (name, wanted) in [
        ("no-label.tsv", "no column to score by"),
        ("short-row.tsv", "short-row.tsv:2: the row has 1 cells, the header 2"),
        ("keys", "a.key.toml: TOML parse error at line 1"),
        ("alone", "there is no note a.txt or a.md beside it"),
        ("empty", "holds no answer key"),
        ("nowhere.tsv", "cannot be read"),
    ] {
        let ran = rubric(["eval", &files.name(name), "--keywords", &small.name("")]);
        assert_eq!(ran.status, 2, "{name}");
        assert!(ran.err.contains(wanted), "{wanted}\n{}", ran.err);
    }
}
