"""
The review file: records, merges, decisions and imports in one SQLite database.

What a report needs later is only ever added to; what was acknowledged survives a power cut. This
room knows nothing of rankers and of how records are read from files.
"""

from __future__ import annotations

from autoscreen.store.audits import AuditEnd, StoredAudit
from autoscreen.store.bulk_decisions import Bulk
from autoscreen.store.database import Clock, stamp, system_clock
from autoscreen.store.double_screening import Conflict, Workload
from autoscreen.store.effective_label import PendingState, Setting
from autoscreen.store.imports import ImportBuffer, digest
from autoscreen.store.record_filters import LABELS, ORDERS, Choices, Filters
from autoscreen.store.review_file import review_path
from autoscreen.store.search_log import NewSearch, SearchRun
from autoscreen.store.store import Store
from autoscreen.store.stored_values import (
    Decision,
    FirstReading,
    ImportRun,
    MergeEntry,
    ProtocolVersion,
    Ranking,
    RankPosition,
    ReviewState,
    SourceRow,
    StoredRecord,
    show_id,
)
from autoscreen.store.watch_log import Watches
from autoscreen.store.watch_values import Finding, WatchRun

__all__ = [
    "LABELS",
    "ORDERS",
    "AuditEnd",
    "Bulk",
    "Choices",
    "Clock",
    "Conflict",
    "Decision",
    "Filters",
    "Finding",
    "FirstReading",
    "ImportBuffer",
    "ImportRun",
    "MergeEntry",
    "NewSearch",
    "PendingState",
    "ProtocolVersion",
    "RankPosition",
    "Ranking",
    "ReviewState",
    "SearchRun",
    "Setting",
    "SourceRow",
    "Store",
    "StoredAudit",
    "StoredRecord",
    "WatchRun",
    "Watches",
    "Workload",
    "digest",
    "review_path",
    "show_id",
    "stamp",
    "system_clock",
]
