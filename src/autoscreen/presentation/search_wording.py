"""Searches in words, the same on the pages and in the terminal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from autoscreen.presentation.wording import counted

if TYPE_CHECKING:
    from autoscreen.store.search_log import NewSearch

_INTERFACES = {
    "PubMed": "the E-utilities of NCBI",
    "Europe PMC": "its REST API",
    "ClinicalTrials.gov": "version 2 of its API",
}


def methods_sentence(run: NewSearch) -> str:
    """Return a sentence on what was searched, when and how, and what it found."""
    if run.kind == "pmids":
        through = f"{counted(run.found, 'record')} were fetched by their PMIDs from {run.database}"
        return f"{through} ({run.platform}) on {shown_date(run.started)}{_retrieved(run)}."
    if run.kind == "citations":
        return (
            f"{run.database} ({run.platform}) was searched on {shown_date(run.started)} for the "
            f"{run.query.partition(':')[0]} the studies given in full; it listed "
            f"{counted(run.found, 'record')}{_retrieved(run)}."
        )
    through = f"{run.database} was searched through {_INTERFACES[run.database]} ({run.platform})"
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
