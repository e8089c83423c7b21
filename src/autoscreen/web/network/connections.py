"""Bounds what connections may cost: their number, and the time for a request and its answer."""

from __future__ import annotations

import asyncio
import errno
import sys
from contextlib import suppress
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

BACKLOG = 32
"""Connections that are accepted in one go."""
_FILES = 8192
_RESERVED = 96 + 6 * BACKLOG
"""Open files for the review and uploads, and for connections that are about to be closed."""
_FULL = {errno.EMFILE, errno.ENFILE}


class BoundedProtocol(H11Protocol):
    """A connection that may be neither idle nor slow for ever.

    If there are too many connections, the one that has been idle for the longest is closed.
    """

    head_seconds = 15.0
    """For the head of a request, from the connection or its first byte."""
    body_seconds = 30.0
    """For the body of a request, and a second more for each so many bytes:"""
    slowest = 1024
    answer_seconds = 60.0
    """For the other end to take more of an answer."""
    most = 900

    _began = 0.0
    _taken = 0
    _state = ""
    _timer: asyncio.TimerHandle | None = None
    _stuck: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, if need be in place of an idle connection."""
        super().connection_made(transport)
        self._expect()
        others: list[Any] = [
            one for one in self.connections if one is not self and not one.transport.is_closing()
        ]
        if len(others) >= self.most:
            idle = [one for one in others if one._state != "answer"]
            oldest = min(idle, key=lambda one: (one._state == "body", one._began), default=self)
            oldest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End; the timers with it."""
        for timer in (self._timer, self._stuck):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and see what is to come."""
        self._taken += len(data)
        super().data_received(data)
        self._expect()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._expect(idle=True)

    def pause_writing(self) -> None:
        """Wait for the other end to take more of the answer, but not for ever."""
        super().pause_writing()
        self._stuck = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        super().resume_writing()
        if self._stuck:
            self._stuck.cancel()

    def _expect(self, *, idle: bool = False) -> None:
        """Set the time for what is to come, if that is something else than before."""
        if self.conn.their_state is h11.SEND_BODY:
            state = "body"
        elif self.cycle is not None and not self.cycle.response_complete:
            state = "answer"
        else:
            # While it is idle uvicorn's own time-out counts, up to the next byte.
            state = "idle" if idle else "head"
        if state == self._state:
            return
        self._state, self._began, self._taken = state, self.loop.time(), 0
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if state in ("head", "body"):
            seconds = self.head_seconds if state == "head" else self.body_seconds
            self._timer = self.loop.call_later(seconds, self._check)

    def _check(self) -> None:
        """End what takes too long; a body has time as long as it comes, or we do not read it."""
        if self._state == "body":
            if self.flow.read_paused:
                self._began, self._taken = self.loop.time(), 0
            allowed = self.body_seconds + self._taken / self.slowest
            if (left := self._began + allowed - self.loop.time()) > 0:
                self._timer = self.loop.call_later(left + 0.01, self._check)
                return
        self.transport.abort()


def most_connections() -> int:
    """Return how many connections to take; the process may open more files from now on."""
    if sys.platform == "win32":
        return BoundedProtocol.most
    import resource  # noqa: PLC0415  (there is none on Windows)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    infinite = resource.RLIM_INFINITY
    wanted = _FILES if hard == infinite else min(_FILES, hard)
    if soft != infinite and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    files = _FILES if soft == infinite else min(_FILES, soft)
    return max(files - _RESERVED, files // 4)


def ignore_full_table(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Ignore connections for which no file descriptor is left: asyncio waits and tries again."""
    error = context.get("exception")
    if not (isinstance(error, OSError) and error.errno in _FULL):
        loop.default_exception_handler(context)
