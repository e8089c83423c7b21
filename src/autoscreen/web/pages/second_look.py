"""Second look: decisions that the other decisions contradict, as a reading list."""

from __future__ import annotations

from starlette.responses import Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import task_page
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit


async def page(visit: Visit) -> Response:
    """Show how to start, and the earlier lists."""
    return await task_page(visit, "second_look")


async def run(visit: Visit) -> Response:
    """Start to make a list."""
    await visit.field("run")
    number = await visit.state.jobs.start(
        "second_look", "Second look at the decisions", {}, reviewer=visit.visitor.name
    )
    return visit.redirect(f"/jobs/{number}")


ROUTES = (
    Route(path="/second-look", handler=page, role=Role.OBSERVER),
    Route(path="/second-look", handler=run, role=Role.REVIEWER, method="POST"),
)
