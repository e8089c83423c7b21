"""The page that lists what is needed less often, one line each."""

from __future__ import annotations

from starlette.responses import Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit

TOOLS = (
    ("/search", "Search PubMed", "Count, then import what a query finds; logged for PRISMA-S."),
    ("/watch", "PubMed alerts", "New, revised and retracted studies since the last run."),
    ("/duplicates", "Possible duplicates", "Pairs that are alike, for you to decide."),
    ("/merges", "Merged duplicates", "What was merged and why; every merge can be undone."),
    ("/second-look", "Second look", "Decisions that your other decisions contradict."),
    ("/simulate", "Replay a finished review", "How much reading the ranking would have saved."),
    ("/models", "Models", "Train a model from your decisions; score the records of a file."),
    ("/backups", "Backups", "Copies of the whole review, to download or restore."),
)
"""Address, name and purpose of each tool."""


async def page(visit: Visit) -> Response:
    """Show all tools, and the newest tasks."""
    return visit.render(
        "tools/page.html",
        tools=[one for one in TOOLS if one[0] != "/backups" or visit.visitor.role >= Role.OWNER],
        jobs=(await job_views(visit))[:10],
    )


ROUTES = (Route(path="/tools", handler=page, role=Role.OBSERVER),)
