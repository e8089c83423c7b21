"""A search of PubMed whose records are imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from autoscreen.pubmed import Eutils, load_settings
from autoscreen.review import Review
from autoscreen.web.jobs.job_report import JobReport

_NAMED = 50


def run(review: str, options: Mapping[str, Any], report: JobReport) -> dict[str, Any]:
    """Search, or continue a search that was interrupted, and import what is found."""
    asked = replace(load_settings(), email=options["email_"], key=options["key_"])
    client = Eutils(asked, say=report.say)
    with Review.open(review) as opened:
        done = opened.searches.search(
            client,
            options["query"],
            since=_day(options["since"]),
            until=_day(options["until"]),
            progress=report.progress,
            expect=report.expect,
        )
    search = done.search
    return {
        "search": search.id,
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


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
