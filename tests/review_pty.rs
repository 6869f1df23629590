//! The whole program in a pseudo-terminal: sample notes reviewed, left, and taken up again.

use portable_pty::CommandBuilder;
use rubric::store::{AuditLog, Coder, LogPlace, Stamp, Verdict, verify};
use rustix::process::Signal;

use crate::screen_pty::taken_back;
use crate::support::office::Clinic;
use crate::support::pty::Pty;

fn start(clinic: &Clinic, arguments: &[&str]) -> Pty {
    start_by(CommandBuilder::new(env!("CARGO_BIN_EXE_rubric")), clinic, arguments)
}

fn start_by(mut command: CommandBuilder, clinic: &Clinic, arguments: &[&str]) -> Pty {
    command.args(arguments);
    command.env("XDG_STATE_HOME", clinic.folder().join("state"));
    command.env("XDG_DATA_HOME", clinic.folder().join("data"));
    command.env("HOME", clinic.folder());
    command.env("LC_ALL", "C.UTF-8");
    for name in ["NO_COLOR", "RUBRIC_LOG", "RUBRIC_CODER", "RUBRIC_THEME", "XDG_CONFIG_HOME"] {
        command.env_remove(name);
    }
    Pty::start(command)
}

fn leave(pty: &mut Pty) -> String {
    pty.quiet(300);
    pty.send("\x03");
    pty.until("Quit rubric?");
    pty.quiet(300);
    pty.send("y");
    pty.rest()
}

#[test]
fn a_coder_reviews_leaves_and_comes_back() {
    let clinic = Clinic::new(6);
    let notes = clinic.notes();
    let mut pty = start(
        &clinic,
        &["review", notes.to_str().unwrap(), "--coder", "anna", "--sort", "imported"],
    );
    pty.until("Review  1 of 6  open 6");
    pty.until("Segments");
    pty.quiet(300);
    pty.send("d");
    pty.until("Recorded: defer cota-upper-limb-soap. Next note:");
    // The same key again too soon would count as held.
    pty.quiet(1000);
    pty.send("d");
    pty.until("3 of 6  open 4");
    pty.quiet(300);
    pty.send("u");
    pty.until("Undone: defer");
    let all = leave(&mut pty);
    assert!(all.contains("1 decision recorded in"), "{all}");

    // Alone, the program goes on where the coder was.
    let mut pty = start(&clinic, &["--keywords", "/nowhere"]);
    let all = pty.rest();
    assert!(all.contains("/nowhere") && !all.contains("\x1b[?1049h"), "no screen for an error");
    let mut pty = start(&clinic, &[]);
    pty.until("Review  2 of 6  open 5");
    pty.until("Welcome back, anna");
    leave(&mut pty);

    let mut place = clinic.place("anna");
    place.log = clinic.folder().join("data/rubric/rubric-log.sqlite");
    place.state_dir = clinic.folder().join("state/rubric");
    let report = verify(&place, None).unwrap();
    assert_eq!(report.verdict, Verdict::Consistent, "{report}");
    assert_eq!((report.counts.decisions, report.counts.withdrawals), (2, 1));
}

#[test]
fn a_signal_gives_the_terminal_back_and_the_next_start_has_the_draft() {
    let clinic = Clinic::new(6);
    let notes = clinic.notes();
    let arguments = ["review", notes.to_str().unwrap(), "--coder", "anna"];
    for (signal, status) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut pty = start(&clinic, &arguments);
        pty.until("Review  1 of 6  open 6");
        pty.until("Segments");
        pty.quiet(300);
        pty.send("0");
        pty.until("segment 1 = not billable");
        pty.signal(signal);
        let all = pty.all();
        taken_back(&all);
        assert_eq!(pty.status(), status);
        // The second round finds the draft of the first.
        let mut pty = start(&clinic, &arguments);
        pty.until("Welcome back, anna");
        pty.until("Segments");
        pty.quiet(300);
        pty.send("0");
        pty.until("Segment 1 = not billable already.");
        pty.send("u");
        leave(&mut pty);
        std::fs::remove_dir_all(clinic.folder().join("state/rubric/places")).unwrap();
    }
    let mut place = clinic.place("anna");
    place.log = clinic.folder().join("data/rubric/rubric-log.sqlite");
    place.state_dir = clinic.folder().join("state/rubric");
    assert_eq!(verify(&place, None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn a_terminal_that_goes_without_a_signal_ends_the_review_and_frees_the_note() {
    let clinic = Clinic::new(6);
    let notes = clinic.notes();
    // The shell is the one that the system tells; what it runs hears nothing.
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.args(["-c", "trap '' HUP; \"$0\" \"$@\"; exit $?", env!("CARGO_BIN_EXE_rubric")]);
    let arguments = ["review", notes.to_str().unwrap(), "--coder", "anna"];
    let mut pty = start_by(shell, &clinic, &arguments);
    pty.until("Review  1 of 6  open 6");
    pty.until("Segments");
    pty.quiet(300);
    assert_eq!(pty.hang_up("?"), 129);
    let place = LogPlace::new(
        clinic.folder().join("data/rubric/rubric-log.sqlite"),
        clinic.folder().join("state/rubric"),
    );
    let name = || "ben".to_owned();
    let ben = Coder { id: name(), os_user: name(), host: "desk".to_owned() };
    let log = AuditLog::open(&place, ben, clinic.now()).unwrap();
    assert!(log.held_by_others(Stamp::utc(0)).unwrap().is_empty(), "the note is still taken");
    assert_eq!(verify(&place, None).unwrap().verdict, Verdict::Consistent);
}

#[test]
fn nothing_is_written_beside_the_screen_while_it_is_up() {
    let clinic = Clinic::new(6);
    let errors = clinic.folder().join("errors.txt");
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.args(["-c", "errors=$1; shift; \"$0\" \"$@\" 2>\"$errors\""]);
    shell.args([env!("CARGO_BIN_EXE_rubric"), errors.to_str().unwrap()]);
    let notes = clinic.notes();
    let mut pty = start_by(shell, &clinic, &["review", notes.to_str().unwrap(), "--coder", "anna"]);
    pty.until("Segments");
    for (keys, seen) in [("b", "[Board]"), ("\x1b", "[Note]"), ("l", "[Queue]"), ("l", "[Note]")] {
        pty.quiet(300);
        pty.send(keys);
        pty.until(seen);
    }
    assert_eq!(std::fs::read_to_string(&errors).unwrap(), "");
    leave(&mut pty);
    let told = std::fs::read_to_string(&errors).unwrap();
    assert!(told.contains("the audit log has begun"), "{told}");
}

#[test]
fn settings_keys_and_a_fault_in_them_reach_the_screen() {
    let clinic = Clinic::new(6);
    let folder = clinic.folder().join(".config").join("rubric");
    std::fs::create_dir_all(&folder).unwrap();
    let text = "coder = \"dora\"\nquit.ask = false\nmouse = 7\n";
    std::fs::write(folder.join("config.toml"), text).unwrap();
    std::fs::write(folder.join("keys.toml"), "defer = \"Y\"\n").unwrap();
    let mut pty = start(&clinic, &["review", clinic.notes().to_str().unwrap()]);
    pty.until("dora");
    pty.until("config.toml:3:9");
    pty.until("Y defer");
    pty.quiet(300);
    pty.send("Y");
    pty.until("Recorded: defer");
    pty.quiet(300);
    pty.send("\x03");
    let all = pty.rest();
    assert!(!all.contains("Quit rubric?") && all.contains("1 decision recorded in"), "{all}");
}

#[test]
fn the_first_start_asks_once_and_a_window_of_another_size_keeps_everything() {
    let clinic = Clinic::new(6);
    let notes = clinic.notes();
    let arguments = ["review", notes.to_str().unwrap()];
    let settings = clinic.folder().join(".config/rubric/config.toml");
    // Leaving the page leaves nothing behind: no settings, no log.
    for leave in ["\x03", "\x1b"] {
        let mut pty = start(&clinic, &arguments);
        pty.until("Your name as coder");
        pty.send(leave);
        taken_back(&pty.rest());
        assert!(!settings.exists() && !clinic.folder().join("data").exists());
    }
    let mut pty = start(&clinic, &arguments);
    pty.until("[ Start ]");
    pty.send("\r");
    pty.until("Review  1 of 6  open 6");
    pty.until("Segments");
    assert!(std::fs::read_to_string(&settings).unwrap().contains("payer = \"medicare\""));
    // Narrow, too small, wide: the draft and the note stay.
    pty.quiet(300);
    pty.send("0");
    pty.until("segment 1 = not billable");
    pty.resize(40, 12);
    pty.until("[Note] 2 of 3");
    pty.resize(30, 8);
    pty.until("rubric needs 40 by 12");
    pty.resize(120, 40);
    pty.until("decided 0   open 6");
    pty.until("Findings");
    pty.send("aaqd1");
    pty.until("Paste ignored: 5 keys");
    pty.quiet(300);
    pty.send("0");
    pty.until("Segment 1 = not billable already.");
    pty.send("u");
    let all = leave(&mut pty);
    assert!(all.contains("0 decisions recorded in"), "{all}");
    // The second start asks nothing.
    let mut pty = start(&clinic, &arguments);
    pty.until("Welcome back");
    leave(&mut pty);
}
