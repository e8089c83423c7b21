"""What people entered into the extraction form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from autoscreen.store.database import Database, Row
from autoscreen.store.stored_values import show_id

_SELECT = (
    "SELECT extraction.id, source.record_id, field, kind, value, evidence, extraction.source,"
    " reviewer, at, withdraws, resolves FROM extraction"
    " JOIN source ON source.id = extraction.record_id"
)


class EntryKind(StrEnum):
    """What an entry says about a field."""

    VALUE = "value"
    NOT_REPORTED = "not reported"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionEntry:
    """What a person entered for a field, or that they withdrew it."""

    id: int
    record_id: str
    field: str  # Key of the field
    kind: EntryKind
    value: str  # Empty if it is not reported
    evidence: str  # The sentence that the value comes from; may be empty
    source: str  # Where that sentence is
    reviewer: str
    at: str
    withdraws: int | None  # The entry that this one withdraws
    resolves: bool  # Whether it settles a difference between two people


class ExtractedValues:
    """Entries of all studies; rows are only ever added."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def double(self) -> bool:
        """Return whether two people extract the data of each study."""
        return bool(
            self._db.value(
                "SELECT max(share) FROM double_screening WHERE id ="
                " (SELECT max(id) FROM double_screening WHERE stage = 'extraction')"
            )
        )

    def set_double(self, double: bool, reviewer: str) -> None:
        """Let two people, or one, extract the data of each study."""
        self._db.run(
            "INSERT INTO double_screening (share, seed, reviewer, at, decision, stage)"
            " VALUES (?, 0, ?, ?, (SELECT coalesce(max(id), 0) FROM decision), 'extraction')",
            *(float(double), reviewer, self._db.time()),
        )

    def add(
        self,
        number: int,
        field: str,
        kind: EntryKind,
        value: str,
        *,
        said: tuple[str, str, str],
        resolves: bool = False,
    ) -> int:
        """Add an entry, with its sentence, the source of that, and the reviewer; return its id."""
        return self._db.run(
            "INSERT INTO extraction (record_id, field, kind, value, evidence, source, reviewer, at,"
            " resolves) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(number, field, kind, value, *said, self._db.time(), resolves),
        )

    def withdraw(self, entry: int, reviewer: str) -> None:
        """Withdraw an entry."""
        self._db.run(
            "INSERT INTO extraction (record_id, field, kind, value, evidence, source, reviewer, at,"
            " withdraws, resolves)"
            " SELECT record_id, field, kind, value, evidence, source, ?, ?, id, resolves"
            " FROM extraction WHERE id = ?",
            *(reviewer, self._db.time(), entry),
        )

    def all(self) -> list[ExtractionEntry]:
        """Return all entries and withdrawals, oldest first."""
        return [_entry(row) for row in self._db.rows(f"{_SELECT} ORDER BY extraction.id")]


def _entry(row: Row) -> ExtractionEntry:
    number, record, field, kind, value, evidence, source, reviewer, at, withdraws, resolves = row
    return ExtractionEntry(
        id=number,
        record_id=show_id(record),
        field=field,
        kind=EntryKind(kind),
        value=value,
        evidence=evidence,
        source=source,
        reviewer=reviewer,
        at=at,
        withdraws=withdraws,
        resolves=bool(resolves),
    )
