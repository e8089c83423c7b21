"""The tables of double screening, as SQL; what they mean to the program is said elsewhere."""

from __future__ import annotations

__all__ = ["SCREENING"]

SCREENING = """
-- Which share of the records two reviewers read; the newest row is in force. Records first
-- decided after the decision noted here follow it; those before follow the row before.
CREATE TABLE double_screening (
  id INTEGER PRIMARY KEY,
  share REAL NOT NULL CHECK (share BETWEEN 0 AND 1),
  seed INTEGER NOT NULL,
  reviewer TEXT NOT NULL,
  at TEXT NOT NULL,
  decision INTEGER NOT NULL
) STRICT;

-- Decisions by which a conflict was resolved.
CREATE TABLE resolution (
  decision_id INTEGER PRIMARY KEY REFERENCES decision (id)
) STRICT;

-- pending: one of two reviewers has decided; conflict: they differ and nobody has resolved it.
-- Such a record has no label.
ALTER TABLE record ADD COLUMN open TEXT CHECK (open IN ('pending', 'conflict'));
CREATE INDEX record_open ON record (open) WHERE open IS NOT NULL;

-- Decisions that stand, with the record that holds them now, for the rule of double screening.
CREATE VIEW voice AS
  SELECT source.record_id AS held_by, standing.id, standing.reviewer, standing.label,
    standing.import_id IS NOT NULL AS imported,
    EXISTS (SELECT 1 FROM resolution WHERE decision_id = standing.id) AS resolves
  FROM standing JOIN source ON source.id = standing.record_id;

CREATE TRIGGER double_screening_stays BEFORE UPDATE ON double_screening
  BEGIN SELECT raise(ABORT, 'double screening gets a new setting'); END;
CREATE TRIGGER double_screening_kept BEFORE DELETE ON double_screening
  BEGIN SELECT raise(ABORT, 'double screening gets a new setting'); END;
CREATE TRIGGER resolution_stays BEFORE UPDATE ON resolution
  BEGIN SELECT raise(ABORT, 'resolutions are only ever added'); END;
CREATE TRIGGER resolution_kept BEFORE DELETE ON resolution
  BEGIN SELECT raise(ABORT, 'resolutions are only ever added'); END;
"""
