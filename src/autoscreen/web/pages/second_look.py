"""Second look: decisions that the other decisions contradict, as a reading list."""

from __future__ import annotations

from starlette.responses import Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit


async def page(visit: Visit) -> Response:
    """Show how to start, and the earlier lists."""
    progress = await visit.executor.read(lambda review: review.progress())
    return visit.render(
        "tools/second_look.html",
        progress=progress,
        jobs=await job_views(visit, "second_look"),
        may=visit.visitor.role >= Role.REVIEWER,
    )


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
