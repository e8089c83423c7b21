"""The recall at which a review may stop, with who chose it and why."""

from __future__ import annotations

from dataclasses import dataclass

from autoscreen.store.database import Database

USUAL_TARGET = 0.95
"""The target of a review until somebody chooses another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingTarget:
    """One choice of the target."""

    target: float  # Recall, above 0 and below 1
    reason: str
    reviewer: str
    at: str  # ISO 8601 in UTC


class StoppingTargets:
    """The choices of a target; they are only ever added."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def current(self) -> float:
        """Return the target in force."""
        row = self._db.row("SELECT target FROM stopping_target ORDER BY id DESC LIMIT 1")
        return USUAL_TARGET if row is None else float(row[0])

    def add(self, target: float, *, reason: str, reviewer: str) -> None:
        """Put another target in force."""
        with self._db.writing():
            self._db.run(
                "INSERT INTO stopping_target (target, reason, reviewer, at) VALUES (?, ?, ?, ?)",
                *(target, reason, reviewer, self._db.time()),
            )

    def all(self) -> list[StoppingTarget]:
        """Return all choices, oldest first."""
        rows = self._db.rows("SELECT target, reason, reviewer, at FROM stopping_target ORDER BY id")
        return [
            StoppingTarget(target=target, reason=reason, reviewer=reviewer, at=at)
            for target, reason, reviewer, at in rows
        ]
