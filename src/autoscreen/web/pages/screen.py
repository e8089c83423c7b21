"""The screening page: one record and its decision."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from autoscreen.errors import AutoscreenError, DecidedMeanwhileError, InputError
from autoscreen.presentation.stopping_report import StoppingReport, stopping_report
from autoscreen.review import Review
from autoscreen.web import screening_turns as turns
from autoscreen.web.account_settings import ncbi_settings
from autoscreen.web.accounts.members import Role
from autoscreen.web.reason_buttons import reason_buttons
from autoscreen.web.record_card import Card, card_of
from autoscreen.web.routes import Route
from autoscreen.web.screening_turns import (
    SubmittedDecision,
    Turn,
    label_and_reason,
    next_card,
    one_card,
)
from autoscreen.web.templates import render
from autoscreen.web.visit import Flash, Visit

if TYPE_CHECKING:
    from autoscreen.review.auditing import Audit
    from autoscreen.review.reports import ReadingProgress
    from autoscreen.review.review_assignments import OwnProgress

_PASTED = 256 * 1024


async def page(visit: Visit) -> Response:
    """Show the reviewer's current record, or the next one."""
    if not await visit.executor.wait_until_ready():
        return _waiting(visit)
    state, visitor = visit.state, visit.visitor
    card = await visit.executor.act(lambda review: next_card(review, state, visitor, again=True))
    return await _page(visit, card)


async def one(visit: Visit) -> Response:
    """Show one record that somebody asked for."""
    if not await visit.executor.wait_until_ready():
        return _waiting(visit)
    ident, state, visitor = visit.path("ident"), visit.state, visit.visitor
    card = await visit.executor.act(lambda review: one_card(review, state, visitor, ident))
    if visit.part:
        return visit.render("screen/record.html", card=card)
    return await _page(visit, card)


async def following(visit: Visit) -> Response:
    """Return the record after those the page has already loaded."""
    state, visitor, held = visit.state, visit.visitor, _split(visit.query("held"))
    card = await visit.executor.act(lambda review: next_card(review, state, visitor, held=held))
    return JSONResponse({"card": _card_html(visit, card)})


async def decide(visit: Visit) -> Response:
    """Save a decision; the response confirms that it is on disk."""
    if refusal := await _other_reviewer(visit):
        return refusal
    decision = await _submitted(visit)
    state, visitor, more = visit.state, visit.visitor, visit.part
    try:
        turn = await visit.executor.act(
            lambda review: turns.decide(review, state, visitor, decision, more=more)
        )
    except DecidedMeanwhileError:
        return await _changed_meanwhile(visit, decision)
    _publish(visit, turn)
    if visit.part:
        return _answer(visit, turn)
    undo = (("of", decision.key), ("key", decision.key))
    flash = Flash(f"Saved: {turn.message}.", undo="/screen/undo", values=undo)
    return visit.redirect("/screen", flash)


async def undo(visit: Visit) -> Response:
    """Withdraw a decision of this page, or the reader's newest one, and show its record again."""
    if refusal := await _other_reviewer(visit):
        return refusal
    key, of = f"undo {await visit.field('key')}", await visit.field("of", "")
    held, state, visitor = _split(await visit.field("held", "")), visit.state, visit.visitor
    turn = await visit.executor.act(
        lambda review: turns.undo(review, state, visitor, key=key, of=of, held=held)
    )
    if turn is None:
        if visit.part:
            return JSONResponse({"error": "There is nothing to undo."}, 404)
        return visit.redirect("/screen", Flash("There is nothing to undo.", kind="problem"))
    _publish(visit, turn)
    if visit.part:
        return _answer(visit, turn)
    return visit.redirect(f"/screen/{turn.record}", Flash(f"{turn.message}."))


async def skip(visit: Visit) -> Response:
    """Skip a record for now."""
    ident, held = await visit.field("record"), _split(await visit.field("held", ""))
    state, visitor = visit.state, visit.visitor
    turn = await visit.executor.act(
        lambda review: turns.skip(review, state, visitor, ident, held=held)
    )
    if visit.part:
        return _answer(visit, turn)
    return visit.redirect("/screen", Flash(f"{turn.message}."))


async def reopen_set_aside(visit: Visit) -> Response:
    """Return skipped or unsure records to the queue."""
    screening = visit.state.screening[visit.visitor.name]
    (screening.unsure if await visit.field("which") == "unsure" else screening.skipped).clear()
    return visit.redirect("/screen")


async def progress(visit: Visit) -> Response:
    """Show the progress."""
    name = visit.visitor.name

    def work(review: Review) -> tuple[ReadingProgress, OwnProgress]:
        now = review.progress()
        return now, review.assignments.own(name, now)

    now, own = await visit.executor.read(work)
    return visit.render("screen/progress.html", progress=now, own=own)


async def stopping(visit: Visit) -> Response:
    """Show the stopping advice."""
    audits, report = await visit.executor.read(_stopping_report)
    template = "screen/stopping.html" if visit.part else "screen/stopping_page.html"
    return visit.render(template, report=report, audits=audits)


def _stopping_report(review: Review) -> tuple[Sequence[Audit], StoppingReport]:
    audits, facet = review.audits.all(), review.audits
    now = review.progress()
    return audits, stopping_report(
        facet.advice(), now.unread, audits, facet.target, included=now.include
    )


async def tag(visit: Visit) -> Response:
    """Add or remove a tag."""
    ident, who = visit.path("ident"), visit.visitor.name
    words, on = await visit.field("tag"), await visit.field("on", "1") == "1"
    tags = await visit.executor.act(
        lambda review: review.decisions.tag(ident, words, on=on, reviewer=who)
    )
    if visit.part:
        return visit.render("screen/tags.html", ident=ident, tags=tags)
    return visit.redirect(f"/screen/{ident}")


async def paste_abstract(visit: Visit) -> Response:
    """Add a pasted abstract to a record."""
    ident, who = visit.path("ident"), visit.visitor.name
    text = await visit.field("abstract")
    return await _add_abstract(
        visit, ident, lambda review: review.decisions.add_abstract(ident, text, reviewer=who)
    )


async def ask_pubmed(visit: Visit) -> Response:
    """Fetch the abstract that a record lacks from PubMed; only the PMID is sent."""
    ident, who, ask = visit.path("ident"), visit.visitor.name, visit.state.pubmed
    settings = await asyncio.to_thread(ncbi_settings, visit.state.access, who)

    def work(review: Review) -> None:
        pmid = review.record(ident).record.pmid
        found = ask(pmid, settings) if pmid else None
        if found is None:
            raise InputError(f"PubMed has no record of {ident}", hint="paste the abstract")
        review.decisions.add_fetched(ident, found, reviewer=who)

    return await _add_abstract(visit, ident, work)


async def _add_abstract(visit: Visit, named: str, work: Callable[[Review], None]) -> Response:
    ident = await visit.executor.read(lambda review: review.record(named).id)
    try:
        await visit.executor.run_long(work)
    except AutoscreenError as error:
        return visit.redirect(f"/screen/{ident}", Flash(f"{error}.", kind="problem"))
    visit.hub.publish("order")
    return visit.redirect(f"/screen/{ident}", Flash(f"The abstract was added to {ident}."))


def _waiting(visit: Visit) -> Response:
    return visit.render("screen/waiting.html", order=visit.executor.order_progress)


async def _page(visit: Visit, card: Card | None) -> Response:
    def about(review: Review) -> dict[str, Any]:
        now = review.progress()
        return {
            "progress": now,
            "own": review.assignments.own(visit.visitor.name, now),
            "reserved": review.assignments.reserved(visit.visitor.name),
            "protocol": review.protocol,
            "reasons": reason_buttons(review.protocol.reasons),
            "known_tags": list(review.tags.counts(visit.visitor.name)),
        }

    values = await visit.executor.read(about)
    if card is None:
        others = len(visit.state.leases.with_others(visit.visitor.name))
        screening = visit.state.screening[visit.visitor.name]
        values |= {"screening": screening, "others": others, "key": secrets.token_urlsafe(18)}
        return visit.render("screen/nothing.html", **values)
    return visit.render("screen/page.html", card=card, **values)


def _answer(visit: Visit, turn: Turn) -> Response:
    """Answer the script after an action: what is saved, the progress, and the next record."""
    return JSONResponse(
        {
            "message": turn.message,
            "saved": turn.saved,
            "again": _card_html(visit, turn.again),
            "card": _card_html(visit, turn.card),
            "progress": render(
                "screen/progress.html",
                progress=turn.progress,
                own=turn.own,
                visitor=visit.visitor,
            ),
        }
    )


async def _other_reviewer(visit: Visit) -> Response | None:
    """Refuse a form from a page of a reviewer who used this browser before."""
    who = await visit.field("reviewer", visit.visitor.name)
    if who == visit.visitor.name:
        return None
    text = f"Not saved: this page was opened by {who}, but {visit.visitor.name} is signed in now."
    if visit.part:
        return JSONResponse({"error": text, "sign_in": True}, 401)
    return visit.render("error.html", status=409, text=text)


async def _changed_meanwhile(visit: Visit, decision: SubmittedDecision) -> Response:
    """Ask what to do about a decision that was saved meanwhile."""
    who = visit.visitor.name

    def work(review: Review) -> dict[str, Any]:
        card = card_of(review, decision.record, who, "another decision was saved meanwhile")
        label, reason = label_and_reason(decision.choice, review.protocol.reasons)
        entry = card.history[-1] if card.history else None
        return {
            "card": card,
            "decision": decision,
            "label": label,
            "reason": reason,
            "entry": entry,
        }

    values = await visit.executor.act(work)
    if visit.part:
        asked = render("screen/meanwhile_part.html", **values)
        return JSONResponse({"error": "Another decision was saved meanwhile.", "ask": asked}, 409)
    return visit.render("screen/meanwhile.html", status=409, **values)


def _publish(visit: Visit, turn: Turn) -> None:
    """Notify other pages; in double screening without naming the record."""
    about = {} if turn.secret else {"record": turn.record, "by": visit.visitor.name}
    visit.hub.publish("label", **about)


def _card_html(visit: Visit, card: Card | None) -> str:
    if card is None:
        return ""
    return render("screen/record.html", card=card, visitor=visit.visitor, settings=visit.settings)


async def _submitted(visit: Visit) -> SubmittedDecision:
    seen = await visit.field("seen")
    if not seen.isdecimal():
        raise InputError(f"{seen!r} is not a number", hint="reload the page")
    return SubmittedDecision(
        record=await visit.field("record"),
        choice=await visit.field("choice"),
        note=(await visit.field("note", "")).strip(),
        key=await visit.field("key"),
        seen=int(seen),
        held=_split(await visit.field("held", "")),
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))[:20]


ROUTES = (
    Route(path="/screen", handler=page, role=Role.OBSERVER),
    Route(path="/screen/next", handler=following, role=Role.REVIEWER),
    Route(path="/screen/progress", handler=progress, role=Role.OBSERVER),
    Route(path="/screen/stopping", handler=stopping, role=Role.OBSERVER),
    Route(path="/screen/decide", handler=decide, role=Role.REVIEWER, method="POST"),
    Route(path="/screen/undo", handler=undo, role=Role.REVIEWER, method="POST"),
    Route(path="/screen/skip", handler=skip, role=Role.REVIEWER, method="POST"),
    Route(path="/screen/aside", handler=reopen_set_aside, role=Role.REVIEWER, method="POST"),
    Route(path="/screen/{ident}", handler=one, role=Role.OBSERVER),
    Route(path="/screen/{ident}/tags", handler=tag, role=Role.REVIEWER, method="POST"),
    Route(
        path="/screen/{ident}/abstract",
        handler=paste_abstract,
        role=Role.REVIEWER,
        method="POST",
        max_body=_PASTED,
    ),
    Route(path="/screen/{ident}/pubmed", handler=ask_pubmed, role=Role.REVIEWER, method="POST"),
)
