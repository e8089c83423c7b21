"""News for open pages: each browser listens to ``/events``, whoever changed something tells."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

__all__ = ["Hub"]

_HEARTBEAT = 20.0
"""Seconds after which an idle line says that it is still there."""
_BACKLOG = 100


class Hub:
    """
    Passes news on to all open pages.

    An event has a kind and a few values, never the content of a record: ``label`` (somebody
    decided), ``counts``, ``import`` (how far it is), ``order`` (a new order is there),
    ``conflict``, ``team``. A page that was away asks again for what it shows.
    """

    def __init__(self) -> None:
        self._lines: set[asyncio.Queue[tuple[str, str] | None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def tell(self, kind: str, /, **values: Any) -> None:
        """Tell all open pages; may be called from any thread."""
        news = kind, json.dumps(values)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, news)

    def close(self) -> None:
        """End all lines, so that the server can stop."""
        self._closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, None)

    async def listen(self) -> AsyncIterator[str]:
        """Yield news as server-sent events until the server stops."""
        self._loop = asyncio.get_running_loop()
        line: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue(_BACKLOG)
        self._lines.add(line)
        try:
            yield "retry: 2000\n\n"
            while not self._closed:
                try:
                    news = await asyncio.wait_for(line.get(), _HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if news is None:
                    break
                yield f"event: {news[0]}\ndata: {news[1]}\n\n"
        finally:
            self._lines.discard(line)

    def _put(self, news: tuple[str, str] | None) -> None:
        for line in list(self._lines):
            if line.full():  # a page that does not keep up will ask for the state of things
                line.get_nowait()
            line.put_nowait(news)
