"""PubMed alerts: what is new since the last run, and the digests of earlier runs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from autoscreen.errors import InputError
from autoscreen.monitor.query_gaps import QueryGaps, gap_lines, query_gaps
from autoscreen.monitor.watch_run import digest_folder
from autoscreen.review import Review
from autoscreen.search_strategy.from_concepts import pubmed_query
from autoscreen.sources.apis import APIS
from autoscreen.store.watch_values import WatchRun
from autoscreen.web.account_settings import ncbi_settings, server_for_mail
from autoscreen.web.accounts.members import Role
from autoscreen.web.pages.jobs import job_views
from autoscreen.web.routes import Route
from autoscreen.web.visit import Flash, Visit
from autoscreen.web.watch_schedule import (
    EVERY,
    set_watch_schedule,
    start_watch,
    watch_schedule,
)

_RUNS = 20
_DIGEST = re.compile(r"digest-\d{4}-\d\d-\d\d(?:_\d+)?\.html")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""A digest is a page of its own, with its style in it and without any script."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    """The watch as the template shows it."""

    query: str
    runs: Sequence[WatchRun]
    earlier: int
    alerts: Mapping[int, int]
    new: int  # Records that it imported and nobody has decided about
    begun: bool  # Whether the first day to search is known
    gaps: QueryGaps | None  # What the query has missed in update files


async def page(visit: Visit) -> Response:
    """Show what is new, how to run it now, and the digests."""
    shown = await visit.executor.read(_watch)
    access = visit.state.access
    settings = await asyncio.to_thread(ncbi_settings, access, visit.visitor.name)
    jobs = await job_views(visit, "watch")
    owner = visit.visitor.role >= Role.OWNER
    return visit.render(
        "tools/watch.html",
        shown=shown,
        digests=await asyncio.to_thread(_digests, visit.executor.path),
        jobs=jobs,
        mail=next((one.job.options.get("mail", "") for one in jobs), ""),
        mails=server_for_mail(access) is not None,
        schedule=watch_schedule(access),
        every=EVERY,
        apis=APIS.values(),
        gap_lines=list(gap_lines(shown.gaps)) if shown.gaps else (),
        email=settings.email,
        ncbi=settings.is_ncbi,
        address=settings.base,
        owner=owner,
        may=visit.visitor.role >= Role.REVIEWER,
    )


async def run(visit: Visit) -> Response:
    """Start a run."""
    since = (await visit.field("since")).strip()
    mail = (await visit.field("mail", "")).strip()
    try:
        since = date.fromisoformat(since).isoformat() if since else ""
    except ValueError:
        raise InputError(f"{since[:20]!r} is not a day", hint="write it as 2026-01-31") from None
    if not await visit.executor.read(lambda review: pubmed_query(review.protocol)):
        raise InputError(
            "the protocol has no PubMed query", hint="add one on the page Protocol, then run again"
        )
    sources = await _sources(visit)
    by = visit.visitor.name
    number = await start_watch(visit.state, by=by, since=since, mail=mail, sources=sources)
    return visit.redirect(f"/jobs/{number}")


async def schedule(visit: Visit) -> Response:
    """Run the alerts by themselves from now on, or no longer."""
    days, mail = await visit.field("days"), (await visit.field("mail", "")).strip()
    if days not in ("0", *map(str, EVERY)):
        raise InputError("the form is invalid", hint="reload the page")
    if int(days) and not (await visit.executor.read(_watch)).begun:
        raise InputError("nothing was searched yet", hint="run the alerts once, then every day")
    by, sources = visit.visitor.name, await _sources(visit)
    made = set_watch_schedule(visit.state.access, int(days), by=by, mail=mail, sources=sources)
    if made is None:
        visit.note("turned off scheduled PubMed alerts")
        return visit.redirect("/watch", Flash("The alerts are no longer run automatically."))
    visit.note("turned on scheduled PubMed alerts", f"every {EVERY[made.days]}")
    return visit.redirect("/watch", Flash(f"The alerts are run every {EVERY[made.days]}."))


async def _sources(visit: Visit) -> list[str]:
    """Return the databases that are searched beside PubMed."""
    return [one for one in APIS if await visit.field(one, "")]


async def digest(visit: Visit) -> Response:
    """Show one digest."""
    name = visit.path("name")
    path = digest_folder(visit.executor.path) / name
    if not _DIGEST.fullmatch(name) or not path.exists():
        raise HTTPException(404)
    return FileResponse(path, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


def _watch(review: Review) -> _Watch:
    watches = review.watch
    runs = watches.runs()
    query = " ".join(pubmed_query(review.protocol).split())
    return _Watch(
        query=query,
        runs=runs[-_RUNS:],
        earlier=len(runs[:-_RUNS]),
        alerts=watches.announced_by_run(),
        new=len(watches.new_records()),
        begun=_begun(review, query),
        gaps=query_gaps(review),
    )


def _begun(review: Review, query: str) -> bool:
    return bool(review.watch.runs() or review.watch.last_search(query))


def _digests(review: Path) -> list[str]:
    """Return the file names of the digests, newest first."""
    folder = digest_folder(review)
    if not folder.is_dir():
        return []
    found = [one for one in folder.iterdir() if _DIGEST.fullmatch(one.name)]
    newest = sorted(found, key=lambda one: (one.name[:17], one.stat().st_mtime), reverse=True)
    return [one.name for one in newest]


ROUTES = (
    Route(path="/watch", handler=page, role=Role.OBSERVER),
    Route(path="/watch/run", handler=run, role=Role.REVIEWER, method="POST"),
    Route(path="/watch/schedule", handler=schedule, role=Role.REVIEWER, method="POST"),
    Route(path="/watch/digests/{name}", handler=digest, role=Role.OBSERVER),
)
