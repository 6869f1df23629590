//! Proofs for outsiders: checkpoints, one decision without the others, today's log from last month's.

use std::fmt::{self, Write as _};

use super::AuditLog;
use super::append::Recorded;
use super::chain::{Digest, event_hash};
use super::error::StoreError;
use super::events::{Draft, EventId, Kind, Stamp};
use super::tree;

/// First line of a proof, by the C2SP format `tlog-proof`.
const PROOF_HEADER: &str = "c2sp.org/tlog-proof@v1";

/// An event with all that its hash covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvedEvent {
    /// Number, from 1.
    pub seq: u64,
    /// Id.
    pub event_id: String,
    /// Hash of the event before.
    pub prev_hash: Digest,
    /// Canonical body.
    pub body: String,
}

impl ProvedEvent {
    /// Returns the hash of the event, made anew.
    pub fn hash(&self) -> Digest {
        event_hash(self.seq, &self.event_id, &self.prev_hash, &self.body)
    }
}

/// A proof that one event stands in the log, without any other event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The event.
    pub event: ProvedEvent,
    /// The proof as text in the C2SP format `tlog-proof`: index, hashes, checkpoint.
    pub text: String,
}

/// What a proof claims the log to be: its head at the time of proving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Origin line of the log.
    pub origin: String,
    /// Number of events.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Digest,
}

impl Proof {
    /// Reads a proof as it is written out; `None` if it is none.
    pub fn read(text: &str) -> Option<Self> {
        let (proof, event) = text.split_once("\nevent ")?;
        let mut lines = event.lines();
        let seq = lines.next()?.parse().ok()?;
        let mut named = |name| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let event = ProvedEvent {
            seq,
            event_id: named("id")?.to_owned(),
            prev_hash: Digest::from_hex(named("prev")?)?,
            body: {
                named("hash")?;
                named("body")?.to_owned()
            },
        };
        let proof = Self { event, text: proof.to_owned() };
        // One spelling: a wrong hash, or words behind the body, make it another text.
        (proof.to_string() == text).then_some(proof)
    }

    /// Returns what the proof claims the log to be, if it holds.
    pub fn claim(&self) -> Option<Claim> {
        let Parts { index, hashes, claim } = parse(&self.text)?;
        let leaf = tree::leaf_hash(self.event.hash().as_bytes());
        let holds = self.event.seq == index + 1
            && tree::check_inclusion(leaf, index, claim.size, &hashes, &claim.root);
        holds.then_some(claim)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ProvedEvent { seq, event_id, prev_hash, body } = &self.event;
        let hash = self.event.hash();
        let text = &self.text;
        writeln!(
            f,
            "{text}\nevent {seq}\nid {event_id}\nprev {prev_hash}\nhash {hash}\nbody {body}"
        )
    }
}

/// The body of a checkpoint, by the C2SP format `tlog-checkpoint`.
pub fn checkpoint_text(origin: &str, size: u64, root: &Digest) -> String {
    format!("{origin}\n{size}\n{}\n", base64(root.as_bytes()))
}

/// Checks a proof: the event is the one at its index in the tree of the checkpoint.
pub fn check_proof(proof: &Proof) -> bool {
    proof.claim().is_some()
}

struct Parts {
    index: u64,
    hashes: Vec<Digest>,
    claim: Claim,
}

/// Reads index, hashes and checkpoint.
fn parse(text: &str) -> Option<Parts> {
    let mut lines = text.lines();
    (lines.next()? == PROOF_HEADER).then_some(())?;
    let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
    let hashes = lines.by_ref().take_while(|line| !line.is_empty());
    let hashes = hashes.map(from_base64).collect::<Option<Vec<_>>>()?;
    let claim = Claim {
        origin: lines.next()?.to_owned(),
        size: lines.next()?.parse().ok()?,
        root: from_base64(lines.next()?)?,
    };
    // The checkpoint ends with a blank line; signatures of it are not made here.
    lines.eq([""]).then_some(Parts { index, hashes, claim })
}

impl AuditLog {
    /// Returns the origin line of this log's checkpoints.
    pub fn origin(&self) -> String {
        format!("rubric/log/{}", self.log_id)
    }

    fn tree(&self) -> Result<tree::Tree, StoreError> {
        let leaves = self
            .conn
            .prepare("SELECT hash FROM event ORDER BY seq")
            .and_then(|mut rows| {
                rows.query_map([], |row| Ok(tree::leaf_hash(&row.get::<_, [u8; 32]>(0)?)))?
                    .collect()
            })
            .map_err(self.context.sqlite())?;
        Ok(tree::Tree::new(leaves))
    }

    /// Proves that one event stands in the log.
    pub fn prove(&self, seq: i64) -> Result<Proof, StoreError> {
        let missing = || StoreError::WrongEvent { seq, why: "is not in the log" };
        let tree = self.tree()?;
        let size = tree.size();
        let index = usize::try_from(seq - 1).map_err(|_| missing())?;
        let hashes = tree.inclusion_proof(index, size).ok_or_else(missing)?;
        let root = tree.root(size).ok_or_else(missing)?;
        let mut text = format!("{PROOF_HEADER}\nindex {index}\n");
        for hash in hashes {
            let _ = writeln!(text, "{}", base64(hash.as_bytes()));
        }
        text.push('\n');
        text.push_str(&checkpoint_text(&self.origin(), size as u64, &root));
        text.push('\n');
        let event = self
            .conn
            .query_row("SELECT event_id, prev_hash, body FROM event WHERE seq = ?1", [seq], |row| {
                Ok(ProvedEvent {
                    seq: seq.unsigned_abs(),
                    event_id: row.get(0)?,
                    prev_hash: Digest::new(row.get(1)?),
                    body: row.get(2)?,
                })
            })
            .map_err(self.context.sqlite())?;
        Ok(Proof { event, text })
    }

    /// Returns the hashes that prove that the log of `old` events grew into the log of `new` events.
    pub fn prove_growth(&self, old: usize, new: usize) -> Result<Option<Vec<Digest>>, StoreError> {
        Ok(self.tree()?.consistency_proof(old, new))
    }

    /// Makes a checkpoint of all events before it, and records it.
    pub fn checkpoint(
        &mut self,
        event_id: &EventId,
        at: Stamp,
    ) -> Result<(Recorded, String), StoreError> {
        let head = self.head(at)?;
        let draft = Draft::new(event_id, Kind::Checkpoint)
            .with("origin", self.origin())
            .with("size", head.size)
            .with("root", head.root);
        let recorded = self.write(|writer| writer.append(draft, at))?;
        // A retry must not give out a second checkpoint: the recorded one is the checkpoint.
        let event = super::append::read_event(&self.conn, self.context.sqlite(), recorded.seq)?;
        let size = event.int("/size", "size")?.unsigned_abs();
        let root = Digest::from_hex(event.text("/root", "root")?)
            .ok_or(StoreError::Unreadable { seq: recorded.seq, field: "root" })?;
        Ok((recorded, checkpoint_text(&self.origin(), size, &root)))
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes bytes in base64 with padding.
fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let block = chunk.iter().fold(0_u32, |block, byte| block << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            let six = (block >> (18 - 6 * digit)) & 63;
            text.push(if digit <= chunk.len() { char::from(ALPHABET[six as usize]) } else { '=' });
        }
    }
    text
}

/// Reads a hash of 32 bytes in base64; only the one spelling that [`base64`] writes.
fn from_base64(text: &str) -> Option<Digest> {
    let mut bytes = Vec::with_capacity(33);
    let mut block = 0_u32;
    for (i, digit) in text.bytes().take_while(|digit| *digit != b'=').enumerate() {
        let six = ALPHABET.iter().position(|known| *known == digit)?;
        block = block << 6 | u32::try_from(six).ok()?;
        if i % 4 == 3 {
            bytes.extend_from_slice(&block.to_be_bytes()[1..]);
            block = 0;
        }
    }
    // 32 bytes are ten whole blocks and two bytes in three digits.
    bytes.extend_from_slice(&(block << 6).to_be_bytes()[1..3]);
    let digest = Digest::from_slice(&bytes)?;
    (base64(digest.as_bytes()) == text).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoint_of_the_published_vector() {
        let root = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";
        let text = checkpoint_text("rubric.example/log/demo", 8, &Digest::from_hex(root).unwrap());
        assert_eq!(
            text,
            "rubric.example/log/demo\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n"
        );
    }

    #[test]
    fn base64_reads_only_what_it_writes() {
        let digest = Digest::new(std::array::from_fn(|i| u8::try_from(i * 7).unwrap()));
        let text = base64(digest.as_bytes());
        assert_eq!(from_base64(&text), Some(digest));
        assert_eq!(from_base64(&text[1..]), None);
        assert_eq!(from_base64(text.trim_end_matches('=')), None);
        assert_eq!(base64(b"a"), "YQ==");
        assert_eq!(base64(b"ab"), "YWI=");
        assert_eq!(base64(b"abc"), "YWJj");
    }
}
