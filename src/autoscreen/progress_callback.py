"""How long work reports its progress to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

__all__ = ["NO_TRACKER", "Progress", "ProgressTracker", "no_progress"]

Progress = Callable[[str, int], None]
"""Called with what is being done and the number of records done since the last call."""


def no_progress(what: str, done: int) -> None:
    """Ignore progress."""


class ProgressTracker(Protocol):
    """Receives progress, and before it how much there is to do."""

    def __call__(self, what: str, done: int) -> None:
        """Receive what is being done and the number of records done since the last call."""

    def expect(self, total: int) -> None:
        """Receive the number of records to do in all."""


class _NoTracker:
    def __call__(self, what: str, done: int) -> None:
        """Ignore progress."""

    def expect(self, total: int) -> None:
        """Ignore the number."""

    def __repr__(self) -> str:
        return "NO_TRACKER"


NO_TRACKER: ProgressTracker = _NoTracker()
