//! Where a log may lie: folders, file systems, and modes that keep others out.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use etcetera::BaseStrategy as _;

use super::error::StoreError;

/// File name of the log in the user's data folder.
pub const LOG_NAME: &str = "rubric-log.sqlite";

/// Where one log and what is remembered about it lie.
#[derive(Debug, Clone)]
pub struct LogPlace {
    /// The database file.
    pub log: PathBuf,
    /// Folder of this coder's own state: heads are remembered here, outside of the log.
    pub state_dir: PathBuf,
    /// Folder for receipts, which may lie on another computer: heads in it are witnesses too.
    pub receipts: Option<PathBuf>,
    /// Tells the kind of file system a folder lies on.
    pub probe: fn(&Path) -> io::Result<FileSystem>,
    /// How long a write waits for other programs before it gives up.
    pub patience: Duration,
}

impl LogPlace {
    /// Names a log and a state folder on this computer.
    pub fn new(log: impl Into<PathBuf>, state_dir: impl Into<PathBuf>) -> Self {
        Self {
            log: log.into(),
            state_dir: state_dir.into(),
            receipts: None,
            probe: file_system,
            patience: Duration::from_secs(5),
        }
    }
}

/// Returns where the log lies unless a person names another place.
pub fn default_log_path() -> Result<PathBuf, StoreError> {
    let base = etcetera::choose_base_strategy().map_err(|_| StoreError::NoHome)?;
    Ok(base.data_dir().join("rubric").join(LOG_NAME))
}

/// Returns where heads and other state of this coder lie.
pub fn default_state_dir() -> Result<PathBuf, StoreError> {
    let base = etcetera::choose_base_strategy().map_err(|_| StoreError::NoHome)?;
    Ok(base.state_dir().unwrap_or_else(|| base.data_dir()).join("rubric"))
}

/// What kind of file system a folder lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    /// A disk of this computer, as far as can be told.
    Local,
    /// A share or a layer that other computers may write to; named.
    Network(&'static str),
    /// A folder that a program copies to other computers; the program is named.
    Copied(&'static str),
}

impl FileSystem {
    /// Reads the magic number that Linux gives a file system.
    pub fn from_magic(magic: u64) -> Self {
        const NETWORK: [(u64, &str); 10] = [
            (0x6969, "an NFS share"),
            (0x517b, "an SMB share"),
            (0xff53_4d42, "a CIFS share"),
            (0xfe53_4d42, "an SMB share"),
            (0x0102_1997, "a 9p share"),
            (0x6573_5546, "a FUSE file system"),
            (0x5346_414f, "an AFS share"),
            (0x00c3_6400, "a Ceph file system"),
            (0x7375_7245, "a Coda file system"),
            (0x786f_4256, "a VirtualBox share"),
        ];
        // Some systems give the number as a signed 32-bit value.
        let magic = magic & 0xffff_ffff;
        NETWORK
            .iter()
            .find(|(number, _)| *number == magic)
            .map_or(Self::Local, |(_, name)| Self::Network(name))
    }
}

/// Tells what kind of place a folder is.
pub fn file_system(folder: &Path) -> io::Result<FileSystem> {
    match disk_under(folder)? {
        FileSystem::Local => {}
        other => return Ok(other),
    }
    Ok(super::synced::copied_by(folder).map_or(FileSystem::Local, FileSystem::Copied))
}

/// Asks the system for the kind of file system under a folder.
#[cfg(target_os = "linux")]
fn disk_under(folder: &Path) -> io::Result<FileSystem> {
    let answer = rustix::fs::statfs(folder)?;
    #[expect(clippy::cast_sign_loss, reason = "only the low 32 bits are compared")]
    Ok(FileSystem::from_magic(answer.f_type as u64))
}

/// Looks at the name of a folder: `\\\\server\\share` tells, a letter given to a share does not.
#[cfg(not(target_os = "linux"))]
fn disk_under(folder: &Path) -> io::Result<FileSystem> {
    use std::path::{Component, Prefix};

    let first = folder.canonicalize()?.components().next().map(|part| match part {
        Component::Prefix(prefix) => {
            matches!(prefix.kind(), Prefix::UNC(..) | Prefix::VerbatimUNC(..))
        }
        _ => false,
    });
    let share = FileSystem::Network("a share of another computer");
    Ok(if first == Some(true) { share } else { FileSystem::Local })
}

/// Makes the folder of a log, refuses shares, and closes folder and files to others.
pub(crate) fn prepare(place: &LogPlace) -> Result<(), StoreError> {
    let folder = folder_of(&place.log);
    make_folder(&folder)?;
    match (place.probe)(&folder) {
        Ok(FileSystem::Local) => {}
        Ok(FileSystem::Network(kind)) => {
            return Err(StoreError::NetworkFileSystem { path: folder, kind });
        }
        Ok(FileSystem::Copied(client)) => {
            return Err(StoreError::CopiedFolder { path: folder, client });
        }
        Err(error) => return Err(StoreError::Io { path: folder, why: error.to_string() }),
    }
    close_folder(&folder, &place.log)?;
    close_files(&place.log)
}

/// Returns the folder of a file; the current one for a bare name.
pub(crate) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Makes a folder that only its owner may enter, if it is not there.
pub(crate) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| StoreError::Io { path: folder.to_path_buf(), why: error.to_string() })
}

/// Makes the entries of a folder survive a power cut.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Makes the entries of a folder survive a power cut; the system does so by itself here.
#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Returns the log, its side files and its key.
fn files_of(log: &Path) -> [PathBuf; 4] {
    let with = |suffix: &str| {
        let mut name = log.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    [log.to_path_buf(), with("-wal"), with("-shm"), super::key::InstallationKey::path_for(log)]
}

/// Tells whether changes lie beside a log that are not in it yet.
pub(crate) fn has_side_file(log: &Path) -> bool {
    let [_, wal, ..] = files_of(log);
    fs::metadata(wal).is_ok_and(|facts| facts.len() > 0)
}

/// Tells whether a log may be written to where it lies, as far as modes and medium go.
#[cfg(unix)]
pub fn is_writable(log: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(log, Access::WRITE_OK).is_ok() && access(folder_of(log), Access::WRITE_OK).is_ok()
}

/// Tells whether a log may be written to where it lies, as far as modes and medium go.
#[cfg(not(unix))]
pub fn is_writable(log: &Path) -> bool {
    fs::metadata(log).is_ok_and(|facts| !facts.permissions().readonly())
}

/// Closes the log and its side files to others.
pub(crate) fn close_files(log: &Path) -> Result<(), StoreError> {
    files_of(log).iter().filter(|file| file.exists()).try_for_each(|file| make_private(file))
}

#[cfg(unix)]
fn close_folder(folder: &Path, log: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    const OWN_FOLDER: &str = "give the log a folder of its own: --log FOLDER/rubric-log.sqlite";
    let failed =
        |error: io::Error| StoreError::Io { path: folder.to_path_buf(), why: error.to_string() };
    let unsafe_place = |why: &str| StoreError::UnsafePlace {
        path: folder.to_path_buf(),
        why: why.to_owned(),
        remedy: OWN_FOLDER,
    };
    let facts = fs::metadata(folder).map_err(failed)?;
    let mode = facts.mode() & 0o7777;
    if is_private(mode) {
        return Ok(());
    }
    let ours = facts.uid() == rustix::process::geteuid().as_raw();
    if ours && holds_only(folder, log).map_err(failed)? {
        return fs::set_permissions(folder, fs::Permissions::from_mode(mode & 0o700))
            .map_err(|_| unsafe_place("others may enter this folder, and it cannot be closed"));
    }
    // A folder that serves other purposes too is not closed behind its owner's back: the files
    // themselves are private. But nobody else may be able to put another file in their place,
    // which the sticky bit of a folder for all (as /tmp) prevents too.
    let sticky = mode & 0o1000 != 0;
    if sticky || (ours && mode & 0o022 == 0) {
        return Ok(());
    }
    Err(unsafe_place("others may write to this folder and could replace the log"))
}

#[cfg(not(unix))]
fn close_folder(_folder: &Path, _log: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Tells whether a folder holds nothing but the log and its side files.
#[cfg(unix)]
fn holds_only(folder: &Path, log: &Path) -> io::Result<bool> {
    let own: Vec<_> =
        files_of(log).iter().filter_map(|file| file.file_name().map(ToOwned::to_owned)).collect();
    for entry in fs::read_dir(folder)? {
        if !own.contains(&entry?.file_name()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Tells whether a mode gives nothing to group and others.
#[cfg(unix)]
fn is_private(mode: u32) -> bool {
    mode.trailing_zeros() >= 6
}

/// Takes all permissions from others.
#[cfg(unix)]
pub(crate) fn make_private(file: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::PermissionsExt as _;

    let failed = |error: io::Error| StoreError::UnsafePlace {
        path: file.to_path_buf(),
        why: format!("others may read this file, and it cannot be closed: {error}"),
        remedy: "make yourself its owner and set its mode to 0600",
    };
    let mode = match fs::metadata(file) {
        Ok(facts) => facts.permissions().mode() & 0o7777,
        // A side file may go away between two looks.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
    };
    if is_private(mode) {
        return Ok(());
    }
    fs::set_permissions(file, fs::Permissions::from_mode(mode & 0o700)).map_err(failed)
}

#[cfg(not(unix))]
pub(crate) fn make_private(_file: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Makes a file's bytes survive a power cut.
pub(crate) fn sync_file(file: &Path) -> io::Result<()> {
    File::options().read(true).write(true).open(file)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_told_from_disks() {
        assert_eq!(FileSystem::from_magic(0xef53), FileSystem::Local);
        assert_eq!(FileSystem::from_magic(0x6969), FileSystem::Network("an NFS share"));
        assert_eq!(FileSystem::from_magic(0xff53_4d42), FileSystem::Network("a CIFS share"));
        assert_eq!(
            FileSystem::from_magic(0xffff_ffff_ff53_4d42),
            FileSystem::Network("a CIFS share")
        );
    }
}
