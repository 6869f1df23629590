//! `rubric keywords` and `rubric eval` from the outside, on small files.

mod answers;
mod checking;
mod comparing;
mod showing;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assert_cmd::Command;
use rubric::knowledge::builtin_files;
use tempfile::TempDir;

/// What a run of the program gave.
struct Ran {
    status: i32,
    out: String,
    err: String,
}

/// Runs the program with arguments.
fn rubric<const N: usize>(arguments: [&str; N]) -> Ran {
    let output = Command::cargo_bin("rubric").unwrap().args(arguments).output().unwrap();
    Ran {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Files that go away with the test.
struct Files(TempDir);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }
}

/// A keyword folder of a few rules that compiles fast, with one file of rules to choose.
fn keywords(rules: &str) -> Files {
    static BASE: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let base = BASE.get_or_init(|| {
        let text =
            |name: &str| builtin_files().into_iter().find(|file| file.name == name).unwrap().text;
        vec![
            ("manifest.toml".to_owned(), text("manifest.toml")),
            ("sections.toml".to_owned(), SECTIONS.to_owned()),
            ("contexts.toml".to_owned(), CONTEXTS.to_owned()),
        ]
    });
    let mut files: Vec<(&str, &str)> =
        base.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.push(("terms/exercise-some.toml", rules));
    Files::new(&files)
}

const SECTIONS: &str = r#"
[[section]]
id       = "SE-0001"
kind     = "interventions"
headings = ["interventions"]
status   = "performed"
[[section]]
id       = "SE-0002"
kind     = "plan"
headings = ["plan"]
status   = "planned"
"#;

const CONTEXTS: &str = r#"
[[cue]]
id       = "CX-0001"
name     = "done"
status   = "performed"
strength = "weak"
phrases  = ["performed"]
reach    = { side = "both", words = 8, stop = ["clause"] }
"#;

/// A rule without a fault.
const SQUAT: &str = r#"
[[rule]]
id       = "EX-0001"
name     = "squat"
category = "exercise"
supports = { "97110" = 5 }
phrases  = ["[mini] squat[s]"]
explain  = "Squats in sets strengthen the legs."
cite     = ["clinical usage"]
[[rule.test]]
text    = "Mini squats 3x10."
section = "interventions"
hit     = ["Mini squats"]
code    = "97110"
[[rule.test]]
text = "Bridges."
miss = true
"#;

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
