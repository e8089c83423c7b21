"""All records as a table: searched, narrowed down, labelled many at a time, exported."""

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
from autoscreen.protocol import Reason
from autoscreen.records import Label
from autoscreen.review import MOST_AT_ONCE, Bulk, Choices, Review, TablePage
from autoscreen.store import LABELS
from autoscreen.text import StudyDesign
from autoscreen.web.records_query import PATH, RecordsQuery, read_text, read_wanted
from autoscreen.web.routes import Role, Route
from autoscreen.web.visit import Flash, Visit

if TYPE_CHECKING:
    from autoscreen.review.rank_index import RankIndex

__all__ = ["ROUTES"]

_AT_ONCE = 25
"""Records chosen one by one that are labelled without a further question: an undo is offered."""
_NAMED = 10
_EXPORTS = {
    "ris": "RIS, for Zotero, EndNote and Mendeley",
    "medline": "nbib, as PubMed writes it",
    "bibtex": "BibTeX",
    "csv": "CSV, for any spreadsheet",
    "xlsx": "Excel",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The table, ready to be written."""

    page: TablePage
    choices: Choices
    reasons: Sequence[Reason]
    files: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Many records that somebody wants to label, before they confirm it."""

    idents: Sequence[str]
    titles: Sequence[tuple[str, str]]
    labelled: Mapping[str, int]
    label: Label
    reason: str
    note: str


async def page(visit: Visit) -> Response:
    """Show the table."""
    wanted = read_wanted(visit.request.query_params, visit.who.name)
    places = await visit.desk.act(lambda review: review.places())
    shown = await visit.desk.read(lambda review: _shown(review, wanted, places))
    return visit.render(
        "records/page.html",
        shown=shown,
        wanted=wanted,
        labels=LABELS,
        designs=[str(one) for one in StudyDesign],
        exports=_EXPORTS,
        may=visit.who.role >= Role.REVIEWER,
        most=MOST_AT_ONCE,
    )


async def export(visit: Visit) -> Response:
    """Return the records of the table as a file."""
    wanted = read_wanted(visit.request.query_params, visit.who.name)
    named = visit.query("format")
    writer = next((one for one in WRITERS if one.name == named and named in _EXPORTS), None)
    if writer is None:
        raise InputError(f"{named!r} is no format", hint=f"one of: {', '.join(_EXPORTS)}")
    places = await visit.desk.act(lambda review: review.places())
    folder = tempfile.TemporaryDirectory(prefix="autoscreen-")
    path = Path(folder.name) / f"records{writer.suffix}"
    try:
        await visit.desk.read(
            lambda review: review.export_selection(
                wanted.query, path, format=writer.name, places=places
            )
        )
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path,
        filename=f"{visit.desk.name}-records{writer.suffix}",
        media_type="application/octet-stream",
        background=BackgroundTask(folder.cleanup),
    )


async def label(visit: Visit) -> Response:
    """Label many records: at once if they are few, otherwise after a further question."""
    form = await visit.form()
    wanted = await _table(visit)
    idents = [str(one) for one in form.getlist("record")]
    everything = form.get("scope") == "all"
    if everything:
        places = await visit.desk.act(lambda review: review.places())
        idents = await visit.desk.read(lambda review: review.select(wanted.query, places=places))
    if not idents:
        return visit.redirect(wanted.address, Flash(text="No record was chosen.", kind="problem"))
    if len(idents) > MOST_AT_ONCE:
        raise InputError(
            f"{len(idents):,} records are more than can be labelled at once",
            hint=f"narrow the table down to {MOST_AT_ONCE:,} or fewer",
        )
    label, reason = await _label_of(visit), await visit.field("reason", "")
    note = await visit.field("note", "")
    if len(idents) <= _AT_ONCE and not everything:
        return await _label(visit, idents, label, reason, note)
    asked = await visit.desk.read(lambda review: _asked(review, idents, label, reason, note))
    return visit.render("records/confirm.html", asked=asked, wanted=wanted)


async def label_confirmed(visit: Visit) -> Response:
    """Label many records after the question was answered with yes."""
    idents = (await visit.field("records")).split()
    label, reason = await _label_of(visit), await visit.field("reason", "")
    return await _label(visit, idents, label, reason, await visit.field("note", ""))


async def undo(visit: Visit) -> Response:
    """Take back what labelled many records; one's own, or an owner anybody's."""
    number = await visit.field("bulk")
    if not number.isdecimal() or len(number) > 18:
        raise InputError(f"{number!r} is no number of a bulk", hint="load the page again")
    name, owner = visit.who.name, visit.who.role >= Role.OWNER

    def take_back(review: Review) -> Bulk | None:
        found = next((one for one in review.bulks() if one.id == int(number)), None)
        if found is not None and found.reviewer != name and not owner:
            return None
        return review.undo_many(int(number), reviewer=name)

    done = await visit.desk.act(take_back)
    if done is None:
        raise HTTPException(403)
    visit.hub.tell("counts")
    text = f"Taken back: {done.label} for {_counted(done.records)}. What stood before stands again."
    return visit.redirect((await _table(visit)).address, Flash(text=text))


async def bulks(visit: Visit) -> Response:
    """Show each act that labelled many records."""
    done = await visit.desk.read(lambda review: _seen_bulks(review, visit.who.name))
    return visit.render(
        "records/bulks.html",
        done=done,
        may=[
            one.id
            for one in done
            if one.standing
            and visit.who.role >= Role.REVIEWER
            and (one.reviewer == visit.who.name or visit.who.role >= Role.OWNER)
        ],
    )


def _seen_bulks(review: Review, name: str) -> list[Bulk]:
    """Return those that a reviewer may know of: in double screening, their own."""
    return [one for one in review.bulks() if one.reviewer == name or not review.double_screening]


def _shown(review: Review, wanted: RecordsQuery, places: RankIndex) -> _Shown:
    page = review.table(
        wanted.query, after=wanted.after, before=wanted.before, size=wanted.size, places=places
    )
    choices = review.choices(viewer=wanted.query.filters.viewer)
    return _Shown(
        page=page,
        choices=choices,
        reasons=review.protocol.reasons,
        files={number: name for number, name, _ in choices.imports},
    )


def _asked(review: Review, idents: Sequence[str], label: Label, reason: str, note: str) -> _Asked:
    labelled: dict[str, int] = {}
    titles: list[tuple[str, str]] = []
    for ident in idents:
        found = review.record(ident)
        if len(titles) < _NAMED:
            titles.append((found.id, found.record.title))
        if found.label is not None and found.label != label:
            labelled[found.label] = labelled.get(found.label, 0) + 1
    return _Asked(
        idents=idents, titles=titles, labelled=labelled, label=label, reason=reason, note=note
    )


async def _label(
    visit: Visit, idents: Sequence[str], label: Label, reason: str, note: str
) -> Response:
    name = visit.who.name
    if label is Label.INCLUDE:
        reason = ""
    done = await visit.desk.act(
        lambda review: review.label_many(idents, label, reviewer=name, reason=reason, note=note)
    )
    visit.hub.tell("counts")
    return visit.redirect(
        (await _table(visit)).address,
        Flash(
            text=f"{_counted(done.records).capitalize()} labelled: {label}.",
            undo=f"{PATH}/undo",
            values=(("bulk", str(done.id)),),
        ),
    )


async def _label_of(visit: Visit) -> Label:
    word = await visit.field("label", "")
    try:
        return Label(word)
    except ValueError:
        raise InputError("no label was chosen", hint="choose include, exclude or unsure") from None


async def _table(visit: Visit) -> RecordsQuery:
    """Return the table that the form was on."""
    return read_text(await visit.field("table", ""), visit.who.name)


def _counted(number: int) -> str:
    return "1 record" if number == 1 else f"{number:,} records"


ROUTES = (
    Route(path=PATH, handler=page, role=Role.OBSERVER),
    Route(path=f"{PATH}/export", handler=export, role=Role.OBSERVER),
    Route(path=f"{PATH}/bulks", handler=bulks, role=Role.OBSERVER),
    Route(path=f"{PATH}/label", handler=label, role=Role.REVIEWER, method="POST"),
    Route(path=f"{PATH}/label/all", handler=label_confirmed, role=Role.REVIEWER, method="POST"),
    Route(path=f"{PATH}/undo", handler=undo, role=Role.REVIEWER, method="POST"),
)
