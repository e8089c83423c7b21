"""Calls ESearch until the PMIDs of all records that a query finds are known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from autoscreen.http_client.http_client import Say
from autoscreen.pubmed._answers import Found, found_in
from autoscreen.pubmed._date_span import FIRST, LAST, DateSpan
from autoscreen.pubmed._search_results import Slice, YearCount
from autoscreen.pubmed._transport import Transport

LIMIT = 9_999
"""PubMed lists at most this many records of one search, whatever the count."""
_ATTEMPTS = 3


class Finder:
    """Finds records by queries."""

    def __init__(self, transport: Transport, *, say: Say) -> None:
        self._transport = transport
        self._say = say

    def found(self, window: DateSpan, *, start: int = 0, most: int = LIMIT) -> Found:
        """Request the count of a search and some of its PMIDs."""
        history = {"usehistory": "y"} if most and not start else {}
        asked = {"db": "pubmed", "term": window.term, "retmode": "xml"}
        span = {"retstart": start, "retmax": most}
        return self._transport.ask("esearch", found_in, {**asked, **span, **history, **window.days})

    def slices(self, window: DateSpan, found: Found, today: date) -> Iterator[Slice]:
        """Split a search until each part is small enough, or cannot be split any further."""
        if found.count <= LIMIT:
            yield self._slice(window, found)
            return
        halves = [(half, self.found(half)) for half in window.halves(today)]
        # For a server that ignores the dates, the splitting would never end.
        if not halves or all(part.count >= found.count for _, part in halves):
            self._say(f"{window.label}: {found.count} records cannot be parted any further")
            yield self._slice(window, found)
            return
        for half, part in halves:
            if part.count:
                yield from self.slices(half, part, today)

    def published(self, query: str, first: int | None, last: int | None) -> YearCount:
        """Count the records that were published in some years."""
        years = {
            "mindate": f"{first or FIRST.year}/01/01",
            "maxdate": f"{last or LAST.year}/12/31",
        }
        asked: dict[str, str | int] = {"db": "pubmed", "term": query, "retmode": "xml"}
        found = self._transport.ask(
            "esearch", found_in, {**asked, "retmax": 0, "datetype": "pdat", **years}
        )
        return YearCount(first, last, found.count)

    def _slice(self, window: DateSpan, found: Found) -> Slice:
        """Return all PMIDs of a search that PubMed lists."""
        ids = list(dict.fromkeys(found.ids))
        for _ in range(_ATTEMPTS):
            while len(ids) < min(found.count, LIMIT):
                more = self.found(window, start=len(ids), most=LIMIT - len(ids)).ids
                had = set(ids)
                fresh = [pmid for pmid in dict.fromkeys(more) if pmid not in had]
                if not fresh:
                    break
                ids += fresh
        return Slice(
            label=window.label,
            count=found.count,
            ids=tuple(ids),
            web_env=found.web_env,
            query_key=found.query_key,
        )
