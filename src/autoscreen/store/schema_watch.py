"""The tables of the watch, as SQL; `monitor` says how they are used."""

from __future__ import annotations

__all__ = ["WATCH"]

WATCH = """
-- One row for each time the watch began. It is over when it has a row in watch_end; one without
-- broke off, and so does not count as having looked. ok: it told what it found; whole: it also saw
-- all that it had asked for, and only then are its days covered.
-- since, until: days of entry, both included; empty for update files.
-- base: the newest source, and decision: the newest decision, before it began.
CREATE TABLE watch_run (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  query TEXT NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  base INTEGER NOT NULL,
  decision INTEGER NOT NULL,
  started TEXT NOT NULL
) STRICT;

CREATE TABLE watch_end (
  run_id INTEGER PRIMARY KEY REFERENCES watch_run (id),
  ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
  whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
  detail TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

-- What a run asked a database, as PRISMA-S wants it told.
-- date_type: edat for the days of entry, mdat for those of the newest change.
CREATE TABLE watch_search (
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  date_type TEXT NOT NULL,
  platform TEXT NOT NULL,
  query TEXT NOT NULL,
  translation TEXT NOT NULL,
  warnings TEXT NOT NULL,
  found INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (run_id, date_type)
) STRICT, WITHOUT ROWID;

-- A piece of news, noted as soon as it is seen and before anything is done about it.
-- subject: a PMID, or the id of a record without one. key: what makes it news, once.
CREATE TABLE finding (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  key TEXT NOT NULL,
  detail TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (kind, subject, key)
) STRICT;
CREATE INDEX finding_subject ON finding (subject);

-- That it was told, and in the digest of which run. alert: whether it was told as one to read.
CREATE TABLE announcement (
  finding_id INTEGER PRIMARY KEY REFERENCES finding (id),
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  alert INTEGER NOT NULL CHECK (alert IN (0, 1)),
  score REAL
) STRICT;

-- Files that a run was about to write. Those of a run that broke off were never announced.
CREATE TABLE watch_digest (
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  path TEXT NOT NULL,
  PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;

-- Messages to be sent, as they go out but for the recipients, and that they were.
CREATE TABLE watch_mail (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  recipients TEXT NOT NULL,
  message BLOB NOT NULL
) STRICT;
CREATE TABLE watch_mail_sent (
  mail_id INTEGER PRIMARY KEY REFERENCES watch_mail (id),
  at TEXT NOT NULL
) STRICT;

-- Update files that were read to the end. The key comes first: some versions of SQLite take a sound
-- table for damaged if it is STRICT, WITHOUT ROWID and begins with another column.
CREATE TABLE watch_file (
  name TEXT NOT NULL,
  md5 TEXT NOT NULL,
  run_id INTEGER NOT NULL REFERENCES watch_run (id),
  PRIMARY KEY (name, md5)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER watch_run_stays BEFORE UPDATE ON watch_run
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER watch_end_stays BEFORE UPDATE ON watch_end
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER watch_search_stays BEFORE UPDATE ON watch_search
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER watch_search_kept BEFORE DELETE ON watch_search
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER finding_stays BEFORE UPDATE ON finding
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER finding_kept BEFORE DELETE ON finding
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER announcement_stays BEFORE UPDATE ON announcement
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
CREATE TRIGGER announcement_kept BEFORE DELETE ON announcement
  BEGIN SELECT raise(ABORT, 'what was watched is only ever added to'); END;
"""
