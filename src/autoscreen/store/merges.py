"""Merges of records, each with its evidence, and their undoing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from autoscreen.errors import InputError
from autoscreen.store.database import Database, Row
from autoscreen.store.pool import changed
from autoscreen.store.record_merging import join, rebuild
from autoscreen.store.stored_values import MergeEntry, show_id

_SELECT = (
    "SELECT merge.id, kept, absorbed, evidence, at, undone_at,"
    " json_extract(one.content, '$.title'), json_extract(other.content, '$.title') FROM merge"
    " JOIN source_text AS one ON one.source_id = kept"
    " JOIN source_text AS other ON other.source_id = absorbed"
    " JOIN source ON source.id = absorbed"
    " WHERE (?1 IS NULL OR merge.id = ?1)"
    " AND (?2 IS NULL OR undone_at IS NULL AND source.record_id = ?2) ORDER BY merge.id"
)
_BELOW = (
    "WITH RECURSIVE below (id) AS (VALUES (?) UNION"
    " SELECT absorbed FROM merge JOIN below ON kept = below.id WHERE undone_at IS NULL)"
    " SELECT id FROM below ORDER BY id"
)


class Merges:
    """The merges of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def join(self, pairs: Iterable[tuple[int, int, str]], *, import_id: int | None = None) -> int:
        """Merge pairs of records and give how many merges that took."""
        with self._db.writing():
            count = join(self._db, pairs, import_id)
            if count:
                changed(self._db)
        return count

    def undo(self, number: int) -> MergeEntry:
        """
        Part what a merge joined; both sides get their own sources and decisions back.

        They are never merged again by themselves.
        """
        db = self._db
        with db.writing():
            merge = db.row("SELECT kept, absorbed, undone_at FROM merge WHERE id = ?", number)
            if merge is None:
                raise InputError(
                    f"{db.path}: there is no merge {number}", hint="see: autoscreen merges"
                )
            _, absorbed, undone_at = merge
            if undone_at is not None:
                raise InputError(f"{db.path}: merge {number} was undone already, at {undone_at}")
            head = int(db.value("SELECT record_id FROM source WHERE id = ?", absorbed))
            self._part(number, head, absorbed)
            rebuild(db, [head, absorbed])
            changed(db)
        return self.get(number)

    def all(self) -> list[MergeEntry]:
        """Return all merges, also the undone ones, oldest first."""
        return [_merge(row) for row in self._db.rows(_SELECT, None, None)]

    def get(self, number: int) -> MergeEntry:
        """Return one merge by its number."""
        return _merge(self._db.rows(_SELECT, number, None)[0])

    def in_force(self) -> int:
        """Count the merges that were not undone."""
        return int(self._db.value("SELECT count(*) FROM merge WHERE undone_at IS NULL"))

    def of(self, number: int) -> list[MergeEntry]:
        """Return the current merges that made a record, oldest first."""
        return [_merge(row) for row in self._db.rows(_SELECT, None, number)]

    def links(self, among: Collection[int]) -> list[tuple[int, int]]:
        """Return the pairs of these sources that the merges in force hold together."""
        return self._pairs(
            "SELECT kept, absorbed FROM merge WHERE undone_at IS NULL"
            " AND absorbed IN (SELECT value FROM json_each(?)) ORDER BY id",
            among,
        )

    def apart(self, among: Collection[int]) -> list[tuple[int, int]]:
        """Return the pairs of these sources that a person has separated."""
        return self._pairs(
            "SELECT low, high FROM apart WHERE low IN (SELECT value FROM json_each(?))"
            " ORDER BY low, high",
            among,
        )

    def _pairs(self, sql: str, among: Collection[int]) -> list[tuple[int, int]]:
        rows = self._db.rows(sql, json.dumps(sorted(among)))
        return [(one, other) for one, other in rows if one in among and other in among]

    def _part(self, number: int, head: int, absorbed: int) -> None:
        db = self._db
        below = [row[0] for row in db.rows(_BELOW, absorbed)]
        members = [row[0] for row in db.rows("SELECT id FROM source WHERE record_id = ?", head)]
        others = [member for member in members if member not in below]
        db.run("UPDATE merge SET undone_at = ? WHERE id = ?", db.time(), number)
        db.run_many(
            "UPDATE source SET record_id = ? WHERE id = ?", [(absorbed, one) for one in below]
        )
        db.run_many(
            "INSERT OR IGNORE INTO apart (low, high, merge_id) VALUES (?, ?, ?)",
            [(min(a, b), max(a, b), number) for a in below for b in others],
        )


def _merge(row: Row) -> MergeEntry:
    number, kept, absorbed, evidence, at, undone_at, kept_title, absorbed_title = row
    return MergeEntry(
        id=number,
        kept=show_id(kept),
        absorbed=show_id(absorbed),
        evidence=evidence,
        at=at,
        undone_at=undone_at,
        kept_title=kept_title or "",
        absorbed_title=absorbed_title or "",
    )
