"""``autoscreen searches``: the log of searches, as a report wants it."""

from __future__ import annotations

import shlex
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.output import Column, emit
from autoscreen.cli.common.verb import format_option, open_review, review_argument, verb
from autoscreen.presentation.search_wording import methods_sentence

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

    For each: database and platform, date and time, exact query, PubMed's translation and messages,
    date range, and counts. JSON and CSV contain all of it. Searches by the watch are included.
    """
    with open_review(review) as opened:
        runs = [(search_row(run), methods_sentence(run)) for run in opened.searches.all()]
        runs += [
            (_watch_row(run, one), methods_sentence(one)) for run, one in opened.searches.of_watch()
        ]
    runs.sort(key=lambda one: str(one[0]["started"]))
    if methods and runs:
        for query, those in groupby(runs, key=lambda one: str(one[0]["query"])):
            click.echo("\n".join(said for _, said in those))
            click.echo(f"  {query}")
        return
    emit([row for row, _ in runs], COLUMNS, "table" if methods else how, empty=_none(review))


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
    """Return the same for the searches of the watch; its digests have the results."""
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
