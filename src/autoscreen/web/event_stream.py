"""Server-sent events that keep open pages up to date."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

_HEARTBEAT = 20.0
"""Seconds between keep-alive messages."""
_BACKLOG = 100


class Hub:
    """
    Sends events to all open pages.

    An event has a kind and a few values, never the content of a record: ``label`` (somebody
    decided), ``counts``, ``import`` (how far it is), ``order`` (a new order is there),
    ``conflict``, ``team``, ``job`` (a long task started, moved on or ended). A page that was away
    asks again for what it shows.
    """

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[tuple[str, str] | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def publish(self, kind: str, /, **values: Any) -> None:
        """Send an event to all open pages; thread-safe."""
        event = kind, json.dumps(values)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, event)

    def close(self) -> None:
        """End all streams so that the server can stop."""
        self._closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, None)

    async def subscribe(self) -> AsyncIterator[str]:
        """Yield server-sent events until the server stops."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue(_BACKLOG)
        self._queues.add(queue)
        try:
            yield "retry: 2000\n\n"
            while not self._closed:
                try:
                    event = await asyncio.wait_for(queue.get(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event is None:
                    break
                yield f"event: {event[0]}\ndata: {event[1]}\n\n"
        finally:
            self._queues.discard(queue)

    def _put(self, event: tuple[str, str] | None) -> None:
        for queue in list(self._queues):
            if queue.full():  # a slow page loses its oldest event
                queue.get_nowait()
            queue.put_nowait(event)
