"""Prior knowledge: removed from the ranking, and restored."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.formats import Problem
from autoscreen.review import Review
from autoscreen.store.prior_knowledge import PriorFile
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.records import EXPORTS, downloaded, writer_of
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

_PLACE = "/overview#prior-title"


async def problems(visit: Visit) -> Response:
    """Show what could not be read in one file."""
    number = _number(visit)
    file, found = await visit.executor.read(lambda review: _file(review, number))
    copies = await visit.executor.read(lambda review: review.prior_knowledge.copies())
    return visit.render(
        "overview/prior_problems.html",
        file=file,
        problems=found,
        copies=[one for one in copies if one.file == number],
        exports=EXPORTS,
    )


async def export(visit: Visit) -> Response:
    """Return the records of one file with their decisions."""
    number, writer = _number(visit), writer_of(visit.query("format"))

    def write(review: Review, path: Path) -> None:
        review.prior_knowledge.export(path, format=writer.name, number=number)

    return await downloaded(visit, f"prior-{number}{writer.suffix}", write)


async def remove(visit: Visit) -> Response:
    """Stop a file from training the ranking."""
    number, name = _number(visit), visit.visitor.name
    file = await visit.executor.act(
        lambda review: review.prior_knowledge.remove(number, reviewer=name)
    )
    _changed(visit, "removed prior knowledge", file)
    text = "It no longer trains the ranking, which is being updated."
    return visit.redirect(_PLACE, Flash(text=text, undo=f"/prior/{number}/restore"))


async def restore(visit: Visit) -> Response:
    """Let a removed file train the ranking again."""
    number, name = _number(visit), visit.visitor.name
    file = await visit.executor.act(
        lambda review: review.prior_knowledge.restore(number, reviewer=name)
    )
    _changed(visit, "restored prior knowledge", file)
    return visit.redirect(_PLACE, Flash(text="It trains the ranking again."))


def _changed(visit: Visit, what: str, file: PriorFile) -> None:
    visit.note(what, file.path)
    visit.executor.warm_up()
    visit.hub.publish("order")
    visit.hub.publish("counts")


def _file(review: Review, number: int) -> tuple[PriorFile, list[Problem]]:
    for one in review.prior_knowledge.all():
        if one.id == number:
            return one, review.prior_knowledge.problems(number)
    raise InputError(f"there is no prior knowledge with the number {number}")


def _number(visit: Visit) -> int:
    number = visit.path("number")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise InputError(f"there is no prior knowledge with the number {number[:20]!r}")
    return int(number)


ROUTES = (
    Route(path="/prior/{number}/export", handler=export, role=Role.OBSERVER),
    Route(path="/prior/{number}", handler=problems, role=Role.OBSERVER),
    Route(path="/prior/{number}/remove", handler=remove, role=Role.REVIEWER, method="POST"),
    Route(path="/prior/{number}/restore", handler=restore, role=Role.REVIEWER, method="POST"),
)
