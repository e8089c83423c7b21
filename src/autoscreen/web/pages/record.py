"""One record with its details: decisions, sources, merges."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.presentation.marked_text import Paragraph, Segment, paragraphs, segments
from autoscreen.presentation.reason_words import PAST
from autoscreen.protocol import Reason
from autoscreen.records import SCREENING_LABELS, Label
from autoscreen.review import Review
from autoscreen.review.reports import ReviewRecord
from autoscreen.review.review_comments import Thread
from autoscreen.store.effective_label import PendingState
from autoscreen.store.prior_copies import PriorCopy
from autoscreen.store.stored_values import Decision, MergeEntry, SourceRow
from autoscreen.text import study_designs
from autoscreen.web.accounts.members import Role
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

_MERGES = 200
"""Merges of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Details:
    """A record as the template shows it."""

    shown: ReviewRecord
    title: Sequence[Segment]
    abstract: Sequence[Paragraph]
    open: PendingState | None
    history: Sequence[Decision]
    withdrawn: frozenset[int]
    own: Decision | None
    sources: Sequence[SourceRow]
    merges: Sequence[MergeEntry]
    same_study: Sequence[tuple[str, str]]
    tags: Sequence[str]
    known_tags: Sequence[str]
    thread: Thread
    earlier: Sequence[PriorCopy]
    assigned: Sequence[str]
    designs: Sequence[str]
    reasons: Sequence[Reason]
    key: str

    @property
    def seen(self) -> int:
        """Number of the newest entry that is shown."""
        return self.history[-1].id if self.history else 0


async def page(visit: Visit) -> Response:
    """Show the record."""
    ident, name = visit.path("ident"), visit.visitor.name
    details = await visit.executor.read(lambda review: _details(review, ident, name))
    return visit.render(
        "records/record.html",
        details=details,
        one=details.shown,
        labels=list(SCREENING_LABELS),
        may=visit.visitor.role >= Role.REVIEWER,
    )


async def label(visit: Visit) -> Response:
    """Save a decision on the record."""
    ident, name = visit.path("ident"), visit.visitor.name
    value, note = await visit.field("label", ""), await visit.field("note", "")
    reason = "" if value == Label.INCLUDE else await visit.field("reason", "")
    key, seen = await visit.field("key"), await visit.field("seen")
    if not seen.isdecimal() or len(seen) > 18 or not 8 <= len(key) <= 100:
        raise InputError("the form is invalid", hint="reload the page")
    await visit.executor.act(
        lambda review: review.decisions.submit(
            ident, value, key=key, seen=int(seen), reviewer=name, reason=reason, note=note
        )
    )
    visit.hub.publish("counts")
    flash = Flash(
        text=f"Saved: {ident} {PAST.get(value, value)}.", undo=f"/records/{ident}/withdraw"
    )
    return visit.redirect(f"/records/{ident}", flash)


async def withdraw(visit: Visit) -> Response:
    """Withdraw the visitor's newest decision on the record."""
    ident, name = visit.path("ident"), visit.visitor.name
    done = await visit.executor.act(lambda review: review.undo(reviewer=name, record=ident))
    visit.hub.publish("counts")
    text = "Withdrawn; it stays in the history." if done else "There was nothing to withdraw."
    return visit.redirect(f"/records/{ident}", Flash(text=text))


async def merges(visit: Visit) -> Response:
    """Show merged duplicates, newest first."""
    every = (await visit.executor.read(lambda review: review.merges.all()))[::-1]
    pages = max(1, -(-len(every) // _MERGES))
    asked = visit.query("page")
    at = min(pages, max(1, int(asked))) if asked.isascii() and asked.isdecimal() else 1
    return visit.render(
        "records/merges.html",
        merges=every[(at - 1) * _MERGES : at * _MERGES],
        first=(at - 1) * _MERGES + 1,
        total=len(every),
        newer=at - 1,
        older=at + 1 if at < pages else 0,
        in_force=sum(one.undone_at is None for one in every),
        may=visit.visitor.role >= Role.REVIEWER,
    )


async def unmerge(visit: Visit) -> Response:
    """Undo a merge."""
    number = await visit.field("merge")
    done = await visit.executor.act(lambda review: review.merges.undo(number))
    visit.hub.publish("counts")
    text = (
        f"{done.kept} and {done.absorbed} are separate records again, each with its own decisions. "
        "Imports will not merge them again."
    )
    return visit.redirect(f"/records/{done.absorbed}", Flash(text=text))


def _details(review: Review, ident: str, name: str) -> _Details:
    shown = review.record(ident)
    seen = review.decisions.seen(shown.id, name)
    history = seen.history
    withdrawn = frozenset(entry.withdraws for entry in history if entry.withdraws is not None)
    own = [
        entry
        for entry in history
        if entry.label and entry.reviewer == name and entry.id not in withdrawn
    ]
    marks = review.highlights(shown.id)
    return _Details(
        shown=shown,
        title=segments(shown.record.title, "title", marks),
        abstract=paragraphs(shown.record.abstract, marks),
        open=review.team.open_state(shown.id) if history else None,
        history=history,
        withdrawn=withdrawn,
        own=own[-1] if own else None,
        sources=review.sources(shown.id),
        merges=review.merges.of(shown.id),
        same_study=review.reporting.reports_of_same_study(shown.id),
        tags=seen.tags,
        known_tags=list(review.tags.counts(name)),
        thread=seen.thread,
        earlier=seen.earlier,
        assigned=review.assignments.of(shown.id),
        designs=[str(design) for design in study_designs(shown.record)],
        reasons=review.protocol.reasons,
        key=secrets.token_urlsafe(18),
    )


ROUTES = (
    Route(path="/records/{ident}", handler=page, role=Role.OBSERVER),
    Route(path="/records/{ident}/label", handler=label, role=Role.REVIEWER, method="POST"),
    Route(path="/records/{ident}/withdraw", handler=withdraw, role=Role.REVIEWER, method="POST"),
    Route(path="/merges", handler=merges, role=Role.OBSERVER),
    Route(path="/merges/undo", handler=unmerge, role=Role.REVIEWER, method="POST"),
)
