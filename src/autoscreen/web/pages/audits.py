"""Random audits, begun and ended by an owner of the review."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.review import Audit, Review
from autoscreen.web.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

__all__ = ["ROUTES"]


async def begin(visit: Visit) -> Response:
    """Begin an audit of all unread records; its first draw is the next record to read."""
    target, confidence = await _share(visit, "target"), await _share(visit, "confidence")
    name = visit.visitor.name
    return await _change(
        visit,
        lambda review: review.audits.begin(target=target, confidence=confidence, reviewer=name),
        "Audit {} has begun. Whoever reads is given its draws.",
    )


async def end(visit: Visit) -> Response:
    """End the audit that goes on."""
    name, note = visit.visitor.name, (await visit.field("note", "")).strip()
    return await _change(
        visit,
        lambda review: review.audits.end(reviewer=name, note=note),
        "Audit {} has ended. The most likely record comes next again.",
    )


async def _change(visit: Visit, work: Callable[[Review], Audit], message: str) -> Response:
    try:
        audit = await visit.executor.act(work)
    except AutoscreenError as error:
        return visit.redirect("/overview#stopping-title", Flash(f"{error}.", kind="problem"))
    # What was on a screen belongs to the order that was in force until now.
    for screening in visit.state.screening.values():
        screening.shown = ""
    visit.hub.publish("counts")
    return visit.redirect("/overview#stopping-title", Flash(message.format(audit.number)))


async def _share(visit: Visit, name: str) -> float:
    text = await visit.field(name)
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{text[:20]!r} is no {name}", hint="choose one of the list") from None


ROUTES = (
    Route(path="/audit/begin", handler=begin, role=Role.OWNER, method="POST"),
    Route(path="/audit/end", handler=end, role=Role.OWNER, method="POST"),
)
