"""The progress of a long task, as its process reports it to the server."""

from __future__ import annotations

import threading
import time
from multiprocessing.connection import Connection

_EVERY = 0.2
"""Seconds between two reports."""


class JobReport:
    """Reports to the server how far the task is."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._lock = threading.Lock()
        self._what = ""
        self._done = 0
        self._sent = 0.0

    def __call__(self, what: str, done: int) -> None:
        """Report what is being done, and how much since the last call."""
        with self._lock:
            if what != self._what:
                self._flush()
                self._what = what
            self._done += done
            if time.monotonic() - self._sent > _EVERY:
                self._flush()

    def expect(self, total: int) -> None:
        """Report how much there is to do in all."""
        with self._lock:
            self._flush()
            self._pipe.send(("expect", total))

    def say(self, line: str) -> None:
        """Report something that a person should know, such as a wait."""
        with self._lock:
            self._pipe.send(("say", line))

    def _flush(self) -> None:
        if self._what:
            self._pipe.send(("progress", self._what, self._done))
        self._done, self._sent = 0, time.monotonic()
