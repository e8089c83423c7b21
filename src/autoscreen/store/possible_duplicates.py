"""Pairs that may be duplicates but were not merged automatically, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from autoscreen.errors import ConflictError, InputError
from autoscreen.store.database import Database, Row
from autoscreen.store.merges import Merges
from autoscreen.store.stored_values import show_id

_SELECT = """
SELECT pair.id, one.record_id, other.record_id, evidence,
  CASE WHEN one.record_id = other.record_id THEN 'merged'
    WHEN EXISTS (SELECT 1 FROM apart WHERE (apart.low, apart.high) = (pair.low, pair.high))
    THEN 'kept apart' ELSE 'pending' END,
  pair.low, pair.high, coalesce(reviewer, ''), coalesce(at, ''),
  json_extract(first.content, '$.title'), json_extract(second.content, '$.title')
FROM possible_duplicate AS pair
  JOIN source AS one ON one.id = pair.low JOIN source_text AS first ON first.source_id = pair.low
  JOIN source AS other ON other.id = pair.high
  JOIN source_text AS second ON second.source_id = pair.high
  LEFT JOIN duplicate_decision AS newest ON outcome IS NOT NULL AND newest.id =
    (SELECT max(id) FROM duplicate_decision WHERE pair_id = pair.id)
WHERE (?1 IS NULL OR pair.id = ?1) AND (?2 IS NULL OR pair.import_id = ?2) ORDER BY pair.id
"""


class PairState(StrEnum):
    """What became of a pair."""

    PENDING = "pending"
    MERGED = "merged"
    KEPT_APART = "kept apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class PossibleDuplicate:
    """Two records that may be one."""

    id: int  # Number of the pair, from 1
    first: str  # The ids of the records that now hold the two; equal once they are merged
    second: str
    evidence: str  # What agrees and what differs
    state: PairState
    sources: tuple[str, str]  # The ids under which the two were imported, and their titles
    titles: tuple[str, str]
    decided_by: str  # Who decided, and when, ISO 8601 in UTC; empty if nobody has
    decided_at: str


class PossibleDuplicates:
    """The possible duplicates of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._merges = Merges(db)

    def add(self, pairs: Iterable[tuple[int, int, str]], import_id: int) -> None:
        """Save pairs of sources with their evidence; a pair that is known stays as it is."""
        self._db.run_many(
            "INSERT OR IGNORE INTO possible_duplicate (low, high, import_id, evidence)"
            " VALUES (?, ?, ?, ?)",
            [(min(a, b), max(a, b), import_id, evidence) for a, b, evidence in pairs],
        )

    def all(self, import_id: int | None = None) -> list[PossibleDuplicate]:
        """Return all pairs, or those of one import, oldest first."""
        return [_pair(row) for row in self._db.rows(_SELECT, None, import_id)]

    def count_pending(self) -> int:
        """Count the pairs of records on which nobody has decided."""
        return int(
            self._db.value(
                "SELECT count(*) FROM (SELECT DISTINCT min(one.record_id, other.record_id),"
                " max(one.record_id, other.record_id) FROM possible_duplicate AS pair"
                " JOIN source AS one ON one.id = pair.low"
                " JOIN source AS other ON other.id = pair.high"
                " WHERE one.record_id <> other.record_id AND NOT EXISTS"
                " (SELECT 1 FROM apart WHERE (apart.low, apart.high) = (pair.low, pair.high)))"
            )
        )

    def get(self, number: int) -> PossibleDuplicate:
        """Return one pair."""
        rows = self._db.rows(_SELECT, number, None)
        if not rows:
            raise InputError(
                f"there is no possible duplicate {number}", hint="see: autoscreen duplicates"
            )
        return _pair(rows[0])

    def merge(self, number: int, reviewer: str) -> PossibleDuplicate:
        """Merge a pair that a person found to be duplicates."""
        with self._db.writing():
            pair = self._pending(number)
            self._require_not_apart(pair)
            low, high = (int(one[1:]) for one in pair.sources)
            self._merges.join([(low, high, _confirmed(pair.evidence, reviewer))])
            merge = int(self._db.value("SELECT max(id) FROM merge"))
            self._log(number, "merged", reviewer, merge)
        return self.get(number)

    def keep_apart(self, number: int, reviewer: str) -> PossibleDuplicate:
        """Keep a pair as different records; no import will merge them."""
        with self._db.writing():
            pair = self._pending(number)
            self._db.run(
                "INSERT OR IGNORE INTO apart (low, high, pair_id)"
                " SELECT min(a.id, b.id), max(a.id, b.id), ?1 FROM source AS a, source AS b"
                " WHERE a.record_id = ?2 AND b.record_id = ?3",
                *(number, int(pair.first[1:]), int(pair.second[1:])),
            )
            self._log(number, "kept apart", reviewer)
        return self.get(number)

    def undo(self, number: int, reviewer: str) -> PossibleDuplicate:
        """Withdraw the decision on a pair: it waits for one again."""
        db = self._db
        with db.writing():
            row = db.row(
                "SELECT outcome, merge_id, undone_at FROM duplicate_decision"
                " LEFT JOIN merge ON merge.id = merge_id WHERE pair_id = ?"
                " ORDER BY duplicate_decision.id DESC LIMIT 1",
                number,
            )
            if row is None or row[0] is None:
                raise InputError(f"nobody has decided on possible duplicate {number}")
            _, merge, undone_at = row
            if merge is not None and undone_at is None:
                self._merges.undo(merge)
            db.run("DELETE FROM apart WHERE merge_id = ? OR pair_id = ?", merge, number)
            self._log(number, None, reviewer)
        return self.get(number)

    def _pending(self, number: int) -> PossibleDuplicate:
        pair = self.get(number)
        if pair.state is not PairState.PENDING:
            raise InputError(
                f"possible duplicate {number} is {pair.state} already",
                hint="undo that first",
            )
        return pair

    def _require_not_apart(self, pair: PossibleDuplicate) -> None:
        """Refuse to make one record of two that a person has set apart, by way of a third."""
        row = self._db.row(
            "SELECT low, high, pair_id FROM apart JOIN source AS one ON one.id = low"
            " JOIN source AS other ON other.id = high"
            " WHERE (one.record_id, other.record_id) IN (VALUES (?1, ?2), (?2, ?1))",
            *(int(pair.first[1:]), int(pair.second[1:])),
        )
        if row is not None:
            low, high, number = row
            raise ConflictError(
                f"merging {pair.first} and {pair.second} would make one record of"
                f" {show_id(low)} and {show_id(high)}, which a person has kept apart",
                hint=f"if they are one, first undo possible duplicate {number}"
                if number is not None
                else "if they are one, keep this pair apart too and export the best record",
            )

    def _log(
        self, number: int, outcome: str | None, reviewer: str, merge: int | None = None
    ) -> None:
        self._db.run(
            "INSERT INTO duplicate_decision (pair_id, outcome, merge_id, reviewer, at)"
            " VALUES (?, ?, ?, ?, ?)",
            *(number, outcome, merge, reviewer, self._db.time()),
        )


def _confirmed(evidence: str, reviewer: str) -> str:
    return f"{evidence}; confirmed by {reviewer}" if reviewer else f"{evidence}; confirmed"


def _pair(row: Row) -> PossibleDuplicate:
    number, first, second, evidence, state, low, high, who, at, title, other_title = row
    return PossibleDuplicate(
        id=number,
        first=show_id(first),
        second=show_id(second),
        evidence=evidence,
        state=PairState(state),
        sources=(show_id(low), show_id(high)),
        titles=(title or "", other_title or ""),
        decided_by=who,
        decided_at=at,
    )
