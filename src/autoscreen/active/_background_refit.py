"""Refits in the background: the newest labels are learnt while the next record is read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


@dataclass(slots=True)
class _Outcome(Generic[Result]):
    result: Result | None = None
    error: Exception | None = None


class BackgroundRefit(Generic[Job, Result]):
    """
    Runs the newest job in a thread of its own; jobs that were overtaken are left out.

    Notes
    -----
    The linear solver and the sparse products release Python's global lock, so the reader's
    thread continues.
    """

    def __init__(self, work: Callable[[Job], Result]) -> None:
        self._work = work
        self._state = threading.Condition()
        self._waiting: list[Job] = []
        self._busy = False
        self._closed = False
        self._outcome: _Outcome[Result] = _Outcome()
        self._thread = threading.Thread(target=self._run, name="autoscreen-refit", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Submit the newest job; it replaces one that has not begun."""
        with self._state:
            self._waiting = [job]
            self._state.notify_all()

    def newest(self) -> Result | None:
        """Return the result of the last job that was finished; None before the first."""
        with self._state:
            error, self._outcome.error = self._outcome.error, None
            if error is not None:
                raise error
            return self._outcome.result

    def wait(self) -> Result | None:
        """Wait until no job is waiting or running, then return the newest result."""
        with self._state:
            self._state.wait_for(lambda: not (self._waiting or self._busy))
        return self.newest()

    def close(self, *, patience: float | None = None) -> None:
        """Drop the waiting job, let the running one end, and stop the thread."""
        with self._state:
            self._closed = True
            self._waiting = []
            self._state.notify_all()
        self._thread.join(patience)

    def _run(self) -> None:
        while (job := self._take()) is not None:
            outcome: _Outcome[Result] = _Outcome()
            try:
                outcome.result = self._work(job[0])
            except Exception as error:  # handed to the thread that asks
                outcome.error = error
            self._hand_over(outcome)

    def _take(self) -> list[Job] | None:
        with self._state:
            self._state.wait_for(lambda: bool(self._waiting) or self._closed)
            if self._closed:
                return None
            job, self._waiting = self._waiting, []
            self._busy = True
            return job

    def _hand_over(self, outcome: _Outcome[Result]) -> None:
        with self._state:
            if outcome.error is None:
                self._outcome = outcome
            else:
                self._outcome.error = outcome.error
            self._busy = False
            self._state.notify_all()
