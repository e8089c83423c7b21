"""Routes with their path, method, role and size limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.visit import Visit

Handler = Callable[[Visit], Awaitable[Response]]
"""Answers a request."""

_SMALL = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address of the web interface."""

    path: str
    handler: Handler
    role: Role
    method: str = "GET"
    max_body: int = _SMALL

    @property
    def name(self) -> str:
        """Method and path, by which logs and tests know it."""
        return f"{self.method} {self.path}"
