"""A review from Python: import, label, rank, export. Everything else is behind it."""

from __future__ import annotations

from autoscreen.review.records_table import TablePage, TableQuery
from autoscreen.review.reports import RankingPerformance, ReadingProgress, ReviewRecord, Status
from autoscreen.review.review import Review
from autoscreen.review.screening_session import ScreeningSession

__all__ = [
    "RankingPerformance",
    "ReadingProgress",
    "Review",
    "ReviewRecord",
    "ScreeningSession",
    "Status",
    "TablePage",
    "TableQuery",
]
