"""Bulk actions on the records of the table: decisions and tags, each undone as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import InputError
from autoscreen.presentation.reason_words import PAST
from autoscreen.presentation.wording import counted
from autoscreen.records import Label
from autoscreen.review import Review
from autoscreen.review.records_table import MOST_AT_ONCE
from autoscreen.store.bulk_decisions import Bulk
from autoscreen.store.record_tags import TagAct
from autoscreen.web.accounts.members import Role
from autoscreen.web.records_query import PATH, RecordsQuery, parse_text
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

_AT_ONCE = 25
"""Selected records up to this number are labelled without confirmation; undo is offered."""
_NAMED = 10
NOTHING = Flash(text="No record was selected.", kind="problem")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Confirmation:
    """A bulk action that waits for confirmation."""

    idents: Sequence[str]
    titles: Sequence[tuple[str, str]]
    labelled: Mapping[str, int]
    label: Label
    reason: str
    note: str


async def label(visit: Visit) -> Response:
    """Label the selected records, after a confirmation if they are many."""
    listing = await table_of(visit)
    idents, everything = await selected(visit, listing)
    if not idents:
        return visit.redirect(listing.address, NOTHING)
    label, reason = await _label_of(visit), await visit.field("reason", "")
    note = await visit.field("note", "")
    if len(idents) <= _AT_ONCE and not everything:
        return await _label(visit, idents, label, reason, note)
    confirmation = await visit.executor.read(
        lambda review: _confirmation(review, idents, label, reason, note)
    )
    return visit.render(
        "records/confirm.html",
        confirmation=confirmation,
        listing=listing,
        reasons=await visit.executor.read(lambda review: review.protocol.reasons),
    )


async def tag(visit: Visit) -> Response:
    """Add a tag to the selected records, or remove it."""
    listing = await table_of(visit)
    idents, _ = await selected(visit, listing)
    if not idents:
        return visit.redirect(listing.address, NOTHING)
    words, on = await visit.field("tag", ""), await visit.field("on", "1") == "1"
    if not words.strip():
        return visit.redirect(
            listing.address, Flash(text="Type a tag first. Nothing was changed.", kind="problem")
        )
    name = visit.visitor.name
    act = await visit.executor.act(
        lambda review: review.tags.tag_many(idents, words, on=on, reviewer=name)
    )
    visit.hub.publish("counts")
    if act is None:
        text = "All of them have this tag already." if on else "None of them has this tag."
        return visit.redirect(listing.address, Flash(text=text))
    done = "added to" if on else "removed from"
    return visit.redirect(
        listing.address,
        Flash(
            text=f"Tag “{act.tag}” {done} {counted(act.records, 'record')}.",
            undo="/tags/undo",
            values=(("act", str(act.id)), ("table", listing.text)),
        ),
    )


async def label_confirmed(visit: Visit) -> Response:
    """Label many records after confirmation."""
    idents = (await visit.field("records")).split()
    label, reason = await _label_of(visit), await visit.field("reason", "")
    return await _label(visit, idents, label, reason, await visit.field("note", ""))


async def undo(visit: Visit) -> Response:
    """Undo a bulk action: one's own, or any if an owner."""
    number = await visit.field("bulk")
    if not number.isdecimal() or len(number) > 18:
        raise InputError(f"{number!r} is not a bulk action", hint="load the page again")
    name, owner = visit.visitor.name, visit.visitor.role >= Role.OWNER

    def withdraw(review: Review) -> Bulk | None:
        found = next((one for one in _seen_bulks(review, name) if one.id == int(number)), None)
        if found is None:
            raise InputError(f"there is no bulk action {number}", hint="load the page again")
        if found.reviewer != name and not owner:
            return None
        return review.table.undo_many(int(number), reviewer=name)

    done = await visit.executor.act(withdraw)
    if done is None:
        raise HTTPException(403)
    visit.hub.publish("counts")
    undone = counted(done.records, "record")
    text = f"Undone: {done.label} for {undone}. Earlier decisions apply again."
    return visit.redirect((await table_of(visit)).address, Flash(text=text))


async def bulks(visit: Visit) -> Response:
    """Show all bulk actions."""
    done = await visit.executor.read(lambda review: _seen_bulks(review, visit.visitor.name))
    return visit.render(
        "records/bulks.html",
        done=done,
        tag_acts=await visit.executor.read(
            lambda review: seen_tag_acts(review, visit.visitor.name)
        ),
        owner=visit.visitor.role >= Role.OWNER,
        reasons=await visit.executor.read(lambda review: review.protocol.reasons),
        may=[
            one.id
            for one in done
            if one.standing
            and visit.visitor.role >= Role.REVIEWER
            and (one.reviewer == visit.visitor.name or visit.visitor.role >= Role.OWNER)
        ],
    )


def _seen_bulks(review: Review, name: str) -> list[Bulk]:
    """Return the bulk actions a reviewer may see: in double screening, only their own."""
    return [
        one
        for one in review.table.bulks()
        if one.reviewer == name or not review.team.double_screening
    ]


def seen_tag_acts(review: Review, name: str) -> list[TagAct]:
    """Return the changes of tags a reviewer may see: in double screening, only their own."""
    return [
        one
        for one in review.tags.acts()
        if one.reviewer == name or not review.team.double_screening
    ]


def _confirmation(
    review: Review, idents: Sequence[str], label: Label, reason: str, note: str
) -> _Confirmation:
    labelled: dict[str, int] = {}
    titles: list[tuple[str, str]] = []
    for ident in idents:
        found = review.record(ident)
        if len(titles) < _NAMED:
            titles.append((found.id, found.record.title))
        if found.label is not None and found.label != label:
            labelled[found.label] = labelled.get(found.label, 0) + 1
    return _Confirmation(
        idents=idents, titles=titles, labelled=labelled, label=label, reason=reason, note=note
    )


async def _label(
    visit: Visit, idents: Sequence[str], label: Label, reason: str, note: str
) -> Response:
    name = visit.visitor.name
    if label is Label.INCLUDE and reason:
        text = "Included records have no reason. Nothing was saved; clear the reason and try again."
        return visit.redirect((await table_of(visit)).address, Flash(text=text, kind="problem"))
    done = await visit.executor.act(
        lambda review: review.table.label_many(
            idents, label, reviewer=name, reason=reason, note=note
        )
    )
    visit.hub.publish("counts")
    return visit.redirect(
        (await table_of(visit)).address,
        Flash(
            text=f"{counted(done.records, 'record')} {PAST[label]}.",
            undo=f"{PATH}/undo",
            values=(("bulk", str(done.id)),),
        ),
    )


async def _label_of(visit: Visit) -> Label:
    word = await visit.field("label", "")
    try:
        return Label(word)
    except ValueError:
        raise InputError(
            "no decision was selected", hint="choose include, exclude or unsure"
        ) from None


async def selected(visit: Visit, listing: RecordsQuery) -> tuple[list[str], bool]:
    """Return the selected records, and whether they are all of the table."""
    form = await visit.form()
    everything = form.get("scope") == "all"
    idents = [str(one) for one in form.getlist("record")]
    if everything:
        places = await visit.executor.act(lambda review: review.ranking.places())
        idents = await visit.executor.read(
            lambda review: review.table.select(listing.query, places=places)
        )
    if len(idents) > MOST_AT_ONCE:
        raise InputError(
            f"{len(idents):,} records are too many for one bulk action",
            hint=f"narrow the list to {MOST_AT_ONCE:,} or fewer",
        )
    return idents, everything


async def table_of(visit: Visit) -> RecordsQuery:
    """Return the table that the form was on."""
    return parse_text(await visit.field("table", ""), visit.visitor.name)


ROUTES = (
    Route(path=f"{PATH}/bulks", handler=bulks, role=Role.OBSERVER),
    Route(path=f"{PATH}/label", handler=label, role=Role.REVIEWER, method="POST"),
    Route(path=f"{PATH}/label/all", handler=label_confirmed, role=Role.REVIEWER, method="POST"),
    Route(path=f"{PATH}/undo", handler=undo, role=Role.REVIEWER, method="POST"),
    Route(path=f"{PATH}/tags", handler=tag, role=Role.REVIEWER, method="POST"),
)
