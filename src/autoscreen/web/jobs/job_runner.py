"""The long tasks of a running server: starts them, follows them, stops them."""

from __future__ import annotations

import multiprocessing
import shutil
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from autoscreen.errors import ConflictError
from autoscreen.store.job_log import JobState
from autoscreen.web.event_stream import Hub
from autoscreen.web.executor import ReviewExecutor
from autoscreen.web.jobs.job_process import run_job

_SPAWN = multiprocessing.get_context("spawn")
_STOP_WITHIN = 1.0
"""Seconds in which a stopped process must end before it is killed."""
_SURE = 1.5
"""Seconds of work before the time left is estimated."""
_EVERY = 0.5
"""Seconds between two events on the same task."""
CHANGES_RANKING = frozenset({"search", "watch", "embed"})
"""Kinds of tasks after which the ranking is made anew: they import records, or compute for it."""
BACKGROUND = frozenset({"embed"})
"""Kinds of tasks that the server starts by itself, and that nobody waits for."""


@dataclass(slots=True)
class RunningJob:
    """A task that is running."""

    id: int
    kind: str
    process: SpawnProcess
    folder: Path | None  # Its uploaded files, deleted at its end
    what: str = ""  # What it is doing, and how much of it is done; total is 0 if unknown
    done: int = 0
    total: int = 0
    said: str = ""  # What a person should know, such as a wait
    since: float = 0.0
    state: JobState = JobState.RUNNING  # What it is to be logged as if it is ended from here

    @property
    def share(self) -> float | None:
        """How much of this step is done, 0 to 1; None if unknown."""
        return self.done / self.total if 0 < self.done <= self.total else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds that this step will probably take; None if unknown."""
        elapsed = time.monotonic() - self.since
        if self.share is None or elapsed < _SURE:
            return None
        return elapsed * (1 / self.share - 1)


class JobRunner:
    """Starts long tasks in processes of their own, at most one of each kind."""

    def __init__(self, executor: ReviewExecutor, hub: Hub) -> None:
        self._executor = executor
        self._hub = hub
        self._running: dict[str, RunningJob] = {}
        self._starting: set[str] = set()
        self._followers: set[threading.Thread] = set()
        executor.submit(lambda review: review.jobs.interrupt()).result()
        executor.before_close.append(self.stop_all)

    @property
    def busy(self) -> bool:
        """Whether a task is running that somebody started."""
        return bool({*self._running, *self._starting} - BACKGROUND)

    def running(self, kind: str) -> RunningJob | None:
        """Return the running task of a kind."""
        return self._running.get(kind)

    def job(self, number: int) -> RunningJob | None:
        """Return a task by its number if it is running."""
        return next((one for one in self._running.values() if one.id == number), None)

    async def start(
        self,
        kind: str,
        title: str,
        options: Mapping[str, Any],
        *,
        reviewer: str,
        folder: Path | None = None,
    ) -> int:
        """Start a task and return its number.

        `options` go to the process; those that end in an underscore are not logged. `folder` holds
        uploaded files and is deleted when the task has ended.
        """
        if kind in self._running or kind in self._starting:
            _delete(folder)
            raise ConflictError(
                "another task of this kind is running",
                hint="wait until it has finished, or stop it",
            )
        self._starting.add(kind)
        try:
            logged = {name: value for name, value in options.items() if not name.endswith("_")}
            number = await self._executor.read(
                lambda review: review.jobs.begin(kind, title, reviewer=reviewer, options=logged)
            )
            self._spawn(number, kind, options, folder)
        finally:
            self._starting.discard(kind)
        self._hub.publish("job", id=number, kind=kind)
        return number

    def stop(self, number: int, state: JobState = JobState.STOPPED) -> None:
        """Stop a task; what it has written to the review stays."""
        if (job := self.job(number)) is not None:
            job.state = state
            job.process.terminate()

    def stop_all(self) -> None:
        """Stop every task because the server stops."""
        for one in list(self._running.values()):
            self.stop(one.id, JobState.INTERRUPTED)
        for follower in list(self._followers):
            follower.join(2 * _STOP_WITHIN)

    def _spawn(
        self, number: int, kind: str, options: Mapping[str, Any], folder: Path | None
    ) -> None:
        receiver, sender = _SPAWN.Pipe(duplex=False)
        given = (sender, kind, str(self._executor.path), dict(options, job=number))
        process = _SPAWN.Process(target=run_job, args=given, daemon=True)
        process.start()
        sender.close()  # so that the pipe ends with the process
        job = RunningJob(number, kind, process, folder, since=time.monotonic())
        self._running[kind] = job
        follower = threading.Thread(target=self._follow, args=(job, receiver), daemon=True)
        self._followers.add(follower)
        follower.start()

    def _follow(self, job: RunningJob, pipe: Connection) -> None:
        """Receive the reports of a task until it ends, and log how it ended."""
        result: dict[str, Any] | None = None
        problem, published = "", 0.0
        with pipe, suppress(EOFError, OSError):
            while True:
                kind, *values = pipe.recv()
                if kind == "done":
                    result = values[0]
                elif kind == "failed":
                    problem = values[0]
                else:
                    _note(job, kind, values)
                if time.monotonic() - published > _EVERY:
                    published = time.monotonic()
                    self._hub.publish("job", id=job.id, kind=job.kind)
        job.process.join(_STOP_WITHIN)
        if job.process.is_alive():
            job.process.kill()
        self._end(job, result, problem)

    def _end(self, job: RunningJob, result: dict[str, Any] | None, problem: str) -> None:
        if result is not None:
            state = JobState.DONE
        elif problem or job.state is JobState.RUNNING:
            state = JobState.FAILED
            problem = problem or "its process ended unexpectedly; the computer may be out of memory"
        else:
            state = job.state
        try:
            with suppress(RuntimeError):  # the server has stopped; its next start logs it
                self._executor.submit(
                    lambda review: review.jobs.end(job.id, state, result=result, problem=problem)
                ).result()
        finally:
            _delete(job.folder)
            self._running.pop(job.kind, None)
            self._followers.discard(threading.current_thread())
        if job.kind in CHANGES_RANKING and state is not JobState.INTERRUPTED:
            self._executor.warm_up()
            self._hub.publish("counts")
        self._hub.publish("job", id=job.id, kind=job.kind)


def _note(job: RunningJob, kind: str, values: list[Any]) -> None:
    if kind == "expect":
        job.total, job.done, job.since = values[0], 0, time.monotonic()
    elif kind == "say":
        job.said = values[0]
    else:
        what, done = values
        if what != job.what:
            job.what, job.done, job.since = what, 0, time.monotonic()
        job.done += done
        if done:
            job.said = ""


def _delete(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
