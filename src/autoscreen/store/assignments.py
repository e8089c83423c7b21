"""Which records are assigned to whom, and how far each has come with their part."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from autoscreen.store.database import Database
from autoscreen.store.effective_label import PendingState

_ROWS = (
    "SELECT DISTINCT source.record_id, assignment.reviewer, record.decision_id IS NOT NULL"
    " OR record.open = ?1 OR record.open = ?2 AND EXISTS (SELECT 1 FROM voice"
    " WHERE held_by = record.id AND voice.reviewer = assignment.reviewer"
    " AND voice.stage = 'title-abstract')"
    " FROM assignment JOIN source ON source.id = assignment.record_id"
    " JOIN record ON record.id = source.record_id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignedPart:
    """The part of one reviewer."""

    reviewer: str
    records: int  # Records assigned to them
    done: int  # How many of these need nothing more from them


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """What assignments mean for the queue of one reviewer."""

    own: frozenset[int]  # Assigned to them, and still to be screened by them
    others: frozenset[int]  # Assigned to others only, of whom at least one has still to screen it


class Assignments:
    """The assignments of records to reviewers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def assign(self, numbers: Iterable[int], reviewer: str, *, by: str) -> int:
        """Assign records to a reviewer, beside those they have, and return how many were new."""
        wanted = json.dumps(sorted(set(numbers)))
        before = self._count(reviewer)
        with self._db.writing():
            self._db.run(
                "INSERT OR IGNORE INTO assignment (record_id, reviewer)"
                " SELECT record_id, ?2 FROM source WHERE id IN (SELECT value FROM json_each(?1))"
                " AND record_id NOT IN (SELECT source.record_id FROM assignment JOIN source"
                " ON source.id = assignment.record_id WHERE reviewer = ?2)",
                *(wanted, reviewer),
            )
            added = self._count(reviewer) - before
            if added:
                self._note("assigned", reviewer, added, by)
        return added

    def release(self, reviewer: str, numbers: Iterable[int] | None = None, *, by: str) -> int:
        """Take unscreened records from a reviewer, by default all; return how many."""
        left = {n for n, who, done in self._rows() if who == reviewer and not done}
        wanted = left if numbers is None else left & set(numbers)
        with self._db.writing():
            self._db.run(
                "DELETE FROM assignment WHERE reviewer = ?2 AND record_id IN (SELECT id FROM source"
                " WHERE record_id IN (SELECT value FROM json_each(?1)))",
                *(json.dumps(sorted(wanted)), reviewer),
            )
            if wanted:
                self._note("released", reviewer, len(wanted), by)
        return len(wanted)

    def parts(self) -> list[AssignedPart]:
        """Return the part of each reviewer who has one, by name."""
        found: dict[str, list[bool]] = {}
        for _, reviewer, done in self._rows():
            found.setdefault(reviewer, []).append(done)
        return [
            AssignedPart(reviewer=name, records=len(each), done=sum(each))
            for name, each in sorted(found.items())
        ]

    def reserved(self, reviewer: str) -> Reserved:
        """Return what assignments mean for the queue of a reviewer."""
        own: set[int] = set()
        mine: set[int] = set()
        waiting: set[int] = set()
        for number, who, done in self._rows():
            if who == reviewer:
                mine.add(number)
                if not done:
                    own.add(number)
            elif not done:
                waiting.add(number)
        return Reserved(own=frozenset(own), others=frozenset(waiting - mine))

    def of(self, number: int) -> list[str]:
        """Return the names of those a record is assigned to."""
        rows = self._db.rows(
            "SELECT DISTINCT assignment.reviewer FROM assignment"
            " JOIN source ON source.id = assignment.record_id WHERE source.record_id ="
            " (SELECT record_id FROM source WHERE id = ?) ORDER BY 1",
            number,
        )
        return [row[0] for row in rows]

    def unassigned(self) -> list[int]:
        """Return the unscreened records that are assigned to nobody."""
        rows = self._db.rows(
            "SELECT id FROM record WHERE decision_id IS NULL AND open IS NULL AND id NOT IN"
            " (SELECT source.record_id FROM assignment JOIN source"
            " ON source.id = assignment.record_id) ORDER BY id"
        )
        return [row[0] for row in rows]

    def any(self) -> bool:
        """Whether anything is assigned."""
        return bool(self._db.value("SELECT EXISTS (SELECT 1 FROM assignment)"))

    def _rows(self) -> Collection[tuple[int, str, bool]]:
        rows = self._db.rows(_ROWS, PendingState.CONFLICT, PendingState.PENDING)
        return [(number, reviewer, bool(done)) for number, reviewer, done in rows]

    def _count(self, reviewer: str) -> int:
        return int(self._db.value("SELECT count(*) FROM assignment WHERE reviewer = ?", reviewer))

    def _note(self, what: str, reviewer: str, records: int, by: str) -> None:
        self._db.run(
            "INSERT INTO assignment_act (what, reviewer, records, assigned_by, at)"
            " VALUES (?, ?, ?, ?, ?)",
            *(what, reviewer, records, by, self._db.time()),
        )
