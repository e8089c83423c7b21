"""Double screening: who still has to read what, who differs, and who has done how much."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from autoscreen.errors import ConflictError, InputError
from autoscreen.records import Label, Stage, Verdict
from autoscreen.store.database import Database
from autoscreen.store.decisions import Decisions, decision_from
from autoscreen.store.effective_label import (
    PendingState,
    ReviewerVote,
    Setting,
    counted_votes,
    governing,
    held_sources,
    held_voices,
    in_sample,
    refresh,
    settings,
)
from autoscreen.store.stored_values import Decision, RankPosition, show_id

_BATCH = 500
_NEAR = 20
"""Ranks by which the order may change while somebody reads the first records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A record about which reviewers or files differ."""

    id: str
    # The decisions that count, oldest first: the newest of each reviewer
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What one reviewer has done."""

    reviewer: str
    decided: int  # Records that they have decided about here
    # Decisions on each day on which there were any, oldest first, ISO 8601 in UTC
    days: tuple[tuple[str, int], ...]


class Screening:
    """Double screening at one stage of a review."""

    def __init__(self, db: Database, stage: Stage = Stage.TITLE_ABSTRACT) -> None:
        self._db = db
        self._stage = stage

    def settings(self) -> list[Setting]:
        """Return all settings, oldest first; none if each record was always read by one."""
        return settings(self._db, self._stage)

    def share(self) -> float:
        """Return the share of the records that two read now."""
        known = self.settings()
        return known[-1].share if known else 0.0

    def set(self, share: float, *, seed: int = 0, reviewer: str = "") -> Setting:
        """
        Let two reviewers read a share of the records from now on.

        Records with a label keep it. A smaller share settles those that wait for a second reader
        and no longer belong to the sample; conflicts stay until they are resolved.
        """
        if not 0 <= share <= 1:
            raise InputError(
                f"{share} is not a share of the records", hint="give a number from 0 to 1"
            )
        db = self._db
        with db.writing():
            db.run(
                "INSERT INTO double_screening (share, seed, reviewer, at, decision, stage)"
                " VALUES (?, ?, ?, ?, (SELECT coalesce(max(id), 0) FROM decision), ?)",
                *(share, seed, reviewer, db.time(), self._stage),
            )
            refresh(db, self._decided(), self._stage)
        return self.settings()[-1]

    def resolve(self, number: int, verdict: Verdict, place: RankPosition | None = None) -> Decision:
        """Resolve a conflict by a decision that overrides those of both reviewers."""
        db = self._db
        with db.writing():
            row = db.row(
                "SELECT record.id FROM stage_record AS record"
                " JOIN source ON source.record_id = record.id"
                " WHERE source.id = ? AND open = ? AND stage = ?",
                *(number, PendingState.CONFLICT, self._stage),
            )
            if row is None:
                raise ConflictError(
                    f"{show_id(number)} is not in conflict",
                    hint="somebody may have resolved it; see its history",
                )
            added = Decisions(db, self._stage).add(row[0], verdict, place)
            db.run("INSERT INTO resolution VALUES (?)", added.id)
            refresh(db, row, self._stage)
        return added

    def resolutions(self) -> list[int]:
        """Return the numbers of the decisions that resolved a conflict."""
        rows = self._db.rows(
            "SELECT decision_id FROM resolution JOIN decision ON decision.id = decision_id"
            " WHERE stage = ? ORDER BY 1",
            self._stage,
        )
        return [row[0] for row in rows]

    def open(self, number: int) -> PendingState | None:
        """Return why a record that somebody has decided about has no label; None if it has one."""
        found = self._db.value(
            "SELECT open FROM stage_record WHERE id = ? AND stage = ?", number, self._stage
        )
        return None if found is None else PendingState(found)

    def hidden(self, number: int) -> bool:
        """Whether what others decided about a record must not be seen: it may be read again."""
        return bool(self.hidden_among([number]))

    def hidden_among(self, numbers: Collection[int]) -> frozenset[int]:
        """Return those of some records about which others' decisions must not be seen."""
        known = self.settings()
        if not known or not numbers:
            return frozenset()
        rows = self._db.rows(
            "SELECT id, open FROM stage_record WHERE decision_id IS NULL AND open IS NOT ?"
            " AND id IN (SELECT value FROM json_each(?)) AND stage = ?",
            *(PendingState.CONFLICT, json.dumps(list(numbers)), self._stage),
        )
        sources = held_sources(self._db, [number for number, _ in rows])
        return frozenset(
            number
            for number, state in rows
            if state == PendingState.PENDING or in_sample(known[-1], sources.get(number, []))
        )

    def each_decision(self) -> dict[int, list[Decision]]:
        """Return the newest decision of each reviewer: for double screening and conflicts."""
        wanted = [number for number, _ in self._double()]
        rows = self._db.rows(
            "SELECT held_by, entry.* FROM entry JOIN standing ON standing.id = entry.id"
            " WHERE held_by IN (SELECT value FROM json_each(?)) AND entry.stage = ?"
            " ORDER BY held_by, entry.id",
            *(json.dumps(wanted), self._stage),
        )
        each = {
            number: _newest_each([decision_from(row[1:]) for row in some])
            for number, some in groupby(rows, key=lambda row: row[0])
        }
        return {**each, **self._conflicting()}

    def counts(self) -> dict[PendingState, int]:
        """Count the records that have no label although somebody has decided about them."""
        rows: dict[str, int] = dict(
            self._db.rows(
                "SELECT open, count(*) FROM stage_record WHERE open IS NOT NULL AND stage = ?"
                " GROUP BY 1",
                self._stage,
            )
        )
        return {state: int(rows.get(state, 0)) for state in PendingState}

    def conflicts(self) -> list[Conflict]:
        """Return the records about which reviewers differ, in the order in which they came."""
        return [
            Conflict(id=show_id(number), decisions=tuple(decisions))
            for number, decisions in self._conflicting().items()
        ]

    def _conflicting(self) -> dict[int, list[Decision]]:
        rows = self._db.rows(
            "SELECT held_by, entry.* FROM entry JOIN standing ON standing.id = entry.id"
            " WHERE held_by IN (SELECT id FROM stage_record WHERE open = ?1 AND stage = ?2)"
            " AND entry.stage = ?2 ORDER BY held_by, entry.id",
            *(PendingState.CONFLICT, self._stage),
        )
        numbers, known = self.conflict_numbers(), self.settings()
        voices = held_voices(self._db, numbers, self._stage)
        sources = held_sources(self._db, numbers)
        counted = {
            vote.id
            for number in numbers
            for vote in counted_votes(voices[number], sources[number], known)
        }
        return {
            number: [decision_from(row[1:]) for row in some if row[1] in counted]
            for number, some in groupby(rows, key=lambda row: row[0])
        }

    def conflict_numbers(self) -> list[int]:
        """Return the numbers of the records in conflict."""
        rows = self._db.rows(
            "SELECT id FROM stage_record WHERE open = ? AND stage = ? ORDER BY id",
            *(PendingState.CONFLICT, self._stage),
        )
        return [row[0] for row in rows]

    def conflicts_among(self, sources: Iterable[int]) -> frozenset[int]:
        """Return the numbers of the records in conflict that hold any of these sources."""
        rows = self._db.rows(
            "SELECT DISTINCT record.id FROM source"
            " JOIN stage_record AS record ON record.id = source.record_id"
            " WHERE source.id IN (SELECT value FROM json_each(?)) AND open = ? AND stage = ?",
            *(json.dumps(sorted(sources)), PendingState.CONFLICT, self._stage),
        )
        return frozenset(row[0] for row in rows)

    def waiting_for(self, reviewer: str) -> list[int]:
        """Return the records that another one has decided about and this one has to read."""
        return self._pending(reviewer, decided=False)

    def randomly_drawn(self) -> list[int]:
        """Return records that wait for a second reviewer and ranked low when the first one decided.

        They were drawn at random or asked for; all others ranked about as high as the number of
        decisions.
        """
        rows = self._db.rows(
            "SELECT held_by FROM (SELECT held_by, min(voice.id) AS first FROM voice"
            " JOIN record ON record.id = held_by WHERE open = ? AND stage = 'title-abstract'"
            " GROUP BY held_by)"
            " JOIN decision ON decision.id = first WHERE decision.rank > ? + 2 * (first"
            " - (SELECT count(*) FROM decision AS other WHERE other.stage = 'full-text'"
            " AND other.id < first)) ORDER BY held_by",
            *(PendingState.PENDING, _NEAR),
        )
        return [row[0] for row in rows]

    def not_shown_to(self, reviewer: str) -> list[int]:
        """Return the records without a label that are not for this reviewer to read now."""
        return [*self._pending(reviewer, decided=True), *self.conflict_numbers()]

    def first_labels(self) -> dict[str, dict[int, Label]]:
        """Return each reviewer's label of each record before they knew the other's.

        That is the newest of their decisions before the second reviewer's first one, or else their
        own first one: a later change of mind is no independent agreement.
        """
        found: dict[str, dict[int, Label]] = {}
        for number, voices in self._double():
            for reviewer, label in _first_of(voices).items():
                found.setdefault(reviewer, {})[number] = Label(label)
        return found

    def decided_by(self, reviewer: str) -> int:
        """Count the records that a reviewer has decided about here."""
        return int(
            self._db.value(
                "SELECT count(DISTINCT held_by) FROM voice"
                " WHERE import_id IS NULL AND reviewer = ? AND stage = ?",
                *(reviewer, self._stage),
            )
        )

    def work(self) -> list[Workload]:
        """Return the work of each reviewer, by name."""
        days = self._db.rows(
            "SELECT reviewer, substr(at, 1, 10), count(*) FROM standing WHERE import_id IS NULL"
            " AND stage = ? GROUP BY 1, 2 ORDER BY 1, 2",
            self._stage,
        )
        decided: dict[str, int] = dict(
            self._db.rows(
                "SELECT reviewer, count(DISTINCT held_by) FROM voice WHERE import_id IS NULL"
                " AND stage = ? GROUP BY 1",
                self._stage,
            )
        )
        return [
            Workload(
                reviewer=reviewer,
                decided=decided[reviewer],
                days=tuple((day, count) for _, day, count in some),
            )
            for reviewer, some in groupby(days, key=lambda row: row[0])
        ]

    def _pending(self, reviewer: str, *, decided: bool) -> list[int]:
        rows = self._db.rows(
            "SELECT id FROM stage_record AS record WHERE open = ?1 AND stage = ?4"
            " AND ?3 = EXISTS (SELECT 1 FROM voice WHERE held_by = record.id AND reviewer = ?2"
            " AND voice.stage = ?4) ORDER BY id",
            *(PendingState.PENDING, reviewer, decided, self._stage),
        )
        return [row[0] for row in rows]

    def _decided(self) -> list[int]:
        return [
            row[0]
            for row in self._db.rows(
                "SELECT DISTINCT held_by FROM voice WHERE import_id IS NULL AND stage = ?"
                " ORDER BY 1",
                self._stage,
            )
        ]

    def _double(self) -> Iterator[tuple[int, list[ReviewerVote]]]:
        known = self.settings()
        numbers = self._decided() if known else []
        for first in range(0, len(numbers), _BATCH):
            some = numbers[first : first + _BATCH]
            voices = held_voices(self._db, some, self._stage)
            sources = held_sources(self._db, some)
            for number in some:
                if governing(voices[number], sources[number], known):
                    yield number, voices[number]


def _newest_each(decisions: list[Decision]) -> list[Decision]:
    newest = {decision.reviewer: decision for decision in decisions}
    return sorted(newest.values(), key=lambda decision: decision.id)


def _first_of(voices: list[ReviewerVote]) -> dict[str, str]:
    own = [voice for voice in voices if not voice.resolves]
    second = next((voice.id for voice in own if voice.reviewer != own[0].reviewer), None)
    said: dict[str, str] = {}
    for voice in own:
        blind = second is None or voice.id <= second
        if blind or voice.reviewer not in said:
            said[voice.reviewer] = voice.label
    return said
