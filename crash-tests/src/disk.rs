//! The disks that a power cut could leave: what was made durable, and any part of what was not.

use std::collections::BTreeMap;
use std::path::Path;

use crate::vfs::Op;

/// A seeded generator of its own, so that a failure can be made again.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Begins with a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Says yes in `quarters` of four cases.
    fn quarters(&mut self, quarters: u64) -> bool {
        self.next() % 4 < quarters
    }
}

/// Which of the operations that were not made durable survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survivors {
    /// None.
    None,
    /// All.
    All,
    /// Each with one half, torn.
    Half,
    /// All but the last, which survives with one half, torn.
    AllButLast,
    /// Each with three quarters, torn.
    MostOf,
}

impl Survivors {
    /// All of them.
    pub const EACH: [Self; 5] = [Self::None, Self::All, Self::Half, Self::AllButLast, Self::MostOf];

    fn survives(self, chance: &mut Chance, last: bool) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Half => chance.quarters(2),
            Self::AllButLast => !last || chance.quarters(2),
            Self::MostOf => chance.quarters(3),
        }
    }

    fn tears(self) -> bool {
        matches!(self, Self::Half | Self::AllButLast | Self::MostOf)
    }
}

#[derive(Debug, Clone)]
enum Pending {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

/// One file as it goes under a name.
#[derive(Debug, Clone, Default)]
struct Content {
    durable: Option<Vec<u8>>,
    pending: Vec<Pending>,
}

/// What stands under a name, and what may come back there if an unlink is forgotten.
#[derive(Debug, Clone, Default)]
struct Name {
    current: Option<Content>,
    fallback: Option<Vec<u8>>,
    /// Whether the folder has not been made durable since the file was made in it.
    new: bool,
}

/// A folder of files between the program and the platters.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    names: BTreeMap<String, Name>,
    /// Renamings since the folder was made durable: from, to.
    renamed: Vec<(String, String)>,
}

impl Disk {
    /// Begins with files that are durable.
    #[must_use]
    pub fn with(files: BTreeMap<String, Vec<u8>>) -> Self {
        let name = |bytes| Name {
            current: Some(Content { durable: Some(bytes), pending: Vec::new() }),
            fallback: None,
            new: false,
        };
        let names = files.into_iter().map(|(key, bytes)| (key, name(bytes))).collect();
        Self { names, renamed: Vec::new() }
    }

    /// Takes one operation of a trace.
    pub fn apply(&mut self, op: &Op) {
        match op {
            Op::Open { name, .. } => {
                let name = self.names.entry(name.clone()).or_default();
                name.new |= name.current.is_none();
                name.current.get_or_insert_default();
            }
            Op::Rename { from, to } => {
                if let Some(file) = self.names.remove(from) {
                    self.names.insert(to.clone(), file);
                    self.renamed.push((from.clone(), to.clone()));
                }
            }
            Op::SyncFolder => self.sync_folder(),
            Op::Write { name, offset, bytes } => {
                self.pending(name).push(Pending::Write(*offset, bytes.clone()));
            }
            Op::Truncate { name, size } => self.pending(name).push(Pending::Truncate(*size)),
            Op::Sync { name: key } => {
                let name = self.names.entry(key.clone()).or_default();
                let content = name.current.get_or_insert_default();
                let mut bytes = content.durable.take().unwrap_or_default();
                content.pending.drain(..).for_each(|op| carry_out(&mut bytes, &op, None));
                content.durable = Some(bytes);
                name.fallback = None;
                // With the first sync of a journal it made, SQLite makes the folder durable too.
                if name.new && is_journal(key) {
                    self.sync_folder();
                }
            }
            Op::Delete { name, synced } => {
                let name = self.names.entry(name.clone()).or_default();
                let gone = name.current.take().and_then(|content| content.durable);
                name.fallback = if *synced { None } else { gone.or(name.fallback.take()) };
            }
            Op::Ack(_) => {}
        }
    }

    fn sync_folder(&mut self) {
        self.names.values_mut().for_each(|name| name.new = false);
        self.renamed.clear();
    }

    fn pending(&mut self, name: &str) -> &mut Vec<Pending> {
        let name = self.names.entry(name.to_owned()).or_default();
        &mut name.current.get_or_insert_default().pending
    }

    /// Returns the files after a power cut; shared memory is never among them.
    #[must_use]
    pub fn after_power_cut(
        &self,
        survivors: Survivors,
        chance: &mut Chance,
    ) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        for (key, name) in self.names.iter().filter(|(key, _)| !key.ends_with("-shm")) {
            if let Some(bytes) = name.after(survivors, chance) {
                files.insert(key.clone(), bytes);
            }
        }
        for (from, to) in self.renamed.iter().rev() {
            if !survivors.survives(chance, true)
                && let Some(bytes) = files.remove(to)
            {
                files.insert(from.clone(), bytes);
            }
        }
        files
    }
}

fn is_journal(name: &str) -> bool {
    name.ends_with("-wal") || name.ends_with("-journal")
}

impl Name {
    fn after(&self, survivors: Survivors, chance: &mut Chance) -> Option<Vec<u8>> {
        let Some(content) = &self.current else {
            // The unlink survives, or it does not.
            return if survivors.survives(chance, true) { None } else { self.fallback.clone() };
        };
        // What is durable in a file is lost with its place in the folder.
        if self.new && !survivors.survives(chance, true) {
            return self.fallback.clone();
        }
        let mut bytes = match &content.durable {
            Some(bytes) => bytes.clone(),
            None if survivors.survives(chance, false) => Vec::new(),
            None => return self.fallback.clone(),
        };
        let last = content.pending.len().saturating_sub(1);
        for (i, op) in content.pending.iter().enumerate() {
            if survivors.survives(chance, i == last) {
                let tear = if survivors.tears() { Some(&mut *chance) } else { None };
                carry_out(&mut bytes, op, tear);
            }
        }
        Some(bytes)
    }
}

fn carry_out(file: &mut Vec<u8>, op: &Pending, tear: Option<&mut Chance>) {
    match op {
        Pending::Truncate(size) => file.resize(*size, 0),
        Pending::Write(offset, bytes) => {
            let mut length = bytes.len();
            if let Some(chance) = tear
                && chance.quarters(1)
            {
                let sectors = (length / 512) as u64;
                length = usize::try_from(chance.next() % (sectors + 1)).unwrap_or(0) * 512;
            }
            let end = offset + length;
            if file.len() < end {
                file.resize(end, 0);
            }
            file[*offset..end].copy_from_slice(&bytes[..length]);
        }
    }
}

/// Reads the files of a folder, to begin a disk with.
///
/// # Panics
///
/// If the folder cannot be read.
#[must_use]
pub fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry"))
        .map(|entry| {
            let name = entry.file_name().into_string().expect("name");
            (name, std::fs::read(entry.path()).expect("file"))
        })
        .filter(|(name, _)| !name.ends_with("-shm"))
        .collect()
}

/// Writes files into a folder, in place of all that is there.
///
/// # Panics
///
/// If the folder cannot be written.
pub fn lay_out(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).expect("folder");
    }
    std::fs::create_dir_all(folder).expect("folder");
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).expect("file");
    }
}
