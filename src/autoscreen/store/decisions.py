"""Decisions: only ever added, each bound to the record as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autoscreen.records import Label, Verdict
from autoscreen.store.database import Database, Row
from autoscreen.store.effective_label import refresh, settings
from autoscreen.store.stored_values import (
    Decision,
    FirstReading,
    RankPosition,
    ReviewState,
    show_id,
)

__all__ = ["Decisions", "decision_from", "refresh"]


def decision_from(row: Row) -> Decision:
    """Make a decision of a row of the view ``entry``."""
    number, record, label, reviewer, reason, note, at, rank, score, model, withdraws = row[:11]
    return Decision(
        id=number,
        record_id=show_id(record),
        label=None if label is None else Label(label),
        reviewer=reviewer,
        reason=reason,
        note=note,
        at=at,
        rank=rank,
        score=score,
        model=model,
        withdraws=withdraws,
    )


class Decisions:
    """The decisions of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._read: tuple[ReviewState, tuple[FirstReading, ...]] | None = None

    def add(
        self,
        number: int,
        verdict: Verdict,
        place: RankPosition | None = None,
        *,
        import_id: int | None = None,
    ) -> Decision:
        """Record a decision; when this returns it is on the disk."""
        db = self._db
        place = place or RankPosition()
        with db.writing():
            (row,) = db.rows(
                "INSERT INTO decision"
                " (record_id, label, reviewer, reason, note, at, rank, score, model, import_id)"
                " SELECT record_id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM source WHERE id = ?"
                " RETURNING id, record_id, label, reviewer, reason, note, at, rank, score, model,"
                " withdraws",
                *(verdict.label, verdict.reviewer, verdict.reason, verdict.note),
                *(db.time(), place.rank, place.score, place.model, import_id, number),
            )
            added, head, *_ = row
            if settings(db) or import_id is not None:
                refresh(db, [head])
            else:
                # One person's newest decision is in force, and settles a conflict.
                db.run("UPDATE record SET decision_id = ?, open = NULL WHERE id = ?", added, head)
            return decision_from(row)

    def add_imported(self, votes: Sequence[tuple[int, Verdict]], import_id: int) -> None:
        """Record the decisions of a file about records, in their order."""
        db = self._db
        numbers = json.dumps(sorted({number for number, _ in votes}))
        heads: dict[int, int] = dict(
            db.rows(
                "SELECT id, record_id FROM source WHERE id IN (SELECT value FROM json_each(?))",
                numbers,
            )
        )
        at = db.time()
        db.run_many(
            "INSERT INTO decision (record_id, label, reviewer, reason, note, at, model, import_id)"
            " VALUES (?, ?, ?, ?, ?, ?, '', ?)",
            [
                (heads[number], one.label, one.reviewer, one.reason, one.note, at, import_id)
                for number, one in votes
            ],
        )
        # Nobody else writes meanwhile, so that their numbers follow one another.
        first = self.newest() - len(votes) + 1
        db.run_many(
            "INSERT INTO resolution VALUES (?)",
            [(number,) for number, (_, one) in enumerate(votes, first) if one.resolves],
        )
        refresh(db, sorted(set(heads.values())))

    def said_of(self, numbers: Iterable[int]) -> dict[int, list[Verdict]]:
        """
        Return the decisions ever made about each source's record, also withdrawn ones.

        That of a person which is in force is among them without a name, too: a file that has the
        same without a name adds nothing.
        """
        rows = self._db.rows(
            "SELECT asked.id, label, reason, note, reviewer, decision.import_id IS NULL"
            " AND EXISTS (SELECT 1 FROM record WHERE decision_id = decision.id)"
            " FROM source AS asked JOIN source AS held ON held.record_id = asked.record_id"
            " JOIN decision ON decision.record_id = held.id"
            " WHERE label IS NOT NULL AND asked.id IN (SELECT value FROM json_each(?))",
            json.dumps(sorted(set(numbers))),
        )
        found: dict[int, list[Verdict]] = {}
        for number, label, reason, note, reviewer, by_person in rows:
            verdict = Verdict(label=Label(label), reason=reason, note=note, reviewer=reviewer)
            some = found.setdefault(number, [])
            if reviewer:
                some.append(verdict)
            if by_person:
                some.append(replace(verdict, reviewer=""))
        return found

    def undo(
        self, reviewer: str, *, record: int | None = None, decision: int | None = None
    ) -> Decision | None:
        """
        Withdraw the newest decision of a reviewer in force; an earlier one is in force again.

        Decisions that came with a file stay.
        """
        db = self._db
        with db.writing():
            row = db.row(
                "SELECT standing.id, source.id, source.record_id FROM standing"
                " JOIN source ON source.id = standing.record_id"
                " WHERE reviewer = ?1 AND standing.import_id IS NULL"
                " AND (?2 IS NULL OR source.record_id ="
                " (SELECT held.record_id FROM source AS held WHERE held.id = ?2))"
                " AND (?3 IS NULL OR standing.id = ?3) ORDER BY standing.id DESC LIMIT 1",
                *(reviewer, record, decision),
            )
            if row is None:
                return None
            withdrawn, record, head = row
            added = db.run(
                "INSERT INTO decision (record_id, reviewer, reason, note, at, model, withdraws)"
                " VALUES (?, ?, '', '', ?, '', ?)",
                *(record, reviewer, db.time(), withdrawn),
            )
            refresh(db, [head])
            return self.get(added)

    def get(self, number: int) -> Decision:
        """Return one entry of the history."""
        return decision_from(self._db.rows("SELECT * FROM entry WHERE id = ?", number)[0])

    def history(self) -> Iterator[Decision]:
        """Yield all decisions and withdrawals in their order."""
        sql = "SELECT * FROM entry WHERE id > :after ORDER BY id LIMIT :size"
        return map(decision_from, self._db.paged(sql))

    def history_of(self, number: int) -> list[Decision]:
        """Return the decisions and withdrawals about one record with all its sources, in order."""
        rows = self._db.rows(
            "SELECT * FROM entry WHERE held_by = (SELECT record_id FROM source WHERE id = ?)"
            " ORDER BY id",
            number,
        )
        return [decision_from(row) for row in rows]

    def newest(self) -> int:
        """Return the number of the newest entry; 0 if there is none. It only ever grows."""
        return int(self._db.value("SELECT coalesce(max(id), 0) FROM decision"))

    def current_labels(self) -> list[tuple[int, Label]]:
        """Return each labelled record with its label, in the order of decisions."""
        rows = self._db.rows(
            "SELECT record.id, decision.label FROM record"
            " JOIN decision ON decision.id = record.decision_id ORDER BY decision.id"
        )
        return [(number, Label(label)) for number, label in rows]

    def labels_since(self, entry: int) -> list[tuple[int, int | None, Label | None]]:
        """Return the records with new entries in the history, and their labels now."""
        rows = self._db.rows(
            "SELECT record.id, decision.id, decision.label FROM record"
            " LEFT JOIN decision ON decision.id = record.decision_id WHERE record.id IN"
            " (SELECT source.record_id FROM decision AS later"
            " JOIN source ON source.id = later.record_id WHERE later.id > ?)",
            entry,
        )
        return [(number, at, None if label is None else Label(label)) for number, at, label in rows]

    def state(self) -> ReviewState:
        """Return the numbers that labels depend on: merges and rules change them too."""
        row = self._db.rows(
            "SELECT (SELECT coalesce(max(id), 0) FROM decision),"
            " (SELECT count(*) FROM double_screening), CAST(value AS INTEGER),"
            " coalesce((SELECT share FROM double_screening ORDER BY id DESC LIMIT 1), 0.0)"
            " FROM meta WHERE key = 'epoch'"
        )[0]
        return ReviewState(*row)

    def reading_order(self, state: ReviewState | None = None) -> tuple[FirstReading, ...]:
        """Return the records read here that have a label, in the order of first reading."""
        state = state or self.state()
        if self._read is None or self._read[0] != state:
            self._read = state, self._reading_order()
        return self._read[1]

    def _reading_order(self) -> tuple[FirstReading, ...]:
        rows = self._db.rows(
            "SELECT record.id, decision.label, begun.first FROM record"
            " JOIN decision ON decision.id = record.decision_id"
            " JOIN (SELECT source.record_id AS held_by, min(decision.id) AS first FROM decision"
            " JOIN source ON source.id = decision.record_id"
            " WHERE decision.import_id IS NULL AND label IS NOT NULL GROUP BY 1) AS begun"
            " ON begun.held_by = record.id ORDER BY begun.first"
        )
        return tuple(FirstReading(number, Label(label), first) for number, label, first in rows)

    def first_decisions(self) -> dict[int, int]:
        """Return for each record that ever had a label the first decision about it."""
        rows = self._db.rows(
            "SELECT source.record_id, min(decision.id) FROM decision"
            " JOIN source ON source.id = decision.record_id WHERE label IS NOT NULL GROUP BY 1"
        )
        return dict(rows)

    def counts(self) -> dict[Label, int]:
        """Count the records by label."""
        found: dict[str, Any] = dict(
            self._db.rows(
                "SELECT decision.label, count(*) FROM record"
                " JOIN decision ON decision.id = record.decision_id GROUP BY 1"
            )
        )
        return {label: int(found.get(label, 0)) for label in Label}

    def per_day(self) -> dict[str, dict[str, int]]:
        """
        Count the decisions made here by day, in this machine's time zone, and label.

        Those about records that wait for a second reviewer do not count: a single one would tell
        what it was.
        """
        found: dict[str, dict[str, int]] = {}
        for day, label, count in self._db.rows(
            "SELECT date(at, 'localtime'), label, count(*) FROM decision"
            " JOIN source ON source.id = decision.record_id"
            " JOIN record ON record.id = source.record_id"
            " WHERE decision.import_id IS NULL AND label IS NOT NULL AND open IS NOT 'pending'"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ):
            found.setdefault(day, {})[label] = count
        return found

    def reviewers(self) -> list[str]:
        """Return the names of all who decided here, in alphabetical order."""
        rows = self._db.rows(
            "SELECT DISTINCT reviewer FROM decision WHERE import_id IS NULL ORDER BY 1"
        )
        return [row[0] for row in rows]
