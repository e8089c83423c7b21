"""
The review file: records, merges, decisions and imports in one SQLite database.

What a report needs later is only ever added to; what was acknowledged survives a power cut. This
room knows nothing of rankers and of how records are read from files.
"""

from __future__ import annotations

from autoscreen.store._audits import AuditEnd, Audits, StoredAudit
from autoscreen.store._browse import LABELS, ORDERS, Browse, Choices, Filters
from autoscreen.store._bulks import Bulk, Bulks
from autoscreen.store._database import Clock, stamp, system_clock
from autoscreen.store._decisions import Decisions
from autoscreen.store._file import SUFFIX, review_path
from autoscreen.store._imports import Arrival, Imports, Incoming, digest
from autoscreen.store._merges import Merges
from autoscreen.store._pool import Pool, PoolCounts
from autoscreen.store._rankings import Rankings
from autoscreen.store._screening import Conflict, Screening, Work
from autoscreen.store._searches import NewSearch, Searches, SearchRun
from autoscreen.store._standing import Open, Setting
from autoscreen.store._store import WAIT, Store
from autoscreen.store._values import (
    Decision,
    FirstReading,
    ImportRun,
    MergeEntry,
    Place,
    ProtocolVersion,
    Ranking,
    SourceRow,
    StoredRecord,
    show_id,
)
from autoscreen.store._watch_values import Finding, Message, WatchRun, WatchSearch
from autoscreen.store._watches import Watches

__all__ = [
    "LABELS",
    "ORDERS",
    "SUFFIX",
    "WAIT",
    "Arrival",
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
    "ImportRun",
    "Imports",
    "Incoming",
    "MergeEntry",
    "Merges",
    "Message",
    "NewSearch",
    "Open",
    "Place",
    "Pool",
    "PoolCounts",
    "ProtocolVersion",
    "Ranking",
    "Rankings",
    "Screening",
    "SearchRun",
    "Searches",
    "Setting",
    "SourceRow",
    "Store",
    "StoredAudit",
    "StoredRecord",
    "WatchRun",
    "WatchSearch",
    "Watches",
    "Work",
    "digest",
    "review_path",
    "show_id",
    "stamp",
    "system_clock",
]
