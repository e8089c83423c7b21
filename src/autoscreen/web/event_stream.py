"""Server-sent events that keep open pages up to date."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

_HEARTBEAT = 20.0
"""Seconds between keep-alive messages."""
_BACKLOG = 100


@dataclass(frozen=True, slots=True)
class _Event:
    number: int
    kind: str
    data: str

    def __str__(self) -> str:
        return f"id: {self.number}\nevent: {self.kind}\ndata: {self.data}\n\n"


class Hub:
    """Sends events to all open pages.

    An event has a kind and a few values, never the content of a record: ``label`` (somebody
    decided), ``counts``, ``import`` (its progress), ``order`` (a new order), ``conflict``,
    ``team``, ``job`` (a long task started, progressed or ended). Events are numbered: a page
    receives those since it was made or last connected. If these are no longer kept, it receives
    ``missed`` and loads again what it shows.
    """

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[_Event | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._kept: deque[_Event] = deque(maxlen=_BACKLOG)
        self._lock = threading.Lock()
        # Numbers of an earlier run of the server are lower, so that its pages ask again.
        self.newest = time.time_ns() // 1_000_000

    def publish(self, kind: str, /, **values: Any) -> None:
        """Send an event to all open pages; thread-safe."""
        with self._lock:
            self.newest += 1
            event = _Event(self.newest, kind, json.dumps(values))
            self._kept.append(event)
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._put, event)

    def close(self) -> None:
        """End all streams so that the server can stop."""
        self._closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, None)

    async def subscribe(self, after: int | None = None) -> AsyncIterator[str]:
        """Yield server-sent events, from the one after a number on, until the server stops."""
        queue: asyncio.Queue[_Event | None] = asyncio.Queue(_BACKLOG)
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._queues.add(queue)
            last, kept = self.newest, list(self._kept)
        try:
            yield "retry: 2000\n\n"
            if after is not None:
                for one in _since(after, last, kept):
                    yield str(one)
            while not self._closed:
                try:
                    event = await asyncio.wait_for(queue.get(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event is None:
                    break
                if event.number > last:  # the others were among those kept
                    yield str(event)
        finally:
            self._queues.discard(queue)

    def _put(self, event: _Event | None) -> None:
        for queue in list(self._queues):
            if queue.full():  # a slow page loses its oldest event
                queue.get_nowait()
            queue.put_nowait(event)


def _since(after: int, last: int, kept: list[_Event]) -> list[_Event]:
    """Return the events after a number, or that some are no longer kept."""
    oldest = kept[0].number - 1 if kept else last
    if not oldest <= after <= last:
        return [_Event(last, "missed", "{}")]
    return [one for one in kept if one.number > after]
