"""Decisions about many records at once, which are undone as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autoscreen.errors import InputError
from autoscreen.records import Label, Verdict
from autoscreen.store.database import Database, Row
from autoscreen.store.decisions import Decisions, refresh
from autoscreen.store.stored_values import RankPosition

_SELECT = (
    "SELECT id, reviewer, label, reason, at, last - first + 1, (SELECT count(*) FROM standing"
    " WHERE standing.id BETWEEN first AND last) FROM bulk WHERE ?1 IS NULL OR id = ?1"
    " ORDER BY id DESC"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One act by which many records were labelled."""

    id: int  # Its number, from 1
    reviewer: str  # Who decided what, why and when
    label: Label
    reason: str
    at: str
    records: int  # How many records it labelled
    standing: int  # How many of these decisions were not withdrawn since; 0 once it was undone


class Bulks:
    """The acts by which many records were labelled."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, places: Mapping[int, RankPosition], verdict: Verdict) -> Bulk:
        """Decide the same about many records, about all of them or about none."""
        decisions = Decisions(self._db)
        with self._db.writing():
            # Nobody else writes meanwhile, so that their numbers follow one another.
            made = [decisions.add(number, verdict, place).id for number, place in places.items()]
            added = self._db.run(
                "INSERT INTO bulk (reviewer, label, reason, at, first, last)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                *(verdict.reviewer, verdict.label, verdict.reason, self._db.time()),
                *(made[0], made[-1]),
            )
        return self.get(added)

    def undo(self, number: int, reviewer: str) -> Bulk:
        """Withdraw its decisions that are still in force; earlier ones are in force again."""
        db = self._db
        with db.writing():
            if not self.get(number).standing:
                raise InputError("this was undone already")
            held = db.rows(
                "SELECT DISTINCT source.record_id FROM bulk"
                " JOIN standing ON standing.id BETWEEN first AND last"
                " JOIN source ON source.id = standing.record_id WHERE bulk.id = ?",
                number,
            )
            db.run(
                "INSERT INTO decision (record_id, reviewer, reason, note, at, model, withdraws)"
                " SELECT standing.record_id, ?2, '', '', ?3, '', standing.id FROM bulk"
                " JOIN standing ON standing.id BETWEEN first AND last WHERE bulk.id = ?1"
                " ORDER BY standing.id",
                *(number, reviewer, db.time()),
            )
            refresh(db, [row[0] for row in held])
        return self.get(number)

    def newest_of(self, reviewer: str) -> Bulk | None:
        """Return the act that holds a reviewer's newest decision in force; None if none does."""
        row = self._db.row(
            "SELECT bulk.id FROM bulk WHERE (SELECT max(id) FROM standing"
            " WHERE reviewer = ?1 AND import_id IS NULL AND stage = 'title-abstract')"
            " BETWEEN first AND last",
            reviewer,
        )
        return None if row is None else self.get(row[0])

    def holding(self, decision: int) -> Bulk | None:
        """Return the act that a decision was part of; None if it was made alone."""
        row = self._db.row("SELECT id FROM bulk WHERE ? BETWEEN first AND last", decision)
        return None if row is None else self.get(row[0])

    def all(self) -> list[Bulk]:
        """Return all of them, newest first."""
        return [_bulk(row) for row in self._db.rows(_SELECT, None)]

    def get(self, number: int) -> Bulk:
        """Return one by its number."""
        row = self._db.row(_SELECT, number)
        if row is None:
            raise InputError(f"{self._db.path}: there is no bulk {number}")
        return _bulk(row)


def _bulk(row: Row) -> Bulk:
    number, reviewer, label, reason, at, records, standing = row
    return Bulk(
        id=number,
        reviewer=reviewer,
        label=Label(label),
        reason=reason,
        at=at,
        records=records,
        standing=standing,
    )
