"""Random audits, started and ended by an owner."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.review import Review
from autoscreen.review.auditing import Audit
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


async def begin(visit: Visit) -> Response:
    """Start an audit of all unscreened records."""
    target, confidence = await _share(visit, "target"), await _share(visit, "confidence")
    name = visit.visitor.name
    return await _change(
        visit,
        lambda review: review.audits.begin(target=target, confidence=confidence, reviewer=name),
        "Audit {} has started. Reviewers now get its sample first.",
    )


async def end(visit: Visit) -> Response:
    """End the running audit."""
    name, note = visit.visitor.name, (await visit.field("note", "")).strip()
    return await _change(
        visit,
        lambda review: review.audits.end(reviewer=name, note=note),
        "Audit {} has ended. Screening returns to the most likely records.",
    )


async def _change(visit: Visit, work: Callable[[Review], Audit], message: str) -> Response:
    try:
        audit = await visit.executor.act(work)
    except AutoscreenError as error:
        return visit.redirect("/overview#stopping-title", Flash(f"{error}.", kind="problem"))
    # The records now on screen were chosen by the previous order.
    for screening in visit.state.screening.values():
        screening.shown = ""
    visit.hub.publish("counts")
    return visit.redirect("/overview#stopping-title", Flash(message.format(audit.number)))


async def _share(visit: Visit, name: str) -> float:
    text = await visit.field(name)
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"{text[:20]!r} is not a valid {name}", hint="choose a value from the list"
        ) from None


ROUTES = (
    Route(path="/audit/begin", handler=begin, role=Role.OWNER, method="POST"),
    Route(path="/audit/end", handler=end, role=Role.OWNER, method="POST"),
)
