"""Citations of the included studies, both ways, from OpenAlex: the count first, then the import."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.presentation.search_wording import methods_sentence
from autoscreen.records import Record
from autoscreen.review import Review
from autoscreen.review.citation_search import BOTH, DIRECTIONS, Direction
from autoscreen.sources.openalex_client import Citations, OpenAlex
from autoscreen.store.search_log import SearchRun
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Citations:
    """The included studies, and the earlier searches for their citations."""

    studies: Sequence[Record]  # Those with a PMID or DOI
    without: int  # Included studies with neither
    runs: Sequence[SearchRun]
    sentences: Sequence[str]


async def page(visit: Visit) -> Response:
    """Show how many studies are looked up, and the form."""
    return await _page(visit, BOTH)


async def count(visit: Visit) -> Response:
    """Ask OpenAlex how many works cite the included studies or are cited by them."""
    direction = await _direction(visit)
    studies = (await visit.executor.read(_citations)).studies
    if not studies:
        return await _page(visit, direction)
    try:
        found = await asyncio.to_thread(_count, studies, DIRECTIONS[direction])
    except AutoscreenError as problem:
        return await _page(visit, direction, problem=visit.message(problem))
    return await _page(visit, direction, found=found)


async def run(visit: Visit) -> Response:
    """Start the import, or continue one."""
    direction = await _direction(visit)
    number = await visit.state.jobs.start(
        "search",
        "Citations of the included studies in OpenAlex",
        {"direction": direction},
        reviewer=visit.visitor.name,
    )
    return visit.redirect(f"/jobs/{number}")


async def _page(
    visit: Visit, direction: str, *, found: Citations | None = None, problem: str = ""
) -> Response:
    return visit.render(
        "tools/citations.html",
        shown=await visit.executor.read(_citations),
        direction=direction,
        directions=DIRECTIONS,
        found=found,
        problem=problem,
        jobs=await job_views(visit, "search"),
        may=visit.visitor.role >= Role.REVIEWER,
    )


async def _direction(visit: Visit) -> str:
    direction = await visit.field("direction")
    if direction not in DIRECTIONS:
        raise InputError("the form is invalid", hint="reload the page")
    return direction


def _count(studies: Sequence[Record], direction: Direction) -> Citations:
    return OpenAlex().citations(studies, citing=direction.citing, cited=direction.cited)


def _citations(review: Review) -> _Citations:
    included = [one.record for one in review.records("include")]
    studies = [one for one in included if one.pmid or one.doi]
    runs = [one for one in review.searches.all()[::-1] if one.kind == "citations"]
    return _Citations(
        studies=studies,
        without=len(included) - len(studies),
        runs=runs,
        sentences=[methods_sentence(one) for one in runs],
    )


ROUTES = (
    Route(path="/search/citations", handler=page, role=Role.OBSERVER),
    Route(path="/search/citations/count", handler=count, role=Role.REVIEWER, method="POST"),
    Route(path="/search/citations/run", handler=run, role=Role.REVIEWER, method="POST"),
)
