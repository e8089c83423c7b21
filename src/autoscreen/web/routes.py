"""Routes with their path, method, role and size limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.responses import Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.visit import SiteVisit

V_contra = TypeVar("V_contra", bound=SiteVisit, contravariant=True)
"""What a handler must know of a request: that of a review, of the home page, or of any page."""

_SMALL = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Generic[V_contra]):
    """One address of the web interface."""

    path: str
    handler: Callable[[V_contra], Awaitable[Response]]
    role: Role
    method: str = "GET"
    max_body: int = _SMALL

    @property
    def name(self) -> str:
        """Method and path, by which logs and tests know it."""
        return f"{self.method} {self.path}"
