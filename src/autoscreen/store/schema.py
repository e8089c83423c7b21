"""The tables of a review file, as SQL; what they mean to the program is said elsewhere."""

from __future__ import annotations

__all__ = ["FIRST"]

FIRST = """
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each version of the protocol that was ever in force; the newest is.
CREATE TABLE protocol (
  id INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  origin TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- starts = added + merged + already_there + lost
CREATE TABLE import_run (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  format TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  started TEXT NOT NULL,
  finished TEXT NOT NULL,
  starts INTEGER NOT NULL,
  added INTEGER NOT NULL,
  merged INTEGER NOT NULL,
  already_there INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  labels INTEGER NOT NULL,
  CHECK (starts = added + merged + already_there + lost)
) STRICT;
CREATE INDEX import_run_sha256 ON import_run (sha256);

CREATE TABLE problem (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES import_run (id),
  line INTEGER,
  record INTEGER,
  message TEXT NOT NULL,
  lost INTEGER NOT NULL CHECK (lost IN (0, 1))
) STRICT;
CREATE INDEX problem_import ON problem (import_id);

-- One row for each record of each file; only record_id ever changes.
CREATE TABLE source (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES import_run (id),
  ordinal INTEGER NOT NULL,
  record_id INTEGER NOT NULL REFERENCES record (id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (import_id, ordinal)
) STRICT;
CREATE INDEX source_record ON source (record_id);

-- What the file said, as JSON, and the record as it stood there, as zlib-compressed UTF-8. It has
-- a table of its own so that merging, which writes a row of source anew, does not write it too.
CREATE TABLE source_text (
  source_id INTEGER PRIMARY KEY REFERENCES source (id),
  content TEXT NOT NULL,
  raw_format TEXT NOT NULL,
  raw BLOB NOT NULL
) STRICT;

-- What is screened: a source, and those merged into it. Its id is that of the first of them.
-- view: the merged content as JSON; NULL while there is only one source.
CREATE TABLE record (
  id INTEGER PRIMARY KEY REFERENCES source (id),
  title TEXT NOT NULL,
  year INTEGER,
  pmid TEXT,
  doi TEXT,
  has_abstract INTEGER NOT NULL CHECK (has_abstract IN (0, 1)),
  decision_id INTEGER REFERENCES decision (id),
  view TEXT
) STRICT;
CREATE INDEX record_decision ON record (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX record_abstract ON record (has_abstract);

CREATE TABLE identifier (
  kind TEXT NOT NULL CHECK (kind IN ('pmid', 'doi')),
  value TEXT NOT NULL,
  source_id INTEGER NOT NULL REFERENCES source (id),
  PRIMARY KEY (kind, value, source_id)
) STRICT, WITHOUT ROWID;

-- By which duplicates are found; it can be made again from the source at any time.
CREATE TABLE match_key (
  source_id INTEGER PRIMARY KEY REFERENCES source (id),
  program TEXT NOT NULL,
  key TEXT NOT NULL
) STRICT;

-- The merges in force make a forest: each source is absorbed at most once, into an earlier one.
CREATE TABLE merge (
  id INTEGER PRIMARY KEY,
  kept INTEGER NOT NULL REFERENCES source (id),
  absorbed INTEGER NOT NULL REFERENCES source (id),
  import_id INTEGER REFERENCES import_run (id),
  evidence TEXT NOT NULL,
  at TEXT NOT NULL,
  undone_at TEXT,
  CHECK (kept < absorbed)
) STRICT;
CREATE UNIQUE INDEX merge_in_force ON merge (absorbed) WHERE undone_at IS NULL;
CREATE INDEX merge_kept ON merge (kept);

-- Pairs of sources that a person has parted; they never meet again by themselves.
CREATE TABLE apart (
  low INTEGER NOT NULL REFERENCES source (id),
  high INTEGER NOT NULL REFERENCES source (id),
  merge_id INTEGER NOT NULL REFERENCES merge (id),
  PRIMARY KEY (low, high),
  CHECK (low < high)
) STRICT, WITHOUT ROWID;

-- record_id: the record's id when it was decided, so that parting records parts their decisions.
-- A row with a label is a decision; a row without one withdraws the decision it names.
CREATE TABLE decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  record_id INTEGER NOT NULL REFERENCES source (id),
  reviewer TEXT NOT NULL,
  label TEXT CHECK (label IN ('include', 'exclude', 'unsure')),
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  at TEXT NOT NULL,
  rank INTEGER,
  score REAL,
  model TEXT NOT NULL,
  import_id INTEGER REFERENCES import_run (id),
  withdraws INTEGER UNIQUE REFERENCES decision (id),
  CHECK ((label IS NULL) = (withdraws IS NOT NULL))
) STRICT;
CREATE INDEX decision_record ON decision (record_id);
CREATE INDEX decision_reviewer ON decision (reviewer, id);

-- The newest order. records and scores: little-endian int64 and float64, best first.
CREATE TABLE ranking (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  model TEXT NOT NULL,
  decision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  at TEXT NOT NULL,
  records BLOB NOT NULL,
  scores BLOB NOT NULL
) STRICT;

-- Decisions that were not withdrawn.
CREATE VIEW standing AS
  SELECT * FROM decision WHERE label IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM decision AS later WHERE later.withdraws = decision.id);

-- Decisions and withdrawals, each with the record that holds its source now.
CREATE VIEW entry AS
  SELECT decision.id, decision.record_id, label, reviewer, reason, note, at, rank, score, model,
    withdraws, source.record_id AS held_by
  FROM decision JOIN source ON source.id = decision.record_id;

-- Records as they are screened, with the decision that stands.
CREATE VIEW screened AS
  SELECT record.id, coalesce(view, content) AS content, record.decision_id, decision.record_id,
    label, reviewer, reason, note, at, rank, score, model, withdraws
  FROM record JOIN source_text ON source_text.source_id = record.id
  LEFT JOIN decision ON decision.id = record.decision_id;

-- History is only ever added to.
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
  BEGIN SELECT raise(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER decision_kept BEFORE DELETE ON decision
  BEGIN SELECT raise(ABORT, 'decisions are only ever added'); END;
CREATE TRIGGER source_stays BEFORE UPDATE OF id, import_id, ordinal ON source
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER source_text_stays BEFORE UPDATE ON source_text
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER source_text_kept BEFORE DELETE ON source_text
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER source_kept BEFORE DELETE ON source
  BEGIN SELECT raise(ABORT, 'sources stay as they were read'); END;
CREATE TRIGGER merge_stays BEFORE UPDATE OF id, kept, absorbed, import_id, evidence, at ON merge
  BEGIN SELECT raise(ABORT, 'merges are undone, not changed'); END;
CREATE TRIGGER merge_kept_on_record BEFORE DELETE ON merge
  BEGIN SELECT raise(ABORT, 'merges are undone, not deleted'); END;
CREATE TRIGGER protocol_stays BEFORE UPDATE ON protocol
  BEGIN SELECT raise(ABORT, 'a protocol gets a new version'); END;
CREATE TRIGGER protocol_kept BEFORE DELETE ON protocol
  BEGIN SELECT raise(ABORT, 'a protocol gets a new version'); END;
"""
