"""How well the ranking works: how early the relevant records came."""

from __future__ import annotations

from collections.abc import Iterable

from autoscreen.records import Label
from autoscreen.review.reports import RankingPerformance
from autoscreen.store.stored_values import FirstReading

_RECENT = 100


def ranking_performance(readings: Iterable[FirstReading], *, pool: int) -> RankingPerformance:
    """Count how early the relevant records were found."""
    relevant = [one.label is Label.INCLUDE for one in readings]
    found_at = tuple(number for number, good in enumerate(relevant, 1) if good)
    found = len(found_at)
    return RankingPerformance(
        read=len(relevant),
        found=found,
        recent=min(len(relevant), _RECENT),
        recent_found=sum(relevant[-_RECENT:]),
        found_at=found_at,
        random=found * (pool + 1) / (found + 1) if found else None,
    )
