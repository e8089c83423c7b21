"""Keeps the number of requests a second, together with all other processes of this user."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_LONGEST = 900.0
_MARGIN = 1.05
"""A server measures by its own clock: a little slower than allowed is never too fast."""


class RateLimiter:
    """
    Hands out moments at which a request may be sent.

    A process takes the next free moment and lets go before it waits, so that one which dies holds
    up nobody. The times are kept in a small SQLite file, whose locks the system releases by itself.
    If it cannot be written, this process keeps the rate alone.
    """

    def __init__(
        self,
        folder: Path,
        place: str,
        rate: float,
        *,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._file = folder / "turns.sqlite"
        self._place = place
        self._pause = _MARGIN / rate
        self._say = say
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._own = 0.0
        self._alone = False

    def wait(self) -> None:
        """Wait for a turn, and take it."""
        turn = self._take(self._pause, 0.0)
        if (seconds := turn - self._clock()) > 0:
            self._sleep(seconds)

    def hold(self, seconds: float) -> None:
        """Return no turn to anyone for so many seconds, as a server has asked for."""
        self._take(0.0, min(seconds, _LONGEST))

    def _take(self, pause: float, hold: float) -> float:
        """Return the next free moment; the one after it is free after the pause."""
        with self._lock:
            if not self._alone:
                try:
                    return self._take_shared(pause, hold)
                except (OSError, sqlite3.Error) as error:
                    self._alone = True
                    self._say(
                        f"{self._file} cannot be used ({error}), so other processes that ask "
                        "the same server are not waited for"
                    )
            turn = self._next(self._own, hold)
            self._own = turn + pause
            return turn

    def _take_shared(self, pause: float, hold: float) -> float:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._file, timeout=30, isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.execute("CREATE TABLE IF NOT EXISTS turn (place TEXT PRIMARY KEY, free REAL)")
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT free FROM turn WHERE place = ?", (self._place,)).fetchone()
            turn = self._next(row[0] if row else 0.0, hold)
            db.execute("INSERT OR REPLACE INTO turn VALUES (?, ?)", (self._place, turn + pause))
            db.execute("COMMIT")
        return turn

    def _next(self, free: float, hold: float) -> float:
        now = self._clock()
        # A time further ahead means that the clock was set back since.
        return max(now + hold, free if free <= now + _LONGEST else 0.0)
