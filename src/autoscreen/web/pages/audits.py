"""Random audits and the target recall, which an owner decides about."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.presentation.stopping_words import audit_terms
from autoscreen.presentation.wording import percent
from autoscreen.review import Review
from autoscreen.review.auditing import Audit
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


async def new(visit: Visit) -> Response:
    """Show what an audit promises, costs and changes, and ask before it begins."""
    target, _, confidence = visit.query("variant").partition(" ")
    chosen = _share("target", target), _share("confidence", confidence)
    cost, audits = await visit.executor.read(
        lambda review: (
            review.audits.cost(target=chosen[0], confidence=chosen[1]),
            review.audits.all(),
        )
    )
    return visit.render("audit_new.html", cost=cost, terms=audit_terms(cost, audits))


async def begin(visit: Visit) -> Response:
    """Start an audit of all unscreened records, once its terms were confirmed."""
    if await visit.field("confirmed", "") != "1":
        raise InputError("the audit was not confirmed", hint="begin it on the overview")
    target = _share("target", await visit.field("target"))
    confidence = _share("confidence", await visit.field("confidence"))
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


async def set_target(visit: Visit) -> Response:
    """Set the recall at which the review may stop, with its reason."""
    target, reason = _share("target", await visit.field("target")), await visit.field("reason", "")
    name = visit.visitor.name
    await visit.executor.act(
        lambda review: review.audits.set_target(target, reason=reason, reviewer=name)
    )
    visit.hub.publish("counts")
    return visit.redirect(
        "/overview#stopping-title", Flash(f"The target is now {percent(target)}.")
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


def _share(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InputError(
            f"{text[:20]!r} is not a valid {name}", hint="choose a value from the list"
        ) from None


ROUTES = (
    Route(path="/audit/new", handler=new, role=Role.OWNER),
    Route(path="/stopping/target", handler=set_target, role=Role.OWNER, method="POST"),
    Route(path="/audit/begin", handler=begin, role=Role.OWNER, method="POST"),
    Route(path="/audit/end", handler=end, role=Role.OWNER, method="POST"),
)
