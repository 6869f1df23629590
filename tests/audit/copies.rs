//! Copies for auditors, read by another person where nothing can be written: all there is to see, nothing touched.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rubric::store::{AuditLog, Standing, StoreError};

use super::support::{House, at, coder, id, small_log};

/// A person without any right on the files of this computer.
const NOBODY: u32 = 65_534;

/// What a command said, and how it ended.
struct Answer {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Copies the live file, as a person would who does not know of backups, to where all may only read.
fn read_only_copy(house: &House) -> PathBuf {
    let folder = house.folder().join("medium");
    fs::create_dir(&folder).unwrap();
    let copy = folder.join("copy of the log.sqlite");
    fs::copy(house.log_file(), &copy).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_rubric"), folder.join("rubric")).unwrap();
    fs::set_permissions(&copy, Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(house.folder(), Permissions::from_mode(0o755)).unwrap();
    copy
}

fn ask(copy: &Path, arguments: &[&str]) -> Answer {
    let folder = copy.parent().unwrap();
    let mut command = Command::new(folder.join("rubric"));
    command.env_clear().env("HOME", folder).env("USER", "auditor").current_dir(folder);
    // Who may do everything is not kept out by modes.
    if fs::metadata("/proc/self")
        .is_ok_and(|facts| std::os::unix::fs::MetadataExt::uid(&facts) == 0)
    {
        command.uid(NOBODY).gid(NOBODY);
    }
    let answer = command.arg("log").args(arguments).arg("--log").arg(copy).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Answer { code: answer.status.code(), out: text(answer.stdout), err: text(answer.stderr) }
}

#[test]
fn a_copy_that_cannot_be_written_is_shown_verified_and_exported() {
    let house = House::new();
    small_log(&house);
    let head = house.open("anna").head(at(0)).unwrap();
    let copy = read_only_copy(&house);
    let before = fs::read(&copy).unwrap();

    let verified = ask(&copy, &["verify"]);
    assert_eq!(verified.code, Some(5), "{}{}", verified.out, verified.err);
    assert!(verified.out.contains("no head is known from outside"), "{}", verified.out);
    assert!(verified.out.contains("--expect SIZE:HASH"), "{}", verified.out);
    let paper = format!("{}:{}", head.size, head.root);
    assert_eq!(ask(&copy, &["verify", "--expect", &paper]).code, Some(0));

    let shown = ask(&copy, &["show"]);
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    assert!(shown.out.contains("which one?"), "{}", shown.out);
    assert_eq!(ask(&copy, &["prove", "3"]).code, Some(0));
    let exported = ask(&copy, &["export", "--to", "the auditor"]);
    assert_eq!(exported.code, Some(0), "{}", exported.err);
    assert!(exported.err.contains("not recorded"), "{}", exported.err);
    assert!(exported.out.contains(&format!("# head {paper}")), "{}", exported.out);
    // What would have to be written is refused, with the reason.
    assert_eq!(ask(&copy, &["checkpoint"]).code, Some(3));

    assert_eq!(fs::read(&copy).unwrap(), before);
    let names = fs::read_dir(copy.parent().unwrap()).unwrap().count();
    assert_eq!(names, 2, "nothing was made beside the copy");
    fs::set_permissions(copy.parent().unwrap(), Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_log_that_is_read_is_not_written_to() {
    let house = House::new();
    small_log(&house);
    let before = fs::read(house.log_file()).unwrap();
    fs::remove_file(house.log_file().with_extension("key")).unwrap();
    let mut log = AuditLog::read(&house.place(), coder("auditor")).unwrap();
    assert_eq!(log.standing(), &Standing::Reading);
    assert_eq!(log.history("N-1").unwrap().len(), 3);
    let error = log.end_session(&id(90), at(9)).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
    drop(log);
    assert_eq!(fs::read(house.log_file()).unwrap(), before);
    assert!(!house.log_file().with_extension("key").exists());
}
