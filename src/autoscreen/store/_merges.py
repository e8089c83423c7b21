"""Merges of records, each with its evidence, and their undoing."""

from __future__ import annotations

from collections.abc import Iterable

from autoscreen.errors import InputError
from autoscreen.records import Record
from autoscreen.store._codec import decode, encode
from autoscreen.store._database import Database, Row
from autoscreen.store._decisions import refresh
from autoscreen.store._pool import changed, stored
from autoscreen.store._values import Decision, MergeEntry, show_id

__all__ = ["Merges"]

_SELECT = (
    "SELECT merge.id, kept, absorbed, evidence, at, undone_at,"
    " json_extract(one.content, '$.title'), json_extract(other.content, '$.title') FROM merge"
    " JOIN source AS one ON one.id = kept JOIN source AS other ON other.id = absorbed"
    " WHERE (?1 IS NULL OR merge.id = ?1)"
    " AND (?2 IS NULL OR undone_at IS NULL AND other.record_id = ?2) ORDER BY merge.id"
)
_BELOW = (
    "WITH RECURSIVE below (id) AS (VALUES (?) UNION"
    " SELECT absorbed FROM merge JOIN below ON kept = below.id WHERE undone_at IS NULL)"
    " SELECT id FROM below ORDER BY id"
)
_PUT = (
    "INSERT INTO record (id, title, year, pmid, doi, has_abstract, view)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title,"
    " year = excluded.year, pmid = excluded.pmid, doi = excluded.doi,"
    " has_abstract = excluded.has_abstract, view = excluded.view"
)


class Merges:
    """
    The merges of a review.

    Parameters
    ----------
    db
        The review file.
    """

    def __init__(self, db: Database) -> None:
        self._db = db

    def join(self, pairs: Iterable[tuple[int, int, str]], *, import_id: int | None = None) -> int:
        """
        Merge pairs of records and give how many merges that took.

        Parameters
        ----------
        pairs
            Two records and the evidence that they are the same. A record that an earlier pair has
            merged stands for the one that holds it.
        import_id
            The import that brought them together.
        """
        touched: set[int] = set()
        count = 0
        with self._db.writing():
            for one, other, evidence in pairs:
                kept, absorbed = sorted((self._head(one), self._head(other)))
                if kept != absorbed:
                    self._absorb(kept, absorbed, evidence, import_id)
                    touched = touched - {absorbed} | {kept}
                    count += 1
            for number in sorted(touched):
                self._rebuild(number)
            if count:
                changed(self._db)
        return count

    def undo(self, number: int) -> MergeEntry:
        """
        Part what a merge joined; both sides get their own sources and decisions back.

        They are never merged again by themselves.

        Raises
        ------
        InputError
            If there is no such merge, or it is undone already.
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
            head = self._head(absorbed)
            self._part(number, head, absorbed)
            self._rebuild(head)
            self._rebuild(absorbed)
            changed(db)
        return self.get(number)

    def all(self) -> list[MergeEntry]:
        """Give all merges, also the undone ones, oldest first."""
        return [_merge(row) for row in self._db.rows(_SELECT, None, None)]

    def get(self, number: int) -> MergeEntry:
        """Give one merge by its number."""
        return _merge(self._db.rows(_SELECT, number, None)[0])

    def in_force(self) -> int:
        """Count the merges that were not undone."""
        return int(self._db.value("SELECT count(*) FROM merge WHERE undone_at IS NULL"))

    def of(self, number: int) -> list[MergeEntry]:
        """Give the merges in force that made a record, oldest first."""
        return [_merge(row) for row in self._db.rows(_SELECT, None, number)]

    def links(self) -> list[tuple[int, int]]:
        """Give the pairs of sources that the merges in force hold together."""
        return self._pairs("SELECT kept, absorbed FROM merge WHERE undone_at IS NULL ORDER BY id")

    def apart(self) -> list[tuple[int, int]]:
        """Give the pairs of sources that a person has parted."""
        return self._pairs("SELECT low, high FROM apart ORDER BY low, high")

    def _pairs(self, sql: str) -> list[tuple[int, int]]:
        return [(one, other) for one, other in self._db.rows(sql)]

    def _head(self, number: int) -> int:
        return int(self._db.value("SELECT record_id FROM source WHERE id = ?", number))

    def _absorb(self, kept: int, absorbed: int, evidence: str, import_id: int | None) -> None:
        db = self._db
        evidence += _difference(*(stored(db, number).decision for number in (kept, absorbed)))
        db.run(
            "INSERT INTO merge (kept, absorbed, import_id, evidence, at) VALUES (?, ?, ?, ?, ?)",
            *(kept, absorbed, import_id, evidence, db.time()),
        )
        db.run("UPDATE source SET record_id = ? WHERE record_id = ?", kept, absorbed)
        db.run("DELETE FROM record WHERE id = ?", absorbed)
        refresh(db, kept)

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
            "INSERT OR IGNORE INTO apart VALUES (?, ?, ?)",
            [(min(a, b), max(a, b), number) for a in below for b in others],
        )

    def _rebuild(self, number: int) -> None:
        """Make the row of a record anew from its sources."""
        from autoscreen.dedup import combine  # noqa: PLC0415  (until it is public)

        rows = self._db.rows("SELECT content FROM source WHERE record_id = ? ORDER BY id", number)
        sources = [decode(content) for (content,) in rows]
        record = combine(sources) if len(sources) > 1 else sources[0]
        view = encode(record) if len(sources) > 1 else None
        self._db.run(_PUT, number, *_columns(record), view)
        refresh(self._db, number)


def _columns(record: Record) -> tuple[str, int | None, str | None, str | None, bool]:
    return (record.title, record.year, record.pmid, record.doi, bool(record.abstract))


def _difference(one: Decision | None, other: Decision | None) -> str:
    """Say in the evidence that two records came with different labels."""
    if one is None or other is None or one.label == other.label:
        return ""
    newest = max(one, other, key=lambda decision: decision.id)
    return (
        f"; labels differ: {_said(one)}, {_said(other)}; both are kept,"
        f" the newest stands: {newest.label}"
    )


def _said(decision: Decision) -> str:
    who = f" by {decision.reviewer}" if decision.reviewer else ""
    return f"{decision.record_id} {decision.label}{who}"


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
