"""A new review: its title, from which the first ranking is made, and a name for its file."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.protocol import Protocol
from autoscreen.web.accounts.members import Role
from autoscreen.web.home.home_visit import HomeVisit
from autoscreen.web.routes import Route


async def form(visit: HomeVisit) -> Response:
    """Show the form."""
    return visit.render("home/new.html", name="", title="", text="")


async def create(visit: HomeVisit) -> Response:
    """Create the review and open it."""
    name, title = await visit.field("name"), await visit.field("title")
    try:
        if not title.strip():
            raise InputError("the review needs a title", hint="its words make the first ranking")
        review = await asyncio.to_thread(
            visit.reviews.create, name, Protocol.from_title(title), by=visit.visitor.name
        )
    except AutoscreenError as error:
        text = visit.message(error)
        return visit.render("home/new.html", status=400, name=name, title=title, text=text)
    visit.own(review)
    return visit.redirect(visit.review_path(review.name, "/overview"))


ROUTES = (
    Route(path="/new", handler=form, role=Role.OBSERVER),
    Route(path="/new", handler=create, role=Role.OBSERVER, method="POST"),
)
