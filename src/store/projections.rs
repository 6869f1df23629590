//! Projections: what stands for each note, told by its events alone and rebuilt from them at any time.

use std::collections::BTreeMap;
use std::rc::Rc;

use rusqlite::{Connection, Row, params};

use super::append::read_body;
use super::error::StoreError;
use super::events::{Event, Kind};
use super::facts::Facts;
use super::slots::Slots;

/// The decision that stands for a note and slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DecisionRow {
    pub(crate) seq: i64,
    pub(crate) kind: Rc<str>,
    pub(crate) actor: Rc<str>,
    pub(crate) at: i64,
    pub(crate) digest: Box<str>,
    pub(crate) session: Rc<str>,
}

impl DecisionRow {
    fn of(facts: &Facts<'_>, words: &mut Words) -> Result<Self, StoreError> {
        Ok(Self {
            seq: facts.seq,
            kind: words.keep(facts.told(facts.decision_kind.as_deref(), "decision")?),
            actor: words.keep(facts.told(facts.actor.as_deref(), "actor")?),
            at: facts.told(facts.at, "at")?,
            digest: facts.told(facts.digest.as_deref(), "note")?.into(),
            session: words.keep(facts.session.as_deref().unwrap_or("")),
        })
    }
}

/// Who holds a note in a slot, or held it last: then `expires_at` has passed or is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeaseRow {
    pub(crate) owner: Rc<str>,
    pub(crate) fence: i64,
    pub(crate) expires_at: i64,
}

/// An event that set something, and who did it when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MarkRow {
    pub(crate) seq: i64,
    pub(crate) actor: Rc<str>,
    pub(crate) at: i64,
}

/// A warning's place: rule, first byte, byte past the last.
pub(crate) type WarningPlace = (String, i64, i64);

/// Names that come again and again, each kept once.
#[derive(Debug, Default)]
pub(crate) struct Words(Vec<Rc<str>>);

impl Words {
    /// So many different ones are looked for; the rest is kept as it comes.
    const MOST: usize = 64;

    pub(crate) fn keep(&mut self, word: &str) -> Rc<str> {
        if let Some(at) = self.0.iter().position(|known| **known == *word) {
            return Rc::clone(&self.0[at]);
        }
        let word: Rc<str> = word.into();
        if self.0.len() == Self::MOST {
            self.0.remove(0);
        }
        self.0.push(Rc::clone(&word));
        word
    }
}

/// All that the projections say of one note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct NoteProjection {
    pub(crate) decisions: Slots<DecisionRow>,
    pub(crate) leases: Slots<LeaseRow>,
    pub(crate) flag: Option<MarkRow>,
    pub(crate) suppressed: BTreeMap<WarningPlace, (i64, Rc<str>)>,
}

impl NoteProjection {
    /// Takes one event in. `earlier` reads the body of an event that the new one points back to.
    pub(crate) fn apply(
        &mut self,
        facts: &Facts<'_>,
        words: &mut Words,
        earlier: impl Fn(i64) -> Result<String, StoreError>,
    ) -> Result<(), StoreError> {
        let slot = facts.told(facts.slot, "slot")?;
        let actor = facts.told(facts.actor.as_deref(), "actor");
        match facts.told(facts.kind, "kind")? {
            Kind::Decide => {
                let fence = facts.told(facts.fence, "fence")?;
                if self.leases.get(slot).is_none_or(|lease| lease.fence != fence) {
                    let lease = LeaseRow { owner: words.keep(actor?), fence, expires_at: 0 };
                    self.leases.insert(slot, lease);
                }
                self.decisions.insert(slot, DecisionRow::of(facts, words)?);
            }
            Kind::Amend => self.decisions.insert(slot, DecisionRow::of(facts, words)?),
            Kind::Withdraw => {
                let seq = facts.told(facts.amends, "amends")?;
                let body = earlier(seq)?;
                let taken_back = walked(seq, &body)?;
                if taken_back.kind == Some(Kind::Amend) {
                    let seq = taken_back.told(taken_back.amends, "amends")?;
                    let body = earlier(seq)?;
                    self.decisions.insert(slot, DecisionRow::of(&walked(seq, &body)?, words)?);
                } else {
                    self.decisions.remove(slot);
                }
            }
            Kind::LeaseTake | Kind::LeaseRenew | Kind::LeaseSteal => {
                let fence = facts.told(facts.fence, "fence")?;
                let expires_at = facts.told(facts.until, "until")?;
                self.leases.insert(slot, LeaseRow { owner: words.keep(actor?), fence, expires_at });
            }
            Kind::LeaseRelease | Kind::LeaseExpire => {
                if let Some(lease) = self.leases.get_mut(slot) {
                    lease.expires_at = 0;
                }
            }
            Kind::Flag => {
                let at = facts.told(facts.at, "at")?;
                self.flag = Some(MarkRow { seq: facts.seq, actor: words.keep(actor?), at });
            }
            Kind::Unflag => self.flag = None,
            Kind::Suppress => {
                self.suppressed.insert(warning_place(facts)?, (facts.seq, words.keep(actor?)));
            }
            Kind::Unsuppress => {
                self.suppressed.remove(&warning_place(facts)?);
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes a new event into the tables, inside the transaction that appends it.
    ///
    /// `told` is what they say of a note now, if it was read in this transaction already.
    pub(crate) fn advance(
        conn: &Connection,
        sorted: impl Fn(rusqlite::Error) -> StoreError + Copy,
        event: &Event,
        told: Option<(String, Self)>,
    ) -> Result<(), StoreError> {
        let facts = event.facts();
        let Some(key) = facts.note_key.as_deref() else { return Ok(()) };
        let before = match told {
            Some((of, note)) if of == key => note,
            _ => Self::load(conn, key).map_err(sorted)?,
        };
        let mut note = before.clone();
        note.apply(&facts, &mut Words::default(), |seq| read_body(conn, sorted, seq))?;
        note.save(&before, conn, key).map_err(sorted)
    }

    /// Reads the rows of one note.
    pub(crate) fn load(conn: &Connection, key: &str) -> rusqlite::Result<Self> {
        let mut note = Self::default();
        for table in TABLES {
            let mut rows = conn.prepare_cached(&format!("{} WHERE note_key = ?1", table.select))?;
            let mut rows = rows.query([key])?;
            while let Some(row) = rows.next()? {
                (table.take)(&mut note, row)?;
            }
        }
        Ok(note)
    }

    /// Puts the rows of one note in place of those from `before`; what did not change is not touched.
    pub(crate) fn save(&self, before: &Self, conn: &Connection, key: &str) -> rusqlite::Result<()> {
        if self.decisions != before.decisions {
            if before.decisions.len() > 0 {
                conn.prepare_cached("DELETE FROM note_state WHERE note_key = ?1")?
                    .execute([key])?;
            }
            for (slot, row) in self.decisions.iter() {
                conn.prepare_cached("INSERT INTO note_state VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")?
                    .execute(params![
                        key,
                        slot,
                        row.seq,
                        row.kind,
                        row.actor,
                        row.at,
                        row.digest,
                        row.session
                    ])?;
            }
        }
        if self.leases != before.leases {
            if before.leases.len() > 0 {
                conn.prepare_cached("DELETE FROM lease WHERE note_key = ?1")?.execute([key])?;
            }
            for (slot, row) in self.leases.iter() {
                conn.prepare_cached("INSERT INTO lease VALUES (?1,?2,?3,?4,?5)")?
                    .execute(params![key, slot, row.owner, row.fence, row.expires_at])?;
            }
        }
        if self.flag != before.flag {
            conn.prepare_cached("DELETE FROM flag_state WHERE note_key = ?1")?.execute([key])?;
            if let Some(row) = &self.flag {
                conn.prepare_cached("INSERT INTO flag_state VALUES (?1,?2,?3,?4)")?
                    .execute(params![key, row.seq, row.actor, row.at])?;
            }
        }
        if self.suppressed != before.suppressed {
            conn.prepare_cached("DELETE FROM suppression WHERE note_key = ?1")?.execute([key])?;
            for ((rule, start, end), (seq, actor)) in &self.suppressed {
                conn.prepare_cached("INSERT INTO suppression VALUES (?1,?2,?3,?4,?5,?6)")?
                    .execute(params![key, rule, start, end, seq, actor])?;
            }
        }
        Ok(())
    }
}

fn walked(seq: i64, body: &str) -> Result<Facts<'_>, StoreError> {
    Facts::scan(seq, "", body).ok_or(StoreError::Unreadable { seq, field: "body" })
}

fn warning_place(facts: &Facts<'_>) -> Result<WarningPlace, StoreError> {
    Ok((
        facts.told(facts.rule.as_deref(), "rule")?.to_owned(),
        facts.told(facts.start, "start")?,
        facts.told(facts.end, "end")?,
    ))
}

/// A table of the projections; the first column is the key of the note.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// Reads all columns.
    pub(crate) select: &'static str,
    /// Columns of the primary key, which is the order of the rows.
    pub(crate) order: &'static str,
    /// Takes one row into what is said of its note.
    take: fn(&mut NoteProjection, &Row<'_>) -> rusqlite::Result<()>,
    /// Counts the rows that a note has.
    pub(crate) count: fn(&NoteProjection) -> usize,
    /// Tells whether a row is this one of the rows that a note has, counted from 0 in their order.
    pub(crate) is: fn(&NoteProjection, usize, &Row<'_>) -> rusqlite::Result<bool>,
}

/// All tables of the projections.
pub(crate) const TABLES: [Table; 4] = [
    Table {
        name: "note_state",
        select: "SELECT note_key, slot, seq, kind, actor, at, digest, session FROM note_state",
        order: "note_key, slot",
        take: |note, row| {
            let decision = DecisionRow {
                seq: row.get(2)?,
                kind: row.get(3)?,
                actor: row.get(4)?,
                at: row.get(5)?,
                digest: row.get(6)?,
                session: row.get(7)?,
            };
            note.decisions.insert(row.get(1)?, decision);
            Ok(())
        },
        count: |note| note.decisions.len(),
        is: |note, at, row| {
            let Some((slot, told)) = note.decisions.nth(at) else { return Ok(false) };
            Ok(slot == row.get::<_, u8>(1)?
                && told.seq == row.get::<_, i64>(2)?
                && *told.kind == *row.get_ref(3)?.as_str()?
                && *told.actor == *row.get_ref(4)?.as_str()?
                && told.at == row.get::<_, i64>(5)?
                && *told.digest == *row.get_ref(6)?.as_str()?
                && *told.session == *row.get_ref(7)?.as_str()?)
        },
    },
    Table {
        name: "lease",
        select: "SELECT note_key, slot, owner, fence, expires_at FROM lease",
        order: "note_key, slot",
        take: |note, row| {
            let lease =
                LeaseRow { owner: row.get(2)?, fence: row.get(3)?, expires_at: row.get(4)? };
            note.leases.insert(row.get(1)?, lease);
            Ok(())
        },
        count: |note| note.leases.len(),
        is: |note, at, row| {
            let Some((slot, told)) = note.leases.nth(at) else { return Ok(false) };
            Ok(slot == row.get::<_, u8>(1)?
                && *told.owner == *row.get_ref(2)?.as_str()?
                && told.fence == row.get::<_, i64>(3)?
                && told.expires_at == row.get::<_, i64>(4)?)
        },
    },
    Table {
        name: "flag_state",
        select: "SELECT note_key, seq, actor, at FROM flag_state",
        order: "note_key",
        take: |note, row| {
            note.flag = Some(MarkRow { seq: row.get(1)?, actor: row.get(2)?, at: row.get(3)? });
            Ok(())
        },
        count: |note| usize::from(note.flag.is_some()),
        is: |note, at, row| {
            let row = MarkRow { seq: row.get(1)?, actor: row.get(2)?, at: row.get(3)? };
            Ok(at == 0 && note.flag.as_ref() == Some(&row))
        },
    },
    Table {
        name: "suppression",
        select: "SELECT note_key, rule, byte_start, byte_end, seq, actor FROM suppression",
        order: "note_key, rule, byte_start, byte_end",
        take: |note, row| {
            let place = (row.get(1)?, row.get(2)?, row.get(3)?);
            note.suppressed.insert(place, (row.get(4)?, row.get(5)?));
            Ok(())
        },
        count: |note| note.suppressed.len(),
        is: |note, at, row| {
            let place: WarningPlace = (row.get(1)?, row.get(2)?, row.get(3)?);
            let mark: (i64, Rc<str>) = (row.get(4)?, row.get(5)?);
            Ok(note.suppressed.iter().nth(at) == Some((&place, &mark)))
        },
    },
];
