"""The tables of audits, as SQL."""

from __future__ import annotations

__all__ = ["AUDIT"]

AUDIT = """
-- One row for each audit that was begun: a random order of the records that were unread then.
-- decision and epoch: the newest decision, and the state of the pool. found: relevant records
-- found before. draws: little-endian int64 record numbers in the order in which they are drawn.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  target REAL NOT NULL CHECK (target > 0 AND target < 1),
  confidence REAL NOT NULL CHECK (confidence > 0 AND confidence < 1),
  seed INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  found INTEGER NOT NULL,
  draws BLOB NOT NULL
) STRICT;

-- The end of an audit, with what was known then; an audit without a row here is going on.
CREATE TABLE audit_end (
  audit_id INTEGER PRIMARY KEY REFERENCES audit (id),
  at TEXT NOT NULL,
  reviewer TEXT NOT NULL,
  note TEXT NOT NULL,
  decision INTEGER NOT NULL,
  drawn INTEGER NOT NULL,
  finds INTEGER NOT NULL,
  proved INTEGER NOT NULL CHECK (proved IN (0, 1))
) STRICT;

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
  BEGIN SELECT raise(ABORT, 'audits stay as they were begun'); END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
  BEGIN SELECT raise(ABORT, 'audits stay as they were begun'); END;
CREATE TRIGGER audit_end_stays BEFORE UPDATE ON audit_end
  BEGIN SELECT raise(ABORT, 'the end of an audit stays as it was'); END;
CREATE TRIGGER audit_end_kept BEFORE DELETE ON audit_end
  BEGIN SELECT raise(ABORT, 'the end of an audit stays as it was'); END;
"""
