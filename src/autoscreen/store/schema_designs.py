"""The column that remembers which study designs a record has, as SQL."""

from __future__ import annotations

__all__ = ["DESIGNS"]

DESIGNS = """
-- The study designs of a record, parted and framed by commas (',review,animal,'; ',' for none);
-- NULL until somebody looked, and again when what the record says changes. The program can work
-- them out at any time; meta tells as 'designs' by which version of it that was done.
ALTER TABLE record ADD COLUMN designs TEXT;
CREATE INDEX record_designs ON record (designs);
CREATE TRIGGER record_designs_change AFTER UPDATE OF view ON record
  BEGIN UPDATE record SET designs = NULL WHERE id = new.id; END;
INSERT INTO meta VALUES ('designs', '');
"""
