"""Which entry dates a run has to search, so that no day is ever left out; pure dates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

OVERLAP = timedelta(days=30)
"""How far a run looks back behind what was covered: PubMed enters some records late, and under an
earlier date."""


@dataclass(frozen=True, slots=True)
class LookupWindow:
    """Entry dates, both included."""

    since: date
    until: date
    gap: bool = False


def covered_until(done: Iterable[LookupWindow]) -> date | None:
    """Return the last day up to which all days are covered; None before the first run."""
    covered: date | None = None
    for one in done:
        if covered is None or one.since <= covered + timedelta(days=1):
            covered = max(covered or one.until, one.until)
    return covered


def window(
    covered: date | None,
    *,
    start: date,
    today: date,
    since: date | None = None,
    begun: date | None = None,
) -> LookupWindow:
    """Choose the entry dates to search."""
    reached = min(covered or start, today)
    if since is None:
        return LookupWindow(max(reached - OVERLAP, begun or date.min), today)
    gap = covered is not None and since > reached + timedelta(days=1)
    return LookupWindow(min(since, today), today, gap)
