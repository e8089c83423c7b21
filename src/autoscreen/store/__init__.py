"""
The review file: records, merges, decisions and imports in one SQLite database.

What a report needs later is only ever added to; what was acknowledged survives a power cut. This
room knows nothing of rankers and of how records are read from files.
"""

from __future__ import annotations

from autoscreen.store.audits import AuditEnd, Audits, StoredAudit
from autoscreen.store.bulk_decisions import Bulk, Bulks
from autoscreen.store.database import Clock, stamp, system_clock
from autoscreen.store.decisions import Decisions
from autoscreen.store.double_screening import Conflict, Screening, Workload
from autoscreen.store.effective_label import PendingState, Setting
from autoscreen.store.imports import ImportBuffer, Imports, digest
from autoscreen.store.merges import Merges
from autoscreen.store.pool import Pool, PoolCounts
from autoscreen.store.rankings import Rankings
from autoscreen.store.record_filters import LABELS, ORDERS, Browse, Choices, Filters
from autoscreen.store.review_file import SUFFIX, review_path
from autoscreen.store.search_log import NewSearch, Searches, SearchRun
from autoscreen.store.store import WAIT, Store
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
from autoscreen.store.watch_values import Finding, Message, WatchRun

__all__ = [
    "LABELS",
    "ORDERS",
    "SUFFIX",
    "WAIT",
    "AuditEnd",
    "Audits",
    "Browse",
    "Bulk",
    "Bulks",
    "Choices",
    "Clock",
    "Conflict",
    "Decision",
    "Decisions",
    "Filters",
    "Finding",
    "FirstReading",
    "ImportBuffer",
    "ImportRun",
    "Imports",
    "MergeEntry",
    "Merges",
    "Message",
    "NewSearch",
    "PendingState",
    "Pool",
    "PoolCounts",
    "ProtocolVersion",
    "RankPosition",
    "Ranking",
    "Rankings",
    "ReviewState",
    "Screening",
    "SearchRun",
    "Searches",
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
