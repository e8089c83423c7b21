"""Records assigned to members of the team: divided among them, by hand, and given back."""

from __future__ import annotations

import math
from collections.abc import Iterable

from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.presentation.wording import counted
from autoscreen.store.double_screening import Workload
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.bulk_actions import NOTHING, selected, table_of
from autoscreen.web.records_query import PATH
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


def assignable(visit: Visit, work: Iterable[Workload]) -> list[str]:
    """Return the names of those that records can be assigned to."""
    access = visit.state.access
    if access.team:
        known = {
            one.name for one in access.accounts() if one.role >= Role.REVIEWER and not one.left_at
        }
    else:
        known = {one.reviewer for one in work} | {visit.visitor.name}
    return sorted(known - {""})


async def split(visit: Visit) -> Response:
    """Divide the unscreened, unassigned records among people."""
    form, by = await visit.form(), visit.visitor.name
    given = zip(form.getlist("name"), form.getlist("share"), strict=False)
    shares = {str(name): _share(str(name), str(share)) for name, share in given}
    shares = {name: share for name, share in shares.items() if share}
    each = 2 if await visit.field("each", "1") == "2" else 1
    try:
        got = await visit.executor.act(
            lambda review: review.assignments.split(shares, each=each, by=by)
        )
    except InputError as error:
        return visit.redirect("/team", Flash(text=f"{visit.message(error)}.", kind="problem"))
    words = ", ".join(f"{name} {count:,}" for name, count in got.items())
    return _done(visit, "assigned records", words, f"Assigned: {words}.")


async def release(visit: Visit) -> Response:
    """Take the unscreened rest of a part back, so that anybody may screen it."""
    name, by = await visit.field("name"), visit.visitor.name
    freed = await visit.executor.act(lambda review: review.assignments.release(name, by=by))
    text = f"{counted(freed, 'record')} of {name} can be screened by anybody again."
    return _done(visit, "released records", f"{name}: {freed:,}", text)


async def assign(visit: Visit) -> Response:
    """Assign the selected records of the table to somebody, or take them out of their part."""
    listing = await table_of(visit)
    idents, _ = await selected(visit, listing)
    name, on = await visit.field("assignee", ""), await visit.field("on", "1") == "1"
    if not idents:
        return visit.redirect(listing.address, NOTHING)
    if not name:
        return visit.redirect(
            listing.address, Flash(text="Choose a person first. Nothing changed.", kind="problem")
        )
    by = visit.visitor.name
    if on:
        work = await visit.executor.read(lambda review: review.team.work())
        if name not in assignable(visit, work):
            raise InputError(f"{name!r} does not screen in this review", hint="load the page again")
        count = await visit.executor.act(
            lambda review: review.assignments.assign(idents, name, by=by)
        )
        text = f"{counted(count, 'record')} assigned to {name}."
    else:
        count = await visit.executor.act(
            lambda review: review.assignments.release(name, idents, by=by)
        )
        text = f"{counted(count, 'record')} unassigned from {name}."
    what = "assigned records" if on else "released records"
    return _done(visit, what, f"{name}: {count:,}", text, listing.address)


def _done(visit: Visit, what: str, about: str, text: str, back: str = "/team") -> Response:
    visit.state.access.note(visit.visitor.name, what, about=about, address=visit.address)
    visit.hub.publish("counts")
    return visit.redirect(back, Flash(text=text))


def _share(name: str, text: str) -> float:
    try:
        share = float(text.replace(",", ".") or 0)
    except ValueError:
        share = math.nan
    if not 0 <= share < math.inf:
        raise InputError(f"{text!r} is not a share for {name}", hint="give a number such as 1 or 2")
    return share


ROUTES = (
    Route(path="/team/assignments", handler=split, role=Role.OWNER, method="POST"),
    Route(path="/team/assignments/release", handler=release, role=Role.OWNER, method="POST"),
    Route(path=f"{PATH}/assign", handler=assign, role=Role.OWNER, method="POST"),
)
