"""The tables by which people search a pool and label many records at once, as SQL."""

from __future__ import annotations

__all__ = ["BROWSE"]

BROWSE = """
-- The words of each source, to be searched. A source never changes, so that rows are only added;
-- meta tells as 'indexed' up to which source they were. The texts themselves are in source_text.
CREATE VIRTUAL TABLE source_words USING fts5 (
  title, abstract, author, journal, other,
  content = '', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO meta VALUES ('indexed', '0');

-- Only to put a large pool in order within a reader's patience.
CREATE INDEX record_title ON record (title COLLATE NOCASE);
CREATE INDEX record_year ON record (year);

-- One act by which many records were labelled: the decisions from first to last.
CREATE TABLE bulk (
  id INTEGER PRIMARY KEY,
  reviewer TEXT NOT NULL,
  label TEXT NOT NULL CHECK (label IN ('include', 'exclude', 'unsure')),
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  first INTEGER NOT NULL REFERENCES decision (id),
  last INTEGER NOT NULL REFERENCES decision (id),
  CHECK (first <= last)
) STRICT;
CREATE TRIGGER bulk_stays BEFORE UPDATE ON bulk
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;
CREATE TRIGGER bulk_kept BEFORE DELETE ON bulk
  BEGIN SELECT raise(ABORT, 'what was done is only ever added'); END;

-- Who changed the protocol, and why; empty for versions that came before this was asked.
ALTER TABLE protocol ADD COLUMN reviewer TEXT NOT NULL DEFAULT '';
ALTER TABLE protocol ADD COLUMN note TEXT NOT NULL DEFAULT '';
"""
