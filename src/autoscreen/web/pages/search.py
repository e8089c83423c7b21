"""Search PubMed: the count and the interpretation first, then the import."""

from __future__ import annotations

import asyncio
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import Response

from autoscreen.errors import AutoscreenError, InputError
from autoscreen.presentation.query_check_wording import query_check_lines
from autoscreen.presentation.search_wording import methods_sentence
from autoscreen.protocol import query_fault
from autoscreen.pubmed import Eutils, Found, Settings, remember_email
from autoscreen.review import Review
from autoscreen.review.pubmed_search import MOST
from autoscreen.search_strategy.check import check_query
from autoscreen.search_strategy.from_concepts import pubmed_query
from autoscreen.store.search_log import PUBMED, SearchRun
from autoscreen.web.account_settings import ncbi_settings
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views
from autoscreen.web.pages.search_fields import LONGEST, TITLE, Asked, day_of, unfinished
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class _Searches:
    """The searches of the review, and the query of its protocol."""

    runs: Sequence[SearchRun]
    sentences: Sequence[str]
    query: str
    own: bool  # Whether the protocol has a query of its own
    records: int

    @property
    def unfinished(self) -> Sequence[SearchRun]:
        """The searches that can be continued."""
        return unfinished([one for one in self.runs if one.database == PUBMED])


async def page(visit: Visit) -> Response:
    """Show the form, with the query of the address or of the protocol."""
    query = visit.query("query")[:LONGEST]
    return await _page(visit, Asked(query=query) if query else None)


async def check(visit: Visit) -> Response:
    """Show what a query cannot find: terms of the protocol, and records included here."""
    query = visit.query("query")[:LONGEST].strip()
    if query and (fault := query_fault(query)):
        raise InputError(f"line {fault.line} of the query: {fault.message}", hint=fault.hint)
    protocol, known = await visit.executor.read(
        lambda review: (review.protocol, [one.record for one in review.records("include")])
    )
    asked = replace(protocol, pubmed=query or protocol.pubmed)
    findings = await asyncio.to_thread(lambda: check_query(asked, known))
    if findings is None:
        return await _page(visit, None, problem="There is no query to check: write or paste one.")
    lines = list(query_check_lines(findings))
    return await _page(visit, Asked(query=query) if query else None, checked=True, findings=lines)


async def count(visit: Visit) -> Response:
    """Ask PubMed how many records a query finds, and how PubMed interprets it."""
    asked = await _asked(visit)
    try:
        return await _page(
            visit, asked, found=await asyncio.to_thread(_count, asked, _settings(visit))
        )
    except AutoscreenError as problem:
        return await _page(visit, asked, problem=visit.message(problem))


async def run(visit: Visit) -> Response:
    """Start a search, or continue one."""
    asked = await _asked(visit)
    settings = _settings(visit)
    number = await visit.state.jobs.start(
        "search",
        f"PubMed search: {textwrap.shorten(asked.query, TITLE, placeholder=' …')}",
        {
            "query": asked.query,
            "since": asked.since,
            "until": asked.until,
            "email_": settings.email,
            "key_": settings.key,
        },
        reviewer=visit.visitor.name,
    )
    return visit.redirect(f"/jobs/{number}")


async def set_email(visit: Visit) -> Response:
    """Keep the e-mail address that NCBI asks for."""
    address = await visit.field("email")
    if visit.server:
        raise InputError("each person has an e-mail address here", hint="set it in Settings")
    await asyncio.to_thread(remember_email, address.strip())
    return visit.redirect("/search", Flash(text="The e-mail address was saved."))


async def _page(
    visit: Visit,
    asked: Asked | None,
    *,
    found: Found | None = None,
    problem: str = "",
    checked: bool = False,
    findings: Sequence[str] = (),
) -> Response:
    shown = await visit.executor.read(_searches)
    settings = await asyncio.to_thread(_settings, visit)
    owner = visit.visitor.role >= Role.OWNER
    return visit.render(
        "tools/search.html",
        shown=shown,
        asked=asked or Asked(query=shown.query),
        found=found,
        problem=problem,
        checked=checked,
        findings=findings,
        jobs=await job_views(visit, "search"),
        most=MOST,
        email=settings.email if owner or not settings.email else "the address set by the owner",
        address=settings.base,
        key=bool(settings.key),
        ncbi=settings.is_ncbi,
        owner=owner,
        may=visit.visitor.role >= Role.REVIEWER,
    )


async def _asked(visit: Visit) -> Asked:
    settings = await asyncio.to_thread(_settings, visit)
    if settings.is_ncbi and not settings.email:
        raise InputError(
            "NCBI asks for an e-mail address, and none is set",
            hint="an owner can set it on the page Search PubMed",
        )
    query = (await visit.field("query")).strip()
    if not query:
        raise InputError("there is no query", hint="write or paste one")
    if len(query) > LONGEST:
        raise HTTPException(413)
    if fault := query_fault(query):
        raise InputError(f"line {fault.line} of the query: {fault.message}", hint=fault.hint)
    since, until = day_of(await visit.field("since", "")), day_of(await visit.field("until", ""))
    if since and until and since > until:
        raise InputError("the first day is after the last day", hint="correct one of the two")
    return Asked(query=query, since=since, until=until)


def _settings(visit: Visit) -> Settings:
    return ncbi_settings(visit.state.access, visit.visitor.name)


def _count(asked: Asked, settings: Settings) -> Found:
    days = [date.fromisoformat(one) if one else None for one in (asked.since, asked.until)]
    return Eutils(settings).count(asked.query, since=days[0], until=days[1])


def _searches(review: Review) -> _Searches:
    runs = review.searches.all()[::-1]
    return _Searches(
        runs=runs,
        sentences=[methods_sentence(one) for one in runs],
        query=pubmed_query(review.protocol),
        own=bool(review.protocol.pubmed),
        records=review.progress().records,
    )


ROUTES = (
    Route(path="/search", handler=page, role=Role.OBSERVER),
    Route(path="/search/check", handler=check, role=Role.OBSERVER),
    Route(path="/search/count", handler=count, role=Role.REVIEWER, method="POST"),
    Route(path="/search/run", handler=run, role=Role.REVIEWER, method="POST"),
    Route(path="/search/email", handler=set_email, role=Role.OWNER, method="POST"),
)
