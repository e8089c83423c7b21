"""The table of records: search, filters, columns and export."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from autoscreen.errors import InputError
from autoscreen.formats import WRITERS, Writer
from autoscreen.protocol import Reason
from autoscreen.records import StudyDesign
from autoscreen.review import Review
from autoscreen.review.records_table import MOST_AT_ONCE, TablePage
from autoscreen.store.record_filters import LABELS, Choices
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.assignments import assignable
from autoscreen.web.records_query import PATH, RecordsQuery, parse_query, parse_text
from autoscreen.web.routes import Route
from autoscreen.web.table_columns import COLUMNS, COOKIE, chosen_columns
from autoscreen.web.visit import Visit

if TYPE_CHECKING:
    from autoscreen.review.rank_index import RankIndex

_SORTS = {
    "rank": "Rank",
    "title": "Title",
    "author": "First author",
    "journal": "Journal",
    "year": "Year",
    "decision": "Decision",
    "decided": "Date of the decision",
    "came": "Order of import",
}
_YEAR = 365 * 24 * 3600
EXPORTS = {
    "ris": "RIS, for Zotero, EndNote and Mendeley",
    "nbib": "nbib (PubMed)",
    "bibtex": "BibTeX",
    "csv": "CSV, for any spreadsheet",
    "xlsx": "Excel",
}
"""Name and description of each format that a page offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """The table as the template shows it."""

    page: TablePage
    choices: Choices
    reasons: Sequence[Reason]
    files: Mapping[int, str]


async def page(visit: Visit) -> Response:
    """Show the table."""
    listing = parse_query(visit.request.query_params, visit.visitor.name)
    places = await visit.executor.act(lambda review: review.ranking.places())
    shown = await visit.executor.read(lambda review: _shown(review, listing, places))
    owner = visit.visitor.role >= Role.OWNER
    work = await visit.executor.read(lambda review: review.team.work()) if owner else []
    return visit.render(
        "records/page.html",
        shown=shown,
        listing=listing,
        labels=LABELS,
        designs=[str(one) for one in StudyDesign],
        exports=EXPORTS,
        sorts=_SORTS,
        columns=chosen_columns(visit.request.cookies.get(COOKIE)),
        all_columns=COLUMNS,
        may=visit.visitor.role >= Role.REVIEWER,
        most=MOST_AT_ONCE,
        people=assignable(visit, work) if owner else [],
    )


async def export(visit: Visit) -> Response:
    """Return the records of the table as a file."""
    listing = parse_query(visit.request.query_params, visit.visitor.name)
    writer = writer_of(visit.query("format"))
    places = await visit.executor.act(lambda review: review.ranking.places())

    def write(review: Review, path: Path) -> None:
        review.table.export(listing.query, path, format=writer.name, places=places)

    return await downloaded(visit, f"records{writer.suffix}", write)


def writer_of(named: str) -> Writer:
    """Return the format of this name that a page offers."""
    writer = next((one for one in WRITERS if one.name == named and named in EXPORTS), None)
    if writer is None:
        raise InputError(f"Unknown format {named!r}", hint=f"one of: {', '.join(EXPORTS)}")
    return writer


async def downloaded(
    visit: Visit,
    name: str,
    write: Callable[[Review, Path], object],
    *,
    read: Callable[[Callable[[Review], object]], Awaitable[object]] | None = None,
) -> Response:
    """Return a file that is written for this request only; `read` is how the review is used."""
    folder = tempfile.TemporaryDirectory(prefix="autoscreen-")
    path = Path(folder.name) / name
    try:
        await (read or visit.executor.read)(lambda review: write(review, path))
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path,
        filename=f"{visit.executor.name}-{name}",
        media_type="application/octet-stream",
        background=BackgroundTask(folder.cleanup),
    )


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


async def columns(visit: Visit) -> Response:
    """Keep the chosen columns in this browser."""
    form = await visit.form()
    chosen = [name for name in COLUMNS if name in form.getlist("column")]
    table = parse_text(await visit.field("table", ""), visit.visitor.name)
    response = visit.redirect(table.address)
    response.set_cookie(
        COOKIE, ".".join(chosen), max_age=_YEAR, secure=visit.secure, samesite="lax"
    )
    return response


ROUTES = (
    Route(path=PATH, handler=page, role=Role.OBSERVER),
    Route(path=f"{PATH}/export", handler=export, role=Role.OBSERVER),
    Route(path=f"{PATH}/columns", handler=columns, role=Role.OBSERVER, method="POST"),
)
