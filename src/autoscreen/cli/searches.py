"""``autoscreen searches``: the log of searches, as a report wants it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli._output import Column, counted, emit
from autoscreen.cli._verb import format_option, open_review, review_argument, verb

if TYPE_CHECKING:
    from autoscreen.review import SearchRun

__all__ = ["command", "days", "search_row", "sentence", "shown_date"]

COLUMNS = (
    Column("search", "search", right=True),
    Column("database", "database"),
    Column("started", "when (UTC)"),
    Column("query", "query", shrinks=True),
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
    """Show the searches of a review, as PRISMA-S wants them reported.

    For each: database and platform, date and time, exact query, how PubMed understood it, what it
    said about it, the days of entry, and the counts. JSON and CSV carry all of it.
    """
    with open_review(review) as opened:
        runs = opened.searches()
    if methods:
        for run in runs:
            click.echo(sentence(run))
            click.echo(f"  {run.query}")
        if not runs:
            click.echo(_none(review), err=True)
        return
    emit([search_row(run) for run in runs], COLUMNS, how, empty=_none(review))


def _none(review: str) -> str:
    return f"no searches yet; autoscreen search {review} makes one"


def search_row(run: SearchRun) -> dict[str, Any]:
    """Give the values of a search for a table, JSON and CSV."""
    return {
        "search": run.id,
        "kind": run.kind,
        "database": run.database,
        "platform": run.platform,
        "started": run.started,
        "finished": run.finished,
        "query": run.query,
        "translation": run.translation,
        "warnings": list(run.warnings),
        "date_type": run.date_type,
        "since": run.since,
        "until": run.until,
        "found": run.found,
        "slices": run.slices,
        "fetched": run.fetched,
        "missing": run.missing,
        "new": run.new,
        "merged": run.merged,
        "status": run.status,
    }


def sentence(run: SearchRun) -> str:
    """Say in one sentence what was searched, when and how, and what it found."""
    through = f"{run.database} was searched through the E-utilities of NCBI ({run.platform})"
    if run.kind == "pmids":
        through = f"{counted(run.found, 'record')} were fetched by their PMIDs from {run.database}"
        return f"{through} ({run.platform}) on {shown_date(run.started)}; {run.fetched} came."
    limits = "without limits of date or language"
    if span := days(run.since, run.until):
        limits = f"limited to records that entered it {span}"
    return (
        f"{through} on {shown_date(run.started)}, with the query given in full, {limits}; "
        f"it found {counted(run.found, 'record')}, of which {run.fetched} were retrieved."
    )


def days(since: str, until: str) -> str:
    """Write a span of days, also one with an open end; nothing if both are open."""
    ends = [f"from {since}"] * bool(since) + [f"to {until}"] * bool(until)
    return " ".join(ends)


def shown_date(moment: str) -> str:
    """Write a moment for people: ``25 November 2026 at 23:40 UTC``."""
    at = datetime.fromisoformat(moment)
    return f"{at.day} {at:%B %Y} at {at:%H:%M} UTC"
