"""A review from Python: import, label, rank, export. Everything else is behind it."""

from __future__ import annotations

from autoscreen.review.reports import ReviewRecord, Status
from autoscreen.review.review import Review
from autoscreen.review.screening_session import ScreeningSession

__all__ = [
    "Review",
    "ReviewRecord",
    "ScreeningSession",
    "Status",
]
