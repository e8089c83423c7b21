"""A review from Python: import, label, rank, export. Everything else is behind it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autoscreen.review._importing import Progress
from autoscreen.review._review import Review
from autoscreen.review._values import ImportReport, ReviewRecord, Status, Worth
from autoscreen.store import Decision, ImportRun, MergeEntry, SourceRow
from autoscreen.text.highlights import Highlight

if TYPE_CHECKING:
    from autoscreen.ranking import Explanation, Part
    from autoscreen.review._reading import RankedRecord, Suggestion

__all__ = [
    "Decision",
    "Explanation",
    "Highlight",
    "ImportReport",
    "ImportRun",
    "MergeEntry",
    "Part",
    "Progress",
    "RankedRecord",
    "Review",
    "ReviewRecord",
    "SourceRow",
    "Status",
    "Suggestion",
    "Worth",
]

_LAZY = {
    "Explanation": "autoscreen.ranking",
    "Part": "autoscreen.ranking",
    "RankedRecord": "autoscreen.review._reading",
    "Suggestion": "autoscreen.review._reading",
}


def __getattr__(name: str) -> Any:
    """Load what needs numpy when it is first asked for (PEP 562)."""
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
