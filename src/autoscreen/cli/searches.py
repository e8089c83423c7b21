"""``autoscreen searches``: the log of searches, as a report wants it."""

from __future__ import annotations

import shlex
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import format_option, open_review, review_argument, verb
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.store.search_log import NewSearch, SearchRun

COLUMNS = (
    Column("search", "search"),
    Column("database", "database"),
    Column("started", "when (UTC)"),
    Column("query", "query", shrinks=True),
    Column("date_type", "dates"),
    Column("since", "since"),
    Column("until", "until"),
    Column("found", "found", right=True),
    Column("fetched", "fetched", right=True),
    Column("new", "new", right=True),
    Column("status", "status"),
)


@verb(
    "searches",
    "autoscreen searches rms",
    "autoscreen searches rms --methods",
    "autoscreen searches rms --format csv > searches.csv",
)
@review_argument
@click.option(
    "--methods", is_flag=True, help="Write a sentence on each search for the methods of a report."
)
@format_option
def command(review: str, *, methods: bool, how: str) -> None:
    """Show the searches of a review, as PRISMA-S asks for them.

    For each: database and platform, date and time, exact query, how PubMed understood it, what it
    said about it, the days of entry, and the counts. JSON and CSV carry all of it. What the watch
    asked is among them.
    """
    with open_review(review) as opened:
        told = [(search_row(run), sentence(run)) for run in opened.searches.all()]
        told += [(_watch_row(run, one), sentence(one)) for run, one in opened.searches.of_watch()]
    told.sort(key=lambda one: str(one[0]["started"]))
    if methods and told:
        for query, those in groupby(told, key=lambda one: str(one[0]["query"])):
            click.echo("\n".join(said for _, said in those))
            click.echo(f"  {query}")
        return
    emit([row for row, _ in told], COLUMNS, "table" if methods else how, empty=_none(review))


def _none(review: str) -> str:
    return f"no searches yet; autoscreen search {shlex.quote(review)} makes one"


def search_row(run: SearchRun) -> dict[str, Any]:
    """Return the values of a search for a table, JSON and CSV."""
    return {
        "search": str(run.id),
        **_asked(run),
        "finished": run.finished,
        "fetched": run.fetched,
        "missing": run.missing,
        "new": run.new,
        "merged": run.merged,
        "unchanged": run.unchanged,
        "status": run.status,
    }


def _watch_row(run: int, search: NewSearch) -> dict[str, Any]:
    """Return the same of what the watch asked; its digests tell what came of it."""
    nothing = dict.fromkeys(("finished", "fetched", "missing", "new", "merged", "unchanged"))
    return {"search": f"watch {run}", **_asked(search), **nothing, "status": ""}


def _asked(search: NewSearch) -> dict[str, Any]:
    return {
        "kind": search.kind,
        "database": search.database,
        "platform": search.platform,
        "started": search.started,
        "query": search.query,
        "translation": search.translation,
        "warnings": list(search.warnings),
        "date_type": search.date_type,
        "since": search.since,
        "until": search.until,
        "slices": search.slices,
        "found": search.found,
    }


def sentence(run: NewSearch) -> str:
    """Return a sentence on what was searched, when and how, and what it found."""
    through = f"{run.database} was searched through the E-utilities of NCBI ({run.platform})"
    if run.kind == "pmids":
        through = f"{counted(run.found, 'record')} were fetched by their PMIDs from {run.database}"
        return f"{through} ({run.platform}) on {shown_date(run.started)}{_retrieved(run)}."
    limits = "without limits of date or language"
    if span := days(run.since, run.until):
        happened = "were changed in it" if run.date_type == "mdat" else "entered it"
        limits = f"limited to records that {happened} {span}"
    return (
        f"{through} on {shown_date(run.started)}, with the query given in full, {limits}; "
        f"it found {counted(run.found, 'record')}{_retrieved(run)}."
    )


def _retrieved(run: NewSearch) -> str:
    fetched = getattr(run, "fetched", None)
    return "" if fetched is None else f", of which {fetched} were retrieved"


def days(since: str, until: str) -> str:
    """Write a span of days, also one with an open end; nothing if both are open."""
    ends = [f"from {since}"] * bool(since) + [f"to {until}"] * bool(until)
    return " ".join(ends)


def shown_date(moment: str) -> str:
    """Write a moment for people: ``25 November 2026 at 23:40 UTC``."""
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%B %Y} at {at:%H:%M} UTC"
