"""A review from Python: import, label, rank, export. Everything else is behind it."""

from __future__ import annotations

from autoscreen.review._importing import Progress
from autoscreen.review._review import Review
from autoscreen.review._values import ImportReport, ReviewRecord, Status, Worth
from autoscreen.store import Decision, ImportRun, MergeEntry, SourceRow

__all__ = [
    "Decision",
    "ImportReport",
    "ImportRun",
    "MergeEntry",
    "Progress",
    "Review",
    "ReviewRecord",
    "SourceRow",
    "Status",
    "Worth",
]
