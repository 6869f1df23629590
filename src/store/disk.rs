//! Whether the disk under a log is encrypted, where the system tells.

use std::path::Path;

/// What the system says of the disk under a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// The system encrypts it.
    Encrypted,
    /// The system does not; the disk itself may.
    Plain,
    /// The system does not say.
    Unknown,
}

impl Encryption {
    /// Returns the word that stands in the first event of a log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Plain => "plain",
            Self::Unknown => "unknown",
        }
    }
}

/// Asks whether the disk under a file or folder is encrypted.
#[cfg(target_os = "linux")]
pub fn encryption(path: &Path) -> Encryption {
    use std::os::unix::fs::MetadataExt as _;

    let Ok(facts) = std::fs::metadata(path) else { return Encryption::Unknown };
    let (major, minor) = (rustix::fs::major(facts.dev()), rustix::fs::minor(facts.dev()));
    let device = format!("/sys/dev/block/{major}:{minor}");
    match Path::new(&device).canonicalize() {
        Ok(device) if is_encrypted(&device, 0) => Encryption::Encrypted,
        Ok(_) => Encryption::Plain,
        Err(_) => Encryption::Unknown,
    }
}

/// Asks whether the disk under a file or folder is encrypted; not told here.
#[cfg(not(target_os = "linux"))]
pub fn encryption(_path: &Path) -> Encryption {
    Encryption::Unknown
}

/// Looks at a device, and at those it is made of: a volume may lie on an encrypted disk.
#[cfg(target_os = "linux")]
fn is_encrypted(device: &Path, depth: u8) -> bool {
    const DEEPEST: u8 = 8;
    let named = std::fs::read_to_string(device.join("dm/uuid"));
    if named.is_ok_and(|name| name.starts_with("CRYPT-")) {
        return true;
    }
    let Ok(parts) = std::fs::read_dir(device.join("slaves")) else { return false };
    let mut parts = parts.flatten().peekable();
    depth < DEEPEST
        && parts.peek().is_some()
        && parts.all(|part| is_encrypted(&part.path(), depth + 1))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_volume_is_encrypted_where_all_it_lies_on_is() {
        let folder = tempfile::tempdir().unwrap();
        let device = |name: &str, uuid: &str| {
            let device = folder.path().join(name);
            std::fs::create_dir_all(device.join("dm")).unwrap();
            std::fs::create_dir_all(device.join("slaves")).unwrap();
            std::fs::write(device.join("dm/uuid"), uuid).unwrap();
            device
        };
        let plain = device("plain", "LVM-a");
        let crypt = device("crypt", "CRYPT-LUKS2-b");
        let volume = device("volume", "LVM-c");
        assert!(!is_encrypted(&plain, 0) && is_encrypted(&crypt, 0) && !is_encrypted(&volume, 0));
        std::os::unix::fs::symlink(&crypt, volume.join("slaves/one")).unwrap();
        assert!(is_encrypted(&volume, 0));
        std::os::unix::fs::symlink(&plain, volume.join("slaves/two")).unwrap();
        assert!(!is_encrypted(&volume, 0));
        std::os::unix::fs::symlink(&volume, volume.join("slaves/itself")).unwrap();
        assert!(!is_encrypted(&volume, 0), "and it comes to an end");
    }
}
