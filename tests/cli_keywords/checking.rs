//! `rubric keywords check`: the built-in files pass, and each lint finds its fault.

use rubric::engine::examples;
use rubric::knowledge::builtin_files;
use rubric::knowledge::check::{LINTS, lint_files};

use super::{Files, SQUAT, keywords, read, rubric};

#[test]
fn the_built_in_files_have_no_finding() {
    let found = lint_files(&builtin_files());
    let told: Vec<String> = found
        .iter()
        .map(|one| {
            format!("{}:{}:{}: {}: {}", one.file, one.line, one.column, one.lint, one.message)
        })
        .collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_built_in_rule_is_reached_by_an_example_of_its_own() {
    let engine = crate::support::engine();
    assert_eq!(examples::unreached(&engine), Vec::<(&str, &str)>::new());
}

#[test]
fn the_table_of_lints_in_the_read_me_is_the_table_of_the_program() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("keywords/README.md");
    let rows: Vec<String> = LINTS
        .iter()
        .map(|one| format!("| `{}` | {} | {} |", one.name, one.about, one.remedy))
        .collect();
    let wanted = format!("| --- | --- | --- |\n{}\n<!-- end of lints -->", rows.join("\n"));
    assert!(read(&path).contains(&wanted), "keywords/README.md must hold:\n{wanted}");
}

/// Runs `check` over rules and returns status and text, the folder taken off the paths.
fn check(rules: &str) -> (i32, String) {
    let files = keywords(rules);
    let ran = rubric(["keywords", "check", "--keywords", &files.name("")]);
    assert_eq!(ran.err, "");
    (ran.status, ran.out.replace(&files.name(""), ""))
}

#[test]
fn sound_rules_pass() {
    let (status, out) = check(SQUAT);
    assert_eq!(status, 0, "{out}");
    assert!(out.starts_with("Nothing to mend. 1 rule,"), "{out}");
    assert!(out.ends_with("3 examples hold, 0 fail.\n"), "{out}");
}

/// Each change of the sound rule with the lint that must tell it, and where.
#[test]
fn each_lint_finds_its_fault() {
    let cases = [
        ("\"97110\" = 5", "\"97110\" = 12", "3:12: weight-out-of-range: EX-0001 gives 97110 12"),
        (
            "phrases  =",
            "cap = { \"97110\" = 2 }\nphrases  =",
            "3:12: cap-under-weight: EX-0001 gives 97110 5 points, and its cap is 2",
        ),
        ("explain  = \"Squats in sets strengthen the legs.\"\n", "", "missing-explain"),
        ("cite     = [\"clinical usage\"]\n", "", "missing-cite: EX-0001 has no `cite`"),
        ("miss = true", "status = \"unstated\"", "missing-negative-test"),
        (
            "[\"Mini squats\"]",
            "[\"squats\"]",
            "example-fails: EX-0001: \"Mini squats 3x10.\": wanted",
        ),
        ("s]\"]", "s]\", \"mini squat\"]", "phrase-twice: EX-0001: \"mini squat\" is held by"),
        ("phrases  =", "phrasse  =", "fault: unknown field `phrasse`"),
        (
            "phrases  =",
            "abbreviations = [{ text = \"SQ\" }]\nphrases  =",
            "7:27: short-abbreviation: EX-0001 reads `SQ` wherever it stands",
        ),
        (
            "supports =",
            "aliases = [\"SE-0001\"]\nsupports =",
            "alias-in-use: EX-0001 had the id SE-0001, which belongs to SE-0001",
        ),
    ];
    for (old, new, wanted) in cases {
        assert!(SQUAT.contains(old), "{old}");
        let (status, out) = check(&SQUAT.replacen(old, new, 1));
        assert_eq!(status, 1, "{wanted}\n{out}");
        assert!(out.contains(wanted), "{wanted}\n{out}");
        assert!(out.contains("terms/exercise-some.toml:") && out.contains("\n  help: "), "{out}");
    }
}

fn second(id: &str, category: &str, more: &str) -> String {
    let rule = SQUAT.replace("EX-0001", id).replace("\"exercise\"", &format!("\"{category}\""));
    let rule = rule.replace("code    = \"97110\"\n", "").replace("[mini] squat[s]", "mini squats");
    format!("{SQUAT}{}", rule.replace("cite ", &format!("{more}\ncite ")))
}

#[test]
fn phrases_that_two_rules_share_are_told() {
    let (_, out) = check(&second("NM-0001", "neuromuscular", ""));
    assert!(out.contains("phrase-in-two-categories: NM-0001 shares words with EX-0001"), "{out}");
    let (_, out) = check(&second("NM-0001", "neuromuscular", "also_in = [\"EX-0001\"]"));
    assert!(!out.contains("phrase-in-two"), "{out}");
    let (_, out) = check(&second("EX-0002", "exercise", ""));
    assert!(
        out.contains("phrase-in-two-rules: EX-0002 has words that go to EX-0001: \"mini squats\""),
        "{out}"
    );
    let (_, out) = check(&second("SH-0001", "shield", "shield = \"drop\""));
    assert!(out.contains("phrase-under-shield: EX-0001 has words of the shield SH-0001"), "{out}");
}

#[test]
fn a_rule_that_its_examples_never_reach_is_told() {
    let rules = SQUAT.replace("hit     = [\"Mini squats\"]\n", "").replace("Mini squats", "Lunges");
    let (status, out) = check(&rules.replace("code    = \"97110\"", "code = \"none\""));
    assert_eq!(status, 1);
    assert!(out.contains("terms/exercise-some.toml:3:1: never-reached: EX-0001"), "{out}");
}

#[test]
fn a_bad_entry_hides_no_other() {
    let bad = SQUAT.replace("phrases ", "phrasse ").replace("EX-0001", "EX-0009");
    let (status, out) =
        check(&format!("{bad}{}", SQUAT.replace("\"97110\" = 5", "\"97110\" = 10")));
    assert_eq!(status, 1);
    assert!(out.contains("fault: unknown field `phrasse`"), "{out}");
    assert!(out.contains("weight-out-of-range: EX-0001"), "{out}");
    assert!(out.ends_with("2 findings. No example ran: mend the faults first.\n"), "{out}");
}

#[test]
fn machine_forms_carry_place_and_remedy() {
    let files = keywords(&SQUAT.replace("\"97110\" = 5", "\"97110\" = 12"));
    let folder = files.name("");
    let run = |format| {
        let ran = rubric(["keywords", "check", "--format", format, "--keywords", &folder]);
        assert_eq!(ran.status, 1, "{}", ran.err);
        serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()
    };
    let json = run("json");
    assert_eq!(json["schema"], "rubric.keywords-check/1");
    let finding = &json["findings"][0];
    assert_eq!(finding["lint"], "weight-out-of-range");
    assert_eq!((&finding["line"], &finding["id"]), (&3.into(), &"EX-0001".into()));
    assert_eq!(json["figures"]["examples_failed"], 0);
    let sarif = run("sarif");
    assert_eq!(sarif["version"], "2.1.0");
    let driver = &sarif["runs"][0]["tool"]["driver"];
    assert_eq!(driver["rules"].as_array().unwrap().len(), LINTS.len());
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "weight-out-of-range");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
}

#[test]
fn files_that_cannot_be_read_are_no_findings() {
    let files = Files::new(&[]);
    let ran = rubric(["keywords", "check", "--keywords", &files.name("nowhere")]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("cannot read the keyword folder"), "{}", ran.err);
}
