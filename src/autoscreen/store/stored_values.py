"""What the store returns: frozen values, without SQL. Record ids are shown as ``r17``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from autoscreen.formats import Problem
from autoscreen.records import Label, Record, Stage
from autoscreen.store.effective_label import PendingState


def show_id(number: int) -> str:
    """Write the number of a record as reviewers see it."""
    return f"r{number}"


def as_problems(rows: Iterable[tuple[Any, ...]]) -> list[Problem]:
    """Return the problems of a file from rows of path, line, record, message and lost."""
    return [
        Problem(path=path, line=line, record=record, message=message, lost=bool(lost))
        for path, line, record, message, lost in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankPosition:
    """Where a record stood in the order when it was decided."""

    rank: int | None = None
    score: float | None = None
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What one reviewer decided about one record, once; decisions are only ever added."""

    id: int  # Number from 1 in the order in which decisions were made
    record_id: str  # The record's id when it was decided
    label: Label | None  # The label; None if this entry withdraws an earlier decision
    reviewer: str  # Who decided; empty for a person working alone
    reason: str  # Code of the exclusion reason; empty if none was given
    note: str
    at: str  # When, ISO 8601 in UTC
    # Where the record stood in the order when it was decided, from 1, and by which model; None and
    # empty if there was no order
    rank: int | None
    score: float | None
    model: str
    withdraws: int | None  # The decision that this entry withdraws; None if it is a decision itself
    stage: Stage = Stage.TITLE_ABSTRACT


class ReviewState(NamedTuple):
    """Numbers by which a change is noticed: newest decision, rules of double screening, pool."""

    decision: int
    rules: int
    epoch: int
    double: float  # The share of the records that two read, as the newest of the rules says


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
class FullTextRow:
    """A record that title and abstract included, with what was decided about its full text."""

    number: int
    record: Record
    decision: Decision | None
    open: PendingState | None  # Why it has no label though somebody has decided; None otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One record as one file gave it."""

    number: int  # Its id as a number
    path: str  # The file it came from
    ordinal: int  # Number from 1 of the record in that file
    record: Record  # Its content, with the raw text


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeEntry:
    """Two records that were found to be the same."""

    id: int  # Number of the merge, from 1
    kept: str  # The ids of both before the merge; the first went on
    absorbed: str
    evidence: str  # Why they were taken for the same
    at: str  # When, ISO 8601 in UTC
    undone_at: str | None  # When a person undid it; None if it is in force
    kept_title: str  # Titles as the two sources gave them
    absorbed_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRun:
    """One imported file: ``starts == new + merged + already_there + lost``."""

    id: int  # Number of the import, from 1
    # The file as the user named it, its format, and the SHA-256 of its bytes in hexadecimal
    path: str
    format: str
    sha256: str
    started: str  # When, ISO 8601 in UTC
    finished: str
    starts: int  # Records that begin in the file
    new: int  # Records that the review did not have
    merged: int  # Records that were merged with another one, of the review or of the same file
    already_there: int  # Records that came with an earlier import of the very same file
    lost: int  # Records that could not be read; each has its problem
    labels: int  # Decisions that came with the file
    # Records without a label because decisions of the file differ, from each other or from others
    conflicts: int
    columns: tuple[tuple[str, str], ...]  # Columns of a table that were read, each with its meaning
    # Decisions about full texts; the columns of a table that hold the decisions; columns that look
    # as if they did and were not used
    full_text: int = 0
    label_column: str = ""
    unused_label_columns: tuple[str, ...] = ()
    # What could not be read, or was repaired; only where the import has just been made, see
    # `Review.problems` for earlier ones
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
    """The protocol as it was from one change to the next."""

    id: int  # Number from 1; the greatest is in force
    text: str  # Its TOML text, and where it came from
    origin: str
    at: str  # When it came into force, ISO 8601 in UTC
    reviewer: str  # Who put it in force, and why; empty if that was not said
    note: str
