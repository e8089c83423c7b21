"""The tables of the screening page, as SQL; what they mean to the program is said elsewhere."""

from __future__ import annotations

__all__ = ["PAGES"]

PAGES = """
-- The key under which a page handed in a decision or withdrawal. A page that did not hear the
-- answer hands the same in again, and nothing is added twice.
CREATE TABLE handed_in (
  key TEXT PRIMARY KEY,
  decision_id INTEGER NOT NULL REFERENCES decision (id)
) STRICT, WITHOUT ROWID;

-- Tags that readers put on a record and took off again; the newest row of a tag tells.
CREATE TABLE tagging (
  id INTEGER PRIMARY KEY,
  record_id INTEGER NOT NULL REFERENCES source (id),
  tag TEXT NOT NULL,
  is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;
CREATE INDEX tagging_record ON tagging (record_id);

CREATE TRIGGER tagging_stays BEFORE UPDATE ON tagging
  BEGIN SELECT raise(ABORT, 'tags are only ever added to'); END;
CREATE TRIGGER tagging_kept BEFORE DELETE ON tagging
  BEGIN SELECT raise(ABORT, 'tags are only ever added to'); END;
"""
