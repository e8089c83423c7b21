"""What the store returns: frozen values, without SQL. Record ids are shown as ``r17``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from autoscreen.formats import Problem
from autoscreen.records import Label, Record

__all__ = [
    "Decision",
    "FirstReading",
    "ImportRun",
    "MergeEntry",
    "ProtocolVersion",
    "RankPosition",
    "Ranking",
    "ReviewState",
    "SourceRow",
    "StoredRecord",
    "show_id",
]


def show_id(number: int) -> str:
    """Write the number of a record as reviewers see it."""
    return f"r{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RankPosition:
    """Where a record stood in the order when it was decided."""

    rank: int | None = None
    score: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    What one reviewer decided about one record, once; decisions are only ever added.

    Parameters
    ----------
    id
        Number from 1 in the order in which decisions were made.
    record_id
        The record's id when it was decided.
    label
        The label; None if this entry withdraws an earlier decision.
    reviewer
        Who decided; empty for a person working alone.
    reason
        Code of the exclusion reason; empty if none was given.
    note
        Free text.
    at
        When, ISO 8601 in UTC.
    rank, score, model
        Where the record stood in the order when it was decided, from 1, and by which model; None
        and empty if there was no order.
    withdraws
        The decision that this entry withdraws; None if it is a decision itself.
    """

    id: int
    record_id: str
    label: Label | None
    reviewer: str
    reason: str
    note: str
    at: str
    rank: int | None
    score: float | None
    model: str
    withdraws: int | None


class ReviewState(NamedTuple):
    """Numbers by which a change is noticed: newest decision, rules of double screening, pool."""

    decision: int
    rules: int
    epoch: int


class FirstReading(NamedTuple):
    """A record that was read here."""

    record: int
    label: Label
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """One record of the review with its decision."""

    number: int
    record: Record
    decision: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """
    One record as one file gave it.

    Parameters
    ----------
    number
        Its id as a number.
    path
        The file it came from.
    ordinal
        Number from 1 of the record in that file.
    record
        Its content, with the raw text.
    """

    number: int
    path: str
    ordinal: int
    record: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEntry:
    """
    Two records that were found to be the same.

    Parameters
    ----------
    id
        Number of the merge, from 1.
    kept, absorbed
        The ids of both before the merge; the first went on.
    evidence
        Why they were taken for the same.
    at
        When, ISO 8601 in UTC.
    undone_at
        When a person undid it; None if it is in force.
    kept_title, absorbed_title
        Titles as the two sources gave them.
    """

    id: int
    kept: str
    absorbed: str
    evidence: str
    at: str
    undone_at: str | None
    kept_title: str
    absorbed_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """
    One imported file: ``starts == new + merged + already_there + lost``.

    Parameters
    ----------
    id
        Number of the import, from 1.
    path, format, sha256
        The file as the user named it, its format, and the SHA-256 of its bytes in hexadecimal.
    started, finished
        When, ISO 8601 in UTC.
    starts
        Records that begin in the file.
    new
        Records that the review did not have.
    merged
        Records that were merged with another one, of the review or of the same file.
    already_there
        Records that came with an earlier import of the very same file.
    lost
        Records that could not be read; each has its problem.
    labels
        Decisions that came with the file.
    problems
        What could not be read, or was mended; only where the import has just been made, see
        `Review.problems` for earlier ones.
    """

    id: int
    path: str
    format: str
    sha256: str
    started: str
    finished: str
    starts: int
    new: int
    merged: int
    already_there: int
    lost: int
    labels: int
    problems: tuple[Problem, ...] = field(default=(), repr=False)

    @property
    def seconds(self) -> float:
        """How long it took."""
        begun, ended = map(datetime.fromisoformat, (self.started, self.finished))
        return (ended - begun).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """An order of records, and what it knew."""

    model: str
    decision: int
    epoch: int
    records: Sequence[int]
    scores: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolVersion:
    """
    The protocol as it was from one change to the next.

    Parameters
    ----------
    id
        Number from 1; the greatest is in force.
    text, origin
        Its TOML text, and where it came from.
    at
        When it came into force, ISO 8601 in UTC.
    reviewer, note
        Who put it in force, and why; empty if that was not said.
    """

    id: int
    text: str
    origin: str
    at: str
    reviewer: str
    note: str
