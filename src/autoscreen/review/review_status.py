"""How far a review has come, and how early its ranking brought the relevant records."""

from __future__ import annotations

from collections.abc import Iterable

from autoscreen.records import Label
from autoscreen.review.open_review import OpenReview
from autoscreen.review.reports import RankingPerformance, ReadingProgress, Status
from autoscreen.store import Store
from autoscreen.store.effective_label import PendingState
from autoscreen.store.stored_values import FirstReading

_RECENT = 100


def reading_progress(store: Store) -> ReadingProgress:
    """Return how many records were read and found."""
    counts = store.progress()
    return ReadingProgress(
        records=counts.records,
        include=counts.labels[Label.INCLUDE],
        exclude=counts.labels[Label.EXCLUDE],
        unsure=counts.labels[Label.UNSURE],
        pending=counts.still_open[PendingState.PENDING],
        conflicts=counts.still_open[PendingState.CONFLICT],
        double=counts.double,
    )


def review_status(opened: OpenReview) -> Status:
    """Return counts, progress, imports and advice on stopping."""
    store = opened.store
    counts = store.progress()
    return Status(
        name=store.name,
        path=str(store.path),
        protocol=opened.protocol.title,
        records=counts.records,
        with_abstract=counts.with_abstract,
        include=counts.labels[Label.INCLUDE],
        exclude=counts.labels[Label.EXCLUDE],
        unsure=counts.labels[Label.UNSURE],
        pending=counts.still_open[PendingState.PENDING],
        conflicts=counts.still_open[PendingState.CONFLICT],
        imports=tuple(store.imports.all()),
        merges=store.merges.in_force(),
        reviewers=tuple(store.decisions.reviewers()),
        behind=(opened.opened_ranker or store.rankings).behind(),
        performance=ranking_performance(_ranked_readings(opened), pool=counts.records),
    )


def _ranked_readings(opened: OpenReview) -> list[FirstReading]:
    """Return what was read in the order of the ranking, without the draws of audits."""
    readings = opened.store.decisions.reading_order()
    if not opened.store.audits.all():
        return list(readings)
    drawn = opened.auditing.drawn_records()
    return [one for one in readings if one.record not in drawn]


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
