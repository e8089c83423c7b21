"""Conflicts, one by one, with both decisions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import ConflictError
from autoscreen.presentation.marked_text import Paragraph, Segment, paragraphs, segments
from autoscreen.presentation.reason_words import PAST
from autoscreen.protocol import Reason
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.review_comments import Thread
from autoscreen.store.stored_values import Decision
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

_NONE_LEFT = Flash(text="There are no conflicts.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A record in conflict, ready to be shown."""

    id: str
    record: Record
    title: Sequence[Segment]
    abstract: Sequence[Paragraph]
    decisions: Sequence[Decision]
    reasons: Sequence[Reason]
    texts: dict[str, str]
    thread: Thread
    place: int
    total: int
    before: str
    after: str


async def first(visit: Visit) -> Response:
    """Go to the first conflict."""
    idents = await visit.executor.read(_idents)
    if not idents:
        return visit.redirect("/team", _NONE_LEFT)
    return visit.redirect(f"/team/conflicts/{idents[0]}")


async def page(visit: Visit) -> Response:
    """Show a conflict."""
    ident = visit.path("ident")
    case = await visit.executor.read(lambda review: _case(review, ident, visit.visitor.name))
    if case is None:
        return visit.redirect("/team", Flash(text=f"{ident} is no longer in conflict."))
    own = visit.visitor.name in _names(case.decisions)
    return visit.render("team/conflict.html", case=case, may=_may(visit, case.decisions), own=own)


async def resolve(visit: Visit) -> Response:
    """Resolve a conflict and show the next."""
    ident, label = visit.path("ident"), await visit.field("label")
    reason, note = await visit.field("reason", ""), await visit.field("note", "")
    name, owner = visit.visitor.name, visit.visitor.role is Role.OWNER
    # The select holds reasons to exclude; a decision that is agreed with keeps its own.
    reason = reason if label == "exclude" or await visit.field("agree", "") else ""

    def work(review: Review) -> list[str]:
        conflicts = review.team.conflicts()
        conflict = next((one for one in conflicts if one.id == ident), None)
        if conflict and not owner and name in _names(conflict.decisions):
            raise HTTPException(403)
        review.team.resolve(ident, label, reviewer=name, reason=reason, note=note)
        # The next one comes first, those before it last.
        at = next((n for n, one in enumerate(conflicts) if one.id == ident), 0)
        left = set(_idents(review))
        turned = [one.id for one in (*conflicts[at:], *conflicts[:at])]
        return [one for one in turned if one in left]

    try:
        left = await visit.executor.act(work)
    except ConflictError as error:
        return visit.problem("/team/conflicts", error)
    visit.hub.publish("label", record=ident, by=name)
    visit.hub.publish("conflict", left=len(left))
    flash = Flash(
        text=f"Conflict resolved: {ident} {PAST[label]}.", undo=f"/team/conflicts/{ident}/undo"
    )
    return visit.redirect(f"/team/conflicts/{left[0]}" if left else "/team", flash)


async def undo(visit: Visit) -> Response:
    """Withdraw a resolution; the conflict is open again."""
    ident, name = visit.path("ident"), visit.visitor.name
    withdrawn = await visit.executor.act(
        lambda review: review.team.withdraw_resolution(ident, name)
    )
    if withdrawn is None:
        flash = Flash(text=f"You have not resolved a conflict on {ident}.", kind="problem")
        return visit.redirect("/team", flash)
    visit.hub.publish("label", record=ident, by=name)
    visit.hub.publish("conflict")
    flash = Flash(text=f"{ident} is in conflict again.")
    return visit.redirect(f"/team/conflicts/{ident}", flash)


def _idents(review: Review) -> list[str]:
    return [conflict.id for conflict in review.team.conflicts()]


def _case(review: Review, ident: str, name: str) -> _Case | None:
    conflicts = review.team.conflicts()
    idents = [conflict.id for conflict in conflicts]
    if ident not in idents:
        return None
    at = idents.index(ident)
    record = review.record(ident).record
    found = review.highlights(ident)
    return _Case(
        id=ident,
        record=record,
        title=segments(record.title, "title", found),
        abstract=paragraphs(record.abstract, found),
        decisions=conflicts[at].decisions,
        reasons=review.protocol.reasons,
        texts={
            decision.reason: next(
                (one.text for one in review.protocol.reasons if one.code == decision.reason), ""
            )
            for decision in conflicts[at].decisions
        },
        thread=review.comments.thread(ident, name),
        place=at + 1,
        total=len(conflicts),
        before=idents[at - 1] if at else "",
        after=idents[at + 1] if at + 1 < len(idents) else "",
    )


def _names(decisions: Sequence[Decision]) -> set[str]:
    return {decision.reviewer for decision in decisions}


def _may(visit: Visit, decisions: Sequence[Decision]) -> bool:
    """Return whether the visitor is an owner, or a reviewer who made neither decision."""
    if visit.visitor.role is Role.OWNER:
        return True
    return visit.visitor.role is Role.REVIEWER and visit.visitor.name not in _names(decisions)


ROUTES = (
    Route(path="/team/conflicts", handler=first, role=Role.OBSERVER),
    Route(path="/team/conflicts/{ident}", handler=page, role=Role.OBSERVER),
    Route(path="/team/conflicts/{ident}", handler=resolve, role=Role.REVIEWER, method="POST"),
    Route(path="/team/conflicts/{ident}/undo", handler=undo, role=Role.REVIEWER, method="POST"),
)
