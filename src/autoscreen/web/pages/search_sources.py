"""Search Europe PMC or ClinicalTrials.gov: the count first, then the import."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import AutoscreenError, ConfigError, InputError
from autoscreen.presentation.search_wording import methods_sentence
from autoscreen.review import Review
from autoscreen.review.pubmed_search import MOST
from autoscreen.sources.apis import APIS, api_named
from autoscreen.sources.result_page import Api, Question
from autoscreen.sources.search_client import SearchClient
from autoscreen.store.search_log import SearchRun
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views
from autoscreen.web.pages.search_fields import LONGEST, TITLE, Asked, day_of, unfinished
from autoscreen.web.routes import Route
from autoscreen.web.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Searches:
    """The searches of one database, and the query built for it."""

    runs: Sequence[SearchRun]
    sentences: Sequence[str]
    query: str
    notes: Sequence[str]

    @property
    def unfinished(self) -> Sequence[SearchRun]:
        """The searches that can be continued."""
        return unfinished(self.runs)


async def page(visit: Visit) -> Response:
    """Show the form for one database, with the query built from the concepts."""
    api = _api(visit.query("source", next(iter(APIS))))
    query = visit.query("query")[:LONGEST]
    return await _page(visit, api, Asked(query=query) if query else None)


async def count(visit: Visit) -> Response:
    """Ask the database how many records a query finds."""
    api = _api(await visit.field("source"))
    asked = await _asked(visit)
    try:
        found = await asyncio.to_thread(_count, api, asked)
    except AutoscreenError as problem:
        return await _page(visit, api, asked, problem=visit.message(problem))
    return await _page(visit, api, asked, found=found)


async def run(visit: Visit) -> Response:
    """Start a search, or continue one."""
    api = _api(await visit.field("source"))
    asked = await _asked(visit)
    number = await visit.state.jobs.start(
        "search",
        f"{api.name} search: {textwrap.shorten(asked.query, TITLE, placeholder=' …')}",
        {
            "source": api.key,
            "query": asked.query,
            "since": asked.since,
            "until": asked.until,
        },
        reviewer=visit.visitor.name,
    )
    return visit.redirect(f"/jobs/{number}")


async def _page(
    visit: Visit, api: Api, asked: Asked | None, *, found: int | None = None, problem: str = ""
) -> Response:
    shown = await visit.executor.read(lambda review: _searches(review, api))
    return visit.render(
        "tools/search_sources.html",
        api=api,
        apis=APIS.values(),
        shown=shown,
        asked=asked or Asked(query=shown.query),
        found=found,
        problem=problem,
        jobs=await job_views(visit, "search"),
        most=MOST,
        may=visit.visitor.role >= Role.REVIEWER,
    )


def _api(key: str) -> Api:
    try:
        return api_named(key)
    except ConfigError:
        raise HTTPException(404) from None


async def _asked(visit: Visit) -> Asked:
    query = (await visit.field("query")).strip()
    if not query:
        raise InputError("there is no query", hint="write or paste one")
    if len(query) > LONGEST:
        raise HTTPException(413)
    since, until = day_of(await visit.field("since", "")), day_of(await visit.field("until", ""))
    if since and until and since > until:
        raise InputError("the first day is after the last day", hint="correct one of the two")
    return Asked(query=query, since=since, until=until)


def _count(api: Api, asked: Asked) -> int:
    days = [date.fromisoformat(one) if one else None for one in (asked.since, asked.until)]
    question = Question(query=" ".join(asked.query.split()), since=days[0], until=days[1])
    return SearchClient(api).count(question)


def _searches(review: Review, api: Api) -> _Searches:
    runs = [one for one in review.searches.all()[::-1] if one.database == api.name]
    query, notes = _built(review, api)
    return _Searches(
        runs=runs,
        sentences=[methods_sentence(one) for one in runs],
        query=query,
        notes=notes,
    )


def _built(review: Review, api: Api) -> tuple[str, Sequence[str]]:
    """Return the query built from the concepts; empty without any."""
    try:
        return review.searches.built_query(api)
    except ConfigError:
        return "", ()


ROUTES = (
    Route(path="/search/other", handler=page, role=Role.OBSERVER),
    Route(path="/search/other/count", handler=count, role=Role.REVIEWER, method="POST"),
    Route(path="/search/other/run", handler=run, role=Role.REVIEWER, method="POST"),
)
