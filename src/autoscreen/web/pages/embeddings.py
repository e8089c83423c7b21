"""Starts to compute sentence embeddings that are missing."""

from __future__ import annotations

from starlette.responses import Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.background_embeddings import start_embeddings
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit


async def start(visit: Visit) -> Response:
    """Start now; otherwise the server starts by itself after a while."""
    number = await start_embeddings(visit.state, by=visit.visitor.name)
    return visit.redirect(f"/jobs/{number}")


ROUTES = (Route(path="/embeddings", handler=start, role=Role.REVIEWER, method="POST"),)
