//! Folders that a program copies to other computers: a log in use would be copied half written.

use std::ffi::OsStr;
use std::path::Path;

/// Names that folders of such programs have, in small letters, and how the program is called.
const NAMES: [(&str, &str); 9] = [
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud drive", "iCloud Drive"),
    ("com~apple~clouddocs", "iCloud Drive"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("box sync", "Box"),
];

/// Files and folders that such programs leave in the folder they copy.
const MARKS: [(&str, &str); 5] = [
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".stfolder", "Syncthing"),
];

/// Names the program that copies a folder to other computers, as far as can be told.
pub(super) fn copied_by(folder: &Path) -> Option<&'static str> {
    let folder = folder.canonicalize().ok()?;
    let named = folder.components().find_map(|part| by_name(part.as_os_str()));
    let marked = || {
        let mark = |folder: &Path| {
            MARKS.iter().find(|(mark, _)| folder.join(mark).exists()).map(|(_, client)| *client)
        };
        folder.ancestors().find_map(mark)
    };
    named.or_else(marked)
}

/// A folder is named as the program, alone or with an account behind it: `OneDrive - Clinic`.
fn by_name(name: &OsStr) -> Option<&'static str> {
    let name = name.to_str()?.to_lowercase();
    let fits = |known: &&(&str, &str)| {
        let rest = name.strip_prefix(known.0);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" (") || rest.starts_with(" -"))
    };
    NAMES.iter().find(fits).map(|(_, client)| *client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_sync_clients_are_told_by_name_and_by_mark() {
        for (name, client) in [
            ("Dropbox", Some("Dropbox")),
            ("OneDrive - Clinic", Some("OneDrive")),
            ("Dropbox (Personal)", Some("Dropbox")),
            ("dropboxes", None),
            ("records", None),
        ] {
            assert_eq!(by_name(OsStr::new(name)), client, "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        assert_eq!(copied_by(&inner), None);
        std::fs::create_dir(folder.path().join(".stfolder")).unwrap();
        assert_eq!(copied_by(&inner), Some("Syncthing"));
    }
}
