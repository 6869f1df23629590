//! The installation key: 32 secret bytes that turn a note's text into a digest nobody can guess back.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::chain::{hex, length_prefix};
use super::error::StoreError;
use super::place;

/// A note as the log knows it: its key and a digest of its text, never the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NoteRef {
    /// Key that the note's source gives it.
    pub key: String,
    /// Keyed digest of the decoded text, from [`InstallationKey::digest`], hex.
    pub digest: String,
}

/// The key of this installation.
///
/// It lies beside the log as `<log name>.key` (mode 0600), so that everybody who works on one log
/// makes the same digests, and it is no part of the database, so a copy of the database alone
/// does not allow to guess notes from digests. Lost, digests can no longer be compared; the chain
/// still verifies, and a new key joins by a `key.add` event.
#[derive(Clone, PartialEq, Eq)]
pub struct InstallationKey {
    secret: [u8; 32],
    id: String,
}

impl InstallationKey {
    /// Takes 32 secret bytes.
    pub fn from_bytes(secret: [u8; 32]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(length_prefix(b"rubric.key-id/1"));
        hasher.update(b"rubric.key-id/1");
        hasher.update(secret);
        let id = format!("k{}", &hex(&hasher.finalize())[..16]);
        Self { secret, id }
    }

    /// Returns where the key of a log lies.
    pub fn path_for(log: &Path) -> PathBuf {
        log.with_extension("key")
    }

    /// Reads the key of a log, or makes one if there is none.
    pub fn load_or_create(log: &Path) -> Result<Self, StoreError> {
        let path = Self::path_for(log);
        match Self::load(&path)? {
            Some(key) => Ok(key),
            None => Self::create(&path),
        }
    }

    /// Reads the key beside a log that is only read; one made up if there is none, to no effect.
    pub(crate) fn beside(log: &Path) -> Result<Self, StoreError> {
        let found = fs::read(Self::path_for(log)).ok();
        let secret = found.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
        secret.map_or_else(random_bytes, Ok).map(Self::from_bytes)
    }

    /// Reads a key file; `None` if there is no such file.
    pub fn load(path: &Path) -> Result<Option<Self>, StoreError> {
        let unusable = |why: String| StoreError::KeyFile { path: path.to_path_buf(), why };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unusable(error.to_string())),
        };
        place::make_private(path)?;
        let secret = <[u8; 32]>::try_from(bytes.as_slice())
            .map_err(|_| unusable(format!("holds {} bytes, not 32", bytes.len())))?;
        Ok(Some(Self::from_bytes(secret)))
    }

    fn create(path: &Path) -> Result<Self, StoreError> {
        let unusable = |error: io::Error| StoreError::KeyFile {
            path: path.to_path_buf(),
            why: error.to_string(),
        };
        let folder = place::folder_of(path);
        let secret = random_bytes()?;
        let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(unusable)?;
        file.write_all(&secret).map_err(unusable)?;
        file.as_file().sync_all().map_err(unusable)?;
        match file.persist_noclobber(path) {
            Ok(_) => {}
            // Another process was faster: its key is the key.
            Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(lost) => return Err(unusable(lost.error)),
        }
        place::sync_folder(&folder).map_err(unusable)?;
        Self::load(path)?.ok_or_else(|| unusable(io::Error::from(io::ErrorKind::NotFound)))
    }

    /// Returns the id of the key as it stands in events; it tells nothing of the key.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns the digest of a note's decoded text, hex.
    pub fn digest(&self, text: &str) -> String {
        // HMAC pads a short key with zeros to its block of 64 bytes.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.secret);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        for part in [b"rubric.note/1".as_slice(), text.as_bytes()] {
            mac.update(&length_prefix(part));
            mac.update(part);
        }
        hex(&mac.finalize().into_bytes())
    }

    /// Returns the note as the log knows it.
    pub fn note(&self, key: &str, text: &str) -> NoteRef {
        NoteRef { key: key.to_owned(), digest: self.digest(text) }
    }
}

impl fmt::Debug for InstallationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstallationKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Returns 32 bytes from the system's random source.
pub(crate) fn random_bytes() -> Result<[u8; 32], StoreError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Random { why: error.to_string() })?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_digest_equals_the_published_vector() {
        let key = InstallationKey::from_bytes(std::array::from_fn(|i| u8::try_from(i).unwrap()));
        assert_eq!(
            key.digest("Sit to stand x10 from 17 inch chair."),
            "682f727936da26a9153b5894fa4eab67517d907f8ee884bc633d8b448a1975cd"
        );
        assert!(!format!("{key:?}").contains("0, 1, 2"));
    }
}
