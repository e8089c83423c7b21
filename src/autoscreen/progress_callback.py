"""How long work reports its progress to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress", "no_progress"]

Progress = Callable[[str, int], None]
"""Called with what is being done and the number of records done since the last call."""


def no_progress(what: str, done: int) -> None:
    """Ignore progress."""
