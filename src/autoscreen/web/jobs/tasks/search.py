"""A search of a database whose records are imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from autoscreen.pubmed import Eutils, load_settings
from autoscreen.review import Review
from autoscreen.review.citation_search import DIRECTIONS, Direction
from autoscreen.review.search_import import SearchReport
from autoscreen.sources.apis import api_named
from autoscreen.sources.openalex_client import OpenAlex
from autoscreen.sources.search_client import SearchClient
from autoscreen.web.jobs.job_report import JobReport

_NAMED = 50


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Search, or continue a search that was interrupted, and import what is found."""
    with Review.open(review) as opened:
        done = _searched(opened, options, report)
    search = done.search
    return {
        "search": search.id,
        "database": search.database,
        "resumed": done.resumed,
        "found": search.found,
        "fetched": search.fetched,
        "new": search.new,
        "merged": search.merged,
        "unchanged": search.unchanged,
        "missing": search.missing,
        "missing_pmids": list(done.missing[:_NAMED]),
        "warnings": list(search.warnings),
        "import": done.imported.id if done.imported else None,
    }


def _searched(opened: Review, options: Mapping[str, Any], report: JobReport) -> SearchReport:
    """Search PubMed, or the database that is named."""
    if direction := options.get("direction"):
        return _citations(opened, DIRECTIONS[direction], report)
    searches = opened.searches
    how: dict[str, Any] = {
        "since": _day(options["since"]),
        "until": _day(options["until"]),
        "progress": report,
    }
    if source := options.get("source"):
        client = SearchClient(api_named(source), say=report.say)
        return searches.search_source(client, options["query"], **how)
    asked = replace(load_settings(), email=options["email_"], key=options["key_"])
    return searches.search(Eutils(asked, say=report.say), options["query"], **how)


def _citations(opened: Review, direction: Direction, report: JobReport) -> SearchReport:
    return opened.searches.citations(
        OpenAlex(say=report.say),
        [one.record for one in opened.records("include")],
        citing=direction.citing,
        cited=direction.cited,
        progress=report,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
