"""Backups: copies of the whole review, to keep and to download."""

from __future__ import annotations

from starlette.responses import FileResponse, Response

from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


async def page(visit: Visit) -> Response:
    """List the backups."""
    backups, folder = await visit.executor.read(
        lambda review: (review.backups.all(), review.backups.folder)
    )
    return visit.render("tools/backups.html", backups=backups, folder=folder)


async def make(visit: Visit) -> Response:
    """Make a backup."""
    await visit.field("make")
    done = await visit.executor.run_long(lambda review: review.backups.make())
    return visit.redirect("/backups", Flash(text=f"Saved: {done.path.name}."))


async def download(visit: Visit) -> Response:
    """Return a backup as a file."""
    name = visit.path("name")
    found = await visit.executor.read(lambda review: review.backups.get(name))
    return FileResponse(found.path, filename=name, media_type="application/octet-stream")


ROUTES = (
    Route(path="/backups", handler=page, role=Role.OWNER),
    Route(path="/backups", handler=make, role=Role.OWNER, method="POST"),
    Route(path="/backups/{name}", handler=download, role=Role.OWNER),
)
