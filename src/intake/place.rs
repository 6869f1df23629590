//! Where bytes lie: regular files that are safe to open, and bytes held in memory.

use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use super::problem::{Fault, Problem, tame};

/// Returns a path for messages.
pub(super) fn shown(path: &Path) -> String {
    tame(&path.to_string_lossy())
}

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Folder,
    /// With its length in bytes.
    Regular(u64),
    /// Opening it may block for ever or set a device in motion.
    Special(&'static str),
}

impl Kind {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let file_type = metadata.file_type();
        if file_type.is_dir() {
            Self::Folder
        } else if file_type.is_file() {
            Self::Regular(metadata.len())
        } else {
            Self::Special(special_name(file_type))
        }
    }
}

#[cfg(unix)]
fn special_name(file_type: fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special_name(_: fs::FileType) -> &'static str {
    "no regular file"
}

/// Says that a pipe, device or socket is left alone.
pub(super) fn special(name: &str) -> Fault {
    Fault::new(
        format!("is {name} and was not opened"),
        "leave it out; JSON lines from another program are read with `-`",
    )
}

/// Says that a note is over the limit.
pub(super) fn too_long(length: u64, limit: u64) -> Fault {
    Fault::new(
        format!("holds {} in one note; the limit is {}", megabytes(length), megabytes(limit)),
        "leave it out, or split it into one note each",
    )
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    if tenths.is_multiple_of(10) {
        format!("{} MB", tenths / 10)
    } else {
        format!("{}.{} MB", tenths / 10, tenths % 10)
    }
}

/// Says in plain words why the system refused.
pub(super) fn refused(error: &io::Error) -> Fault {
    match error.kind() {
        io::ErrorKind::NotFound => {
            Fault::new("is not there any more", "put it back, or list the notes again")
        }
        io::ErrorKind::PermissionDenied => {
            Fault::new("may not be read", "ask its owner for permission to read it")
        }
        _ => Fault::new(
            format!("cannot be read ({error})"),
            "check the disk or the network share, then try again",
        ),
    }
}

/// Opens a regular file; anything else is refused without waiting.
pub(super) fn open(path: &Path) -> Result<(File, u64), Fault> {
    let metadata = fs::metadata(path).map_err(|error| refused(&error))?;
    match Kind::of(&metadata) {
        Kind::Folder => return Err(Fault::new("is a folder", "name a file")),
        Kind::Special(name) => return Err(special(name)),
        Kind::Regular(_) => {}
    }
    let file = open_options().open(path).map_err(|error| refused(&error))?;
    // Looked at again: the path may lead elsewhere since the first look.
    let metadata = file.metadata().map_err(|error| refused(&error))?;
    match Kind::of(&metadata) {
        Kind::Regular(length) => Ok((file, length)),
        Kind::Folder | Kind::Special(_) => Err(special("no regular file")),
    }
}

#[cfg(unix)]
fn open_options() -> fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let mut options = fs::OpenOptions::new();
    let no_wait = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    options.read(true).custom_flags(no_wait);
    options
}

#[cfg(not(unix))]
fn open_options() -> fs::OpenOptions {
    let mut options = fs::OpenOptions::new();
    options.read(true);
    options
}

/// Reads a whole file of at most `limit` bytes.
pub(super) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Fault> {
    let (file, length) = open(path)?;
    if length > limit {
        return Err(too_long(length, limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| refused(&error))?;
    if bytes.len() as u64 > limit {
        return Err(too_long(bytes.len() as u64, limit));
    }
    Ok(bytes)
}

/// Bytes that can be read at any offset by many threads at once.
#[derive(Debug, Clone)]
pub(super) enum Bytes {
    File(Arc<File>),
    Memory(Arc<[u8]>),
}

impl Bytes {
    /// Reads into the buffer from an offset; returns how much there was.
    pub(super) fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::File(file) => loop {
                match file_read_at(file, buffer, offset) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    done => return done,
                }
            },
            Self::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let length = buffer.len().min(bytes.len() - start);
                buffer[..length].copy_from_slice(&bytes[start..start + length]);
                Ok(length)
            }
        }
    }

    /// Returns a reader from an offset to the end.
    pub(super) fn from(&self, offset: u64) -> Tail {
        Tail { bytes: self.clone(), offset }
    }
}

#[cfg(unix)]
fn file_read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn file_read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// The rest of [`Bytes`] from an offset, with its own place.
#[derive(Debug)]
pub(super) struct Tail {
    bytes: Bytes,
    offset: u64,
}

impl Read for Tail {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read_at(buffer, self.offset)?;
        self.offset += read as u64;
        Ok(read)
    }
}

impl Seek for Tail {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let offset = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::Current(distance) => self.offset.checked_add_signed(distance),
            SeekFrom::End(_) => None,
        };
        self.offset = offset.ok_or(io::ErrorKind::Unsupported)?;
        Ok(self.offset)
    }
}

/// Returns the problem of a path.
pub(super) fn problem(path: &Path, fault: Fault) -> Problem {
    fault.at(shown(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_in_megabytes() {
        assert_eq!(megabytes(4_000_000), "4 MB");
        assert_eq!(megabytes(4_000_001), "4.1 MB");
        assert_eq!(megabytes(200_000_000), "200 MB");
    }

    #[test]
    fn memory_is_read_like_a_file() {
        let bytes = Bytes::Memory(Arc::from(&b"abcdef"[..]));
        let mut buffer = [0; 4];
        assert_eq!(bytes.read_at(&mut buffer, 4).unwrap(), 2);
        assert_eq!(&buffer[..2], b"ef");
        assert_eq!(bytes.read_at(&mut buffer, 9).unwrap(), 0);
        let mut rest = String::new();
        bytes.from(2).read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "cdef");
    }
}
