"""Audits: which unread records are drawn in which order, and when each began and ended."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autoscreen.errors import ConflictError
from autoscreen.store.database import Database, Row
from autoscreen.store.pool import epoch

_AUDIT = (
    "SELECT id, audit.at, audit.reviewer, target, confidence, seed, audit.decision, found,"
    " audit_end.at, audit_end.reviewer, note, audit_end.decision, drawn, finds, proved"
    " FROM audit LEFT JOIN audit_end ON audit_id = id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEnd:
    """The end of an audit."""

    at: str  # When, ISO 8601 in UTC
    reviewer: str  # Who ended it, and what was said
    note: str
    decision: int  # The newest decision then; what was decided later is no part of the audit
    drawn: int  # Draws whose labels counted then, and the relevant ones among them
    finds: int
    proved: bool  # Whether the audit had reached its target then


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAudit:
    """One audit as it was begun."""

    id: int
    at: str
    reviewer: str
    target: float
    confidence: float
    seed: int
    decision: int
    found: int
    end: AuditEnd | None


class Audits:
    """The audits of a review; they are only ever added."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(
        self,
        draws: Sequence[int],
        *,
        target: float,
        confidence: float,
        seed: int,
        found: int,
        reviewer: str,
    ) -> StoredAudit:
        """Record that an audit begins."""
        db = self._db
        with db.writing():
            if (running := self.running()) is not None:
                raise ConflictError(
                    f"{db.path}: audit {running.id} has been in progress since {running.at}",
                    hint="continue it: autoscreen next; or end it: autoscreen audit --end",
                )
            added = db.run(
                "INSERT INTO audit (at, reviewer, target, confidence, seed, decision, epoch,"
                " found, draws) VALUES (?, ?, ?, ?, ?,"
                " (SELECT coalesce(max(id), 0) FROM decision), ?, ?, ?)",
                *(db.time(), reviewer, target, confidence, seed, epoch(db), found, _bytes(draws)),
            )
            return self.get(added)

    def end(
        self, number: int, *, drawn: int, finds: int, proved: bool, reviewer: str, note: str
    ) -> None:
        """Record that an audit ends, with what was known then."""
        db = self._db
        with db.writing():
            db.run(
                "INSERT INTO audit_end VALUES (?, ?, ?, ?,"
                " (SELECT coalesce(max(id), 0) FROM decision), ?, ?, ?)",
                *(number, db.time(), reviewer, note, drawn, finds, int(proved)),
            )

    def all(self) -> list[StoredAudit]:
        """Return all audits, oldest first."""
        return [_audit(row) for row in self._db.rows(f"{_AUDIT} ORDER BY id")]

    def running(self) -> StoredAudit | None:
        """Return the audit that is going on; None if there is none."""
        return going_on(self.all())

    def get(self, number: int) -> StoredAudit:
        """Return one audit by its number."""
        return _audit(self._db.rows(f"{_AUDIT} WHERE id = ?", number)[0])

    def draws(self, number: int) -> array[int]:
        """Return the records of an audit in the order in which they are drawn.

        A record that was merged into another one is not among them.
        """
        numbers = array("q")
        numbers.frombytes(self._db.value("SELECT draws FROM audit WHERE id = ?", number))
        if sys.byteorder == "big":
            numbers.byteswap()
        standing = {row[0] for row in self._db.rows("SELECT id FROM record")}
        return array("q", (number for number in numbers if number in standing))


def going_on(audits: Iterable[StoredAudit]) -> StoredAudit | None:
    """Return the audit that has no end; None if there is none."""
    return next((one for one in audits if one.end is None), None)


def _audit(row: Row) -> StoredAudit:
    names = ("id", "at", "reviewer", "target", "confidence", "seed", "decision", "found")
    values = dict(zip(names, row[: len(names)], strict=True))
    ended = row[len(names) :]
    return StoredAudit(**values, end=None if ended[0] is None else _end(ended))


def _end(row: Row) -> AuditEnd:
    at, reviewer, note, decision, drawn, finds, proved = row
    return AuditEnd(
        at=at,
        reviewer=reviewer,
        note=note,
        decision=decision,
        drawn=drawn,
        finds=finds,
        proved=bool(proved),
    )


def _bytes(draws: Sequence[int]) -> bytes:
    numbers = array("q", draws)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
