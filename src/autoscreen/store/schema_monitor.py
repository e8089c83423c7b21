"""The tables of searches and watches, as SQL."""

from __future__ import annotations

__all__ = ["MONITOR"]

MONITOR = """
-- Each search of a database, as PRISMA-S wants it told: the exact query, what the database made of
-- it, when, through what, with which limits, and how many records it found.
-- kind: 'query', or 'pmids' for records asked for by their identifiers.
-- found: what the database counted; hits are listed in search_hit, which may be fewer.
-- warnings: what the database said about the query, a JSON list of strings.
-- status: 'running' until all was asked for; then 'done', or 'partial' if records did not come;
-- 'incomplete' if they did not come a second time either; 'abandoned' if another search took over.
CREATE TABLE search (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('query', 'pmids')),
  database TEXT NOT NULL,
  platform TEXT NOT NULL,
  query TEXT NOT NULL,
  translation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  date_type TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  found INTEGER NOT NULL,
  slices INTEGER NOT NULL,
  started TEXT NOT NULL,
  finished TEXT,
  status TEXT NOT NULL
    CHECK (status IN ('running', 'done', 'partial', 'incomplete', 'abandoned')),
  program TEXT NOT NULL
) STRICT;

-- The records that a search found, in its order. content: the record as zlib-compressed XML while
-- it waits to be imported; import_id: the import that brought it in.
CREATE TABLE search_hit (
  search_id INTEGER NOT NULL REFERENCES search (id),
  ordinal INTEGER NOT NULL,
  pmid TEXT NOT NULL,
  content BLOB,
  import_id INTEGER REFERENCES import_run (id),
  PRIMARY KEY (search_id, ordinal),
  UNIQUE (search_id, pmid),
  CHECK (content IS NULL OR import_id IS NULL)
) STRICT;

CREATE TRIGGER search_stays
  BEFORE UPDATE OF id, kind, database, platform, query, translation, warnings, date_type, since,
    until, found, slices, started, program ON search
  BEGIN SELECT raise(ABORT, 'searches stay as they were made'); END;
CREATE TRIGGER search_kept BEFORE DELETE ON search
  BEGIN SELECT raise(ABORT, 'searches stay as they were made'); END;
CREATE TRIGGER search_hit_stays BEFORE UPDATE OF search_id, ordinal, pmid ON search_hit
  BEGIN SELECT raise(ABORT, 'what a search found stays'); END;
CREATE TRIGGER search_hit_kept BEFORE DELETE ON search_hit
  BEGIN SELECT raise(ABORT, 'what a search found stays'); END;
"""
