"""Decisions: only ever added, each bound to the record as it was."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from autoscreen.records import Label, Stage, Verdict
from autoscreen.store.database import Database, Row
from autoscreen.store.effective_label import SET_LABEL, refresh, settings
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
    number, record, label, reviewer, reason, note, at, rank, score, model, withdraws, stage = row[
        :12
    ]
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
        stage=Stage(stage),
    )


class Decisions:
    """The decisions of one stage of a review."""

    def __init__(self, db: Database, stage: Stage = Stage.TITLE_ABSTRACT) -> None:
        self._db = db
        self._stage = stage
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
                " (record_id, label, reviewer, reason, note, at, rank, score, model, import_id,"
                " stage)"
                " SELECT record_id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM source WHERE id = ?"
                " RETURNING id, record_id, label, reviewer, reason, note, at, rank, score, model,"
                " withdraws, stage",
                *(verdict.label, verdict.reviewer, verdict.reason, verdict.note, db.time()),
                *(place.rank, place.score, place.model, import_id, self._stage, number),
            )
            added, head, *_ = row
            if settings(db, self._stage) or import_id is not None:
                refresh(db, [head], self._stage)
            else:
                # One person's newest decision is in force, and settles a conflict.
                db.run(SET_LABEL[self._stage], added, None, head)
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
            "INSERT INTO decision"
            " (record_id, label, reviewer, reason, note, at, model, import_id, stage)"
            " VALUES (?, ?, ?, ?, ?, ?, '', ?, ?)",
            [
                (
                    *(heads[number], one.label, one.reviewer, one.reason, one.note),
                    *(at, import_id, self._stage),
                )
                for number, one in votes
            ],
        )
        # Nobody else writes meanwhile, so that their numbers follow one another.
        first = int(db.value("SELECT max(id) FROM decision")) - len(votes) + 1
        db.run_many(
            "INSERT INTO resolution VALUES (?)",
            [(number,) for number, (_, one) in enumerate(votes, first) if one.resolves],
        )
        refresh(db, sorted(set(heads.values())), self._stage)

    def said_of(self, numbers: Iterable[int]) -> dict[int, list[Verdict]]:
        """Return all decisions ever made about each source's record, withdrawn ones too.

        A person's decision in force is also listed without a name, so that a file with the same
        decision without a name adds nothing.
        """
        rows = self._db.rows(
            "SELECT asked.id, label, reason, note, reviewer, decision.import_id IS NULL"
            " AND EXISTS (SELECT 1 FROM stage_record WHERE decision_id = decision.id)"
            " FROM source AS asked JOIN source AS held ON held.record_id = asked.record_id"
            " JOIN decision ON decision.record_id = held.id"
            " WHERE label IS NOT NULL AND stage = ?"
            " AND asked.id IN (SELECT value FROM json_each(?))",
            *(self._stage, json.dumps(sorted(set(numbers)))),
        )
        found: dict[int, list[Verdict]] = {}
        for number, label, reason, note, reviewer, by_person in rows:
            verdict = Verdict(
                label=Label(label), reason=reason, note=note, reviewer=reviewer, stage=self._stage
            )
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
                " AND (?3 IS NULL OR standing.id = ?3) AND stage = ?4"
                " ORDER BY standing.id DESC LIMIT 1",
                *(reviewer, record, decision, self._stage),
            )
            if row is None:
                return None
            withdrawn, record, head = row
            added = db.run(
                "INSERT INTO decision"
                " (record_id, reviewer, reason, note, at, model, withdraws, stage)"
                " VALUES (?, ?, '', '', ?, '', ?, ?)",
                *(record, reviewer, db.time(), withdrawn, self._stage),
            )
            refresh(db, [head], self._stage)
            return self.get(added)

    def get(self, number: int) -> Decision:
        """Return one entry of the history."""
        return decision_from(self._db.rows("SELECT * FROM entry WHERE id = ?", number)[0])

    def history(self) -> Iterator[Decision]:
        """Yield all decisions and withdrawals in their order."""
        sql = "SELECT * FROM entry WHERE id > :after AND stage = :1 ORDER BY id LIMIT :size"
        return map(decision_from, self._db.paged(sql, self._stage))

    def history_of(self, number: int) -> list[Decision]:
        """Return the decisions and withdrawals about one record with all its sources, in order."""
        rows = self._db.rows(
            "SELECT * FROM entry WHERE held_by = (SELECT record_id FROM source WHERE id = ?)"
            " AND stage = ? ORDER BY id",
            *(number, self._stage),
        )
        return [decision_from(row) for row in rows]

    def in_force(self) -> dict[int, Decision]:
        """Return the decision in force about each record that has one."""
        rows = self._db.rows(
            "SELECT record.id, entry.* FROM stage_record AS record"
            " JOIN entry ON entry.id = record.decision_id WHERE record.stage = ?",
            self._stage,
        )
        return {row[0]: decision_from(row[1:]) for row in rows}

    def newest_by(self, reviewer: str) -> dict[int, Decision]:
        """Return a reviewer's newest decision about each record that was not withdrawn."""
        rows = self._db.rows(
            "SELECT held_by, entry.* FROM entry JOIN standing ON standing.id = entry.id"
            " WHERE standing.reviewer = ? AND standing.stage = ? AND standing.import_id IS NULL"
            " ORDER BY entry.id",
            *(reviewer, self._stage),
        )
        return {row[0]: decision_from(row[1:]) for row in rows}

    def since(self, entry: int) -> int:
        """Count the entries of the history after one of them."""
        sql = "SELECT count(*) FROM decision WHERE id > ? AND stage = ?"
        return int(self._db.value(sql, entry, self._stage))

    def newest(self) -> int:
        """Return the number of the newest entry; 0 if there is none. It only ever grows."""
        sql = "SELECT coalesce(max(id), 0) FROM decision WHERE stage = ?"
        return int(self._db.value(sql, self._stage))

    def current_labels(self) -> list[tuple[int, Label]]:
        """Return each labelled record with its label, in the order of decisions."""
        rows = self._db.rows(
            "SELECT record.id, decision.label FROM stage_record AS record"
            " JOIN decision ON decision.id = record.decision_id"
            " WHERE record.stage = ? ORDER BY decision.id",
            self._stage,
        )
        return [(number, Label(label)) for number, label in rows]

    def labels_since(self, entry: int) -> list[tuple[int, int | None, Label | None]]:
        """Return the records with new entries in the history, and their labels now."""
        rows = self._db.rows(
            "SELECT record.id, decision.id, decision.label FROM stage_record AS record"
            " LEFT JOIN decision ON decision.id = record.decision_id WHERE record.stage = ?1"
            " AND record.id IN (SELECT source.record_id FROM decision AS later"
            " JOIN source ON source.id = later.record_id WHERE later.id > ?2 AND later.stage = ?1)",
            *(self._stage, entry),
        )
        return [(number, at, None if label is None else Label(label)) for number, at, label in rows]

    def state(self) -> ReviewState:
        """Return the numbers that labels depend on: merges and rules change them too."""
        row = self._db.rows(
            "SELECT (SELECT coalesce(max(id), 0) FROM decision WHERE stage = ?1),"
            " (SELECT count(*) FROM double_screening WHERE stage = ?1), CAST(value AS INTEGER),"
            " coalesce((SELECT share FROM double_screening WHERE stage = ?1 ORDER BY id DESC"
            " LIMIT 1), 0.0) FROM meta WHERE key = 'epoch'",
            self._stage,
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
            "SELECT record.id, decision.label, begun.first FROM stage_record AS record"
            " JOIN decision ON decision.id = record.decision_id AND record.stage = ?1"
            " JOIN (SELECT source.record_id AS held_by, min(decision.id) AS first FROM decision"
            " JOIN source ON source.id = decision.record_id"
            " WHERE decision.import_id IS NULL AND label IS NOT NULL AND stage = ?1"
            " GROUP BY 1) AS begun ON begun.held_by = record.id ORDER BY begun.first",
            self._stage,
        )
        return tuple(FirstReading(number, Label(label), first) for number, label, first in rows)

    def first_decisions(self) -> dict[int, int]:
        """Return for each record that ever had a label the first decision about it."""
        rows = self._db.rows(
            "SELECT source.record_id, min(decision.id) FROM decision"
            " JOIN source ON source.id = decision.record_id"
            " WHERE label IS NOT NULL AND stage = ? GROUP BY 1",
            self._stage,
        )
        return dict(rows)

    def counts(self) -> dict[Label, int]:
        """Count the records by label."""
        found: dict[str, Any] = dict(
            self._db.rows(
                "SELECT decision.label, count(*) FROM stage_record AS record"
                " JOIN decision ON decision.id = record.decision_id"
                " WHERE record.stage = ? GROUP BY 1",
                self._stage,
            )
        )
        return {label: int(found.get(label, 0)) for label in self._stage.labels}

    def per_day(self) -> dict[str, dict[str, int]]:
        """Count the decisions made here by day, in this machine's time zone, and label.

        Records that wait for a second reviewer are left out: a single one would reveal its label.
        """
        found: dict[str, dict[str, int]] = {}
        for day, label, count in self._db.rows(
            "SELECT date(at, 'localtime'), label, count(*) FROM decision"
            " JOIN source ON source.id = decision.record_id"
            " JOIN stage_record AS record ON record.id = source.record_id"
            " AND record.stage = decision.stage"
            " WHERE decision.import_id IS NULL AND label IS NOT NULL AND open IS NOT 'pending'"
            " AND decision.stage = ? GROUP BY 1, 2 ORDER BY 1, 2",
            self._stage,
        ):
            found.setdefault(day, {})[label] = count
        return found

    def reviewers(self) -> list[str]:
        """Return the names of all who decided here, in alphabetical order."""
        rows = self._db.rows(
            "SELECT DISTINCT reviewer FROM decision WHERE import_id IS NULL AND stage = ?"
            " ORDER BY 1",
            self._stage,
        )
        return [row[0] for row in rows]
