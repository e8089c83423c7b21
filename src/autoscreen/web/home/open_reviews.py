"""
The reviews of a folder that are open now; a bounded number of them keep a ranker in memory.

A review is opened when somebody asks for one of its pages. Where too many are open, the one that
was used least recently and is idle is closed and its memory freed, while drafts, messages and
reserved records stay. The next request opens it again.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.types import ASGIApp

from autoscreen.web.app import mounted_app
from autoscreen.web.executor import ReviewExecutor
from autoscreen.web.home.review_registry import RegisteredReview
from autoscreen.web.visit import ServerState

MOST = 8
"""Reviews with a ranker in memory; more only while each of them is in use."""
_IN_USE = 30.0
"""Seconds after a request in which a review does not rest."""

_PATIENCE = 30.0
"""Seconds that a ranking in progress may take before a review is closed for good."""


@dataclass(slots=True)
class _Opened:
    """A review that was opened since the server started."""

    state: ServerState
    app: ASGIApp
    used: float = 0.0


class OpenReviews:
    """The open reviews of a server, of which at most `most` keep a ranker in memory."""

    def __init__(
        self,
        state_of: Callable[[RegisteredReview, ReviewExecutor], ServerState],
        *,
        most: int = MOST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state_of = state_of
        self._most = most
        self._clock = clock
        self._opened: dict[int, _Opened] = {}
        self._opening: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def app(self, review: RegisteredReview, path: Path) -> ASGIApp:
        """Return the pages of a review, which is opened if necessary."""
        async with self._opening[review.id]:
            found = self._opened.get(review.id)
            if found is None:
                state = await asyncio.to_thread(self._open, review, path)
                found = self._opened[review.id] = _Opened(state, mounted_app(state))
            elif not found.state.executor.awake:
                found.state.executor.warm_up()
            found.used = self._clock()
        self._let_rest()
        return found.app

    def _open(self, review: RegisteredReview, path: Path) -> ServerState:
        executor = ReviewExecutor(path)
        state = self._state_of(review, executor)
        executor.on_progress = partial(state.hub.publish, "preparing")
        executor.warm_up()
        return state

    def state(self, number: int) -> ServerState | None:
        """Return the state of a review that was opened since the server started."""
        found = self._opened.get(number)
        return found.state if found else None

    def states(self) -> list[ServerState]:
        """Return the states of all reviews that were opened since the server started."""
        return [one.state for one in self._opened.values()]

    def working(self, number: int) -> bool:
        """Whether a task that somebody started is running in a review, such as an import."""
        found = self._opened.get(number)
        return found is not None and found.state.working

    async def shut(self, number: int) -> bool:
        """Close one review, whose file is about to be moved; False if it is still in use."""
        async with self._opening[number]:
            if not (found := self._opened.pop(number, None)):
                return True
            found.state.hub.close()
            return await asyncio.to_thread(found.state.executor.close, within=_PATIENCE)

    def stop_news(self) -> None:
        """End the event streams of open pages, so that the server can stop."""
        for one in self._opened.values():
            one.state.hub.close()

    def close(self) -> bool:
        """Close all reviews; False if work continues that only the end of the process stops."""
        executors = [one.state.executor for one in self._opened.values()]
        self._opened.clear()
        if not executors:
            return True
        with ThreadPoolExecutor(len(executors)) as pool:
            return all(list(pool.map(ReviewExecutor.close, executors)))

    def _let_rest(self) -> None:
        awake = [one for one in self._opened.values() if one.state.executor.awake]
        awake.sort(key=lambda one: one.used)
        for one in awake[: max(0, len(awake) - self._most)]:
            if one.state.idle and self._clock() - one.used > _IN_USE:
                one.state.executor.rest()
