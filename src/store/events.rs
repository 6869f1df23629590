//! Events: their ids, kinds and bodies, and who and when stand behind them.

use std::fmt;

use serde_json::{Map, Value};

use super::canonical::from_canonical;
use super::error::StoreError;

/// Id of an event: a UUID of version 7, chosen before the write, so that a retry is a no-op.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(String);

impl EventId {
    /// Chooses a new id from the clock and the system's random source.
    pub fn now() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }

    /// Makes an id from UTC milliseconds and ten random bytes.
    pub fn from_parts(utc_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(utc_ms, &random).into_uuid().to_string())
    }

    /// Reads an id in its usual lower-case form.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        Self::number(text).map(|_| Self(text.to_owned())).ok_or(StoreError::NoEventId)
    }

    /// Reads an id in its usual lower-case form as a number; ids sort as their numbers do.
    pub(crate) fn number(text: &str) -> Option<u128> {
        const VERSION: usize = 14;
        let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
        if bytes[VERSION] != b'7' || [8, 13, 18, 23].iter().any(|at| bytes[*at] != b'-') {
            return None;
        }
        let parts = [&bytes[..8], &bytes[9..13], &bytes[14..18], &bytes[19..23], &bytes[24..]];
        let mut number = 0;
        let mut wrong = 0;
        for part in parts {
            let mut short: u64 = 0;
            for byte in part {
                let digit = match byte {
                    b'0'..=b'9' => byte - b'0',
                    b'a'..=b'f' => byte - b'a' + 10,
                    _ => u8::MAX,
                };
                wrong |= digit;
                short = short << 4 | u64::from(digit & 15);
            }
            number = number << (part.len() * 4) | u128::from(short);
        }
        if wrong > 15 {
            return None;
        }
        Some(number)
    }

    /// Returns the id as text of 36 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A moment as this computer's clock tells it; it never orders events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp {
    /// UTC milliseconds since 1970.
    pub utc_ms: i64,
    /// Minutes that local time is ahead of UTC.
    pub offset_minutes: i32,
}

impl Stamp {
    /// Names a moment in UTC.
    pub const fn utc(utc_ms: i64) -> Self {
        Self { utc_ms, offset_minutes: 0 }
    }
}

/// Who records: passed in, never asked from the system here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coder {
    /// Name of the coder in the log.
    pub id: String,
    /// User of the operating system; it stands beside the coder's own word.
    pub os_user: String,
    /// Id of the computer.
    pub host: String,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What an event is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Returns the name as it stands in the log.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Reads a kind as it stands in the log.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// The log begins.
    Open = "open",
    /// The schema of the log changed.
    Migrate = "migrate",
    /// A checkpoint was made.
    Checkpoint = "checkpoint",
    /// The log was verified, with the result.
    Verify = "verify",
    /// A policy changed.
    PolicyChange = "policy.change",
    /// An installation key joined.
    KeyAdd = "key.add",
    /// An installation key was given up.
    KeyRevoke = "key.revoke",
    /// The log goes on elsewhere; the last event.
    Moved = "moved",
    /// A backup was made and verified.
    Backup = "backup",
    /// A session began.
    SessionStart = "session.start",
    /// A session ended.
    SessionEnd = "session.end",
    /// The screen was locked.
    SessionLock = "session.lock",
    /// A list of notes was taken in.
    FrameImport = "frame.import",
    /// A sample was drawn.
    SampleDraw = "sample.draw",
    /// A note was taken.
    LeaseTake = "lease.take",
    /// A hold was made longer.
    LeaseRenew = "lease.renew",
    /// A note was given back.
    LeaseRelease = "lease.release",
    /// A hold ran out.
    LeaseExpire = "lease.expire",
    /// A hold was taken from its owner, with a reason.
    LeaseSteal = "lease.steal",
    /// A decision on a note.
    Decide = "decide",
    /// Another decision in place of an earlier one.
    Amend = "amend",
    /// A decision taken back.
    Withdraw = "withdraw",
    /// Two answers settled.
    Adjudicate = "adjudicate",
    /// A note flagged, with a question.
    Flag = "flag",
    /// A flag taken off.
    Unflag = "unflag",
    /// A warning put aside.
    Suppress = "suppress",
    /// A warning brought back.
    Unsuppress = "unsuppress",
    /// A note was opened.
    View = "view",
    /// Data left the house.
    Export = "export",
    /// A text was removed.
    Redact = "redact",
}

/// What is to be recorded; the log adds who, when, where and the hashes.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) id: EventId,
    pub(crate) kind: Kind,
    pub(crate) fields: Map<String, Value>,
    /// Free texts by field name (`[a-z_]+`); only their commitments are hashed.
    pub(crate) texts: Vec<(&'static str, String)>,
}

impl Draft {
    pub(crate) fn new(id: &EventId, kind: Kind) -> Self {
        Self { id: id.clone(), kind, fields: Map::new(), texts: Vec::new() }
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a free text unless there is none.
    #[must_use]
    pub(crate) fn with_text(mut self, name: &'static str, text: Option<&str>) -> Self {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.texts.push((name, text.to_owned()));
        }
        self
    }
}

/// The body of an event of the log, read.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) body: Value,
}

impl Event {
    /// Reads a row; the body must be in its canonical spelling.
    pub(crate) fn read(seq: i64, id: String, body: &str) -> Result<Self, StoreError> {
        let body = from_canonical(body).ok_or(StoreError::Unreadable { seq, field: "body" })?;
        Ok(Self { seq, id, body })
    }

    pub(crate) fn kind(&self) -> Result<Kind, StoreError> {
        self.text("/kind", "kind").and_then(|kind| {
            Kind::parse(kind).ok_or(StoreError::Unreadable { seq: self.seq, field: "kind" })
        })
    }

    /// Returns the text at a JSON pointer.
    pub(crate) fn text(&self, pointer: &str, field: &'static str) -> Result<&str, StoreError> {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .ok_or(StoreError::Unreadable { seq: self.seq, field })
    }

    /// Returns the whole number at a JSON pointer.
    pub(crate) fn int(&self, pointer: &str, field: &'static str) -> Result<i64, StoreError> {
        self.body
            .pointer(pointer)
            .and_then(Value::as_i64)
            .ok_or(StoreError::Unreadable { seq: self.seq, field })
    }

    /// Returns the review slot; events without one speak of slot 1.
    pub(crate) fn slot(&self) -> Result<u8, StoreError> {
        match self.body.get("slot") {
            None => Ok(1),
            Some(slot) => slot
                .as_u64()
                .and_then(|slot| u8::try_from(slot).ok())
                .filter(|slot| (1..=9).contains(slot))
                .ok_or(StoreError::Unreadable { seq: self.seq, field: "slot" }),
        }
    }

    pub(crate) fn stamp(&self) -> Result<Stamp, StoreError> {
        let offset = self.body.get("offset").and_then(Value::as_i64).unwrap_or(0);
        Ok(Stamp {
            utc_ms: self.int("/at", "at")?,
            offset_minutes: i32::try_from(offset).unwrap_or(0),
        })
    }

    /// Returns a part of the body as a value of the program.
    pub(crate) fn part<T: serde::de::DeserializeOwned>(
        &self,
        pointer: &str,
        field: &'static str,
    ) -> Result<T, StoreError> {
        let part = self.body.pointer(pointer).cloned().unwrap_or(Value::Null);
        serde_json::from_value(part).map_err(|_| StoreError::Unreadable { seq: self.seq, field })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_seven() {
        let id = EventId::from_parts(1_767_225_600_000, [7; 10]);
        assert_eq!(EventId::parse(id.as_str()).unwrap(), id);
        assert!(EventId::parse("01890000-0000-4000-8000-000000000001").is_err());
        assert!(EventId::parse(&id.as_str().to_uppercase()).is_err());
        let now = EventId::now();
        let uuid = uuid::Uuid::parse_str(now.as_str()).unwrap();
        assert_eq!(EventId::number(now.as_str()), Some(uuid.as_u128()));
        assert!(EventId::parse("018900000-000-7000-8000-000000000001").is_err());
    }

    #[test]
    fn kinds_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        }
    }
}
