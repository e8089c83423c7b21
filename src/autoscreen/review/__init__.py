"""A review from Python: import, label, rank, export. Everything else is behind it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autoscreen.review._evidence import Evidence
from autoscreen.review._importing import Progress, import_source
from autoscreen.review._review import Review
from autoscreen.review._searching import MOST, SearchReport
from autoscreen.review._table import MOST_AT_ONCE, SORTS, TablePage, TableQuery, TableRow
from autoscreen.review._values import (
    ImportReport,
    ReadingProgress,
    ReviewRecord,
    Status,
    Worth,
)
from autoscreen.store import (
    AuditEnd,
    Bulk,
    Choices,
    Conflict,
    Decision,
    Filters,
    ImportRun,
    MergeEntry,
    NewSearch,
    Open,
    ProtocolVersion,
    SearchRun,
    Setting,
    SourceRow,
    Work,
)
from autoscreen.text.highlights import Highlight

if TYPE_CHECKING:
    from autoscreen.active import Cost, StopDecision
    from autoscreen.ranking import Explanation, Part
    from autoscreen.review._auditing import Audit
    from autoscreen.review._effect import Moved, ProtocolEffect
    from autoscreen.review._learning import MODEL
    from autoscreen.review._past import (
        PastReview,
        Pool,
        draw_start,
        pool_of,
        read_past_review,
    )
    from autoscreen.review._reading import PoolScores, RankedRecord, Suggestion
    from autoscreen.review._simulation import Simulation, simulate

__all__ = [
    "MODEL",
    "MOST",
    "MOST_AT_ONCE",
    "SORTS",
    "Audit",
    "AuditEnd",
    "Bulk",
    "Choices",
    "Conflict",
    "Cost",
    "Decision",
    "Evidence",
    "Explanation",
    "Filters",
    "Highlight",
    "ImportReport",
    "ImportRun",
    "MergeEntry",
    "Moved",
    "NewSearch",
    "Open",
    "Part",
    "PastReview",
    "Pool",
    "PoolScores",
    "Progress",
    "ProtocolEffect",
    "ProtocolVersion",
    "RankedRecord",
    "ReadingProgress",
    "Review",
    "ReviewRecord",
    "SearchReport",
    "SearchRun",
    "Setting",
    "Simulation",
    "SourceRow",
    "Status",
    "StopDecision",
    "Suggestion",
    "TablePage",
    "TableQuery",
    "TableRow",
    "Work",
    "Worth",
    "draw_start",
    "import_source",
    "pool_of",
    "read_past_review",
    "simulate",
]

_LAZY = {
    "MODEL": "autoscreen.review._learning",
    "Audit": "autoscreen.review._auditing",
    "Cost": "autoscreen.active",
    "Explanation": "autoscreen.ranking",
    "Moved": "autoscreen.review._effect",
    "ProtocolEffect": "autoscreen.review._effect",
    "Part": "autoscreen.ranking",
    "PastReview": "autoscreen.review._past",
    "Pool": "autoscreen.review._past",
    "PoolScores": "autoscreen.review._reading",
    "RankedRecord": "autoscreen.review._reading",
    "Simulation": "autoscreen.review._simulation",
    "StopDecision": "autoscreen.active",
    "Suggestion": "autoscreen.review._reading",
    "draw_start": "autoscreen.review._past",
    "pool_of": "autoscreen.review._past",
    "read_past_review": "autoscreen.review._past",
    "simulate": "autoscreen.review._simulation",
}


def __getattr__(name: str) -> Any:
    """Load what needs numpy when it is first asked for (PEP 562)."""
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
