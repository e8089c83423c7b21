"""Random audits, begun and ended by an owner of the review."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.review import Audit, Review
from autoscreen.web.routes import Role, Route
from autoscreen.web.visit import Flash, Visit

__all__ = ["ROUTES"]


async def begin(visit: Visit) -> Response:
    """Begin an audit of all unread records; its first draw is the next record to read."""
    target, confidence = await _share(visit, "target"), await _share(visit, "confidence")
    name = visit.who.name
    return await _done(
        visit,
        lambda review: review.begin_audit(target=target, confidence=confidence, reviewer=name),
        "Audit {} has begun. Whoever reads is given its draws.",
    )


async def end(visit: Visit) -> Response:
    """End the audit that goes on."""
    name, note = visit.who.name, (await visit.field("note", "")).strip()
    return await _done(
        visit,
        lambda review: review.end_audit(reviewer=name, note=note),
        "Audit {} has ended. The most likely record comes next again.",
    )


async def _done(visit: Visit, work: Callable[[Review], Audit], said: str) -> Response:
    try:
        audit = await visit.desk.act(work)
    except AutoscreenError as error:
        return visit.redirect("/overview#stopping-title", Flash(f"{error}.", kind="problem"))
    # What was on a screen belongs to the order that was in force until now.
    for sitting in visit.room.sittings.values():
        sitting.shown = ""
    visit.hub.tell("counts")
    return visit.redirect("/overview#stopping-title", Flash(said.format(audit.number)))


async def _share(visit: Visit, name: str) -> float:
    told = await visit.field(name)
    try:
        return float(told)
    except ValueError:
        raise InputError(f"{told[:20]!r} is no {name}", hint="choose one of the list") from None


ROUTES = (
    Route(path="/audit/begin", handler=begin, role=Role.OWNER, method="POST"),
    Route(path="/audit/end", handler=end, role=Role.OWNER, method="POST"),
)
