"""Long tasks: what each was asked to do, and its outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autoscreen.errors import InputError
from autoscreen.store.database import Database, Row

_COLUMNS = "id, kind, title, reviewer, options, started, finished, state, result, problem"


class JobState(StrEnum):
    """Whether a long task goes on, and how it ended."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A long task."""

    id: int  # Its number in this review
    kind: str
    title: str  # What it does, as shown to people
    reviewer: str  # Who started it
    options: Mapping[str, Any]
    started: str  # ISO 8601 in UTC
    finished: str  # Empty while it is running
    state: JobState
    result: Mapping[str, Any]  # Empty unless it is done
    problem: str  # Why it failed; empty otherwise


class JobLog:
    """The long tasks of a review."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def begin(
        self, kind: str, title: str, *, reviewer: str = "", options: Mapping[str, Any]
    ) -> int:
        """Log a task that starts, and return its number."""
        with self._db.writing():
            return self._db.run(
                "INSERT INTO job (kind, title, reviewer, options, started, state)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                *(kind, title, reviewer, _json(options), self._db.time(), JobState.RUNNING),
            )

    def end(
        self,
        number: int,
        state: JobState,
        *,
        result: Mapping[str, Any] | None = None,
        problem: str = "",
    ) -> None:
        """Log how a task ended."""
        with self._db.writing():
            self._db.run(
                "UPDATE job SET state = ?, finished = ?, result = ?, problem = ? WHERE id = ?",
                *(state, self._db.time(), None if result is None else _json(result), problem),
                number,
            )

    def interrupt(self) -> None:
        """Log that no task is running any more, as when a server starts."""
        with self._db.writing():
            self._db.run(
                "UPDATE job SET state = ?, finished = ? WHERE state = ?",
                *(JobState.INTERRUPTED, self._db.time(), JobState.RUNNING),
            )

    def get(self, number: int) -> Job:
        """Return one task."""
        row = self._db.row(f"SELECT {_COLUMNS} FROM job WHERE id = ?", number)  # noqa: S608
        if row is None:
            raise InputError(f"there is no task {number}", hint="open the page Tools")
        return _job(row)

    def all(self, *kinds: str, newest: int = 50) -> list[Job]:
        """Return the newest tasks of these kinds, or of all kinds, newest first."""
        rows = self._db.rows(
            f"SELECT {_COLUMNS} FROM job WHERE ?1 = '[]'"  # noqa: S608
            " OR kind IN (SELECT value FROM json_each(?1)) ORDER BY id DESC LIMIT ?2",
            *(json.dumps(kinds), newest),
        )
        return [_job(row) for row in rows]


def _job(row: Row) -> Job:
    number, kind, title, reviewer, options, started, finished, state, result, problem = row
    return Job(
        id=number,
        kind=kind,
        title=title,
        reviewer=reviewer,
        options=json.loads(options),
        started=started,
        finished=finished or "",
        state=JobState(state),
        result=json.loads(result) if result else {},
        problem=problem,
    )


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)
