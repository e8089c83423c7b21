"""The page that the work is done on: one record, and what to decide about it."""

from __future__ import annotations

from starlette.responses import Response

from autoscreen.web._routes import Role, Route
from autoscreen.web._visit import Visit

__all__ = ["ROUTES"]


async def page(visit: Visit) -> Response:
    """Show the next record."""
    return visit.render("screen.html")


ROUTES = (Route(path="/screen", handler=page, role=Role.OBSERVER),)
