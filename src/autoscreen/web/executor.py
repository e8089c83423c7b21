"""
The open review of a running server: which thread may use it.

A review file is open once for each thread. One thread holds the review with its ranker; whatever
labels, ranks or explains runs there, one after another, each for a few milliseconds. Other threads
look things up or do long work, such as an import, at the same time. SQLite isolates their
transactions.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

from autoscreen.presentation.order_progress import OrderProgress
from autoscreen.progress_callback import Progress
from autoscreen.review import Review

T = TypeVar("T")

_READERS = 3
_LONG = 3  # imports at the same time, so that a long one delays nobody
_STOP_WITHIN = 1.5
"""Seconds that work may still take when the server stops."""
_LOOK = 0.05
"""Seconds between two looks for the first order."""
_LOOKS = 12


class ReviewExecutor:
    """The review of a running server."""

    def __init__(self, path: str | Path, *, progress: Progress | None = None) -> None:
        self.order_progress: OrderProgress | None = None
        self.on_progress: Callable[[], object] | None = None
        self._progress = progress
        # Opened where it is used; an unusable file is reported here, before anything is served.
        self._actor = _Worker("act", lambda: Review.open(path, progress=self._report))
        review = self._actor.submit(lambda found: found).result()
        self.path = review.path
        self.name = self._actor.submit(lambda found: found.name).result()
        self._reopen = review.reopen
        self._start()
        self._first: Future[None] | None = None
        self._indexed: Future[object] | None = None
        self._closing = False
        self.before_close: list[Callable[[], None]] = []
        self.awake = True

    def _start(self) -> None:
        """Prepare the other threads; each opens the file when it has something to do."""
        self._readers = [_Worker("read", self._reopen) for _ in range(_READERS)]
        self._long = [_Worker("long", self._reopen) for _ in range(_LONG)]
        self._worker = self._long[0]

    def _report(self, what: str, done: int) -> None:
        if self.order_progress is not None:
            self.order_progress(what, done)
            if self.on_progress is not None:
                self.on_progress()
        if self._progress:
            self._progress(what, done)

    def warm_up(self) -> None:
        """Make the first ranking, which the first record needs, and the search index."""
        if self._closing:
            return
        self.awake = True
        self._first = Future()
        threading.Thread(target=self._await_order, args=(self._first,), daemon=True).start()
        self._indexed = self._worker.submit(self._index)

    def _await_order(self, first: Future[None]) -> None:
        """Check now and then whether the ranking is ready; its thread stays free."""
        try:
            records = self._actor.submit(lambda review: review.progress().records).result()
            self.order_progress = OrderProgress(records)
            while not self._actor.submit(lambda review: review.ranking.warm_up()).result():
                time.sleep(_LOOK)
        except Exception as error:  # raised again for whoever asks for a record
            first.set_exception(error)
        else:
            first.set_result(None)

    def _index(self, review: Review) -> None:
        review.table.index(enough=self._enough)
        if not self._enough():
            review.prior_knowledge.match()

    def _enough(self) -> bool:
        """Whether to interrupt work that can wait: the server stops, or a long task is waiting."""
        return self._closing or self._worker.waiting > 1

    @property
    def ready(self) -> bool:
        """Whether the first ranking is ready, so that `act` answers at once."""
        if self._first is None or not self._first.done():
            return self._first is None
        self._first.result()
        return True

    async def wait_until_ready(self) -> bool:
        """Wait a moment for the first order; most reviews are small. Otherwise as `ready`."""
        for _ in range(_LOOKS):
            if self.ready:
                return True
            await asyncio.sleep(_LOOK)
        return self.ready

    @property
    def files(self) -> Path:
        """The folder beside the review for files that tasks write, whether it exists or not."""
        return self.path.with_name(f"{self.path.stem}-files")

    async def act(self, work: Callable[[Review], T]) -> T:
        """Do something short with the review that labels and ranks; one after another."""
        return await _done(self._actor.submit(work))

    async def read(self, work: Callable[[Review], T]) -> T:
        """Look something up, while others label."""
        return await _done(min(self._readers, key=lambda worker: worker.waiting).submit(work))

    async def run_long(self, work: Callable[[Review], T]) -> T:
        """Do something that takes seconds or minutes, such as an import; a few at the same time."""
        return await _done(min(self._long, key=lambda worker: worker.waiting).submit(work))

    @property
    def long_must_wait(self) -> bool:
        """Whether all threads for long work are busy, so that `run_long` waits for one."""
        return all(worker.waiting for worker in self._long)

    def submit(self, work: Callable[[Review], T]) -> Future[T]:
        """Do something short from a thread that cannot await."""
        return self._readers[0].submit(work)

    @property
    def working(self) -> bool:
        """Whether a long task that somebody started is running, such as an import."""
        prepares = self._indexed is not None and not self._indexed.done()
        return sum(worker.waiting for worker in self._long) > prepares

    @property
    def idle(self) -> bool:
        """Whether nothing is running, so that `rest` delays nobody."""
        busy = any(worker.waiting for worker in self._workers())
        return not busy and (self._first is None or self._first.done())

    def rest(self) -> None:
        """Keep the newest order, close the file and free memory; the next use opens it again."""
        workers = self._workers()
        self._actor = _Worker("act", self._reopen)
        self._start()
        self._first = None
        self.awake = False
        for worker in workers:
            worker.close()

    def _workers(self) -> tuple[_Worker, ...]:
        return (*self._long, *self._readers, self._actor)

    def close(self, *, within: float = _STOP_WITHIN) -> bool:
        """
        Keep the newest order, and close the file on all threads, in so many seconds.

        Return False if some work goes on, which only the end of the process stops; of an import
        that is stopped so, nothing is in the review.
        """
        self._closing = True
        for act in self.before_close:
            act()
        closed = [worker.close() for worker in self._workers()]
        _, running = wait(closed, timeout=within)
        return not running


class _Worker:
    """One thread with its own review, because a SQLite connection belongs to one thread."""

    def __init__(self, name: str, open_review: Callable[[], Review]) -> None:
        self._open = open_review
        self._review: Review | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"autoscreen-{name}")
        self._count = threading.Lock()
        self.waiting = 0

    def submit(self, work: Callable[[Review], T]) -> Future[T]:
        with self._count:
            self.waiting += 1
        return self._thread.submit(self._do, work)

    def close(self) -> Future[None]:
        closed = self._thread.submit(self._close)
        self._thread.shutdown(wait=False)
        return closed

    def _do(self, work: Callable[[Review], T]) -> T:
        try:
            if self._review is None:
                self._review = self._open()
            return work(self._review)
        finally:
            with self._count:
                self.waiting -= 1

    def _close(self) -> None:
        if self._review is not None:
            self._review.close()


async def _done(future: Future[T]) -> T:
    # Work that has begun is finished even if the browser has left.
    return await asyncio.shield(asyncio.wrap_future(future))
