//! Settings, first settings, completions and the manual, from the command line.

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A program in a home of its own.
fn rubric(home: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    asked(home, arguments, &[])
}

fn asked(home: &TempDir, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("rubric").unwrap();
    command.env_clear().env("HOME", home.path()).env("USER", "anna").current_dir(home.path());
    command.env("XDG_CONFIG_HOME", home.path().join("config"));
    command.envs(variables.iter().copied());
    let output = command.args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn write(home: &TempDir, name: &str, text: &str) {
    let folder = home.path().join("config").join("rubric");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

#[test]
fn without_a_file_the_defaults_hold_and_the_place_is_named() {
    let home = TempDir::new().unwrap();
    let (code, out, _) = rubric(&home, &["config", "--origin"]);
    assert_eq!(code, 0);
    assert!(out.lines().any(|line| line.starts_with("theme           = \"auto\"")), "{out}");
    assert!(out.lines().all(|line| line.ends_with("# default")), "{out}");
    let (_, out, _) = rubric(&home, &["config", "path"]);
    assert!(out.contains("config.toml") && out.contains("not there"), "{out}");
    assert!(!home.path().join("config").exists(), "looking leaves nothing behind");
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_files() {
    let home = TempDir::new().unwrap();
    write(&home, "config.toml", "theme = \"dark\"\npayer = \"medicare\"\n");
    std::fs::write(home.path().join("rubric.toml"), "payer = \"commercial\"\n").unwrap();
    let queue = home.path().to_str().unwrap().to_owned();
    let arguments = ["config", "show", "--format", "json", "--queue", &queue];
    let (code, out, err) = asked(&home, &arguments, &[("RUBRIC_THEME", "light")]);
    assert_eq!((code, err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&out).unwrap();
    let of = |name: &str| told.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(
        (&of("theme")["value"], &of("theme")["origin"]),
        (&"light".into(), &"RUBRIC_THEME".into())
    );
    assert_eq!(of("payer")["value"], "commercial");
    assert!(of("payer")["origin"].as_str().unwrap().ends_with("rubric.toml:1"));
}

#[test]
fn faults_of_all_files_are_told_at_once_with_their_places() {
    let home = TempDir::new().unwrap();
    write(&home, "config.toml", "coder = \"anna\"\nthem = \"dark\"\n[lock]\nminutes = \"x\"\n");
    write(&home, "keys.toml", "accept = \"c\"\n");
    write(&home, "theme.toml", "base = \"dark\"\n[roles]\ntask = \"#ff0000\"\n");
    let (code, out, _) = rubric(&home, &["config", "check"]);
    assert_eq!(code, 1);
    for words in [
        "config.toml:2:1: there is no setting `them`",
        "did you mean `theme`?",
        "config.toml:4:11: `lock.minutes` cannot be \"x\"",
        "keys.toml:1:1: `c` would stand for `accept` and for `change`",
        "theme.toml:3:1:",
        "4 faults",
    ] {
        assert!(out.contains(words), "{words} is missing: {out}");
    }
    let (code, out, err) = rubric(&home, &["config"]);
    assert_eq!(code, 1);
    assert!(out.contains("coder           = \"anna\"") && err.contains("them"), "{out}{err}");
    // Nothing is changed in a file that is not understood.
    let before = std::fs::read_to_string(home.path().join("config/rubric/config.toml")).unwrap();
    let (code, _, err) = rubric(&home, &["config", "set", "theme", "light"]);
    assert!(code == 2 && err.contains("mend that first"), "{err}");
    let after = std::fs::read_to_string(home.path().join("config/rubric/config.toml")).unwrap();
    assert_eq!(before, after);
}

#[test]
fn one_setting_is_set_checked_and_refused() {
    let home = TempDir::new().unwrap();
    assert_eq!(rubric(&home, &["config", "init"]).0, 0);
    let (code, _, err) = rubric(&home, &["config", "init"]);
    assert!(code == 2 && err.contains("is there already"), "{err}");
    assert_eq!(rubric(&home, &["config", "set", "lock.minutes", "5"]).0, 0);
    let (code, out, _) = rubric(&home, &["config", "check"]);
    assert!(code == 0 && out.contains("sound"), "{out}");
    let (_, out, _) = rubric(&home, &["config", "show"]);
    assert!(out.contains("lock.minutes    = 5"), "{out}");
    let (code, _, err) = rubric(&home, &["config", "set", "lock.minuts", "5"]);
    assert!(code == 2 && err.contains("did you mean `lock.minutes`?"), "{err}");
    let (code, _, err) = rubric(&home, &["config", "set", "theme", "pink"]);
    assert!(code == 2 && err.contains("cb-dark"), "{err}");
}

#[test]
fn first_settings_need_no_terminal_and_name_the_coder_of_the_log() {
    let home = TempDir::new().unwrap();
    let (code, out, err) = rubric(&home, &["init", "--coder", "ben", "--payer", "Commercial"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("coder ben, payer commercial, theme auto"), "{out}");
    let (code, _, err) = rubric(&home, &["init", "--payer", "nobody"]);
    assert!(code == 2 && err.contains("name one of"), "{err}");
    let (_, out, _) = rubric(&home, &["doctor"]);
    assert!(out.lines().any(|line| line.contains("coder") && line.ends_with("ben")), "{out}");
    let (_, out, _) = rubric(&home, &["doctor", "--coder", "dora"]);
    assert!(out.lines().any(|line| line.contains("coder") && line.ends_with("dora")), "{out}");
}

#[test]
fn completions_and_manual_know_every_command() {
    let home = TempDir::new().unwrap();
    let commands: Vec<String> = rubric::cli::command()
        .get_subcommands()
        .filter(|one| !one.is_hide_set())
        .map(|one| one.get_name().to_owned())
        .collect();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let (code, out, err) = rubric(&home, &["completions", shell]);
        assert_eq!((code, err.as_str()), (0, ""), "{shell}");
        let missing: Vec<&String> = commands.iter().filter(|name| !out.contains(*name)).collect();
        assert!(missing.is_empty(), "{shell}: {missing:?}");
    }
    let (code, page, _) = rubric(&home, &["man"]);
    assert_eq!(code, 0);
    assert!(page.contains(".TH") && page.contains(".SH KEYS") && page.contains("accept the lines"));
    let (code, out, _) = rubric(&home, &["man", "--into", "pages"]);
    assert!(code == 0 && out.contains("pages written"), "{out}");
    for name in &commands {
        assert!(home.path().join(format!("pages/rubric-{name}.1")).exists(), "{name}");
    }
}

#[test]
fn the_payer_that_is_set_holds_for_analyses_and_a_flag_wins() {
    let home = TempDir::new().unwrap();
    let notes = home.path().join("notes");
    std::fs::create_dir(&notes).unwrap();
    std::fs::write(notes.join("n.txt"), "Therapeutic exercise: bridges 3x10, 20 min\n").unwrap();
    let notes = notes.to_str().unwrap();
    let payer = |arguments: &[&str]| {
        let (code, out, err) = rubric(&home, arguments);
        assert_eq!(code, 0, "{err}");
        let note: serde_json::Value = serde_json::from_str(&out).unwrap();
        note["note"]["payer"].as_str().unwrap().to_owned()
    };
    let plain = ["analyse", notes, "--format", "jsonl"];
    assert_eq!(payer(&plain), "medicare");
    assert_eq!(rubric(&home, &["config", "set", "payer", "commercial"]).0, 0);
    assert_eq!(payer(&plain), "commercial");
    assert_eq!(payer(&[&plain[..], &["--payer", "medicare"]].concat()), "medicare");
    std::fs::write(home.path().join("notes/rubric.toml"), "payer = \"medicare\"\n").unwrap();
    assert_eq!(payer(&plain), "medicare", "the file beside the notes wins over the person's");
}
