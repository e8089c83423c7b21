"""Looks for what is new in databases beside PubMed: Europe PMC, ClinicalTrials.gov."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from autoscreen.errors import AutoscreenError
from autoscreen.monitor.lookup import LookupTally
from autoscreen.monitor.lookup_window import OVERLAP, LookupWindow
from autoscreen.progress_callback import ProgressTracker
from autoscreen.review import Review

if TYPE_CHECKING:
    from autoscreen.sources.search_client import SearchClient


def look_in_source(
    review: Review,
    client: SearchClient,
    days: LookupWindow,
    seen: LookupTally,
    *,
    progress: ProgressTracker,
) -> None:
    """
    Import what entered a database in these days, and since it was last searched, and note it.

    A database that does not answer does not stop the run: the next one searches the same days.
    """
    name = client.api.name
    try:
        since = _since(review, name, days)
        report = review.searches.watch_source(
            client, since=since, until=days.until, progress=progress
        )
    except AutoscreenError as error:
        seen.whole = False
        seen.notes.append(f"{name} was not searched: {error}. The next run searches these days.")
        return
    run = report.search
    seen.records += run.found
    seen.known += run.imported - run.new
    seen.notes += [f"{one}." for one in run.warnings]
    if run.missing:
        seen.whole = False
        seen.notes.append(f"{name} counts {run.found} records and sent {run.fetched}.")
    review.watch.note_imported()


def _since(review: Review, database: str, days: LookupWindow) -> date:
    """Return the first day to search: that of the run, or an earlier one if the last search was."""
    done = [
        date.fromisoformat(one.until)
        for one in review.searches.all()
        if one.database == database and one.kind == "watch" and one.status == "done"
    ]
    return min(days.since, max(done) - OVERLAP) if done else days.since
