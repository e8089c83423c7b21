"""The page that the work is done on: one record, and what to decide about it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from autoscreen.errors import AutoscreenError, DecidedMeanwhileError, InputError
from autoscreen.protocol import Reason
from autoscreen.records import Label
from autoscreen.review import Decision, Review
from autoscreen.web._card import Card, card_of, suggested_card
from autoscreen.web._reasons import reason_buttons, reason_label
from autoscreen.web._routes import Role, Route
from autoscreen.web._templates import render
from autoscreen.web._visit import Flash, Visit

__all__ = ["ROUTES"]

_PASTED = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """What was decided about the record of a page."""

    record: str
    label: Label
    reason: str
    note: str
    key: str
    seen: int
    held: tuple[str, ...]


async def page(visit: Visit) -> Response:
    """Show the record that is with this reader, or the next one."""
    if not visit.desk.ready:
        return _waiting(visit)
    card = await _next(visit, held=(), again=True)
    return await _page(visit, card)


async def one(visit: Visit) -> Response:
    """Show one record that somebody asked for."""
    if not visit.desk.ready:
        return _waiting(visit)
    ident, who = visit.path("ident"), visit.who.name
    card = await visit.desk.act(lambda review: card_of(review, ident, who))
    _lend(visit, card)
    if visit.part:
        return visit.render("screen/record.html", card=card)
    return await _page(visit, card)


async def following(visit: Visit) -> Response:
    """Give the record after those that the page holds, to be there when it is wanted."""
    card = await _next(visit, held=_split(visit.query("held")))
    return JSONResponse({"card": _mark_up(visit, card)})


async def decide(visit: Visit) -> Response:
    """Take a decision; what is answered with is on the disk."""
    choice = await _choice(visit)
    who = visit.who.name

    def work(review: Review) -> Decision:
        return review.hand_in(
            choice.record,
            choice.label,
            key=choice.key,
            seen=choice.seen,
            reviewer=who,
            reason=choice.reason,
            note=choice.note,
        )

    try:
        made = await visit.desk.act(work)
    except DecidedMeanwhileError:
        return await _meanwhile(visit, choice)
    sitting = visit.room.sittings[who]
    sitting.skipped.discard(choice.record)
    if choice.label is Label.UNSURE:
        sitting.unsure.add(choice.record)
    visit.room.leases.free([choice.record])
    await _spread(visit, choice.record)
    said = f"{choice.record}: {choice.label}" + (f" ({choice.reason})" if choice.reason else "")
    if visit.part:
        return await _answer(visit, choice.held, saved=made.id, said=said)
    undo = (("of", choice.key), ("key", choice.key))
    return visit.redirect("/screen", Flash(f"{said}. Saved.", undo="/screen/undo", values=undo))


async def undo(visit: Visit) -> Response:
    """Withdraw a decision of this page, or the reader's newest one, and show its record again."""
    key, of = f"undo {await visit.field('key')}", await visit.field("of", "")
    held, who = _split(await visit.field("held", "")), visit.who.name

    def work(review: Review) -> tuple[str, Card] | None:
        made = review.withdraw(key=key, of=of, reviewer=who)
        if made is None:
            return None
        card = card_of(review, made.record_id, who, "you withdrew what you had decided")
        return made.record_id, card

    found = await visit.desk.act(work)
    if found is None:
        if visit.part:
            return JSONResponse({"error": "There is nothing to undo."}, 404)
        return visit.redirect("/screen", Flash("There is nothing to undo.", kind="problem"))
    ident, card = found
    visit.room.sittings[who].unsure.discard(ident)
    _lend(visit, card)
    await _spread(visit, ident)
    if visit.part:
        return await _answer(visit, held, said=f"{ident}: undone", again=_mark_up(visit, card))
    return visit.redirect(f"/screen/{card.id}", Flash(f"{ident}: undone."))


async def skip(visit: Visit) -> Response:
    """Put a record aside until the reader asks for what was skipped."""
    ident, held = await visit.field("record"), _split(await visit.field("held", ""))
    found = await visit.desk.read(lambda review: review.record(ident).id)
    visit.room.sittings[visit.who.name].skipped.add(found)
    visit.room.leases.free([found])
    if visit.part:
        return await _answer(visit, held, said=f"{found}: skipped for now")
    return visit.redirect("/screen", Flash(f"{found}: skipped for now."))


async def fetch_aside(visit: Visit) -> Response:
    """Bring back what the reader skipped, or left as unsure."""
    sitting = visit.room.sittings[visit.who.name]
    (sitting.unsure if await visit.field("which") == "unsure" else sitting.skipped).clear()
    return visit.redirect("/screen")


async def progress(visit: Visit) -> Response:
    """Show how far reading has come."""
    values = await visit.desk.read(lambda review: review.progress())
    return visit.render("screen/progress.html", progress=values)


async def stopping(visit: Visit) -> Response:
    """Say whether reading may stop, on what ground, and what more certainty costs."""
    advice = await visit.desk.read(lambda review: review.advice())
    template = "screen/stopping.html" if visit.part else "screen/stopping_page.html"
    return visit.render(template, advice=advice)


async def tag(visit: Visit) -> Response:
    """Put a tag on a record or take it off."""
    ident, who = visit.path("ident"), visit.who.name
    words, on = await visit.field("tag"), await visit.field("on", "1") == "1"
    tags = await visit.desk.act(lambda review: review.tag(ident, words, on=on, reviewer=who))
    if visit.part:
        return visit.render("screen/tags.html", ident=ident, tags=tags)
    return visit.redirect(f"/screen/{ident}")


async def paste_abstract(visit: Visit) -> Response:
    """Give a record the abstract that it lacks; it is kept as a source of its own."""
    ident, who = visit.path("ident"), visit.who.name
    text = await visit.field("abstract")
    return await _completed(
        visit, ident, lambda review: review.add_abstract(ident, text, reviewer=who)
    )


async def ask_pubmed(visit: Visit) -> Response:
    """Fetch the abstract that a record lacks from PubMed; only the PMID goes out."""
    ident, who, ask = visit.path("ident"), visit.who.name, visit.room.pubmed
    if ask is None:
        raise HTTPException(404)

    def work(review: Review) -> None:
        pmid = review.record(ident).record.pmid
        found = ask(pmid) if pmid else None
        if found is None:
            raise InputError(f"PubMed has no record of {ident}", hint="paste the abstract")
        review.add_fetched(ident, found, reviewer=who)

    return await _completed(visit, ident, work)


# ------------------------------------------------------------------------------------- the parts


async def _completed(visit: Visit, named: str, work: Callable[[Review], None]) -> Response:
    ident = await visit.desk.read(lambda review: review.record(named).id)
    try:
        await visit.desk.run_long(work)
    except AutoscreenError as error:
        return visit.redirect(f"/screen/{ident}", Flash(f"{error}.", kind="problem"))
    visit.hub.tell("order")
    return visit.redirect(f"/screen/{ident}", Flash(f"{ident} has an abstract now."))


def _waiting(visit: Visit) -> Response:
    return visit.render("screen/waiting.html", done=visit.desk.done.most_common())


async def _page(visit: Visit, card: Card | None) -> Response:
    def about(review: Review) -> dict[str, Any]:
        return {
            "progress": review.progress(),
            "protocol": review.protocol,
            "reasons": reason_buttons(review.protocol.reasons),
        }

    values = await visit.desk.read(about)
    if card is None:
        others = len(visit.room.leases.with_others(visit.who.name))
        sitting = visit.room.sittings[visit.who.name]
        values |= {"sitting": sitting, "others": others, "key": secrets.token_urlsafe(18)}
        return visit.render("screen/nothing.html", **values)
    return visit.render("screen/page.html", card=card, **values)


async def _next(visit: Visit, *, held: Collection[str], again: bool = False) -> Card | None:
    """Give the card of the next record and lend it to the reader."""
    who = visit.who.name
    sitting, leases = visit.room.sittings[who], visit.room.leases

    def work(review: Review) -> Card | None:
        if again and visit.who.role >= Role.REVIEWER:
            for ident in leases.held_by(who):
                if not review.newest_seen(ident, who):
                    return card_of(review, ident, who)
        aside = {*held, *sitting.aside, *leases.with_others(who)}
        found = review.next(skip=sorted(aside), reviewer=who, hurry=True)
        card = suggested_card(review, found, who) if found else None
        if card:  # inside, so that nobody is given it in between
            _lend(visit, card)
        return card

    return await visit.desk.act(work)


def _lend(visit: Visit, card: Card) -> None:
    if visit.who.role >= Role.REVIEWER:
        visit.room.leases.take(card.id, visit.who.name)


async def _answer(visit: Visit, held: Collection[str], **values: Any) -> Response:
    """Answer the script after an act: what is saved, how far it is, and the record after those."""
    card, values["progress"] = await asyncio.gather(
        _next(visit, held=held), visit.desk.read(lambda review: review.progress())
    )
    values["progress"] = render("screen/progress.html", progress=values["progress"])
    return JSONResponse({**values, "card": _mark_up(visit, card)})


async def _meanwhile(visit: Visit, choice: _Choice) -> Response:
    """Show what somebody else decided meanwhile, and ask."""
    who = visit.who.name
    card = await visit.desk.act(
        lambda review: card_of(review, choice.record, who, "it was decided meanwhile")
    )
    values = {"card": card, "choice": choice, "entry": card.history[-1] if card.history else None}
    if visit.part:
        asked = render("screen/meanwhile_part.html", **values)
        return JSONResponse({"error": "It was decided meanwhile.", "ask": asked}, 409)
    return visit.render("screen/meanwhile.html", status=409, **values)


async def _spread(visit: Visit, ident: str) -> None:
    """Tell other pages; in double screening not of which record, as that would tell too much."""
    double = await visit.desk.read(lambda review: review.double_screening)
    visit.hub.tell("label", **({} if double else {"record": ident, "by": visit.who.name}))


def _mark_up(visit: Visit, card: Card | None) -> str:
    if card is None:
        return ""
    return render("screen/record.html", card=card, who=visit.who, settings=visit.settings)


async def _choice(visit: Visit) -> _Choice:
    told = await visit.field("choice")
    reasons = await visit.desk.read(lambda review: review.protocol.reasons)
    label, reason = _label_and_reason(told, reasons)
    seen = await visit.field("seen")
    if not seen.isdecimal():
        raise InputError(f"the form says {seen!r} where a number belongs", hint="load it again")
    return _Choice(
        record=await visit.field("record"),
        label=label,
        reason=reason,
        note=(await visit.field("note", "")).strip(),
        key=await visit.field("key"),
        seen=int(seen),
        held=_split(await visit.field("held", "")),
    )


def _label_and_reason(told: str, reasons: Collection[Reason]) -> tuple[Label, str]:
    """Read ``include``, ``exclude``, ``unsure``, or ``reason:CODE``, which says the label too."""
    kind, _, code = told.partition(":")
    if kind != "reason":
        try:
            return Label(told), ""
        except ValueError:
            raise InputError(f"{told!r} is no decision", hint="use the buttons") from None
    known = next((reason for reason in reasons if reason.code == code), None)
    if known is None:
        raise InputError(f"{code!r} is not a reason of the protocol", hint="load the page again")
    return reason_label(known), code


def _split(told: str) -> tuple[str, ...]:
    return tuple(filter(None, told.split(",")))[:20]


ROUTES = (
    Route(path="/screen", handler=page, role=Role.OBSERVER),
    Route(path="/screen/next", handler=following, role=Role.REVIEWER),
    Route(path="/screen/progress", handler=progress, role=Role.OBSERVER),
    Route(path="/screen/stopping", handler=stopping, role=Role.OBSERVER),
    Route(path="/screen/decide", handler=decide, role=Role.REVIEWER, method="POST"),
    Route(path="/screen/undo", handler=undo, role=Role.REVIEWER, method="POST"),
    Route(path="/screen/skip", handler=skip, role=Role.REVIEWER, method="POST"),
    Route(path="/screen/aside", handler=fetch_aside, role=Role.REVIEWER, method="POST"),
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
