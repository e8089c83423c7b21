"""A review from Python: import, label, rank, export. Everything else is behind it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from autoscreen.review.importing import Progress
from autoscreen.review.pubmed_search import SearchReport, logged_search
from autoscreen.review.records_table import MOST_AT_ONCE, SORTS, TablePage, TableQuery
from autoscreen.review.reports import (
    RankingPerformance,
    ReadingProgress,
    ReviewRecord,
    Status,
)
from autoscreen.review.review import Review
from autoscreen.review.screening_session import ScreeningSession
from autoscreen.review.word_evidence import WordEvidence
from autoscreen.store import (
    Bulk,
    Choices,
    Decision,
    Filters,
    ImportRun,
    MergeEntry,
    NewSearch,
    ProtocolVersion,
    SearchRun,
    Setting,
    SourceRow,
    Workload,
)
from autoscreen.text.highlights import Highlight

if TYPE_CHECKING:
    from autoscreen.active import AuditCost, StopDecision, StopState
    from autoscreen.ranking import Explanation
    from autoscreen.review.auditing import Audit
    from autoscreen.review.finished_review import (
        FinishedReview,
        SimulationPool,
        draw_start,
        pool_of,
        read_finished_review,
    )
    from autoscreen.review.learner import MODEL
    from autoscreen.review.priority_screening import PoolScores, RankedRecord, Suggestion
    from autoscreen.review.protocol_preview import ProtocolEffect
    from autoscreen.review.simulation import Simulation, simulate

__all__ = [
    "MODEL",
    "MOST_AT_ONCE",
    "SORTS",
    "Audit",
    "AuditCost",
    "Bulk",
    "Choices",
    "Decision",
    "Explanation",
    "Filters",
    "FinishedReview",
    "Highlight",
    "ImportRun",
    "MergeEntry",
    "NewSearch",
    "PoolScores",
    "Progress",
    "ProtocolEffect",
    "ProtocolVersion",
    "RankedRecord",
    "RankingPerformance",
    "ReadingProgress",
    "Review",
    "ReviewRecord",
    "ScreeningSession",
    "SearchReport",
    "SearchRun",
    "Setting",
    "Simulation",
    "SimulationPool",
    "SourceRow",
    "Status",
    "StopDecision",
    "StopState",
    "Suggestion",
    "TablePage",
    "TableQuery",
    "WordEvidence",
    "Workload",
    "draw_start",
    "logged_search",
    "pool_of",
    "read_finished_review",
    "simulate",
]

_LAZY = {
    "MODEL": "autoscreen.review.learner",
    "Audit": "autoscreen.review.auditing",
    "AuditCost": "autoscreen.active",
    "Explanation": "autoscreen.ranking",
    "ProtocolEffect": "autoscreen.review.protocol_preview",
    "FinishedReview": "autoscreen.review.finished_review",
    "SimulationPool": "autoscreen.review.finished_review",
    "PoolScores": "autoscreen.review.priority_screening",
    "RankedRecord": "autoscreen.review.priority_screening",
    "Simulation": "autoscreen.review.simulation",
    "StopDecision": "autoscreen.active",
    "StopState": "autoscreen.active",
    "Suggestion": "autoscreen.review.priority_screening",
    "draw_start": "autoscreen.review.finished_review",
    "pool_of": "autoscreen.review.finished_review",
    "read_finished_review": "autoscreen.review.finished_review",
    "simulate": "autoscreen.review.simulation",
}


def __getattr__(name: str) -> Any:
    """Load what needs numpy when it is first asked for (PEP 562)."""
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
