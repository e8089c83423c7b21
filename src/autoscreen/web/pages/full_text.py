"""The stage of full texts: the list, one record with its decision, and conflicts."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import ConflictError, InputError, UnknownRecordError
from autoscreen.presentation.marked_text import Paragraph, Segment, paragraphs, segments
from autoscreen.presentation.reason_words import PAST
from autoscreen.protocol import Reason
from autoscreen.records import Label, Record
from autoscreen.review import Review
from autoscreen.review.full_text import FullTextProgress, FullTextRecord
from autoscreen.review.review_comments import Thread
from autoscreen.store.attachments import Attachment
from autoscreen.store.double_screening import Conflict
from autoscreen.store.effective_label import PendingState
from autoscreen.store.stored_values import Decision
from autoscreen.web.accounts.members import Role
from autoscreen.web.reason_buttons import ReasonButton, reason_buttons
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

_KEYS = frozenset("ieuzrwojk?")
"""Keys with another use on the page."""
_LEFT = "left"
_SAME = {"yes": True, "no": False, "": None}
SHOWN = (_LEFT, *Label, *PendingState, "all")
"""Which records the list can show."""
_BUTTONS = (
    (Label.INCLUDE, "i"),
    (Label.UNSURE, "u"),
    (Label.NOT_RETRIEVED, "r"),
    (Label.AWAITING, "w"),
    (Label.ONGOING, "o"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """The text of a page of a PDF, cut at its highlights."""

    number: int
    text: Sequence[Segment]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A record whose full text is assessed, ready to be shown."""

    id: str
    record: Record
    title: Sequence[Segment]
    abstract: Sequence[Paragraph]
    label: Label | None
    reason: str
    open: PendingState | None
    history: Sequence[Decision]
    own: bool
    decisions: Sequence[Decision]
    buttons: Sequence[ReasonButton]
    reasons: Sequence[Reason]
    progress: FullTextProgress
    thread: Thread
    pdfs: Sequence[Attachment]
    removed: Sequence[Attachment]
    text: Sequence[ShownPage]
    reports: Sequence[tuple[str, str]]  # The other reports of its study, with their titles
    key: str

    @property
    def seen(self) -> int:
        """Number of the newest entry that is shown."""
        return self.history[-1].id if self.history else 0


async def page(visit: Visit) -> Response:
    """List the records whose full text is assessed."""
    name, which = visit.visitor.name, visit.query("show", "all")
    if which not in SHOWN:
        raise InputError(f"{which!r} is not a label", hint=f"choose one of: {', '.join(SHOWN)}")

    def work(review: Review) -> tuple[list[FullTextRecord], dict[str, Any]]:
        listed = review.full_text.records(name)
        return listed, {
            "progress": review.full_text.progress(),
            "following": review.full_text.next(name),
            "share": review.full_text.team.double_screening,
            "agreement": review.full_text.team.agreement(),
            "reasons": review.protocol.reasons,
            "with_pdf": {one.record_id for one in review.full_text.files.all()},
            "unmatched": review.full_text.files.count_unmatched(),
        }

    listed, values = await visit.executor.read(work)
    counts = {kind: sum(_is(one, kind) for one in listed) for kind in SHOWN}
    return visit.render(
        "full_text/page.html",
        listed=[one for one in listed if _is(one, which)],
        which=which,
        counts=counts,
        learned=any(one.learned for one in listed),
        **values,
    )


async def one(visit: Visit) -> Response:
    """Show a record with the decisions about its full text."""
    ident, name = visit.path("ident"), visit.visitor.name
    pdf = visit.query("text")
    case = await visit.executor.read(lambda review: _case(review, ident, name, pdf))
    may = visit.visitor.role >= Role.REVIEWER
    resolves = may and case.open is PendingState.CONFLICT and _may_resolve(visit, case.decisions)
    return visit.render(
        "full_text/record.html", case=case, may=may, resolves=resolves, labels=_BUTTONS
    )


async def following(visit: Visit) -> Response:
    """Go to the next record to assess."""
    name = visit.visitor.name
    ident = await visit.executor.read(lambda review: review.full_text.next(name))
    if ident is None:
        return visit.redirect("/full-text", Flash("Nothing is left to assess."))
    return visit.redirect(f"/full-text/{ident}")


async def decide(visit: Visit) -> Response:
    """Save a decision and show the next record."""
    ident, name = visit.path("ident"), visit.visitor.name
    label, reason = await _label_and_reason(visit)
    note, key, seen = await visit.field("note", ""), await visit.field("key"), await _seen(visit)

    def work(review: Review) -> str | None:
        review.full_text.decisions.submit(
            ident, label, key=key, seen=seen, reviewer=name, reason=reason, note=note.strip()
        )
        return review.full_text.next(name, skip=[ident])

    following = await visit.executor.act(work)
    visit.hub.publish("counts")
    flash = Flash(
        f"Saved: {ident} {PAST[label]}.",
        undo=f"/full-text/{ident}/withdraw",
    )
    return visit.redirect(f"/full-text/{following}" if following else "/full-text", flash)


async def withdraw(visit: Visit) -> Response:
    """Withdraw the visitor's newest decision about the full text."""
    ident, name = visit.path("ident"), visit.visitor.name
    done = await visit.executor.act(
        lambda review: review.full_text.decisions.undo(reviewer=name, record=ident)
    )
    visit.hub.publish("counts")
    text = "Withdrawn; it stays in the history." if done else "There was nothing to withdraw."
    return visit.redirect(f"/full-text/{ident}", Flash(text))


async def first_conflict(visit: Visit) -> Response:
    """Go to the first conflict."""
    found = await visit.executor.read(lambda review: review.full_text.team.conflicts())
    if not found:
        return visit.redirect("/full-text", Flash("There are no conflicts on full texts."))
    return visit.redirect(f"/full-text/{found[0].id}")


async def resolve(visit: Visit) -> Response:
    """Resolve a conflict and show the next."""
    ident, name = visit.path("ident"), visit.visitor.name
    label, reason = await _label_and_reason(visit)
    note = await visit.field("note", "")

    def work(review: Review) -> list[Conflict]:
        team = review.full_text.team
        conflict = next((one for one in team.conflicts() if one.id == ident), None)
        if conflict is not None and not _may_resolve(visit, conflict.decisions):
            raise HTTPException(403)
        team.resolve(ident, label, reviewer=name, reason=reason, note=note.strip())
        return team.conflicts()

    try:
        left = await visit.executor.act(work)
    except ConflictError as error:
        return visit.redirect("/full-text", Flash(visit.message(error), kind="problem"))
    visit.hub.publish("counts")
    flash = Flash(f"Conflict resolved: {ident} {PAST[label]}.", undo=f"/full-text/{ident}/withdraw")
    return visit.redirect(f"/full-text/{left[0].id}" if left else "/full-text", flash)


async def link_study(visit: Visit) -> Response:
    """Note that the record and another one report one study, or do not, or withdraw that."""
    ident, name = visit.path("ident"), visit.visitor.name
    other, how = await visit.field("other"), await visit.field("same")
    if how not in _SAME:
        raise InputError("the form is invalid", hint="reload the page")
    try:
        found, _ = await visit.executor.act(
            lambda review: (
                review.record(other).id,
                review.reporting.link(ident, other, same=_SAME[how], reviewer=name),
            )
        )
    except (UnknownRecordError, InputError) as error:
        return visit.redirect(
            f"/full-text/{ident}", Flash(f"{visit.message(error)}.", kind="problem")
        )
    texts = {
        "yes": f"{ident} and {found} are reports of one study.",
        "no": f"{ident} and {found} are reports of different studies.",
        "": f"What was noted about {ident} and {found} is withdrawn.",
    }
    undo = (("other", found), ("same", ""))
    flash = Flash(texts[how], undo=f"/full-text/{ident}/study" if how else "", values=undo)
    return visit.redirect(f"/full-text/{ident}", flash)


async def set_screening(visit: Visit) -> Response:
    """Set whether two reviewers assess each full text."""
    share, name = float(await visit.field("how") == "all"), visit.visitor.name
    await visit.executor.act(
        lambda review: review.full_text.team.set_double_screening(share, reviewer=name)
    )
    visit.note("set double screening of full texts", f"{100 * share:g}%")
    visit.hub.publish("counts")
    who = "two reviewers, blinded to each other," if share else "one reviewer"
    return visit.redirect(
        "/full-text",
        Flash(f"Setting saved: {who} {'assess' if share else 'assesses'} each full text."),
    )


def _case(review: Review, ident: str, name: str, pdf: str = "") -> _Case:
    shown = review.record(ident)
    assessed = next((one for one in review.full_text.records(name) if one.id == shown.id), None)
    if assessed is None:
        raise InputError(
            f"{shown.id} is not included by title and abstract", hint="include it there first"
        )
    history = review.full_text.decisions.seen_history(shown.id, name)
    withdrawn = {entry.withdraws for entry in history}
    marks = review.highlights(shown.id)
    in_conflict = assessed.open is PendingState.CONFLICT
    conflicts = review.full_text.team.conflicts() if in_conflict else []
    return _Case(
        id=shown.id,
        record=shown.record,
        title=segments(shown.record.title, "title", marks),
        abstract=paragraphs(shown.record.abstract, marks),
        label=assessed.label,
        reason=assessed.decision.reason if assessed.decision else "",
        open=assessed.open,
        history=history,
        own=any(one.label and one.reviewer == name and one.id not in withdrawn for one in history),
        decisions=next((one.decisions for one in conflicts if one.id == shown.id), ()),
        buttons=[
            button
            for button in reason_buttons(review.protocol.reasons, taken=_KEYS)
            if button.label is Label.EXCLUDE
        ],
        reasons=review.protocol.reasons,
        progress=review.full_text.progress(),
        thread=review.comments.thread(shown.id, name),
        pdfs=review.full_text.files.of(shown.id),
        removed=review.full_text.files.removed_of(shown.id),
        text=_text(review, shown.id, pdf) if pdf else (),
        reports=[
            (other, review.record(other).record.title)
            for other in review.reporting.study_of(shown.id)
            if other != shown.id
        ],
        key=secrets.token_urlsafe(18),
    )


def _text(review: Review, ident: str, sha256: str) -> list[ShownPage]:
    return [
        ShownPage(number=page.number, text=segments(page.text, "abstract", page.highlights))
        for page in review.full_text.files.pages(ident, sha256)
    ]


def _is(record: FullTextRecord, kind: str) -> bool:
    if kind == _LEFT:
        return record.decision is None and record.open is None
    return kind in ("all", record.open or record.label)


def _may_resolve(visit: Visit, decisions: Sequence[Decision]) -> bool:
    """Return whether the visitor is an owner, or made none of the decisions."""
    names = {decision.reviewer for decision in decisions}
    return visit.visitor.role is Role.OWNER or visit.visitor.name not in names


async def _label_and_reason(visit: Visit) -> tuple[Label, str]:
    """Return the label of a button; that of a reason, and one with a reason in words, excludes."""
    kind, _, code = (await visit.field("choice")).partition(":")
    if kind == "reason":
        return Label.EXCLUDE, code or (await visit.field("reason", "")).strip()
    if kind not in tuple(Label):
        raise InputError(f"{kind!r} is not a label", hint="reload the page")
    return Label(kind), ""


async def _seen(visit: Visit) -> int:
    seen = await visit.field("seen")
    if not seen.isdecimal() or len(seen) > 18:
        raise InputError(f"{seen!r} is not a number", hint="reload the page")
    return int(seen)


ROUTES = (
    Route(path="/full-text", handler=page, role=Role.OBSERVER),
    Route(path="/full-text/next", handler=following, role=Role.REVIEWER),
    Route(path="/full-text/conflicts", handler=first_conflict, role=Role.OBSERVER),
    Route(path="/full-text/double", handler=set_screening, role=Role.OWNER, method="POST"),
    Route(path="/full-text/{ident}", handler=one, role=Role.OBSERVER),
    Route(path="/full-text/{ident}/label", handler=decide, role=Role.REVIEWER, method="POST"),
    Route(path="/full-text/{ident}/resolve", handler=resolve, role=Role.REVIEWER, method="POST"),
    Route(path="/full-text/{ident}/study", handler=link_study, role=Role.REVIEWER, method="POST"),
    Route(path="/full-text/{ident}/withdraw", handler=withdraw, role=Role.REVIEWER, method="POST"),
)
