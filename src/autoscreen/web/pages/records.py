"""The table of records: search, filters, bulk actions and export."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from autoscreen.errors import InputError
from autoscreen.formats import WRITERS
from autoscreen.presentation.wording import counted
from autoscreen.protocol import Reason
from autoscreen.records import Label
from autoscreen.review import Review
from autoscreen.review.records_table import MOST_AT_ONCE, TablePage
from autoscreen.store.bulk_decisions import Bulk
from autoscreen.store.record_filters import LABELS, Choices
from autoscreen.text import StudyDesign
from autoscreen.web.accounts.members import Role
from autoscreen.web.reason_buttons import PAST
from autoscreen.web.records_query import PATH, RecordsQuery, parse_query, parse_text
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit

if TYPE_CHECKING:
    from autoscreen.review.rank_index import RankIndex

_AT_ONCE = 25
"""Selected records up to this number are labelled without confirmation; undo is offered."""
_NAMED = 10
_EXPORTS = {
    "ris": "RIS, for Zotero, EndNote and Mendeley",
    "nbib": "nbib (PubMed)",
    "bibtex": "BibTeX",
    "csv": "CSV, for any spreadsheet",
    "xlsx": "Excel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The table as the template shows it."""

    page: TablePage
    choices: Choices
    reasons: Sequence[Reason]
    files: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Confirmation:
    """A bulk action that waits for confirmation."""

    idents: Sequence[str]
    titles: Sequence[tuple[str, str]]
    labelled: Mapping[str, int]
    label: Label
    reason: str
    note: str


async def page(visit: Visit) -> Response:
    """Show the table."""
    listing = parse_query(visit.request.query_params, visit.visitor.name)
    places = await visit.executor.act(lambda review: review.ranking.places())
    shown = await visit.executor.read(lambda review: _shown(review, listing, places))
    return visit.render(
        "records/page.html",
        shown=shown,
        listing=listing,
        labels=LABELS,
        designs=[str(one) for one in StudyDesign],
        exports=_EXPORTS,
        may=visit.visitor.role >= Role.REVIEWER,
        most=MOST_AT_ONCE,
    )


async def export(visit: Visit) -> Response:
    """Return the records of the table as a file."""
    listing = parse_query(visit.request.query_params, visit.visitor.name)
    named = visit.query("format")
    writer = next((one for one in WRITERS if one.name == named and named in _EXPORTS), None)
    if writer is None:
        raise InputError(f"Unknown format {named!r}", hint=f"one of: {', '.join(_EXPORTS)}")
    places = await visit.executor.act(lambda review: review.ranking.places())
    folder = tempfile.TemporaryDirectory(prefix="autoscreen-")
    path = Path(folder.name) / f"records{writer.suffix}"
    try:
        await visit.executor.read(
            lambda review: review.table.export(
                listing.query, path, format=writer.name, places=places
            )
        )
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path,
        filename=f"{visit.executor.name}-records{writer.suffix}",
        media_type="application/octet-stream",
        background=BackgroundTask(folder.cleanup),
    )


async def label(visit: Visit) -> Response:
    """Label the selected records, after a confirmation if they are many."""
    form = await visit.form()
    listing = await _table(visit)
    idents = [str(one) for one in form.getlist("record")]
    everything = form.get("scope") == "all"
    if everything:
        places = await visit.executor.act(lambda review: review.ranking.places())
        idents = await visit.executor.read(
            lambda review: review.table.select(listing.query, places=places)
        )
    if not idents:
        return visit.redirect(
            listing.address, Flash(text="No record was selected.", kind="problem")
        )
    if len(idents) > MOST_AT_ONCE:
        raise InputError(
            f"{len(idents):,} records are too many for one bulk action",
            hint=f"narrow the list to {MOST_AT_ONCE:,} or fewer",
        )
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
    return visit.redirect((await _table(visit)).address, Flash(text=text))


async def bulks(visit: Visit) -> Response:
    """Show all bulk actions."""
    done = await visit.executor.read(lambda review: _seen_bulks(review, visit.visitor.name))
    return visit.render(
        "records/bulks.html",
        done=done,
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


def _shown(review: Review, listing: RecordsQuery, places: RankIndex) -> _Shown:
    page = review.table.page(
        listing.query, after=listing.after, before=listing.before, size=listing.size, places=places
    )
    choices = review.table.choices(viewer=listing.query.filters.viewer)
    return _Shown(
        page=page,
        choices=choices,
        reasons=review.protocol.reasons,
        files={number: name for number, name, _ in choices.imports},
    )


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
        return visit.redirect((await _table(visit)).address, Flash(text=text, kind="problem"))
    done = await visit.executor.act(
        lambda review: review.table.label_many(
            idents, label, reviewer=name, reason=reason, note=note
        )
    )
    visit.hub.publish("counts")
    return visit.redirect(
        (await _table(visit)).address,
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


async def _table(visit: Visit) -> RecordsQuery:
    """Return the table that the form was on."""
    return parse_text(await visit.field("table", ""), visit.visitor.name)


ROUTES = (
    Route(path=PATH, handler=page, role=Role.OBSERVER),
    Route(path=f"{PATH}/export", handler=export, role=Role.OBSERVER),
    Route(path=f"{PATH}/bulks", handler=bulks, role=Role.OBSERVER),
    Route(path=f"{PATH}/label", handler=label, role=Role.REVIEWER, method="POST"),
    Route(path=f"{PATH}/label/all", handler=label_confirmed, role=Role.REVIEWER, method="POST"),
    Route(path=f"{PATH}/undo", handler=undo, role=Role.REVIEWER, method="POST"),
)
