//! Where a person was in a queue, kept by keys of notes: more notes may have come in meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::review::desk::NoteId;
use crate::review::draft::Choice;
use crate::review::resume::Resume;

/// The file of one coder and queue.
pub(super) struct Place {
    file: PathBuf,
}

/// What the file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// Key of the note at the cursor.
    note: Option<String>,
    /// Keys of marked notes.
    marks: BTreeSet<String>,
    /// Codes of drafts by key and segment.
    drafts: BTreeMap<String, KeptDraft>,
    /// The rest, which names no note.
    shown: Resume,
}

/// Codes chosen for the segments of one text.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeptDraft {
    /// Digest of the text; another text has other segments.
    digest: String,
    choices: BTreeMap<usize, Choice>,
}

impl Kept {
    /// Returns it by places of the queue; what is no longer there is left out.
    pub(super) fn resume(
        &self,
        id: impl Fn(&str) -> Option<NoteId>,
        digest: impl Fn(NoteId) -> Option<String>,
    ) -> Resume {
        Resume {
            note: self.note.as_deref().and_then(&id),
            marks: self.marks.iter().filter_map(|key| id(key)).collect(),
            drafts: self
                .drafts
                .iter()
                .filter_map(|(key, draft)| {
                    let id = id(key)?;
                    (digest(id)? == draft.digest).then(|| (id.0, draft.choices.clone()))
                })
                .collect(),
            ..self.shown.clone()
        }
    }
}

impl Place {
    /// Names the file of a coder and the paths of a queue; the name tells nothing of either.
    pub(super) fn new(state_dir: &Path, coder: &str, inputs: &[PathBuf]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(coder.as_bytes());
        for input in inputs {
            let path = std::path::absolute(input).unwrap_or_else(|_| input.clone());
            hasher.update([0]);
            hasher.update(path.as_os_str().as_encoded_bytes());
        }
        let name =
            hasher.finalize().iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte));
        Self { file: state_dir.join("places").join(format!("{name:016x}.json")) }
    }

    /// Reads the file; one that is not there or cannot be read is as good as none.
    pub(super) fn read(&self) -> Option<Kept> {
        serde_json::from_str(&fs::read_to_string(&self.file).ok()?).ok()
    }

    /// Writes the file whole, for its owner alone.
    ///
    /// `unmet` is what was read at the start, as long as not all notes are listed: marks and drafts of
    /// notes that did not come in yet stay in the file.
    pub(super) fn write(
        &self,
        resume: &Resume,
        unmet: Option<&Kept>,
        key: impl Fn(NoteId) -> String,
        digest: impl Fn(NoteId) -> Option<String>,
    ) -> io::Result<()> {
        let mut kept = Kept {
            note: resume.note.map(&key),
            marks: resume.marks.iter().map(|id| key(*id)).collect(),
            drafts: resume
                .drafts
                .iter()
                .filter_map(|(id, choices)| {
                    let id = NoteId(*id);
                    let draft = KeptDraft { digest: digest(id)?, choices: choices.clone() };
                    Some((key(id), draft))
                })
                .collect(),
            shown: Resume {
                note: None,
                marks: BTreeSet::new(),
                drafts: BTreeMap::new(),
                ..resume.clone()
            },
        };
        if let Some(before) = unmet {
            kept.marks.extend(before.marks.iter().cloned());
            for (key, draft) in &before.drafts {
                kept.drafts.entry(key.clone()).or_insert_with(|| draft.clone());
            }
        }
        let folder = self.file.parent().unwrap_or_else(|| Path::new("."));
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        // Temporary files are made with mode 0600, and keep it.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(serde_json::to_string_pretty(&kept)?.as_bytes())?;
        file.persist(&self.file).map_err(|lost| lost.error)?;
        Ok(())
    }
}
