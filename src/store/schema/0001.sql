-- Schema 1. Never edited: a later change is a file of its own.

CREATE TABLE event(
  seq       INTEGER PRIMARY KEY CHECK (seq >= 1),
  event_id  TEXT NOT NULL UNIQUE CHECK (length(event_id) = 36),
  body      TEXT NOT NULL CHECK (json_valid(body)),
  prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash      BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  sig       BLOB,
  kind      TEXT    GENERATED ALWAYS AS (json_extract(body,'$.kind'))     VIRTUAL,
  actor     TEXT    GENERATED ALWAYS AS (json_extract(body,'$.actor'))    VIRTUAL,
  note_key  TEXT    GENERATED ALWAYS AS (json_extract(body,'$.note.key')) VIRTUAL,
  amends    INTEGER GENERATED ALWAYS AS (json_extract(body,'$.amends'))   VIRTUAL
) STRICT;
CREATE INDEX event_note ON event(note_key, seq);
CREATE INDEX event_kind ON event(kind, seq);

CREATE TRIGGER event_guard BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq),0)+1 FROM event)
  OR NEW.prev_hash IS NOT coalesce((SELECT hash FROM event ORDER BY seq DESC LIMIT 1), zeroblob(32))
  OR EXISTS (SELECT 1 FROM event WHERE event_id = NEW.event_id OR hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'audit log: event does not extend the log'); END;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'audit log: append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'audit log: append-only'); END;

-- Free text: outside the hash, behind a salted commitment inside the hash.
CREATE TABLE event_text(
  seq   INTEGER NOT NULL REFERENCES event(seq),
  field TEXT NOT NULL CHECK (field NOT GLOB '*[^a-z_]*' AND length(field) > 0),
  salt  BLOB NOT NULL CHECK (length(salt) = 32),
  text  TEXT NOT NULL,
  PRIMARY KEY (seq, field)) STRICT, WITHOUT ROWID;
CREATE TRIGGER text_guard BEFORE INSERT ON event_text
WHEN NEW.seq IS NOT (SELECT max(seq) FROM event)
  OR EXISTS (SELECT 1 FROM event_text WHERE seq = NEW.seq AND field = NEW.field)
  OR json_extract((SELECT body FROM event WHERE seq = NEW.seq), '$.text.' || NEW.field) IS NULL
BEGIN SELECT RAISE(ABORT, 'audit log: text without commitment'); END;
CREATE TRIGGER text_no_update BEFORE UPDATE ON event_text
BEGIN SELECT RAISE(ABORT, 'audit log: append-only'); END;
CREATE TRIGGER text_delete_only_redacted BEFORE DELETE ON event_text
WHEN NOT EXISTS (SELECT 1 FROM event e WHERE e.kind = 'redact'
   AND json_extract(e.body,'$.target') = OLD.seq AND json_extract(e.body,'$.field') = OLD.field)
BEGIN SELECT RAISE(ABORT, 'audit log: append-only'); END;

-- Working state: never evidence, rebuilt from event at any time.
CREATE TABLE lease(
  note_key   TEXT NOT NULL,
  slot       INTEGER NOT NULL CHECK (slot BETWEEN 1 AND 9),
  owner      TEXT NOT NULL,
  fence      INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (note_key, slot)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX lease_one_slot_each ON lease(note_key, owner);
CREATE TRIGGER decision_needs_lease BEFORE INSERT ON event
WHEN json_extract(NEW.body,'$.kind') = 'decide' AND NOT EXISTS (
  SELECT 1 FROM lease l WHERE l.note_key = json_extract(NEW.body,'$.note.key')
    AND l.slot = json_extract(NEW.body,'$.slot') AND l.owner = json_extract(NEW.body,'$.actor')
    AND l.fence = json_extract(NEW.body,'$.fence'))
BEGIN SELECT RAISE(ABORT, 'lease lost'); END;

-- The decision that stands for each note and slot.
CREATE TABLE note_state(
  note_key TEXT NOT NULL,
  slot     INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  actor    TEXT NOT NULL,
  at       INTEGER NOT NULL,
  digest   TEXT NOT NULL,
  session  TEXT NOT NULL,
  PRIMARY KEY (note_key, slot)) STRICT, WITHOUT ROWID;
CREATE INDEX note_state_session ON note_state(session, seq);

CREATE TABLE flag_state(
  note_key TEXT NOT NULL PRIMARY KEY,
  seq      INTEGER NOT NULL,
  actor    TEXT NOT NULL,
  at       INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Warnings a coder has put aside; the place is in bytes of the note's text.
CREATE TABLE suppression(
  note_key   TEXT NOT NULL,
  rule       TEXT NOT NULL,
  byte_start INTEGER NOT NULL,
  byte_end   INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  PRIMARY KEY (note_key, rule, byte_start, byte_end)) STRICT, WITHOUT ROWID;
