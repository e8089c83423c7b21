"""What a page declares about itself: path, method, who may come in, how much it may be sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from starlette.responses import Response

if TYPE_CHECKING:
    from autoscreen.web.visit import Visit

__all__ = ["NAVIGATION", "Handler", "Role", "Route"]

Handler = Callable[["Visit"], Awaitable[Response]]
"""What answers a visit."""

NAVIGATION = (
    ("/screen", "Screen"),
    ("/records", "Records"),
    ("/overview", "Overview"),
    ("/team", "Team"),
    ("/protocol", "Protocol"),
)
"""Path and name of each page that the head of every page links to, in this order."""

_SMALL = 256 * 1024


class Role(IntEnum):
    """What a visitor may do; each role may do all that the roles before it may."""

    ANYONE = 0
    """Not signed in: the way in, and files without content."""
    OBSERVER = 1
    """Sees everything and changes nothing."""
    REVIEWER = 2
    """Decides about records, and brings records in."""
    OWNER = 3
    """Changes the protocol and the team."""

    @property
    def word(self) -> str:
        """The role as people read it."""
        return self.name.lower()


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
