"""``autoscreen search``: records from PubMed and other databases into a review."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from autoscreen.cli.common.exit_codes import USER, say
from autoscreen.cli.common.output import emit_one
from autoscreen.cli.common.progress import note, progress
from autoscreen.cli.common.terminal import clip, terminal_width
from autoscreen.cli.common.verb import (
    format_option,
    open_review,
    review_argument,
    search_limits,
    verb,
)
from autoscreen.cli.search_preview import preview
from autoscreen.cli.search_sources import search_source
from autoscreen.cli.searches import search_row
from autoscreen.presentation.search_wording import days, shown_date
from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.pubmed import Eutils
    from autoscreen.review import Review
    from autoscreen.review.search_import import SearchReport

SHOWN = 20
"""PMIDs named in one line."""


def _day(ctx: click.Context, param: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


PUBMED = "pubmed"
SOURCES = (PUBMED, "europepmc", "clinicaltrials")
DAY = click.DateTime(["%Y-%m-%d", "%Y/%m/%d"])


@verb(
    "search",
    "autoscreen search rms --dry-run",
    "autoscreen search rms --email ann@example.org",
    "autoscreen search rms --since 2026-01-01",
    "autoscreen search rms --pmids known.txt",
    "autoscreen search rms --source europepmc",
    "autoscreen search rms --source clinicaltrials --dry-run",
)
@review_argument
@click.option(
    "--source",
    type=click.Choice(SOURCES),
    default=PUBMED,
    show_default=True,
    help="Which database to search.",
)
@click.option("--dry-run", is_flag=True, help="Show what would be found; nothing is stored.")
@click.option(
    "--query",
    default="",
    metavar="TEXT",
    help="Search for this instead of the query of the protocol, in the syntax of the database.",
)
@click.option(
    "--pmids",
    metavar="FILE",
    help="Fetch the records with the PMIDs of this file; '-' is standard input.",
)
@click.option(
    "--since",
    type=DAY,
    callback=_day,
    metavar="DATE",
    help="First entry date in the database, as 2026-01-31.",
)
@click.option(
    "--until", type=DAY, callback=_day, metavar="DATE", help="Last entry date in the database."
)
@search_limits
@click.option(
    "--email",
    metavar="ADDRESS",
    help="Your address, to which NCBI may write about your requests; remembered.",
)
@format_option
def command(
    review: str,
    *,
    source: str,
    dry_run: bool,
    pmids: str | None,
    email: str | None,
    how: str,
    **asked: Any,
) -> None:
    """Search PubMed, Europe PMC or ClinicalTrials.gov and import the records found.

    Runs the query of the review's protocol in PubMed through the E-utilities of NCBI, fetches every
    record found and imports them together. For the other databases the query is built from the
    protocol's concepts. After an interruption the same command resumes. The search is logged for
    your report; see autoscreen searches.

    Records that a database counts but does not deliver are reported, and the exit code is 1. The
    database receives the query and the dates; NCBI also the PMIDs and the e-mail address. Your
    decisions are not sent.
    """
    _check(source, pmids, email, dry_run=dry_run, **asked)
    with open_review(review) as opened:
        if source != PUBMED:
            report = search_source(opened, source, asked, dry_run=dry_run, how=how)
        else:
            report = _search_pubmed(opened, asked, pmids, email, dry_run=dry_run, how=how)
    if report is not None:
        show_report(report, review, how)


def _search_pubmed(
    opened: Review,
    asked: Mapping[str, Any],
    pmids: str | None,
    email: str | None,
    *,
    dry_run: bool,
    how: str,
) -> SearchReport | None:
    """Search PubMed; only count for a dry run, of which there is no report."""
    from autoscreen.search_strategy.from_concepts import pubmed_query

    client = _client(email)
    if dry_run:
        query = asked["query"] or pubmed_query(opened.protocol)
        preview(client, query, since=asked["since"], until=asked["until"], how=how)
        return None
    return _run(opened, client, pmids, asked)


def _run(
    opened: Review, client: Eutils, pmids: str | None, asked: Mapping[str, Any]
) -> SearchReport:
    with progress() as tick:
        if pmids is not None:
            return opened.searches.fetch(client, pmids, anew=asked["anew"], progress=tick)
        return opened.searches.search(client, **asked, progress=tick)


def _check(
    source: str,
    pmids: str | None,
    email: str | None,
    *,
    dry_run: bool,
    query: str,
    since: date | None,
    until: date | None,
    **_: Any,
) -> None:
    if source != PUBMED and (pmids is not None or email is not None):
        raise click.UsageError("--pmids and --email are for PubMed only")
    if pmids is not None and (query or since or until or dry_run):
        raise click.UsageError("--pmids cannot be combined with search options")
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is after --until {until}")


def _client(email: str | None) -> Eutils:
    from autoscreen.pubmed import Eutils, remember_email

    if email is not None:
        path = remember_email(email)
        note(f"the e-mail address is kept in {path}")
    return Eutils(say=note)


def show_report(report: SearchReport, review: str, how: str) -> None:
    """Show what came of a search; the exit code is 1 if records are missing."""
    run = report.search
    if report.resumed:
        note(
            f"resumed search {run.id} of {shown_date(run.started)}; "
            "search once more for newer records"
        )
    for warning in run.warnings:
        note(f"note: {warning}")
    row = {**search_row(run), "missing_pmids": list(report.missing)}
    lines = [
        f"search     {run.id}, {shown_date(run.started)}",
        clip(f"query      {run.query}", terminal_width()),
        *([f"entered    {span}"] if (span := days(run.since, run.until)) else []),
        f"found      {counted(run.found, 'record')}",
        f"fetched    {run.fetched}, {run.missing} missing",
        f"imported   {run.new} new, {run.merged} merged with others, {run.unchanged} unchanged",
    ]
    emit_one(row, lines, how)
    if report.imported is not None:
        for problem in report.imported.problems:
            click.echo(f"{'lost' if problem.lost else 'note'}: {problem}", err=True)
    if run.missing:
        say(_missing(report, review))
        raise click.exceptions.Exit(USER)
    if how == "table":
        click.echo(
            f"for your report: autoscreen searches {shlex.quote(review)} --methods", err=True
        )
        click.echo(f"next: autoscreen rank {shlex.quote(review)}", err=True)


def _missing(report: SearchReport, review: str) -> str:
    run = report.search
    parts = [f"{counted(run.missing, 'record')} of {run.found} did not come from {run.database}"]
    if report.missing:
        named = ", ".join(report.missing[:SHOWN])
        more = len(report.missing) - SHOWN
        name = "PMID " if run.database == "PubMed" else ""
        parts.append(f"{name}{named}" + (f" and {more} more" if more > 0 else ""))
    if unnamed := run.missing - len(report.missing):
        parts.append(
            f"{unnamed} that {run.database} counts but does not list; "
            "search in parts with --since/--until"
        )
    if run.status == "partial":
        parts.append("the others are imported; the same command requests them again")
    elif report.missing:
        parts.append(
            f"the others are imported; {run.database} may have withdrawn these, check its website"
        )
    return "; ".join(parts)
